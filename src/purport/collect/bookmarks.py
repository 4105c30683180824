"""Bookmarks as browsers export them: the HTML that all of them write, Firefox's JSON backup, Chrome's own file."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from purport.collect.charsets import charset_of
from purport.collect.items import whole, without_password
from purport.collect.tags import tags

_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_CHROME = datetime(1601, 1, 1, tzinfo=UTC)  # from where Chrome counts its microseconds
_FIREFOX = datetime(1970, 1, 1, tzinfo=UTC)
_DEEP = 200  # folders in folders


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A page that somebody kept the address of."""

    url: str
    title: str = ""
    folder: str = ""  # as in `Harbour / Surveys`
    added: tuple[datetime, ...] = ()  # none or one


@dataclass(frozen=True, slots=True)
class Bookmarks:
    """The bookmarks of a file, each address once, in order; how many entries are no web addresses; is it all there?"""

    found: tuple[Bookmark, ...]
    others: int = 0
    complete: bool = True


def bookmarks(data: bytes) -> Bookmarks:
    """What an export lists. Entries that are no http(s) addresses (scripts, files, searches) are counted only."""
    text = whole(data.decode(charset_of(data)[0], "replace")).lstrip("\ufeff")
    complete = True
    if text.lstrip().startswith("{"):
        try:
            entries = list(_in_json(json.loads(text), (), 0))
        except (ValueError, RecursionError):
            entries, complete = [], False
    else:
        entries, complete = _in_html(text)
    once: dict[str, Bookmark] = {}
    others = 0
    for entry in entries:
        if _WEB.match(entry.url):
            once.setdefault(without_password(entry.url), entry)
        else:
            others += 1
    return Bookmarks(tuple(once.values()), others, complete)


def _in_html(text: str) -> tuple[list[Bookmark], bool]:
    """The entries of the export, and: are all of its lists closed?"""
    entries: list[Bookmark] = []
    folders: list[str] = []
    heading, opened = "", False
    for name, attributes, behind in tags(text):
        if name == "h3":
            heading = _line(behind)
        elif name == "dl":
            opened = True
            if len(folders) < _DEEP:
                folders.append(heading)
            heading = ""
        elif name == "/dl":
            del folders[-1:]
        elif name == "a" and "href" in attributes:
            added = _since(_FIREFOX, attributes.get("add_date", ""), 1)
            folder = " / ".join(filter(None, folders))
            entries.append(Bookmark(attributes["href"].strip(), _line(behind), folder, added))
    return entries, opened and not folders


def _in_json(node: Any, folders: tuple[str, ...], depth: int) -> Iterator[Bookmark]:
    """The entries below a node of either browser's tree."""
    if not isinstance(node, dict) or depth > _DEEP:
        return
    name = _line(_text(node, "name") or _text(node, "title"))
    url = _text(node, "url") or _text(node, "uri")
    if url:
        added = _since(_CHROME, _text(node, "date_added"), 10**6) or _since(_FIREFOX, _text(node, "dateAdded"), 10**6)
        yield Bookmark(url.strip(), name, " / ".join(folders), added)
    inner = node.get("children")
    inside = (*folders, name) if name and "children" in node else folders
    for child in inner if isinstance(inner, list) else ():
        yield from _in_json(child, inside, depth + 1)
    roots = node.get("roots")
    for child in roots.values() if isinstance(roots, dict) else ():
        yield from _in_json(child, folders, depth + 1)


def _text(node: dict[str, Any], key: str) -> str:
    value = node.get(key)
    return str(value) if isinstance(value, str | int) else ""


def _line(text: str) -> str:
    return " ".join(text.split())[:500]


def _since(start: datetime, written: str, parts: int) -> tuple[datetime, ...]:
    """The moment that is so many parts of a second after a start; none where that can't be."""
    try:
        number = int(written[:20])
        return (start + timedelta(seconds=number / parts),) if number > 0 else ()
    except (ValueError, OverflowError):
        return ()
