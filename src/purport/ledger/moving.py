"""A ledger from one database into another: every row with its number, the custody log as it is, all held by digests.

Rows are only ever appended and numbered without a hole. So what a table holds already is the beginning of what it will
hold, a move that was killed goes on behind it, and one that was done can be done again for what came since.
"""

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import Connection, Engine, Table, inspect, select

from purport.core.backups import Moved
from purport.core.errors import CustodyError, LedgerError
from purport.core.ports import Told
from purport.ledger import search
from purport.ledger.bulk import put
from purport.ledger.custody import digest_over, key, lasts, named
from purport.ledger.faults import reading, writing
from purport.ledger.migrate import make_tables
from purport.ledger.tables import custody, ledger_versions, metadata

TOGETHER = 5_000  # rows, which arrive together or not at all
_HELD = 250  # rows in memory at a time: a report's text may have megabytes

# What others point at first. The versions last of all: without them no program takes the tables for a ledger.
_ORDER = [
    *(table for table in metadata.sorted_tables if table not in (custody, ledger_versions)),
    custody,
    ledger_versions,
]


def move(source: Engine, target: Engine, told: Told) -> Moved:
    """Copies what the target does not hold yet; the source as it stands at one moment, whatever is being written.

    The target is an empty database, or what an earlier move brought there. Raises LedgerError for any other, and
    CustodyError when a table does not come out with the digest that it has in the source.
    """
    with writing(target) as there:
        if not inspect(there).get_table_names():
            make_tables(there)
    with reading(source) as here:
        ends = lasts(here, _ORDER)
        with reading(target) as there:
            had = lasts(there, _ORDER)
            _expect_the_same_ledger(here, there, had, ends)
        every, done = sum(ends.values()) * 2, sum(had.values())  # each row is copied, and then held against its twin
        for table in _ORDER:
            for many in _copied(here, target, table, had[named(table)]):
                done += many
                told(done / every)
        for table in _ORDER:
            name, last = named(table), ends[named(table)]
            with reading(target) as there:
                if digest_over(here, table, 1, last) != digest_over(there, table, 1, last):
                    raise CustodyError(f"The table {name}", "came out different. Empty the target, and move again.")
            done += last
            told(done / every)
        head = select(custody.c.id).order_by(custody.c.number.desc()).limit(1)
        return Moved(
            rows=sum(ends.values()), fresh=sum(ends.values()) - sum(had.values()), head=here.scalar(head) or ""
        )


def _expect_the_same_ledger(here: Connection, there: Connection, had: dict[str, int], ends: dict[str, int]) -> None:
    """Is what the target holds the beginning of the source, in tables of the same form?"""
    versions = named(ledger_versions)
    if had[versions] and had[versions] != ends[versions]:
        raise LedgerError("The target was made by another version of Purport. Empty it, and move again.")
    for table in (custody, *_ORDER[:-1]):
        if (last := had[named(table)]) and "id" in table.c:
            both = [at.scalar(select(table.c.id).where(table.c.number == last)) for at in (here, there)]
            if both[0] != both[1]:
                raise LedgerError("The target holds another ledger, and was left as it is. Name an empty database.")


def _copied(here: Connection, target: Engine, table: Table, after: int) -> Iterator[int]:
    """Copies the rows behind a number; gives how many with each transaction."""
    columns = [column for column in table.columns if column.computed is None]
    chosen = select(*columns).where(key(table) > after).order_by(key(table))
    rows = iter(here.execute(chosen, execution_options={"yield_per": _HELD}).partitions())
    names, many = [column.name for column in columns], 1
    while many:
        with writing(target) as there:
            fed = [(index, index.last(there)) for index in search.fed(there) if index.content is table]
            many = 0
            for some in islice(rows, TOGETHER // _HELD):
                put(there, table.name, names, some)
                many += len(some)
            for index, last in fed:
                index.feed(there, after=last)
        yield many


def tidy(engine: Engine) -> None:
    """Let PostgreSQL look at what it holds now, so that it finds the best way to it at once."""
    if engine.dialect.name == "postgresql":
        with writing(engine) as connection:
            connection.exec_driver_sql("ANALYZE")
