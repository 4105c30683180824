"""The steps that compare versions of a page: from the ledger's reports to edits, and to what alerts are told of them.

reports of one address, as they were captured -> each with the next -> edits
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from purport.core.edits import Edit, Version
from purport.core.errors import NotFoundError
from purport.core.ports import View
from purport.core.records import Capture, Report
from purport.trace.edits import edits


@dataclass(frozen=True, slots=True)
class Revision:
    """A page and what became of it by the next capture with another text."""

    url: str
    before: Version
    after: Version
    captures: tuple[Capture, Capture]
    edits: tuple[Edit, ...]  # none: only its looks changed


def revisions(view: View, wanted: str = "") -> Iterator[Revision]:
    """What was edited in the pages that were captured more than once, each capture beside the one before it.

    `wanted`: the page of a report (its id or the beginning of it) or of an address; empty: all pages with several
    texts. Raises NotFoundError.
    """
    if not wanted:
        for url in view.edited():
            yield from of_page(view, url)
        return
    url = wanted if "://" in wanted else view.report(wanted).url
    if not url:
        raise NotFoundError(f"{wanted} has no address, so its other versions can't be told. Name a report with one.")
    if next(iter(view.page(url)), None) is None:
        raise NotFoundError(
            f"The ledger holds no report of {url}. purport edits without an address lists what it holds."
        )
    yield from of_page(view, url)


def of_page(view: View, url: str) -> Iterator[Revision]:
    for (before, first), (after, then) in pairwise(_texts(view, url)):
        yield revised(url, version(view, before), version(view, after), (first, then))


def revised(url: str, before: Version, after: Version, captures: tuple[Capture, Capture]) -> Revision:
    return Revision(url, before, after, captures, edits(before, after))


def version(view: View, report: Report) -> Version:
    """A report with the claims of its latest reading; without any if it was never read."""
    readings = islice(view.readings(report.id), 1)
    return Version(report, tuple(claim for reading in readings for claim in reading.claims))


def _texts(view: View, url: str) -> Iterator[tuple[Report, Capture]]:
    """The reports of a page, but those that repeat the text before them."""
    last = ""
    for report, capture in view.page(url):
        if report.text_digest != last:
            yield report, capture
        last = report.text_digest
