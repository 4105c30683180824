"""What the commands share: their group, the options that several of them have, and a house by those options."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from purport.app import House
from purport.app.admitting import Staff
from purport.app.alerting import Post
from purport.app.attending import Desk
from purport.app.backing import Cellar, Stock, Target
from purport.app.doctoring import Check
from purport.app.exporting import Packer
from purport.app.proving import Vault
from purport.brief import screen
from purport.brief.words import inert
from purport.core import journal
from purport.core.alerts import Rule
from purport.core.errors import PurportError, UsageError
from purport.core.ports import Authority, Engine, Workshop
from purport.core.times import utc
from purport.core.watching import Source
from purport.pipeline import Scribe, Studio
from purport.wiring import (
    LEDGER,
    READER,
    Config,
    open_authority,
    open_desk,
    open_house,
    open_packer,
    open_post,
    open_scribe,
    open_staff,
    open_studio,
    open_vault,
)
from purport.wiring.operations import open_cellar, open_checkup, open_metrics, open_stock, open_target
from purport.wiring.tracing import open_aside
from purport.wiring.working import open_engine, open_tools

Command = TypeVar("Command", bound=Callable[..., Any])


class Group(click.Group):
    """Turns our errors into one line and the class's exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        screen.for_people()
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()
        except PurportError as error:
            journal.tell("failed", error=type(error).__name__, code=error.code, said=str(error))
            click.echo(f"purport: {inert(str(error))}", err=True)
            ctx.exit(error.code)
        except BrokenPipeError:  # `purport … | head` is no fault
            screen.silence()
            ctx.exit(0)
        except OSError as error:
            if error.errno not in screen.FULL:
                raise
            screen.silence()
            click.echo(f"purport: The output can't be written ({error.strerror}). Free some space.", err=True)
            ctx.exit(PurportError.code)
        return answer


def house_options(command: Command) -> Command:
    """Every command that opens the ledger lets one say which."""
    ledger = click.option(
        "--ledger",
        envvar="PURPORT_LEDGER",
        default=LEDGER,
        show_default=True,
        metavar="URL",
        expose_value=False,
        callback=keep,
        help="Where entries are kept: sqlite:///FILE, or postgresql+psycopg://USER@HOST/DATABASE (docs/postgres.md); "
        "also from PURPORT_LEDGER.",
    )
    return cast(Command, ledger(blobs_option(click.pass_context(command))))


