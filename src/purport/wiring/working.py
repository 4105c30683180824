"""Work that is handed over, wired: the engine that the config names, and what its workers work with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from queue import Empty, LifoQueue
from threading import Lock
from typing import TYPE_CHECKING

from purport.core.errors import UsageError
from purport.wiring import (
    Config,
    SystemClock,
    desk_in,
    is_served,
    open_authority,
    open_house,
    open_studio,
    open_vault,
)

if TYPE_CHECKING:
    from purport.app import House
    from purport.app.attending import Desk
    from purport.app.working import Tools
    from purport.core.alerts import Rule
    from purport.core.custody import Stamp
    from purport.core.ports import Engine
    from purport.core.watching import Source
    from purport.pipeline import Studio

INLINE, JOBS = "inline:", "jobs:"


def open_engine(config: Config, tools: "Tools") -> "Engine":
    """Who has work done, by what is done with it. Raises UsageError."""
    from purport.app import working

    doing = partial(working.do, tools)
    if config.engine == INLINE:
        from purport.edges.inline import Inline

        return Inline(doing, SystemClock())
    if config.engine != JOBS:
        raise UsageError(f"An engine is {INLINE} or {JOBS}, not {config.engine!r}.")
    if not is_served(config):
        raise UsageError(
            f"The engine {JOBS} keeps its orders in the ledger's PostgreSQL. Give --ledger "
            "postgresql+psycopg://USER@HOST/DATABASE; purport migrate brings a ledger there."
        )
    from purport.edges.jobs import Jobs

    return Jobs(config.ledger, doing, SystemClock(), config.patience)


@contextmanager
def open_tools(
    config: Config,
    sources: Sequence["Source"] = (),
    rules: Sequence["Rule"] = (),
    authority: str = "",
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator["Tools"]:
    """What orders are done with, for so long. Nothing is opened before it is needed."""
    from purport.app.working import Tools

    with ExitStack() as stack:
        shared = _Shared(config, rules, authority, stack)
        named: Mapping[str, Source] = {source.name: source for source in sources}
        yield Tools(shared.house, shared.desk, shared.studio, shared.stamp, SystemClock(), named, stopped)


class _Shared:
    """What the threads of a worker share: one house, one studio; desks as many as are asked for at the same time."""

    def __init__(self, config: Config, rules: Sequence["Rule"], authority: str, stack: ExitStack) -> None:
        self._config, self._rules, self._authority, self._stack = config, rules, authority, stack
        self._lock, self._studying = Lock(), Lock()  # for what is opened once; for the studio
        self._houses: list[House] = []
        self._studios: list[Studio] = []
        self._desks: LifoQueue[Desk] = LifoQueue()

    def house(self) -> "House":
        with self._lock:
            if not self._houses:
                self._houses.append(open_house(self._config))
            return self._houses[0]

    @contextmanager
    def desk(self) -> Iterator["Desk"]:
        house = self.house()
        try:
            desk = self._desks.get_nowait()
        except Empty:
            with self._lock:
                desk = self._stack.enter_context(desk_in(house, self._config, self._rules))
        try:
            yield desk
        finally:
            self._desks.put(desk)

    @contextmanager
    def studio(self) -> Iterator["Studio"]:
        """One file at a time: a workshop has one worker, and decoding takes what there is."""
        with self._studying:
            if not self._studios:
                self._studios.append(open_studio(self._config))
                self._stack.callback(self._studios[0].workshop.close)
            yield self._studios[0]

    def stamp(self) -> "Stamp":
        from purport.app import proving
        from purport.collect.items import without_password

        if not self._authority:
            raise UsageError("Name an authority: purport work --authority URL, or PURPORT_AUTHORITY.")
        authority = open_authority(self._authority, self._config)
        return proving.stamp(open_vault(self._config), authority, without_password(self._authority))
