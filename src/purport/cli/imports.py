"""The command `purport import`: what people already have. Thin; what it does is `app.read`."""

import sys
from pathlib import Path

import click
import msgspec

from purport import app
from purport.brief import screen, taken, terminal
from purport.brief.screen import Screen
from purport.brief.taken import Mark
from purport.brief.words import number
from purport.cli.options import fetch_option, house_options, opened, reader_options
from purport.collect import bookmarked, count
from purport.core.errors import UsageError
from purport.core.records import Gap


@click.command(name="import")
@click.argument("places", nargs=-1, required=True, metavar="PLACE...")
@click.option("--fetch", is_flag=True, help="Fetch and read the pages that bookmarks name.")
@click.option(
    "--sources",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write bookmarks as a new sources.toml, each a page to watch.",
)
@click.option("--json", "form", flag_value="json", help="One capture (or bookmark) a line (JSON Lines).")
@fetch_option
@reader_options
@house_options
def import_command(ctx: click.Context, places: tuple[str, ...], fetch: bool, sources: Path | None, form: str) -> None:
    """Take in what you already have: web archives, auto-archiver's output, newsletters, bookmarks.

    What a PLACE is, is told by what is in it, not by its name:

    \b
      .warc .arc .wacz       web archives, each page of them; digests are checked
      auto-archiver          its sheet saved as CSV, or the folder that it fills: texts are
                             read, media files are kept if their hashes hold
      .mbox .eml, a Maildir  newsletters; readers' addresses are left out, nothing is fetched
      bookmarks              the HTML that browsers export, Firefox's or Chrome's JSON; they are
                             listed, and with --fetch the pages are fetched and read
      a folder               all of these in it, and texts, HTML and JSONL as purport read does

    Importing the same again adds nothing. What is missing, changed or broken is told at the end and kept as
    a gap; the rest is taken in all the same.

    \b
    Examples:
      purport import crawl.wacz
      purport import archive/ "Archiver sheet.csv"
      purport import newsletters.mbox
      purport import bookmarks.html
      purport import --fetch bookmarks.html
      purport import --sources sources.toml bookmarks.html
    """
    if form:
        screen.for_programs()
    shown = Screen()
    others, marks = list(places), list[Mark]()
    if not fetch:
        others, marks = _listed(places)
        _show(marks, sources, form, shown)
        if not others:
            return
    elif sources:
        raise UsageError("Either --fetch reads the pages now, or --sources writes them down to be watched.")
    house, sums, missed = opened(ctx), taken.Sums(), list[Gap]()
    stdin = getattr(sys.stdin, "buffer", None)
    found = app.read(house, others, stdin, follow=fetch)
    for outcome in screen.progress(found, lambda: 0 if fetch else count(others), shown, alone=bool(form)):
        missed += outcome.gaps
        read = list(outcome.pairs())
        sums.count(outcome.captures, read, outcome.known, outcome.added)
        for capture in outcome.captures:
            if form:
                _print(taken.as_json(capture, read, outcome.known))
            elif capture.kind == "media":
                taken.file(capture, shown)
        for report, reading in read if not form else ():
            taken.row(report, reading, outcome.known, shown)
    if not form:
        taken.closing(sums, missed, shown)
    if missed:
        terminal.gaps(missed, Screen(stderr=True))
    if not sums.captures and not marks:
        raise app.nothing(missed)


def _listed(places: tuple[str, ...]) -> tuple[list[str], list[Mark]]:
    """The places that are no bookmarks, and the bookmarks in those that are."""
    others: list[str] = []
    marks: list[Mark] = []
    for place in places:
        held = bookmarked(place)
        if not held:
            others.append(place)
        for one in held:
            marks += ((mark.url, mark.title, mark.folder, mark.added) for mark in one.found)
            if one.others:
                click.echo(f"{place}: Entries that are no web addresses, passed over: {one.others}.", err=True)
            if not one.complete:
                click.echo(f"{place}: The file ends before its list does. Export it again.", err=True)
            if not one.found:
                click.echo(f"{place}: There is no web address in it.", err=True)
    return others, marks


def _show(marks: list[Mark], sources: Path | None, form: str, shown: Screen) -> None:
    """Bookmarks on the screen, or written down to be watched."""
    if sources:
        if not marks:
            raise UsageError("There are no bookmarks to write. Name the file that your browser exported.")
        try:
            with sources.open("x", encoding="utf-8") as file:
                file.write(taken.as_sources(marks))
        except OSError as error:
            raise UsageError(f"{sources} can't be written ({error.strerror}). Name a new file.") from error
        click.echo(f"Wrote {sources}: {len(marks)} pages to watch. Next: purport watch {sources}", err=True)
        return
    for mark in marks:
        if form:
            _print(taken.mark_as_json(mark))
        else:
            taken.mark(mark, shown)
    if marks and not form:
        click.echo(
            f"\n{number(len(marks), 'address', 'addresses')}, not fetched. Next:\n"
            "  purport import --fetch FILE                   fetch the pages and read them\n"
            "  purport import --sources sources.toml FILE    write them down to be watched"
        )


def _print(record: object) -> None:
    sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
