"""Times are aware, UTC in storage; a time keeps the words and the precision it was read with."""

from datetime import UTC, datetime

import msgspec


class Moment(msgspec.Struct, frozen=True):
    """A stretch of time named in a text or in metadata.

    `start` and `end` are half-open, aware, in UTC: a day named without an hour is that whole day.
    `words` are what it was read from, `span` where they stand in the report's text, (0, 0) when they
    stand elsewhere (metadata).
    """

    start: datetime
    end: datetime
    words: str = ""
    span: tuple[int, int] = (0, 0)


EVER = datetime.min.replace(tzinfo=UTC)  # before everything


def utc(moment: datetime) -> datetime:
    """The same instant in UTC; a naive time is taken to be UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def iso(moment: datetime) -> str:
    return utc(moment).isoformat().replace("+00:00", "Z")
