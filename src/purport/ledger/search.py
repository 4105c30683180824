"""Words to search for, taken as words: nothing a person types is query syntax but the quotes around a phrase."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
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
)

from purport.core.errors import UsageError
from purport.ledger import tables

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


def match(words: str) -> str:
    """The FTS5 query that finds the words as they are: each in quotes, so that none is an operator.

    Raises UsageError when there is nothing to look for.
    """
    found = parts(words)
    if not found:
        raise UsageError("There is nothing to search for: write at least one word, or a phrase in quotes.")
    return " ".join(f'"{part}"' for part in found)


@dataclass(frozen=True)
class Index:
    """A full text index and the condition and order by which its entries answer a search."""

    name: str
    content: Table
    columns: tuple[str, ...]

    @property
    def table(self) -> TableClause:
        return table(self.name, column("rowid"), column("rank"))

    def last(self, connection: Connection) -> int:
        """The number of the entry added last; read before appending, it tells `feed` where to begin."""
        return connection.scalar(select(func.max(self.content.c.number))) or 0

    def feed(self, connection: Connection, after: int) -> None:
        """Takes the entries with a higher number than `after` into the index, within the transaction."""
        new = select(self.content.c.number, *(self.content.c[name] for name in self.columns))
        into = table(self.name, column("rowid"), *map(column, self.columns))
        connection.execute(insert(into).from_select(into.c.keys(), new.where(self.content.c.number > after)))

    def matches(self, words: str) -> ColumnElement[bool]:
        return text(f"{self.name} MATCH :words").bindparams(words=match(words))  # type: ignore[return-value]

    def order(self, connection: Connection, words: str) -> ColumnElement[Any]:
        """By BM25, the better the lower (https://sqlite.org/fts5.html#the_bm25_function), or last added first."""
        few = select(self.table.c.rowid).where(self.matches(words)).limit(RANKED + 1).subquery()
        many = (connection.scalar(select(func.count()).select_from(few)) or 0) > RANKED
        return self.table.c.rowid.desc() if many else self.table.c.rank.asc()


CLAIMS = Index("claims_words", tables.claims, ("source", "speaker", "cue", "content"))
CLAIM_IDS = Index("claims_ids", tables.claims, ("id",))
REPORTS = Index("reports_words", tables.reports, ("title", "text"))
FED = (CLAIMS, CLAIM_IDS, REPORTS)


def claims_whose_id_begins(beginning: str) -> ColumnElement[bool]:
    """The condition that a claim's id begins so."""
    digits = re.findall(r"[^\W_]+", beginning.removeprefix("claim-"))
    if not digits:
        return false()
    query = text("SELECT rowid FROM claims_ids WHERE claims_ids MATCH :digits")
    found = query.bindparams(digits=" ".join(f'"{part}"' for part in digits) + "*")
    return and_(tables.claims.c.number.in_(found), begins(tables.claims.c.id, beginning))


def begins(id: ColumnElement[str], beginning: str) -> ColumnElement[bool]:
    """The condition that an id begins so, in a form that an index serves: "~" sorts after every sign of an id."""
    return and_(id >= beginning, id < beginning + "~")
