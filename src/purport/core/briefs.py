"""Briefs that people keep: lines of prose, each with the words that it rests on. Editions are added, never changed."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from purport.core.errors import UsageError
from purport.core.ids import make_id
from purport.core.spans import Pieces

# how a brief stands
DRAFT, ISSUED, WITHDRAWN = "draft", "issued", "withdrawn"

# what a line may rest on
CLAIM, REPORT, RELEASE, MATCH = "claim", "report", "release", "match"

# what came of asking somebody to comment
ANSWERED, NO_ANSWER, DECLINED, NOT_APPROACHED = "answered", "no answer yet", "declined", "not approached"
ANSWERS = (ANSWERED, NO_ANSWER, DECLINED, NOT_APPROACHED)

LONGEST = 4_000  # characters of a line, a note, an answer
MOST = 500  # lines of a brief


class Exhibit(msgspec.Struct, frozen=True):
    """What a line rests on, as it stood when it was added: exact words with their places, or seconds of footage."""

    kind: str  # claim | report | release | match
    id: str
    capture: str  # whose bytes hold it
    digest: str  # sha256:… of those bytes
    report: str = ""  # in which the words stand; empty for footage
    pieces: Pieces = ()  # code-point offsets into the report's text
    words: tuple[str, ...] = ()  # of each piece
    seconds: tuple[float, ...] = ()  # of footage: from and to, none or two
    other: str = ""  # of a match the release that it was found in
    other_seconds: tuple[float, ...] = ()


class Line(msgspec.Struct, frozen=True):
    """A sentence or two that a person answers for. The id stays while the words are edited and the line is moved."""

    id: str
    text: str
    exhibits: tuple[Exhibit, ...]


class Approach(msgspec.Struct, frozen=True):
    """Somebody was asked to comment, or was not and why. Of several for one party the last one holds."""

    party: str
    answer: str  # answered | no answer yet | declined | not approached
    when: str = ""  # as the person writes it
    how: str = ""  # by telephone, by letter
    said: str = ""  # what came back; of who was not approached, why


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """A brief as it stood after somebody worked on it. The one with the highest number is the brief as it stands."""

    id: str
    brief: str
    number: int  # from 1, without a hole
    before: str  # the edition that was worked on; empty in the first
    title: str
    story: str
    status: str  # draft | issued | withdrawn
    lines: tuple[Line, ...] = ()
    approaches: tuple[Approach, ...] = ()
    note: str = ""  # how it is to be handled, in words
    did: str  # what was done, in words
    who: str
    at: datetime


def begun(title: str, story: str, who: str, at: datetime) -> Edition:
    """The first edition of a brief of a story. Raises UsageError for a title without words."""
    named = short(title, "A title", 300)
    brief = make_id("brief", story, named, who, at.isoformat())
    first = Edition(
        id="", brief=brief, number=1, before="", title=named, story=story, status=DRAFT, did="began it", who=who, at=at
    )
    return _sealed(first)


def worked(before: Edition, did: str, who: str, at: datetime, **changed: object) -> Edition:
    """The next edition: the one before, but for what changed."""
    next = {"number": before.number + 1, "before": before.id, "did": did, "who": who, "at": at}
    return _sealed(msgspec.structs.replace(before, **next, **changed))


def _sealed(edition: Edition) -> Edition:
    plain = msgspec.structs.replace(edition, id="")
    return msgspec.structs.replace(edition, id=make_id("edition", msgspec.to_builtins(plain)))


def new_line(brief: Edition, text: str, exhibits: Sequence[Exhibit]) -> Line:
    """A line for a brief. Raises UsageError where it has no words or rests on nothing."""
    said = short(text, "A line")
    if not exhibits:
        raise UsageError("A line rests on something: name a claim, a report, a release or a match for it.")
    if len(brief.lines) >= MOST:
        raise UsageError(f"A brief has {MOST} lines at most. Begin another one for the rest.")
    known = [line.id for line in brief.lines]
    return Line(make_id("line", brief.id, len(known), said, [one.id for one in exhibits]), said, tuple(exhibits))


def approach(party: str, answer: str, when: str = "", how: str = "", said: str = "") -> Approach:
    """An entry about asking somebody. Raises UsageError where it says too little."""
    named = short(party, "Whom it is about", 300)
    if answer not in ANSWERS:
        raise UsageError(f"{answer!r} is none of {', '.join(ANSWERS)}.")
    if answer == NOT_APPROACHED and not said.strip():
        raise UsageError(f"Say why {named} was not approached: it stands in the brief.")
    if answer != NOT_APPROACHED and not (when.strip() and how.strip()):
        raise UsageError(f"Say when and how {named} was asked: it stands in the brief.")
    if answer == ANSWERED and not said.strip():
        raise UsageError(f"Say what {named} answered, in their words.")
    given = (short(one, "It", LONGEST, empty=True) for one in (when, how, said))
    return Approach(named, answer, *given)


def short(text: str, what: str, longest: int = LONGEST, empty: bool = False) -> str:
    """Words on one line, within bounds. Raises UsageError."""
    said = " ".join(text.encode("utf-8", "replace").decode().split())
    if not said and not empty:
        raise UsageError(f"{what} needs words.")
    if len(said) > longest:
        raise UsageError(f"{what} has {len(said):,} characters; {longest:,} are the most.")
    return said


def last_word(approaches: Sequence[Approach]) -> tuple[Approach, ...]:
    """Of each party the entry that holds, in the order in which they were first written of."""
    held: dict[str, Approach] = {}
    for one in approaches:
        held[one.party.casefold()] = one
    return tuple(held.values())
