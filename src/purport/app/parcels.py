"""Exports in the standards of others: what was asked for is gathered, what is marked higher stays behind, all is
written whole or not at all, and the custody log tells of it.

    stories, reports, claims, a search, or all > pieces > a standard's module > a file, or a folder of pages
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from pathlib import Path
from typing import TextIO

import msgspec

from purport.app.footage import find, references, release, searchable
from purport.app.house import House
from purport.app.marking import levels
from purport.app.reviewing import standing
from purport.app.stories import traced
from purport.brief.exports import FORMS, SITE, Cover, Footage, Parcel, Piece, write_site
from purport.core.custody import Deed
from purport.core.errors import NotFoundError, PurportError, UsageError
from purport.core.findings import Findings
from purport.core.marks import CLEAR, above, parsed
from purport.core.origins import Traced
from purport.core.ports import ANY, Told
from purport.core.records import Capture, Claim, Query, Reading, Release, Report
from purport.core.reviews import REJECTED, UNREVIEWED
from purport.core.times import iso
from purport.pipeline import Studio

STORIES = 500  # reports up to which a site of a whole ledger has its stories, too: they are traced in memory
WORDS = 1000  # claims that are taken of a search by words: the best


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to go along: entries by their ids, or what a query finds; nothing at all is the whole ledger."""

    form: str
    ids: tuple[str, ...] = ()  # of stories, reports and claims
    query: Query = ANY
    ceiling: str = CLEAR
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handed:
    """What went along and what did not."""

    form: str
    counts: dict[str, int]
    remarks: tuple[str, ...]
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the ids lead to: reports with those of their claims that go along; none: all of them."""

    reports: dict[str, set[str]] = field(default_factory=dict)
    stories: tuple[Traced, ...] = ()
    title: str = ""


def export(
    house: House,
    wanted: Wanted,
    target: Path,
    studio: tuple[Studio, ...] = (),
    told: Told = lambda share: None,
    tool: str = "purport",
) -> Handed:
    """Write an export to a place that is still free, whole or not at all. Raises UsageError, NotFoundError."""
    if wanted.form not in (*FORMS, SITE):
        raise UsageError(f"There is no export called {wanted.form!r}. There are {', '.join((*FORMS, SITE))}.")
    if os.path.lexists(target):
        raise UsageError(f"{target} is there already. Give another name, or move it away.")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {target.parent}. Make it, or give another place.")
    about = (wanted.form, *wanted.ids, f"up to TLP:{wanted.ceiling}", target.name)
    try:
        made = parcel(house, wanted, studio, told, tool)
        if wanted.form == SITE:
            with _folder(target) as folder:
                write_site(made, folder)
        else:
            with _file(target) as out:
                FORMS[wanted.form].write(made, out)
    except PurportError as error:
        house.writer.add(entries=[Deed("export", about, "failed", str(error))])
        raise
    house.writer.add(entries=[Deed("export", about, detail=" ".join(made.withheld()))])
    return Handed(wanted.form, dict(made.counts), tuple(made.remarks()), _size(target))


def parcel(
    house: House,
    wanted: Wanted,
    studio: tuple[Studio, ...] = (),
    told: Told = lambda share: None,
    tool: str = "purport",
) -> Parcel:
    """What goes along, drawn from the ledger as it is written. Raises NotFoundError and UsageError."""
    ceiling = parsed(wanted.ceiling)
    of_report, of_release = levels(house)
    if wanted.ids and wanted.query != ANY:
        raise UsageError("Name stories, reports and claims, or narrow a search: not both at once.")
    behind: dict[str, str] = {}  # reports of the stories that are marked higher

    def kept(id: str) -> bool:
        level = of_report(house.view.report(id))
        if above(level, ceiling):
            behind[id] = level
        return id not in behind

    chosen = _chosen(house, wanted.ids, kept)
    whole = not wanted.ids and wanted.query == ANY
    if whole and wanted.form == SITE and house.view.sizes()["reports"] <= STORIES:
        with suppress(NotFoundError):  # there is no report yet
            chosen = replace(chosen, stories=tuple(traced(house, kept=kept)))
    title = chosen.title or "What is reported, and on whose word"
    notes = (*wanted.notes, *_notes(house, wanted))
    cover = Cover(title, _what(wanted), house.clock.now().replace(microsecond=0), ceiling, tool, notes)

    judged = any(True for kept in house.reviews for _ in kept.reviews())

    def pieces() -> Iterator[Piece]:
        total = len(chosen.reports) if wanted.ids else house.view.sizes()["reports"] if whole else 0
        for number, (report, claims) in enumerate(_drawn(house, wanted, chosen)):
            told(min(1.0, number / total) if total else 0.0)
            made = _piece(house, report, claims, of_report(report), wanted)
            yield _judged(house, made, bool(wanted.query.reviewed)) if judged else made

    def footage() -> Iterator[Footage]:
        for found, capture in _releases(house, wanted, chosen):
            yield Footage(
                found, capture, of_release(found.id, capture), _seen(house, studio, found, wanted, of_release)
            )

    made = Parcel(cover, pieces, footage, chosen.stories)
    for id, level in behind.items():
        made.leave("report", level, id)
    return made


def _chosen(house: House, ids: tuple[str, ...], kept: Callable[[str], bool]) -> Chosen:
    """What the ids mean; a claim goes alone, a report with all its claims, a story with its reports."""
    reports: dict[str, set[str]] = {}
    whole: list[str] = []
    stories: list[Traced] = []
    titles: list[str] = []
    for id in ids:
        found = _entry(house, id)
        if found:
            report, claim = found[0]
            reports.setdefault(report.id, set()).update([claim] if claim else [])
            whole += [] if claim else [report.id]
            titles += [report.title or report.id] if kept(report.id) else []
            continue
        for one in traced(house, (id,), kept=kept):
            stories.append(one)
            titles.append(one.title)
            whole += dict.fromkeys(entry.report for entry in one.timeline)
    reports |= {id: set() for id in whole}
    title = titles[0] if len(set(titles)) == 1 else f"{len(ids)} entries" if titles else ""
    return Chosen(reports, tuple(stories), " ".join(title.split()))


def _entry(house: House, id: str) -> tuple[tuple[Report, str], ...]:
    """The report that an id means, with the claim's id if it is one of a claim; nothing for a story. Raises
    NotFoundError.
    """
    if id.startswith("report-"):
        return ((house.view.report(id), ""),)
    if id.startswith("claim-"):
        claim, report = house.view.claim(id)
        return ((report, claim.id),)
    if not id.startswith("story-"):
        with suppress(NotFoundError):
            return ((house.view.report(id), ""),)
        with suppress(NotFoundError):
            claim, report = house.view.claim(id)
            return ((report, claim.id),)
    return ()


def _drawn(house: House, wanted: Wanted, chosen: Chosen) -> Iterator[tuple[Report, tuple[Claim, ...] | set[str]]]:
    """Reports with the claims that were found, or with the ids of those that were named: none of them is all."""
    if wanted.ids:
        for id, named in chosen.reports.items():
            yield house.view.report(id), named
    elif wanted.query == ANY:
        for report in house.view.reports():
            yield report, set()
    elif wanted.query.words.strip():  # the best come first, so that a report may come again
        held: dict[str, tuple[Report, list[Claim]]] = {}
        for claim, report in islice(house.view.claims(wanted.query), WORDS):
            held.setdefault(report.id, (report, []))[1].append(claim)
        yield from ((report, tuple(claims)) for report, claims in held.values())
    else:
        for _, group in groupby(house.view.claims(wanted.query), key=lambda pair: pair[1].id):
            pairs = list(group)
            yield pairs[0][1], tuple(claim for claim, _ in pairs)


def _piece(house: House, report: Report, found: tuple[Claim, ...] | set[str], level: str, wanted: Wanted) -> Piece:
    capture = house.view.capture(report.capture)
    reading = next(house.view.readings(report.id), Reading("", report.id, "", ()))
    claims = found if isinstance(found, tuple) else reading.claims
    if isinstance(found, set) and found:
        claims = tuple(claim for claim in claims if claim.id in found)
        known = {claim.id for claim in claims}  # a claim of an earlier reading is named as well as one of the last
        claims += tuple(house.view.claim(id)[0] for id in sorted(found - known))
    gaps = tuple(house.view.gaps_about(_names(report, capture))) if wanted.form == SITE else ()
    return Piece(report, capture, reading.id, reading.reader, claims, level, gaps)


def _judged(house: House, piece: Piece, asked: bool) -> Piece:
    """With how its claims stand by what people decided; without those that were rejected as misread, unless they are
    `asked` for.
    """
    stands = {id: one.state for id, one in standing(house, [(one, piece.report) for one in piece.claims]).items()}
    kept = tuple(claim for claim in piece.claims if asked or stands.get(claim.id) != REJECTED)
    told = {id: state for id, state in stands.items() if state != UNREVIEWED}
    return msgspec.structs.replace(piece, claims=kept, stands=told, rejected=len(piece.claims) - len(kept))


def _names(report: Report, capture: Capture) -> list[str]:
    """By what gaps may name this report."""
    names = (report.id, report.url, report.input_id, capture.id, capture.place, capture.url, capture.digest)
    return list(dict.fromkeys(names))


def _releases(house: House, wanted: Wanted, chosen: Chosen) -> Iterator[tuple[Release, Capture]]:
    """All releases with a whole ledger; with stories and reports those that they refer to; with a search none."""
    if wanted.query != ANY:
        return
    if not wanted.ids:
        yield from house.view.releases()
    elif chosen.reports and any(True for _ in house.view.releases()):
        meant = (id for _, one in references(house, list(chosen.reports)) for id in one.releases)
        for id in dict.fromkeys(meant):
            yield release(house, id)


def _seen(
    house: House,
    studio: tuple[Studio, ...],
    found: Release,
    wanted: Wanted,
    level: Callable[[str, Capture], str],
) -> tuple[Findings, ...]:
    """Where a release was seen before, where the export tells of it; never in what is marked higher."""
    if wanted.form != "mediareview" or not found.prints or len(searchable(house)) < 2:
        return ()
    ceiling = parsed(wanted.ceiling)
    seen = (find(house, tools, found.id) for tools in studio)
    return tuple(
        msgspec.structs.replace(
            one, sightings=tuple(s for s in one.sightings if not above(level(s.release.id, s.capture), ceiling))
        )
        for one in seen
    )


def _what(wanted: Wanted) -> str:
    """What was asked for, in words."""
    if wanted.ids:
        return f"Of {', '.join(wanted.ids)}"
    asked = {
        "words": wanted.query.words,
        "act": wanted.query.act,
        "stance": wanted.query.stance,
        "kind of source": wanted.query.source_kind,
        "outlet": wanted.query.outlet,
        "report": wanted.query.report,
        "from": next((iso(time) for time in wanted.query.since), ""),
        "until": next((iso(time) for time in wanted.query.until), ""),
        "reviewed": wanted.query.reviewed,
        "at most": str(wanted.query.limit or ""),
    }
    told = ", ".join(f"{name} {value}" for name, value in asked.items() if value)
    return f"Claims by {told}" if told else "The whole ledger"


def _notes(house: House, wanted: Wanted) -> Iterator[str]:
    if wanted.query.words.strip() and any(True for _ in islice(house.view.claims(wanted.query), WORDS, None)):
        yield f"Of a search by words the best {WORDS:,} claims at most."
    if wanted.form == SITE and not wanted.ids and wanted.query == ANY and house.view.sizes()["reports"] > STORIES:
        yield f"Stories are left out, since there are more than {STORIES:,} reports: export them one by one."


@contextmanager
def _file(target: Path) -> Iterator[TextIO]:
    """A text file that gets its name when it is whole; line ends as they are written."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.absolute().parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as out:
            yield out
            out.flush()
            os.fchmod(handle, 0o644)
            os.fsync(handle)
        Path(name).rename(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _folder(target: Path) -> Iterator[Path]:
    """A folder that gets its name when all is in it."""
    name = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.absolute().parent))
    try:
        yield name
        name.chmod(0o755)
        name.rename(target)
    except BaseException:
        shutil.rmtree(name, ignore_errors=True)
        raise


def _size(target: Path) -> int:
    files = [target] if target.is_file() else [one for one in target.rglob("*") if one.is_file()]
    return sum(one.stat().st_size for one in files)
