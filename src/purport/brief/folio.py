"""A kept brief on its way out: its lines with their evidence, who was asked, counts by party. One content, four forms.

Each form shows the same: prose, the evidence of each line (outlet, time, exact words, ids, digest), who was approached
for comment and what came back, and counts by party, everybody by the same rule.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from purport.brief import words as say
from purport.brief.edit_lines import shortened
from purport.core.briefs import (
    CLAIM,
    ISSUED,
    MATCH,
    NOT_APPROACHED,
    REPORT,
    WITHDRAWN,
    Approach,
    Edition,
    Exhibit,
    Line,
    last_word,
)
from purport.core.looks import Standing
from purport.core.marks import CLEAR
from purport.core.records import Capture, Claim, Report
from purport.core.spans import words
from purport.core.times import iso, utc

NOT_ASKED = "not asked"
VERDICT = "Purport writes down who said what, on whose word. It gives no verdict."
QUOTED = 600  # characters up to which a claim is quoted as it stands, with what lies between its words

_LONG = 160  # characters of a title


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody as the reports name them: what they say in this brief, what is said of them, and were they asked?"""

    name: str
    claims: int
    denials: int
    of_them: int
    asked: str  # answered | no answer yet | declined | not approached | not asked


@dataclass(frozen=True, slots=True)
class Source:
    """The evidence of a line, in words: `heading` says who published it and when."""

    kind: str
    heading: str
    title: str = ""
    url: str = ""
    quoted: str = ""  # the exact words, with an ellipsis where something lies between two of them
    marks: tuple[str, ...] = ()  # denial, distanced, …: how the report puts it
    facts: tuple[tuple[str, str], ...] = ()  # ids, places, digest, when it was taken


@dataclass(frozen=True, slots=True)
class Shown:
    """A brief with the records that its lines rest on, as far as they can be opened."""

    edition: Edition
    records: Mapping[str, tuple[Report, Capture]]
    claims: Mapping[str, Claim]
    places: Mapping[str, str]  # of footage, by the ids of captures
    faults: Mapping[str, tuple[str, ...]]  # by the ids of lines: what of it can't be opened
    level: str = CLEAR
    looks: tuple[Standing, ...] = field(default=())

    @property
    def approaches(self) -> tuple[Approach, ...]:
        return last_word(self.edition.approaches)

    @property
    def open_looks(self) -> tuple[Standing, ...]:
        return tuple(one for one in self.looks if not one.cleared)


def numbered(made: Shown) -> Iterator[tuple[Line, list[tuple[int, Source]]]]:
    """Each line with its sources; the same evidence has the same number throughout."""
    numbers: dict[Exhibit, int] = {}
    for line in made.edition.lines:
        found = []
        for one in line.exhibits:
            numbers.setdefault(one, len(numbers) + 1)
            found.append((numbers[one], source(one, made)))
        yield line, found


def source(one: Exhibit, made: Shown) -> Source:
    """A piece of evidence in words."""
    if one.kind not in (CLAIM, REPORT):
        return _footage(one, made)
    facts = [("claim", one.id)] if one.kind == CLAIM else []
    facts.append(("report", one.report))
    facts.append(("characters", ", ".join(f"{start}-{end}" for start, end in one.pieces)))
    held = made.records.get(one.report)
    if not held:
        return Source(
            one.kind, "Not in the ledger", quoted=" … ".join(one.words), facts=(*facts, ("original", one.digest))
        )
    report, capture = held
    facts.append(("taken", iso(capture.taken)))
    facts.append(("original", one.digest))
    claim = made.claims.get(one.id)
    published = next(map(say.day, report.published), "no day stated")
    return Source(
        kind=one.kind,
        heading=f"{report.outlet or 'Outlet not named'}, {published}",
        title=shortened(" ".join(report.title.split()), _LONG),
        url=report.url if report.url.startswith(("http://", "https://")) else "",
        quoted=" ".join(words(report.text, one.pieces).split()),
        marks=tuple(word for _, word in say.marks(claim)) if claim else (),
        facts=tuple(facts),
    )


def told(source: Source) -> str:
    """The facts of a source in running text, its digest on a line of its own."""
    facts = [f"{name} {value}" for name, value in source.facts]
    return f"{' · '.join(facts[:-1])}\n{facts[-1]}"


