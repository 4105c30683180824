"""Two reports that share words, to the passage, and what that sharing looks like."""

import msgspec

from purport.core.spans import Span

# what a passage is, and what two reports are to each other; nothing shared gives no record
COPY, REWRITTEN, QUOTATION, BOILERPLATE = "copy", "rewritten", "quotation", "boilerplate"

# which way the words went
A_TO_B, B_TO_A = "a to b", "b to a"
FROM_A_THIRD = "from a third"  # both credit the same agency or outlet
UNDECIDABLE = "undecidable"


class Passage(msgspec.Struct, frozen=True):
    """The same words in two texts, perhaps with small edits in between; spans are half-open code points."""

    a: Span
    b: Span
    words: int  # the same in both, in the same order; of the edits in between none is counted
    kind: str  # copy | quotation (both give somebody's speech) | boilerplate (many unrelated reports have it)
    shared: int = 2  # in how many reports of the index its rarest stretch stands, these two among them


class Sign(msgspec.Struct, frozen=True):
    """One thing that decided what two reports are to each other, or which way the words went."""

    kind: str  # passage | share | quotation | boilerplate | credit | time
    report: str  # in which it stands; empty: in both
    words: str  # the report's own, or the figure in words
    span: Span = (0, 0)  # (0, 0): not in the text


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """What two reports share. It says that words are the same, never that either report is right.

    `share_a` is the share of a's words that stand in passages of kind "copy", quotations and boilerplate left out.
    """

    id: str
    a: str  # a report
    b: str
    kind: str  # copy | rewritten | quotation | boilerplate
    passages: tuple[Passage, ...]  # in the order of a
    share_a: float
    share_b: float
    direction: str  # a to b | b to a | from a third | undecidable
    evidence: tuple[Sign, ...] = ()
