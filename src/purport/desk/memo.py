"""What takes long to work out and is asked again and again: kept as long as what it was worked out from is the same."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Memo(Generic[T]):
    """Holds one answer. Who asks while another works it out waits for that, so it is worked out once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: tuple[tuple[Hashable, T], ...] = ()  # none or one

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            for held, answer in self._held:
                if held == key:
                    return answer
            answer = make()
            self._held = ((key, answer),)
            return answer
