"""What the house tells of its own work while it works: events, and steps with how long they took.

Nobody listens by default, and telling then costs next to nothing. Who is to hear of it (a log, counters, traces) is put
in by the wiring. Facts are ids, names, numbers and addresses; never the words of a report, nor what somebody searched.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeAlias

Facts: TypeAlias = Mapping[str, str | int | float | tuple[str, ...]]


# called when a step has ended, with all that is known of it: `seconds` it took, `error` by its class if it failed
Step: TypeAlias = Callable[[Facts], None]


class Listener(Protocol):
    def heard(self, event: str, facts: Facts) -> None:
        """Something happened."""
        ...

    def begun(self, step: str, facts: Facts) -> Step:
        """A step begins; what is returned is called at its end."""
        ...


_listeners: list[Listener] = []
_about: ContextVar[Facts] = ContextVar("about", default={})  # noqa: B039 it is never changed, only replaced


@contextmanager
def listening(*listeners: Listener) -> Iterator[None]:
    """These listen, too, for so long."""
    _listeners.extend(listeners)
    try:
        yield
    finally:
        for listener in listeners:
            _listeners.remove(listener)


@contextmanager
def about(**ids: str) -> Iterator[None]:
    """All that is told inside is about these: a run, a source, a report."""
    before = _about.set({**_about.get(), **ids})
    try:
        yield
    finally:
        _about.reset(before)


def tell(event: str, **facts: str | int | float | tuple[str, ...]) -> None:
    """Tell of something that happened."""
    if _listeners:
        told = {**_about.get(), **facts}
        for listener in _listeners:
            listener.heard(event, told)


@contextmanager
def step(name: str, **facts: str | int | float | tuple[str, ...]) -> Iterator[dict[str, str | int | float]]:
    """Tell of a step when it has ended. What it found may be put into the dictionary that is given."""
    found: dict[str, str | int | float] = {}
    if not _listeners:
        yield found
        return
    told, began = {**_about.get(), **facts}, time.monotonic()
    ends = [listener.begun(name, told) for listener in _listeners]
    try:
        yield found
    except BaseException as error:
        found["error"] = type(error).__name__
        raise
    finally:
        seconds = round(time.monotonic() - began, 6)
        for end in ends:
            end({**told, **found, "seconds": seconds})
