"""A brief: reports with their claims and gaps, put in order for people, each line able to open its evidence."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from purport.brief.words import is_denial, is_distanced, number
from purport.core.errors import EvidenceError
from purport.core.ids import digest, make_id
from purport.core.ports import Blobs
from purport.core.records import Capture, Claim, Gap, Reading, Report
from purport.core.spans import Span, cover, select
from purport.core.times import utc


class Counts(msgspec.Struct, frozen=True):
    reports: int
    claims: int  # repeated captions left out
    distanced: int
    denials: int
    gaps: int


class Entry(msgspec.Struct, frozen=True):
    """One report of a brief with the claims one reading found in it, each followed by those inside it."""

    report: Report
    capture: tuple[Capture, ...]  # the bytes it was read from; none makes `check` fail
    reading: str
    reader: str
    claims: tuple[Claim, ...]


class Brief(msgspec.Struct, frozen=True):
    id: str
    title: str
    made: datetime  # aware, UTC
    entries: tuple[Entry, ...]
    gaps: tuple[Gap, ...]
    counts: Counts


def build(
    readings: Sequence[tuple[Report, Reading]],
    captures: Iterable[Capture],
    gaps: Iterable[Gap],
    made_at: datetime,
    title: str = "",
) -> Brief:
    """A brief of some reports, in the order given. The id depends on what it holds, not on when it was made."""
    by_id = {capture.id: capture for capture in captures}
    entries = tuple(
        Entry(
            report,
            (by_id[report.capture],) if report.capture in by_id else (),
            reading.id,
            reading.reader,
            tuple(claim for claim, _ in arrange(reading.claims)),
        )
        for report, reading in readings
    )
    kept = tuple(gaps)
    return Brief(
        make_id("brief", [(e.report.id, e.reading) for e in entries], [g.id for g in kept]),
        title or _title(entries),
        utc(made_at),
        entries,
        kept,
        count([e.claims for e in entries], kept),
    )


def _title(entries: Sequence[Entry]) -> str:
    if len(entries) == 1 and entries[0].report.title:
        return entries[0].report.title
    return f"What {number(len(entries), 'report')} {'says' if len(entries) == 1 else 'say'}, and on whose word"


def count(claims: Sequence[Sequence[Claim]], gaps: Sequence[Gap] = ()) -> Counts:
    """What a group of reports holds; claims of a repeated caption are not counted twice."""
    said = [claim for of_report in claims for claim in of_report if not claim.repeated]
    return Counts(len(claims), len(said), sum(map(is_distanced, said)), sum(map(is_denial, said)), len(gaps))


def extent(claim: Claim) -> Span:
    """From the first to the last character that any role of the claim holds."""
    return cover((*claim.source, *claim.cue, *claim.content))


def anchor(claim: Claim) -> int:
    """Where a claim's number stands in the text, like a footnote's: behind the words that attribute it."""
    return claim.cue[-1][1] if claim.cue else extent(claim)[1]


def arrange(claims: Iterable[Claim]) -> list[tuple[Claim, int]]:
    """Claims as their numbers stand in the text, each followed by those inside it, with their depth (0: outermost).

    A claim whose holder is not among them, or that would hold itself, counts as outermost: none is lost.
    """
    ordered = sorted(claims, key=lambda c: (anchor(c), extent(c), c.id))
    known = {claim.id for claim in ordered}
    inside: dict[str, list[Claim]] = {}
    for claim in ordered:
        holder = claim.within if claim.within in known and claim.within != claim.id else ""
        inside.setdefault(holder, []).append(claim)
    placed: list[tuple[Claim, int]] = []
    seen: set[str] = set()
    for root in (*inside.get("", ()), *ordered):  # the second walk picks up rings, which have no outermost
        waiting = [(root, 0)]
        while waiting:
            claim, depth = waiting.pop()
            if claim.id in seen:
                continue
            seen.add(claim.id)
            placed.append((claim, depth))
            waiting += [(c, depth + 1) for c in reversed(inside.get(claim.id, []))]
    return placed


def concerns(gap: Gap, entry: Entry) -> bool:
    """Is the gap about this report: its id, its bytes, its place or one of its claims?"""
    names = {entry.report.id, entry.report.capture, entry.report.url, entry.report.input_id}
    names |= {name for capture in entry.capture for name in (capture.place, capture.url, capture.digest)}
    return bool(gap.subject) and (gap.subject in names or any(gap.subject == c.id for c in entry.claims))


def check(brief: Brief) -> None:
    """Make sure that every line of the brief opens its evidence; called by each export.

    Raises EvidenceError naming the first line that doesn't: a stored text that is no longer what was read,
    a report without its capture, or a claim whose exact words don't stand where it says.
    """
    for entry in brief.entries:
        report = entry.report
        name = report.title or report.id
        try:
            found = digest(report.text.encode())
        except UnicodeEncodeError:
            found = "none, it is not valid Unicode"
        if found != report.text_digest:
            raise EvidenceError(
                f"The stored text of “{name}” has the digest {found}, but {report.text_digest} was recorded: "
                f"restore it from its capture {report.capture}, or read that again."
            )
        if not any(c.id == report.capture and c.digest for c in entry.capture):
            raise EvidenceError(
                f"“{name}” was read from {report.capture}, which is not at hand: "
                "take its original in again and make the brief anew."
            )
        for claim in entry.claims:
            check_claim(claim, report)


def check_bytes(brief: Brief, blobs: Blobs) -> None:
    """Open the kept original of every report. Raises EvidenceError when one is gone or altered."""
    for entry in brief.entries:
        for capture in entry.capture:
            if capture.stored:
                blobs.get(capture.digest)


def check_claim(claim: Claim, report: Report) -> None:
    """Make sure that a claim's exact words stand where it says. Raises EvidenceError."""

    def fail(why: str) -> EvidenceError:
        return EvidenceError(
            f"{claim.id} in “{report.title or report.id}”: {why}. "
            "Read the report again (`purport read`) and make the brief anew."
        )

    if claim.report != report.id:
        raise fail(f"it belongs to {claim.report}, not to this report")
    size = len(report.text)
    pieces = (*claim.source, *claim.cue, *claim.content)
    if not pieces:
        raise fail("it points at no words")
    for start, end in (*pieces, *(r.span for r in claim.reasons), *(h.span for h in claim.chain)):
        if not 0 <= start <= end <= size:
            raise fail(f"characters {start}-{end} lie outside the stored text of {size}")
    # The selector holds the words of the claim: of its content, of its cue, or from its first to its last.
    exact = claim.selector.exact
    spans = {cover(claim.content), cover(claim.cue), extent(claim)} - {(0, 0)}
    if not exact or claim.selector not in [select(report.text, span) for span in spans]:
        raise fail(f"its exact words “{_short(exact)}” do not stand where it says")
    quoted = [(s.text, s.span) for s in claim.speaker] + [(t.text, t.span) for t in claim.target]
    quoted += [(t.words, t.span) for t in claim.time]
    for said, (start, end) in quoted:
        if (start, end) != (0, 0) and _flat(said) != _flat(report.text[start:end]):
            raise fail(f"the words “{_short(said)}” do not stand at characters {start}-{end}")


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
