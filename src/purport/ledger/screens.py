"""What a screen shows: so many entries, the newest first, going on from a place. Each takes as long in a large ledger.

A place is a number (or two), never an offset: an index leads to it, and what arrives meanwhile moves nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Select, false, func, or_, select, text

from purport.core.records import Capture, Claim, Gap, Query, Report
from purport.core.times import iso
from purport.ledger import search
from purport.ledger.faults import reading as reads
from purport.ledger.standings import stands
from purport.ledger.tables import COUNTED, captures, claims, gaps, readings, reports

_SPAN = 20_000  # readings of a time: in a longer one what is sought is soon met
_WORTH = 300  # matches: fewer are looked at sooner than the readings of a time

_captures = msgspec.json.Decoder(Capture)
_claims = msgspec.json.Decoder(Claim)
_gaps = msgspec.json.Decoder(Gap)
_reports = msgspec.json.Decoder(Report)

# Names of outlets one after the other, each found by the index over them: not one report is read.
_OUTLETS = text(
    """WITH RECURSIVE names(name) AS (
    SELECT min(outlet) FROM reports WHERE outlet > ''
    UNION ALL
    SELECT (SELECT min(outlet) FROM reports WHERE outlet > name) FROM names WHERE name IS NOT NULL
) SELECT name FROM names WHERE name IS NOT NULL LIMIT :most"""
)
# asked for with every page
_SIZES = select(*(select(func.max(table.c.number)).scalar_subquery() for table in COUNTED))


class Screens:
    """Reads a screenful from the ledger of an engine (`core.ports.Screens`)."""

    _engine: Engine

    def sizes(self) -> dict[str, int]:
        """What `counts` tells, without counting: rows are numbered from 1 and never removed."""
        with reads(self._engine) as connection:
            found = connection.execute(_SIZES).one()
        return {table.name: number or 0 for table, number in zip(COUNTED, found, strict=True)}

    def latest_reports(self, limit: int, before: int = 0) -> list[tuple[int, Report, Capture]]:
        """Reports by their arrival, each with its number and the capture it came from."""
        chosen = (
            select(reports.c.number, reports.c.record, captures.c.record)
            .join_from(reports, captures, captures.c.number == reports.c.capture)
            .order_by(reports.c.number.desc())
            .limit(limit)
        )
        if before:
            chosen = chosen.where(reports.c.number < before)
        with reads(self._engine) as connection:
            rows = connection.execute(chosen).all()
        return [(number, _reports.decode(report), _captures.decode(capture)) for number, report, capture in rows]

    def latest_claims(
        self, query: Query, limit: int, before: tuple[int, int] = (0, 0)
    ) -> list[tuple[tuple[int, int], Claim, Report]]:
        """Claims of latest readings that match, whatever words the query has; reports by their arrival.

        Each comes with its place, to go on from: the number of its reading and its position there.
        """
        joined = claims.join(readings, readings.c.number == claims.c.reading)
        joined = joined.join(reports, reports.c.number == readings.c.report)
        chosen = (
            select(claims.c.reading, claims.c.position, claims.c.record, reports.c.number)
            .select_from(joined)
            .where(claims.c.reading == newest(), *filters(query))
            .order_by(claims.c.reading.desc(), claims.c.position)
            .limit(limit)
        )
        reading, position = before
        if reading:
            later = (claims.c.reading == reading) & (claims.c.position > position)
            chosen = chosen.where(claims.c.reading <= reading, or_(claims.c.reading < reading, later))
        return self._with_reports(chosen)

    def best_claims(self, query: Query, limit: int, skip: int = 0) -> list[tuple[Claim, Report]]:
        """Claims of latest readings that hold the query's words and match, the best first. Raises UsageError."""
        with reads(self._engine) as connection:
            found = search.CLAIMS.found(connection, query.words)
            near = nearby(connection, query, found)
        joined = found.source.join(claims, claims.c.number == found.source.c.rowid)
        joined = joined.join(readings, readings.c.number == claims.c.reading)
        joined = joined.join(reports, reports.c.number == readings.c.report)
        chosen = (
            select(claims.c.reading, claims.c.position, claims.c.record, reports.c.number)
            .select_from(joined)
            .where(found.holds, claims.c.reading == newest(), *near, *filters(query))
            .order_by(found.order)
            .limit(limit)
            .offset(skip)
        )
        return [(claim, report) for _, claim, report in self._with_reports(chosen, searched=True)]

    def latest_gaps(self, limit: int, before: int = 0, cause: str = "") -> list[tuple[int, Gap]]:
        """Gaps by their arrival, each with its number; all, or those of a cause."""
        chosen = select(gaps.c.number, gaps.c.record).order_by(gaps.c.number.desc()).limit(limit)
        chosen = chosen.where(gaps.c.number < before) if before else chosen
        chosen = chosen.where(gaps.c.cause == cause) if cause else chosen
        with reads(self._engine) as connection:
            return [(number, _gaps.decode(record)) for number, record in connection.execute(chosen)]

    def gaps_about(self, subjects: Sequence[str]) -> list[Gap]:
        """Gaps of any of some ids, addresses and places; none for an empty one."""
        chosen = select(gaps.c.record).where(gaps.c.subject.in_([one for one in subjects if one]))
        with reads(self._engine) as connection:
            return [_gaps.decode(record) for record in connection.scalars(chosen.order_by(gaps.c.number))]

    def causes(self) -> list[tuple[str, int]]:
        """The causes of gaps, with how many there are of each, the most frequent first."""
        count = func.count().label("count")
        with reads(self._engine) as connection:
            rows = connection.execute(select(gaps.c.cause, count).group_by(gaps.c.cause).order_by(count.desc()))
            return [(str(cause), int(many)) for cause, many in rows]

    def outlets(self, most: int) -> list[str]:
        """Names of outlets in the order of the alphabet."""
        with reads(self._engine) as connection:
            return [str(name) for name in connection.scalars(_OUTLETS, {"most": most})]

    def _with_reports(self, chosen: Select[Any], searched: bool = False) -> list[tuple[tuple[int, int], Claim, Report]]:
        with reads(self._engine) as connection:
            if searched:
                search.steadily(connection)
            rows = connection.execute(chosen).all()
            wanted = select(reports.c.number, reports.c.record).where(reports.c.number.in_({row[3] for row in rows}))
            held = {number: _reports.decode(record) for number, record in connection.execute(wanted)}
        return list(_placed(rows, held))


