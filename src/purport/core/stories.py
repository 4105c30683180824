"""How reports come to stand in stories, and what people decided about that: rows that are added and never changed."""

from datetime import datetime

import msgspec

from purport.core.ids import make_id
from purport.core.spans import Span

# how a report came into its story
BEGAN = "began"
JOINED = "joined"
MERGED = "merged"  # with its whole story, into one that began earlier
SPLIT = "split"  # from its story, with others or alone

SAME, APART = "same", "apart"  # what a person says of two claims, or of two reports and their stories


def story_id(first: str) -> str:
    """A story is called by the report that began it, the first of its reports to arrive.

    So its id stays while reports join. When stories merge, the id of the elder stays; an id that was ever given leads
    to the story in which the report that began it stands now.
    """
    return make_id("story", first)


class Placed(msgspec.Struct, frozen=True):
    """A report stands in a story from now on, and why. Of several for one report the last one holds."""

    id: str
    report: str
    story: str
    how: str  # began | joined | merged | split
    before: str = ""  # the story that it stood in until then
    beside: str = ""  # of the story's reports the one that is most like it
    score: float = 0.0  # of those two: above 0 they are more likely of one story than not
    shared: tuple[str, ...] = ()  # telling words that both have


class Passage(msgspec.Struct, frozen=True):
    """Where a claim's content stands; a report as a whole has no span. Another reading of the report may move it a
    bit.
    """

    report: str
    span: Span = (0, 0)


class Judgement(msgspec.Struct, frozen=True):
    """What a person decided: that these say, or belong to, the same or not. Of several about two the last one holds."""

    id: str
    verdict: str  # same | apart
    left: tuple[Passage, ...]
    right: tuple[Passage, ...]
    why: str
    who: str
    at: datetime
    of: str = ""  # the merge or the story that it is about
