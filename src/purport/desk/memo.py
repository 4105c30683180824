"""What takes long to work out and is asked again and again: kept as long as what it was worked out from is the same."""

from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


LONG = 0.1  # seconds
SHARE = 20  # of the time that may go by, one part may go into working out an answer that takes so long


class Memo(Generic[T]):
    """Holds one answer. It is worked out by one alone; who asks meanwhile is given the one before, and waits only if
    there is none.

    What took long is given for a while longer though something has changed: twenty times as long as it took.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: tuple[tuple[Hashable, T], ...] = ()  # none or one
        self._until = 0.0  # by the clock that only goes on

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        if not self._lock.acquire(blocking=not self._held):
            return self._held[0][1]
        try:
            before = monotonic()
            for held, answer in self._held:
                if held == key or before < self._until:
                    return answer
            answer = make()
            spent = monotonic() - before
            self._held, self._until = ((key, answer),), before + (SHARE * spent if spent > LONG else 0)
            return answer
        finally:
            self._lock.release()
