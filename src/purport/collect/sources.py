"""Reads `sources.toml`: what is to be watched, and how. Errors name the source, its line and the mend."""

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from purport.collect.items import without_password
from purport.collect.listing import address
from purport.core.errors import UsageError
from purport.core.watching import Source

EXAMPLE = """\
# What Purport watches. One [[sources]] table a source: a name of your choice, and where it publishes.
# Then: purport watch sources.toml

every = "10m"                 # how often each source is looked at (s, m, h, d), unless it says otherwise below

[[sources]]
name = "Harbour Gazette"
feed = "https://gazette.example/rss.xml"       # RSS, Atom or JSON Feed: the best there is, it misses least

[[sources]]
name = "Ministry of the Coast"
page = "https://ministry.example/statements"   # a page that links to what is new, where there is no feed
every = "30m"
media = false                 # its videos, images and sounds are not fetched

[[sources]]
name = "Varn Today"
sitemap = "https://varn.example/sitemap.xml"   # a site's own list of its pages
every = "1h"
delay = "5s"                  # at least so long between two requests to it
again = "1d"                  # how soon a page that was fetched is looked at again for edits; "never": not at all

[[sources]]
name = "our archive"
feed = "http://archive.lan/feed.json"
allow_private = true          # it lies on our own network

[[sources]]
name = "what colleagues drop"
folder = "inbox"              # a folder of files, as seen from where this file is
"""

KINDS = ("feed", "page", "sitemap", "folder")
OPTIONS = ("every", "allow_private", "media", "delay", "again")
NEVER = "never"
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([smhd])")
_LONGEST = 366 * 86400.0
_TABLE = re.compile(r"^[ \t]*\[\[[ \t]*[\"']?sources[\"']?[ \t]*\]\]", re.MULTILINE)


def read_sources(path: Path, every: float = 0.0) -> tuple[Source, ...]:
    """The sources that a file names, in its order. Raises UsageError, which names all that is wrong.

    `every`: how often those are looked at for which the file does not say it; 0: as often as is usual.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", "") or str(error)
        hint = f"Begin one with: purport watch --example > {path}"
        raise UsageError(f"{path} can't be read ({why}). {hint}") from None
    return sources_in(text, path.name, path.parent, every)


def sources_in(text: str, name: str = "sources.toml", folder: Path = Path(), every: float = 0.0) -> tuple[Source, ...]:
    """The sources in the text of such a file, in its order. Folders are sought from `folder`. Raises UsageError."""
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise UsageError(f"{name} is not TOML: {error}. purport watch --example shows how it is written.") from None
    lines = [text.count("\n", 0, found.start()) + 1 for found in _TABLE.finditer(text)]
    given = tables.pop("sources", [])
    faults = list(_unknown(tables, OPTIONS, " outside the tables of sources"))
    if not isinstance(given, list) or not all(isinstance(table, dict) for table in given):
        raise UsageError(f"{name}: sources have to be tables, each begun by a line [[sources]] with two brackets.")
    if not given:
        raise UsageError(f"{name} names no source yet. purport watch --example shows some to begin with.")
    defaults, wrong = _options(tables)
    defaults = ({"every": every} if every else {}) | defaults
    faults += wrong
    found: dict[int, Source] = {}
    for number, table in enumerate(given, 1):
        where = _where(table, number, lines if len(lines) == len(given) else [])
        made, wrong = _source(table, defaults, folder)
        faults += [f"{where} {fault}" for fault in wrong]
        for source in made:
            faults += [f"{where} {fault}" for fault in _twice(source, found)]
            found[number] = source
    if faults:
        raise UsageError("\n".join(f"{name}: {fault}" for fault in faults))
    return tuple(found.values())


def _where(table: dict[str, Any], number: int, lines: list[int]) -> str:
    """How a table is named to people, as in `source 3 (“Harbour Gazette”, line 12)`."""
    name = table.get("name")
    said = [f"“{name[:60]}”"] if isinstance(name, str) and name.strip() else []
    said += [f"line {lines[number - 1]}"] if lines else []
    return f"source {number} ({', '.join(said)})" if said else f"source {number}"


def _source(table: dict[str, Any], defaults: dict[str, Any], folder: Path) -> tuple[list[Source], list[str]]:
    """The source that a table names, none or one, and what is wrong with the table."""
    faults = list(_unknown(table, ("name", *KINDS, *OPTIONS), ""))
    name = table.get("name")
    if not isinstance(name, str) or not name.strip():
        faults.append('has no name: write name = "…", any words that tell it from the others')
    kinds = [kind for kind in KINDS if kind in table]
    if len(kinds) > 1:
        faults.append(f"has {'both ' if len(kinds) == 2 else ''}{' and '.join(kinds)}: keep one")
    elif not kinds:
        faults.append(f"says not where it publishes: write one of {', '.join(KINDS)}")
    options, wrong = _options(table)
    faults += wrong
    place = ""
    if len(kinds) == 1:
        place, fault = _place(kinds[0], table[kinds[0]], folder)
        faults += [fault] if fault else []
    if faults:
        return [], faults
    return [Source(name=str(name).strip(), kind=kinds[0], place=place, **(defaults | options))], []


def _place(kind: str, given: object, folder: Path) -> tuple[str, str]:
    """Where a source publishes, and what is wrong with that. An address keeps its password: it is needed to ask."""
    if not isinstance(given, str) or not given.strip():
        return "", f'has a {kind} that is no text: write {kind} = "…"'
    given = given.strip()
    if kind == "folder":
        if "://" in given:
            return "", f"has an address as its folder: write feed, page or sitemap = {without_password(given)!r}"
        return str(folder / Path(given).expanduser()), ""
    if address(given):
        return given, ""
    shown = without_password(given)
    if "://" not in given and address(f"https://{given}") and "." in given:
        return "", f'has a {kind} without its beginning: write {kind} = "https://{shown}"'
    return "", f"has a {kind} that is no web address ({shown!r}): write one that begins with https:// or http://"


def _options(table: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The options in a table, and what is wrong with them."""
    options: dict[str, Any] = {}
    faults = []
    for name in ("allow_private", "media"):
        if name in table:
            options[name] = table[name]
            if not isinstance(table[name], bool):
                faults.append(f"has {name} = {table[name]!r}: write true or false, without quotation marks")
    for name, least in (("every", 1.0), ("delay", 0.0), ("again", 1.0)):
        if name in table:
            options[name] = length = 0.0 if name == "again" and table[name] == NEVER else seconds(table[name])
            if not (least <= length <= _LONGEST or (name == "again" and table[name] == NEVER)):
                faults.append(f'has {name} = {table[name]!r}: write a time such as "30s", "10m", "2h" or "1d"')
    return options, faults


def seconds(given: object) -> float:
    """A length of time in seconds; -1 for what is none."""
    found = _LENGTH.fullmatch(given.strip()) if isinstance(given, str) else None
    return float(found[1]) * _UNITS[found[2]] if found else -1.0


def _unknown(table: dict[str, Any], known: tuple[str, ...], where: str) -> Iterator[str]:
    for key in sorted(table.keys() - set(known)):
        near = get_close_matches(key, known, 1)
        mend = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        yield f"has {key!r}{where}, which means nothing: {mend}"


def _twice(source: Source, before: dict[int, Source]) -> Iterator[str]:
    for number, other in before.items():
        if other.name == source.name:
            yield f"has the same name as source {number}: what was seen is kept by name, so give each its own"
        elif (other.kind, other.place) == (source.kind, source.place):
            yield f"watches the same as source {number} (“{other.name}”): keep one"
