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
    false,
    func,
    literal,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.selectable import TableClause

from purport.ledger.bulk import copy, fetched
from purport.ledger.words import words

# Okapi BM25 (https://doi.org/10.1561/1500000019), as FTS5 has it: how soon repetition tires, what length takes off.
# Each word weighs the same here: in an entry that is found all of them stand.
_K, _B = 1.2, 0.75
_FAR = 5  # times more or less by estimate is taken for more or less
# The found entries lead, and each is looked up in one table after the other as they are written, until there are
# enough: what the server guesses of several conditions at once is off by hundreds of times, and then it joins millions.
_STEADY = {"join_collapse_limit": "1", "enable_hashjoin": "off", "enable_mergejoin": "off"}


def feed(connection: Connection, into: TableClause, new: Select[Any]) -> None:
    """Takes entries, each a number and its texts, into the index."""
    for rows in fetched(connection, new, 256, as_kept=True):  # signs that stand for others are no letters either way
        copy(connection, into.name, ("rowid", "words", "each"), (row(number, *texts) for number, *texts in rows))


def row(number: int, *texts: str) -> tuple[int, str, str]:
    """An entry as it stands in the index: its number, its words, their numbers."""
    found = words(*texts)
    each = set(found.split())
    each.discard("/")
    return number, f" {found} ", f"{{{','.join(map(_number, each))}}}"


@lru_cache(maxsize=1 << 16)
def _number(word: str) -> str:
    """What a word goes by in the index: numbers are found sooner than words; which word it is, the row tells."""
    return str(crc32(word.encode()) - (1 << 31))


def in_steps(connection: Connection) -> None:
    """Until the transaction ends, what is joined to found entries is looked up for one after the other."""
    connection.execute(select(*(func.set_config(name, value, True) for name, value in _STEADY.items()))).all()


def _phrases(parts: Iterable[str]) -> list[str]:
    return [phrase for part in parts if (phrase := words(part))]


def matches(of: TableClause, parts: list[str]) -> ColumnElement[bool]:
    """The condition that all parts are found, those of several words one word after the other."""
    phrases = _phrases(parts)
    held = [of.c.words.like(literal(f"% {phrase} %")) for phrase in phrases]
    return and_(_numbered(of, phrases), *held)


def _numbered(of: TableClause, phrases: list[str]) -> ColumnElement[bool]:
    """The condition that an entry has the words by their numbers, whatever their order; the index serves it."""
    each = sorted({int(_number(word)) for phrase in phrases for word in phrase.split()})
    return of.c.each.op("@>", is_comparison=True)(cast(each, ARRAY(Integer)))


def found(
    connection: Connection, of: TableClause, parts: list[str], most: int
) -> tuple[Subquery, ColumnElement[Any], bool]:
    """The entries (`rowid`) that hold all parts, by what to put them in order, and are they more than `most`?

    Then the newest come first, otherwise the best.

    They come out in that order, so that of a million the first fifty are had without looking at the rest.
    """
    if _are_many(connection, of, parts, most):
        # In a form that no index serves: gone through from the newest on, for enough are soon met
        here = func.coalesce(matches(of, parts), false())
        many = select(of.c.rowid).where(here).order_by(of.c.rowid.desc()).subquery()
        return many, many.c.rowid.desc(), True
    chosen = select(of.c.rowid).where(matches(of, parts))
    best = chosen.add_columns(_rank(of, parts).label("rank")).order_by("rank").subquery()
    return best, best.c.rank, False


def _are_many(connection: Connection, of: TableClause, parts: list[str], most: int) -> bool:
    """Are there more than `most`? They are counted only where the database's statistics leave it open.

    It knows how frequent words are by their numbers; of what stands in a text it knows nothing.
    """
    phrases, chosen = _phrases(parts), select(of.c.rowid).where(matches(of, parts))
    alone = all(" " not in phrase for phrase in phrases)
    guessed = select(of.c.rowid).where(_numbered(of, phrases)) if alone else chosen
    plan = connection.scalar(_Explained(guessed), execution_options={"yield_per": 0})
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
