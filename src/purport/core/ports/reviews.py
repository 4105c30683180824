"""What the rooms ask of what people decided about claims, and of the searches that they keep."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from purport.core.records import Query
from purport.core.reviews import Review, Saved


class Reviews(Protocol):
    """What people decided about claims, one by one."""

    def review(self, made: Sequence[Review]) -> int:
        """Book what a person decided, and how each claim stands since; returns how many rows were new.

        Raises NotFoundError for a claim that is not there.
        """
        ...

    def reviews(self, reports: Sequence[str] = (), to: str = "") -> Iterator[Review]:
        """What was decided about claims of some reports (by their whole ids), of those in which something was
        assigned to somebody, or of all; in order.
        """
        ...

    def one_review(self, id: str) -> Review:
        """A review by its id or the beginning of it. Raises NotFoundError."""
        ...

    def before(self, reports: Sequence[str]) -> dict[str, list[str]]:
        """Of some reports the earlier texts of the same page in which claims were judged, the latest first."""
        ...

    def carry(self) -> int:
        """Book how claims stand in readings that came since they were judged; returns how many."""
        ...

    def counts(self) -> dict[str, int]:
        """How many claims of latest readings stand in which state, of those of which anything was decided."""
        ...


class Searches(Protocol):
    """The searches that people keep."""

    def save(self, made: Saved) -> None:
        """Keep a search, or that it was looked at, or dropped."""
        ...

    def saved(self, who: str) -> list[Saved]:
        """The searches that somebody keeps, as they stand, by their names."""
        ...

    def arrived(self, query: Query, after: int, most: int) -> int:
        """How many claims match in reports with a higher number; `most` if there are more."""
        ...
