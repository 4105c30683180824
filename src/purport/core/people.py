"""Who works at the desk, what each may do there, and what is kept to tell who somebody is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

import msgspec

# what a person may do; each role may all that those before it may
READER = "reader"  # looks
REVIEWER = "reviewer"  # judges claims, merges and stories, writes briefs
LEAD = "lead"  # assigns, issues briefs, says what may leave the house
ADMIN = "admin"  # lets people in
ROLES = (READER, REVIEWER, LEAD, ADMIN)


class Person(msgspec.Struct, frozen=True):
    """Somebody at the desk, by the name that judgements and the custody log carry."""

    name: str
    role: str = READER

    def may(self, role: str) -> bool:
        """May this person do what asks for that role?"""
        return ROLES.index(self.role) >= ROLES.index(role)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign in. The password is kept as what argon2 makes of it, beside the ledger, never in it."""

    name: str
    role: str
    secret: str  # what argon2 makes of the password
    active: bool = True
    since: datetime  # aware, UTC


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in, or a token for a program. Kept by a digest: who reads the file can't use it."""

    id: str  # the SHA-256 of the random words that the browser or the program holds
    name: str  # of the account
    kind: str = "session"  # or token
    begun: datetime
    seen: datetime
    ends: datetime


_acting: ContextVar[str] = ContextVar("acting", default="")


@contextmanager
def acting(name: str) -> Iterator[None]:
    """What is booked inside is booked as done by somebody; the custody log names them."""
    before = _acting.set(name)
    try:
        yield
    finally:
        _acting.reset(before)


def actor(otherwise: str) -> str:
    """Who acts: the person signed in at the desk, otherwise whoever runs the program."""
    return _acting.get() or otherwise
