"""What auto-archiver left: its records as reports, the files that they name checked against their hashes.

Files are sought below the folder that was given, nowhere else, and addresses in records are not followed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TypeAlias

import msgspec

from purport.collect import limits
from purport.collect.archived import Archived, Named, NotArchivedError, from_json, from_page, from_table
from purport.collect.digests import agrees, hasher
from purport.collect.items import item, whole, without_password
from purport.collect.media import SUFFIXES, Medium, medium
from purport.collect.paths import below, shown, unreadable
from purport.core.ids import digest
from purport.core.ports import Clock
from purport.core.records import Gap, Item, gap

_PIECE = 1024 * 1024
_READ = (".wacz", ".warc", ".warc.gz", ".html", ".htm", ".json")  # named files that are read like those of a folder

Found: TypeAlias = Item | Medium | Gap
Take: TypeAlias = Callable[[Path], Iterator[Found]]


@dataclass(slots=True)
class Around:
    """What lies around a record: the folder in which files are sought, and what was taken from it already."""

    folder: Path | None = None  # None: records came from nowhere near files
    claimed: set[Path] = field(default_factory=set)
    told: set[str] = field(default_factory=set)  # digests of texts with their addresses


def take_archived(stream: BinaryIO, place: str, form: str, around: Around, take: Take, clock: Clock) -> Iterator[Found]:
    """The records of a table, JSON file or page (`form`: table, json, page), with the files that they name.

    An item for each text, a medium for each media file whose hash is as stated; a gap for what was not archived, is
    missing, or was changed. `take` reads a file that is no medium. Raises what the stream raises.
    """
    elsewhere, here = 0, ""
    for here, one in _records(stream, place, form):
        if isinstance(one, str):
            yield gap("collect", here, "bad-row" if form == "table" else "not-archived", one, clock.now())
            continue
        yield from _take_text(one, here, around, clock)
        for named in one.files:
            if path := _found(named, around):
                yield from _take_file(path, named, one, around, take, clock)
            elif any("://" in name for name in named.names):
                elsewhere += 1
            else:
                detail = f"Named and not there: {whole(named.names[0])[:200]}. Put it beside and import it again."
                yield gap("collect", here, "missing", detail, clock.now())
    if not here:
        yield gap("collect", place, "empty", "There is no row below the names of its columns.", clock.now())
    if elsewhere:
        detail = f"Archived files at addresses, not fetched: {elsewhere}. Download them beside it and import it again."
        yield gap("collect", place, "elsewhere", detail, clock.now())


def _records(stream: BinaryIO, place: str, form: str) -> Iterator[tuple[str, Archived | str]]:
    if form == "table":
        yield from ((f"{place}#row={number}", one) for number, one in from_table(stream))
        return
    data = stream.read(limits.LISTING + 1)
    if len(data) > limits.LISTING:
        yield place, f"It is larger than {limits.said(limits.LISTING)}, and so no record of a page."
        return
    try:
        yield place, from_json(data) if form == "json" else from_page(data)
    except NotArchivedError as error:
        yield place, str(error)


def _take_text(one: Archived, here: str, around: Around, clock: Clock) -> Iterator[Found]:
    text = one.text.strip() or one.title.strip()
    if not text and not one.files:
        detail = f"auto-archiver has nothing of {whole(without_password(one.url))[:200]}: “{one.status[:200]}”."
        yield gap("collect", here, "not-archived", detail, clock.now())
    key = digest("\n".join((one.url, *text.split())).encode())
    if not text or key in around.told:
        return
    around.told.add(key)
    yield item(
        text.encode(),
        here,
        "archived",
        clock.now(),
        url=one.url,
        charset="utf-8",
        title=" ".join(one.title.split()),
        published=one.published,
    )


def _found(named: Named, around: Around) -> Path | None:
    if around.folder is None:
        return None
    local = (name.partition("?")[0].rpartition("://")[2] for name in named.names)
    return next((path for name in local if (path := below(around.folder, name))), None)


def _take_file(path: Path, named: Named, one: Archived, around: Around, take: Take, clock: Clock) -> Iterator[Found]:
    if path.resolve() in around.claimed:
        return
    around.claimed.add(path.resolve())
    try:
        wrong = bool(named.hash) and hasher(named.hash) is not None and not _agrees(path, named.hash)
    except OSError as error:
        yield unreadable(path, error, clock)
        return
    if wrong:
        detail = f"It was changed or damaged: its hash is not “{named.hash[:50]}…”, as auto-archiver says. Not taken."
        yield gap("collect", shown(path), "digest", whole(detail), clock.now())
    elif path.name.lower().endswith(_READ):
        yield from take(path)
    elif path.suffix.lower() in SUFFIXES:
        found = medium(path, clock)
        if isinstance(found, Medium):
            url = whole(without_password(one.url))
            found = Medium(msgspec.structs.replace(found.capture, url=url), found.path)
        yield found


def _agrees(path: Path, said: str) -> bool:
    with path.open("rb") as file:
        return agrees(said, iter(lambda: file.read(_PIECE), b""))
