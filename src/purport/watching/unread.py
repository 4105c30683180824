"""Reads what was taken: pages that have no report yet, and files of watched folders.

ledger -> page as it was kept -> report -> read -> book
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from purport import pipeline
from purport.collect import limits, take
from purport.collect.inflate import BodyError, inflate
from purport.core.errors import EvidenceError
from purport.core.ports import Fetcher
from purport.core.records import Report, gap
from purport.core.watching import Source, Unread, Visit
from purport.pipeline import Outcome, Steps
from purport.watching.compare import dated, fell, page_item
from purport.watching.folders import FILE, mark
from purport.watching.tasks import Task
from purport.watching.visits import visit
from purport.watching.watch import Lookout

SOME = 200  # pages asked for at a time


@dataclass(frozen=True, slots=True)
class Read:
    """A page or file that was read, with the visit that took it."""

    visit: Visit
    outcome: Outcome
    before: tuple[Report, ...] = ()  # the report of the version before, if it changed; none or one


def pages(at: Lookout, steps: Steps, most: int = 0, of: Sequence[str] = ()) -> Iterator[Read]:
    """Read the pages that were taken and not read yet, oldest first; at most so many (0: all), or those `of`."""
    after, left = 0, most
    while some := list(islice(at.diary.unread(after, of), min(SOME, left) if most else SOME)):
        after = some[-1].number
        by_capture = {one.capture.id: one for one in some}
        for batch in pipeline.gather(prepared(one, at, steps) for one in some):
            for outcome in pipeline.book(pipeline.read(batch, steps), steps):
                one = by_capture[outcome.captures[0].id]
                yield Read(one.visit, outcome, tuple(former(one, at)))
        left -= len(some)
        if most and left <= 0:
            return


def prepared(one: Unread, at: Lookout, steps: Steps) -> Outcome:
    """The report in a page, opened from the archive that keeps it."""
    now = steps.clock.now()
    try:
        body = inflate(at.opened(one.exchange), one.visit.encoding, limits.HTML)
    except (EvidenceError, BodyError) as error:
        missed = gap("watch", one.capture.place, getattr(error, "cause", "evidence"), str(error), now)
        return Outcome(captures=(one.capture,), gaps=(missed,))
    item, gaps = page_item(one.capture, body, one.visit.charset, one.capture.taken)
    outcome = pipeline.prepare(item, steps)
    listed = one.item[0].published if one.item else ""
    reports = tuple(dated(report, listed, one.capture.taken) for report in outcome.reports)
    for before in former(one, at):
        gaps += fell(reports, before, one.visit.url, one.capture.taken)
    return replace(outcome, reports=reports, gaps=(*gaps, *outcome.gaps))


def former(one: Unread, at: Lookout) -> Iterator[Report]:
    """The report of the version before a changed page, none or one."""
    if one.visit.outcome == "changed":
        versions = (capture for capture in at.diary.versions(one.capture.id) if capture.id != one.capture.id)
        for capture in islice(versions, 1):
            yield from islice(at.diary.reported(capture.id), 1)


def files(at: Lookout, steps: Steps, sources: Iterable[Source], fetcher: Fetcher, most: int = 0) -> Iterator[Read]:
    """Read the files of watched folders that are new or were changed; a visit says that it was done."""
    left = most
    for source in sources if any(one.kind == "folder" for one in sources) else ():
        for item, visits in at.diary.agenda(source.name):
            now = mark(Path(item.url)) if item.kind == FILE else ""
            if not now or any(one.etag == now for one in visits):
                continue
            yield from file(at, steps, Task(source, item.url, (item,), visits), now, fetcher)
            left -= 1
            if most and left <= 0:
                return


def file(at: Lookout, steps: Steps, task: Task, now: str, fetcher: Fetcher) -> Iterator[Read]:
    """One file, with all that is in it."""
    outcomes = list(pipeline.run(take([task.url], fetcher=fetcher, clock=steps.clock), steps))
    captures = [capture for outcome in outcomes for capture in outcome.captures]
    capture = captures[0] if captures else None
    about = {"capture": capture.id, "digest": capture.digest} if capture else {}
    outcome = "changed" if any(one.capture for one in task.last) else "new"
    made = visit(task, at.clock.now(), outcome, (), etag=now, **about)
    at.writer.add(visits=[made], what="watch")
    yield from (Read(made, outcome) for outcome in outcomes)
