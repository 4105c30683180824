"""Places to take in: a file, a folder, `-` for standard input, an http(s) address. A bad one is a gap."""

import gzip
import io
import os
import re
import stat
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from purport.collect import limits
from purport.collect.archives import take_archive
from purport.collect.items import item, read_charset, split_media_type, whole, without_password
from purport.collect.kinds import NAMES, format_of, kind_of
from purport.collect.lines import take_lines
from purport.collect.streams import joined
from purport.core.errors import FetchError, RefusedAddressError
from purport.core.ports import Clock, Fetcher
from purport.core.records import Gap, Item, gap

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_MANY = tuple(n for n in NAMES if n.startswith((".jsonl", ".ndjson", ".warc", ".arc")))
_MENDS = {
    "feed": "It is a feed, a list of articles; give the articles' own addresses.",
    "xml": "It is XML of a kind that is not read; save the article as HTML or plain text.",
    "json": 'It is JSON, but not JSONL; write one object a line: {"id": …, "text": …}.',
}


def take(
    places: Iterable[str], *, fetcher: Fetcher, clock: Clock, stdin: BinaryIO | None = None
) -> Iterator[Item | Gap]:
    """Items and gaps, in the order of the places, one at a time: memory does not grow with their number.

    A folder is walked in sorted order, links followed once. Never raises for what it finds in a place.
    """
    for place in places:
        if place == "-":
            yield from _take_stdin(stdin, clock)
        elif _URL.match(place):
            yield from _take_url(place, fetcher, clock)
        elif not place.strip():  # Path("") would be the folder one stands in
            yield gap("collect", place, "missing", "The path is empty; name a file or folder.", clock.now())
        else:
            yield from _take_path(Path(place), clock)


def count(places: Iterable[str]) -> int:
    """How many items `take` will find at most, for a progress bar; 0 when that takes reading everything."""
    total = 0
    for place in places:
        if place == "-" or (not _URL.match(place) and Path(place).name.lower().endswith(_MANY)):
            return 0
        folder = Path(place)
        if _URL.match(place) or not folder.is_dir():
            total += 1
            continue
        for found in walk(folder):
            if isinstance(found, Path) and found.name.lower().endswith(NAMES):
                if found.name.lower().endswith(_MANY):
                    return 0
                total += 1
    return total


def _take_stdin(stdin: BinaryIO | None, clock: Clock) -> Iterator[Item | Gap]:
    if stdin is None:
        yield gap("collect", "-", "missing", "There is no standard input to read here.", clock.now())
        return
    try:
        yield from _take_stream(stdin, "-", "stdin", "", clock)
    except OSError as error:
        yield gap("collect", "-", "unreadable", f"Standard input broke off ({error}).", clock.now())


def _take_url(url: str, fetcher: Fetcher, clock: Clock) -> Iterator[Item | Gap]:
    place = whole(without_password(url))
    if not url.lower().startswith(("http://", "https://")):
        detail = "Only http and https addresses are read, and paths of files and folders."
        yield gap("collect", place, "not-read", detail, clock.now())
        return
    try:
        final, media_type, body = fetcher.fetch(url)
    except RefusedAddressError as error:
        yield gap("collect", place, "refused-address", str(error), clock.now())
    except FetchError as error:
        yield gap("collect", place, error.cause, str(error), clock.now())
    else:
        final = without_password(final)
        yield from _take_stream(io.BytesIO(body), place, "url", media_type, clock, url=final)


def _take_path(path: Path, clock: Clock) -> Iterator[Item | Gap]:
    try:
        mode = path.stat().st_mode
    except PermissionError as error:
        yield unreadable(path, error, clock)
        return
    except (OSError, ValueError):  # ValueError: a NUL in the name
        yield missing(path, clock)
        return
    if not stat.S_ISDIR(mode):
        yield from _take_file(path, clock)
        return
    others: Counter[str] = Counter()
    for found in walk(path):
        if isinstance(found, OSError):
            yield unreadable(Path(found.filename or path), found, clock)
        elif found.is_file() and found.name.lower().endswith(NAMES):
            yield from _take_file(found, clock)
        else:
            others[found.suffix.lower() or "no suffix"] += 1
    if others:
        kinds = ", ".join(f"{n} {suffix}" for suffix, n in others.most_common(8))
        detail = f"Passed over in this folder: {kinds}. Read are: {', '.join(NAMES[::2])}, also gzipped."
        yield gap("collect", shown(path), "not-read", whole(detail), clock.now())


