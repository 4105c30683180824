"""What was kept, handed to others: packages (WACZ) of all of it, of a period, or of some sources."""

import html
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

from purport.collect.charsets import charset_of, declared_in
from purport.collect.items import split_media_type
from purport.core.custody import Deed
from purport.core.errors import NotFoundError, PurportError, UsageError
from purport.core.ports import Clock, Told, Writer
from purport.preserve import Record, package, wacz
from purport.preserve.records import written_url
from purport.preserve.signing import own_key

_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title\s*>", re.IGNORECASE | re.DOTALL)
_UNPACKED = 256 * 1024  # bytes of a page that its title is looked for in


class Addresses(Protocol):
    """What the ledger knows of sources."""

    def sources(self) -> Iterator[str]: ...

    def looked_at(self, source: str) -> Iterator[str]: ...


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a package asks of a ledger, and tells it."""

    addresses: Addresses
    writer: Writer


@dataclass(frozen=True, slots=True)
class Packer:
    """What packages are made with. `wiring.open_packer` builds one."""

    clock: Clock
    archives: Path  # the folder of WARC files
    key: Path  # of the signature; made when it is first needed
    ledger: tuple[Ledger, ...] = ()  # none or one: the archives are evidence without it


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be in a package; empty means all."""

    since: tuple[datetime, ...] = ()  # none or one
    until: tuple[datetime, ...] = ()  # none or one; not itself in it
    sources: tuple[str, ...] = ()
    title: str = ""
    media: bool = True


def export(packer: Packer, target: Path, wanted: Wanted, told: Told) -> wacz.Packed:
    """Write a package, sign it, and tell the custody log. Raises UsageError, NotFoundError, EvidenceError."""
    if target.exists():
        raise UsageError(f"{target} is there already. Give another name, or move it away.")
    if not target.parent.is_dir():
        raise UsageError(f"There is no folder {target.parent}. Make it, or give another place.")
    if not any(packer.archives.glob("*.warc.gz")):
        raise NotFoundError(f"There are no archives in {packer.archives} yet. Watch sources first: purport watch.")
    order = wacz.Order(packer.archives, packer.clock.now(), wanted.title, media=wanted.media)
    about = (target.name, *(f"since {one.isoformat()}" for one in wanted.since))
    about += (*(f"until {one.isoformat()}" for one in wanted.until), *wanted.sources)
    try:
        found = wacz.export(order, target, own_key(packer.key), title, _chosen(packer, wanted), told)
    except PurportError as error:
        _note(packer, Deed("export", about, "failed", str(error)))
        raise
    _note(packer, Deed("export", (*about, found.hash)))
    return found


def verify(path: Path) -> str:
    """Hold a package of anybody against its own list and signature; the fingerprint of its key, if any.

    Raises EvidenceError.
    """
    return package.verify(path)


def _note(packer: Packer, deed: Deed) -> None:
    for ledger in packer.ledger:
        ledger.writer.add(entries=[deed])


def _chosen(packer: Packer, wanted: Wanted) -> wacz.Chosen:
    if wanted == Wanted(title=wanted.title, media=wanted.media):
        return wacz.everything
    addresses = _addresses(packer, wanted.sources) if wanted.sources else set[str]()

    def chosen(record: Record) -> bool:
        if any(record.date < since for since in wanted.since) or any(record.date >= until for until in wanted.until):
            return False
        if not wanted.sources:
            return True
        if record.url not in addresses:
            return False
        if record.location:  # what it leads to was fetched after it
            addresses.add(written_url(urljoin(record.url, record.location)))
        return True

    return chosen


def _addresses(packer: Packer, sources: Sequence[str]) -> set[str]:
    """The addresses that were looked at for some sources, as archives write them. Raises UsageError, NotFoundError."""
    if not packer.ledger:
        raise UsageError("Which source a page came from is in the ledger, and there is none. Name it with --ledger.")
    addresses = packer.ledger[0].addresses
    names = list(addresses.sources())
    for source in sources:
        if source not in names:
            raise NotFoundError(f"No source is called {source!r}. There are: {', '.join(names) or 'none yet'}.")
    return {written_url(url) for source in sources for url in addresses.looked_at(source)}


def title(record: Record) -> str:
    """The title of a kept page, by its beginning; empty where it gives none."""
    data = record.opening
    if record.encoding:
        try:
            data = zlib.decompressobj(32 + zlib.MAX_WBITS).decompress(data, _UNPACKED)
        except zlib.error:
            return ""
    declared = split_media_type(record.content_type)[1] or declared_in(data)
    found = _TITLE.search(data.decode(charset_of(data, declared)[0], "replace"))
    return " ".join(html.unescape(found[1]).split())[:500] if found else ""
