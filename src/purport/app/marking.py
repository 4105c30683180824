"""Handling marks: set one, list them, and tell how far a report, a release or a brief may go."""

from collections.abc import Callable, Iterator

from purport.app.house import House
from purport.core import marks
from purport.core.errors import NotFoundError, UsageError
from purport.core.marks import BRIEF, RELEASE, REPORT, SOURCE, Mark, Marked
from purport.core.ports import Marks
from purport.core.records import Capture, Report

KINDS = (REPORT, RELEASE, BRIEF, SOURCE)


def mark(house: House, subject: str, level: str, why: str, who: str, kind: str = "") -> Mark:
    """Mark a report or release (by its id or the beginning of it), a brief by its id, or a source by its name.

    Without a `kind` it goes by how the id begins; a subject that is no id is a source. Raises NotFoundError and
    UsageError.
    """
    kept, named = _marks(house), subject.strip()
    found = kind or next((one for one in KINDS if named.startswith(f"{one}-")), SOURCE)
    url = ""
    if found == REPORT:
        report = house.view.report(named)
        named, url = report.id, report.url
    elif found == RELEASE:
        named = house.view.release(named).id
    elif found == BRIEF:
        named = next((kept.latest(named).brief for kept in house.briefs), named)
    elif not named:
        raise UsageError("Name what is to be marked: a report, a release, a brief, or a source.")
    elif found == SOURCE and not _is_source(house, named):
        raise NotFoundError(f"No report is of an outlet called {named!r}, and no watched source is called so.")
    made = marks.mark(found, named, level, why, who, house.clock.now(), url)
    kept.mark(made)
    return made


def _is_source(house: House, name: str) -> bool:
    names = {" ".join(one.last.source.split()).casefold() for one in house.view.standings()}
    return name.casefold() in names or any(name.casefold() == one.casefold() for one in house.view.outlets(10_000))


def marks_of(house: House) -> Iterator[Mark]:
    """The marks that hold, in the order in which they were set."""
    last = {(one.kind, one.subject): one for kept in house.marks for one in kept.marks()}
    yield from sorted(last.values(), key=lambda one: one.at)


def marked(house: House) -> Marked:
    """What is marked now."""
    return Marked(one for kept in house.marks for one in kept.marks())


def levels(house: House) -> tuple[Callable[[Report], str], Callable[[str, Capture], str]]:
    """How a report, and a release with its capture, may be handled; by the marks as they are now."""
    now = marked(house)

    def sources(capture: str, outlet: str = "") -> list[str]:
        watched = [name for kept in house.marks for name in kept.taken_for(capture)] if now else []
        return [*filter(None, [outlet]), *watched]

    def of_report(report: Report) -> str:
        return now.report(report.id, report.url, sources(report.capture, report.outlet))

    def of_release(id: str, capture: Capture) -> str:
        return now.release(id, sources(capture.id))

    return of_report, of_release


def _marks(house: House) -> Marks:
    for kept in house.marks:
        return kept
    raise UsageError("Marks are kept in a ledger; this house has none.")
