"""A ledger by its URL, in whichever database it names."""

from pathlib import Path

from sqlalchemy import Engine

from purport.core.backups import Moved
from purport.core.errors import LedgerError
from purport.core.ports import Told
from purport.edges.postgres import NAMES, connect_postgres, open_postgres
from purport.edges.sqlite import connect_sqlite, open_sqlite, settle
from purport.ledger import moving

_OPENED = {"sqlite": open_sqlite, **dict.fromkeys(NAMES, open_postgres)}
_CONNECTED = {"sqlite": connect_sqlite, **dict.fromkeys(NAMES, connect_postgres)}


def open_ledger(url: str, who: str = "") -> Engine:
    """The ledger at `sqlite:///FILE` or `postgresql+psycopg://USER@HOST/DATABASE`. Raises LedgerError."""
    return _OPENED[_kind(url)](url, who)


def connect(url: str) -> Engine:
    """The database at such a URL, whatever tables it has: for a ledger that is to be brought there."""
    return _CONNECTED[_kind(url)](url)


def move(source: str, target: str, told: Told, who: str = "") -> Moved:
    """A ledger from one URL to another, row by row, verified. Raises LedgerError, CustodyError."""
    here, there = open_ledger(source, who), connect(target)
    try:
        moved = moving.move(here, there, told)
        moving.tidy(there)
        return moved
    finally:
        here.dispose()
        there.dispose()


def into_file(source: str, path: Path, told: Told, who: str = "") -> None:
    """The same into a file, which is then all of it. Raises LedgerError, CustodyError."""
    move(source, f"sqlite:///{path}", told, who)
    settle(path)


def _kind(url: str) -> str:
    kind = url.partition(":")[0]  # what follows may hold a password
    if kind not in _OPENED:
        raise LedgerError(f"A ledger is at sqlite:///FILE or {NAMES[0]}://USER@HOST/DATABASE, not at {kind}:…")
    return kind
