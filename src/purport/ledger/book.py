"""The ledger's one way in: records are appended, each call is one transaction, twice is once."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Table, select

from purport.core import journal
from purport.core.custody import Deed, Stamp
from purport.core.errors import LedgerError
from purport.core.matches import Comparison
from purport.core.records import Capture, Gap, Reading, Release, Report
from purport.core.watching import Exchange, Listed, Visit
from purport.ledger import custody, search, tables
from purport.ledger.bulk import batches
from purport.ledger.faults import reading as reads
from purport.ledger.faults import writing
from purport.ledger.intake import Intake
from purport.ledger.rows import (
    capture_row,
    claim_rows,
    comparison_row,
    exchange_row,
    gap_row,
    listed_row,
    match_rows,
    reading_row,
    release_row,
    report_row,
    stamp_row,
    visit_row,
)

TOGETHER = 100  # reports or readings, with what they point at; of readings also their reports' texts


def _numbers(connection: Connection, table: Table, kind: str, ids: set[str], of: str) -> dict[str, int]:
    """The numbers of entries that others point at by their ids. Raises LedgerError when one is not there."""
    found = connection.execute(select(table.c.id, table.c.number).where(table.c.id.in_(ids)))
    numbers: dict[str, int] = dict(map(tuple, found.all()))
    if absent := sorted(ids - numbers.keys()):
        raise LedgerError(
            f"Nothing was added: a {of} is of {absent[0]}, which the ledger does not hold. "
            f"Add the {kind} before its {of}, or in the same call."
        )
    return numbers


def _append_reports(intake: Intake, reports: list[Report]) -> int:
    captures = _numbers(intake.connection, tables.captures, "capture", {report.capture for report in reports}, "report")
    return intake.append(tables.reports, (report_row(report, captures[report.capture]) for report in reports))


def _append_releases(intake: Intake, releases: list[Release]) -> int:
    captures = _numbers(intake.connection, tables.captures, "capture", {one.capture for one in releases}, "release")
    return intake.append(tables.releases, (release_row(one, captures[one.capture]) for one in releases))


def _append_readings(intake: Intake, readings: list[Reading]) -> int:
    """Adds the readings that are not there yet, with their claims.

    A reading and its claims arrive in one transaction, so one that is there has all of its claims.
    """
    connection = intake.connection
    asked = {reading.id: reading for reading in readings}
    numbers = _numbers(connection, tables.reports, "report", {one.report for one in asked.values()}, "reading")
    table = tables.readings
    known = set(connection.scalars(select(table.c.id).where(table.c.report.in_(numbers.values()))))
    fresh = [reading for reading in asked.values() if reading.id not in known]
    new = intake.append(table, (reading_row(reading, numbers[reading.report]) for reading in fresh))
    wanted = {numbers[reading.report] for reading in fresh}
    stored = tables.reports.c
    telling = select(stored.id, stored.text).where(stored.number.in_(wanted))
    texts = dict(map(tuple, connection.execute(telling).all()))
    asking = select(table.c.id, table.c.number).where(table.c.report.in_(wanted))
    given = dict(map(tuple, connection.execute(asking).all()))
    rows = (row for one in fresh for row in claim_rows(one.claims, given[one.id], texts[one.report]))
    return new + intake.append(tables.claims, rows)


def _append_visits(intake: Intake, visits: list[Visit]) -> int:
    connection = intake.connection
    items = _numbers(connection, tables.listed, "listed item", {one.item for one in visits if one.item}, "visit")
    taken = _numbers(connection, tables.captures, "capture", {one.capture for one in visits if one.capture}, "visit")
    rows = (visit_row(one, items.get(one.item, 0), taken.get(one.capture, 0)) for one in visits)
    return intake.append(tables.visits, rows)


def _append_comparison(intake: Intake, comparison: Comparison) -> int:
    """Adds a comparison with its matches; one that is there has all of its own."""
    ids = {comparison.release, *(match.reference for match in comparison.matches)}
    numbers = _numbers(intake.connection, tables.releases, "release", ids, "comparison")
    table = tables.comparisons
    if not intake.append(table, [comparison_row(comparison, numbers[comparison.release])]):
        return 0
    number = intake.connection.scalar(select(table.c.number).where(table.c.id == comparison.id)) or 0
    return 1 + intake.append(tables.matches, match_rows(comparison, number, numbers))


def _now() -> datetime:
    return datetime.now(UTC)


class Book:
    """Appends to the ledger of an engine (`core.ports.Writer`). `who` is whom the custody log names."""

    def __init__(self, engine: Engine, who: str = "", now: Callable[[], datetime] = _now) -> None:
        self._engine, self._who, self._now = engine, who, now

    def add(
        self,
        captures: Iterable[Capture] = (),
        reports: Iterable[Report] = (),
        readings: Iterable[Reading] = (),
        gaps: Iterable[Gap] = (),
        releases: Iterable[Release] = (),
        stamps: Iterable[Stamp] = (),
        listed: Iterable[Listed] = (),
        exchanges: Iterable[Exchange] = (),
        visits: Iterable[Visit] = (),
        comparisons: Iterable[Comparison] = (),
        entries: Iterable[Deed] = (),
        what: str = "add",
    ) -> int:
        """Append records; returns how many entries (of all kinds, claims included) were new.

        What is new goes into the custody log, in the same transaction, by the verb `what`; `entries` are deeds to tell
        of whether anything is new or not, and the first of them then vouches for what is.
        All of it is added or nothing. The iterables are drawn from while other writers wait, so hand in what is
        ready; some hundred reports a call is a good measure. Raises LedgerError.
        """
        with journal.step("append", deed=what) as told, writing(self._engine) as connection:
            before = custody.lasts(connection)
            intake = Intake(connection, before)
            last = [(index, index.last(connection)) for index in search.fed(connection)]
            new = intake.append(tables.captures, map(capture_row, captures))
            new += sum(_append_reports(intake, some) for some in batches(reports, TOGETHER))
            new += sum(_append_readings(intake, some) for some in batches(readings, TOGETHER))
            new += sum(_append_releases(intake, some) for some in batches(releases, TOGETHER))
            new += intake.append(tables.gaps, map(gap_row, gaps))
            new += intake.append(tables.stamps, map(stamp_row, stamps))
            new += intake.append(tables.listed, map(listed_row, listed))
            new += intake.append(tables.exchanges, map(exchange_row, exchanges))
            new += sum(_append_visits(intake, some) for some in batches(visits, TOGETHER))
            new += sum(_append_comparison(intake, one) for one in comparisons)
            for index, number in last:
                index.feed(connection, after=number)
            custody.seal(connection, entries, what, before, self._who, self._now(), intake)
            told["rows"] = new
            return new

    def has_reading(self, report: str, reader: str) -> bool:
        """Has this reader (by its version) read this report (by its whole id) already?"""
        return has_reading(self._engine, report, reader)


def has_reading(engine: Engine, report: str, reader: str) -> bool:
    joined = tables.readings.join(tables.reports, tables.reports.c.number == tables.readings.c.report)
    statement = (
        select(tables.readings.c.number)
        .select_from(joined)
        .where(tables.reports.c.id == report, tables.readings.c.reader == reader)
        .limit(1)
    )
    with reads(engine) as connection:
        return connection.scalar(statement) is not None
