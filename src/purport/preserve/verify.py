"""Looks whether everything is as it was written: the custody log, the rows it vouches for, stamps, files, archives.

Each check is a function that goes through one kind of thing in order, in flat memory, and raises CustodyError at the
first that does not hold. Nothing here asks the network.
"""

import hashlib
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import msgspec
from cryptography.x509 import Certificate

from purport.core.custody import Entry, Rows, Sealed, Stamp, columns_of, hash_of
from purport.core.errors import CustodyError, EvidenceError
from purport.core.ports import Blobs, Holdings, Log, Told
from purport.core.watching import Exchange
from purport.preserve import merkle, timestamps
from purport.preserve.reading import check

_entries = msgspec.json.Decoder(Entry)


def chain(log: Log, told: Told) -> Iterator[Entry]:
    """The entries of the custody log, each once it and the rows it vouches for hold. Raises CustodyError."""
    last, _ = log.head()
    before, ends = "", dict[str, int]()
    for number, one in enumerate(log.sealed(), 1):
        entry = opened(one, number, before)
        for rows in entry.rows:
            _hold(log, rows, entry, ends)
        told(number / last)
        before = one.id
        yield entry


def opened(one: Sealed, number: int, before: str) -> Entry:
    """An entry that stands where it belongs, behind the one whose hash is `before`. Raises CustodyError."""
    name = f"Entry {number:,} of the custody log"
    if one.number != number:
        gone = f"Entries {number:,} to {one.number - 1:,}" if one.number - number > 1 else f"Entry {number:,}"
        raise CustodyError(f"{gone} of the custody log", f"is missing: entry {one.number:,} follows.")
    if hash_of(one.record.encode()) != one.id:
        raise CustodyError(name, "was altered: its record does not have the hash under which it was kept.")
    try:
        entry = _entries.decode(one.record)
    except msgspec.DecodeError as error:
        raise CustodyError(name, f"was altered: its record is none ({error}).") from error
    if entry.number != number:
        raise CustodyError(name, f"was moved: what stands there is entry {entry.number:,}.")
    if entry.previous != before:
        item = f"Entry {number - 1:,} of the custody log" if number > 1 else name
        fault = f"was altered, and its hash with it: entry {number:,} was written behind another one."
        raise CustodyError(item, fault if number > 1 else "is not the first one: it was written behind another.")
    if columns_of(entry) != one.columns:
        raise CustodyError(name, "was altered: its columns don't say what its record says.")
    return entry


def _hold(log: Log, rows: Rows, entry: Entry, ends: dict[str, int]) -> None:
    """Raises CustodyError unless the rows follow those before them and are as they were when the entry was written."""
    expected = ends.get(rows.table, 0) + 1
    if rows.first < expected:
        fault = f"vouches for {rows.table} from {rows.first:,} on, which an entry before it does already."
        raise CustodyError(f"Entry {entry.number:,} of the custody log", fault)
    if rows.first > expected:
        raise CustodyError(_span(rows.table, expected, rows.first - 1), "is in no entry: it was not added by Purport.")
    missing, digest = log.found(rows)
    by = f"entry {entry.number:,} ({entry.what}, {entry.at:%Y-%m-%d %H:%M:%S} UTC)"
    if missing:
        raise CustodyError(_span(rows.table, missing, missing), f"is missing, which {by} vouches for.")
    if digest != rows.digest:
        raise CustodyError(_span(rows.table, rows.first, rows.last), f"was altered since {by} was written.")
    ends[rows.table] = rows.last


def _span(table: str, first: int, last: int) -> str:
    if first == last:
        return f"Row {first:,} of {table}"
    return f"A row among {first:,} to {last:,} of {table}"


def unvouched(holdings: Holdings, ends: dict[str, int]) -> None:
    """Raises CustodyError if the ledger's tables go further than the rows that entries vouch for."""
    for table, end in holdings.ends().items():
        if end > ends.get(table, 0):
            first = ends.get(table, 0) + 1
            fault = "is in no entry: it was not added by Purport, or the newest entries were removed."
            raise CustodyError(_span(table, first, end), fault)


def heads(wanted: Iterable[str], found: Container[str]) -> None:
    """Raises CustodyError if a hash that was noted elsewhere is of no entry."""
    for head in wanted:
        if head not in found:
            raise CustodyError(
                f"The head {head}",
                "is not in the custody log: its newest entries were removed, or the log was written anew since then. "
                "(Or it was noted from another ledger.)",
            )


def root(log: Log, first: int, last: int) -> bytes:
    """The Merkle root over the entries from number to number: RFC 6962, a leaf is an entry's record."""
    return merkle.root(merkle.leaf(one.record.encode()) for one in log.sealed(first, last))


def stamps(log: Log, trusted: Sequence[Certificate], told: Told) -> Iterator[Stamp]:
    """The time stamps, each once it holds; signatures are checked if certificates are trusted. Raises CustodyError."""
    last, _ = log.head()
    for number, stamp in enumerate(log.stamps(), 1):
        name = f"Time stamp {number:,} ({stamp.authority}, {stamp.at:%Y-%m-%d %H:%M:%S} UTC)"
        over = f"entries {stamp.first:,} to {stamp.last:,}"
        if stamp.last > last:
            raise CustodyError(name, f"is over {over}, and the custody log ends at {last:,}: the newest were removed.")
        top = root(log, stamp.first, stamp.last)
        if f"sha256:{top.hex()}" != stamp.root:
            raise CustodyError(name, f"does not hold: {over} are not those that were stamped.")
        try:
            at = timestamps.check(stamp.token, top, trusted)
        except EvidenceError as error:
            raise CustodyError(name, f"does not hold: {error}.") from error
        if at != stamp.at:
            raise CustodyError(name, f"does not hold: its token says {at:%Y-%m-%d %H:%M:%S} UTC.")
        told(stamp.last / last)
        yield stamp


def files(kept: Iterable[tuple[str, str]], blobs: Blobs) -> Iterator[str]:
    """The digests of kept bytes, each once its file has them. Raises CustodyError."""
    for digest, what in kept:
        name = f"The file of {digest} ({what})"
        try:
            found = hashlib.sha256()
            for piece in blobs.pieces(digest):
                found.update(piece)
        except EvidenceError as error:
            raise CustodyError(name, f"can't be opened. {error}") from error
        if digest != f"sha256:{found.hexdigest()}":
            fault = f"was altered: its bytes have the digest sha256:{found.hexdigest()}. Bring it back from a backup."
            raise CustodyError(name, fault)
        yield digest


def archives(exchanges: Iterable[Exchange], folder: Path) -> Iterator[tuple[str, int, int]]:
    """Of each WARC file, once its booked bytes hold: its name, how many exchanges, and bytes that belong to none.

    Those lie behind the last booked exchange: a program was ended between writing and booking. Raises CustodyError.
    """
    for name, held in groupby(exchanges, lambda exchange: exchange.archive):
        count, end = 0, 0
        for exchange in held:
            try:
                check(folder, exchange)
            except EvidenceError as error:
                raise CustodyError(f"The archive {name}", f"does not hold {exchange.url} any more. {error}") from error
            count, end = count + 1, exchange.end
        yield name, count, (folder / Path(name).name).stat().st_size - end
