"""What was joined, and what people decided about it: stories, merged claims, judgements; appended like all else."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import Connection, Engine, Table, exists, func, select

from purport.core.errors import LedgerError, NotFoundError
from purport.core.origins import SameClaim
from purport.core.stories import Judgement, Placed
from purport.core.times import iso
from purport.ledger import custody
from purport.ledger.faults import reading as reads
from purport.ledger.faults import writing
from purport.ledger.lookup import whole_id
from purport.ledger.tables import judgements, merges, placed, reports

_placed = msgspec.json.Decoder(Placed)
_merges = msgspec.json.Decoder(SameClaim)
_judgements = msgspec.json.Decoder(Judgement)


Clock: TypeAlias = Callable[[], datetime]
_TOGETHER = 500  # ids in one question


def now() -> datetime:
    return datetime.now(UTC)


class Joins:
    """Implements `core.ports.Joins` over the ledger of an engine. `who` is whom the custody log names."""

    def __init__(self, engine: Engine, who: str = "", now: Clock = now) -> None:
        self._engine, self._who, self._now = engine, who, now

    def place(self, moved: Iterable[Placed]) -> int:
        """Book where reports stand from now on; returns how many rows were new. Raises LedgerError."""

        def row(one: Placed, connection: Connection) -> dict[str, Any]:
            number = connection.scalar(select(reports.c.number).where(reports.c.id == one.report))
            if number is None:
                raise LedgerError(f"Nothing was added: {one.report} is to stand in a story and is not in the ledger.")
            named = ("id", "story", "how", "before", "beside", "score")
            return {"report": number} | {name: getattr(one, name) for name in named}

        return self._append(placed, moved, row, "group")

    def merge(self, found: Iterable[SameClaim]) -> int:
        """Book claims that say the same thing; returns how many were new."""

        found = list(found)
        known: set[str] = set()
        for start in range(0, len(found), _TOGETHER):  # most often all are, and nobody who writes is to be waited for
            some = [one.id for one in found[start : start + _TOGETHER]]
            with reads(self._engine) as connection:
                known |= set(connection.scalars(select(merges.c.id).where(merges.c.id.in_(some))))
        fresh = [one for one in found if one.id not in known]
        if not fresh:
            return 0

        def row(one: SameClaim, _: Connection) -> dict[str, Any]:
            return {name: getattr(one, name) for name in ("id", "a", "b", "score")}

        return self._append(merges, fresh, row, "merge")

    def judge(self, judgement: Judgement) -> None:
        """Book what a person decided."""

        def row(one: Judgement, _: Connection) -> dict[str, Any]:
            return {name: getattr(one, name) for name in ("id", "verdict", "of", "why", "who")}

        self._append(judgements, [judgement], row, "judge", judgement.who)

    def placed(self) -> Iterator[Placed]:
        """Where each report stands, in the order in which reports came to stand in any story."""
        later = placed.alias("later")
        newer = exists().where(later.c.report == placed.c.report, later.c.number > placed.c.number)
        first = select(func.min(later.c.number)).where(later.c.report == placed.c.report).scalar_subquery()
        return self._stream(_placed, select(placed.c.record).where(~newer).order_by(first))

    def moves(self, after: int = 0) -> Iterator[tuple[int, Placed]]:
        """What was booked of where reports stand behind a number, each with its own; the last one of a report holds."""
        chosen = select(placed.c.number, placed.c.record).where(placed.c.number > after).order_by(placed.c.number)
        with reads(self._engine) as connection:
            for number, record in connection.execute(chosen):
                yield number, _placed.decode(record)

    def history(self, story: str) -> Iterator[Placed]:
        """How reports came into a story or left it, in order."""
        chosen = select(placed.c.record).where((placed.c.story == story) | (placed.c.before == story))
        return self._stream(_placed, chosen.order_by(placed.c.number))

    def merged(self, id: str) -> SameClaim:
        """A merge by its id or the beginning of it. Raises NotFoundError."""
        with reads(self._engine) as connection:
            try:
                whole = whole_id(connection, merges, "same", id)
            except NotFoundError as error:
                listed = "purport stories merges STORY lists those of a story."
                raise NotFoundError(f"There is no merge called {id!r}, or more than one. {listed}") from error
            return _merges.decode(connection.scalar(select(merges.c.record).where(merges.c.id == whole)) or "")

    def last(self) -> int:
        """A number that grows whenever a person joins or parts something."""
        with reads(self._engine) as connection:
            return sum(custody.lasts(connection, (judgements,)).values())

    def judgements(self) -> Iterator[Judgement]:
        """All that people decided, in order."""
        return self._stream(_judgements, select(judgements.c.record).order_by(judgements.c.number))

    def _append(
        self,
        table: Table,
        found: Iterable[Any],
        row: Callable[[Any, Connection], Mapping[str, Any]],
        what: str,
        who: str = "",
    ) -> int:
        with writing(self._engine) as connection:
            before, new, at = custody.lasts(connection), 0, self._now()
            for one in found:
                if connection.scalar(select(table.c.number).where(table.c.id == one.id)) is None:
                    values = {**row(one, connection), "at": iso(at), "record": msgspec.json.encode(one).decode()}
                    connection.execute(table.insert(), values)
                    new += 1
            custody.seal(connection, (), what, before, who or self._who, at)
            return new

    def _stream(self, decoder: msgspec.json.Decoder[Any], chosen: Any) -> Iterator[Any]:
        with reads(self._engine) as connection:
            for record in connection.scalars(chosen):
                yield decoder.decode(record)
