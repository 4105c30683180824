"""What people decide about claims, one by one: rows that are added and never changed, beside the machine's."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from purport.core.changes import likeness
from purport.core.records import Claim, Mention, Report
from purport.core.spans import Pieces, Selector, cover, select

# what a person does with a claim
CONFIRMED, CORRECTED, REJECTED = "confirmed", "corrected", "rejected"
NOTED, ASSIGNED, UNDONE = "noted", "assigned", "undone"
JUDGED = (CONFIRMED, CORRECTED, REJECTED)  # of these the last one of each person holds

# how a claim stands, besides these three
UNREVIEWED = "unreviewed"
DIFFERING = "differing"  # people judged it differently
REVIEWED = "reviewed"  # judged by anybody, whichever way: what a search may ask for
STATES = (UNREVIEWED, *JUDGED, DIFFERING)
ASKED = (REVIEWED, *STATES)

# how far the work on it is
OPEN, IN_HAND, DONE = "open", "in hand", "done"
STATUSES = (OPEN, IN_HAND, DONE)


class Place(msgspec.Struct, frozen=True):
    """Where a claim stood when it was judged, so that it is found again in another reading of the report."""

    report: str
    source: Pieces
    cue: Pieces
    content: Pieces
    selector: Selector  # of all of it, for those who have another copy of the text


class Said(msgspec.Struct, frozen=True):
    """How a claim ought to be read: its spans and labels, all of them."""

    source: Pieces
    cue: Pieces
    content: Pieces
    act: str
    stance: str
    polarity: str
    speaker: tuple[Mention, ...] = ()  # none or one


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decided about a claim."""

    id: str
    what: str  # confirmed | corrected | rejected | noted | assigned | undone
    claim: str  # as the person saw it
    place: Place
    who: str
    at: datetime
    why: str = ""
    said: tuple[Said, ...] = ()  # of a correction: one
    to: str = ""  # of an assignment: to whom; empty: to nobody
    status: str = ""  # of an assignment: open | in hand | done
    of: str = ""  # of an undoing: the review that is taken back; otherwise the one on an earlier text that it repeats


class Reviewed(msgspec.Struct, frozen=True):
    """How a claim stands now."""

    state: str = UNREVIEWED  # unreviewed | confirmed | corrected | rejected | differing
    words: tuple[Review, ...] = ()  # the last word of each person, the latest last
    notes: tuple[Review, ...] = ()
    to: str = ""
    status: str = OPEN
    history: tuple[Review, ...] = ()  # all rows in order, those that were taken back too

    def undoable(self, who: str) -> tuple[Review, ...]:
        """The last row of a person's that holds still, none or one."""
        back = taken_back(self.history)
        held = [one for one in self.history if one.who == who and one.what != UNDONE and one.id not in back]
        return tuple(held[-1:])


def machine(claim: Claim) -> Said:
    """How the machine reads a claim, in the shape of a correction."""
    speaker = tuple(Mention(one.text, one.span) for one in claim.speaker)
    return Said(claim.source, claim.cue, claim.content, claim.act, claim.stance, claim.polarity, speaker)


def changed(old: Said, new: Said) -> tuple[str, ...]:
    """The names of what two readings of a claim differ in."""
    return tuple(name for name in Said.__struct_fields__ if getattr(old, name) != getattr(new, name))


def place_of(claim: Claim, report: Report) -> Place:
    whole = cover((*claim.source, *claim.cue, *claim.content))
    return Place(report.id, claim.source, claim.cue, claim.content, select(report.text, whole))


def taken_back(rows: Iterable[Review]) -> set[str]:
    return {one.of for one in rows if one.what == UNDONE}


def reviewed(rows: Sequence[Review]) -> Reviewed:
    """How a claim stands by all that was decided about it, in order."""
    back = taken_back(rows)
    standing = [one for one in rows if one.what != UNDONE and one.id not in back]
    words: dict[str, Review] = {}
    for one in standing:
        if one.what in JUDGED:
            words.pop(one.who, None)
            words[one.who] = one
    decided = {(one.what, one.said) for one in words.values()}
    state = UNREVIEWED if not decided else next(iter(decided))[0] if len(decided) == 1 else DIFFERING
    given = [number for number, one in enumerate(standing) if one.what == ASSIGNED]
    to, status = "", DONE if decided else OPEN
    for last in given[-1:]:
        to, status = standing[last].to, standing[last].status or OPEN
        if any(one.who == to and one.what in JUDGED for one in standing[last:]):  # who was to judge it has
            status = DONE
    notes = tuple(one for one in standing if one.what == NOTED)
    return Reviewed(state, tuple(words.values()), notes, to, status, tuple(rows))


def settled(rows: Iterable[Review], claims: Sequence[Claim]) -> dict[str, list[Review]]:
    """Which reviews are about which claims of a reading, by the claims' ids.

    A claim that was read anew has another id; it is known by its place in the report, as two readings are compared.
    """
    known: Mapping[str, Claim] = {claim.id: claim for claim in claims}
    moved: dict[str, str] = {}
    found: dict[str, list[Review]] = {}
    for one in rows:
        id = one.claim if one.claim in known else moved.setdefault(one.claim, _nearest(one.place, claims))
        if id:
            found.setdefault(id, []).append(one)
    return found


def _nearest(place: Place, claims: Sequence[Claim]) -> str:
    here = place.cue, place.content, place.source
    near = [
        (likeness(here, (claim.cue, claim.content, claim.source)), claim.id)
        for claim in claims
        if claim.report == place.report
    ]
    score, id = max(near, default=(0.0, ""))
    return id if score > 0 else ""


ENOUGH = 20  # claims that two people judged, from which a kappa says something


class Agreement(msgspec.Struct, frozen=True):
    """How far two people agree about the claims that both judged: confirmed, corrected or rejected."""

    a: str
    b: str
    both: int  # claims
    same: int  # of which they say the same
    chance: float  # the share that would be the same if each judged as often so, at random

    @property
    def share(self) -> float:
        return self.same / self.both

    @property
    def kappa(self) -> tuple[float, ...]:
        """Cohen's kappa (doi:10.1177/001316446002000104), none or one: not of few claims, nor of one word only."""
        if self.both < ENOUGH or self.chance >= 1:
            return ()
        return ((self.share - self.chance) / (1 - self.chance),)


class Saved(msgspec.Struct, frozen=True):
    """A search that somebody keeps under a name. Of several rows with one name and person the last one holds."""

    id: str
    who: str
    name: str
    asked: tuple[tuple[str, str], ...]  # what it narrows by, as the address of the search has it; empty: dropped
    seen: int  # the number of the last report when it was last looked at
    at: datetime
