"""What an outlet changed in a page after publishing it: edits, each with the words before and after.

(How two *readings of one text* differ is in `changes.py`; how *footage* was edited, in `brief/edits.py`.)
"""

import msgspec

from purport.core.records import Claim, Report
from purport.core.spans import Span

ADDED, REMOVED, CHANGED = "added", "removed", "changed"

# What an edit is about, the gravest first: lists are in this order.
DENIAL = "denial"  # somebody denies now, or no longer
STANCE = "stance"  # the reporter stands nearer to a claim, or further from it
ATTRIBUTION = "attribution"  # the same words on somebody's word now, or no longer
NUMBER = "number"
POLARITY = "polarity"  # a source says the opposite
CLAIM = "claim"
SOURCE = "source"
ACT = "act"  # "said" became "warned"
CERTAINTY = "certainty"  # "will" became "may"
CONTENT = "content"  # other words of what is claimed
CUE = "cue"  # another word of telling, meaning the same
HEADLINE = "headline"
DATE = "date"  # of publication, as the page states it
DATELINE = "dateline"  # "MIROVA, 5 May —"
NOTE = "note"  # the page's own note of a correction
PASSAGE = "passage"  # words in which nothing is claimed
TEXT = "text"  # another text altogether stands there
KINDS = (
    DENIAL, STANCE, ATTRIBUTION, NUMBER, POLARITY, CLAIM, SOURCE, ACT, CERTAINTY, CONTENT, CUE, HEADLINE, DATE,
    DATELINE, NOTE, PASSAGE, TEXT,
)  # fmt: skip


class Version(msgspec.Struct, frozen=True):
    """A page at one time: its report, and the claims of one reading of it."""

    report: Report
    claims: tuple[Claim, ...] = ()


class Place(msgspec.Struct, frozen=True):
    """Where an edit is in one version. An empty span: nothing stands there, and there is where it would."""

    report: str
    capture: str
    span: Span
    words: str = ""  # of the span, or of the claim in it
    claim: str = ""

    def of(self, claim: str) -> "Place":
        """The place, as one of a claim."""
        return msgspec.structs.replace(self, claim=claim)


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """One edit of a page. It says what was changed, never why. The id depends on both versions and the two places."""

    id: str
    kind: str  # see above
    how: str  # added | removed | changed
    before: Place
    after: Place
    who: str = ""  # on whose word the claim stands, in the page's words
    about: str = ""  # the word behind a number
    where: str = "text"  # text | headline
    note: str = ""  # the page's new note of a correction; empty: it says nothing of being changed


def rank(edit: Edit) -> tuple[int, bool, Span, Span]:
    """Sorts the gravest first; of one kind what is gone before what is new, then as the text runs."""
    return KINDS.index(edit.kind), edit.how == ADDED, edit.after.span, edit.before.span
