"""The commands that ask the ledger: `purport claims`, `search`, `show`, `explain` and `gaps`."""

import sys
from collections.abc import Iterable, Iterator
from itertools import chain, groupby

import click
import msgspec

from purport import app
from purport.app import House
from purport.brief import explain as explanation
from purport.brief import screen, terminal
from purport.brief.screen import Screen
from purport.brief.words import inert, number
from purport.cli.emitting import Pair, emit, print_line
from purport.cli.options import (
    form_options,
    house_options,
    instant,
    nested_option,
    opened,
)
from purport.core.errors import NotFoundError
from purport.core.records import Claim, Query, Reading, Report
from purport.core.reviews import ASKED
from purport.core.times import EVER


@click.command()
@click.option("--act", default="", help="Only this act, as in deny or accuse.")
@click.option("--stance", type=click.Choice(["plain", "distanced", "endorsed"]), help="Only this stance.")
@click.option("--source-kind", default="", help="Only sources of this kind, as in government or video.")
@click.option("--outlet", default="", help="Only reports of this outlet.")
@click.option("--report", default="", help="Only this report (its id or the beginning of it).")
@click.option("--reviewed", type=click.Choice(ASKED), help="Only those that people judged so.")
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
    reviewed: str | None,
    limit: int,
    form: str,
    nested: bool,
) -> None:
    """List the ledger's claims, narrowed as you like.

    \b
    Examples:
      purport claims --act deny
      purport claims --stance distanced --csv > distanced.csv
      purport claims --reviewed confirmed --json
    """
    query = Query("", act, stance or "", source_kind, outlet, report, True, limit, reviewed=reviewed or "")
    _list(opened(ctx), query, form, nested)


@click.command()
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
    found = _by_report(app.claims(house, query))
    first = next(found, None)
    if first is None:
        counts = house.view.counts()
        if not counts["reports"]:
            raise NotFoundError("The ledger is empty. Read something first: purport read FILE, or purport demo.")
        raise NotFoundError(
            f"No claim matches. Searched: {number(counts['claims'], 'claim')} of "
            f"{number(counts['reports'], 'report')}, {app.scope(house)}"
        )
    emit(form, nested, chain([first], found), (), Screen())


def _by_report(found: Iterable[tuple[Claim, Report]]) -> Iterator[Pair]:
    """Claims that follow one another in the same report, together."""
    for _, group in groupby(found, key=lambda pair: pair[1].id):
        held = list(group)
        report = held[0][1]
        yield report, Reading("", report.id, "", tuple(claim for claim, _ in held))


@click.command()
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
        print_line(msgspec.structs.asdict(held.report) | {"claims": held.reading.claims} if claim is None else claim)
    elif claim is not None:
        terminal.one(claim, held.report, Screen())
    else:
        terminal.whole(held.report, Screen(), held.reading.claims)


@click.command()
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
        print_line(explanation.as_json(found))
    else:
        explanation.show(found, Screen())


@click.command()
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
            print_line(gap)
    elif first := next(found, None):
        terminal.gaps(chain([first], found), Screen())
    else:
        narrowed = " that it was asked for" if source or since else ""
        click.echo(f"No gaps{narrowed}: everything the ledger was given could be read.")
