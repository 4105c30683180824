"""The engine of one machine: who hands over an order does it, there and then."""

from collections import deque
from collections.abc import Callable, Iterable

from purport.core.errors import UsageError
from purport.core.ports import Clock, Doing
from purport.core.work import Done, Order, Work, unheard

NAME = "inline:"
_NOBODY = (
    "The engine is inline: each command does its own work, and there is nothing for a worker to do. For workers on "
    "several hosts put the ledger into PostgreSQL and give all of them --engine jobs: (docs/work.md)."
)


class Inline:
    """Implements `core.ports.Engine`. What follows from an order is done behind those that were handed over with it."""

    later = False

    def __init__(self, doing: Doing, clock: Clock) -> None:
        self._doing, self._clock = doing, clock

    def hand(self, orders: Iterable[Order]) -> int:
        """Raises what the work raises: there is nobody to try it again."""
        waiting, taken = deque(orders), set[str]()
        count = 0
        while waiting:
            order = waiting.popleft()
            if order.once and order.once in taken:
                continue
            taken.add(order.once)
            count += 1
            waiting.extend(self._doing(order).follow)
        return count

    def work(
        self,
        queues: Iterable[str],
        concurrency: int,
        told: Callable[[Done], None],
        stopped: Callable[[], bool],
        wait: bool = True,
        away: Callable[[str], None] = unheard,
    ) -> None:
        raise UsageError(_NOBODY)

    def standing(self) -> Work:
        return Work(engine=NAME, at=self._clock.now())
