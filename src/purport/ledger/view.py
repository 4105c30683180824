"""The ledger's way out: entries by id, and streams of what matches a query."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby, islice
from typing import Any, TypeVar

import msgspec
from sqlalchemy import BindParameter, Connection, Engine, ScalarSelect, Select, Table, bindparam, func, select

from purport.core.ports import ANY
from purport.core.records import Capture, Claim, Gap, Query, Reading, Release, Report
from purport.core.times import EVER, iso
from purport.ledger import book, search
from purport.ledger.compared import Compared
from purport.ledger.diary import Diary
from purport.ledger.faults import reading as reads
from purport.ledger.lookup import has_id, whole_id
from purport.ledger.screens import Screens, filters, nearby
from purport.ledger.tables import COUNTED, captures, claims, gaps, readings, releases, reports, visits
from purport.ledger.versions import Versions

T = TypeVar("T")

_TOGETHER = 500  # reports that are fetched at once
_captures = msgspec.json.Decoder(Capture)
_reports = msgspec.json.Decoder(Report)
_claims = msgspec.json.Decoder(Claim)
_gaps = msgspec.json.Decoder(Gap)
_releases = msgspec.json.Decoder(Release)


def _newest(report: Any) -> ScalarSelect[int]:
    """The number of the latest reading of a report (by its number)."""
    later = readings.alias("later")
    return select(func.max(later.c.number)).where(later.c.report == report).scalar_subquery()


# asked of every story, report and page: made once, since making a statement costs more than asking it
_GIVEN: BindParameter[Any] = bindparam("given", expanding=True)
_SOME = select(reports.c.id, reports.c.record).where(reports.c.id.in_(_GIVEN))
_CLAIMS_OF = (
    select(reports.c.id, claims.c.record)
    .select_from(reports.join(claims, claims.c.reading == _newest(reports.c.number)))
    .where(reports.c.id.in_(_GIVEN))
    .order_by(reports.c.number, claims.c.position)
)
_CAPTURES_OF = (
    select(reports.c.id, captures.c.record)
    .join_from(reports, captures, captures.c.number == reports.c.capture)
    .where(reports.c.id.in_(_GIVEN))
)
_LATEST_READINGS = (
    select(reports.c.id, readings.c.id)
    .select_from(reports.join(readings, readings.c.number == _newest(reports.c.number)))
    .where(reports.c.id.in_(_GIVEN))
)


def _latest_releases() -> Select[Any]:
    later = releases.alias("later")
    latest = select(func.max(later.c.number)).where(later.c.capture == releases.c.capture).scalar_subquery()
    return (
        select(releases.c.record, captures.c.record)
        .join_from(releases, captures, captures.c.number == releases.c.capture)
        .where(releases.c.number == latest)
        .order_by(releases.c.number)
    )


_RELEASES = _latest_releases()


def _claims_by_words(connection: Connection, query: Query) -> Select[Any]:
    found = search.CLAIMS.found(connection, query.words)
    joined = (
        found.source.join(claims, claims.c.number == found.source.c.rowid)
        .join(readings, readings.c.number == claims.c.reading)
        .join(reports, reports.c.number == readings.c.report)
    )
    return (
        select(claims.c.record, reports.c.number)
        .select_from(joined)
        .where(found.holds, claims.c.reading == _newest(readings.c.report), *nearby(connection, query, found))
        .order_by(found.order)
    )


def _claims_in_order() -> Select[Any]:
    joined = reports.join(claims, claims.c.reading == _newest(reports.c.number))
    return (
        select(claims.c.record, reports.c.number)
        .select_from(joined)
        .order_by(reports.c.published, reports.c.number, claims.c.position)
    )


def _reports_by_number(connection: Connection, numbers: set[int]) -> dict[int, Report]:
    rows = connection.execute(select(reports.c.number, reports.c.record).where(reports.c.number.in_(numbers)))
    return {number: _reports.decode(record) for number, record in rows}


class View(Diary, Screens, Versions, Compared):
    """Reads the ledger of an engine (`core.ports.View`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def counts(self) -> dict[str, int]:
        """How many captures, reports, readings, claims, gaps and releases there are, by these names."""
        with reads(self._engine) as connection:
            return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in COUNTED}

    def capture(self, id: str) -> Capture:
        return _captures.decode(self._record(captures, "capture", id))

    def report(self, id: str) -> Report:
        return _reports.decode(self._record(reports, "report", id))

    def claim(self, id: str) -> tuple[Claim, Report]:
        """The claim, of whichever reading, with the report it stands in."""
        claim = _claims.decode(self._record(claims, "claim", id))
        return claim, self.report(claim.report)

    def has_reading(self, report: str, reader: str) -> bool:
        """Has this reader (by its version) read this report (by its whole id) already?"""
        return book.has_reading(self._engine, report, reader)

    def release(self, id: str) -> Release:
        return _releases.decode(self._record(releases, "release", id))

    def has_release(self, id: str) -> bool:
        """Is there a release by this whole id?"""
        with reads(self._engine) as connection:
            return connection.scalar(select(releases.c.number).where(releases.c.id == id)) is not None

    def claims(self, query: Query = ANY) -> Iterator[tuple[Claim, Report]]:
        """Claims of each report's latest reading that match; see docs/ledger.md for their order.

        Raises NotFoundError for a report that is not there and UsageError for words that hold no word.
        """
        with reads(self._engine) as connection:
            chosen = _claims_by_words(connection, query) if query.words.strip() else _claims_in_order()
            chosen = chosen.where(*filters(query))
            if query.report:
                chosen = chosen.where(reports.c.id == whole_id(connection, reports, "report", query.report))
        return self._stream_claims(chosen.limit(query.limit) if query.limit else chosen, bool(query.words.strip()))

    def reports(self, query: Query = ANY) -> Iterator[Report]:
        """Reports by the query's words (title and text), outlet, report and limit, best or oldest first."""
        with reads(self._engine) as connection:
            chosen = select(reports.c.record)
            if query.words.strip():
                found = search.REPORTS.found(connection, query.words)
                joined = found.source.join(reports, reports.c.number == found.source.c.rowid)
                chosen = chosen.select_from(joined).where(found.holds).order_by(found.order)
            else:
                chosen = chosen.order_by(reports.c.published, reports.c.number)
            if query.outlet:
                chosen = chosen.where(reports.c.outlet == query.outlet)
            if query.report:
                chosen = chosen.where(reports.c.id == whole_id(connection, reports, "report", query.report))
        return self._stream(_reports, chosen.limit(query.limit) if query.limit else chosen)

    def roll(self, after: int = 0) -> Iterator[tuple[int, str, str]]:
        """Each report behind a number: its own, its id, and when its publication begins (empty: not known)."""
        chosen = select(reports.c.number, reports.c.id, reports.c.published).where(reports.c.number > after)
        chosen = chosen.order_by(reports.c.number)
        with reads(self._engine) as connection:
            yield from map(tuple, connection.execute(chosen))

    def some(self, ids: Iterable[str]) -> Iterator[Report]:
        """Reports by their whole ids, in the order given; those that are not there are left out."""
        coming = iter(ids)
        while chosen := list(islice(coming, _TOGETHER)):
            with reads(self._engine) as connection:
                found = dict(map(tuple, connection.execute(_SOME, {"given": chosen})))
            yield from (_reports.decode(found[id]) for id in chosen if id in found)

    def claims_of(self, ids: Iterable[str]) -> dict[str, tuple[Claim, ...]]:
        """The claims of the latest readings of some reports, by the reports' whole ids; those without any left out."""
        found: dict[str, list[Claim]] = {}
        coming = iter(ids)
        while chosen := list(islice(coming, _TOGETHER)):
            with reads(self._engine) as connection:
                for id, record in connection.execute(_CLAIMS_OF, {"given": chosen}):
                    found.setdefault(id, []).append(_claims.decode(record))
        return {id: tuple(some) for id, some in found.items()}

    def captures_of(self, ids: Iterable[str]) -> dict[str, Capture]:
        """The captures that some reports were taken from, by the reports' whole ids."""
        found: dict[str, Capture] = {}
        coming = iter(ids)
        while chosen := list(islice(coming, _TOGETHER)):
            with reads(self._engine) as connection:
                for id, record in connection.execute(_CAPTURES_OF, {"given": chosen}):
                    found[id] = _captures.decode(record)
        return found

    def latest_readings(self, ids: Iterable[str]) -> dict[str, str]:
        """The latest readings of some reports by their ids, by the reports' whole ids; those without one left out."""
        found: dict[str, str] = {}
        coming = iter(ids)
        while chosen := list(islice(coming, _TOGETHER)):
            with reads(self._engine) as connection:
                found |= dict(map(tuple, connection.execute(_LATEST_READINGS, {"given": chosen})))
        return found

    def readings(self, report: str) -> Iterator[Reading]:
        """All readings of a report (by its id or the beginning of it), the latest first."""
        with reads(self._engine) as connection:
            whole = whole_id(connection, reports, "report", report)
        joined = readings.join(reports, reports.c.number == readings.c.report)
        rows = (
            select(readings.c.id, reports.c.id.label("report"), readings.c.reader, claims.c.record)
            .select_from(joined.outerjoin(claims, claims.c.reading == readings.c.number))
            .where(reports.c.id == whole)
            .order_by(readings.c.number.desc(), claims.c.position)
        )
        return self._stream_readings(rows)

    def gaps(self, source: str = "", since: datetime = EVER) -> Iterator[Gap]:
        """Gaps in the order they were met first: all, or those of a watched source, or those met since then."""
        seen = func.rtrim(gaps.c.seen, "Z")  # so that half a second sorts behind none
        chosen = select(gaps.c.record).where(seen >= iso(since).removesuffix("Z")).order_by(gaps.c.number)
        if source:
            of = select(visits.c.url).where(visits.c.source == source)
            taken = captures.join(visits, visits.c.capture == captures.c.number)
            kept = select(captures.c.place).select_from(taken).where(visits.c.source == source)
            chosen = chosen.where(gaps.c.subject.in_(of.union(kept)))
        return self._stream(_gaps, chosen)

    def period(self) -> tuple[datetime, ...]:
        """When the first capture was taken and when the last; empty if there is none."""
        with reads(self._engine) as connection:
            # each on its own is looked up at an end of the index; both at once would be every capture
            found = [connection.scalar(select(end(captures.c.taken))) for end in (func.min, func.max)]
        return tuple(map(datetime.fromisoformat, filter(None, found)))

    def releases(self) -> Iterator[tuple[Release, Capture]]:
        """The latest release of each capture, with it, in the order of arrival."""
        with reads(self._engine) as connection:
            for release, capture in connection.execute(_RELEASES):
                yield _releases.decode(release), _captures.decode(capture)

    def _record(self, table: Table, kind: str, id: str) -> str:
        with reads(self._engine) as connection:

            def latest(whole: str) -> str:
                found = select(table.c.record).where(has_id(connection, table, whole))
                return connection.scalar(found.order_by(table.c.number.desc()).limit(1)) or ""

            return latest(id) or latest(whole_id(connection, table, kind, id))

    def _stream(self, decoder: msgspec.json.Decoder[T], chosen: Select[Any]) -> Iterator[T]:
        with reads(self._engine) as connection:
            for record in connection.scalars(chosen):
                yield decoder.decode(record)

    def _stream_claims(self, chosen: Select[Any], searched: bool) -> Iterator[tuple[Claim, Report]]:
        # Reports are fetched apart, once for each few hundred claims: joined in, a long text would be copied for
        # every claim in it.
        held: dict[int, Report] = {}
        with reads(self._engine) as connection:
            if searched:
                search.steadily(connection)
            for rows in connection.execute(chosen).partitions():
                wanted = {number for _, number in rows}
                held = {number: report for number, report in held.items() if number in wanted}
                held |= _reports_by_number(connection, wanted - held.keys())
                for record, number in rows:
                    yield _claims.decode(record), held[number]

    def _stream_readings(self, chosen: Select[Any]) -> Iterator[Reading]:
        def head(row: Any) -> tuple[str, str, str]:
            return row.id, row.report, row.reader

        with reads(self._engine) as connection:
            for (id, report, reader), rows in groupby(connection.execute(chosen), head):
                found = tuple(_claims.decode(row.record) for row in rows if row.record is not None)
                yield Reading(id, report, reader, found)
