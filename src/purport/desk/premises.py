"""What every page of the desk is made from."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeAlias

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from purport.app import House
from purport.app.admitting import Staff
from purport.app.browsing import Pulse
from purport.app.proving import Vault
from purport.brief import outages
from purport.core.records import Gap
from purport.core.watching import Standing
from purport.desk.limits import Limits
from purport.desk.memo import Memo
from purport.desk.memory import Memory
from purport.pipeline import Scribe, Studio


@dataclass(frozen=True, slots=True)
class Watched:
    """How the sources stand, and the times in which something could not be had, those that began last first."""

    standings: tuple[Standing, ...]
    missed: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Premises:
    """The house whose ledger is shown, the vault that its custody log is read from, and the key of this run's forms."""

    house: House
    vault: Vault
    who: str = ""  # whoever opened the desk, as the custody log names people
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    pulse: Memo[Pulse] = field(default_factory=Memo)  # of the latest reports
    watched: Memo[Watched] = field(default_factory=Memo)
    told: Memory = field(default_factory=Memory)  # stories
    counted: Memory = field(default_factory=lambda: Memory(2000))  # stories in short
    studio: tuple[Studio, ...] = ()  # what footage is sought with, none or one
    scribe: tuple[Scribe, ...] = ()  # by whose version the words of footage are found, none or one
    metrics: tuple[Callable[[], bytes], ...] = ()  # what Prometheus reads, none or one
    staff: tuple[Staff, ...] = ()  # what people are let in with, none or one: without it nobody signs in
    secure: bool = False  # is it reached by https, so that cookies may go by nothing else?
    rest: int = 25  # stills, clips and sounds opened in a day, after which pages ask for a break; 0: never
    limits: Limits = field(default_factory=Limits)
    at_work: Lock = field(default_factory=Lock, repr=False)  # the studio's worker does one thing at a time

    def sources(self) -> Watched:
        """How what is watched stands."""

        def found() -> Watched:
            missed = sorted(outages.as_gaps(view.outages()), key=lambda gap: gap.seen, reverse=True)
            return Watched(tuple(view.standings()), tuple(missed))

        view = self.house.view
        return self.watched.get(view.last_visit(), found)

    def state(self) -> tuple[int, ...]:
        """What changes whenever something is added to the ledger, or people join or part something."""
        joined = (one.judgements.last() for one in self.house.grouping)
        return (*self.house.view.sizes().values(), *joined)


Here: TypeAlias = NamedDependency[SkipValidation[Premises]]  # as a handler asks for it
