"""A claim as lists show it: its words cut out of the report, its labels in the words of the house."""

import msgspec

from purport.brief import words as say
from purport.brief.edit_lines import shortened
from purport.core.records import Claim, Report
from purport.core.spans import words

LONG = 400  # characters of what is said; the claim's own page has all of it


class Line(msgspec.Struct, frozen=True):
    """One claim, ready to be set."""

    id: str
    source: str
    speaker: str
    cue: str
    act: str
    marks: tuple[tuple[str, str], ...]
    stance_words: str
    content: str
    facts: tuple[str, ...]
    report: str
    title: str
    outlet: str
    published: str


def line(claim: Claim, report: Report, longest: int = LONG) -> Line:
    return Line(
        id=claim.id,
        source=say.source(claim, report),
        speaker=say.speaker(claim, report),
        cue=say.cue(claim, report),
        act=say.act(claim, report),
        marks=tuple(say.marks(claim)),
        stance_words=say.stance_words(claim, report),
        content=shortened(" ".join(words(report.text, claim.content).split()), longest),
        facts=tuple(say.facts(claim)),
        report=report.id,
        title=title(report),
        outlet=report.outlet,
        published=next(map(say.day, report.published), ""),
    )


def title(report: Report) -> str:
    """A report's headline, or the beginning of its text where it has none."""
    return " ".join((report.title or shortened(report.text[:200], 80)).split()) or report.id
