"""The commands `purport watch` and `purport sources`: thin. What they do is in `app/attending.py`."""

import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import FrameType

import click
import msgspec

from purport.app import working
from purport.app.alerting import known_acts
from purport.app.attending import News, Reading, attend, read
from purport.brief import alerts as told
from purport.brief import edit_lines, handed, screen, terminal, trace_tree, watched
from purport.brief.screen import Screen
from purport.cli.options import (
    attention,
    engine,
    engine_option,
    house_options,
    opened,
    reader_options,
    serve_metrics,
)
from purport.collect.rules import read_rules
from purport.collect.sources import EXAMPLE, read_sources, seconds
from purport.core.alerts import Alert
from purport.core.errors import LedgerError, UsageError
from purport.core.looks import Look
from purport.core.ports import Engine
from purport.core.records import Gap
from purport.core.watching import Source
from purport.watching import Round

SOURCES = Path("sources.toml")
ROUND, WAKE = 10.0, 0.2  # seconds: between two looks at what is to be handed over; between two at whether to stop
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds before a database that was away is asked for again


def every_seconds(ctx: click.Context, parameter: click.Parameter, value: str) -> float:
    """The seconds of `10m`; 0 if nothing is given."""
    found = seconds(value) if value else 0.0
    if value and found < 1.0:
        raise click.BadParameter("write a number with s, m, h or d, as in 30s, 10m, 2h.", ctx, parameter)
    return found


@click.command()
@click.argument("sources", type=click.Path(path_type=Path), default=SOURCES, metavar="[SOURCES]")
@click.option("--every", default="", callback=every_seconds, metavar="TIME", help="Go on for ever, and look at sources "
              "that don't say how often themselves so often: 30s, 10m, 2h.")  # fmt: skip
@click.option("--no-read", is_flag=True, help="Fetch and keep only; what is taken is read by --read or the next watch.")
@click.option("--read", "only_read", is_flag=True, help="Fetch nothing: read what was taken and is not read yet.")
@click.option("--alerts", type=click.Path(path_type=Path), help="Tell of what these rules ask for (purport alerts).")
@click.option("--json", "form", flag_value="json", help="One visit, report or gap a line (JSON Lines).")
@click.option("--example", is_flag=True, help="Print a sources.toml to begin with.")
@click.option("--metrics", type=click.IntRange(1, 65535), help="Answer Prometheus on this port of 127.0.0.1.")
@reader_options
@engine_option
@house_options
def watch(
    ctx: click.Context,
    sources: Path,
    every: float,
    no_read: bool,
    only_read: bool,
    alerts: Path | None,
    form: str,
    example: bool,
    metrics: int | None,
) -> None:
    """Watch sources: notice what they publish, keep it as it came, read it, and know what was missed.

    SOURCES is a file that names feeds, pages, sitemaps and folders (default: sources.toml). Without --every
    each of them is looked at once. What went over the wire is kept in web archives (WARC) beside the
    ledger. Pages are looked at again, less and less often, for edits and for their end. Hosts are asked one
    thing at a time, a second apart, and only what their robots.txt allows. Ctrl-C stops it at any moment;
    the next watch goes on from there. With --engine jobs: what is due is handed over to workers, one order for
    each host.

    \b
    Examples:
      purport watch --example > sources.toml
      purport watch
      purport watch sources.toml --every 10m
      purport watch sources.toml --no-read
      purport watch --read
    """
    if example:
        screen.for_programs()
        sys.stdout.write(EXAMPLE)
        return
    if no_read and only_read:
        raise UsageError("--no-read reads nothing and --read nothing else: give one of them.")
    chosen = () if only_read and not sources.is_file() else read_sources(sources, every)
    rules = read_rules(text_of(alerts), known_acts()) if alerts else ()
    shown = Screen(stderr=bool(form))
    if form:
        screen.for_programs()
    sums = watched.Sums()
    if metrics:
        serve_metrics(ctx, metrics)
    if (others := engine(ctx)).later:
        if alerts or no_read:
            raise UsageError(
                "With --engine jobs: others read, and tell of it. Give --alerts to purport work; what is taken stays "
                "unread as long as the workers there are begin with --queues fetch."
            )
        hand_over(ctx, others, () if only_read else chosen, every, only_read, form)
        return
    with (
        attention(ctx, rules, not only_read) as desk,
        stopping() as stopped,
        watched.ticker(shown, bool(form)) as ticker,
    ):
        if only_read:
            found = read(desk, chosen, stopped)
        else:
            found = attend(desk, chosen, stopped, forever=every > 0, reading=not no_read)
        for one in found:
            emit(one, sums, ticker, shown, form)
    if not form:
        watched.sums(sums, shown)
        if sums.gaps or sums.outcomes["failed"] or sums.outcomes["refused"]:
            shown.print("What was missed: purport gaps. How each source stands: purport sources.", style="dim")


