"""Places to take in: a file, a folder, `-` for standard input, an http(s) address. A bad one is a gap."""

import gzip
import io
import re
import shutil
import stat
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from purport.collect import limits
from purport.collect.archives import take_archive
from purport.collect.autoarchiver import Around, Found, take_archived
from purport.collect.bookmarks import Bookmarks, bookmarks
from purport.collect.items import item, read_charset, split_media_type, whole, without_password
from purport.collect.kinds import ASKED, LISTS, MANY, NAMES, format_of, kind_of
from purport.collect.lines import take_lines
from purport.collect.mailbox import take_mailbox, take_message
from purport.collect.paths import missing, shown, unreadable, walk
from purport.collect.streams import joined
from purport.collect.wacz import take_wacz
from purport.core.errors import FetchError, RefusedAddressError
from purport.core.ports import Clock, Fetcher, Page
from purport.core.records import Gap, gap

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_MANY = tuple(n for n in NAMES if n.removesuffix(".gz").endswith(MANY)) + ASKED
_MENDS = {
    "feed": "It is a feed, a list of articles; give the articles' own addresses.",
    "xml": "It is XML of a kind that is not read; save the article as HTML or plain text.",
    "json": 'It is JSON, but not JSONL; write one object a line: {"id": …, "text": …}.',
    "table": 'It is a table, but not auto-archiver\'s; write it as JSONL, one {"id": …, "text": …} a line.',
}


@dataclass(frozen=True, slots=True)
class _Desk:
    """What taking in needs at every place."""

    fetcher: Fetcher
    clock: Clock
    follow: bool = False  # fetch the pages that bookmarks name
    around: Around = field(default_factory=Around)


def take(
    places: Iterable[str], *, fetcher: Fetcher, clock: Clock, stdin: BinaryIO | None = None, follow: bool = False
) -> Iterator[Found]:
    """Items, media files and gaps, in the order of the places, one at a time: memory does not grow with their number.

    A folder is walked in sorted order, links followed once. `follow` fetches the pages that bookmarks name. Never
    raises for what it finds in a place.
    """
    desk = _Desk(fetcher, clock, follow)
    for place in places:
        if place == "-":
            yield from _take_stdin(stdin, desk)
        elif _URL.match(place):
            yield from _take_url(place, desk)
        elif not place.strip():  # Path("") would be the folder one stands in
            yield gap("collect", place, "missing", "The path is empty; name a file or folder.", clock.now())
        else:
            yield from _take_path(Path(place), desk)


def take_open(stream: BinaryIO, place: str, name: str, clock: Clock) -> Iterator[Found]:
    """The same of an open file, by its name, wherever its bytes lie. Nothing that it names is fetched or opened."""
    yield from _take_stream(stream, place, "file", name, _Desk(_Nobody(), clock))


class _Nobody:
    """Fetches nothing."""

    def fetch(self, url: str) -> Page:
        raise FetchError(f"{url} was not fetched: what an open file names is left where it is.")


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
            if isinstance(found, Path) and found.name.lower().endswith((*NAMES, *ASKED)):
                if found.name.lower().endswith(_MANY):
                    return 0
                total += 1
    return total


def bookmarked(place: str) -> tuple[Bookmarks, ...]:
    """The bookmarks that a file lists; none where it is no such file, or can't be read."""
    try:
        with Path(place).open("rb") as stream:
            head = stream.read(limits.HEAD)
            if kind_of(head, Path(place).name) != "bookmarks":
                return ()
            return (bookmarks(head + stream.read(limits.LISTING)),)
    except (OSError, ValueError):
        return ()


def _take_stdin(stdin: BinaryIO | None, desk: _Desk) -> Iterator[Found]:
    if stdin is None:
        yield gap("collect", "-", "missing", "There is no standard input to read here.", desk.clock.now())
        return
    try:
        yield from _take_stream(stdin, "-", "stdin", "", desk)
    except OSError as error:
        yield gap("collect", "-", "unreadable", f"Standard input broke off ({error}).", desk.clock.now())


def _take_url(url: str, desk: _Desk) -> Iterator[Found]:
    place, now = whole(without_password(url)), desk.clock.now()
    if not url.lower().startswith(("http://", "https://")):
        detail = "Only http and https addresses are read, and paths of files and folders."
        yield gap("collect", place, "not-read", detail, now)
        return
    try:
        final, media_type, body = desk.fetcher.fetch(url)
    except RefusedAddressError as error:
        yield gap("collect", place, "refused-address", str(error), now)
    except FetchError as error:
        yield gap("collect", place, error.cause, str(error), now)
    else:
        # a page can't name files of this machine, nor lead to further pages
        desk = replace(desk, follow=False, around=Around())
        yield from _take_stream(io.BytesIO(body), place, "url", media_type, desk, url=without_password(final))


