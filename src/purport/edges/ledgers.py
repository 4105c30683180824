"""A ledger by its URL, in whichever database it names."""

from sqlalchemy import Engine

from purport.core.errors import LedgerError
from purport.edges.postgres import NAMES, open_postgres
from purport.edges.sqlite import open_sqlite

_OPENED = {"sqlite": open_sqlite, **dict.fromkeys(NAMES, open_postgres)}


def open_ledger(url: str, who: str = "") -> Engine:
    """The ledger at `sqlite:///FILE` or `postgresql+psycopg://USER@HOST/DATABASE`. Raises LedgerError."""
    kind = url.partition(":")[0]  # what follows may hold a password
    if kind not in _OPENED:
        raise LedgerError(f"A ledger is at sqlite:///FILE or {NAMES[0]}://USER@HOST/DATABASE, not at {kind}:…")
    return _OPENED[kind](url, who)
