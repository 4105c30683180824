"""Two reports that share words, to the passage, and what that sharing looks like."""

import msgspec

from purport.core.spans import Span

# what a passage is, and what two reports are to each other; nothing shared gives no record
COPY = "copy"
REWRITTEN = "rewritten"
QUOTATION = "quotation"  # what is shared is somebody's speech, which both give
BOILERPLATE = "boilerplate"  # what is shared stands in many reports that have nothing else in common
FEW = "few words"  # a sentence or two: too little to say that one text was made from the other
KINDS = (COPY, REWRITTEN, QUOTATION, BOILERPLATE, FEW)

# which way the words went
A_TO_B, B_TO_A = "a to b", "b to a"
FROM_A_THIRD = "from a third"  # both credit the same agency or outlet
UNDECIDABLE = "undecidable"


class Passage(msgspec.Struct, frozen=True):
    """The same words in two texts, perhaps with small edits in between; spans are half-open code points."""

    a: Span
    b: Span
    words: int  # the same in both, in the same order; of the edits in between none is counted
    kind: str  # copy | quotation | boilerplate
    strangers: int = 0  # reports that have most of it and nothing else in common with the one that came later


class Sign(msgspec.Struct, frozen=True):
    """One thing that decided what two reports are to each other, or which way the words went."""

    kind: str  # share | passage | quotation | boilerplate | credit | time
    report: str  # in which it stands; empty: in both, or between them
    words: str  # the report's own, or what was counted, in a sentence
    span: Span = (0, 0)  # (0, 0): not in the text


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """What two reports share. It says that words are the same, never that either report is right.

    The two are in the order of their ids, whichever came first. A share is what part of a report's own words
    (quotations and boilerplate left out) stands in passages of eight such words and more.
    """

    id: str
    a: str  # a report
    b: str
    kind: str  # copy | rewritten | quotation | boilerplate | few words
    passages: tuple[Passage, ...]  # in the order of a
    share_a: float
    share_b: float
    direction: str  # a to b | b to a | from a third | undecidable
    evidence: tuple[Sign, ...] = ()


class Booked(msgspec.Struct, frozen=True):
    """Reports as the index of shared words books them: what it takes to make the index again."""

    first: int  # the number of the first; the others follow it
    reports: tuple[str, ...]  # their ids
    lengths: tuple[int, ...]  # in words
    counts: tuple[int, ...]  # runs that are booked of each
    runs: bytes  # their hashes, 64 bits each, little-endian, report after report
