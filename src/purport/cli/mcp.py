"""The command `purport mcp`: thin. What it serves is in `mcp/`."""

from pathlib import Path

import click

from purport.cli.options import house_options, opened
from purport.core.errors import UsageError


@click.command(name="mcp")
@house_options
def mcp_command(ctx: click.Context) -> None:
    """Let a program ask the ledger, by the Model Context Protocol over standard input and output.

    A program that speaks it (a chat with tools, an editor, an agent) starts this command itself and asks: search,
    claim, report, trace, evidence. It can change nothing, and each answer holds the ids and digests of its
    evidence. Words of reports are marked as quoted; docs/mcp.md tells what that is for. The ledger must be there.

    \b
    Examples:
      purport mcp --ledger sqlite:////home/ona/desk/purport.db
    \b
    The settings of a program that starts it, with the whole path of your ledger:
      {"mcpServers": {"purport": {"command": "purport",
        "args": ["mcp", "--ledger", "sqlite:////home/ona/desk/purport.db"]}}}
    """
    url = str(ctx.ensure_object(dict)["ledger"])
    path = url.partition("///")[2] if url.startswith("sqlite:") else ""
    if path and not Path(path).is_file():  # a program may start us in any folder: no empty ledger is left there
        raise UsageError(f"There is no ledger at {path}. Give its whole path: --ledger sqlite:////home/ona/purport.db.")
    house = opened(ctx)
    from purport.mcp.server import serve  # half a second, which other commands need not wait for

    serve(house)
