"""The custody log's records: what was done, sealed into a chain of entries, and the stamps that date them."""

from datetime import datetime

import msgspec

from purport.core.ids import digest
from purport.core.times import iso


class Deed(msgspec.Struct, frozen=True):
    """Something that was done, as its doer tells it; failures are told like the rest."""

    what: str  # a verb: add, read, watch, fetch, export, stamp, verify, …
    inputs: tuple[str, ...] = ()  # ids, digests, places it was done with
    outcome: str = "done"  # or failed
    detail: str = ""  # in words


class Rows(msgspec.Struct, frozen=True):
    """The rows that a deed brought into a table of the ledger, from number to number, with the digest over them.

    The digest is the SHA-256 of the rows as lines of JSON: `ledger/custody.py`.
    """

    table: str
    first: int
    last: int
    digest: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A deed in its place in the log. Its hash is over its canonical JSON, in which the hash before it stands."""

    number: int  # from 1, without a hole
    previous: str  # the hash of the entry before; empty in the first
    who: str  # user@host, or as configured
    at: datetime  # aware, UTC
    tool: str  # the program and its version
    what: str
    inputs: tuple[str, ...] = ()
    outcome: str = "done"
    detail: str = ""
    rows: tuple[Rows, ...] = ()


class Sealed(msgspec.Struct, frozen=True):
    """An entry as the ledger holds it: its record byte for byte, and the columns that repeat what is in it."""

    number: int
    id: str  # the hash of the record
    record: str
    columns: tuple[str, ...] = ()  # previous, who, what, at, tool, outcome


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """An authority's word (RFC 3161) that the entries from `first` to `last` were there at a time."""

    id: str
    first: int
    last: int
    root: str  # sha256:… of the Merkle tree over the entries (RFC 6962)
    authority: str  # the address that was asked
    at: datetime  # as the authority states it
    token: bytes  # its whole answer, in DER


def canonical(record: msgspec.Struct) -> bytes:
    """A record as JSON with its keys in order and no blanks between (RFC 8785, as long as it holds no float)."""
    return msgspec.json.encode(record, order="sorted")


def sealed(deed: Deed, number: int, previous: str, who: str, at: datetime, tool: str, rows: tuple[Rows, ...]) -> Entry:
    """A deed as the entry that follows the one with the hash `previous`."""
    return Entry(
        number=number,
        previous=previous,
        who=_text(who),
        at=at,
        tool=tool,
        what=_text(deed.what),
        inputs=tuple(map(_text, deed.inputs)),
        outcome=deed.outcome,
        detail=_text(deed.detail),
        rows=rows,
    )


def _text(words: str) -> str:
    """Without the lone surrogates that stand for undecodable bytes of a file's name: they can't be written down."""
    return words.encode("utf-8", "replace").decode()


def hash_of(record: bytes) -> str:
    """The hash of an entry, given its canonical JSON: the plain SHA-256, so that any tool can check it."""
    return digest(record)


def columns_of(entry: Entry) -> tuple[str, ...]:
    """What the ledger repeats of an entry beside its record, to search by."""
    return (entry.previous, entry.who, entry.what, iso(entry.at), entry.tool, entry.outcome)


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What `purport verify` went through and found as it was written."""

    entries: int = 0  # of the custody log
    head: str = ""  # the hash of the last one
    rows: int = 0  # of the ledger, that the entries vouch for
    stamps: int = 0
    stamped: int = 0  # the number of the last entry that a stamp dates
    signed: bool = False  # were signatures checked against certificates that the user vouches for?
    files: int = 0  # kept under their digest
    archives: int = 0
    exchanges: int = 0
    notes: tuple[str, ...] = ()  # what is no fault and should be known
