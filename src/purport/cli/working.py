"""The commands `purport work` and `purport status`: thin. What an order brings is in `app/working.py`."""

import sys
from pathlib import Path
from threading import Lock

import click
import msgspec

from purport.app.alerting import known_acts
from purport.brief import handed, screen
from purport.brief.screen import Screen
from purport.cli.options import (
    engine,
    engine_option,
    fetch_option,
    house_options,
    keep,
    reader_options,
    serve_metrics,
    studio_options,
)
from purport.cli.watch import SOURCES, stopping, text_of
from purport.collect.rules import read_rules
from purport.collect.sources import read_sources
from purport.core.work import QUEUES, Done
from purport.wiring import Config, SystemClock

patience_option = click.option(
    "--patience",
    type=click.FloatRange(1.0),
    default=Config.patience,
    show_default=True,
    metavar="SECONDS",
    expose_value=False,
    callback=keep,
    help="Others take over what a worker holds that was silent for so long; the same for all.",
)


def _queues(ctx: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    named = tuple(filter(None, (one.strip() for one in value.split(","))))
    if unknown := [one for one in named if one not in QUEUES]:
        raise click.BadParameter(f"there is no queue {unknown[0]!r}; there are {', '.join(QUEUES)}.", ctx, parameter)
    return named


@click.command()
@click.option("--queues", default="", callback=_queues, metavar="NAME,…",
              help=f"Of {', '.join(QUEUES)}; without it, all of them.")  # fmt: skip
@click.option("--concurrency", type=click.IntRange(1, 500), default=1, show_default=True, metavar="N",
              help="Orders at the same time: many for fetching; for reading start a worker a core.")  # fmt: skip
@click.option("--threads", type=click.IntRange(0), default=1, show_default=True, metavar="N", expose_value=False,
              callback=keep, help="Cores that the reader's network takes; 0: all.")  # fmt: skip
@click.option("--until-empty", is_flag=True, help="End when no order is left that could be begun.")
@click.option("--sources", type=click.Path(path_type=Path), default=SOURCES, show_default=True,
              help="The file that names the sources, as purport watch has it.")  # fmt: skip
@click.option("--alerts", type=click.Path(path_type=Path), help="Tell of what these rules ask for (purport alerts).")
@click.option("--authority", "url", envvar="PURPORT_AUTHORITY", default="", metavar="URL",
              help="For time stamps; also from PURPORT_AUTHORITY.")  # fmt: skip
@click.option("--warcs", "archives", metavar="FOLDER", default="", expose_value=False, callback=keep,
              help="Where the WARC files are, if not beside the ledger.")  # fmt: skip
@click.option("--metrics", type=click.IntRange(1, 65535), help="Answer Prometheus on this port of 127.0.0.1.")
@click.option("--json", "form", flag_value="json", help="One order that was done a line (JSON Lines).")
@patience_option
@fetch_option
@studio_options
@reader_options
@engine_option
@house_options
def work(
    ctx: click.Context,
    queues: tuple[str, ...],
    concurrency: int,
    until_empty: bool,
    sources: Path,
    alerts: Path | None,
    url: str,
    metrics: int | None,
    form: str,
) -> None:
    """Do what was handed over with --engine jobs: fetch, read, examine footage, have stamps made.

    Start it on as many hosts as wanted, all with the same ledger. An order is done when the ledger has what
    it brought; what a worker held that died or was cut off is done by another. Ctrl-C or SIGTERM ends it
    after what it holds is done; a second one at once, and others take that over.

    \b
    Examples:
      purport work --engine jobs:
      purport work --queues read
      purport work --queues fetch --concurrency 20
      purport work --until-empty --json
    """
    named = read_sources(sources) if sources.is_file() or sources != SOURCES else ()
    rules = read_rules(text_of(alerts), known_acts()) if alerts else ()
    shown, errors, one_at_a_time = Screen(), Screen(stderr=True), Lock()
    if form:
        screen.for_programs()
    if metrics:
        serve_metrics(ctx, metrics)

    def told(done: Done) -> None:
        with one_at_a_time:
            if form:
                sys.stdout.write(msgspec.json.encode(done).decode() + "\n")
                sys.stdout.flush()
            else:
                shown.print(handed.line(done), soft_wrap=True, highlight=False)

    def away(said: str) -> None:
        with one_at_a_time:
            errors.print(handed.away(SystemClock().now(), said), soft_wrap=True, highlight=False)

    with stopping() as stopped:
        others = engine(ctx, named, rules, url, stopped)
        others.work(queues, concurrency, told, stopped, not until_empty, away)


@click.command()
@click.option("--json", "form", flag_value="json", help="One object.")
@patience_option
@engine_option
@house_options
def status(ctx: click.Context, form: str) -> None:
    """Show how the work stands that was handed over: what waits, what is being done, by whom, how fast.

    Of each queue: orders that wait, that are being done and that were given up; how long the oldest waits;
    orders done in the last minutes, and things (reports, of the queue read) a minute. Then the workers, and
    the latest tries that failed.

    \b
    Examples:
      purport status
      purport status --json
    """
    found = engine(ctx).standing()
    if form:
        screen.for_programs()
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    elif not found.queues:
        click.echo(handed.INLINE)
    else:
        handed.standing(found, Screen())
