"""The commands `purport stories …`: thin. What they do is in `app/stories.py` and `app/grouping.py`."""

import sys

import click
import msgspec

from purport import app
from purport.app import House
from purport.brief import screen
from purport.brief import stories as say
from purport.brief.screen import Screen
from purport.brief.terminal import short
from purport.cli.options import house_options, opened
from purport.core.errors import NotFoundError
from purport.core.origins import Traced
from purport.core.records import Report

why_option = click.option("--why", required=True, metavar="TEXT", help="In a few words; kept beside what was found.")


@click.group(invoke_without_command=True)
@click.option("--json", "form", flag_value="json", help="One story a line (JSON Lines).")
@house_options
def stories(ctx: click.Context, form: str) -> None:
    """List the stories that reports stand in, those with news first.

    Reports that stand in no story yet are grouped first: by what they are about, and by copies, links, footage
    and speakers that they have in common. A story is called by the report that began it, so that its id stays
    when others join. What the machine joined, a person can part, and it stays parted.

    \b
    Examples:
      purport stories
      purport trace story-3f84
      purport stories history story-3f84
      purport stories merges story-3f84
      purport stories undo same-91c2 --why "two fires, a week apart"
      purport stories split report-7d10 --why "another valley"
      purport stories join report-7d10 report-22ab --why "the same landslide"
    """
    if ctx.invoked_subcommand:
        return
    house, shown = opened(ctx), Screen()
    found, reports = _traced(house, (), shown, bool(form))
    ordered = say.newest_first(found, reports)
    if form:
        screen.for_programs()
        for one in ordered:
            _print(say.as_json(one, reports))
    else:
        say.table(ordered, reports, shown)


@stories.command()
@click.argument("story")
@house_options
def history(ctx: click.Context, story: str) -> None:
    """Show how reports came into a story, or left it, and what each had in common with another one there.

    \b
    Examples:
      purport stories history story-3f84
    """
    house, shown = opened(ctx), Screen()
    found, reports = _traced(house, (story,), shown, False)
    say.history(app.history(house, found[0].story), found[0].story, reports, shown)


@stories.command()
@click.argument("story")
@click.option("--json", "form", flag_value="json", help="One merge a line (JSON Lines).")
@house_options
def merges(ctx: click.Context, story: str, form: str) -> None:
    """Show which claims of a story were taken for one, with the words of both and what agreed.

    \b
    Examples:
      purport stories merges story-3f84
      purport stories merges story-3f84 --json
    """
    house, shown = opened(ctx), Screen()
    found, reports = _traced(house, (story,), shown, bool(form))
    if form:
        screen.for_programs()
    elif not found[0].merges:
        shown.print(f"In {short(found[0].story)} no two claims were taken for one.")
    for one in found[0].merges:
        if form:
            _print(one)
        else:
            shown.print(say.merged(one, reports))


@stories.command()
@click.argument("merge")
@why_option
@house_options
def undo(ctx: click.Context, merge: str, why: str) -> None:
    """Part two claims that were taken for one. The machine never merges them again.

    \b
    Examples:
      purport stories undo same-91c2 --why "two fires, a week apart"
    """
    made, one = app.undo(opened(ctx), merge, why)
    Screen().print(f"{short(one.a)} and {short(one.b)} are two claims from now on ({short(made.id)}).")


@stories.command()
@click.argument("report")
@why_option
@house_options
def split(ctx: click.Context, report: str, why: str) -> None:
    """Take a report out of its story. The machine never puts it back to those that stand there now.

    \b
    Examples:
      purport stories split report-7d10 --why "another valley"
    """
    _, moved = app.split(opened(ctx), report, why)
    say.moved(moved, Screen())


@stories.command()
@click.argument("report")
@click.argument("other")
@why_option
@house_options
def join(ctx: click.Context, report: str, other: str, why: str) -> None:
    """Put the stories of two reports together, under the id of the one that began first.

    \b
    Examples:
      purport stories join report-7d10 report-22ab --why "the same landslide"
    """
    _, moved = app.join(opened(ctx), report, other, why)
    say.moved(moved, Screen())


def _traced(
    house: House, wanted: tuple[str, ...], shown: Screen, quiet: bool
) -> tuple[list[Traced], dict[str, Report]]:
    with screen.bar(lambda: 1, shown, quiet, "Grouping") as bar:
        found = list(app.traced(house, wanted, told=bar.told))
    if not found:
        raise NotFoundError("There is no story yet. Read some reports first: purport read FILE, or purport demo.")
    return found, {id: house.view.report(id) for one in found for id in one.account.reports}


def _print(record: object) -> None:
    sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
