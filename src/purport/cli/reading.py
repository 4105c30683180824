"""The commands that read: `purport read`, `reread`, `brief` and `demo`."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from purport import app, brief
from purport.app import House, working
from purport.brief import changes as differences
from purport.brief import demo as story
from purport.brief import handed, screen, terminal
from purport.brief.screen import Screen
from purport.cli.emitting import Pair, emit, print_line
from purport.cli.options import (
    engine,
    engine_option,
    fetch_option,
    form_options,
    house_options,
    nested_option,
    opened,
    reader_options,
)
from purport.collect import count
from purport.core.errors import UsageError
from purport.core.ports import Engine
from purport.core.records import Gap
from purport.pipeline import Outcome


@click.command()
@click.argument("places", nargs=-1, required=True, metavar="PLACE...")
@form_options
@nested_option
@fetch_option
@reader_options
@engine_option
@house_options
def read(ctx: click.Context, places: tuple[str, ...], form: str, nested: bool) -> None:
    """Read reports: who claims what, on whose word, how firmly.

    A PLACE is a text or HTML file, a folder of them, a .jsonl of {id, text, title?, url?, published?}, a
    .warc or .warc.gz, an http(s) URL, or - for standard input. What can't be read is told at the end and
    kept as a gap; the rest is read all the same. With --engine jobs: it is kept, and workers read it.

    \b
    Examples:
      purport read article.html
      purport read reports/ --json > claims.jsonl
      cat statement.txt | purport read -
      purport read reports/ --engine jobs:
    """
    house = opened(ctx)
    tally, shown = Tally(), Screen()
    if (others := engine(ctx)).later:
        hand_over(house, others, places, shown, form)
        return
    emit(form, nested, pairs(taken_in(house, places, shown, form), tally), tally.missed, shown)
    if not tally.reports:
        raise app.nothing(tally.missed)


def hand_over(house: House, others: Engine, places: Sequence[str], shown: Screen, form: str) -> None:
    """Keep what the places hold, and have others read it."""
    if form:
        screen.for_programs()
    stdin = getattr(sys.stdin, "buffer", None)
    reports, orders, missed = 0, 0, list[Gap]()
    found = working.hand_over(house, others, places, stdin)
    for outcome, new in screen.progress(found, lambda: count(places), shown, alone=bool(form)):
        orders += new
        reports += len(outcome.reports)
        missed += outcome.gaps
        for report in outcome.reports if form else ():
            print_line({"report": report.id, "capture": report.capture, "url": report.url, "title": report.title})
    if missed:
        terminal.gaps(missed, Screen(stderr=True))
    if not (orders or reports):
        raise app.nothing(missed)
    click.echo(handed.said(reports, orders), err=bool(form))


@dataclass(slots=True)
class Tally:
    """What there was besides the claims, filled as the reports come."""

    reports: int = 0
    missed: list[Gap] = field(default_factory=list)


def pairs(outcomes: Iterable[Outcome], tally: Tally) -> Iterator[Pair]:
    """Reports with their readings as they come."""
    for outcome in outcomes:
        tally.missed += outcome.gaps
        for pair in outcome.pairs():
            tally.reports += 1
            yield pair


def taken_in(house: House, places: Sequence[str], shown: Screen, form: str = "") -> Iterator[Outcome]:
    """Read the places, with a progress bar where one is of use."""
    stdin = getattr(sys.stdin, "buffer", None)  # there may be none at all
    return screen.progress(app.read(house, places, stdin), lambda: count(places), shown, alone=form in ("json", "csv"))


@click.command()
@click.argument("reports", nargs=-1, metavar="[REPORT]...")
@click.option("--json", "form", flag_value="json", help="One report a line: what changed, with old and new values.")
@reader_options
@house_options
def reread(ctx: click.Context, reports: tuple[str, ...], form: str) -> None:
    """Read stored reports again, with the reader of now, and show what that changes.

    Only reports that this very reader (its rules, tables and model) has not read yet are read: all of the
    ledger's, or those named. Both readings are kept; listings use the latest.

    \b
    Examples:
      purport reread
      purport reread report-91aa --json
    """
    house, shown, sums, missed = opened(ctx), Screen(), differences.Sums(), list[Gap]()
    if form:
        screen.for_programs()
    total = len(reports) or house.view.counts()["reports"]
    for again in screen.progress(app.reread(house, reports), lambda: total, shown, alone=bool(form)):
        missed += again.gaps
        for after in again.after:
            sums.count(again.changes)
            if form:
                before = next((reading.reader for reading in again.before), "")
                print_line(differences.as_json(again.report, before, after.reader, again.changes))
            else:
                differences.show(again.report, again.changes, shown)
    if sums.reports and not form:
        differences.sums(sums, shown)
    elif not (sums.reports or missed):
        click.echo(f"Nothing to do: {house.reader.version} has read all of it before.", err=bool(form))
    if missed:
        terminal.gaps(missed, Screen(stderr=True))


@click.command(name="brief")
@click.argument("places", nargs=-1, required=True, metavar="PLACE...")
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path("brief.html"), show_default=True)
@click.option("--title", default="", help="The brief's title (default: the report's).")
@fetch_option
@reader_options
@house_options
def brief_command(ctx: click.Context, places: tuple[str, ...], out: Path, title: str) -> None:
    """Write a brief: the reports with their claims, each line opening its exact words.

    The ending of the name given by -o says the form: .html (one page, nothing else needed), .md or .json.
    Use - for standard output (Markdown).

    \b
    Examples:
      purport brief article.html
      purport brief reports/ -o story.html --title "The bridge at Ostrel"
      purport brief statement.txt -o -
    """
    form = _form(out)
    house = opened(ctx)
    _write(app.brief(house, taken_in(house, places, Screen(), "brief"), title), form, out)


def _form(out: Path) -> str:
    """The form that the name asks for; asked before the reading begins. Raises UsageError."""
    suffix = ".md" if str(out) == "-" else out.suffix.lower()
    form = {".htm": "html", ".markdown": "md"}.get(suffix, suffix.removeprefix("."))
    if form not in brief.FORMS:
        raise UsageError(
            f"A brief is written as {', '.join('.' + name for name in brief.FORMS)}; {out} is none of them."
        )
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent} to write {out.name} to. Make it, or name another with -o.")
    return form


def _write(made: brief.Brief, form: str, out: Path) -> None:
    text = brief.FORMS[form](made)
    if str(out) == "-":
        screen.for_programs()
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out} can't be written ({error.strerror}). Name another place with -o.") from error
    click.echo(f"Wrote {out} ({len(text.encode()) / 1000:.0f} kB).", err=True)


@click.command()
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path("purport-demo.html"), show_default=True)
@house_options
def demo(ctx: click.Context, out: Path) -> None:
    """Read a small invented story in six reports into the ledger, and write its brief.

    A video appears; an agency carries it, others copy; a ministry denies; rights groups doubt; the first
    outlet corrects itself. Nothing in it is real. Run it in an empty folder and look around afterwards.

    \b
    Examples:
      purport demo
      purport demo -o story.md --ledger sqlite:///demo.db
    """
    form = _form(out)
    house = opened(ctx)
    places = [str(place) for place in story.places()]
    tally, shown = Tally(), Screen()
    emit("", False, pairs(taken_in(house, places, shown), tally), tally.missed, shown)
    _write(app.brief(house, app.read(house, places)), form, out)
    click.echo(
        f"\nOpen {out} in a browser, then try:\n"
        "  purport claims --act deny\n"
        "  purport search ministry\n"
        "  purport claims --stance distanced --csv\n"
        "  purport trace --all",
        err=True,
    )
