"""The command `purport desk`: thin. What it serves is in `desk/`."""

import socket

import click

from purport.cli.options import (
    counted,
    house_options,
    opened,
    scribe,
    speech_option,
    studio,
    studio_options,
    vault,
    whom,
)
from purport.core.errors import UsageError
from purport.desk.hosts import LOOPBACK

PORT = 8642


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address of this machine.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free one.")
@speech_option
@studio_options
@house_options
def desk(ctx: click.Context, host: str, port: int) -> None:
    """Open the desk on the ledger: pages in a browser on this machine.

    Nobody but this machine can reach it, for there is no sign-in yet. From another machine, go through SSH:
    ssh -L 8642:127.0.0.1:8642 MACHINE, then open http://127.0.0.1:8642 there. Ctrl-C ends it.

    \b
    Examples:
      purport demo && purport desk
      purport desk --ledger sqlite:////srv/desk/purport.db --port 9000
    """
    check_host(host, port)
    import uvicorn  # with the desk it takes a third of a second to import, and no other command needs it

    from purport.desk.app import build
    from purport.desk.premises import Premises

    listening = _bound(host, port)
    with studio(ctx) as tools, scribe(ctx) as pen:  # their workers begin when they are first asked
        house = opened(ctx)
        numbers = counted(ctx, house)
        app = build(Premises(house, vault(ctx), whom(ctx), studio=(tools,), scribe=(pen,), metrics=numbers))
        at = listening.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"The desk is open at http://{shown}:{at}/ (Ctrl-C ends it).", err=True)
        config = uvicorn.Config(app, server_header=False, proxy_headers=False, access_log=False, log_level="warning")
        uvicorn.Server(config).run(sockets=[listening])


def check_host(host: str, port: int) -> None:
    """Raises UsageError for an address that others can reach."""
    if host not in LOOPBACK:
        raise UsageError(
            f"The desk has no sign-in yet, so it does not open on {host}, where others could reach it. Leave --host "
            f"out, and from another machine go through SSH: ssh -L {port or PORT}:127.0.0.1:{port or PORT} MACHINE."
        )


def _bound(host: str, port: int) -> socket.socket:
    """A socket at the address. Raises UsageError when something else listens there."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise UsageError(
            f"Port {port} of {host} can't be had ({error.strerror}). A desk may be open there already; or take another "
            "with --port, or a free one with --port 0."
        ) from error
    return made
