"""What an export is made of: reports with the claims that go along, releases, stories; and what stays behind.

It streams: no more is in memory than one report with its claims, and the stories that were asked for by name.
"""

import importlib
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from purport.brief.brief import extent
from purport.core.errors import UsageError
from purport.core.findings import Findings
from purport.core.marks import above, withheld
from purport.core.origins import Traced
from purport.core.records import Capture, Claim, Gap, Release, Report
from purport.core.spans import Selector, Span, select, words

SAYING = frozenset({"say", "show", "confirm", "think", "estimate"})  # acts that put their content forward as so


class Piece(msgspec.Struct, frozen=True):
    """One report with its capture and those of its claims that go along."""

    report: Report
    capture: Capture
    reading: str
    reader: str
    claims: tuple[Claim, ...]
    level: str  # its handling mark
    gaps: tuple[Gap, ...] = ()  # about it
    stands: Mapping[str, str] = {}  # claims by their ids: confirmed, corrected, differing, as people judged them
    rejected: int = 0  # claims that are left out, since a person said that nobody claims this there


class Footage(msgspec.Struct, frozen=True):
    """One release with its capture, and where it was seen before if that was asked for."""

    release: Release
    capture: Capture
    level: str
    findings: tuple[Findings, ...] = ()  # none or one


class Cover(msgspec.Struct, frozen=True):
    """What stands on an export."""

    title: str
    what: str  # what was asked for, in words
    made: datetime
    ceiling: str  # nothing that is marked higher went along
    tool: str  # as in `purport 0.1.0`
    notes: tuple[str, ...] = ()  # what else its reader should know


class Parcel:
    """What goes along. What stays behind is counted while the rest is drawn, by what it is and how it is marked."""

    def __init__(
        self,
        cover: Cover,
        pieces: Callable[[], Iterator[Piece]],
        footage: Callable[[], Iterator[Footage]] = lambda: iter(()),
        stories: tuple[Traced, ...] = (),
    ) -> None:
        self.cover, self.stories = cover, stories
        self._pieces, self._footage = pieces, footage
        self._behind: dict[tuple[str, str], set[str]] = {}
        self._rejected = 0
        self.counts: Counter[str] = Counter()

    def pieces(self) -> Iterator[Piece]:
        """The reports, each with its claims."""
        self.counts["reports"] = self.counts["claims"] = self._rejected = 0
        for one in self._pieces():
            if above(one.level, self.cover.ceiling):
                self.leave("report", one.level, one.report.id)
            else:
                self.counts["reports"] += 1
                self.counts["claims"] += len(one.claims)
                self._rejected += one.rejected
                yield one

    def footage(self) -> Iterator[Footage]:
        """The releases."""
        self.counts["releases"] = 0
        for one in self._footage():
            if above(one.level, self.cover.ceiling):
                self.leave("release", one.level, one.release.id)
            else:
                self.counts["releases"] += 1
                yield one

    def leave(self, kind: str, level: str, id: str) -> None:
        """Count something that stays behind, once."""
        self._behind.setdefault((kind, level), set()).add(id)

    def withheld(self) -> list[str]:
        """What stayed behind, in words; complete when the pieces and the footage have been drawn."""
        return withheld({key: len(ids) for key, ids in self._behind.items()}, self.cover.ceiling)

    def remarks(self) -> list[str]:
        """All that the reader of the export should know beside its entries."""
        several = "claim that a person rejected" if self._rejected == 1 else "claims that a person rejected"
        misread = [f"Left out: {self._rejected:,} {several} as misread."] if self._rejected else []
        return [*self.cover.notes, *misread, *(f"Withheld: {one}." for one in self.withheld())]


def urn(id: str) -> str:
    """An entry's id as an IRI. No such namespace is registered: it is ours, and tells where to look."""
    return f"urn:purport:{id}"


def selector(claim: Claim, report: Report) -> tuple[Selector, Span]:
    """All the words of a claim, from the first to the last, as they stand in the report's text."""
    span = extent(claim)
    return select(report.text, span), span


def who(claim: Claim, report: Report) -> str:
    """Who a claim is attributed to, in the report's own words; empty where it names nobody."""
    named = next((one.text for one in claim.speaker), "") or words(report.text, claim.source)
    return " ".join(named.split())


def is_somebody(claim: Claim) -> bool:
    """Is the source said to be somebody, rather than a thing or a nobody?"""
    return claim.source_kind not in ("unnamed", "video", "document")


def said(claim: Claim, report: Report) -> str:
    """The words of a claim in the order of the roles: `the ministry denied that …`."""
    parts = (
        who(claim, report) or "(no source named)",
        words(report.text, claim.cue),
        words(report.text, claim.content),
    )
    return " ".join(" ".join(part.split()) for part in parts if part)


def put(claim: Claim, report: Report) -> str:
    """What is put forward: the content, or, where it is denied, doubted, demanded …, the content with the cue."""
    content = " ".join(words(report.text, claim.content).split())
    if claim.act in SAYING and claim.polarity == "+":
        return content
    cue = " ".join(words(report.text, claim.cue).split()) or claim.act.replace("_", " ")
    return f"[{cue}] {content}".strip()


def heading(report: Report) -> str:
    """A report's headline, or its id where it has none."""
    return " ".join(report.title.split()) or report.id


NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:purport:")  # of the version 5 UUIDs that our ids become


def uuid_of(*parts: str) -> str:
    """A UUID that the same parts always have."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(parts)))


def library(name: str, extra: str) -> Any:
    """The library that checks a standard. Raises UsageError with the name of the extra that brings it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UsageError(
            f"This export is checked with {name.partition('.')[0]}, which is not installed. "
            f"Install it with: pip install 'purport[{extra}]'."
        ) from error
