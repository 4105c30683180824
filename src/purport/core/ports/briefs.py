"""What the rooms ask of the ledger about briefs that people keep, and about marks "look again"."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from purport.core.briefs import Edition
from purport.core.looks import Cleared, Look, Standing


class Briefs(Protocol):
    """Briefs that people keep."""

    def keep(self, edition: Edition) -> None:
        """Book an edition. Raises UsageError if somebody else has worked on the brief since the one before it."""
        ...

    def latest(self, id: str) -> Edition:
        """A brief as it stands, by its id or the beginning of it. Raises NotFoundError."""
        ...

    def editions(self, brief: str) -> Iterator[Edition]:
        """All editions of a brief, by its whole id, the first one first."""
        ...

    def standing(self, status: str = "") -> Iterator[Edition]:
        """Each brief as it stands, what was worked on last first: all, or those of a status."""
        ...


class Looks(Protocol):
    """Marks "look again"."""

    def notice(self, found: Iterable[Look]) -> tuple[Look, ...]:
        """Book marks; returns those that are new."""
        ...

    def clear(self, cleared: Cleared) -> None:
        """Book that a mark may go, and why. Raises UsageError if it is cleared already."""
        ...

    def mark(self, id: str) -> Standing:
        """A mark by its id or the beginning of it. Raises NotFoundError."""
        ...

    def marks(self, subjects: Sequence[str] = (), only_open: bool = False, limit: int = 0) -> Iterator[Standing]:
        """Marks of some subjects, or all; the latest first."""
        ...

    def open_marks(self) -> int:
        """How many marks nobody has cleared."""
        ...