def _footage(one: Exhibit, made: Shown) -> Source:
    heading = f"Footage: {made.places.get(one.capture, one.id).rpartition('/')[2]}"
    facts = [("release", one.id)]
    if one.seconds:
        facts.append(("seconds", f"{one.seconds[0]:.1f}-{one.seconds[1]:.1f}"))
    if one.kind == MATCH:
        facts += [
            ("shows what is in", one.other),
            ("there at", f"{one.other_seconds[0]:.1f}-{one.other_seconds[1]:.1f} s"),
        ]
    return Source(one.kind, heading, facts=(*facts, ("original", one.digest)))


def parties(made: Shown) -> tuple[Party, ...]:
    """Everybody who says something in this brief, or of whom it is said, by one rule: most claims first."""
    names: dict[str, str] = {}
    said: dict[str, list[Claim]] = {}
    of_them: dict[str, int] = {}
    for id in dict.fromkeys(one.id for line in made.edition.lines for one in line.exhibits if one.kind == CLAIM):
        claim = made.claims.get(id)
        held = made.records.get(claim.report) if claim else None
        if not (claim and held):
            continue
        if claim.source:
            said.setdefault(_named(names, _fullest(claim, held[0])), []).append(claim)
        for target in claim.target:
            key = _named(names, target.text)
            of_them[key] = of_them.get(key, 0) + 1
    asked = {_key(one.party): one for one in made.approaches}
    for one in made.approaches:
        _named(names, one.party)
    found = [
        Party(
            name,
            len(said.get(key, ())),
            sum(map(say.is_denial, said.get(key, ()))),
            of_them.get(key, 0),
            asked[key].answer if key in asked else NOT_ASKED,
        )
        for key, name in names.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.claims, -one.of_them, _key(one.name))))


def sums(made: Shown) -> str:
    """`3 lines, 4 claims: 1 denial; of 3 parties 2 were not asked`."""
    everyone = parties(made)
    claims, denials = (sum(getattr(one, name) for one in everyone) for name in ("claims", "denials"))
    silent = sum(one.asked in (NOT_ASKED, NOT_APPROACHED) for one in everyone)
    return (
        f"{number(len(made.edition.lines), 'line')}, {number(claims, 'claim')} of named parties, "
        f"{number(denials, 'denial')} among them; {number(len(everyone), 'party', 'parties')}, {silent} not asked"
    )


def _fullest(claim: Claim, report: Report) -> str:
    """Who says it: the source as it stands, or whom its words refer to, whichever names more."""
    given = (say.speaker(claim, report), words(report.text, claim.source))
    return max(given, key=lambda name: (sum(word[:1].isupper() for word in name.split()[1:]), bool(name)))


def _named(names: dict[str, str], name: str) -> str:
    flat = " ".join(name.split()).strip(" .,;:")
    names.setdefault(_key(flat), flat[:1].upper() + flat[1:])
    return _key(flat)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold().removeprefix("the ").strip(" .,;:“”\"'")


def stands(edition: Edition) -> str:
    """How a brief stands, by whom and since when: `Draft, edition 4, by kim, 5 March 2031, 09:40 UTC`."""
    when = utc(edition.at)
    verb = {ISSUED: "Issued", WITHDRAWN: "Withdrawn"}.get(edition.status, "Draft, not issued")
    return f"{verb}: edition {edition.number}, by {edition.who}, {when.day} {when:%B %Y, %H:%M} UTC"


def asked(one: Approach) -> str:
    """What came of asking, in a sentence without the party's name."""
    how = ", ".join(filter(None, (one.when, one.how)))
    if one.answer == NOT_APPROACHED:
        return f"not approached: {one.said}"
    words = one.said.strip('“”"')
    said = f": “{words}”" if words else ""
    return f"asked {how}; {one.answer}{said}"


def number(count: int, one: str, many: str = "") -> str:
    return say.number(count, one, many)


day = say.day

Fonts: TypeAlias = Sequence[Path]
"""Further fonts (TrueType or OpenType files) that a PDF may be set in, where ours have no glyph."""


def _html(made: Shown, fonts: Fonts) -> bytes:
    from purport.brief import folio_html

    return folio_html.render(made).encode()


def _markdown(made: Shown, fonts: Fonts) -> bytes:
    from purport.brief import folio_markdown

    return folio_markdown.render(made).encode()


def _pdf(made: Shown, fonts: Fonts) -> bytes:
    from purport.brief import folio_pdf

    return folio_pdf.render(made, fonts)


def _docx(made: Shown, fonts: Fonts) -> bytes:
    from purport.brief import folio_docx

    return folio_docx.render(made)


FORMS: Mapping[str, Callable[[Shown, Fonts], bytes]] = {"html": _html, "md": _markdown, "pdf": _pdf, "docx": _docx}
"""How a kept brief can be written. Libraries of a form are loaded when it is asked for."""
TYPES = {
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
