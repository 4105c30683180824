"""The watch, on one page.

    due -> ask -> preserve -> judge -> book -> follow         (and, when there is time: unread.py)

A batch of answers is preserved (WARC), flushed to the disk, then booked in one transaction; only then is followed what
it listed. So nothing is booked that isn't kept, and after a kill at any moment the ledger's last visits say what is
still to be done.
"""

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from purport.collect.lanes import Lanes
from purport.core.pace import ASKED, after_failure, retry_after
from purport.core.ports import Clock, Diary, Web, Writer
from purport.core.records import Gap, gap
from purport.core.watching import NEVER, Answer, Exchange, Request, Source, Visit
from purport.preserve import Archive
from purport.watching.folders import FILE, look_into
from purport.watching.judge import judge
from purport.watching.rules import Leave, kept_leave, leave
from purport.watching.tasks import Found, Task
from purport.watching.visits import failure

OUT = 48  # requests on their way at once: enough for the hands, few enough to hold their answers
WAKE = 0.5  # seconds after which the loop looks up, whatever happens
SILENT = frozenset({"unreachable", "timeout", "name", "tls"})
BUSY = frozenset({429, 503})
NOBODYS = "nobody.invalid"  # a host on which nothing is ever due (RFC 2606)
PATIENCE = 30.0  # seconds that a single round waits for another try at what failed


@dataclass(frozen=True, slots=True)
class Lookout:
    """What a watch works with."""

    clock: Clock
    web: Web
    archive: Archive
    writer: Writer
    diary: Diary
    opened: Callable[[Exchange], bytes]  # a payload as it was sent


@dataclass(frozen=True, slots=True)
class Round:
    """What was booked together; nothing in it: there was time to spare."""

    found: Found = field(default_factory=Found)
    due: int = 0  # tasks that wait or are on their way
    done: int = 0  # visits so far


