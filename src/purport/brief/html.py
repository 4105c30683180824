"""A brief as one self-contained page: no request leaves it, and nothing in a report's words can run in it."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import jinja2
import msgspec
from markupsafe import Markup

from purport.brief import words as say
from purport.brief.brief import Brief, Counts, Entry, anchor, arrange, check, concerns, count
from purport.brief.highlight import Mark, highlight
from purport.brief.provenance import draw
from purport.core.records import Claim, Gap, Report
from purport.core.spans import words
from purport.core.times import iso


class Line(msgspec.Struct, frozen=True):
    """One claim as the page shows it."""

    number: int
    claim: Claim
    source: str
    speaker: str
    cue: str
    act: str
    marks: tuple[tuple[str, str], ...]
    stance_words: str
    content: str
    facts: tuple[str, ...]
    hops: tuple[str, ...]
    inside: tuple["Line", ...]


class Section(msgspec.Struct, frozen=True):
    """One report as the page shows it. `key` begins the ids of everything in it."""

    key: str
    entry: Entry
    counts: Counts
    text: Markup
    lines: tuple[Line, ...]
    drawing: Markup
    gaps: tuple[Gap, ...]


def render(brief: Brief, home: str = "") -> str:
    """The page, complete. Raises EvidenceError when a line's evidence can't be opened (see `check`).

    `home` is where a page that is one of several leads back to.
    """
    check(brief)
    style, script = asset("brief.css"), asset("brief.js")
    policy = (
        f"default-src 'none'; style-src '{source_hash(style)}'; script-src '{source_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    sections = [section(f"r{i}", entry, brief.gaps) for i, entry in enumerate(brief.entries, 1)]
    placed = {gap.id: section.key for section in sections for gap in section.gaps}
    return (
        templates()
        .get_template("brief.html")
        .render(
            brief=brief,
            home=home,
            sections=sections,
            placed=placed,
            policy=Markup(policy),
            style=Markup(style),
            script=Markup(script),
        )
    )


def section(key: str, entry: Entry, gaps: Sequence[Gap], copied: Sequence[Mark] = ()) -> Section:
    """A report with its claims, in a page where ids begin with `key`; `copied` marks what other reports have, too."""
    report = entry.report
    placed = arrange(entry.claims)
    numbers = {claim.id: i for i, (claim, _) in enumerate(placed, 1)}
    return Section(
        key,
        entry,
        count([entry.claims]),
        _text(key, report, placed, numbers, copied),
        _lines(report, placed, numbers),
        draw([claim for claim, _ in placed], report, numbers, f"#{key}c"),
        tuple(gap for gap in gaps if concerns(gap, entry)),
    )


def _lines(report: Report, placed: Sequence[tuple[Claim, int]], numbers: dict[str, int]) -> tuple[Line, ...]:
    # From the last to the first, each line gathers those that stand below it.
    waiting: dict[int, list[Line]] = {}
    for claim, depth in reversed(placed):
        inside = tuple(reversed(waiting.pop(depth + 1, [])))
        line = Line(
            number=numbers[claim.id],
            claim=claim,
            source=say.source(claim, report),
            speaker=say.speaker(claim, report),
            cue=say.cue(claim, report),
            act=say.act(claim, report),
            marks=tuple(say.marks(claim)),
            stance_words=say.stance_words(claim, report),
            content=words(report.text, claim.content),
            facts=tuple(say.facts(claim)),
            hops=tuple(say.named(h.text) or say.kind(h.kind) for h in say.hops(claim, report)),
            inside=inside,
        )
        waiting.setdefault(depth, []).append(line)
    return tuple(reversed(waiting.get(0, [])))


def _text(
    key: str,
    report: Report,
    placed: Sequence[tuple[Claim, int]],
    numbers: dict[str, int],
    copied: Sequence[Mark],
) -> Markup:
    marks = list(copied)
    notes: dict[int, list[Markup]] = {}
    for claim, _ in placed:
        number = numbers[claim.id]
        manner = " ".join(word for _, word in say.marks(claim))
        roles = (("source", claim.source), ("cue", claim.cue), ("content", claim.content))
        marks += [Mark(s, e, role, number, manner) for role, pieces in roles for s, e in pieces]
        notes.setdefault(anchor(claim), []).append(
            Markup('<a class="ref" id="{0}w{1}" href="#{0}c{1}" data-n="{1}" aria-label="Claim {1}"></a>').format(
                key, number
            )
        )
    return highlight(report.text, marks, notes)


@cache
def asset(name: str) -> str:
    return files("purport.brief").joinpath("templates", name).read_text("utf-8")


def source_hash(content: str) -> str:
    """The source expression of an inline element (https://www.w3.org/TR/CSP3/#grammardef-hash-source)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


@cache
def templates() -> jinja2.Environment:
    """The templates of this room: what is filled in is escaped, and what is missing is an error."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("purport.brief"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"iso": iso, "day": say.day, "kind": say.kind, "credits": say.credits, "number": say.number}
    return made
