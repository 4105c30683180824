"""Entries by their id or the beginning of one."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from purport.core.errors import NotFoundError
from purport.ledger import search
from purport.ledger.tables import claims

SHORTEST = 4  # digits of an id to look it up by
_CANDIDATES = 5  # named when a short id means several


def _begins(connection: Connection, table: Table, beginning: str) -> ColumnElement[bool]:
    if table is claims:
        return search.claims_whose_id_begins(connection, beginning)
    return search.begins(table.c.id, beginning)


def has_id(connection: Connection, table: Table, id: str) -> ColumnElement[bool]:
    """The condition that an entry has just this id, in a form that an index serves."""
    return _begins(connection, table, id) & (table.c.id == id)


def whole_id(connection: Connection, table: Table, kind: str, id: str) -> str:
    """The id that is meant by itself, without its kind or by its beginning.

    Raises NotFoundError when that is none (it says what was searched) or several (it lists some).
    """
    asked = id.strip().rstrip(".…")  # as tables on a screen shorten it
    beginning = asked.lower() if asked.lower().startswith(f"{kind}-") else f"{kind}-{asked.lower()}"
    for exact in (asked, beginning):
        if connection.scalar(select(table.c.id).where(has_id(connection, table, exact)).limit(1)):
            return exact
    if len(beginning) - len(kind) - 1 < SHORTEST:
        raise NotFoundError(f"{id!r} is too short for the id of a {kind}: give at least {SHORTEST} of its digits.")
    some = select(table.c.id).where(_begins(connection, table, beginning)).distinct().order_by(table.c.id)
    found: list[Any] = list(connection.scalars(some.limit(_CANDIDATES + 1)))
    if len(found) == 1:
        return str(found[0])
    if found:
        more = " …" if len(found) > _CANDIDATES else ""
        raise NotFoundError(
            f"{beginning!r} is the beginning of several ids: {', '.join(found[:_CANDIDATES])}{more}. Give more digits."
        )
    count = connection.scalar(select(func.count()).select_from(table)) or 0
    raise NotFoundError(
        f"No {kind} has an id that begins with {beginning!r}; the ledger was searched through, "
        f"{count:,} {kind}{'' if count == 1 else 's'}."
    )
