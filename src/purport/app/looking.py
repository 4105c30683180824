"""What has to be looked at again: what happened to something others rest on is noticed, and marks are booked.

    edits, pages gone, denials, footage found reused > events > what rests on them, issued briefs too > marks, once each

The machine books marks; a person clears one with a word why. Noticed again, the same thing books nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from purport.app import browsing, editing, tracing
from purport.app.editing import Revision
from purport.app.footage import page_of
from purport.app.house import House
from purport.app.stories import whole
from purport.app.tracing import Corpus, Given
from purport.brief import edit_lines
from purport.core import looks
from purport.core.briefs import CLAIM, ISSUED, MATCH, RELEASE, WITHDRAWN, Edition, Exhibit, short
from purport.core.errors import NotFoundError, UsageError
from purport.core.findings import Findings
from purport.core.looks import Cleared, Look, Standing
from purport.core.matches import SAME_FOOTAGE
from purport.core.origins import DELETED, DENIED, EDITED, REUSED, Dispute, Event, LookAgain
from purport.core.ports import Briefs, Clock, Looks, View
from purport.core.records import Claim, Report
from purport.core.spans import cover, overlaps
from purport.core.watching import Visit
from purport.trace.disputes import disputes
from purport.trace.graph import age
from purport.trace.ripple import HAPPENED

MOST = 200  # reports that are looked at around one that changed, while watching
AGAINST = ("accuse-deny", "claim-refute")  # disputes in which something is denied


@dataclass(frozen=True, slots=True)
class Lookers:
    """What notices what is to be looked at again, and where that is booked."""

    view: View
    looks: Looks
    briefs: Briefs
    clock: Clock
    page: Callable[[Report], str]


def lookers(house: House) -> tuple[Lookers, ...]:
    """Those of a house, none or one."""
    return tuple(
        Lookers(house.view, marks, kept, house.clock, lambda report: page_of(house, report))
        for marks in house.looks
        for kept in house.briefs
    )


def book(house: House) -> tuple[Look, ...]:
    """Go through all that the ledger holds, and book what is not booked yet; returns the new marks."""
    return tuple(new for tools in lookers(house) for new in _all(tools, whole(house)))


def _all(tools: Lookers, found: Corpus) -> tuple[Look, ...]:
    events = [event for one in editing.revisions(tools.view) for event in edited(one)]
    events += gone(tools.view)
    events += denied(disputes(found.known))
    return noticed(tools, found, events)


def tell(house: House, event: Event) -> tuple[Look, ...]:
    """Book what somebody says has happened to a report, claim, release or node. Raises NotFoundError."""
    found = whole(house)
    named = msgspec.structs.replace(event, node=tracing.node_of(found, event.node))
    return tuple(new for tools in lookers(house) for new in noticed(tools, found, [named]))


def around(
    tools: Lookers, reports: Sequence[Report], events: Iterable[Event], answers: bool = False
) -> tuple[Look, ...]:
    """The same while watching: of some reports and what is nearest to them, issued briefs always among it.

    Near is what shares words with them. `answers`: what denies a claim of another report is an event, too.
    """
    wanted = dict.fromkeys(report.id for report in reports)
    for edition in out(tools.briefs):
        wanted |= dict.fromkeys(one.report for line in edition.lines for one in line.exhibits if one.report)
    for report in reports:
        if len(wanted) < MOST:
            wanted |= dict.fromkeys(one.other.id for one in browsing.copies(tools.view, report))
    found = tracing.corpus(tools.view, tools.page, Given(), wanted=list(wanted)[:MOST])
    news = list(events)
    if answers:
        ids = {report.id for report in reports}
        news += denied(one for one in disputes(found.known) if ids & {side.report for side in one.answers})
    return noticed(tools, found, news)


def noticed(tools: Lookers, found: Corpus, events: Iterable[Event]) -> tuple[Look, ...]:
    """Book what rests on what happened. An event about something that nothing rests on books nothing."""
    at, using = tools.clock.now(), [(edition, _uses(edition, found)) for edition in out(tools.briefs)]
    briefs = {edition.brief: used for edition, used in using}
    made: list[Look] = []
    for event in events:
        try:
            marks, name = tracing.look_again(found, tools.view, event, briefs)
        except NotFoundError:
            marks, name = (), ""
        marked = {mark.id for mark in marks}
        marks += tuple(_direct(event, name, [edition for edition, _ in using if edition.brief not in marked]))
        made += [looks.look(event, mark, at) for mark in marks]
    return tools.looks.notice(made) if made else ()


def out(briefs: Briefs) -> Iterator[Edition]:
    """What readers have: of each brief the edition that was issued last, unless it was withdrawn since."""
    for now in briefs.standing():
        if now.status == WITHDRAWN:
            continue
        if now.status == ISSUED:
            yield now
            continue
        before = [one for one in briefs.editions(now.brief) if one.status in (ISSUED, WITHDRAWN)]
        yield from (one for one in before[-1:] if one.status == ISSUED)


def _uses(edition: Edition, found: Corpus) -> tuple[str, ...]:
    """The claims and releases that a brief rests on, as the graph names them now: a report may have been read again."""
    used: list[str] = []
    for one in (exhibit for line in edition.lines for exhibit in line.exhibits):
        if one.kind in (RELEASE, MATCH):
            used += filter(None, (one.id, one.other))
        elif one.kind == CLAIM and one.id in found.known.claims:
            used.append(one.id)
        else:  # of an earlier reading, or words of a report: the claims that stand there now
            used += (
                claim.id for claim in found.known.claims.values() if claim.report == one.report and _covers(one, claim)
            )
    return tuple(dict.fromkeys(used))


def _covers(one: Exhibit, claim: Claim) -> bool:
    return overlaps(cover(one.pieces), cover((*claim.cue, *claim.content)))


def _direct(event: Event, name: str, editions: Iterable[Edition]) -> Iterator[LookAgain]:
    """Briefs that quote the very page that is gone, or words that its edit took away."""
    for edition in editions:
        for line in edition.lines:
            if any(event.node in (one.report, one.id, one.other) for one in line.exhibits):
                called = name or event.node
                reason = f"{called} {HAPPENED.get(event.what, event.what)}: {event.detail}. A line rests on it."
                if event.what != EDITED or event.node.startswith("claim-"):
                    yield LookAgain(edition.brief, "brief", False, (edition.title, called), reason)
                    break


def edited(one: Revision) -> Iterator[Event]:
    """What an edit of a page happened to: the page, for who copied it, and each claim that was changed."""
    if not one.edits:
        return
    said = "; ".join(edit_lines.said(edit) for edit in one.edits[:2]) + (" …" if len(one.edits) > 2 else "")
    yield Event(one.before.report.id, EDITED, said)
    changed: dict[str, str] = {}
    for edit in one.edits:
        if edit.before.claim:
            changed.setdefault(edit.before.claim, edit_lines.said(edit))
    yield from (Event(claim, EDITED, said) for claim, said in changed.items())


def gone(view: View) -> Iterator[Event]:
    """The reports of pages that were found gone."""
    for visit in view.gone():
        yield from deleted(visit, [report for report, _ in view.page(visit.url)])


def deleted(visit: Visit, reports: Iterable[Report]) -> Iterator[Event]:
    for report in reports:
        yield Event(report.id, DELETED, f"{visit.url}, {visit.detail or visit.cause}".rstrip("."))


def denied(found: Iterable[Dispute]) -> Iterator[Event]:
    """Claims that somebody denies in another report. Who denies in the same one was heard by its reporter."""
    for one in found:
        for answer in one.answers:
            if one.kind in AGAINST and answer.report != one.first.report:
                said = " ".join(answer.words.split())
                yield Event(one.first.claim, DENIED, f"“{said}”, by {answer.who}")


def reused(house: House, findings: Findings) -> tuple[Look, ...]:
    """Book that a release of the ledger was found in an older one, or an older one in it."""
    events, found = [], tuple(lookers(house))
    for one in findings.sightings if found else ():
        if one.match.kind != SAME_FOOTAGE or one.same_bytes or not findings.query.startswith("release-"):
            continue
        asked = house.view.release(findings.query)
        pair = [(asked, house.view.capture(asked.capture)), (one.release, one.capture)]
        (newer, _), (older, capture) = sorted(pair, key=lambda each: age(*each), reverse=True)
        place = capture.place.rpartition("/")[2]
        events.append(Event(newer.id, REUSED, f"what it shows stands in {place}, {older.id}"))
    if not events:
        return ()
    corpus = whole(house)
    return tuple(new for tools in found for new in noticed(tools, corpus, events))


def marks(house: House, subjects: Sequence[str] = (), only_open: bool = False, limit: int = 0) -> tuple[Standing, ...]:
    """Marks of some subjects, or all, the latest first."""
    return tuple(one for kept in house.looks for one in kept.marks(subjects, only_open, limit))


def open_marks(house: House) -> int:
    return sum(kept.open_marks() for kept in house.looks)


def clear(house: House, mark: str, why: str, who: str) -> Standing:
    """Say that somebody looked and why the mark may go; it stays in the ledger. Raises NotFoundError, UsageError."""
    said = short(why, "Why the mark may go")
    for kept in house.looks:
        one = kept.mark(mark)
        made: Cleared = looks.cleared(one.look, said, who, house.clock.now())
        kept.clear(made)
        return Standing(one.look, (made,))
    raise UsageError("Marks are kept in a ledger; this house has none.")


def names(house: House, found: Iterable[Standing]) -> Mapping[str, str]:
    """What the subjects of marks are called: the titles of briefs and reports, the words of claims."""
    kept = {one.look.subject: one.look for one in found}
    called = {id: look.path[0] if look.path else id for id, look in kept.items()}
    titles = {one.brief: one.title for briefs in house.briefs for one in briefs.standing()}
    return {id: titles.get(id, name) for id, name in called.items()}


def used(house: House) -> Mapping[str, Sequence[str]]:
    """Which claims, releases and reports each brief rests on, as its readers have it."""
    return {
        one.brief: [id for line in one.lines for each in line.exhibits for id in (each.id, each.other) if id]
        for one in issued(house)
    }


def issued(house: House) -> tuple[Edition, ...]:
    """Briefs as their readers have them."""
    return tuple(one for kept in house.briefs for one in out(kept))
