"""Who may come in: accounts, signing in and out, tokens for programs; and what of it the custody log tells."""

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files

from msgspec.structs import replace

from purport.core.custody import Deed, Entry
from purport.core.errors import NotFoundError, UsageError
from purport.core.ids import digest
from purport.core.people import REVIEWER, ROLES, Account, Person, Session, acting
from purport.core.ports import Clock, Hasher, Roster, Sessions, Tallies, Writer

SHORTEST, LONGEST = 12, 200  # characters of a password
IDLE = timedelta(hours=2)  # without a request, and a sign-in is over
WHOLE = timedelta(hours=12)  # it is over whatever happens
TOKEN = timedelta(days=90)
_TOUCH = timedelta(minutes=1)  # how exactly the last use is kept
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")  # no @: those are users of the machine


# what the custody log calls what people do at the door and with footage
DEEDS = frozenset(
    {
        *("let in", "give role", "change password", "switch off", "switch on", "give token", "sign in", "sign out"),
        *("look at", "open still", "open clip", "open sound"),
    }
)


@dataclass(frozen=True, slots=True)
class Staff:
    """What is needed to let people in. `wiring.open_staff` builds one."""

    roster: Roster
    sessions: Sessions
    tallies: Tallies
    hasher: Hasher
    writer: Writer
    clock: Clock


def add(staff: Staff, name: str, role: str, password: str) -> Account:
    """Make an account. Raises UsageError."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} can't be a name here. Take 1 to 40 of a-z, 0-9, dot, dash and underscore, as in ann.lee."
        )
    if next(staff.roster.account(name), None):
        raise UsageError(f"There is an account called {name} already. purport people role gives it another role.")
    _known(role)
    made = Account(name=name, role=role, secret=staff.hasher.made(_fit(name, password)), since=staff.clock.now())
    staff.roster.keep(made)
    _tell(staff, "let in", name, role)
    return made


def reviewers(staff: Staff) -> tuple[str, ...]:
    """The names of those who may come in and judge, in order."""
    return tuple(one.name for one in staff.roster.accounts() if one.active and Person(one.name, one.role).may(REVIEWER))


def everybody(staff: Staff) -> tuple[str, ...]:
    """The names of all accounts, also of those that are switched off."""
    return tuple(one.name for one in staff.roster.accounts())


def give(staff: Staff, name: str, role: str) -> Account:
    """Give somebody a role. Raises UsageError, NotFoundError."""
    held = named(staff, name)
    _known(role)
    made = replace(held, role=role)
    staff.roster.keep(made)
    _tell(staff, "give role", name, role, detail=f"was {held.role}")
    return made


def renew(staff: Staff, name: str, password: str) -> None:
    """Change a password; who is signed in by the old one is signed out. Raises UsageError, NotFoundError."""
    held = named(staff, name)
    staff.roster.keep(replace(held, secret=staff.hasher.made(_fit(name, password))))
    staff.sessions.end(name=name)
    _tell(staff, "change password", name)


def switch(staff: Staff, name: str, active: bool) -> None:
    """Switch an account off, so that nobody comes in by it, or on again. Raises NotFoundError."""
    held = named(staff, name)
    staff.roster.keep(replace(held, active=active))
    staff.sessions.end(name=name)
    _tell(staff, "switch on" if active else "switch off", name)


def out_everywhere(staff: Staff, name: str) -> int:
    """End all sign-ins and tokens of somebody; returns how many there were. Raises NotFoundError."""
    ended = staff.sessions.end(name=named(staff, name).name)
    _tell(staff, "sign out", name, detail=f"everywhere: {ended} ended")
    return ended


def token(staff: Staff, name: str, days: int = TOKEN.days) -> str:
    """A token by which a program may ask as somebody; it is shown this once. Raises NotFoundError."""
    held = named(staff, name)
    words, session = _session(staff, held.name, "token", timedelta(days=days))
    staff.sessions.begin(session)
    _tell(staff, "give token", name, detail=f"until {session.ends:%Y-%m-%d}")
    return words


def sign_in(staff: Staff, name: str, password: str, address: str) -> str:
    """The words by which the browser shows from now on who it is; empty if it is not the password.

    Takes the same time whether there is such an account or not. Both are told in the custody log.
    """
    held = next((one for one in staff.roster.account(name) if one.active), None)
    fits = staff.hasher.fits(held.secret if held else "", password[: 4 * LONGEST])
    if not held or not fits:
        # a name that is nobody's may be a password typed into the wrong field
        staff.writer.add(entries=[Deed("sign in", (held.name if held else "", address), "failed")])
        return ""
    now = staff.clock.now()
    staff.sessions.clear(now, now - IDLE)
    words, session = _session(staff, held.name, "session", WHOLE)
    staff.sessions.begin(session)
    with acting(held.name):
        staff.writer.add(entries=[Deed("sign in", (held.name, address))])
    return words


def sign_out(staff: Staff, words: str) -> None:
    """End a sign-in by what its browser holds."""
    for _, person in staff.sessions.whose(named_by(words)):
        staff.sessions.end(named_by(words))
        with acting(person.name):
            staff.writer.add(entries=[Deed("sign out", (person.name,))])


def signed_in(staff: Staff, words: str, kind: str) -> Iterator[Person]:
    """Who it is that shows these words (a session or a token), none or one."""
    now = staff.clock.now()
    for session, person in staff.sessions.whose(named_by(words)):
        idle = session.kind == "session" and session.seen + IDLE <= now
        if session.kind == kind and not idle and now < session.ends:
            if now - session.seen >= _TOUCH:
                staff.sessions.touch(session.id, now)
            yield person


def of_people(staff: Staff, log: Iterable[tuple[str, Entry]]) -> Iterator[tuple[str, Entry]]:
    """What of the custody log was done by who has an account, or concerns who may come in."""
    names = {one.name for one in staff.roster.accounts()}
    return (pair for pair in log if pair[1].what in DEEDS or pair[1].who in names)


def named(staff: Staff, name: str) -> Account:
    """The account of a name. Raises NotFoundError."""
    for found in staff.roster.account(name):
        return found
    raise NotFoundError(f"There is no account called {name!r}. purport people list shows them.")


def named_by(words: str) -> str:
    """What is kept of a session's words."""
    return digest(words.encode("utf-8", "replace"))


def _session(staff: Staff, name: str, kind: str, long: timedelta) -> tuple[str, Session]:
    words, now = secrets.token_hex(32), staff.clock.now()
    return words, Session(id=named_by(words), name=name, kind=kind, begun=now, seen=now, ends=now + long)


def _tell(staff: Staff, what: str, *inputs: str, detail: str = "") -> None:
    staff.writer.add(entries=[Deed(what, inputs, detail=detail)])


def _known(role: str) -> None:
    if role not in ROLES:
        raise UsageError(f"There is no role {role!r}. The roles are {', '.join(ROLES)}.")


def _fit(name: str, password: str) -> str:
    """The password, if it may be one. Raises UsageError."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"A password has {SHORTEST} to {LONGEST} characters; four or five random words do well.")
    plain = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password.casefold())
    if (
        {password.casefold(), plain} & _common()
        or len(set(password)) < 5
        or (len(name) > 3 and name in password.casefold())
    ):
        raise UsageError("That password is among the first to be guessed. Four or five random words do well.")
    return password


def _common() -> frozenset[str]:
    """What is guessed first, without the figures and signs that are put before and behind it."""
    text = files("purport.app").joinpath("passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())
