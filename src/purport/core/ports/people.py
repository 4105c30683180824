"""What is asked of the place where accounts, sign-ins and private counts are kept."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from purport.core.people import Account, Person, Session


class Roster(Protocol):
    """Accounts by their names."""

    def accounts(self) -> Iterator[Account]:
        """All of them, by name."""
        ...

    def account(self, name: str) -> Iterator[Account]:
        """The one of that name, none or one."""
        ...

    def keep(self, account: Account) -> None:
        """Keep an account in place of the one of its name."""
        ...

    def closed(self) -> bool:
        """Is there any account, so that one must sign in?"""
        ...


class Sessions(Protocol):
    """Sign-ins and tokens by their digests."""

    def begin(self, session: Session) -> None: ...

    def whose(self, id: str) -> Iterator[tuple[Session, Person]]:
        """The session with the person as the account is now, none or one; none of an account that is switched off."""
        ...

    def touch(self, id: str, at: datetime) -> None:
        """It was used just now."""
        ...

    def end(self, id: str = "", name: str = "") -> int:
        """End one session, or all of a person, tokens included; returns how many there were."""
        ...

    def clear(self, before: datetime, idle: datetime) -> None:
        """Forget what ended before, and sign-ins that were not used since `idle`."""
        ...


class Tallies(Protocol):
    """What a person opened: a private count by the day, and a list for the custody log that was not booked yet."""

    def count(self, name: str, day: str, kind: str) -> None:
        """Add one to what somebody opened of a kind on a day (as in 2031-05-04)."""
        ...

    def counts(self, name: str, day: str) -> Mapping[str, int]:
        """What somebody opened on a day, by its kind."""
        ...

    def see(self, name: str, day: str, entry: str) -> bool:
        """Somebody looked at an entry; the second time on a day adds nothing, and is told by False."""
        ...

    def unbooked(self, name: str = "") -> Mapping[str, tuple[str, ...]]:
        """What was looked at and is not in the custody log yet, by who did; of one person or of all."""
        ...

    def booked(self, name: str, entries: Iterable[str]) -> None:
        """These are in the log now."""
        ...

    def forget(self, before: str) -> None:
        """Forget counts and views of earlier days that are booked."""
        ...


class Hasher(Protocol):
    """Makes of a password what may be kept."""

    def made(self, password: str) -> str: ...

    def fits(self, secret: str, password: str) -> bool:
        """Is it this password? Of an empty secret no, after as long as it takes otherwise."""
        ...