def hand_over(
    ctx: click.Context, others: Engine, sources: Sequence[Source], every: float, unread: bool, form: str
) -> None:
    """Hand over what is due, once or for ever; all pages that are not read (`unread`), or those left for long.

    Who goes on for ever says once that the database is away, asks for it less and less often, and says when it is back.
    """
    left = timedelta() if unread else working.LEFT
    errors, wait = Screen(stderr=True), 0.0
    with attention(ctx, (), True) as desk, stopping() as stopped:
        now = desk.lookout.clock.now
        while not stopped():
            try:
                new, count = working.hand_over_looks(desk.lookout, others, sources, left)
            except LedgerError as error:
                if not every:
                    raise
                if not wait:
                    errors.print(handed.away(now(), str(error)), soft_wrap=True, highlight=False)
                wait = min(wait * 2 or FIRST_WAIT, LONGEST_WAIT)
                pause(wait, stopped)
                continue
            if wait:
                errors.print(handed.away(now(), ""), soft_wrap=True, highlight=False)
                wait = 0.0
            if form and (new or not every):
                click.echo(msgspec.json.encode({"at": now(), "orders": new, "due": count}))
            elif new or not every:
                click.echo(handed.looks(now(), new, count))
            if not every:
                return
            pause(ROUND, stopped)


def pause(seconds: float, stopped: Callable[[], bool]) -> None:
    for _ in range(int(seconds / WAKE)):
        if not stopped():
            time.sleep(WAKE)


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", "") or "it is not UTF-8"
        raise UsageError(f"{path} can't be read ({why}). purport alerts --example > alerts.toml makes some.") from error


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Ctrl-C and SIGTERM ask for an end: what came in is booked first. A second one ends it at once."""
    asked: list[int] = []

    def ask(number: int, frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def emit(one: News, sums: watched.Sums, ticker: watched.Ticker, shown: Screen, form: str) -> None:
    """Show what came, as it came, and count it."""
    match one:
        case Round():
            sums.add(one.found.visits)
            sums.gaps += len(one.found.gaps)
            ticker.told("Watching", one.done, one.due)
            for visit in one.found.visits:
                show(visit, partial(watched.line, visit, shown), form)
            said(one.found.gaps, shown, form)
        case Reading():
            outcome = one.read.outcome
            sums.reports += len(outcome.reports)
            sums.claims += sum(len(reading.claims) for reading in outcome.readings)
            sums.gaps += len(outcome.gaps)
            ticker.told("Reading", sums.reports, 0)
            for revision in one.revisions:
                sums.edits += len(revision.edits)
                if not form:
                    edit_lines.head(revision.url, *revision.captures, revision.edits, shown)
                    edit_lines.lines(revision.edits, shown)
            for report in outcome.reports if form else ():
                show({"report": report.id, "capture": report.capture, "url": report.url, "title": report.title},
                     lambda: None, form)  # fmt: skip
            said(outcome.gaps, shown, form)
        case Look():
            show(one, partial(trace_tree.booked, one, shown), form)
        case Alert():
            show(told.as_json(one), lambda: told.show(one, shown), form)
        case Gap():
            sums.gaps += 1
            said([one], shown, form)


def said(gaps: Iterable[Gap], shown: Screen, form: str) -> None:
    for gap in gaps:
        show(gap, partial(terminal.gaps, [gap], shown), form)


def show(record: object, draw: Callable[[], None], form: str) -> None:
    if form:
        sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
        sys.stdout.flush()
    else:
        draw()


@click.command()
@click.argument("sources", type=click.Path(path_type=Path), default=SOURCES, metavar="[SOURCES]")
@click.option("--json", "form", flag_value="json", help="One source a line (JSON Lines).")
@house_options
def sources(ctx: click.Context, sources: Path, form: str) -> None:
    """Show how each watched source stands: its health, when it was last reached, when it is looked at next, its items.

    SOURCES is the file that names them (default: sources.toml); sources that were watched once and are in
    the file no longer are shown, too.

    \b
    Examples:
      purport sources
      purport sources desk.toml --json
    """
    named = read_sources(sources) if sources.is_file() or sources != SOURCES else ()
    house = opened(ctx)
    found = {one.last.source: one for one in house.view.standings()}
    if form:
        screen.for_programs()
        by_name = {source.name: source for source in named}
        for name in watched.names(named, found):
            record = watched.as_json(name, by_name.get(name), found.get(name), house.clock.now())
            sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
    elif named or found:
        watched.standings(named, found, house.clock.now(), Screen())
    else:
        click.echo(
            "Nothing is watched yet. Name what to watch, then watch it:\n"
            "  purport watch --example > sources.toml\n"
            "  purport watch"
        )
