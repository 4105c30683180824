"""The searches that people keep, and how much came in since somebody looked."""

from typing import Any

import msgspec
from sqlalchemy import Engine, func, select

from purport.core.records import Query
from purport.core.reviews import Saved
from purport.core.times import iso
from purport.ledger import custody, search
from purport.ledger.faults import reading as reads
from purport.ledger.faults import writing
from purport.ledger.joins import Clock, now
from purport.ledger.screens import filters, newest
from purport.ledger.tables import claims, readings, reports, searches

_saved = msgspec.json.Decoder(Saved)


class Searches:
    """Implements `core.ports.Searches` over the ledger of an engine."""

    def __init__(self, engine: Engine, now: Clock = now) -> None:
        self._engine, self._now = engine, now

    def save(self, made: Saved) -> None:
        """Keep a search, or that it was looked at, or dropped."""
        with writing(self._engine) as connection:
            before = custody.lasts(connection)
            values = {name: getattr(made, name) for name in ("id", "who", "name", "seen")}
            record = msgspec.json.encode(made).decode()
            connection.execute(searches.insert(), values | {"at": iso(made.at), "record": record})
            custody.seal(connection, (), "keep a search", before, made.who, self._now())

    def saved(self, who: str) -> list[Saved]:
        """The searches that somebody keeps, as they stand, by their names."""
        last = select(func.max(searches.c.number)).where(searches.c.who == who).group_by(searches.c.name)
        chosen = select(searches.c.record).where(searches.c.number.in_(last)).order_by(searches.c.name)
        with reads(self._engine) as connection:
            found = [_saved.decode(record) for record in connection.scalars(chosen)]
        return [one for one in found if one.asked]

    def arrived(self, query: Query, after: int, most: int) -> int:
        """How many claims match in reports with a higher number; `most` if there are more."""
        index = search.CLAIMS
        joined: Any = claims.join(readings, readings.c.number == claims.c.reading)
        joined = joined.join(reports, reports.c.number == readings.c.report)
        wanted = [reports.c.number > after, claims.c.reading == newest(), *filters(query)]
        with reads(self._engine) as connection:
            if query.words.strip():
                joined = joined.join(index.table, index.table.c.rowid == claims.c.number)
                wanted.append(index.matches(connection, query.words))
            some = select(claims.c.number).select_from(joined).where(*wanted).limit(most).subquery()
            return connection.scalar(select(func.count()).select_from(some)) or 0
