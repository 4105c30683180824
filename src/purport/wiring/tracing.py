"""Stories traced and grouped by workers beside the desk, so that nobody's page waits for somebody else's story."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from purport.core.settled import settle
from purport.wiring import READER, Config, in_a_file, open_house

if TYPE_CHECKING:
    from purport.app import House
    from purport.core.ports import Told, Workshop

STEPS = {"stories.trace": "purport.wiring.tracing:trace", "stories.group": "purport.wiring.tracing:group"}
LONGEST = 600  # seconds for one story, by the clock and of a processor
BEHIND = 10  # how far a worker that nobody waits for stands back (nice)


class Aside:
    """`core.ports.Workshop` that tells workers which ledger they work on."""

    def __init__(self, inner: "Workshop", config: Config, nice: int = 0) -> None:
        config = replace(config, reader=READER, reader_key="")  # nothing is read there
        self._inner, self._which = inner, msgspec.msgpack.encode([asdict(config), nice])

    def do(self, step: str, order: bytes, told: "Told") -> bytes:
        return self._inner.do(step, msgspec.msgpack.encode([self._which, order]), told)

    def close(self) -> None:
        self._inner.close()


@contextmanager
def open_aside(config: Config, behind: bool = False) -> Iterator[tuple["Workshop", ...]]:
    """Who traces and groups for a house: as many as there are cores but one; or a single one that stands `behind` all
    others. None for a ledger that nobody else can open. They begin when they are first asked, and are sent home."""
    from purport.edges.onnx import cores
    from purport.edges.workshop import Bounds, Workshops

    if not in_a_file(config):
        yield ()
        return
    count = 1 if behind else max(1, cores() - 1)
    inner = Workshops(count, STEPS, Bounds(seconds=LONGEST, silence=LONGEST, processor=LONGEST))
    try:
        yield (Aside(inner, config, BEHIND * behind),)
    finally:
        inner.close()


def trace(payload: bytes, told: Callable[[float], None]) -> bytes:
    """A worker's step: a story is traced and kept."""
    from purport.app.stories import trace_apart
    from purport.app.traces import Order

    house, order = _opened(payload)
    trace_apart(house, msgspec.msgpack.decode(order, type=Order))
    _once_settled()
    return b""


def group(payload: bytes, told: Callable[[float], None]) -> bytes:
    """A worker's step: reports that stand in no story yet are grouped, and that is booked."""
    from purport.app import standing

    house, _ = _opened(payload)
    standing(house)
    _once_settled()
    return b""


def _opened(payload: bytes) -> tuple["House", bytes]:
    which, order = msgspec.msgpack.decode(payload, type=tuple[bytes, bytes])
    return _house(which), order


@cache
def _house(which: bytes) -> "House":
    config, nice = msgspec.msgpack.decode(which)
    os.setpriority(os.PRIO_PROCESS, 0, max(nice, os.getpriority(os.PRIO_PROCESS, 0)))
    return open_house(Config(**config))


@cache
def _once_settled() -> None:
    """After a worker's first order: the ledger's stories and all tables are loaded."""
    settle()
