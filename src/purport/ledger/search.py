"""Words to search for, taken as words: nothing a person types is query syntax but the quotes around a phrase.

The same words find the same entries in both databases: by FTS5 in SQLite, by `gin.py` in PostgreSQL.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Table,
    TableClause,
    and_,
    column,
    false,
    func,
    insert,
    select,
    table,
    text,
    true,
)

from purport.core.errors import UsageError
from purport.ledger import gin, tables

# Up to this many matches are ranked. A search that more entries match can't tell a better one from a worse one
# by its words (BM25 gives a word in half of all entries no weight), and ranking millions takes seconds: it
# gives the entries added last first instead, at once.
RANKED = 20_000

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_PARTS = re.compile(r'"([^"]*)"|([^\s"]+)')


def parts(words: str) -> list[str]:
    """The words and quoted phrases of a search, without signs that stand alone. All must be found."""
    # NUL ends a query early in SQLite, and a lone surrogate (a byte the terminal could not read) is no text
    clean = re.sub("[\0\ud800-\udfff]", " ", words).translate(_QUOTES)
    found = (phrase or word for phrase, word in _PARTS.findall(clean))
    return [part for part in found if any(letter.isalnum() for letter in part)]


def asked(words: str) -> list[str]:
    """The words and phrases of a search. Raises UsageError when there is nothing to look for."""
    found = parts(words)
    if not found:
        raise UsageError("There is nothing to search for: write at least one word, or a phrase in quotes.")
    return found


def match(words: str) -> str:
    """The FTS5 query that finds the words as they are: each in quotes, so that none is an operator."""
    return " ".join(f'"{part}"' for part in asked(words))


@dataclass(frozen=True)
class Found:
    """What answers a search: where its entries stand, by `rowid`, the condition on them, and their order."""

    source: FromClause
    holds: ColumnElement[bool]
    order: ColumnElement[Any]
    matches: int  # as far as they are counted: in SQLite, or beyond those that are ranked

    @property
    def many(self) -> bool:
        """More than are ranked: the newest come first."""
        return self.matches > RANKED


@dataclass(frozen=True)
class Index:
    """A full text index and what it is over."""

    name: str
    content: Table
    columns: tuple[str, ...]

    @cached_property
    def table(self) -> TableClause:
        return table(self.name, column("rowid"), column("rank"), column("words"), column("each"))

    def last(self, connection: Connection) -> int:
        """The number of the entry added last; read before appending, it tells `feed` where to begin."""
        return connection.scalar(select(func.max(self.content.c.number))) or 0

    def feed(self, connection: Connection, after: int) -> None:
        """Takes the entries with a higher number than `after` into the index, within the transaction."""
        new = select(self.content.c.number, *(self.content.c[name] for name in self.columns))
        new = new.where(self.content.c.number > after)
        if _in_postgresql(connection):
            gin.feed(connection, self.table, new)
            return
        into = table(self.name, column("rowid"), *map(column, self.columns))
        connection.execute(insert(into).from_select(into.c.keys(), new))

    def matches(self, connection: Connection, words: str) -> ColumnElement[bool]:
        """The condition that an entry of the index holds the words. Raises UsageError."""
        if _in_postgresql(connection):
            return gin.matches(self.table, asked(words))
        return text(f"{self.name} MATCH :words").bindparams(words=match(words))  # type: ignore[return-value]

    def found(self, connection: Connection, words: str) -> Found:
        """The entries that hold the words. Raises UsageError."""
        if _in_postgresql(connection):
            source, order, many = gin.found(connection, self.table, asked(words), RANKED)
            return Found(source, true(), order, many * (RANKED + 1))
        # BM25, the better the lower (https://sqlite.org/fts5.html#the_bm25_function), or last added first
        holds = self.matches(connection, words)
        few = select(self.table.c.rowid).where(holds).limit(RANKED + 1).subquery()
        matches = connection.scalar(select(func.count()).select_from(few)) or 0
        order = self.table.c.rowid.desc() if matches > RANKED else self.table.c.rank.asc()
        return Found(self.table, holds, order, matches)


def steadily(connection: Connection) -> None:
    """What was found leads the statements of this transaction that join it to other tables, as it does in SQLite."""
    if _in_postgresql(connection):
        gin.in_steps(connection)


CLAIMS = Index("claims_words", tables.claims, ("source", "speaker", "cue", "content"))
CLAIM_IDS = Index("claims_ids", tables.claims, ("id",))
REPORTS = Index("reports_words", tables.reports, ("title", "text"))


def fed(connection: Connection) -> tuple[Index, ...]:
    """The indexes that new entries are taken into by hand."""
    return (CLAIMS, REPORTS) if _in_postgresql(connection) else (CLAIMS, CLAIM_IDS, REPORTS)


def _in_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def claims_whose_id_begins(connection: Connection, beginning: str) -> ColumnElement[bool]:
    """The condition that a claim's id begins so."""
    if _in_postgresql(connection):
        return begins(tables.claims.c.id, beginning)
    digits = re.findall(r"[^\W_]+", beginning.removeprefix("claim-"))
    if not digits:
        return false()
    query = text("SELECT rowid FROM claims_ids WHERE claims_ids MATCH :digits")
    found = query.bindparams(digits=" ".join(f'"{part}"' for part in digits) + "*")
    return and_(tables.claims.c.number.in_(found), begins(tables.claims.c.id, beginning))


def begins(id: ColumnElement[str], beginning: str) -> ColumnElement[bool]:
    """The condition that an id begins so, in a form that an index serves: "~" sorts after every sign of an id."""
    return and_(id >= beginning, id < beginning + "~")
