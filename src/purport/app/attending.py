"""A watch as people ask for it: look, read what was taken, compare it with what stood there before, tell of it.

sources -> rounds of the watch -> pages read -> edits -> alerts
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from purport.app import alerting, editing, looking
from purport.app.alerting import Post
from purport.app.editing import Revision
from purport.app.looking import Lookers
from purport.core import journal
from purport.core.absence import Absence
from purport.core.alerts import Alert, Event, Rule
from purport.core.looks import Look
from purport.core.ports import Fetcher, View
from purport.core.records import Gap
from purport.core.watching import Source
from purport.pipeline import Steps
from purport.watching import Lookout, Round, Watch, unread
from purport.watching.unread import Read

SLICE = 8  # pages read between two looks at what came in, so that no source waits for a reading


@dataclass(frozen=True, slots=True)
class Desk:
    """Who attends: what watches, what reads, what tells."""

    lookout: Lookout
    steps: Steps
    view: View
    fetcher: Fetcher  # for what a folder's files name; it is never asked
    post: Post
    rules: Sequence[Rule] = ()
    lookers: tuple[Lookers, ...] = ()  # who notices what is to be looked at again, none or one


@dataclass(frozen=True, slots=True)
class Reading:
    """A page that was read, and what was edited in it since it was read before."""

    read: Read
    revisions: tuple[Revision, ...] = ()  # none or one


News: TypeAlias = Round | Reading | Look | Alert | Gap


def attend(
    desk: Desk, sources: Sequence[Source], stopped: Callable[[], bool], *, forever: bool = False, reading: bool = True
) -> Iterator[News]:
    """Watch sources, once or for ever, and read what is taken when there is time. Raises EvidenceError, LedgerError."""
    folders = {source.name for source in sources if source.kind == "folder"}
    owed = True  # is there anything to read, as far as one knows without looking?
    for round in Watch(desk.lookout, sources, forever).run(stopped):
        yield from looked(desk, round)
        owed = owed or bool(round.found.captures) or any(visit.source in folders for visit in round.found.visits)
        if reading and forever and owed and not round.found.visits:  # nobody waits for us just now
            done = 0
            for news in read(desk, sources, stopped, SLICE):
                done += isinstance(news, Reading)
                yield news
            owed = done >= SLICE
    if reading:
        yield from read(desk, sources, stopped)


def looked(desk: Desk, round: Round) -> Iterator[News]:
    """What there is to tell of a round."""
    for visit in round.found.visits:
        journal.tell("visit", visit=visit.id, source=visit.source, item=visit.item, outcome=visit.outcome,
                     cause=visit.cause, capture=visit.capture)  # fmt: skip
    yield round
    yield from tell(desk, of_round(desk, round))
    yield from again(desk, of_gone(desk, round))


def read(desk: Desk, sources: Sequence[Source], stopped: Callable[[], bool], most: int = 0) -> Iterator[News]:
    """Read what was taken and not read yet; at most so many pages, and so many files (0: all)."""
    for found in (
        unread.files(desk.lookout, desk.steps, sources, desk.fetcher, most),
        unread.pages(desk.lookout, desk.steps, most),
    ):
        for one in found:
            yield from digested(desk, one)
            if stopped():
                return


def digested(desk: Desk, one: Read) -> Iterator[News]:
    """What there is to tell of something that was read."""
    done = Reading(one, tuple(revised(desk, one)))
    yield done
    yield from tell(desk, of_reading(done))
    yield from again(desk, of_read(desk, done))


def revised(desk: Desk, one: Read) -> Iterator[Revision]:
    """What was edited in a page that changed."""
    for before, after in zip(one.before, one.outcome.reports, strict=False):
        if before.text_digest != after.text_digest:
            captures = (desk.view.capture(before.capture), desk.view.capture(after.capture))
            versions = editing.version(desk.view, before), editing.version(desk.view, after)
            yield editing.revised(one.visit.url, *versions, captures)


def tell(desk: Desk, events: Iterable[Event]) -> Iterator[Alert | Gap]:
    """Alerts of what was just booked, by the rules; and what could not be told."""
    return alerting.tell(desk.post, desk.rules, events) if desk.rules else iter(())


def again(desk: Desk, found: Iterable[Look]) -> Iterator[News]:
    """Marks that were just booked, and the alerts of them."""
    for one in found:
        yield one
        yield from tell(desk, [alerting.of_look(one)])


def of_gone(desk: Desk, round: Round) -> Iterator[Look]:
    """What is to be looked at again since pages are gone."""
    for visit in round.found.visits if desk.lookers else ():
        if visit.outcome == "gone":
            reports = [report for report, _ in desk.view.page(visit.url)]
            for tools in desk.lookers if reports else ():
                yield from looking.around(tools, reports, looking.deleted(visit, reports))


def of_read(desk: Desk, done: Reading) -> Iterator[Look]:
    """What is to be looked at again since a page was edited, or since a new one denies what others say."""
    for tools in desk.lookers:
        for one in done.revisions:
            if one.edits:
                yield from looking.around(tools, [one.before.report, one.after.report], looking.edited(one), True)
        for report, found in done.read.outcome.pairs() if not done.revisions else ():
            if any(claim.act == "deny" for claim in found.claims):
                yield from looking.around(tools, [report], (), True)


def of_round(desk: Desk, round: Round) -> Iterator[Event]:
    """What a round has to tell: pages that are gone, and gaps."""
    for visit in round.found.visits:
        if visit.outcome == "gone":
            reports = tuple(islice(desk.view.reported(visit.capture), 1)) if visit.capture else ()
            absence = Absence(visit.cause, visit.detail)
            yield alerting.of_absence(absence, visit.url, visit.at, visit.id, visit.source, reports)
    yield from map(alerting.of_gap, round.found.gaps)


def of_reading(done: Reading) -> Iterator[Event]:
    """What a reading has to tell: the edits of a page that changed, or the claims of a new one; and gaps."""
    source, at = done.read.visit.source, done.read.visit.at
    for one in done.revisions:
        yield from alerting.of_edits(one.before, one.after, one.edits, at, source)
    if not done.revisions:
        for report, found in done.read.outcome.pairs():
            yield from alerting.of_claims(report, found, at, source)
    for gap in done.read.outcome.gaps:
        yield alerting.of_gap(gap, source)
