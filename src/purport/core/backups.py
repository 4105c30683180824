"""What a backup says of itself: which files it holds, by the digests of their pieces."""

from datetime import datetime

import msgspec


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was backed up. Its bytes are those of the pieces, one after the other."""

    name: str  # what it is: ledger, blobs, key, vectors, warcs/NAME, prints/NAME
    size: int  # bytes
    digest: str  # sha256:… of all of them
    pieces: tuple[str, ...]  # digests
    modified: int  # nanoseconds since 1970, as its file system tells; with the size it says whether to read it again
    mode: int  # permissions


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """A backup: the ledger as it stood at one moment, and all that it refers to."""

    number: int  # from 1; a clock may jump, so times give no order
    at: datetime  # aware, UTC
    who: str
    tool: str  # the program and its version
    head: str  # the hash of the custody log's last entry, as it stood before the ledger was copied
    files: tuple[Filed, ...]
    missed: tuple[str, ...] = ()  # what the ledger refers to and could not be copied, with the reason
    served: bool = False  # did the ledger stand in a database server? In the backup it is a SQLite file all the same


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger that was brought into another database, each table held against its twin by digest."""

    rows: int  # in all tables
    fresh: int  # of them, that this move brought
    head: str  # the hash of the custody log's last entry, in both
