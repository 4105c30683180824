"""Packs what was kept into one file that others can check and replay: WACZ 1.1.1.

https://specs.webrecorder.net/wacz/1.1.1/. Records go in as the very bytes that the archives hold.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import IO, TypeAlias

import msgspec

from purport.core.errors import NotFoundError
from purport.core.ports import Told
from purport.core.times import iso
from purport.preserve import cdxj, signing
from purport.preserve.package import Package, writing
from purport.preserve.reading import Torn, payload_at, records, whole
from purport.preserve.records import Record, copied

_ANSWERS = ("response", "revisit", "resource")
_HTML = ("text/html", "application/xhtml+xml")
_MEDIA = ("video/", "audio/", "image/")
_SUFFIXES = {"mpeg": "mp3", "jpeg": "jpg", "svg+xml": "svg", "quicktime": "mov", "x-matroska": "mkv", "x-wav": "wav"}

Chosen: TypeAlias = Callable[[Record], bool]  # is this response, revisit or resource to be packed?
Titled: TypeAlias = Callable[[Record], str]  # the title of a page


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be packed, and how it is to be called."""

    folder: Path  # of the WARC files
    created: datetime
    title: str = ""
    description: str = ""
    media: bool = True  # put videos, sounds and images beside the pages as files of their own, too


@dataclass(slots=True)
class Packed:
    """What went into a package, and what could not."""

    exchanges: int = 0
    pages: int = 0
    media: int = 0
    hash: str = ""  # of the package's list of all that is in it, which is what was signed
    fingerprint: str = ""  # of the key that signed it
    missed: list[Torn] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Contents:
    """What is gathered while the archives are copied, for the entries that come behind them."""

    index: cdxj.Sorted
    pages: IO[bytes]
    media: dict[str, Record] = field(default_factory=dict)  # by the path each will have
    titles: dict[str, str] = field(default_factory=dict)  # by the digest of a payload


def everything(record: Record) -> bool:
    return True


def export(
    order: Order,
    target: Path,
    key: signing.Key,
    titled: Titled,
    chosen: Chosen = everything,
    told: Told = lambda share: None,
) -> Packed:
    """Write a package. What is damaged is left out and told of. Raises NotFoundError if nothing is chosen.

    The exchange whose payload a chosen one repeats comes along, so that every page opens.
    """
    files = sorted(order.folder.glob("*.warc.gz"))
    found = Packed()
    walks = _Walks(files, 1 if chosen is everything else 2, told)
    needed = frozenset(_needed(walks, chosen)) if chosen is not everything else frozenset[str]()
    with _contents() as contents, writing(target, order.created) as package:
        for path in files:
            pieces = _archive(path, walks, lambda one: chosen(one) or one.id in needed, titled, contents, found)
            if begun := next(pieces, b""):
                package.add(f"archive/{path.name}", chain([begun], pieces), path.stat().st_size)
        if not found.exchanges:
            raise NotFoundError(f"Nothing is to be packed of what {order.folder} holds ({len(files)} archives).")
        if order.media:
            _add_media(package, order.folder, contents.media)
            found.media = len(contents.media)
        _add_index(package, contents.index)
        contents.pages.seek(0)
        package.add("pages/pages.jsonl", contents.pages)
        found.hash = package.close(order.title, order.description, key)
        found.fingerprint = signing.fingerprint(key.public_key())
    return found


class _Walks:
    """Goes through archives once or twice, and tells how far it is."""

    def __init__(self, files: Sequence[Path], times: int, told: Told) -> None:
        self.files, self._told, self._done = files, told, 0
        self._total = times * sum(path.stat().st_size for path in files) or 1

    def through(self, path: Path) -> Iterator[Record | Torn]:
        for one in records(path):
            self._told(min(1.0, (self._done + one.offset) / self._total))
            yield one
        self._done += path.stat().st_size


