"""The commands of custody: `purport custody`, `stamp`, `verify`. Thin; what they do is in `proving.py`."""

import sys
from datetime import datetime
from pathlib import Path

import click
import msgspec

from purport.app import admitting, exporting, proving, working
from purport.brief import custody as shows
from purport.brief import handed, screen
from purport.brief.screen import Screen
from purport.brief.words import inert
from purport.cli.options import authority, engine, engine_option, fetch_option, house_options, keep, staff, vault
from purport.collect.items import without_password
from purport.core.custody import Verified
from purport.core.errors import CustodyError, UsageError
from purport.core.times import utc

ca_option = click.option(
    "--ca",
    envvar="PURPORT_CA",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Certificates (PEM) of time stamp authorities that you vouch for; also from PURPORT_CA.",
)


@click.group(invoke_without_command=True)
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]), help="In UTC.")
@click.option("--people", is_flag=True, help="Only what people did at the desk, and who may come in.")
@click.option("--json", "form", flag_value="json", help="One entry a line (JSON Lines), with its hash.")
@house_options
def custody(ctx: click.Context, since: datetime | None, people: bool, form: str) -> None:
    """List the custody log, the newest last: who did what, when, and what came into the ledger by it.

    Each entry holds the hash of the one before and a digest over what it brought. PURPORT_WHO names who one is,
    instead of user@host.

    \b
    Examples:
      purport custody
      purport custody --since 2031-05-04 --json
      purport custody --people --since 2031-05-04
      purport custody proof 12
    """
    if ctx.invoked_subcommand is not None:
        if any(ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE for name in ctx.params):
            raise UsageError(f"Options go behind the command: purport custody {ctx.invoked_subcommand} … --ledger URL")
        return
    if form:
        screen.for_programs()
    shown, count = Screen(), 0
    log = proving.entries(vault(ctx), utc(since) if since else None)
    for hashed, entry in admitting.of_people(staff(ctx), log) if people else log:
        count += 1
        if form:
            _print({"hash": hashed} | msgspec.to_builtins(entry))
        else:
            shows.row(entry, shown)
    if not count and not form:
        shown.print("No entry since then.")


@custody.command()
@click.argument("entry", type=click.IntRange(1))
@house_options
def proof(ctx: click.Context, entry: int) -> None:
    """Print what proves to others that an entry was in the log when it was stamped, as JSON.

    They need nothing else of the ledger, and no Purport: docs/custody.md says how it is checked.

    \b
    Examples:
      purport custody proof 12 > proof.json
    """
    found = proving.proof(vault(ctx), entry)
    screen.for_programs()
    _print(found)


@click.command()
@click.option("--authority", "url", envvar="PURPORT_AUTHORITY", metavar="URL", help="Also from PURPORT_AUTHORITY.")
@ca_option
@fetch_option
@engine_option
@house_options
def stamp(ctx: click.Context, url: str | None, ca: Path | None) -> None:
    """Have a time stamp authority date the custody log's entries since the last stamp (RFC 3161).

    The authority sees a hash and nothing else. Its answer is kept whole. With --ca its signature is checked at once.
    With --engine jobs: a worker asks the authority that it was given.

    \b
    Examples:
      purport stamp --authority http://timestamp.example/tsr
      purport stamp --authority http://timestamp.example/tsr --ca authority.pem
    """
    if (others := engine(ctx)).later:
        click.echo(handed.said(0, others.hand([working.STAMP])))
        return
    if not url:
        raise UsageError("Name an authority: --authority URL, or PURPORT_AUTHORITY. Many are free of charge.")
    got = proving.stamp(vault(ctx), authority(ctx, url), without_password(url), _pem(ca))
    click.echo(shows.stamp(got, signed=bool(ca)))


@click.command()
@click.argument("packages", nargs=-1, type=click.Path(path_type=Path), metavar="[PACKAGE]...")
@ca_option
@click.option("--head", "heads", multiple=True, metavar="HASH", help="A head noted earlier must be in the log.")
@click.option("--quick", is_flag=True, help="Only the ledger and its stamps, not the kept files and archives.")
@click.option("--no-note", is_flag=True, help="Don't tell of it in the custody log.")
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
def verify(
    ctx: click.Context,
    packages: tuple[Path, ...],
    ca: Path | None,
    heads: tuple[str, ...],
    quick: bool,
    no_note: bool,
    form: str,
) -> None:
    """Look whether everything is as it was written, and name the first item that is not.

    Gone through are the custody log, each row of the ledger, the time stamps, the kept files and the archives.
    Nothing is asked of the network. What was removed from the end of the log shows by a time stamp or by a head
    that was noted elsewhere: so note the head that is printed here.

    A PACKAGE (.wacz, of anybody) is held against its own list and signature instead, and no ledger is asked. Its
    key's fingerprint is printed: whose it is, one learns from whom it is.

    \b
    Examples:
      purport verify
      purport verify received.wacz
      purport verify --ca authority.pem
      purport verify --head sha256:3f0c…
    """
    if form:
        screen.for_programs()
    if packages:
        _packages(packages, form)
        return
    shown, pem = Screen(), _pem(ca)
    asked = proving.Check(pem, heads, files=not quick, note=not no_note)
    try:
        with screen.bar(lambda: 1, shown, alone=bool(form), doing="Verifying") as bar:
            found = proving.hold(vault(ctx), asked, bar.told)
    except CustodyError as error:
        if form:
            _print({"holds": False, "item": error.item, "fault": error.fault})
        raise
    if form:
        _print({"holds": True} | msgspec.to_builtins(found))
        return
    _show(found, shown, files=not quick)


def _packages(packages: tuple[Path, ...], form: str) -> None:
    for package in packages:
        key = exporting.verify(package)
        if form:
            _print({"holds": True, "package": str(package), "fingerprint": key})
        else:
            signed = f"it is signed with the key {key}" if key else "nobody signed it"
            click.echo(f"{inert(str(package))}: each file in it is as it was packed; {signed}.")


def _show(found: Verified, shown: Screen, files: bool) -> None:
    for words in shows.verified(found, files):
        shown.print(words, highlight=False, markup=False, soft_wrap=True)
    shown.print("\nAll of it is as it was written.", style="bold", highlight=False)


def _pem(path: Path | None) -> bytes:
    try:
        return path.read_bytes() if path else b""
    except OSError as error:
        raise UsageError(f"--ca {path} can't be read ({error.strerror}). Name a file of certificates.") from error


def _print(record: object) -> None:
    sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
