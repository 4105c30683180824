"""The command `purport people`: who may sign in at the desk. Thin; what it does is in `app/admitting.py`."""

import sys

import click

from purport.app import admitting
from purport.brief.screen import Screen
from purport.brief.words import inert
from purport.cli.options import house_options, staff
from purport.core.errors import UsageError
from purport.core.people import READER, ROLES

_role = click.Choice(ROLES)


@click.group()
def people() -> None:
    """Who may sign in at the desk, and what each may do there.

    A reader looks, a reviewer judges and writes, a lead assigns and issues, an admin lets people in; each may all that
    those before may. Without any account, whoever is at this machine may do everything, and nobody else can come in.

    \b
    Examples:
      purport people add ann --role lead
      purport people list
    """


@people.command("list")
@house_options
def list_command(ctx: click.Context) -> None:
    """List the accounts.

    \b
    Examples:
      purport people list
    """
    shown, count = Screen(), 0
    for one in staff(ctx).roster.accounts():
        count += 1
        off = "" if one.active else "  switched off"
        shown.print(f"{inert(one.name):<24}{one.role:<10}since {one.since:%Y-%m-%d}{off}", soft_wrap=True)
    if not count:
        shown.print("Nobody yet: purport people add NAME --role admin")


@people.command()
@click.argument("name")
@click.option("--role", type=_role, default=READER, show_default=True)
@house_options
def add(ctx: click.Context, name: str, role: str) -> None:
    """Let somebody in. The password is asked for, or read from standard input; it is no argument, for others see those.

    \b
    Examples:
      purport people add ann --role lead
      pass show desk/bo | purport people add bo
    """
    made = admitting.add(staff(ctx), name, role, _password())
    click.echo(f"{made.name} may sign in now, in the role of {made.role}.")


@people.command()
@click.argument("name")
@click.argument("role", type=_role)
@house_options
def role(ctx: click.Context, name: str, role: str) -> None:
    """Give somebody a role. It counts at once, also where they are signed in.

    \b
    Examples:
      purport people role bo reviewer
    """
    admitting.give(staff(ctx), name, role)
    click.echo(f"{name} has the role of {role} now.")


@people.command()
@click.argument("name")
@house_options
def password(ctx: click.Context, name: str) -> None:
    """Change somebody's password. All sign-ins and tokens of theirs end.

    \b
    Examples:
      purport people password bo
    """
    found = staff(ctx)
    admitting.named(found, name)
    admitting.renew(found, name, _password())
    click.echo(f"{name} has a new password, and is signed out everywhere.")


@people.command()
@click.argument("name")
@click.option("--undo", is_flag=True, help="Switch the account on again.")
@house_options
def disable(ctx: click.Context, name: str, undo: bool) -> None:
    """Switch an account off: nobody comes in by it, and who is in is put out. What was done by it stays.

    \b
    Examples:
      purport people disable bo
    """
    admitting.switch(staff(ctx), name, undo)
    click.echo(f"{name} may sign in again." if undo else f"{name} may sign in no longer, and is signed out everywhere.")


@people.command()
@click.argument("name")
@house_options
def sessions(ctx: click.Context, name: str) -> None:
    """Sign somebody out everywhere: browsers and tokens.

    \b
    Examples:
      purport people sessions ann
    """
    ended = admitting.out_everywhere(staff(ctx), name)
    click.echo(f"{name} is signed out everywhere ({ended} ended).")


@people.command()
@click.argument("name")
@click.option("--days", type=click.IntRange(1, 3650), default=admitting.TOKEN.days, show_default=True)
@house_options
def token(ctx: click.Context, name: str, days: int) -> None:
    """Print a token by which a program may ask the desk's JSON as somebody. It is shown this once, and kept nowhere.

    \b
    Examples:
      purport people token ann --days 30
      curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8642/api/counts
    """
    click.echo(admitting.token(staff(ctx), name, days))


def _password() -> str:
    """As typed twice at a terminal, or the first line of standard input. Raises UsageError."""
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return typed
    read = sys.stdin.readline().rstrip("\r\n")
    if not read:
        raise UsageError("There is no password on standard input. Run it at a terminal, or pipe one line in.")
    return read
