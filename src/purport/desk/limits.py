"""How often something may be tried: so that a password can't be guessed, and nobody can keep the desk from others."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock

REMEMBERED = 10_000  # names and addresses; those that were quiet the longest are forgotten first


@dataclass(slots=True)
class _Tries:
    count: float = 0.0
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """After `free` failures one waits, twice as long after each further one; an hour of quiet forgives all."""

    free: int
    longest: float = 15 * 60.0  # seconds
    forgiven: float = 3600.0
    now: Callable[[], float] = time.monotonic
    _known: OrderedDict[Hashable, _Tries] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, key: Hashable) -> int:
        """Seconds until the next try is looked at; 0: now."""
        with self._lock:
            held, now = self._known.get(key, _Tries()), self.now()
            if held.count < self.free or now - held.at >= self.forgiven:
                return 0
            pause = min(self.longest, math.pow(2, min(held.count - self.free, 32)))
            return max(0, math.ceil(held.at + pause - now))

    def failed(self, key: Hashable) -> None:
        with self._lock:
            now = self.now()
            held = self._known.pop(key, _Tries())
            if now - held.at >= self.forgiven:
                held.count = 0
            held.count, held.at = held.count + 1, now
            self._known[key] = held
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    def went_well(self, key: Hashable, last: bool = False) -> None:
        """Forgive all failures, or the `last` one alone."""
        with self._lock:
            if last and key in self._known:
                self._known[key].count -= 1
            else:
                self._known.pop(key, None)


@dataclass(frozen=True, slots=True)
class Pace:
    """So many at once, and then one every `every` seconds."""

    burst: int
    every: float
    now: Callable[[], float] = time.monotonic
    _known: OrderedDict[Hashable, _Tries] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, key: Hashable) -> int:
        """Takes one; or tells the seconds until there is one to take."""
        with self._lock:
            now = self.now()
            held = self._known.pop(key, _Tries(0.0, now))
            held.count = max(0.0, held.count - (now - held.at) / self.every)
            held.at = now
            self._known[key] = held
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            if held.count + 1 > self.burst:
                return math.ceil((held.count + 1 - self.burst) * self.every)
            held.count += 1
            return 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What the desk bounds. A password is bounded by who asks for whom, by who asks, and, loosely, by whom."""

    pair: Backoff = field(default_factory=lambda: Backoff(5))
    address: Backoff = field(default_factory=lambda: Backoff(20))
    name: Backoff = field(default_factory=lambda: Backoff(50, longest=60.0))  # or others could lock somebody out
    books: Pace = field(default_factory=lambda: Pace(1, 900.0))  # how often the log is told what somebody looked at
    dear: Pace = field(default_factory=lambda: Pace(30, 2.0))  # what takes long: search for footage, export
    _one: Lock = field(default_factory=Lock)

    def take(self, name: str, address: str) -> int:
        """Begins a try, which counts as failed until `went_well`; or tells the seconds until it is looked at.

        So many tries at once are no more than so many one after the other.
        """
        with self._one:
            if wait := self.wait(name, address):
                return wait
            self.failed(name, address)
            return 0

    def went_well(self, name: str, address: str) -> None:
        """The try was the right one."""
        self.pair.went_well((name, address))
        self.address.went_well(address, last=True)
        self.name.went_well(name, last=True)

    def wait(self, name: str, address: str) -> int:
        """Seconds until a password for this name is looked at."""
        return max(self.pair.wait((name, address)), self.address.wait(address), self.name.wait(name))

    def failed(self, name: str, address: str) -> None:
        self.pair.failed((name, address))
        self.address.failed(address)
        self.name.failed(name)
