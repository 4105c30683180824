"""The commands `purport export`, `purport mark` and `purport marks`: thin. What they do is in `app/`."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec

from purport import __version__
from purport.app import exporting, marking, parcels
from purport.app.exporting import Wanted
from purport.app.parcels import Handed
from purport.brief import screen
from purport.brief.exports import FORMS, SITE
from purport.brief.screen import Screen
from purport.brief.terminal import short
from purport.brief.words import inert, number
from purport.cli.options import Command, house_options, keep, opened, packer, studio, whom
from purport.core.errors import UsageError
from purport.core.marks import CLEAR, LEVELS, SOURCE
from purport.core.records import Query
from purport.core.reviews import ASKED
from purport.core.times import iso
from purport.preserve.wacz import Packed

TLP = click.Choice(LEVELS, case_sensitive=False)


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
@click.argument("ids", nargs=-1, metavar="[STORY|REPORT|CLAIM]...")
@click.option("--as", "standard", type=click.Choice([*FORMS, SITE]), help="In which standard; to --out.")
@click.option("--out", type=click.Path(path_type=Path), metavar="PATH", help="What to write; of a site the folder.")
@click.option("--tlp", type=TLP, default=CLEAR, show_default=True, help="Leave out what is marked higher (TLP 2.0).")
@click.option("--act", default="", help="With --as: only this act, as in deny or accuse.")
@click.option("--stance", type=click.Choice(["plain", "distanced", "endorsed"]), help="With --as: only this stance.")
@click.option("--source-kind", default="", help="With --as: only sources of this kind, as in government or video.")
@click.option("--outlet", default="", help="With --as: only reports of this outlet.")
@click.option("--report", default="", help="With --as: only this report (its id or the beginning of it).")
@click.option("--reviewed", type=click.Choice(ASKED), help="With --as: only those that people judged so.")
@click.option("--limit", type=click.IntRange(0), default=0, help="With --as: at most so many claims.")
@click.option("--wacz", "package", type=click.Path(path_type=Path), metavar="FILE", help="Pack the archives to FILE.")
@_period(
    "since",
    "With --wacz: only what was fetched then or later (2026-09-01, or 2026-09-01T14:30; UTC). With --as: published.",
)
@_period("until", "The same, up to the end of that day, or before that time.")
@click.option("--source", "sources", multiple=True, metavar="NAME", help="With --wacz: only this source's; repeatable.")
@click.option("--title", default="", help="With --wacz: how the package is called.")
@click.option("--no-media", is_flag=True, help="With --wacz: no videos, sounds and images beside the pages once more.")
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
    ids: tuple[str, ...],
    standard: str | None,
    out: Path | None,
    tlp: str,
    act: str,
    stance: str | None,
    source_kind: str,
    outlet: str,
    report: str,
    reviewed: str | None,
    limit: int,
    package: Path | None,
    since: tuple[datetime, ...],
    until: tuple[datetime, ...],
    sources: tuple[str, ...],
    title: str,
    no_media: bool,
    form: str,
) -> None:
    """Hand on what the ledger holds: stories, reports, claims or all of it, in a standard of others.

    --as says in which (docs/exports.md says what maps to what, and what is lost): a STIX 2.1 bundle, schema.org
    ClaimReview (openly not rated) and MediaReview, W3C Web Annotations, PROV-JSON, FollowTheMoney, CSV, or a site
    of pages that opens from its folder. Without ids and filters it is the whole ledger. What is marked higher than
    --tlp stays behind: how much that is, is told here and in the export.

    --wacz packs what was kept by watching into one file that others can check and replay. It holds the archived
    requests and responses as they are, an index, a list of the pages, and the media files once more as plain files.
    It opens in ReplayWeb.page, pywb and the like. It is signed with a key of yours (purport.key, made when first
    needed): the fingerprint that is printed is what you make known, so that others can tell your packages. What is
    damaged is left out and told of.

    \b
    Examples:
      purport export --as stix story-3f84 --out flood.stix.json
      purport export --as csv --act deny --out denials.csv
      purport export --as site --tlp green --out pages
      purport export --wacz september.wacz --since 2026-09-01 --until 2026-09-30
      purport export --wacz kest.wacz --source "Kest Courier" --title "Kest, the flood"
    """
    if (standard is None) == (package is None):
        raise UsageError("Say what to write: --as STANDARD --out PATH, or --wacz FILE.")
    if form:
        screen.for_programs()
    shown = Screen()
    if package is not None:
        _pack(ctx, package, Wanted(since, until, sources, title, not no_media), form, shown)
        return
    if out is None:
        raise UsageError("Say where to write it: --out PATH.")
    if sources or title or no_media:
        raise UsageError("--source, --title and --no-media go with --wacz. With --as narrow by --outlet and the like.")
    query = Query("", act, stance or "", source_kind, outlet, report, True, limit, since, until, reviewed or "")
    wanted = parcels.Wanted(standard or "", ids, query, tlp)
    tool, house = f"purport {__version__}", opened(ctx)
    with screen.bar(lambda: 1, shown, alone=bool(form), doing="Exporting") as bar:
        if standard == "mediareview":
            with studio(ctx) as tools:
                made = parcels.export(house, wanted, out, (tools,), bar.told, tool)
        else:
            made = parcels.export(house, wanted, out, (), bar.told, tool)
    if form:
        sys.stdout.write(msgspec.json.encode({"file": str(out)} | msgspec.to_builtins(made)).decode() + "\n")
    else:
        _told(made, out, shown)


def _told(made: Handed, out: Path, shown: Screen) -> None:
    counts = ", ".join(number(count, name.removesuffix("s")) for name, count in made.counts.items())
    shown.print(f"{out}: {counts}; {made.size:,} bytes.", highlight=False, markup=False, soft_wrap=True)
    for remark in made.remarks:
        click.echo(inert(remark), err=True)


def _pack(ctx: click.Context, target: Path, wanted: Wanted, form: str, shown: Screen) -> None:
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


@click.command()
@click.argument("subject")
@click.argument("level", type=TLP)
@click.option("--why", required=True, metavar="TEXT", help="In a few words; kept beside the mark.")
@house_options
def mark(ctx: click.Context, subject: str, level: str, why: str) -> None:
    """Mark how far a report, release, brief or source may be passed on (TLP 2.0).

    SUBJECT is an id, or the name of an outlet or watched source. What nobody marked is CLEAR. Marks are added and
    never changed; of several for one subject the last one holds, of a report's and its source's the narrower. An
    export leaves out what is marked higher than its --tlp.

    \b
    Examples:
      purport mark report-91aa amber --why "the witness can be told from it"
      purport mark "Kest Courier" green --why "shared with us among partners"
    """
    made = marking.mark(opened(ctx), subject, level, why, whom(ctx))
    name = made.subject if made.kind == SOURCE else short(made.subject)
    Screen().print(f"{inert(name)} is TLP:{made.level} from now on ({short(made.id)}).", highlight=False, markup=False)


@click.command()
@click.option("--json", "form", flag_value="json", help="One mark a line (JSON Lines).")
@house_options
def marks(ctx: click.Context, form: str) -> None:
    """List the handling marks that hold, with who set them and why.

    \b
    Examples:
      purport marks
      purport marks --json
    """
    shown, found = Screen(), list(marking.marks_of(opened(ctx)))
    if form:
        screen.for_programs()
        for one in found:
            sys.stdout.write(msgspec.json.encode(one).decode() + "\n")
    elif not found:
        shown.print("Nothing is marked: all of it is CLEAR. purport mark sets a mark.")
    for one in found if not form else ():
        name = one.subject if one.kind == SOURCE else short(one.subject)
        said = f"TLP:{one.level}  {inert(name)}  {inert(one.why)} ({inert(one.who)}, {iso(one.at)})"
        shown.print(said, highlight=False, markup=False, soft_wrap=True)
