"""A watch on the screen: a line for what is new, changed, gone or not to be had; sums; how the sources stand."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.style import Style
from rich.table import Table
from rich.text import Text

from purport.brief.outages import clock, lasting
from purport.brief.words import inert, number
from purport.core.times import iso, utc
from purport.core.watching import NEVER, Source, Standing, Visit

_QUIET = Style(dim=True)
_STYLES = {
    "new": Style(color="green"),
    "changed": Style(color="cyan", bold=True),
    "gone": Style(color="magenta", bold=True),
    "failed": Style(color="yellow"),
    "refused": Style(color="yellow"),
}


@dataclass(slots=True)
class Sums:
    """What there was, for the last line."""

    sources: set[str] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)
    fresh: int = 0
    reports: int = 0
    claims: int = 0
    edits: int = 0
    gaps: int = 0

    def add(self, visits: Sequence[Visit]) -> None:
        for one in visits:
            self.sources.add(one.source)
            self.fresh += one.fresh
            if one.item or one.capture or one.outcome in ("failed", "refused"):
                self.outcomes[one.outcome] += 1


def line(visit: Visit, console: Console) -> None:
    """`09:00:02  new      Kest Courier  https://kest.example/a`; nothing for what is as it was."""
    listed = not visit.item and visit.found
    if visit.outcome == "same" or (listed and not visit.fresh):
        return
    shown = Text(f"{utc(visit.at):%H:%M:%S}  ", style=_QUIET, overflow="fold")
    if listed:
        shown.append_text(Text(f"{'listed':8}", style=_QUIET))
        said = f"{visit.source}: {number(visit.fresh, 'new item')} of {visit.found:,}"
    else:
        shown.append_text(Text(f"{visit.outcome:8}", style=_STYLES.get(visit.outcome, _QUIET)))
        said = f"{visit.source}  {visit.url}"
    if visit.outcome in ("failed", "refused"):  # the sentence that says why names the address, as a rule
        why = visit.detail.removeprefix(visit.url).lstrip(" :")
        said += " " if visit.detail.startswith(f"{visit.url} ") else ": "
        shown.append_text(Text(inert(said)))
        shown.append_text(Text(inert(why), style=_STYLES["failed"]))
    else:
        shown.append_text(Text(inert(said)))
        shown.append_text(Text(inert(f"  {visit.detail}") if visit.outcome == "gone" else "", style=_STYLES["gone"]))
    console.print(shown, soft_wrap=True, highlight=False)


def sums(found: Sums, console: Console) -> None:
    """One line with all that happened."""
    kinds = ("new", "changed", "gone", "failed", "refused")
    parts = [f"{number(len(found.sources), 'source')} looked at", number(found.fresh, "new item")]
    parts += [f"{found.outcomes[kind]:,} {kind}" for kind in kinds if found.outcomes[kind]]
    if found.reports:
        parts += [f"{number(found.reports, 'report')} read", number(found.claims, "claim")]
    if found.edits:
        parts.append(number(found.edits, "edit"))
    if found.gaps:
        parts.append(number(found.gaps, "gap"))
    console.print(Text(" · ".join(parts), style=Style(bold=True)), soft_wrap=True)


class Ticker:
    """How much is done of what is known to be due, while somebody looks."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("watch", total=None)

    def told(self, doing: str, done: int, due: int) -> None:
        self._progress.update(self._task, description=doing, completed=done, total=done + due or None)


@contextmanager
def ticker(console: Console, silent: bool = False) -> Iterator[Ticker]:
    """A bar below the lines; none where nobody looks."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns,
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        disable=silent or not console.is_terminal,
    ) as progress:
        yield Ticker(progress)


def health(standing: Standing | None, now: datetime, written: Callable[[datetime], str] = clock) -> str:
    """How a source stands, in words; `written`: how times are written there."""
    if standing is None:
        return "not looked at yet"
    last = standing.last
    if last.tries:
        since = f"since {written(standing.reached[0])}" if standing.reached else "never reached"
        return f"{last.cause.replace('-', ' ')}, {number(last.tries, 'try', 'tries')}, {since}"
    if standing.failing:
        return f"well, but {number(standing.failing, 'item')} not taken"
    return "well"


def standings(sources: Sequence[Source], found: Mapping[str, Standing], now: datetime, console: Console) -> None:
    """A table of sources: health, last success, next look, items."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style=_QUIET)
    for name in ("source", "health", "last success", "next look"):
        table.add_column(name, overflow="fold")
    table.add_column("items", justify="right")
    table.add_column("taken", justify="right")
    for name in names(sources, found):
        one = found.get(name)
        well = one is not None and not one.last.tries
        table.add_row(
            Text(inert(name), style=Style(bold=True)),
            Text(inert(health(one, now)), style=Style(color="green" if well else "yellow")),
            Text(clock(one.reached[0]) if one and one.reached else "–"),
            Text(ahead(one.last.next, now) if one else "when watched"),
            Text(f"{one.items:,}" if one else "–"),
            Text(f"{one.taken:,}" if one else "–"),
        )
    console.print(table)


def names(sources: Sequence[Source], found: Mapping[str, Standing]) -> list[str]:
    """Those of the file in its order, then those that are watched no longer."""
    named = [source.name for source in sources]
    return [*named, *sorted(found.keys() - set(named))]


def ahead(moment: datetime, now: datetime) -> str:
    if moment >= NEVER:
        return "never"
    seconds = (moment - now).total_seconds()
    return "due" if seconds <= 0 else f"in {lasting(seconds)}"


def as_json(name: str, source: Source | None, standing: Standing | None, now: datetime) -> dict[str, Any]:
    """How a source stands, for programs; empty text for what there is not."""
    last = standing.last if standing else None
    return {
        "source": name,
        "kind": source.kind if source else "",
        "health": health(standing, now),
        "last_success": iso(standing.reached[0]) if standing and standing.reached else "",
        "last_look": iso(last.at) if last else "",
        "next_look": iso(last.next) if last else "",
        "failures": last.tries if last else 0,
        "cause": last.cause if last else "",
        "detail": last.detail if last else "",
        "items": standing.items if standing else 0,
        "taken": standing.taken if standing else 0,
        "failing": standing.failing if standing else 0,
    }