def _take_path(path: Path, desk: _Desk) -> Iterator[Found]:
    try:
        mode = path.stat().st_mode
    except PermissionError as error:
        yield unreadable(path, error, desk.clock)
        return
    except (OSError, ValueError):  # ValueError: a NUL in the name
        yield missing(path, desk.clock)
        return
    if stat.S_ISDIR(mode):
        yield from _take_folder(path, replace(desk, around=Around(path)))
    else:
        yield from _take_file(path, replace(desk, around=Around(path.parent)))


def _take_folder(folder: Path, desk: _Desk) -> Iterator[Found]:
    others: list[Path] = []
    for found in walk(folder):
        if isinstance(found, OSError):
            yield unreadable(Path(found.filename or folder), found, desk.clock)
        elif not _is_wanted(found):
            others.append(found)
        elif found.resolve() not in desk.around.claimed:
            yield from _take_file(found, desk)
    passed = Counter(p.suffix.lower() or "no suffix" for p in others if p.resolve() not in desk.around.claimed)
    if passed:
        kinds = ", ".join(f"{n} {suffix}" for suffix, n in passed.most_common(8))
        detail = f"Passed over in this folder: {kinds}. Read are: {', '.join(NAMES[::2])}, also gzipped."
        yield gap("collect", shown(folder), "not-read", whole(detail), desk.clock.now())


def _is_wanted(path: Path) -> bool:
    """Is it of a kind that is taken from a folder? A table or JSON only if it is a list of what can be taken."""
    name = path.name.lower()
    if not path.is_file():
        return False
    if name.endswith(NAMES) or (path.parent.name in ("cur", "new") and path.parent.with_name("tmp").is_dir()):
        return True  # the latter: a Maildir, whose messages have no suffix
    if not name.endswith(ASKED):
        return False
    try:
        with path.open("rb") as file:
            return kind_of(file.read(limits.HEAD), name) in LISTS
    except OSError:
        return True  # taking it will say why


def _take_file(path: Path, desk: _Desk) -> Iterator[Found]:
    desk.around.claimed.add(path.resolve())
    try:
        with path.open("rb") as stream:
            name = f"{path.name}.eml" if path.parent.name in ("cur", "new") else path.name
            yield from _take_stream(stream, shown(path), "file", name, desk)
    except OSError as error:
        yield unreadable(path, error, desk.clock)


def _take_stream(stream: BinaryIO, place: str, kind: str, name: str, desk: _Desk, url: str = "") -> Iterator[Found]:
    """What stands at one place. `name` is a file name or a media type, whichever there is."""
    clock = desk.clock
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
        elif what == "mbox":
            yield from take_mailbox(rest, place, clock)
        elif what == "mail":
            yield from take_message(rest, place, clock)
        elif what.startswith("archived-"):
            form = what.removeprefix("archived-")
            yield from take_archived(rest, place, form, desk.around, lambda path: _take_file(path, desk), clock)
        elif what == "bookmarks":
            yield from _take_bookmarks(rest, place, desk)
        elif what == "zip":
            if stream.seekable() and not unpacks:
                stream.seek(0)
                yield from take_wacz(stream, place, clock)
            else:
                yield from _take_zip(rest, place, clock)
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


def _take_zip(stream: BinaryIO, place: str, clock: Clock) -> Iterator[Found]:
    """Its list of files stands at its end: what can't be wound back is copied first, to a file that nobody sees."""
    with tempfile.TemporaryFile(prefix="purport-") as copy:
        shutil.copyfileobj(stream, copy, limits.HEAD)
        copy.seek(0)
        yield from take_wacz(copy, place, clock)


def _take_bookmarks(stream: BinaryIO, place: str, desk: _Desk) -> Iterator[Found]:
    found = bookmarks(stream.read(limits.LISTING))
    now = desk.clock.now()
    if not found.complete:
        detail = "The file ends before its list does; what stands before that was read. Export it again."
        yield gap("collect", place, "truncated", detail, now)
    if found.others:
        detail = f"Entries that are no web addresses (scripts, files, searches), passed over: {found.others}."
        yield gap("collect", place, "not-read", detail, now)
    if not found.found:
        yield gap("collect", place, "empty", "There is no web address in it.", now)
    elif not desk.follow:
        detail = f"It lists {len(found.found)} addresses; purport import --fetch FILE fetches and reads them."
        yield gap("collect", place, "bookmarks", detail, now)
    else:
        for bookmark in found.found:
            yield from _take_url(bookmark.url, desk)


def _take_text(
    stream: BinaryIO, what: str, place: str, kind: str, name: str, clock: Clock, url: str
) -> Iterator[Found]:
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
