"""Handling marks: who said how far something may be passed on, appended like all else."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Engine, select

from purport.core.marks import Mark
from purport.core.times import iso
from purport.ledger import custody
from purport.ledger.faults import reading as reads
from purport.ledger.faults import writing
from purport.ledger.tables import captures, marks, visits

_marks = msgspec.json.Decoder(Mark)


def _now() -> datetime:
    return datetime.now(UTC)


class Marks:
    """Implements `core.ports.Marks` over the ledger of an engine. `who` is whom the custody log names."""

    def __init__(self, engine: Engine, who: str = "", now: Callable[[], datetime] = _now) -> None:
        self._engine, self._who, self._now = engine, who, now

    def mark(self, mark: Mark) -> None:
        """Book a handling mark; the same one twice is one. Raises LedgerError."""
        named = ("id", "kind", "subject", "url", "level", "why", "who")
        row = {name: getattr(mark, name) for name in named}
        row |= {"at": iso(mark.at), "record": msgspec.json.encode(mark).decode()}
        with writing(self._engine) as connection:
            if connection.scalar(select(marks.c.number).where(marks.c.id == mark.id)) is None:
                before = custody.lasts(connection)
                connection.execute(marks.insert(), row)
                custody.seal(connection, (), "mark", before, mark.who or self._who, self._now())

    def marks(self) -> Iterator[Mark]:
        """All marks that were set, in order; of several for one subject the last one holds."""
        with reads(self._engine) as connection:
            for record in connection.scalars(select(marks.c.record).order_by(marks.c.number)):
                yield _marks.decode(record)

    def taken_for(self, capture: str) -> tuple[str, ...]:
        """The names of the watched sources that a capture, by its whole id, was taken for."""
        chosen = (
            select(visits.c.source)
            .join_from(visits, captures, captures.c.number == visits.c.capture)
            .where(captures.c.id == capture)
            .distinct()
            .order_by(visits.c.source)
        )
        with reads(self._engine) as connection:
            return tuple(map(str, connection.scalars(chosen)))