class Watch:
    """One watch over some sources. `forever`: it goes on until it is stopped; else what is due is done once.

    `host`, none or one: only what is due on this host is looked at, and `elsewhere` tells what is due on others.
    """

    def __init__(
        self, lookout: Lookout, sources: Sequence[Source], forever: bool = False, host: tuple[str, ...] = ()
    ) -> None:
        self._at, self._sources, self._forever, self._host = lookout, sources, forever, host
        self.elsewhere: dict[str, set[str]] = {}  # names of sources by hosts
        self._lanes: Lanes[Task] = Lanes(lambda task: task.host)
        self._out: dict[Request, Task] = {}
        self._coming: list[tuple[float, int, Task]] = []  # a heap: when each is due, and in which order it came
        self._leaves: dict[str, Leave] = {}  # by origin
        self._parked: dict[str, list[Task]] = {}  # by origin: they wait for its robots.txt
        self._silent: dict[str, int] = {}  # by host: how often in a row it did not answer
        self._order = self._done = 0

    def run(self, stopped: Callable[[], bool] = lambda: False) -> Iterator[Round]:
        """Look at what is due until there is no more, or for ever. Raises EvidenceError, LedgerError."""
        self.remember()
        while not stopped():
            now = self._now()
            found = [*self._due(now), *self._ask(now)]
            if not found and not self._forever and not self._left and not self._coming:
                return
            wait = 0.0 if found else self._wait(now)
            found += [self._answered(answer) for answer in self._at.web.answers(wait)]
            if found:
                yield self._book(found)
            elif not self._out or wait >= WAKE:
                yield Round(due=self._left, done=self._done)

    @property
    def asking(self) -> bool:
        """Is an answer on its way, which an end now would have asked for again?"""
        return bool(self._out)

    @property
    def _left(self) -> int:
        """Tasks whose time has come."""
        return self._lanes.waiting + len(self._out) + sum(map(len, self._parked.values()))

    def _now(self) -> float:
        return self._at.clock.now().timestamp()

    # due: what is to be looked at, from the ledger and from what was just found

    def remember(self) -> None:
        """Go on where the last visits left off. A single round looks at every source that is not failing."""
        now = self._now()
        lasts = {standing.last.source: standing.last for standing in self._at.diary.standings()}
        for source in self._sources:
            last = (lasts[source.name],) if source.name in lasts else ()
            waits = any(self._forever or self._host or one.tries for one in last)
            task = Task(source, source.place, last=last)
            self._mind(task, last)
            self._later(task, _next(last, now) if waits else now)
            for item, visits in self._at.diary.agenda(source.name):
                if item.kind != FILE:
                    task = Task(source, item.url, (item,), visits)
                    self._mind(task, visits)
                    self._later(task, _next(visits, now))

    def _mind(self, task: Task, visits: Sequence[Visit]) -> None:
        """A host that asked for time before this watch began is still given it."""
        for visit in visits:
            if visit.tries and visit.cause == "http-status" and visit.next > self._at.clock.now():
                kept = next(self._at.diary.exchanges(id=visit.exchange), None)
                if kept and kept.status in BUSY:
                    self._lanes.rest(task, visit.next.timestamp())

    def _later(self, task: Task, at: float) -> None:
        """Remember a task until its time; a single round waits for another try, but for no other time."""
        if self._host and task.host not in self._host:
            if at <= self._now():
                self.elsewhere.setdefault(task.host, set()).add(task.source.name)
            return
        patience = PATIENCE if task.last and task.last[0].tries and not self._host else 0.0
        if self._forever or at <= self._now() + patience:
            self._order += 1
            heapq.heappush(self._coming, (at, self._order, task))

    def _due(self, now: float) -> Iterator[Found]:
        while self._coming and self._coming[0][0] <= now:
            task = heapq.heappop(self._coming)[2]
            if task.source.kind == "folder":
                yield look_into(task, self._at.clock.now())
            elif not task.host:
                yield Found([task], visits=[failure(task, self._at.clock.now(), *no_address(task))])
            elif (free := self._lanes.free(task)) > now + PATIENCE:
                self._later(task, free)
            else:
                self._lanes.put(task)

    def _wait(self, now: float) -> float:
        coming = self._coming[0][0] - now if self._coming else math.inf
        ready = self._lanes.wait(now) if len(self._out) < OUT else math.inf
        return max(0.0, min(WAKE, coming, ready))

    # ask: one at a time of a host, and its robots.txt first

    def _ask(self, now: float) -> Iterator[Found]:
        while len(self._out) < OUT and (taken := self._lanes.take(now)):
            (task,) = taken
            given = self._leave_for(task, now)
            if not given and task.origin in self._parked:
                self._parked[task.origin].append(task)
                self._lanes.done(task, now, 0.0)
                continue
            if not given:
                self._parked[task.origin] = [task]
                task = task.for_robots()
            elif denied := given[0].denies(task.at):
                self._lanes.done(task, now, 0.0)  # nobody was asked anything
                yield Found([task], visits=[failure(task, self._at.clock.now(), *denied)])
                continue
            request = task.request()
            self._out[request] = task
            self._at.web.send(request)

    def _leave_for(self, task: Task, now: float) -> tuple[Leave, ...]:
        """What its host's robots.txt says, if that is known and not too old. A robots.txt itself is free to all."""
        if task.robots:
            return (Leave(),)
        held = self._leaves.get(task.origin)
        if held is None:
            kept = next(self._at.diary.exchanges(url=f"{task.origin}/robots.txt"), None)
            held = kept_leave(kept, self._at.opened) if kept else Leave()
            self._leaves[task.origin] = held
        return (held,) if held.until > now else ()

    # preserve, judge

    def _answered(self, answer: Answer) -> Found:
        task = self._out.pop(answer.request)
        try:
            kept = tuple(self._preserved(task, answer))
            found = (
                self._obeyed(task, answer, kept) if task.robots else judge(task, answer, kept, self._at.diary.reported)
            )
        finally:
            answer.close()
        now = self._now()
        for one in self._rest(task, answer, now):
            self._later(one, self._lanes.free(one))
        self._lanes.done(task, now, max(task.source.delay, self._leaves.get(task.origin, Leave()).rules.delay))
        return found

    def _rest(self, task: Task, answer: Answer, now: float) -> list[Task]:
        """A host that asks for time, or does not answer, gets some; what waited for it waits longer."""
        if answer.status in BUSY:
            asked = retry_after(answer.headers.get("retry-after", ""), answer.wire.asked)
            return self._lanes.rest(task, now + min(asked, ASKED)) if asked else []
        if answer.status or answer.cause not in SILENT or task.robots:  # without a robots.txt nothing is asked anyway
            self._silent.pop(task.host, None)
            return []
        self._silent[task.host] = tries = self._silent.get(task.host, 0) + 1
        return self._lanes.rest(task, after_failure(answer.wire.asked, tries, task.host).timestamp())

    def _obeyed(self, task: Task, answer: Answer, kept: tuple[Exchange, ...]) -> Found:
        """A robots.txt has come, or not: the tasks that waited for it go on."""
        found = Found(exchanges=list(kept))
        if onward := task.moved(answer):
            found.onward = [onward[0]]
            return found
        self._leaves[task.begun] = leave(answer, self._leaves.get(task.begun, Leave()))
        for one in reversed(self._parked.pop(task.begun, [])):
            self._lanes.put(one, first=True)
        return found

    def _preserved(self, task: Task, answer: Answer) -> Iterator[Exchange]:
        if answer.wire.request:  # else nobody was asked: no such name, a private address
            yield self._at.archive.put(answer.wire, self._known, self._before(task, answer))

    def _known(self, digest: str, url: str) -> Exchange | None:
        return next(self._at.diary.exchanges(digest=digest), None)

    def _before(self, task: Task, answer: Answer) -> Exchange | None:
        """The exchange that holds what was asked about, if the answer is that it has not changed."""
        if answer.status != 304 or not task.last or not task.last[0].exchange:
            return None
        last = next(self._at.diary.exchanges(id=task.last[0].exchange), None)
        return next(self._at.diary.exchanges(id=last.same_as), None) if last and last.same_as else last

    # book, follow

    def _book(self, founds: Iterable[Found]) -> Round:
        """All of it is on the disk, then in the ledger; then what was listed is due."""
        batch = Found()
        founds = list(founds)
        for found in founds:
            fresh = self._at.diary.unlisted([item.id for item in found.listed]) if found.listed else set[str]()
            found.listed = [item for item in found.listed if item.id in fresh]
            found.visits = [msgspec.structs.replace(one, fresh=len(found.listed)) for one in found.visits]
            found.gaps += turned_over(found)
            batch.extend(found)
        self._at.archive.flush()
        self._at.writer.add(
            captures=batch.captures,
            gaps=batch.gaps,
            listed=batch.listed,
            exchanges=batch.exchanges,
            visits=batch.visits,
            what="watch",
        )
        for found in founds:
            self._follow(found)
        self._done += len(batch.visits)
        return Round(batch, self._left, self._done)

    def _follow(self, found: Found) -> None:
        now = self._now()
        for onward in found.onward:
            self._lanes.put(onward, first=True)
        for task in found.tasks:
            for visit in found.visits:
                if visit.next != NEVER:
                    self._later(task.again(visit), visit.next.timestamp())
            for item in found.listed:
                if item.kind != FILE:
                    self._later(Task(task.source, item.url, (item,)), now)


