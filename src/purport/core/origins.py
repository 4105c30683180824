"""What a story rests on: who passes on whose word, where that ends, who disputes it, and in which order it came."""

from datetime import datetime

import msgspec

from purport.core.copies import Copy
from purport.core.spans import Pieces, Span
from purport.core.times import Moment

# kinds of nodes
REPORT = "report"
CLAIM = "claim"
OUTLET = "outlet"  # an agency or outlet on whose word a report stands
RELEASE = "release"  # footage whose bytes the ledger holds
FOOTAGE = "footage"  # footage that reports speak of, told apart by who released it
SPEAKER = "speaker"
OWN = "own account"  # what an outlet says that it saw, or was told, itself
UNNAMED = "unnamed"  # "sources say", "a video that goes round": nobody to be told from anybody else

# what shows that one thing rests on another
ATTRIBUTION = "attribution"
CREDIT_LINE = "credit line"
SHARED_PASSAGE = "shared passage"
LINK = "link"
REFERENCE = "reference"
SAME_FOOTAGE = "same footage"
SAME_QUOTE = "same quote"
RELEASED_BY = "released by"
SPEAKS_FOR = "speaks for"
HELD = "in the corpus"  # the credited outlet's own report is here


class Ground(msgspec.Struct, frozen=True):
    """One piece of evidence for a tie, in the report's own words and with the record that it follows from."""

    kind: str
    words: str = ""
    report: str = ""  # in which the words stand
    span: Span = (0, 0)  # (0, 0): not in the text
    record: str = ""  # the claim, copy, match or reference


class Node(msgspec.Struct, frozen=True):
    """Something that an account can pass through or end at. Two nodes with one id are one."""

    id: str
    kind: str
    name: str  # for people


class Tie(msgspec.Struct, frozen=True):
    """`upper` rests on `lower`, in whole or in part."""

    upper: str
    lower: str
    grounds: tuple[Ground, ...]


class Graph(msgspec.Struct, frozen=True):
    """Which accounts rest on which; nodes and ties in the order of their ids, whatever order reports came in."""

    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]


class Origin(msgspec.Struct, frozen=True):
    """A node that `reports` can't do without; no two of them share one. See `trace/origins.py` for what is counted."""

    id: str
    kind: str
    name: str
    evidence: tuple[Ground, ...]
    reports: tuple[str, ...]  # that rest on it alone
    behind: tuple[str, ...] = ()  # names of what a report that is itself an origin gives as its sources


class Point(msgspec.Struct, frozen=True):
    """A single point of dependence: every path of these reports goes through it."""

    node: str
    name: str
    reports: tuple[str, ...]


class Account(msgspec.Struct, frozen=True):
    """N reports, K independent origins, U untraceable."""

    reports: tuple[str, ...]
    origins: tuple[Origin, ...]
    untraceable: tuple[str, ...]  # reports of which no path ends at anybody named
    points: tuple[Point, ...] = ()  # those that two reports or more depend on, most dependents first


class Thread(msgspec.Struct, frozen=True):
    """One thing that is claimed, through all the reports that carry it."""

    id: str
    words: str  # of the first who claimed it
    claims: tuple[str, ...]
    account: Account


class Link(msgspec.Struct, frozen=True):
    """A report's page or text gives the address of another report."""

    report: str
    to: str  # the other report
    address: str
    span: Span = (0, 0)  # (0, 0): in the page, not in the text


class SameClaim(msgspec.Struct, frozen=True):
    """Two claims of different reports say the same thing. A person may undo it."""

    id: str
    a: str  # a claim
    b: str
    evidence: tuple[Ground, ...]
    score: float


class Story(msgspec.Struct, frozen=True):
    """Reports that belong together."""

    id: str
    reports: tuple[str, ...]


class Side(msgspec.Struct, frozen=True):
    """One side of a dispute: a claim with the passage that it stands in."""

    claim: str
    report: str
    who: str
    words: str  # source, cue and content as they stand
    pieces: Pieces
    passage: Span  # the sentence or sentences around it


class Dispute(msgspec.Struct, frozen=True):
    """Two claims with one proposition between them and opposite stances; an accusation without an answer has one."""

    id: str
    kind: str  # accuse-deny | assert-doubt | claim-refute | not seen | declined | no reply found
    first: Side  # who accuses or asserts
    answers: tuple[Side, ...]  # none or one
    reason: str  # what joins them, in words


class Entry(msgspec.Struct, frozen=True):
    """A line of a story's timeline."""

    time: Moment
    basis: str  # published | captured | said | about (the time that the content speaks of)
    report: str
    claim: str = ""  # empty: the report as a whole
    words: str = ""
    first: bool = False  # the first to claim this in the story
    changes: tuple[str, ...] = ()  # what differs from who had it before, in words


class Traced(msgspec.Struct, frozen=True):
    """All that tracing found of one story or claim."""

    story: str
    title: str
    graph: Graph  # of what is counted: the claims that several reports carry
    account: Account
    threads: tuple[Thread, ...]
    disputes: tuple[Dispute, ...]
    copies: tuple[Copy, ...]
    timeline: tuple[Entry, ...]
    until: tuple[datetime, ...] = ()  # none or one: nothing later was looked at
    merges: tuple[SameClaim, ...] = ()  # claims that were found to say the same thing in other words


# what may happen to something that others rest on
EDITED, DELETED, DENIED, REUSED = "edited", "deleted", "denied", "reused"


class Event(msgspec.Struct, frozen=True):
    """Something happened to a node: its report was edited or deleted, its word denied, its footage found reused."""

    node: str  # its id, or that of the record behind it (report, claim, release)
    what: str  # edited | deleted | denied | reused
    detail: str = ""  # in words, with what shows it


class LookAgain(msgspec.Struct, frozen=True):
    """A claim, report or brief that rests on what an event happened to, and how."""

    id: str
    kind: str  # claim | report | brief
    alone: bool  # it has nothing else to rest on
    path: tuple[str, ...]  # names, from it down to what the event happened to
    reason: str