def _needed(walks: _Walks, chosen: Chosen) -> Iterator[str]:
    """The ids of the records whose payloads chosen ones repeat."""
    for one in whole(chain.from_iterable(map(walks.through, walks.files))):
        if one.kind == "revisit" and chosen(one):
            yield one.fields.get("warc-refers-to", "")


def _archive(
    path: Path, walks: _Walks, wanted: Chosen, titled: Titled, contents: _Contents, found: Packed
) -> Iterator[bytes]:
    """The bytes of a file's wanted records, which are noted as they pass. Nothing where none is wanted."""
    info, answer, length = list[Record](), "", 0
    with path.open("rb") as file:
        for one in walks.through(path):
            if isinstance(one, Torn) or one.fault:
                found.missed.append(one if isinstance(one, Torn) else _torn(one))
                continue
            beside = one.fields.get("warc-concurrent-to", "")
            if one.kind == "warcinfo":
                info = [one]
            elif not beside:
                answer = one.id if wanted(one) else ""
                found.exchanges += bool(answer)
            if one.kind == "warcinfo" or not answer or beside not in ("", answer):
                continue
            for part in [*info, one]:
                sha = hashlib.sha256()
                file.seek(part.offset)
                for piece in copied(file, part.end - part.offset):
                    sha.update(piece)
                    yield piece
                if part.kind in _ANSWERS:
                    _note(part, length, f"sha256:{sha.hexdigest()}", titled, contents, found)
                length += part.end - part.offset
            info = []


def _note(one: Record, offset: int, digest: str, titled: Titled, contents: _Contents, found: Packed) -> None:
    """What is to be known of a record in the index and the lists."""
    if one.status == 304 or (one.kind != "resource" and not one.status):
        return  # says that nothing changed, or is no answer: there is nothing of its own to show
    contents.index.add(cdxj.line(one, offset, digest, one.archive))
    payload = one.digest or one.fields.get("warc-payload-digest", "")
    if one.media_type in _HTML and one.status in (0, 200):
        if one.digest:
            contents.titles[payload] = titled(one)
        title = contents.titles.get(payload, "")
        id = one.id.strip("<>").rpartition(":")[2]
        page = {"id": id, "url": one.url, "ts": iso(one.date), "title": title or one.url}
        contents.pages.write(_line(page))
        found.pages += 1
    elif one.media_type.startswith(_MEDIA) and one.digest and not one.encoding and one.status in (0, 200):
        suffix = one.media_type.partition("/")[2]
        suffix = _SUFFIXES.get(suffix, suffix if suffix.isalnum() else "bin")
        contents.media.setdefault(f"media/{one.digest[7:23]}.{suffix}", one)


def _add_media(package: Package, folder: Path, media: dict[str, Record]) -> None:
    """The media as files, and a list of where each came from."""
    for path, one in media.items():
        package.add(path, payload_at(folder, one.archive, one.offset), one.size)
    if media:
        lines = ({"path": p, "url": m.url, "ts": iso(m.date), "digest": m.digest} for p, m in media.items())
        package.add("media/media.jsonl", map(_line, lines))


def _add_index(package: Package, index: cdxj.Sorted) -> None:
    """The index in compressed blocks, and the second one, by which a block is found."""
    lookups = [cdxj.HEAD.encode()]

    def pieces() -> Iterator[bytes]:
        offset = 0
        for start, block in cdxj.blocks(index):
            lookups.append(cdxj.looked_up(start, offset, block).encode())
            offset += len(block)
            yield block

    package.add("indexes/index.cdx.gz", pieces())
    package.add("indexes/index.idx", lookups)


@contextmanager
def _contents() -> Iterator[_Contents]:
    index = cdxj.Sorted()
    try:
        with tempfile.TemporaryFile() as pages:
            pages.write(_line({"format": "json-pages-1.0", "id": "pages", "title": "All pages"}))
            yield _Contents(index, pages)
    finally:
        index.close()


def _torn(one: Record) -> Torn:
    return Torn(one.archive, one.offset, "digest", one.fault)


def _line(fields: dict[str, str]) -> bytes:
    return msgspec.json.encode(fields) + b"\n"
