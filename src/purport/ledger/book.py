"""The ledger's one way in: records are appended, each call is one transaction, twice is once."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Engine, Table, select

from purport.core.errors import LedgerError
from purport.core.records import Capture, Gap, Reading, Report
from purport.ledger import search, tables
from purport.ledger.faults import reading as reads
from purport.ledger.faults import writing
from purport.ledger.rows import Row, capture_row, claim_rows, gap_row, reading_row, report_row

ROWS = 1000  # a statement: more is no faster, and holds more in memory
READINGS = 100  # looked up together, with their reports' texts

T = TypeVar("T")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, the last one shorter; nothing is held but one list."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _append(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    """Adds the rows whose id is not there yet; returns how many that were."""
    columns = [c.name for c in table.columns if c.name != "number" and c.computed is None]
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    marks = ", ".join([mark] * len(columns))
    statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks}) ON CONFLICT DO NOTHING"
    options = {"preserve_rowcount": True}
    return sum(connection.exec_driver_sql(statement, batch, options).rowcount for batch in batches(rows, ROWS))


def _append_readings(connection: Connection, readings: list[Reading]) -> int:
    """Adds the readings that are not there yet, with their claims.

    A reading and its claims arrive in one transaction, so one that is there has all of its claims.
    """
    asked = {reading.id: reading for reading in readings}
    table = tables.readings
    known = set(connection.scalars(select(table.c.id).where(table.c.id.in_(asked))))
    fresh = [reading for reading in asked.values() if reading.id not in known]
    if not fresh:
        return 0
    wanted = {reading.report for reading in fresh}
    found = connection.execute(
        select(tables.reports.c.id, tables.reports.c.text).where(tables.reports.c.id.in_(wanted))
    )
    texts = {row.id: row.text for row in found}
    if absent := sorted(wanted - texts.keys()):
        raise LedgerError(
            f"Nothing was added: a reading is of {absent[0]}, which the ledger does not hold. "
            "Add the report before its reading, or in the same call."
        )
    new = _append(connection, table, map(reading_row, fresh))
    numbered = connection.execute(
        select(table.c.id, table.c.number).where(table.c.id.in_([reading.id for reading in fresh]))
    )
    numbers = {row.id: row.number for row in numbered}
    rows = (row for reading in fresh for row in claim_rows(reading.claims, numbers[reading.id], texts[reading.report]))
    return new + _append(connection, tables.claims, rows)


class Book:
    """Appends to the ledger of an engine (`core.ports.Writer`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        captures: Iterable[Capture] = (),
        reports: Iterable[Report] = (),
        readings: Iterable[Reading] = (),
        gaps: Iterable[Gap] = (),
    ) -> int:
        """Append records; returns how many entries (of all kinds, claims included) were new.

        All of it is added or nothing. The iterables are drawn from while other writers wait, so hand in what is
        ready; some hundred reports a call is a good measure. Raises LedgerError.
        """
        with writing(self._engine) as connection:
            last = [(index, index.last(connection)) for index in (search.CLAIMS, search.REPORTS)]
            new = _append(connection, tables.captures, map(capture_row, captures))
            new += _append(connection, tables.reports, map(report_row, reports))
            for batch in batches(readings, READINGS):
                new += _append_readings(connection, batch)
            new += _append(connection, tables.gaps, map(gap_row, gaps))
            for index, number in last:
                index.feed(connection, after=number)
            return new

    def has_reading(self, report: str, reader: str) -> bool:
        """Has this reader (by its version) read this report (by its whole id) already?"""
        return has_reading(self._engine, report, reader)


def has_reading(engine: Engine, report: str, reader: str) -> bool:
    table = tables.readings
    statement = select(table.c.number).where(table.c.report == report, table.c.reader == reader).limit(1)
    with reads(engine) as connection:
        return connection.scalar(statement) is not None
