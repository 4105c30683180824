"""The commands `purport backup`, `purport restore` and `purport migrate`: thin. What they do is in `app/backing.py`."""

import sys
from pathlib import Path

import click
import msgspec

from purport.app import backing
from purport.brief import backups as shows
from purport.brief import custody, screen
from purport.brief.screen import Screen
from purport.cli.options import blobs_option, cellar, house_options, keep, stock, target
from purport.core.errors import EvidenceError, UsageError
from purport.wiring.operations import move

warcs_option = click.option(
    "--warcs",
    "archives",
    metavar="FOLDER",
    default="",
    expose_value=False,
    callback=keep,
    help="Where the WARC files are, if not beside the ledger.",
)


@click.command()
@click.argument("to", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--thorough", is_flag=True, help="Read again what the folder holds already, and mend what has gone bad.")
@click.option("--json", "form", flag_value="json", help="One object.")
@warcs_option
@house_options
def backup(ctx: click.Context, to: Path, thorough: bool, form: str) -> None:
    """Copy the ledger and all that it refers to into a folder: only what is new since the last time.

    The ledger is copied as it stands at one moment, with a watch or a desk at work meanwhile; with it go the kept
    files, the archives (WARC), fingerprints, vectors and the signing key. Each piece is kept under its digest, and a
    list of them, one a backup, is written last. A backup that is killed can be made again and goes on. Nothing in the
    folder is ever removed, so each backup in it can be had back. A ledger in PostgreSQL is brought into a SQLite file
    for it, each table held against its twin by a digest.

    \b
    Examples:
      purport backup /mnt/disk/purport
      purport backup /mnt/disk/purport --thorough
    """
    shown = Screen()
    if form:
        screen.for_programs()
    with screen.bar(lambda: 1, shown, alone=bool(form), doing="Backing up") as bar:
        made = backing.backup(stock(ctx), cellar(to, make=True), bar.told, thorough)
    if form:
        counts = {"files": made.files, "kept": made.kept, "size": made.size, "new": made.fresh, "new_bytes": made.added}
        head = {"number": made.backup.number, "digest": made.digest, "head": made.backup.head}
        _print(head | counts | {"missed": made.backup.missed})
    else:
        for line in shows.made(made.backup, made.files, made.kept, made.size):
            shown.print(line, highlight=False, markup=False, soft_wrap=True)
        shown.print(shows.new(made.fresh, made.added, made.since), highlight=False, markup=False, soft_wrap=True)
    if missed := made.backup.missed:
        raise EvidenceError(f"All but {len(missed):,} could be backed up. The first of them: {missed[0]}")


@click.command()
@click.option("--from", "source", required=True, metavar="URL", help="The ledger that is there.")
@click.option("--to", "to", required=True, metavar="URL", help="An empty database, or what an earlier migrate made.")
@click.option("--json", "form", flag_value="json", help="One object.")
def migrate(source: str, to: str, form: str) -> None:
    """Bring a ledger from SQLite into PostgreSQL, or back: every row and the whole custody log, as they are.

    The ledger is copied as it stands at one moment; others may go on writing to it. In the end each table is held
    against its twin by a digest over all rows. What is killed goes on when it is called again, and a call after the
    first brings what came since. What lies beside a ledger (kept bytes, archives, prints) stays where it is: name it
    with --blobs and --warcs, or give it the new ledger's name.

    \b
    Examples:
      purport migrate --from sqlite:///purport.db --to postgresql+psycopg:///desk
      purport migrate --from postgresql+psycopg:///desk --to sqlite:///desk.db
    """
    shown = Screen()
    if form:
        screen.for_programs()
    with screen.bar(lambda: 1, shown, alone=bool(form), doing="Moving") as bar:
        moved = move(source, to, bar.told)
    if form:
        _print(msgspec.to_builtins(moved))
        return
    shown.print(f"Moved         {moved.fresh:,} of {moved.rows:,} rows; all tables have the same digests in both",
                highlight=False, soft_wrap=True)  # fmt: skip
    shown.print(f"Head          {moved.head}", highlight=False, soft_wrap=True)


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--to", "ledger", default="", metavar="LEDGER", expose_value=False, callback=keep,
              help="The ledger to make, as sqlite:///FILE; its files are put beside it.")  # fmt: skip
@click.option("--number", type=click.IntRange(1), default=None, help="Which backup (default: the last one).")
@click.option("--list", "listing", is_flag=True, help="List the backups that the folder holds; restore nothing.")
@click.option("--verify", is_flag=True, help="Go through all of it afterwards, as purport verify does.")
@click.option("--json", "form", flag_value="json", help="One object; with --list one a line.")
@blobs_option
@warcs_option
@click.pass_context
def restore(ctx: click.Context, source: Path, number: int | None, listing: bool, verify: bool, form: str) -> None:
    """Make a ledger again from a backup, with all that lies beside it. Nothing that is there is overwritten.

    Each piece is held against its digest. With --verify the custody log, each row, each kept file and each archive
    is gone through, too, as purport verify does. A restore that is killed goes on when it is called again. What stood
    in PostgreSQL is made a file, and purport migrate brings that into an empty database.

    \b
    Examples:
      purport restore /mnt/disk/purport --list
      purport restore /mnt/disk/purport --to sqlite:///purport.db --verify
    """
    shown, folder = Screen(), cellar(source)
    if form:
        screen.for_programs()
    if listing:
        for one in backing.made(folder):
            if form:
                _print({"number": one.number, "at": one.at, "who": one.who, "head": one.head, "missed": one.missed})
            else:
                shown.print(shows.row(one), highlight=False, markup=False, soft_wrap=True)
        return
    if not ctx.ensure_object(dict)["ledger"]:
        raise UsageError("Say where the ledger is to be: --to sqlite:///purport.db, for instance.")
    to = target(ctx)
    with screen.bar(lambda: 1, shown, alone=bool(form), doing="Restoring") as bar:
        found = backing.restore(folder, number or 0, to, bar.told, verify)
    if form:
        holds = [{"holds": True} | msgspec.to_builtins(one) for one in found.verified]
        counts = {"files": found.files, "kept": found.kept, "size": found.size}
        _print({"number": found.backup.number} | counts | {"verified": holds[0] if holds else None})
        return
    for line in shows.made(found.backup, found.files, found.kept, found.size):
        shown.print(line, highlight=False, markup=False, soft_wrap=True)
    shown.print(f"Restored      {to.places.databases['ledger']}, each piece with its digest", soft_wrap=True)
    for line in shows.onward(found.backup, str(to.places.databases["ledger"])):
        shown.print(line, highlight=False, markup=False, soft_wrap=True)
    for held in found.verified:
        for line in custody.verified(held, files=True):
            shown.print(line, highlight=False, markup=False, soft_wrap=True)
        shown.print("\nAll of it is as it was written.", style="bold", highlight=False)


def _print(record: object) -> None:
    sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
