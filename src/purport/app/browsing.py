"""A screenful as people ask for it: what came in, what was found, what is beside a report. Bounded, whatever is kept.

Nothing here looks at the whole ledger: what compares reports compares those on the screen, or those that the index
of words leads to, and says so.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from purport.app import editing, tracing
from purport.app.editing import Revision
from purport.app.house import House
from purport.app.reviewing import kept
from purport.core.copies import COPY, QUOTATION, REWRITTEN, Copy
from purport.core.errors import NotFoundError, UsageError
from purport.core.origins import EDITED, Dispute, Event, LookAgain
from purport.core.ports import View
from purport.core.records import Capture, Claim, Query, Report
from purport.read.quotes import inside
from purport.trace.copies import Copies
from purport.trace.disputes import disputes

# what a source may be (`read/sources.py`, `read/narrated.py`): what a search is narrowed by
KINDS = (
    "armed_group", "collective", "document", "government", "narrator", "office", "organisation", "outlet", "person",
    "screen", "unknown", "unnamed", "video",
)  # fmt: skip

SOUGHT = 6  # phrases of a report by which copies of it are looked for
PHRASE = 9  # words in such a phrase: as many as a passage has at least, and one more
AT_MOST = 24  # reports that are compared with one for copies


@dataclass(frozen=True, slots=True)
class Arrival:
    """A report that came in, with the claims of its latest reading and what was edited since the capture before."""

    number: int
    report: Report
    capture: Capture
    claims: tuple[Claim, ...]
    edited: tuple[Revision, ...] = ()  # none or one


def arrivals(view: View, limit: int, before: int = 0) -> list[Arrival]:
    """The latest reports, newest first; those that came before a number."""
    came = view.latest_reports(limit, before)
    claims = view.claims_of(report.id for _, report, _ in came)
    several = view.several({report.url for _, report, _ in came if report.url})
    return [
        Arrival(
            number,
            report,
            capture,
            claims.get(report.id, ()),
            tuple(edited(view, report)) if report.url in several else (),
        )
        for number, report, capture in came
    ]


def edited(view: View, report: Report) -> Iterator[Revision]:
    """What became of the text that stood at a report's address before it: none or one."""
    before: list[tuple[Report, Capture]] = []
    for one, capture in view.page(report.url):
        if one.id == report.id:
            last = [pair for pair in before if pair[0].text_digest != report.text_digest][-1:]
            for old, taken in last:
                versions = editing.version(view, old), editing.version(view, report)
                yield editing.revised(report.url, *versions, (taken, capture))
            return
        before.append((one, capture))


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the latest reports say against each other, and what to look at again since something it rests on changed."""

    reports: int  # that were looked at
    disputes: tuple[Dispute, ...]
    again: tuple[tuple[Revision, tuple[LookAgain, ...]], ...]


def pulse(view: View, came: Sequence[Arrival], page: Callable[[Report], str]) -> Pulse:
    """Disputes among some reports, and what among them rests on those that were edited."""
    if not came:
        return Pulse(0, (), ())
    revised = [revision for arrival in came for revision in arrival.edited if revision.edits]
    wanted = dict.fromkeys([*(one.report.id for one in came), *(one.before.report.id for one in revised)])
    found = tracing.corpus(view, page, wanted=list(wanted))
    marks = []
    for one in revised:
        event = Event(one.before.report.id, EDITED)
        try:
            rests, _ = tracing.look_again(found, view, event, {})
        except NotFoundError:  # nothing rests on it
            continue
        if rests:
            marks.append((one, rests))
    return Pulse(len(came), disputes(found.known), tuple(marks))


@dataclass(frozen=True, slots=True)
class Shared:
    """What a report shares with another, passage by passage."""

    copy: Copy
    other: Report

    @property
    def is_first(self) -> bool:
        """Is the report that was asked about the copy's `a`?"""
        return self.copy.a != self.other.id


def shared(house: House, report: Report) -> list[Shared]:
    """Reports that share passages with one, the largest share first: looked up, if it was compared with all others;
    else sought among those that hold one of its phrases."""
    for book in house.copybook:
        if book.holds(report.id):
            found = [one for one in book.copies([report.id]) if one.kind in (COPY, REWRITTEN, QUOTATION)]
            found = sorted(found, key=lambda one: -max(one.share_a, one.share_b))[: 2 * AT_MOST]
            others = {one.id: one for one in house.view.some([_other(copy, report) for copy in found])}
            pairs = [Shared(copy, others[_other(copy, report)]) for copy in found if _other(copy, report) in others]
            return [one for one in pairs if not _same_page(one.other, report)][:AT_MOST]
    return copies(house.view, report)


def _other(copy: Copy, report: Report) -> str:
    return copy.b if copy.a == report.id else copy.a


def _same_page(one: Report, other: Report) -> bool:
    """Another version of the same page is an edit, not a copy."""
    return bool(one.url) and one.url == other.url


def copies(view: View, report: Report) -> list[Shared]:
    """Reports that share passages with one, of those that hold one of its phrases; the largest share first."""
    held = {report.id: report}
    for phrase in phrases(report.text):
        for other in islice(view.reports(Query(words=f'"{phrase}"', limit=AT_MOST)), AT_MOST):
            held.setdefault(other.id, other)
        if len(held) > AT_MOST:
            break
    others = [one for one in held.values() if one.id != report.id and not _same_page(one, report)]
    compared = Copies(held.__getitem__, lambda one: inside(one.text), (COPY, REWRITTEN, QUOTATION))
    compared.add(*others)
    found = [Shared(one, held[_other(one, report)]) for one in compared.of(report)]
    return sorted(found, key=lambda one: -max(one.copy.share_a, one.copy.share_b))


def phrases(text: str) -> list[str]:
    """Runs of words from all over a text, none of them over a full stop's end or the end of a line."""
    lines = [part.split() for line in text.splitlines() for part in line.replace('"', " ").split(". ")]
    long = [words for words in lines if len(words) >= PHRASE]
    every = max(1, len(long) // SOUGHT)
    return [" ".join(words[:PHRASE]) for words in long[::every][:SOUGHT]]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of claims, and where the next one begins."""

    claims: tuple[tuple[Claim, Report], ...]
    next: str = ""  # empty: there is no more


DEEPEST = 1000  # of the best matches are shown; who wants more has more than one can read, and narrows


def found(house: House, query: Query, limit: int, after: str = "") -> Found:
    """Claims by a query: with words the best first, without the latest. Raises UsageError for a place that is none."""
    view = house.view
    if query.reviewed:
        kept(house).carry()
    if query.words.strip():
        skip = _numbers(after, 1)[0]
        some = view.best_claims(query, limit + 1, min(skip, DEEPEST))
        more = len(some) > limit and skip + limit < DEEPEST
        return Found(tuple(some[:limit]), str(skip + limit) if more else "")
    reading, position = _numbers(after, 2)
    rows = view.latest_claims(query, limit + 1, (reading, position))
    place = f"{rows[limit - 1][0][0]}.{rows[limit - 1][0][1]}" if len(rows) > limit else ""
    return Found(tuple((claim, report) for _, claim, report in rows[:limit]), place)


def _numbers(after: str, many: int) -> list[int]:
    """The numbers of a place, as many as the list goes by; noughts for what it does not tell."""
    parts = after.split(".") if after else []
    if len(parts) > 2 or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        raise UsageError(f"{after!r} is no place in a list. Begin at the top: leave “after” out.")
    return [*map(int, parts), 0, 0][:many]
