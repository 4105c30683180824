"""The commands `purport edits` and `purport alerts`: thin. What they do is in `editing.py` and `alerting.py`."""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click
import msgspec

from purport import editing
from purport.app import House
from purport.brief import edit_lines, edit_page, screen
from purport.brief.screen import Screen
from purport.core.errors import NotFoundError, UsageError
from purport.editing import Revision
from purport.options import house_options, opened


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
        f"None of {count} reports in the ledger shares its address with another one of a different text. "
        "Read a page again later, or have it watched: purport watch sources.toml."
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


def _print(record: object) -> None:
    sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
