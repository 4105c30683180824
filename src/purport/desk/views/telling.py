"""A story as its page tells it: who says what, who disputes it, in which order it came, on which footage it rests.

Everything is bounded, whatever a story holds, and what is left out is counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from purport import app
from purport.app import House
from purport.app.quoting import page_of
from purport.brief import trace_tree
from purport.brief import words as say
from purport.core.origins import Dispute, Entry, Origin, Side, Traced
from purport.core.records import Capture, Claim, Release, Report
from purport.core.references import UNDECIDABLE, Reference
from purport.core.spans import words
from purport.desk.views.lines import Line, line
from purport.trace.actors import actors

READ = 60  # reports of a story whose claims are shown, the earliest first
SPEAKERS = 13  # those with the most claims
SAID = 4  # claims of one speaker
ENTRIES = 24  # of the timeline
LISTED = 36  # reports
DISPUTES = 20
COPIES = 30
LONG = 260  # characters of a passage

Reports: TypeAlias = Mapping[str, Report]

KINDS = {  # of disputes, as their headings say them
    "accuse-deny": "Accused and answering",
    "assert-doubt": "Said and doubted",
    "claim-refute": "Claimed and refuted",
    "not seen": "Said, and not seen by who is asked",
    "declined": "Said, and who is asked declines to speak of it",
    "no reply found": "No reply found",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody says, as the first report has it, and who else tells it."""

    line: Line
    also: tuple[str, ...]  # outlets, each once
    chain: str  # on whose word it comes, where there is more to it than outlet and source


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody as the reports name them, with what they say."""

    name: str
    page: str  # by which name it has a page; empty: it is a person, or can't be told from others
    lines: tuple[Said, ...]
    more: int  # claims that are not shown

    @property
    def count(self) -> int:
        return len(self.lines) + self.more


@dataclass(frozen=True, slots=True)
class Face:
    """One side of a dispute, with the passage that it stands in."""

    side: Side
    report: Report
    outlet: str

    @property
    def passage(self) -> tuple[str, str, str]:
        """Before, the words themselves, after."""
        start, end = self.side.passage
        first, last = self.side.pieces[0][0], self.side.pieces[-1][1]
        text = self.report.text
        first, last = max(start, first), min(max(last, first), max(end, first))
        return text[max(start, first - LONG) : first], text[first : min(last, first + 2 * LONG)], text[last:end][:LONG]


@dataclass(frozen=True, slots=True)
class Faced:
    """A dispute, face to face."""

    heading: str
    reason: str
    faces: tuple[Face, ...]  # one or two


@dataclass(frozen=True, slots=True)
class Footage:
    """A release that reports of the story refer to."""

    release: Release
    capture: Capture
    firmness: str
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A story, ready to be shown."""

    traced: Traced
    reports: Reports
    listed: tuple[Report, ...]  # the earliest first
    voices: tuple[Voice, ...]
    left_out: Mapping[str, int]  # how many more there are: reports, voices, disputes, copies, entries
    disputes: tuple[Faced, ...]
    copies: tuple[tuple[str, str], ...]
    timeline: tuple[Entry, ...]
    footage: tuple[Footage, ...]

    @property
    def shown(self) -> dict[str, str]:
        """The claims that the page shows, each with its report."""
        found = {said.line.id: said.line.report for voice in self.voices for said in voice.lines}
        found |= {face.side.claim: face.side.report for one in self.disputes for face in one.faces}
        return found | {entry.claim: entry.report for entry in self.timeline if entry.claim}

    @property
    def counted(self) -> str:
        return trace_tree.counted(self.traced.account)

    def outlet(self, id: str) -> str:
        return trace_tree.outlet(id, self.reports)

    def outlets(self, ids: Iterable[str]) -> str:
        return trace_tree.outlets(ids, self.reports)

    def resting(self, origin: Origin) -> str:
        """Which reports rest on an origin, in words."""
        account = self.traced.account
        if len(origin.reports) == len(account.reports) > 1:
            return "every report rests on it"
        return self.outlets(origin.reports) or "reports with other origins, too"


