"""The commands `purport trace` and `purport ripple`: thin. What they do is in `app/stories.py` and `app/tracing.py`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from purport import app
from purport.app import House, looking
from purport.brief import screen, trace_picture, trace_tree
from purport.brief.screen import Screen
from purport.brief.words import number
from purport.cli.options import house_options, instant, opened, studio, studio_options, whom
from purport.core.errors import NotFoundError, UsageError
from purport.core.looks import Standing
from purport.core.origins import DELETED, DENIED, EDITED, REUSED, Event, Traced
from purport.core.records import Report

WHAT = (EDITED, DELETED, DENIED, REUSED)


@click.command()
@click.argument("wanted", nargs=-1, metavar="[STORY|CLAIM|REPORT]...")
@click.option("--all", "every", is_flag=True, help="List all stories, those with the most reports first.")
@click.option("--as-of", metavar="TIME", help="Only what was out by then, as in 2024-03-06 or 2024-03-06T12:00Z.")
@click.option("--claims", is_flag=True, help="With --json: one line for each thing that several reports claim.")
@click.option("--footage", is_flag=True, help="First look for the footage that reports refer to among all releases.")
@click.option("--json", "form", flag_value="json", help="One object a story (JSON Lines).")
@click.option("--picture", type=click.Path(path_type=Path), help="Draw who rests on whom (.svg).")
@studio_options
@house_options
def trace(
    ctx: click.Context,
    wanted: tuple[str, ...],
    every: bool,
    as_of: str | None,
    claims: bool,
    footage: bool,
    form: str,
    picture: Path | None,
) -> None:
    """Trace a story: so many reports, so many independent origins, so many untraceable.

    Name a story, a report or a claim by its id or the beginning of it; several reports are taken for one story.
    Independent origins share no account: no outlet, no agency, no speaker, no footage. Unnamed sources are no
    origin, and neither is a circle of citations. Disputes stand with both passages, and what was said first
    stands first. Nothing here says who is right.

    What was taken for one claim wrongly, purport stories undo parts again; purport stories split and join do the
    same for reports.

    \b
    Examples:
      purport trace --all
      purport trace report-7d10
      purport trace claim-1448 --json
      purport trace story-3f84 --picture story.svg
      purport trace story-3f84 --as-of 2024-03-06
    """
    if bool(wanted) == every:
        raise UsageError("Name a story, report or claim, or give --all. purport trace --all lists the stories.")
    if picture and (every or picture.suffix.lower() != ".svg" or not picture.parent.is_dir()):
        raise UsageError(f"{picture} can't be written: one story is drawn, to a name that ends in .svg.")
    until = (instant("--as-of", as_of, end=True),) if as_of else ()
    house, shown = opened(ctx), Screen()
    if form:
        screen.for_programs()
    with studio(ctx) as tools, screen.bar(lambda: 1, shown, bool(form), "Tracing") as bar:
        found = list(app.traced(house, wanted, until, (tools,) if footage else (), bar.told))
    for traced in found:
        _show(traced, house, form, claims, every, shown)
    if picture:
        _draw(found[0], house, picture)


def _show(traced: Traced, house: House, form: str, claims: bool, every: bool, shown: Screen) -> None:
    if form and claims:
        for thread in traced.threads:
            _print(trace_tree.thread_as_json(traced, thread))
    elif form:
        _print(trace_tree.as_json(traced))
    elif every:
        trace_tree.heading(traced, shown)
    else:
        trace_tree.show(traced, _reports(traced, house), shown)


def _reports(traced: Traced, house: House) -> dict[str, Report]:
    ids = {node.id for node in traced.graph.nodes if node.kind == "report"} | set(traced.account.reports)
    return {id: house.view.report(id) for id in ids}


def _draw(traced: Traced, house: House, out: Path) -> None:
    drawn = trace_picture.draw(traced, _reports(traced, house)).encode()
    try:
        out.write_bytes(drawn)
    except OSError as error:
        raise UsageError(f"{out} can't be written ({error.strerror}). Name another place.") from error
    click.echo(f"Wrote {out} ({len(drawn) / 1000:.0f} kB).", err=True)


@click.command()
@click.argument("origin", required=False, default="")
@click.option("--what", type=click.Choice(WHAT), help="What happened to it.")
@click.option("--detail", default="", help="In words, with what shows it.")
@click.option("--book", is_flag=True, help="Book the marks; without ORIGIN of all that the ledger holds.")
@click.option("--clear", "cleared", multiple=True, metavar="MARK", help="Say that you looked, and --why it may go.")
@click.option("--why", default="", metavar="TEXT", help="With --clear: in a few words; kept beside the mark.")
@click.option("--all", "every", is_flag=True, help="Also the marks that were cleared.")
@click.option("--json", "form", flag_value="json", help="One mark a line (JSON Lines).")
@house_options
def ripple(
    ctx: click.Context,
    origin: str,
    what: str | None,
    detail: str,
    book: bool,
    cleared: tuple[str, ...],
    why: str,
    every: bool,
    form: str,
) -> None:
    """Show what has to be looked at again since something that it rests on has changed.

    Alone it lists the marks that are booked and open: claims, reports and issued briefs. Marks are booked by purport
    watch and purport footage find as they notice that a page was edited or is gone, that somebody denies, or that
    footage is older; --book goes through the whole ledger. With an ORIGIN (a report, claim or release by its id, or
    an origin as purport trace --json names it) and --what it tells what would have to be looked at; --book keeps it.

    \b
    Examples:
      purport ripple
      purport ripple --book
      purport ripple report-7d10 --what edited
      purport ripple "speaker:coast monitor" --what denied --detail "two rights groups doubt that it exists" --book
      purport ripple --clear look-91c2 --why "the new text says the same"
    """
    house, shown = opened(ctx), Screen()
    if form:
        screen.for_programs()
    if cleared:
        _marks(house, [looking.clear(house, mark, why, whom(ctx)) for mark in cleared], form, shown)
    elif origin and not what:
        raise UsageError("Say what happened to it: --what " + "|".join(WHAT) + ".")
    elif book:
        new = looking.tell(house, Event(origin, what or "", detail)) if origin else looking.book(house)
        _marks(house, [Standing(one) for one in new], form, shown)
        click.echo(f"{number(len(new), 'new mark')}; {looking.open_marks(house):,} open.", err=True)
    elif origin:
        _would(house, Event(origin, what or "", detail), form, shown)
    else:
        found = looking.marks(house, only_open=not every)
        _marks(house, found, form, shown)
        if not found and not form:
            shown.print("Nothing is marked to be looked at again. purport ripple --book goes through the whole ledger.")


def _marks(house: House, found: Sequence[Standing], form: str, shown: Screen) -> None:
    names = looking.names(house, found)
    for one in sorted(found, key=lambda one: one.look.kind != "brief"):  # what readers have comes first
        if form:
            _print(one)
        else:
            trace_tree.booked(one.look, shown, names[one.look.subject], one.cleared)


def _would(house: House, event: Event, form: str, shown: Screen) -> None:
    marks, name = app.ripple(house, event, looking.used(house))
    if form:
        for mark in marks:
            _print(mark)
    elif marks:
        trace_tree.again(marks, shown)
    else:
        raise NotFoundError(f"Nothing rests on {name}.")


def _print(record: object) -> None:
    sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
