"""The command `purport desk`: thin. What it serves is in `desk/`."""

import socket
import sys
from contextlib import suppress
from dataclasses import replace

import click

from purport.app import rungs
from purport.cli.options import (
    aside,
    counted,
    house_options,
    opened,
    scribe,
    speech_option,
    staff,
    studio,
    studio_options,
    vault,
    whom,
)
from purport.core.errors import UsageError
from purport.desk.hosts import LOOPBACK, host_of

PORT = 8642
TURN = 0.0005  # seconds that a page keeps the interpreter while another waits for it; Python's own are ten times
EVERYWHERE = ("0.0.0.0", "::")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="One where others can reach it wants accounts.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free one.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="How others call it, as in desk.example.")
@click.option("--cert", type=click.Path(exists=True, dir_okay=False), help="For https: the certificate (PEM).")
@click.option("--key", type=click.Path(exists=True, dir_okay=False), help="For https: its key (PEM).")
@click.option("--proxied", is_flag=True, help="A proxy on this machine speaks https before it, and tells who asks.")
@click.option(
    "--break-after",
    "rest",
    type=click.IntRange(0),
    default=25,
    show_default=True,
    help="Stills, clips and sounds opened in a day, after which pages ask one to look away. 0: never.",
)
@click.option(
    "--ahead",
    type=click.IntRange(0, 10_000),
    default=500,
    show_default=True,
    help="Trace the stories of so many reports, the latest, before somebody opens them. 0: none.",
)
@speech_option
@studio_options
@house_options
def desk(
    ctx: click.Context,
    host: str,
    port: int,
    names: tuple[str, ...],
    cert: str,
    key: str,
    proxied: bool,
    rest: int,
    ahead: int,
) -> None:
    """Open the desk on the ledger: pages in a browser.

    Without accounts nobody but this machine can reach it. With accounts (purport people add) everybody signs in, and
    --host may be an address that others reach; then have it speak https, by --cert and --key or a proxy before it.
    Ctrl-C ends it.

    \b
    Examples:
      purport demo && purport desk
      purport desk --ledger sqlite:////srv/desk/purport.db --port 9000
      purport people add ann --role admin && purport desk --name desk.example --proxied
      purport desk --host 0.0.0.0 --name desk.example --cert desk.pem --key desk.key
    """
    people = staff(ctx)
    check_host(host, port, people.roster.closed())
    if bool(cert) != bool(key):
        raise UsageError("https wants both: --cert FILE and --key FILE.")
    import uvicorn  # with the desk it takes a third of a second to import, and no other command needs it

    from purport.desk.ahead import working
    from purport.desk.app import build
    from purport.desk.premises import Premises

    listening = _bound(host, port)
    rungs.book_views(people)  # of a desk that was killed
    # their workers begin when they are first asked
    with studio(ctx) as tools, scribe(ctx) as pen, aside(ctx) as tracers, aside(ctx, behind=True) as last:
        house = replace(opened(ctx), aside=tracers)
        numbers = counted(ctx, house)
        here = Premises(
            house,
            vault(ctx),
            whom(ctx),
            studio=(tools,),
            scribe=(pen,),
            metrics=numbers,
            staff=(people,),
            secure=bool(cert) or proxied,
            rest=rest,
        )
        sys.setswitchinterval(TURN)  # a short page asks the ledger often, and would wait a turn each time
        at = listening.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        scheme = "https" if cert else "http"
        click.echo(f"The desk is open at {scheme}://{shown}:{at}/ (Ctrl-C ends it).", err=True)
        if host not in LOOPBACK and not here.secure:
            click.echo(PLAIN, err=True)
        config = uvicorn.Config(
            build(here, called(host, names)),
            server_header=False,
            proxy_headers=proxied,
            forwarded_allow_ips="127.0.0.1,::1",
            access_log=False,
            log_level="warning",
            ssl_certfile=cert,
            ssl_keyfile=key,
        )
        with working(here, last, ahead), suppress(KeyboardInterrupt):  # uvicorn hands Ctrl-C on when it has closed
            uvicorn.Server(config).run(sockets=[listening])
        rungs.book_views(people)


PLAIN = (
    "Passwords and pages go over the network in the clear. Give it --cert and --key, or put a proxy that speaks https "
    "before it and say --proxied (docs/people.md)."
)


def check_host(host: str, port: int, closed: bool = False) -> None:
    """Raises UsageError for an address that others can reach, unless all must sign in (`closed`)."""
    if host not in LOOPBACK and not closed:
        raise UsageError(
            f"There are no accounts, so the desk does not open on {host}, where others could reach it. Make one first "
            "(purport people add NAME --role admin). Or leave --host out, and from another machine go through SSH: "
            f"ssh -L {port or PORT}:127.0.0.1:{port or PORT} MACHINE."
        )


def called(host: str, names: tuple[str, ...]) -> frozenset[str]:
    """By which names the desk is asked for; a request that calls it otherwise is refused."""
    own = () if host in EVERYWHERE else (host,)
    return LOOPBACK | {host_of(f"[{one}]" if one.count(":") > 1 else one) for one in (*own, *names)} - {""}


def _bound(host: str, port: int) -> socket.socket:
    """A socket at the address. Raises UsageError when something else listens there."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen()  # who comes before the desk is ready waits for it
    except OSError as error:
        made.close()
        raise UsageError(
            f"Port {port} of {host} can't be had ({error.strerror}). A desk may be open there already; or take another "
            "with --port, or a free one with --port 0."
        ) from error
    return made
