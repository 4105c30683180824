"""Work that is handed over: orders, and how the work on them stands.

An order names what is to be done and on which entries, by their ids, names or addresses. It never holds content, so it
may be done anywhere, and as ids are digests, done twice is done once.
"""

from datetime import datetime

import msgspec

QUEUES = {  # what is waited for in each, so that one slow resource holds up no other
    "fetch": ("look", "take"),  # the network; one order at a time of a host
    "read": ("read", "page"),  # the reader
    "footage": ("examine",),  # decoding
    "proof": ("stamp",),  # time stamp authorities
}
QUEUE_OF = {what: queue for queue, steps in QUEUES.items() for what in steps}


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of work: what is to be done (a word of `QUEUES`), and on what."""

    what: str
    about: tuple[str, ...] = ()  # ids of entries, names of sources, addresses
    lock: str = ""  # of orders with the same word one at a time is done
    once: str = ""  # of orders with the same word one at most waits
    tries: int = 0  # before, that failed or came to no end


class Did(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an order: a few words for people, and the orders that follow from it."""

    said: str = ""
    follow: tuple[Order, ...] = ()


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """An order that was done, or that failed for this time, as whoever works tells of it."""

    order: Order
    at: datetime
    seconds: float
    said: str = ""
    fault: str = ""  # why it failed, with the mend; empty: it did not


def unheard(said: str) -> None:
    """Who is told, and does nothing."""


SPANS = (1, 5, 15)  # minutes


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """How a queue stands. Orders are counted, and of `read` the things that they name: reports, pages, files."""

    queue: str
    waiting: int = 0
    later: int = 0  # of those, to be tried again, not before a time
    doing: int = 0
    failed: int = 0  # given up
    things: int = 0  # that the waiting orders name
    oldest: tuple[datetime, ...] = ()  # when the one that waits longest was handed over, none or one
    done: tuple[int, ...] = (0,) * len(SPANS)  # orders in the last minutes, as `SPANS` has them
    rates: tuple[float, ...] = (0.0,) * len(SPANS)  # things a minute over the same


class Hand(msgspec.Struct, frozen=True, kw_only=True):
    """A worker, as it told of itself."""

    host: str
    process: int
    queues: tuple[str, ...]
    concurrency: int
    began: datetime
    seen: datetime  # its last heartbeat
    doing: int = 0
    silent: bool = False  # for so long that others take over what it holds


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A try that failed."""

    queue: str
    what: str
    at: datetime
    host: str
    said: str


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """How the work stands."""

    engine: str  # inline: | jobs:
    at: datetime
    queues: tuple[Backlog, ...] = ()
    hands: tuple[Hand, ...] = ()
    faults: tuple[Fault, ...] = ()  # the latest