def tell(house: House, traced: Traced) -> Told:
    """Gather what a story's page shows."""
    ids = dict.fromkeys(entry.report for entry in traced.timeline) | dict.fromkeys(traced.account.reports)
    reports = {report.id: report for report in house.view.some(ids)}
    listed = sorted(reports.values(), key=_published)
    read = listed[:READ]
    claims = house.view.claims_of(report.id for report in read)
    voices = heard((report, claims.get(report.id, ())) for report in read)
    timeline = [one for one in traced.timeline if not one.claim or one.first or one.changes]
    return Told(
        traced=traced,
        reports=reports,
        listed=tuple(listed[:LISTED]),
        voices=voices[:SPEAKERS],
        left_out={
            "reports": max(0, len(listed) - LISTED),
            "unread": max(0, len(listed) - READ),
            "voices": max(0, len(voices) - SPEAKERS),
            "disputes": max(0, len(traced.disputes) - DISPUTES),
            "copies": max(0, len(traced.copies) - COPIES),
            "entries": max(0, len(timeline) - ENTRIES),
        },
        disputes=tuple(faced(one, reports) for one in traced.disputes[:DISPUTES]),
        copies=tuple(trace_tree.copied(one, reports) for one in traced.copies[:COPIES]),
        timeline=tuple(timeline[:ENTRIES]),
        footage=_footage(house, reports),
    )


def heard(readings: Iterable[tuple[Report, Sequence[Claim]]]) -> tuple[Voice, ...]:
    """Claims by who says them, those with the most first. The same words in several reports are one."""
    voices: dict[str, dict[str, _Once]] = {}
    names: dict[str, str] = {}
    pages: dict[str, set[str]] = {}
    for report, claims in readings:
        whose = actors(claims, report)
        for claim in claims:
            content = words(report.text, claim.content)
            if not content or claim.repeated:
                continue
            name = _named(claim, report)
            pages.setdefault(_key(name), set()).add(page_of(claim, whose[claim.id]))
            names.setdefault(_key(name), name)
            held = voices.setdefault(_key(name), {})
            held.setdefault(_key(content), _Once(claim, report, {})).also[report.outlet] = None
    found = [(names[key], pages[key], list(held.values())) for key, held in voices.items()]
    found.sort(key=lambda one: -len(one[2]))
    return tuple(
        Voice(
            name,
            next(iter(all)) if len(all) == 1 else "",
            tuple(one.told() for one in said[:SAID]),
            max(0, len(said) - SAID),
        )
        for name, all, said in found
    )


@dataclass(frozen=True, slots=True)
class _Once:
    """A claim as the first report has it, and the outlets that tell it, each once."""

    claim: Claim
    report: Report
    also: dict[str, None]

    def told(self) -> Said:
        others = tuple(outlet for outlet in self.also if outlet not in ("", self.report.outlet))
        return Said(line(self.claim, self.report, LONG), others, _chain(self.claim, self.report))


def _chain(claim: Claim, report: Report) -> str:
    return say.chain(claim, report) if len(claim.chain) > 2 and len(say.hops(claim, report)) > 2 else ""


def _named(claim: Claim, report: Report) -> str:
    name = say.named(say.speaker(claim, report) or say.source(claim, report))
    return name[:1].upper() + name[1:]


def _key(words: str) -> str:
    return " ".join(words.split()).casefold().removeprefix("the ").strip(" .,;:“”\"'")


def _published(report: Report) -> tuple[bool, str]:
    return not report.published, next((time.start.isoformat() for time in report.published), "")


def faced(dispute: Dispute, reports: Reports) -> Faced:
    sides = (dispute.first, *dispute.answers)
    faces = tuple(
        Face(one, reports[one.report], trace_tree.outlet(one.report, reports)) for one in sides if one.report in reports
    )
    return Faced(KINDS.get(dispute.kind, dispute.kind.capitalize()), dispute.reason, faces)


def _footage(house: House, reports: Reports) -> tuple[Footage, ...]:
    """The releases that the reports refer to. Where it can't be told which of several is meant, all are named."""
    if next(house.view.releases(), None) is None:
        return ()
    meant: dict[str, list[tuple[Report, Reference]]] = {}
    for report, reference in app.references(house, list(reports)[:READ]):
        for id in reference.releases:
            meant.setdefault(id, []).append((report, reference))
    found = []
    for id, said in meant.items():
        release, capture = app.release(house, id)
        firm = [reference.firmness for _, reference in said]
        outlets = dict.fromkeys(trace_tree.outlet(report.id, reports) for report, _ in said)
        firmness = next((one for one in firm if one != UNDECIDABLE), UNDECIDABLE)
        found.append(Footage(release, capture, firmness, tuple(outlets)))
    return tuple(found)
