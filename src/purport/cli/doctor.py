"""The command `purport doctor`: thin. What it asks is in `edges/checkup.py`."""

import sys

import click
import msgspec

from purport.app import doctoring
from purport.brief import screen
from purport.brief.health import line
from purport.brief.screen import Screen
from purport.cli.options import checkup, engine_option, house_options, keep
from purport.core.errors import UnfitError
from purport.core.health import MEND


@click.command()
@click.option("--warcs", "archives", metavar="FOLDER", default="", expose_value=False, callback=keep,
              help="Where the WARC files are, if not beside the ledger.")  # fmt: skip
@click.option("--json", "form", flag_value="json", help="One finding a line (JSON Lines).")
@engine_option
@house_options
def doctor(ctx: click.Context, form: str) -> None:
    """Look whether this machine is fit to work: versions, models, disk, permissions, clock, ledger, archives.

    Each line is in order, to be mended, with how, or absent, which can be done without. Nothing is changed and nothing
    is asked of the network. Whether the ledger's rows are as they were written, purport verify tells.

    \b
    Examples:
      purport doctor
      purport doctor --json --ledger sqlite:////srv/desk/purport.db
    """
    shown, ill = Screen(), 0
    if form:
        screen.for_programs()
    for found in doctoring.examine(checkup(ctx)):
        ill += found.state == MEND
        if form:
            sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        else:
            shown.print(line(found), highlight=False, soft_wrap=True)
    if ill:
        raise UnfitError(f"{ill} to mend, as told above.")
