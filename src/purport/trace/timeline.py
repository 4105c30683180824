"""What happened when in a story: by publication, by saying, by what is spoken of; and who changed what.

Publication is the report's own date, or when it was captured if it has none. A claim's time is that of its saying, and
the time it speaks of comes from its content. What came first is the first to be published: who said it earlier
elsewhere can't be seen from here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from purport.core.origins import Entry, Thread
from purport.core.records import Claim, Report
from purport.core.times import Moment
from purport.trace.known import Known
from purport.trace.threads import said_in

PUBLISHED, CAPTURED, SAID, ABOUT = "published", "captured", "said", "about"
ORDER = (PUBLISHED, CAPTURED, SAID, ABOUT)

About: TypeAlias = Callable[[Report, Claim], Sequence[Moment]]  # the time that a content speaks of, none or one


def timeline(
    known: Known, threads: Iterable[Thread], taken: Mapping[str, datetime], about: About = lambda report, claim: ()
) -> tuple[Entry, ...]:
    """The entries of a story, the earliest first.

    Reports each have one, and so has each claim that is carried by several reports (with what its teller changed), that
    was said at a stated time, or that speaks of one.
    """
    entries: list[Entry] = []
    for report in known.reports.values():
        when, basis = _published(report, taken)
        entries.append(Entry(when, basis, report.id, words=known.report_node(report.id).name))
    threaded = dict(_told(threads, known))
    for claim in known.claims.values():
        when, basis = _published(known.reports[claim.report], taken)
        first, changes = threaded.get(claim.id, (False, ()))
        said = said_in(claim, known)
        if first or changes:
            entries.append(Entry(when, basis, claim.report, claim.id, said, first, changes))
        entries += [Entry(time, SAID, claim.report, claim.id, said, first, changes) for time in claim.time]
        times = about(known.reports[claim.report], claim)
        entries += [Entry(time, ABOUT, claim.report, claim.id, said) for time in times]
    return tuple(sorted(entries, key=_order))


def _order(entry: Entry) -> tuple[datetime, datetime, int, bool, str, str]:
    # a whole report before its claims
    return entry.time.start, entry.time.end, ORDER.index(entry.basis), bool(entry.claim), entry.report, entry.claim


def _published(report: Report, taken: Mapping[str, datetime]) -> tuple[Moment, str]:
    if report.published:
        return report.published[0], PUBLISHED
    at = taken[report.capture]
    return Moment(at, at + timedelta(seconds=1)), CAPTURED


def by_then(report: Report, taken: datetime, until: datetime) -> bool:
    """Was a report out at an instant, as far as is known: published, or at least captured?"""
    return report.published[0].start <= until if report.published else taken <= until


def _told(threads: Iterable[Thread], known: Known) -> Iterator[tuple[str, tuple[bool, tuple[str, ...]]]]:
    """For each claim of a thread: is it the first, and what does it change against the first?"""
    for thread in threads:
        order = sorted(
            thread.claims, key=lambda id: (known.rank(known.claims[id].report), known.place(known.claims[id]), id)
        )
        first = known.claims[order[0]]
        yield first.id, (True, ())
        seen = {first.report}
        for id in order[1:]:
            claim = known.claims[id]
            if claim.report not in seen:  # a report that says it twice is met once
                seen.add(claim.report)
                yield id, (False, tuple(changed(first, claim, known)))


def changed(before: Claim, after: Claim, known: Known) -> Iterator[str]:
    """In what a later teller differs from the first, in words a desk can check."""
    if before.stance != after.stance:
        lost = before.stance == "distanced" or after.stance == "endorsed"
        yield f"{'distance dropped' if lost else 'distance added'}: {before.stance} → {after.stance}"
    if before.certainty != after.certainty:
        yield f"certainty: {before.certainty} → {after.certainty}"
    if before.act != after.act:
        yield f"act: {before.act.replace('_', ' ')} → {after.act.replace('_', ' ')}"
    if before.polarity != after.polarity:
        yield f"polarity: {before.polarity} → {after.polarity}"
    who, says = known.actors[before.id], known.actors[after.id]
    if who.key and not says.key and not known.credited(after.report):
        yield f"source no longer named: {who.name} → {says.name or 'nobody'}"
    elif who.key and says.key and who.key != says.key and who.key not in (says.serves, *says.key.split(" + ")):
        yield f"source: {who.name} → {says.name}"
    yield from _numbers(said_in(before, known), said_in(after, known))


def _numbers(before: str, after: str) -> Iterator[str]:
    """Figures of which one teller has only some, and the other only others."""
    old, new = ({word.strip(".,") for word in said.split() if word[:1].isdigit()} for said in (before, after))
    if old - new and new - old:
        yield f"figures: {', '.join(sorted(old - new))} → {', '.join(sorted(new - old))}"
