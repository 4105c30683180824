"""Who has work done: at once by whoever asks, or later by workers."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias

from purport.core.work import Did, Done, Order, Work

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
    ) -> None:
        """Do orders of these queues, so many at once, until stopped; not `wait`: until none is left.

        What is being done when it is stopped is done to its end. Raises LedgerError, UsageError.
        """
        ...

    def standing(self) -> Work:
        """How the work stands. Raises LedgerError."""
        ...
