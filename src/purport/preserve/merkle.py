"""Merkle trees as in RFC 6962, section 2.1: one hash over many leaves, and short proofs that a leaf is among them."""

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeAlias

Step: TypeAlias = tuple[str, bytes]  # left | right: on which side the other half's hash goes
RootOf: TypeAlias = Callable[[int, int], bytes]  # the root over the leaves from one place up to another, half-open

EMPTY = hashlib.sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over hashes of leaves, in order; memory holds one hash for each doubling of their number."""
    done: list[tuple[int, bytes]] = []  # full trees, the largest first, with how many leaves each has
    for hashed in leaves:
        size = 1
        while done and done[-1][0] == size:
            hashed = node(done.pop()[1], hashed)
            size *= 2
        done.append((size, hashed))
    if not done:
        return EMPTY
    _, top = done.pop()
    while done:
        top = node(done.pop()[1], top)
    return top


def path(place: int, size: int, root_of: RootOf) -> tuple[Step, ...]:
    """What proves that the leaf at a place, from 0, is among `size` leaves: the hashes beside its way up."""
    first, last, steps = 0, size, list[Step]()
    while last - first > 1:
        middle = first + (1 << (last - first - 1).bit_length() - 1)  # the largest power of two below their number
        if place < middle:
            steps.append(("right", root_of(middle, last)))
            last = middle
        else:
            steps.append(("left", root_of(first, middle)))
            first = middle
    return tuple(reversed(steps))


def climb(hashed: bytes, steps: Iterable[Step]) -> bytes:
    """The root that a leaf's hash and its path lead to."""
    for side, other in steps:
        hashed = node(other, hashed) if side == "left" else node(hashed, other)
    return hashed
