"""The commands `purport bulk read` and `purport bulk fingerprint`: thin. What they do is in `app/bulk.py`."""

import time
from collections.abc import Callable
from typing import TypeVar

import click

from purport import app
from purport.app.bulk import inputs
from purport.brief import bulk as shows
from purport.brief import screen, terminal
from purport.brief.screen import Screen
from purport.cli.emitting import print_line
from purport.cli.options import config_of, house_options, keep, reader_options, studio_options
from purport.core.bulk import Input
from purport.core.errors import InputError
from purport.core.records import Gap
from purport.wiring import SystemClock
from purport.wiring.bulk import INLINE, open_crew, open_depot

Command = TypeVar("Command", bound=Callable[..., None])


def crew_options(command: Command) -> Command:
    """Who does the work, and how many at once."""
    workers = click.option("--workers", type=click.IntRange(0), default=0, metavar="N",
                           help="How many work at once; 0: one for each core that there is.")  # fmt: skip
    engine = click.option(
        "--engine",
        envvar="PURPORT_BULK_ENGINE",
        default=INLINE,
        show_default=True,
        metavar="ENGINE",
        expose_value=False,
        callback=keep,
        help="Who does the work: inline:, this command; ray:, workers on this machine; ray://HOST:PORT, a cluster "
        "(docs/bulk.md); also from PURPORT_BULK_ENGINE.",
    )
    form = click.option("--json", "form", flag_value="json", help="One file a line: what became of it.")
    return engine(workers(form(command)))


@click.group()
def bulk() -> None:
    """Work on very many files: read web archives, or take fingerprints of footage, into Parquet.

    Each file is done apart, by this command or by any number of workers on Ray, and gives files of its own. What
    is stopped goes on where it was when it is called again; what was done is not done twice (docs/bulk.md).

    \b
    Examples:
      purport bulk read 'crawl/*.warc.gz' --out tables
      purport bulk fingerprint footage/ --out prints
    """


@bulk.command()
@click.argument("places", nargs=-1, required=True, metavar="PLACE...")
@click.option("--out", required=True, metavar="WHERE", help="A folder or s3://BUCKET/PREFIX for Parquet; or ledger.")
@crew_options
@reader_options
@house_options
def read(ctx: click.Context, places: tuple[str, ...], out: str, workers: int, form: str) -> None:
    """Read reports out of many files: a table of claims, one of reports, one of gaps for each file.

    A PLACE is a file as purport read takes it (WARC, WACZ, HTML, text, JSONL, mail; also gzipped), a folder, a
    pattern in quotes, or the same in a bucket, s3://BUCKET/PATTERN, with AWS_… settings as every S3 client
    reads them. Outputs are called by the file, so that a run which is stopped goes on with what is not done; a
    file that can't be opened is told, kept in failed/, and tried again by the next run. With --out ledger the
    ledger takes what purport read would book.

    \b
    Examples:
      purport bulk read 'crawl/*.warc.gz' --out tables
      purport bulk read 's3://crawl/2031/**/*.warc.gz' --out s3://desk/tables --engine ray:
      purport bulk read reports/ --out ledger
      purport bulk read archive.wacz --out tables --json
    """
    run(ctx, "read", places, out, workers, form)


@bulk.command()
@click.argument("places", nargs=-1, required=True, metavar="PLACE...")
@click.option("--out", required=True, metavar="WHERE", help="A folder or s3://BUCKET/PREFIX for Parquet.")
@crew_options
@studio_options
@click.pass_context
def fingerprint(ctx: click.Context, places: tuple[str, ...], out: str, workers: int, form: str) -> None:
    """Take fingerprints of many media files: a table of releases, one of hashes, one of gaps for each file.

    A PLACE is a media file, a folder of them, a pattern in quotes, or the same in a bucket, s3://BUCKET/PATTERN.
    The hashes are PDQ, one a second, to exchange with others; the prints that purport footage find compares are
    a column of the releases. What can't be decoded is a row of the gaps.

    \b
    Examples:
      purport bulk fingerprint footage/ --out prints
      purport bulk fingerprint 's3://desk/footage/*.mp4' --out prints --engine ray: --workers 2
    """
    run(ctx, "fingerprint", places, out, workers, form)


def run(ctx: click.Context, what: str, places: tuple[str, ...], out: str, workers: int, form: str) -> None:
    began, shown, made = time.perf_counter(), Screen(), shows.Sums()
    if form:
        screen.for_programs()
    found, missed = list[Input](), list[Gap]()
    for one in inputs(open_depot(), places, what, SystemClock()):
        if isinstance(one, Gap):
            missed.append(one)
        else:
            found.append(one)
    if not found:
        raise app.nothing(missed)
    with (
        open_crew(config_of(ctx), what, out, workers) as crew,
        screen.bar(
            lambda: len(found), shown, alone=bool(form), doing="Reading" if what == "read" else "Looking"
        ) as bar,
    ):
        for receipt in bar.over(crew.work(found, bar.told)):
            made.count(receipt)
            if form:
                print_line(shows.as_json(receipt))
            else:
                shown.print(shows.line(receipt), soft_wrap=True, highlight=False)
    if missed:
        terminal.gaps(missed, Screen(stderr=True))
    click.echo(shows.sums(made, out, time.perf_counter() - began), err=bool(form))
    if made.failed == made.files:
        raise InputError(f"Not one of {made.files:,} files could be done; each says why above.")
