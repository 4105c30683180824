"""The large ledger of `big_ledger.py` in an empty PostgreSQL database, by two processes, past the program's own way in.

    python bench/big_postgresql.py --ledger postgresql+psycopg:///big --reports 100000

Rows are made as the program makes them and copied table by table without indexes, which are made in the end as the
migrations have them. Nothing is sealed: the custody log of such a ledger vouches for none of it. The user must be a
superuser, so that references need not be looked up row by row.
"""

import argparse
import multiprocessing
import time
from itertools import islice
from typing import Any

from sqlalchemy import Connection, create_engine, text

from big_ledger import News
from purport.core.records import Capture, Reading, Report
from purport.edges.ledgers import open_ledger
from purport.ledger import gin, tables
from purport.ledger.bulk import copy
from purport.ledger.rows import capture_row, claim_rows, reading_row, report_row

CLAIMS = 20  # of each report
PARTS = 20  # of all reports; each is a transaction
BATCH = 250  # reports that are made and copied at a time
SLOW = ("claims_by_id", "claims_words_each", "reports_words_each")  # indexes in which rows stand in no order


def part(url: str, reports: int, first: int, count: int) -> None:
    engine = create_engine(url)
    news = News(CLAIMS, reports=reports)
    news.dice.seed(f"from {first}")
    coming = news.entries(first)
    with engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        for start in range(first, first + count, BATCH):
            put(connection, start, list(islice(coming, min(BATCH, first + count - start))))
    engine.dispose()


def put(connection: Connection, start: int, some: list[tuple[Capture, Report, Reading]]) -> None:
    rows: dict[str, list[tuple[Any, ...]]] = {"captures": [], "reports": [], "readings": [], "claims": []}
    found: dict[str, list[tuple[Any, ...]]] = {"claims_words": [], "reports_words": []}
    for number, (capture, report, reading) in enumerate(some, start + 1):
        rows["captures"].append((number, *capture_row(capture)))
        rows["reports"].append((number, *report_row(report, number)))
        rows["readings"].append((number, *reading_row(reading, number)))
        found["reports_words"].append(gin.row(number, report.title, report.text))
        for at, row in enumerate(claim_rows(reading.claims, number, report.text), (number - 1) * CLAIMS + 1):
            rows["claims"].append((at, *row))
            found["claims_words"].append(gin.row(at, *row[3:7]))
    for name, many in rows.items():
        columns = [column.name for column in tables.metadata.tables[name].columns if column.computed is None]
        copy(connection, name, columns, many)
    for name, words in found.items():
        copy(connection, name, ("rowid", "words", "each"), words)


def make(url: str, reports: int) -> None:
    """Fill the empty database at that address. Raises LedgerError."""
    open_ledger(url).dispose()
    engine, began = create_engine(url, isolation_level="AUTOCOMMIT"), time.perf_counter()

    def told(what: str) -> None:
        print(f"{time.perf_counter() - began:6.0f} s  {what}", flush=True)

    with engine.connect() as connection:
        asked = text("SELECT indexdef FROM pg_indexes WHERE indexname = :name")
        slow = [connection.scalar(asked, {"name": name}) for name in SLOW]
        for name in SLOW:
            connection.execute(text(f"DROP INDEX {name}"))
        share = -(-reports // PARTS)
        parts = [(url, reports, first, min(share, reports - first)) for first in range(0, reports, share)]
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            pool.starmap(part, parts, chunksize=1)
        told(f"{reports:,} reports")
        connection.execute(text("SET maintenance_work_mem = '1GB'"))
        for definition in slow:
            connection.execute(text(definition or ""))
            told(str(definition))
        connection.execute(text("VACUUM ANALYZE"))
        told("vacuumed")
    engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ledger", required=True, help="the URL of an empty database")
    parser.add_argument("--reports", type=int, default=100_000, help=f"of {CLAIMS} claims each (default: 100,000)")
    asked = parser.parse_args()
    make(asked.ledger, asked.reports)


if __name__ == "__main__":
    main()
