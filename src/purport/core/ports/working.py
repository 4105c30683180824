"""Who has work done: at once by whoever asks, or later by workers."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias

from purport.core.work import Did, Done, Order, Work, unheard

Doing: TypeAlias = Callable[[Order], Did]  # one order, to its end: what it booked is in the ledger when it returns


class Engine(Protocol):
    """Takes orders and sees to it that each is done, also when who does it dies: at least once, so be idempotent."""

    @property
    def later(self) -> bool:
        """Are orders done by others, after `hand` has returned?"""
        ...

    def hand(self, orders: Iterable[Order]) -> int:
        """Take orders; gives how many are new: of those with the same `once`, one waits. Raises LedgerError."""
        ...

    def work(
        self,
        queues: Iterable[str],
        concurrency: int,
        told: Callable[[Done], None],
        stopped: Callable[[], bool],
        wait: bool = True,
        away: Callable[[str], None] = unheard,
    ) -> None:
        """Do orders of these queues, so many at once, until stopped; not `wait`: until none is left.

        What is being done when it is stopped is done to its end. `away` is told once why what the orders wait in
        can't be reached, and nothing ("") when it is back; then the work goes on by itself.

        Raises LedgerError, UsageError.
        """
        ...

    def standing(self) -> Work:
        """How the work stands. Raises LedgerError."""
        ...
