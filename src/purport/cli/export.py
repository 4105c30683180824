"""The command `purport export`: packages for others. Thin; what it does is in `exporting.py`."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec

from purport.app import exporting
from purport.app.exporting import Wanted
from purport.brief import screen
from purport.brief.screen import Screen
from purport.brief.words import inert, number
from purport.cli.options import Command, house_options, keep, packer
from purport.core.errors import UsageError
from purport.preserve.wacz import Packed


def day(ctx: click.Context, parameter: click.Parameter, value: str) -> tuple[datetime, ...]:
    """None or one moment. A day as the end of a period is all of that day."""
    if not value:
        return ()
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f"{value!r} is no day (2026-09-01) and no time (2026-09-01T14:30).") from error
    if parameter.name == "until" and "T" not in value and " " not in value:
        moment += timedelta(days=1)
    return (moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC),)


def _period(name: str, help: str) -> Callable[[Command], Command]:
    return click.option(f"--{name}", default="", metavar="DAY", callback=day, help=help)


@click.command()
@click.option("--wacz", "target", type=click.Path(path_type=Path), required=True, metavar="FILE", help="What to write.")
@_period("since", "Only what was fetched on that day or later (2026-09-01, or 2026-09-01T14:30; UTC).")
@_period("until", "Only what was fetched up to the end of that day, or before that time.")
@click.option("--source", "sources", multiple=True, metavar="NAME", help="Only this source's; may be given again.")
@click.option("--title", default="", help="How the package is called.")
@click.option("--no-media", is_flag=True, help="Don't put videos, sounds and images beside the pages once more.")
@click.option(
    "--warcs",
    "archives",
    metavar="FOLDER",
    default="",
    expose_value=False,
    callback=keep,
    help="Where the WARC files are, if not beside the ledger.",
)
@click.option("--json", "form", flag_value="json", help="One object.")
@house_options
def export(
    ctx: click.Context,
    target: Path,
    since: tuple[datetime, ...],
    until: tuple[datetime, ...],
    sources: tuple[str, ...],
    title: str,
    no_media: bool,
    form: str,
) -> None:
    """Pack what was kept into one file that others can check and replay (WACZ).

    It holds the archived requests and responses as they are, an index, a list of the pages, and the media files
    once more as plain files. It opens in ReplayWeb.page, pywb and the like. It is signed with a key of yours
    (purport.key, made when first needed): the fingerprint that is printed is what you make known, so that others
    can tell your packages. What is damaged is left out and told of.

    \b
    Examples:
      purport export --wacz everything.wacz
      purport export --wacz september.wacz --since 2026-09-01 --until 2026-09-30
      purport export --wacz kest.wacz --source "Kest Courier" --title "Kest, the flood"
    """
    if form:
        screen.for_programs()
    shown = Screen()
    wanted = Wanted(since, until, sources, title, not no_media)
    with screen.bar(lambda: 1, shown, alone=bool(form), doing="Packing") as bar:
        found = exporting.export(packer(ctx), target, wanted, bar.told)
    if form:
        sys.stdout.write(msgspec.json.encode({"file": str(target)} | msgspec.to_builtins(found)).decode() + "\n")
    else:
        _show(found, target, shown)
    for one in found.missed:
        click.echo(f"Left out: {inert(one.archive)} at byte {one.offset}: {inert(one.detail)}", err=True)


def _show(found: Packed, target: Path, shown: Screen) -> None:
    counts = (
        number(found.exchanges, "exchange"),
        number(found.pages, "page"),
        number(found.media, "media file"),
    )
    lines = (
        f"{target}: {', '.join(counts)}; {target.stat().st_size:,} bytes.",
        f"Signed with the key {found.fingerprint}.",
    )
    for line in lines:
        shown.print(line, highlight=False, markup=False, soft_wrap=True)
