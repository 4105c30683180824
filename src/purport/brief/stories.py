"""Stories as people get them: the list, how reports came into one, which claims were taken for one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from purport.brief import words as say
from purport.brief.terminal import short
from purport.core.origins import SameClaim, Traced
from purport.core.records import Report
from purport.core.stories import BEGAN, JOINED, MERGED, SPLIT, Placed
from purport.core.times import iso

_BOLD, _QUIET = Style(bold=True), Style(dim=True)
LONGEST = 90  # letters of a claim
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

Reports = Mapping[str, Report]

HOW = {BEGAN: "began it", JOINED: "joined", MERGED: "came with its story", SPLIT: "was parted from its story"}


def newest_first(found: Iterable[Traced], reports: Reports) -> list[Traced]:
    return sorted(found, key=lambda one: _days(one, reports)[-1:] or [NEVER], reverse=True)


def _days(traced: Traced, reports: Reports) -> list[datetime]:
    return sorted(reports[id].published[0].start for id in traced.account.reports if reports[id].published)


def table(found: Sequence[Traced], reports: Reports, console: Console) -> None:
    """One line a story."""
    shown = Table(box=None, padding=(0, 2, 0, 0), header_style=_QUIET)
    for name in ("story", "latest"):
        shown.add_column(name, no_wrap=True)
    for name in ("reports", "claims", "origins"):
        shown.add_column(name, justify="right")
    shown.add_column("title", ratio=1)
    for one in found:
        days = [f"{day:%Y-%m-%d}" for day in _days(one, reports)]
        counts = (len(one.account.reports), claims(one), len(one.account.origins))
        cells = [short(one.story), *(days[-1:] or [""]), *map(str, counts)]
        shown.add_row(*cells, Text(say.inert(" ".join(one.title.split()))))
    console.print(shown)


def claims(traced: Traced) -> int:
    """How many things several reports of it claim."""
    return len(traced.threads)


def as_json(traced: Traced, reports: Reports) -> dict[str, Any]:
    days = _days(traced, reports)
    return {
        "story": traced.story,
        "title": traced.title,
        "reports": list(traced.account.reports),
        "claims": claims(traced),
        "origins": len(traced.account.origins),
        "untraceable": len(traced.account.untraceable),
        "from": iso(days[0]) if days else "",
        "until": iso(days[-1]) if days else "",
    }


def reworded(merge: SameClaim) -> bool:
    """Do the two claims say it in different words?"""
    return len({ground.words.lower() for ground in merge.evidence if ground.span != (0, 0)}) > 1


def merged(merge: SameClaim, reports: Reports) -> Text:
    """Both claims in their words, and what agreed."""
    sides = [ground for ground in merge.evidence if ground.span != (0, 0)]
    line = Text()
    for number, ground in enumerate(sides):
        line.append(" = " if number else "", _QUIET)
        report = reports.get(ground.report)
        name = report.outlet or _cut(report.title) if report else ""
        line.append(f"{say.inert(name)}: " if name else "", _BOLD)
        line.append(f"“{_cut(ground.words)}”")
    agreed = dict.fromkeys(ground.kind.removeprefix("same ") for ground in merge.evidence if ground.record == merge.a)
    return line.append(f"  {', '.join(agreed)}  {merge.score:.2f}  {short(merge.id)}", _QUIET)


def history(found: Iterable[Placed], story: str, reports: Reports, console: Console) -> None:
    """How reports came into a story or left it, in order."""
    for one in found:
        report = reports.get(one.report)
        name = ": ".join(filter(None, (report.outlet, " ".join(report.title.split())))) if report else ""
        line = Text(say.inert(name or short(one.report)), _BOLD)
        if one.story != story:
            line.append(f"  left for {short(one.story)}")
        else:
            line.append(f"  {HOW[one.how]}" + (f", from {short(one.before)}" if one.before else ""))
        if one.beside:
            line.append(f"  {one.score:+.1f} with {short(one.beside)}: {', '.join(one.shared)}", _QUIET)
        console.print(line)


def moved(found: Sequence[Placed], console: Console) -> None:
    """What a person's decision changed."""
    if not found:
        console.print("No report moved.")
    for one in found:
        console.print(Text(f"{short(one.report)} stands in {short(one.story)} now, not in {short(one.before)}."))


def _cut(words: str) -> str:
    plain = say.inert(" ".join(words.split()))
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rstrip() + "…"
