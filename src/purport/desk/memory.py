"""What took long to find out, as long as the ledger is as it was."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, cast

Found = TypeVar("Found")

HELD = 48  # answers; those asked for least lately go first


class Memory:
    """Keeps answers by what was asked and by the ledger's state. To be shared by threads."""

    def __init__(self, held: int = HELD) -> None:
        self._held, self._lock = held, Lock()
        self._state: Hashable = None
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()

    def known(self, state: Hashable, asked: Hashable) -> tuple[Any, ...]:
        """The answer to what is asked if it was found before and the state is as it was: none or one."""
        with self._lock:
            return (self._answers[asked],) if state == self._state and asked in self._answers else ()

    def recall(self, state: Hashable, asked: Hashable, find: Callable[[], Found]) -> Found:
        """The answer to what is asked, found anew only if the state has changed since. What `find` raises is raised."""
        with self._lock:
            if state != self._state:
                self._state = state
                self._answers.clear()
            if asked in self._answers:
                self._answers.move_to_end(asked)
                return cast(Found, self._answers[asked])
        found = find()  # outside the lock: others who ask for something else don't wait for it
        with self._lock:
            if state == self._state:
                self._answers[asked] = found
                while len(self._answers) > self._held:
                    self._answers.popitem(last=False)
        return found
