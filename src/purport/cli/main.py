"""The first commands, and all the others gathered: thin, one function a command. What they do is in `app/`."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from pathlib import Path
from typing import TypeAlias

import click
import msgspec

from purport import __version__, app, brief
from purport.app import House
from purport.brief import changes as differences
from purport.brief import demo as story
from purport.brief import explain as explanation
from purport.brief import screen, sheet, terminal
from purport.brief.screen import Screen
from purport.brief.words import inert
from purport.cli.alerts import alerts, edits
from purport.cli.custody import custody, stamp, verify
from purport.cli.desk import desk
from purport.cli.export import export
from purport.cli.footage import footage
from purport.cli.imports import import_command
from purport.cli.mcp import mcp_command
from purport.cli.options import (
    Group,
    fetch_option,
    form_options,
    house_options,
    instant,
    nested_option,
    opened,
    reader_options,
)
from purport.cli.stories import stories
from purport.cli.trace import ripple, trace
from purport.cli.watch import sources, watch
from purport.collect import count
from purport.core.errors import NotFoundError, UsageError
from purport.core.lines import line, lines
from purport.core.records import Claim, Gap, Query, Reading, Report
from purport.core.times import EVER
from purport.pipeline import Outcome

Pair: TypeAlias = tuple[Report, Reading]


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def main() -> None:
    """Purport reads news reports and writes down who claims what, on whose word, how firmly.

    \b
    Begin with:
      purport demo                  a small invented story, read and briefed
      purport read report.html      the claims of a report
      purport brief report.html     a page with the words behind each claim
      purport footage add clip.mp4  a video's facts, shots, fingerprints and provenance

    Everything read is kept in a ledger (purport.db in this folder) and never changed afterwards.
    """


main.add_command(footage)
for command in (
    alerts,
    custody,
    desk,
    edits,
    export,
    import_command,
    mcp_command,
    ripple,
    sources,
    stamp,
    stories,
    trace,
    verify,
    watch,
):
    main.add_command(command)


@main.command()
@click.argument("places", nargs=-1, required=True, metavar="PLACE...")
@form_options
@nested_option
@fetch_option
@reader_options
@house_options
def read(ctx: click.Context, places: tuple[str, ...], form: str, nested: bool) -> None:
    """Read reports: who claims what, on whose word, how firmly.

    A PLACE is a text or HTML file, a folder of them, a .jsonl of {id, text, title?, url?, published?}, a
    .warc or .warc.gz, an http(s) URL, or - for standard input. What can't be read is told at the end and
    kept as a gap; the rest is read all the same.

    \b
    Examples:
      purport read article.html
      purport read reports/ --json > claims.jsonl
      cat statement.txt | purport read -
    """
    house = opened(ctx)
    tally, shown = Tally(), Screen()
    emit(form, nested, pairs(taken_in(house, places, shown, form), tally), tally.missed, shown)
    if not tally.reports:
        raise app.nothing(tally.missed)


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


@main.command()
@click.option("--act", default="", help="Only this act, as in deny or accuse.")
@click.option("--stance", type=click.Choice(["plain", "distanced", "endorsed"]), help="Only this stance.")
@click.option("--source-kind", default="", help="Only sources of this kind, as in government or video.")
@click.option("--outlet", default="", help="Only reports of this outlet.")
@click.option("--report", default="", help="Only this report (its id or the beginning of it).")
@click.option("--limit", type=click.IntRange(0), default=0, help="At most so many.")
@form_options
@nested_option
@house_options
def claims(
    ctx: click.Context,
    act: str,
    stance: str | None,
    source_kind: str,
    outlet: str,
    report: str,
    limit: int,
    form: str,
    nested: bool,
) -> None:
    """List the ledger's claims, narrowed as you like.

    \b
    Examples:
      purport claims --act deny
      purport claims --stance distanced --csv > distanced.csv
    """
    query = Query("", act, stance or "", source_kind, outlet, report, True, limit)
    _list(opened(ctx), query, form, nested)


@main.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many.")
@form_options
@house_options
def search(ctx: click.Context, words: tuple[str, ...], limit: int, form: str) -> None:
    """Find claims by their words; "in quotation marks" for a phrase.

    \b
    Examples:
      purport search breakwater survey
      purport search '"had not seen"'
    """
    _list(opened(ctx), Query(words=" ".join(words), limit=limit), form, True)


def _list(house: House, query: Query, form: str, nested: bool) -> None:
    found = _by_report(house.view.claims(query))
    first = next(found, None)
    if first is None:
        counts = house.view.counts()
        if not counts["reports"]:
            raise NotFoundError("The ledger is empty. Read something first: purport read FILE, or purport demo.")
        raise NotFoundError(
            f"No claim matches. Searched: {counts['claims']:,} claims of {counts['reports']:,} reports, "
            f"{app.scope(house)}"
        )
    emit(form, nested, chain([first], found), (), Screen())


def _by_report(found: Iterable[tuple[Claim, Report]]) -> Iterator[Pair]:
    """Claims that follow one another in the same report, together."""
    for _, group in groupby(found, key=lambda pair: pair[1].id):
        held = list(group)
        report = held[0][1]
        yield report, Reading("", report.id, "", tuple(claim for claim, _ in held))


@main.command()
@click.argument("id")
@click.option("--text", "form", flag_value="text", help="The stored text of the report, nothing else.")
@click.option("--json", "form", flag_value="json", help="The whole record.")
@house_options
def show(ctx: click.Context, id: str, form: str) -> None:
    """Show a claim or a report by its id, or by the beginning of it.

    \b
    Examples:
      purport show claim-3f0c       one claim, with all its fields
      purport show report-91aa      a report and its claims
      purport show report-91aa --text
    """
    found = app.show(opened(ctx), id)
    claim, held = found if isinstance(found, tuple) else (None, found)
    if form:
        screen.for_programs()
    if form == "text":
        seen = sys.stdout.isatty()  # then escape sequences must do nothing; a program gets the text as it is
        sys.stdout.write(inert(held.report.text, keep="\n\t") if seen else held.report.text)
    elif form == "json":
        _print(msgspec.structs.asdict(held.report) | {"claims": held.reading.claims} if claim is None else claim)
    elif claim is not None:
        terminal.one(claim, held.report, Screen())
    else:
        terminal.whole(held.report, Screen(), held.reading.claims)


@main.command()
@click.argument("claim")
@click.option("--json", "form", flag_value="json", help="One object: labels with their reasons, and the numbers.")
@house_options
def explain(ctx: click.Context, claim: str, form: str) -> None:
    """Explain a claim: which words decided its act, stance, speaker and the rest, and how sure the links are.

    CLAIM is an id or the beginning of it. The numbers are the network's own, from reading the place again;
    a claim of another reader has none.

    \b
    Examples:
      purport explain claim-3f0c
      purport explain 3f0c --json
    """
    found = app.explain(opened(ctx), claim)
    if form:
        screen.for_programs()
        _print(explanation.as_json(found))
    else:
        explanation.show(found, Screen())


@main.command()
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
                _print(differences.as_json(again.report, before, after.reader, again.changes))
            else:
                differences.show(again.report, again.changes, shown)
    if sums.reports and not form:
        differences.sums(sums, shown)
    elif not (sums.reports or missed):
        click.echo(f"Nothing to do: {house.reader.version} has read all of it before.", err=bool(form))
    if missed:
        terminal.gaps(missed, Screen(stderr=True))


@main.command()
@click.option("--source", default="", metavar="NAME", help="Only those of this watched source.")
@click.option("--since", default="", metavar="TIME", help="Only from then on, as in 2024-03-06 or 2024-03-06T12:00Z.")
@click.option("--json", "form", flag_value="json", help="One gap a line (JSON Lines).")
@house_options
def gaps(ctx: click.Context, source: str, since: str, form: str) -> None:
    """List what could not be fetched, read or decided, and when watched sources were not reached.

    \b
    Examples:
      purport gaps
      purport gaps --source "Harbour Gazette" --since 2024-03-06
      purport gaps --json > gaps.jsonl
    """
    found = app.gaps(opened(ctx), source, instant("--since", since) if since else EVER)
    if form == "json":
        screen.for_programs()
        for gap in found:
            _print(gap)
    elif first := next(found, None):
        terminal.gaps(chain([first], found), Screen())
    else:
        narrowed = " that it was asked for" if source or since else ""
        click.echo(f"No gaps{narrowed}: everything the ledger was given could be read.")


@main.command(name="brief")
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


@main.command()
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


def emit(form: str, nested: bool, readings: Iterable[Pair], missed: Sequence[Gap], shown: Screen) -> None:
    """Print readings in the form asked for, as they come; then the gaps, which go to standard error."""
    if form:
        screen.for_programs()
    if form == "csv":
        sheet.write(readings, sys.stdout)
    elif form == "json":
        for report, reading in readings:
            for one in [line(c, report) for c in reading.claims] if nested else lines(reading.claims, report):
                _print(one)
    else:
        terminal.table(readings, shown, missed)
    if missed:
        terminal.gaps(missed, Screen(stderr=True))


def _print(record: object) -> None:
    sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
