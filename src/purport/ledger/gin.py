"""Full text search in PostgreSQL: an entry's words in one text, an index over each, phrases looked for in the rows.

The tables are made by `migrations/0001.postgresql.sql`, which says why they are of this kind.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ARRAY,
    ClauseElement,
    ColumnElement,
    Connection,
    Executable,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.selectable import TableClause

from purport.ledger.bulk import copy
from purport.ledger.words import words

_APART = " / "  # between what stood in different columns: no word, so that no phrase goes over it
# Okapi BM25 (https://doi.org/10.1561/1500000019), as FTS5 has it: how soon repetition tires, what length takes off.
# Each word weighs the same here: in an entry that is found all of them stand.
_K, _B = 1.2, 0.75
_FAR = 5  # times too many by estimate is taken for too many


def feed(connection: Connection, into: TableClause, new: Select[tuple[int, ...]]) -> None:
    """Takes entries, each a number and its texts, into the index."""
    for rows in connection.execute(new, execution_options={"yield_per": 256}).partitions():
        copy(connection, into.name, ("rowid", "words"), ((row[0], _text(row[1:])) for row in rows))


def _text(columns: Iterable[str]) -> str:
    return _APART.join(words(column or "") for column in columns)


def matches(into: TableClause, parts: list[str]) -> ColumnElement[bool]:
    """The condition that all parts are found, those of several words one word after the other."""
    phrases = [phrase for part in parts if (phrase := words(part))]
    each = sorted({word for phrase in phrases for word in phrase.split()})
    held = func.string_to_array(into.c.words, literal(" ", literal_execute=True))
    wanted = cast(each, ARRAY(Text))
    whole = [_around(into).contains(f" {phrase} ") for phrase in phrases if " " in phrase]
    return and_(held.op("@>")(wanted), *whole)


def are_many(connection: Connection, into: TableClause, parts: list[str], most: int) -> bool:
    """Do more than `most` entries match? What the database's statistics say of words that are common by far, it need
    not count: to do so takes longer than all else."""
    found = select(into.c.rowid).where(matches(into, parts))
    plan = connection.scalar(_Explained(found), execution_options={"yield_per": 0})
    if plan[0]["Plan"]["Plan Rows"] > most * _FAR:
        return True
    few = found.limit(most + 1).subquery()
    return (connection.scalar(select(func.count()).select_from(few)) or 0) > most


class _Explained(Executable, ClauseElement):
    """How a statement would be carried out, in JSON. https://www.postgresql.org/docs/current/sql-explain.html"""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(_Explained)
def _explain(element: _Explained, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"


def rank(into: TableClause, parts: list[str]) -> ColumnElement[float]:
    """How well an entry matches, the better the lower."""
    total: ColumnElement[float] = literal(0.0)
    length = func.length(into.c.words)
    for phrase in filter(None, map(words, parts)):
        sign = f" {phrase} "
        times = (func.length(_around(into)) - func.length(func.replace(_around(into), sign, ""))) / float(len(sign))
        total += times * (_K + 1) / (times + _K * (1 - _B + _B * length / func.avg(length).over()))
    return -total


def _around(into: TableClause) -> ColumnElement[str]:
    return literal(" ", Text) + into.c.words + literal(" ", Text)
