"""The library's prints as one index: which marks and which whole pictures are like these?

Made from the prints whenever it is opened, in the order of the releases' ids: nothing of it can be lost or half
written. Marks are found by an inverted file over binary codes (faiss); its lists are led by marks of the library itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from purport.footage.prints import Bytes, Floats, Ints, Prints

NEAREST = 24  # marks looked at for each mark asked about
NEAR = 52  # of 256 bits: beyond that two marks are not alike
NEAR_HASH = 10  # of 64 bits: beyond that two pictures are not alike
LISTS = 1024  # of the inverted file, and how many are looked through
PROBES = 3
SMALL = 40_000  # marks up to which all are looked at


@dataclass(frozen=True, slots=True)
class Hits:
    """Marks of one release that are like marks of the query, aligned arrays [n]."""

    query: Ints  # the query's marks
    reference: Ints  # the release's marks
    closeness: Floats  # 1 for a mark that is the same, less the more it differs
    rarity: Floats  # 1 for a mark in no other release, less the more have it
    shared: Ints  # how many releases have it

    @property
    def weights(self) -> Floats:
        return self.closeness * self.rarity


class Index:
    """All releases' prints, ready to be asked."""

    def __init__(self, library: Iterable[tuple[str, Prints]]) -> None:
        held = sorted(library, key=lambda pair: pair[0])
        self.names = [name for name, _ in held]
        self.prints = [prints for _, prints in held]
        sizes = [len(prints.marks) for prints in self.prints]
        self._owners = np.repeat(np.arange(len(held), dtype=np.int32), sizes)
        self._firsts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self._marks = inverted(np.concatenate([np.zeros((0, 32), np.uint8), *(p.marks.patterns for p in self.prints)]))
        looks = [len(prints.hashes) for prints in self.prints]
        self._hashes = np.concatenate([np.zeros(0, np.uint64), *(p.hashes for p in self.prints)])
        self._hash_owners = np.repeat(np.arange(len(held), dtype=np.int32), looks)
        self._hash_firsts = np.concatenate([[0], np.cumsum(looks)]).astype(np.int64)

    def __len__(self) -> int:
        return len(self.names)

    def alike(self, patterns: Bytes) -> dict[int, Hits]:
        """For each release (by its number) what it has that is like these marks [n, 32]."""
        if not len(patterns) or not len(self._owners):
            return {}
        distances, found = self._marks.search(np.ascontiguousarray(patterns), min(NEAREST, len(self._owners)))
        query, rank = np.nonzero((found >= 0) & (distances <= NEAR))
        entries = found[query, rank]
        owners = self._owners[entries]
        # how many releases have a mark, counted once each
        pairs = np.unique(query.astype(np.int64) * len(self.names) + owners)
        shared = np.bincount(pairs // len(self.names), minlength=len(patterns))[query]
        close, rare = closeness(distances[query, rank]), rarity(shared, len(self.names))
        order = np.argsort(owners, kind="stable")
        edges = np.searchsorted(owners[order], np.arange(len(self.names) + 1))
        hits = {}
        for owner in np.unique(owners):
            some = order[edges[owner] : edges[owner + 1]]
            own = entries[some] - self._firsts[owner]
            parts = (query[some].astype(np.int32), own.astype(np.int32), close[some], rare[some])
            hits[int(owner)] = Hits(*parts, shared[some].astype(np.int32))
        return hits

    def pictures_alike(self, hashes: NDArray[np.uint64]) -> dict[int, tuple[Ints, Ints]]:
        """For each release the pairs (look of the query, look of the release) whose pictures are like each other."""
        found: dict[int, list[tuple[int, NDArray[np.int64]]]] = {}
        for look, value in enumerate(hashes):
            if not value:
                continue
            near = np.flatnonzero((np.bitwise_count(self._hashes ^ value) <= NEAR_HASH) & (self._hashes != 0))
            for owner in np.unique(self._hash_owners[near]):
                own = near[self._hash_owners[near] == owner] - self._hash_firsts[owner]
                found.setdefault(int(owner), []).append((look, own))
        return {
            owner: (
                np.repeat([look for look, _ in pairs], [len(own) for _, own in pairs]).astype(np.int32),
                np.concatenate([own for _, own in pairs]).astype(np.int32),
            )
            for owner, pairs in found.items()
        }


def rarity(shared: NDArray[np.int64], releases: int) -> Floats:
    """The weight of a mark that so many releases of so many have: inverse document frequency (Spärck Jones 1972)."""
    return (np.log1p(releases / np.maximum(shared, 1)) / np.log1p(releases)).astype(np.float32)


def closeness(distances: Ints) -> Floats:
    """The weight of a mark that differs in so many bits, 1 down to a third."""
    return (1 - 0.67 * distances / NEAR).astype(np.float32)


def inverted(patterns: Bytes) -> faiss.IndexBinary:
    if len(patterns) <= SMALL:
        flat = faiss.IndexBinaryFlat(256)
        flat.add(patterns)
        return flat
    leads = patterns[np.linspace(0, len(patterns) - 1, LISTS).astype(np.int64)]
    quantizer = faiss.IndexBinaryFlat(256)
    quantizer.add(np.ascontiguousarray(leads))
    index = faiss.IndexBinaryIVF(quantizer, 256, LISTS)
    index.own_fields, index.is_trained, index.nprobe = False, True, PROBES
    index.leads = quantizer  # kept from the garbage collector
    index.add(patterns)
    return index


