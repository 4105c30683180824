"""Custody as people ask for it: the log, time stamps on it, proofs to hand out, and whether all still holds."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import msgspec

from purport.core.custody import Deed, Entry, Stamp, Verified
from purport.core.errors import CustodyError, EvidenceError, NotFoundError, PurportError
from purport.core.ids import make_id
from purport.core.ports import Authority, Blobs, Holdings, Log, Told, Writer
from purport.preserve import merkle, timestamps, verify

_entries = msgspec.json.Decoder(Entry)


class Shown(Log, Holdings, Protocol):
    """The log and what it vouches for, as they stood at one moment."""


class Custody(Protocol):
    def at_this_moment(self) -> AbstractContextManager[Shown]: ...


@dataclass(frozen=True, slots=True)
class Vault:
    """What is proved with: the custody log, and what it vouches for. `wiring.open_vault` builds one."""

    custody: Custody
    writer: Writer
    blobs: Blobs
    archives: Path  # the folder of WARC files


@dataclass(frozen=True, slots=True)
class Check:
    """What `hold` is to look at beside the ledger itself."""

    ca: bytes = b""  # certificates (PEM) of authorities that the user vouches for
    heads: tuple[str, ...] = ()  # hashes noted elsewhere
    files: bool = True  # are the kept bytes and the archives read, too?
    note: bool = True  # is it told in the log?


def entries(vault: Vault, since: datetime | None = None) -> Iterator[tuple[str, Entry]]:
    """The custody log in its order, each entry with its hash."""
    with vault.custody.at_this_moment() as log:
        for one in log.sealed():
            entry = _entries.decode(one.record)
            if since is None or entry.at >= since:
                yield one.id, entry


@dataclass(frozen=True, slots=True)
class State:
    """How custody stands by what its own log tells: nothing is verified by asking."""

    head: str  # the hash of the last entry
    entries: tuple[tuple[str, Entry], ...]  # some of the log, newest first, each with its hash
    last: int  # the number of the last entry there is
    verified: tuple[Entry, ...] = ()  # the last time that all was gone through, none or one
    stamps: int = 0
    stamped: tuple[Stamp, ...] = ()  # the last stamp, none or one


def state(vault: Vault, limit: int, before: int = 0, who: str = "") -> State:
    """The custody log's latest entries, or those before a number, and what it tells of having been verified.

    `who`: only what this person did.
    """
    with vault.custody.at_this_moment() as log:
        last, head = log.head()
        end = min(last, before - 1) if before else last
        if who:
            sealed = list(log.of(who, end, limit))
        else:
            sealed = list(log.sealed(max(1, end - limit + 1), end))[::-1] if end else []
        some = [(one.id, _entries.decode(one.record)) for one in sealed]
        verified = tuple(_entries.decode(one.record) for one in log.latest("verify"))
        stamps = list(log.stamps())
    return State(head, tuple(some), last, verified, len(stamps), tuple(stamps[-1:]))


def stamp(vault: Vault, authority: Authority, address: str, ca: bytes = b"") -> Stamp:
    """Have an authority stamp the entries since the last stamp, and keep its answer.

    Raises NotFoundError when nothing was added since then, FetchError, and EvidenceError for an answer that does not
    hold, which is not kept. A failure is told in the log.
    """
    trusted = timestamps.roots(ca) if ca else []
    with vault.custody.at_this_moment() as log:
        first, (last, _) = _stamped(log) + 1, log.head()
        if first > last or all(_entries.decode(one.record).what in QUIET for one in log.sealed(first, last)):
            raise NotFoundError(f"Nothing was added since the last time stamp, which is over entry {first - 1:,}.")
        root = verify.root(log, first, last)
    named, span = f"sha256:{root.hex()}", f"entries {first} to {last}"
    try:
        asked = timestamps.question(root)
        token = authority.stamp(asked.data)
        at = timestamps.check(token, root, trusted, asked.nonce)
    except EvidenceError as error:
        vault.writer.add(entries=[Deed("stamp", (address, span, named), "failed", str(error))])
        raise EvidenceError(f"The answer of {address} does not hold and was not kept: {error}.") from error
    except PurportError as error:
        vault.writer.add(entries=[Deed("stamp", (address, span, named), "failed", str(error))])
        raise
    got = Stamp(
        id=make_id("stamp", named, at, len(token)),
        first=first,
        last=last,
        root=named,
        authority=address,
        at=at,
        token=token,
    )
    vault.writer.add(stamps=[got], entries=[Deed("stamp", (address, span, named))])
    return got


QUIET = frozenset({"stamp", "verify"})  # deeds that bring nothing to stamp: they would call for one without end


def _stamped(log: Log) -> int:
    return max((one.last for one in log.stamps()), default=0)


def proof(vault: Vault, number: int) -> dict[str, Any]:
    """What proves to others that an entry was in the log when it was stamped. Raises NotFoundError."""
    with vault.custody.at_this_moment() as log:
        one = next(log.sealed(number, number), None)
        if one is None or number < 1:
            raise NotFoundError(f"The custody log has no entry {number}; its last one is {log.head()[0]}.")
        over = next((stamp for stamp in log.stamps() if stamp.first <= number <= stamp.last), None)
        if over is None:
            raise NotFoundError(f"No time stamp is over entry {number} yet. Get one: purport stamp --authority URL.")
        steps = merkle.path(
            number - over.first,
            over.last - over.first + 1,
            lambda first, last: verify.root(log, over.first + first, over.first + last - 1),
        )
        if f"sha256:{merkle.climb(merkle.leaf(one.record.encode()), steps).hex()}" != over.root:
            raise CustodyError(f"Entry {number} of the custody log", "or one beside it is not what was stamped.")
    return {
        "entry": one.record,
        "hash": one.id,
        "path": [{side: other.hex()} for side, other in steps],
        "root": over.root,
        "stamp": {"authority": over.authority, "at": over.at, "token": over.token},
    }


def hold(vault: Vault, asked: Check, told: Told) -> Verified:
    """Go through everything. Raises CustodyError, which names the first that does not hold; the log tells of it."""
    try:
        found = _held(vault, asked, told)
    except CustodyError as error:
        if asked.note:
            vault.writer.add(entries=[Deed("verify", asked.heads, "failed", str(error))])
        raise
    if not asked.note:
        return found
    vault.writer.add(entries=[Deed("verify", (found.head, *asked.heads))])
    with vault.custody.at_this_moment() as log:
        return msgspec.structs.replace(found, head=log.head()[1])


def _held(vault: Vault, asked: Check, told: Told) -> Verified:
    trusted = timestamps.roots(asked.ca) if asked.ca else []
    with vault.custody.at_this_moment() as log:
        last, head = log.head()
        ends, rows, known = dict[str, int](), 0, set[str]()
        if not last:
            raise CustodyError(
                "The custody log", "is empty: its entries were removed, for each ledger begins with one."
            )
        for entry in verify.chain(log, _part(told, 0)):
            known |= {entry.previous} & set(asked.heads)
            for one in entry.rows:
                ends[one.table] = one.last
                rows += one.last - one.first + 1
        stamps = list(verify.stamps(log, trusted, _part(told, 1)))
        verify.heads(asked.heads, known | {head})
        verify.unvouched(log, ends)
        files, archives, exchanges, notes = 0, 0, 0, list[str]()
        if asked.files:
            for files, _ in enumerate(verify.files(log.kept(), vault.blobs), 1):
                _part(told, 2)(files / (files + 1))
            for name, count, behind in verify.archives(log.exchanges(), vault.archives):
                archives, exchanges = archives + 1, exchanges + count
                if behind:
                    notes.append(
                        f"{behind:,} bytes at the end of {name} belong to no entry: a program was ended there."
                    )
        return Verified(
            entries=last,
            head=head,
            rows=rows,
            stamps=len(stamps),
            stamped=max((one.last for one in stamps), default=0),
            signed=bool(stamps and trusted),
            files=files,
            archives=archives,
            exchanges=exchanges,
            notes=tuple(notes),
        )


_PARTS = 4  # entries, stamps, files, archives


def _part(told: Told, place: int) -> Told:
    return lambda share: told((place + share) / _PARTS)
