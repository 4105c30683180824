"""What was taken in, a line a report, and the sums; bookmarks as a list, and as sources to watch."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from rich.console import Console
from rich.style import Style
from rich.text import Text

from purport.brief import words as say
from purport.brief.terminal import short
from purport.core.records import Capture, Gap, Reading, Report
from purport.core.times import iso

_QUIET = Style(dim=True)

Mark: TypeAlias = tuple[str, str, str, tuple[datetime, ...]]  # a bookmark: address, title, folder, when it was kept


@dataclass(slots=True)
class Sums:
    """What there was, filled as it comes."""

    captures: int = 0
    media: int = 0
    reports: int = 0
    claims: int = 0
    known: int = 0  # reports that this very reader had read before
    added: int = 0  # entries that are new in the ledger

    def count(
        self, captures: Sequence[Capture], read: Sequence[tuple[Report, Reading]], known: bool, added: int
    ) -> None:
        self.captures += len(captures)
        self.media += sum(capture.kind == "media" for capture in captures)
        self.reports += len(read)
        self.claims += sum(len(reading.claims) for _, reading in read)
        self.known += len(read) if known else 0
        self.added += added


def row(report: Report, reading: Reading, known: bool, console: Console) -> None:
    """A report on one line: when, by whom, its title, what it gave."""
    about = [*map(say.day, report.published), report.outlet]
    line = Text(f"{short(report.id)}  ", _QUIET)
    line.append(say.inert(" · ".join([*filter(None, about), report.title or "Without a headline"])), Style(dim=False))
    line.append(f"  {say.number(len(reading.claims), 'claim')}{', known' if known else ''}")
    console.print(line, soft_wrap=True)


def file(capture: Capture, console: Console) -> None:
    """A media file on one line."""
    line = Text(f"{short(capture.id)}  ", _QUIET)
    line.append(say.inert(capture.place), Style(dim=False))
    line.append("  media file")
    console.print(line, soft_wrap=True)


def closing(sums: Sums, missed: Sequence[Gap], console: Console) -> None:
    """The sums, and what one may do next."""
    parts = [say.number(sums.captures, "capture"), say.number(sums.reports, "report")]
    parts += [say.number(sums.claims, "claim"), say.number(sums.media, "media file"), say.number(len(missed), "gap")]
    console.print(Text(" · ".join(parts), style=Style(bold=True)))
    if sums.captures and not sums.added:
        console.print(Text("Nothing of it is new: the ledger held all of it before.", style=_QUIET))
    elif sums.known:
        console.print(Text(f"{say.number(sums.known, 'report')} had been read before.", style=_QUIET))
    if sums.media:
        console.print(
            Text("Media files are kept as they are; purport footage add PLACE looks into them.", style=_QUIET)
        )


def as_json(capture: Capture, read: Sequence[tuple[Report, Reading]], known: bool) -> dict[str, Any]:
    """A capture with what became of it."""
    about = {"capture": capture.id, "place": capture.place, "url": capture.url, "kind": capture.kind}
    reports = [
        {
            "report": report.id,
            "title": report.title,
            "outlet": report.outlet,
            "published": [iso(moment.start) for moment in report.published],
            "claims": len(reading.claims),
        }
        for report, reading in read
    ]
    return about | {"digest": capture.digest, "size": capture.size, "known": known, "reports": reports}


def mark(one: Mark, console: Console) -> None:
    """A bookmark: its address on a line, what it says of itself on the next."""
    url, title, folder, added = one
    console.print(Text(say.inert(url), overflow="fold"))
    about = [title, folder, *(f"kept on {moment:%Y-%m-%d}" for moment in added)]
    if any(about):
        console.print(Text("    " + say.inert(" · ".join(filter(None, about))), style=_QUIET, overflow="fold"))


def mark_as_json(one: Mark) -> dict[str, Any]:
    url, title, folder, added = one
    return {"url": url, "title": title, "folder": folder, "added": [iso(moment) for moment in added]}


def as_sources(marks: Iterable[Mark]) -> str:
    """The bookmarks as tables of `sources.toml`, each a page to watch; no two have the same name."""
    tables, used = [], set[str]()
    for url, title, _, _ in marks:
        name = base = say.inert(title) or urlsplit(url).hostname or url
        number = 1
        while name in used:
            number += 1
            name = f"{base} ({number})"
        used.add(name)
        tables.append(f"[[sources]]\nname = {_toml(name)}\npage = {_toml(url)}\n")
    return "\n".join(tables)


def _toml(text: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for the one sign that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