def _placed(rows: Sequence[Any], held: dict[int, Report]) -> Iterator[tuple[tuple[int, int], Claim, Report]]:
    for reading, position, record, report in rows:
        yield (reading, position), _claims.decode(record), held[report]


def newest() -> Any:
    """The number of the latest reading of the report at hand."""
    later = readings.alias("later")
    return select(func.max(later.c.number)).where(later.c.report == readings.c.report).scalar_subquery()


def filters(query: Query) -> list[Any]:
    """The conditions on claims and their reports that a query sets, beside its words and its report."""
    outlet: Any = reports.c.outlet
    published: Any = reports.c.published
    if query.words.strip():
        # Words lead to the claims, and no index over reports does: SQLite would begin with all reports of a month, and
        # look for the words in each of their claims.
        outlet, published = outlet.concat(""), published.concat("")
    wanted: dict[Any, str] = {
        claims.c.act: query.act,
        claims.c.stance: query.stance,
        claims.c.source_kind: query.source_kind,
        outlet: query.outlet,
    }
    conditions: list[Any] = [column == value for column, value in wanted.items() if value]
    conditions += _published(published, query)
    conditions += [stands(query.reviewed)] if query.reviewed else []
    return conditions if query.nested else [*conditions, claims.c.depth == 0]


def _published(published: Any, query: Query) -> list[Any]:
    conditions = [published >= iso(since) for since in query.since]
    conditions += [published < iso(until) for until in query.until]
    return [*conditions, published != ""] if query.until else conditions


def nearby(connection: Connection, query: Query, found: search.Found) -> list[Any]:
    """Where entries that are found begin and end, if the query names a time.

    A common word in a month long past would be met in all that came since, one by one. Claims are numbered in the order
    of their readings, so between the first and the last reading of that time's reports all of theirs stand.
    """
    if not (query.since or query.until) or found.matches <= min(_WORTH, search.RANKED):
        return []
    some = select(reports.c.number).where(*_published(reports.c.published, query)).limit(_SPAN + 1).subquery()
    ends = select(func.min(readings.c.number), func.max(readings.c.number), func.count())
    first, last, count = connection.execute(ends.join_from(some, readings, readings.c.report == some.c.number)).one()
    if count > _SPAN:
        return []
    if not count:
        return [false()]
    up, down = (claims.c.reading, claims.c.position), (claims.c.reading.desc(), claims.c.position.desc())
    low = select(claims.c.number).where(claims.c.reading >= first).order_by(*up).limit(1)
    high = select(claims.c.number).where(claims.c.reading <= last).order_by(*down).limit(1)
    rowid = found.source.c.rowid
    return [rowid >= (connection.scalar(low) or 0), rowid <= (connection.scalar(high) or 0)]