def walk(folder: Path) -> Iterator[Path | OSError]:
    """All entries below that are no folders and not hidden, sorted; each real folder once, so links can't loop."""
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        try:
            found = path.stat()
            if stat.S_ISDIR(found.st_mode):
                if (found.st_dev, found.st_ino) in seen:
                    continue
                seen.add((found.st_dev, found.st_ino))
                names = sorted(p.name for p in path.iterdir() if not p.name.startswith("."))
                waiting.extend(path / name for name in reversed(names))
                continue
        except OSError as error:
            yield error
            continue
        yield path


def _take_file(path: Path, clock: Clock) -> Iterator[Item | Gap]:
    try:
        with path.open("rb") as stream:
            yield from _take_stream(stream, shown(path), "file", path.name, clock)
    except OSError as error:
        yield unreadable(path, error, clock)


def _take_stream(
    stream: BinaryIO, place: str, kind: str, name: str, clock: Clock, url: str = ""
) -> Iterator[Item | Gap]:
    """What stands at one place. `name` is a file name or a media type, whichever there is."""
    head = stream.read(limits.HEAD)
    rest = joined(head, stream)
    what = kind_of(head, name)
    unpacks = what == "gzip"
    if unpacks:
        head = _unpacked(head)
        what = kind_of(head, name)
        if what == "gzip":
            what = "binary"
        elif what != "warc":  # warcio opens its own
            rest = io.BufferedReader(gzip.GzipFile(fileobj=rest, mode="rb"))
    try:
        if what == "warc":
            yield from take_archive(rest, place, clock)
        elif what == "jsonl":
            yield from take_lines(rest, place, clock)
        elif what in ("text", "html"):
            yield from _take_text(rest, what, place, kind, name, clock, url)
        else:
            yield _unfit(what, head, place, clock)
    except EOFError:
        detail = "The gzip file ends too early; whole lines before that were read. Fetch or copy it again."
        yield gap("collect", place, "truncated", detail, clock.now())
    except (gzip.BadGzipFile, zlib.error) as error:
        detail = f"The gzip file is broken ({error}); fetch or copy it again."
        yield gap("collect", place, "broken-archive", detail, clock.now())


def _take_text(
    stream: BinaryIO, what: str, place: str, kind: str, name: str, clock: Clock, url: str
) -> Iterator[Item | Gap]:
    limit = limits.HTML if what == "html" else limits.TEXT
    data = stream.read(limit + 1)
    now = clock.now()
    if len(data) > limit:
        detail = f"It is larger than {limits.said(limit)}, the most for one {what}; split it, a report a file."
        yield gap("collect", place, "too-large", detail, now)
        return
    media_type = "text/html" if what == "html" else "text/plain"
    charset, gaps = read_charset(data, media_type, split_media_type(name)[1], place, now)
    yield from gaps
    yield item(data, place, kind, now, media_type=media_type, url=url, charset=charset)


def _unfit(what: str, head: bytes, place: str, clock: Clock) -> Gap:
    if what == "empty":
        return gap("collect", place, "empty", "There is nothing in it.", clock.now())
    if what in _MENDS:
        return gap("collect", place, what, _MENDS[what], clock.now())
    name = format_of(head)
    detail = f"It looks like {name}" if name else "It is not text, whatever its name says"
    return gap("collect", place, "binary", f"{detail}; save the article as HTML or plain text.", clock.now())


def _unpacked(head: bytes) -> bytes:
    """The beginning of what is in a gzip file, as far as it can be opened."""
    opener = zlib.decompressobj(31)
    out = b""
    for start in range(0, len(head), 256):
        try:
            out += opener.decompress(head[start : start + 256], limits.HEAD - len(out))
        except zlib.error:
            return out or b"?"  # whoever reads on will meet the fault and name it
        if len(out) >= limits.HEAD or opener.eof:
            break
    return out


def missing(path: Path, clock: Clock) -> Gap:
    detail = "There is no such file or folder; check the path."
    return gap("collect", shown(path), "missing", detail, clock.now())


def unreadable(path: Path, error: OSError, clock: Clock) -> Gap:
    why = error.strerror or type(error).__name__
    return gap("collect", shown(path), "unreadable", f"It can't be read ({why}); check its rights.", clock.now())


def shown(path: Path) -> str:
    """The path as text: file names need not be valid Unicode, records must be."""
    try:
        return whole(os.fsencode(path).decode("utf-8", "replace"))
    except UnicodeError:
        return whole(str(path))
