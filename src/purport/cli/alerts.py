"""The commands `purport edits` and `purport alerts`: thin. What they do is in `editing.py` and `alerting.py`."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import click
import msgspec

from purport import app
from purport.app import House, alerting, editing
from purport.app.alerting import known_acts
from purport.app.editing import Revision
from purport.brief import alerts as say
from purport.brief import edit_lines, edit_page, screen
from purport.brief.screen import Screen
from purport.brief.words import number
from purport.cli.options import house_options, opened, post
from purport.collect.rules import EXAMPLE, read_rules
from purport.core.alerts import Alert, Rule, matched
from purport.core.errors import NotFoundError, UsageError


@click.command()
@click.argument("wanted", metavar="[REPORT|URL]", default="")
@click.option("--side-by-side", is_flag=True, help="Both passages beside each other, the changed words marked.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Write them side by side as a page (.html).")
@click.option("--json", "form", flag_value="json", help="One edit a line (JSON Lines).")
@house_options
def edits(ctx: click.Context, wanted: str, side_by_side: bool, out: Path | None, form: str) -> None:
    """Show what outlets changed in their pages after publishing them: of their claims, the gravest first.

    A page is compared when it was captured more than once, each capture with the one before it: by watching,
    or by reading it again. What only looks different (spaces, kinds of quotation marks, menus, the time of an
    update) is no edit. A page that notes its correction is told apart from one that says nothing of it.

    \b
    Examples:
      purport edits
      purport edits https://wire.example/kelm --side-by-side
      purport edits report-91aa --json
      purport edits -o edits.html
    """
    if out and (out.suffix.lower() not in (".html", ".htm") or not out.parent.is_dir()):
        raise UsageError(f"{out} can't be written: name a file that ends in .html, in a folder that is there.")
    house, shown = opened(ctx), Screen()
    found = editing.revisions(house.view, wanted)
    first = next(found, None)
    if first is None and not form:
        raise NotFoundError(_nothing(house, wanted))
    whole = chain([first] if first else [], found)
    if out:
        _write(out, whole, house)
    elif form:
        screen.for_programs()
        for one in whole:
            for edit in one.edits:
                _print(edit_lines.as_json(edit, one.url, *one.captures))
    else:
        for one in whole:
            edit_lines.head(one.url, *one.captures, one.edits, shown)
            if side_by_side and one.edits:
                edit_lines.beside(one.edits, one.before.report, one.after.report, shown)
            else:
                edit_lines.lines(one.edits, shown)
            shown.print()


def _nothing(house: House, wanted: str) -> str:
    if wanted:
        return f"{wanted} was captured with one text only, so there is nothing to compare. Capture it again later."
    count = house.view.counts()["reports"]
    return (
        "No two reports in the ledger share an address and differ in their text. Read a page again later, or have it "
        f"watched: purport watch sources.toml. Searched: {number(count, 'report')}, {app.scope(house)}"
    )


def _write(out: Path, revisions: Iterator[Revision], house: House) -> None:
    sheets = [
        edit_page.sheet(one.url, (one.before.report, one.after.report), one.captures, one.edits) for one in revisions
    ]
    text = edit_page.render(sheets, house.clock.now())
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out} can't be written ({error.strerror}). Name another place with -o.") from error
    click.echo(f"Wrote {out} ({len(text.encode()) / 1000:.0f} kB).", err=True)


@click.command()
@click.option("--example", "form", flag_value="example", help="Print rules to begin with, with comments.")
@click.option(
    "--test",
    "rules",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Say what these rules would have told of what the ledger holds; nothing is sent.",
)
@click.option("--last", type=click.IntRange(1), default=1000, show_default=True, help="With --test: of so many claims.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many lines.")
@click.option("--json", "form", flag_value="json", help="One alert a line (JSON Lines).")
@house_options
def alerts(ctx: click.Context, form: str, rules: Path | None, last: int, limit: int) -> None:
    """Show what was told by the rules of alerts.toml, the latest first; or try rules out.

    Rules say of which claims, edits, pages gone and gaps one wants to hear, and where: in the terminal, a feed
    (Atom) or a webhook. purport watch tells them as it goes. Nothing is told twice, and no media is in an alert.

    \b
    Examples:
      purport alerts --example > alerts.toml
      purport alerts --test alerts.toml
      purport watch sources.toml --alerts alerts.toml
      purport alerts
    """
    if form == "example":
        screen.for_programs()
        sys.stdout.write(EXAMPLE)
    elif rules:
        _test(ctx, read_rules(_read(rules), known_acts()), last, limit, form)
    else:
        _told(ctx, limit, form)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", "") or "it is not UTF-8"
        raise UsageError(f"{path} can't be read ({why}). purport alerts --example > alerts.toml makes some.") from error


def _told(ctx: click.Context, limit: int, form: str) -> None:
    found, shown = list(post(ctx).outbox.told("", limit)), Screen()
    if not found and not form:
        shown.print("No rule has told anything yet. Make rules with: purport alerts --example > alerts.toml")
    _each(found, form, shown)


def _test(ctx: click.Context, rules: Sequence[Rule], last: int, limit: int, form: str) -> None:
    """What the rules would have told: a line each, as many as asked for, then how much each of them."""
    house, shown = opened(ctx), Screen()
    counts, looked, found = Counter[str](), 0, list[Alert]()
    for event in alerting.past(house.view, last):
        looked += 1
        for alert in matched(rules, (event,)):
            counts[alert.rule] += 1
            if form or len(found) < limit:
                found.append(alert)
    _each(found, form, shown)
    if not form:
        if sum(counts.values()) > len(found):
            shown.print(f"… and {sum(counts.values()) - len(found):,} more (--limit shows more)", style="dim")
        say.sums(rules, counts, looked, shown)


def _each(found: Sequence[Alert], form: str, shown: Screen) -> None:
    if form:
        screen.for_programs()
    for alert in found:
        if form:
            _print(say.as_json(alert))
        else:
            say.show(alert, shown)


def _print(record: object) -> None:
    sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
