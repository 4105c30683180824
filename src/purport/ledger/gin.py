"""Full text search in PostgreSQL: an entry's words in one text, an index over each, phrases looked for in the rows.

The tables are made by `migrations/0001.postgresql.sql`, which says why they are of this kind.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from zlib import crc32

from sqlalchemy import (
    ARRAY,
    ClauseElement,
    ColumnElement,
    Connection,
    Executable,
    Float,
    Integer,
    Select,
    Subquery,
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

# Okapi BM25 (https://doi.org/10.1561/1500000019), as FTS5 has it: how soon repetition tires, what length takes off.
# Each word weighs the same here: in an entry that is found all of them stand.
_K, _B = 1.2, 0.75
_FAR = 5  # times more or less by estimate is taken for more or less


def feed(connection: Connection, into: TableClause, new: Select[Any]) -> None:
    """Takes entries, each a number and its texts, into the index."""
    for rows in connection.execute(new, execution_options={"yield_per": 256}).partitions():
        copy(connection, into.name, ("rowid", "words", "each"), (_row(number, *texts) for number, *texts in rows))


def _row(number: int, *texts: str) -> tuple[int, str, str]:
    found = words(*texts)
    each = set(found.split())
    each.discard("/")
    return number, f" {found} ", f"{{{','.join(map(_number, each))}}}"


@lru_cache(maxsize=1 << 16)
def _number(word: str) -> str:
    """What a word goes by in the index: numbers are found sooner than words; which word it is, the row tells."""
    return str(crc32(word.encode()) - (1 << 31))


def _phrases(parts: Iterable[str]) -> list[str]:
    return [phrase for part in parts if (phrase := words(part))]


def matches(of: TableClause, parts: list[str]) -> ColumnElement[bool]:
    """The condition that all parts are found, those of several words one word after the other."""
    phrases = _phrases(parts)
    each = sorted({int(_number(word)) for phrase in phrases for word in phrase.split()})
    held = [of.c.words.like(literal(f"% {phrase} %")) for phrase in phrases]
    return and_(of.c.each.op("@>")(cast(each, ARRAY(Integer))), *held)


def found(connection: Connection, of: TableClause, parts: list[str], most: int) -> tuple[Subquery, ColumnElement[Any]]:
    """The entries (`rowid`) that hold all parts, and by what to put them in order: the best first, or the newest.

    They come out in that order, so that of a million the first fifty are had without looking at the rest.
    """
    chosen = select(of.c.rowid).where(matches(of, parts))
    if _are_many(connection, chosen, most):
        many = chosen.order_by(of.c.rowid.desc()).subquery()
        return many, many.c.rowid.desc()
    best = chosen.add_columns(_rank(of, parts).label("rank")).order_by("rank").subquery()
    return best, best.c.rank


def _are_many(connection: Connection, chosen: Select[Any], most: int) -> bool:
    """Are there more than `most`? They are counted only where the database's statistics leave it open."""
    plan = connection.scalar(_Explained(chosen), execution_options={"yield_per": 0})
    guess = plan[0]["Plan"]["Plan Rows"]
    if guess > most * _FAR or guess * _FAR < most:
        return bool(guess > most)
    return (connection.scalar(select(func.count()).select_from(chosen.limit(most + 1).subquery())) or 0) > most


class _Explained(Executable, ClauseElement):
    """How a statement would be carried out, in JSON. https://www.postgresql.org/docs/current/sql-explain.html"""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(_Explained)
def _explain(element: _Explained, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"


def _rank(of: TableClause, parts: list[str]) -> ColumnElement[float]:
    """How well an entry matches, the better the lower."""
    total: ColumnElement[float] = literal(0.0, Float)
    length = cast(func.length(of.c.words), Float)
    usual = func.avg(length).over()
    for phrase in _phrases(parts):
        times = (length - cast(func.length(func.replace(of.c.words, f" {phrase} ", "")), Float)) / (len(phrase) + 2)
        total += times * (_K + 1) / (times + _K * (1 - _B + _B * length / usual))
    return -total
