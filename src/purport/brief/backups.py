"""Backups on the screen: what one holds and brought, what there are."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from purport.brief.releases import size
from purport.brief.words import inert, number
from purport.core.backups import Backup


def made(backup: Backup, files: int, kept: int, total: int) -> Iterator[str]:
    """What a backup holds; what it misses is told first of all."""
    for one in backup.missed:
        yield f"Missed        {inert(one)}"
    yield f"Backup {backup.number:<6} {backup.at:%Y-%m-%d %H:%M:%S} UTC, by {inert(backup.who)}"
    yield f"Holds         {number(files, 'file')}, the ledger among them; {kept:,} kept under their digests"
    yield f"Size          {size(total)}"
    yield f"Head          {backup.head}"


def new(fresh: int, added: int, since: Sequence[datetime]) -> str:
    before = f"since {since[0]:%Y-%m-%d %H:%M:%S} UTC" if since else "all of it: it is the first one"
    return f"New           {number(fresh, 'piece')}, {size(added)}, {before}"


def onward(backup: Backup, ledger: str) -> Iterator[str]:
    """How a ledger that stood in a database server gets into one again, from the file that was made of it."""
    if backup.served:
        onward = f"purport migrate --from sqlite:///{ledger} --to postgresql+psycopg://USER@HOST/DATABASE"
        yield f"It stood in   PostgreSQL; to bring it into an empty database: {onward}"


def row(backup: Backup) -> str:
    """One backup among others."""
    ledger = next((one.size for one in backup.files if one.name == "ledger"), 0)
    missed = f"; {len(backup.missed):,} missed" if backup.missed else ""
    return f"{backup.number:>5}  {backup.at:%Y-%m-%d %H:%M:%S}  {inert(backup.who)}  ledger {size(ledger)}{missed}"