def due(lookout: Lookout, sources: Sequence[Source]) -> dict[str, set[str]]:
    """What is due now: names of sources by hosts; files, and what has no address, on the host ""."""
    watch = Watch(lookout, sources, host=(NOBODYS,))
    watch.remember()
    return watch.elsewhere


def _next(visits: Sequence[Visit], now: float) -> float:
    return visits[0].next.timestamp() if visits else now


def turned_over(found: Found) -> Iterator[Gap]:
    """A gap if nothing that a feed lists was listed when it was looked at last: some of it may have come and gone."""
    for task, visit in zip(found.tasks, found.visits, strict=False):
        if task.source.kind == "feed" and not task.item and 0 < visit.found == visit.fresh:
            for last in (one for one in task.last if one.looks):
                detail = (
                    f"All {visit.found} items are new since the last look at {last.at:%Y-%m-%d %H:%M} UTC, so others "
                    "may have come and gone. Look at it more often: every = … in sources.toml."
                )
                yield gap("watch", visit.url, "turned-over", detail, visit.at)


def no_address(task: Task) -> tuple[str, str]:
    """Why something that was listed can't be fetched, as a cause and a sentence."""
    if task.url:
        return (
            "not-an-address",
            f"“{task.url[:200]}” is no http(s) address: what is on this machine is never fetched.",
        )
    return "no-address", "It was listed without an address of its own; there is no page to take."