def keep(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Options of `Config` go into the context by their names."""
    ctx.ensure_object(dict)[parameter.name] = value


blobs_option = click.option(
    "--blobs",
    envvar="PURPORT_BLOBS",
    default="",
    metavar="URL",
    expose_value=False,
    callback=keep,
    help="Where bytes are kept: file:FOLDER or s3://BUCKET/PREFIX (docs/operations.md); also from PURPORT_BLOBS. "
    "Without it, beside the ledger.",
)

fetch_option = click.option(
    "--allow-private",
    is_flag=True,
    expose_value=False,
    callback=keep,
    help="Fetch from private and loopback addresses too (your own network).",
)


def reader_options(command: Command) -> Command:
    """Commands that read let one say which reader does it."""
    model = click.option(
        "--reader-model",
        envvar="PURPORT_READER_MODEL",
        default="",
        metavar="NAME",
        expose_value=False,
        callback=keep,
        help="With an endpoint: its model's name; also from PURPORT_READER_MODEL.",
    )
    reader = click.option(
        "--reader",
        envvar="PURPORT_READER",
        default=READER,
        show_default=True,
        metavar="READER",
        expose_value=False,
        callback=keep,
        help="Or endpoint:URL, as in endpoint:http://127.0.0.1:8000/v1: texts are sent there, to a language "
        "model (docs/readers.md); also from PURPORT_READER.",
    )
    return reader(model(command))


engine_option = click.option(
    "--engine",
    envvar="PURPORT_ENGINE",
    default=Config.engine,
    show_default=True,
    metavar="ENGINE",
    expose_value=False,
    callback=keep,
    help="Who does the work: inline:, this command; or jobs:, workers on any number of hosts (docs/work.md); also "
    "from PURPORT_ENGINE.",
)


def studio_options(command: Command) -> Command:
    """Commands that decode footage let one say within which bounds, and whose signatures count."""
    trust = click.option(
        "--trust",
        envvar="PURPORT_TRUST",
        default="",
        metavar="FILE",
        expose_value=False,
        callback=keep,
        help="Certificates (PEM) of signers or their authorities that you vouch for; also from PURPORT_TRUST. "
        "Without it no provenance is called valid.",
    )
    seconds = click.option(
        "--seconds",
        type=click.IntRange(1),
        default=Config.seconds,
        show_default=True,
        expose_value=False,
        callback=keep,
        help="The longest that one file may take.",
    )
    memory = click.option(
        "--memory",
        type=click.IntRange(700),
        default=Config.memory,
        show_default=True,
        metavar="MIB",
        expose_value=False,
        callback=keep,
        help="The most memory that decoding may take.",
    )
    return trust(seconds(memory(command)))


def speech_option(command: Command) -> Command:
    """Commands that put footage into words let one name the speech model."""
    model = click.option(
        "--speech-model",
        "speech",
        envvar="PURPORT_SPEECH_MODEL",
        default="",
        metavar="FOLDER",
        expose_value=False,
        callback=keep,
        help="A Whisper model for CTranslate2; also from PURPORT_SPEECH_MODEL. Without it, that of purport[speech].",
    )
    return model(command)


def opened(ctx: click.Context) -> House:
    """The house that the options ask for."""
    return open_house(config_of(ctx))


def vault(ctx: click.Context) -> Vault:
    """What custody is proved with, by the options."""
    return open_vault(config_of(ctx))


def staff(ctx: click.Context) -> Staff:
    """What people are let in with, by the options."""
    return open_staff(config_of(ctx))


def stock(ctx: click.Context) -> Stock:
    """What is backed up, by the options."""
    return open_stock(config_of(ctx))


def target(ctx: click.Context) -> Target:
    """Where a ledger is to be made again, by the options."""
    return open_target(config_of(ctx))


def cellar(folder: Path, make: bool = False) -> Cellar:
    """A folder with backups."""
    return open_cellar(folder, make)


def checkup(ctx: click.Context) -> Mapping[str, Check]:
    """What the doctor asks, by the options."""
    return open_checkup(config_of(ctx))


def whom(ctx: click.Context) -> str:
    """Whom the custody log names."""
    from purport.wiring import who

    return who(config_of(ctx))


def packer(ctx: click.Context) -> Packer:
    """What packages are made with, by the options."""
    return open_packer(config_of(ctx))


def post(ctx: click.Context) -> Post:
    """What alerts are delivered with, by the options."""
    return open_post(config_of(ctx))


def counted(ctx: click.Context, house: House) -> tuple[Callable[[], bytes], ...]:
    """What Prometheus reads, from now on; none where its package is not installed."""
    return tuple(found.text for found in ctx.with_resource(open_metrics(config_of(ctx), house.view.sizes)))


def serve_metrics(ctx: click.Context, port: int) -> None:
    """Answer Prometheus on a port of this machine until the command ends. Raises UsageError."""
    found = ctx.with_resource(open_metrics(config_of(ctx), opened(ctx).view.sizes))
    if not found:
        raise UsageError('Metrics need a package that is not installed: pip install "purport[metrics]".')
    found[0].serve(port)


@contextmanager
def attention(ctx: click.Context, rules: Sequence[Rule], fetching: bool) -> Iterator[Desk]:
    """What watches, reads and tells, by the options; its archive is closed afterwards."""
    with open_desk(config_of(ctx), rules, fetching) as desk:
        yield desk


def engine(
    ctx: click.Context,
    sources: Sequence[Source] = (),
    rules: Sequence[Rule] = (),
    url: str = "",
    stopped: Callable[[], bool] = lambda: False,
) -> Engine:
    """Who has work done, by the options, until the command ends; `url` is the time stamp authority's."""
    config = config_of(ctx)
    return open_engine(config, ctx.with_resource(open_tools(config, sources, rules, url, stopped)))


def authority(ctx: click.Context, url: str) -> Authority:
    """The time stamp authority at an address, within what the options allow."""
    return open_authority(url, config_of(ctx))


@contextmanager
def aside(ctx: click.Context, behind: bool = False) -> Iterator[tuple[Workshop, ...]]:
    """Who traces and groups for the house, by the options; sent home afterwards."""
    with open_aside(config_of(ctx), behind) as tools:
        yield tools


@contextmanager
def scribe(ctx: click.Context) -> Iterator[Scribe]:
    """What footage is put into words with, by the options; its worker is sent home afterwards."""
    tools = open_scribe(config_of(ctx))
    try:
        yield tools
    finally:
        tools.workshop.close()


@contextmanager
def studio(ctx: click.Context) -> Iterator[Studio]:
    """What footage is examined with, by the options; its worker is sent home afterwards."""
    tools = open_studio(config_of(ctx))
    try:
        yield tools
    finally:
        tools.workshop.close()


def config_of(ctx: click.Context) -> Config:
    """A key is taken from the environment only: arguments are seen by others. So is the name for the custody log."""
    key, who = os.environ.get("PURPORT_READER_KEY", ""), os.environ.get("PURPORT_WHO", "")
    return Config(**ctx.ensure_object(dict), reader_key=key, who=who)


def instant(option: str, words: str, end: bool = False) -> datetime:
    """An instant as people write it; of a day its beginning, or its `end`. Raises UsageError."""
    try:
        when = datetime.fromisoformat(words)
    except ValueError as error:
        raise UsageError(f"{option} {words!r} is no time. Write it as 2024-03-06 or 2024-03-06T12:00Z.") from error
    if end and len(words) == len("2024-03-06"):
        when = when.replace(hour=23, minute=59, second=59)
    return utc(when)


def form_options(command: Command) -> Command:
    command = click.option("--csv", "form", flag_value="csv", help="A table for spreadsheets.")(command)
    return click.option("--json", "form", flag_value="json", help="One claim a line (JSON Lines).")(command)


nested_option = click.option(
    "--nested", is_flag=True, help="With --json: claims inside claims on lines of their own, too."
)
