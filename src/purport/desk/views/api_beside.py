"""More as JSON: what is beside a report or a release, disputes, and handling marks."""

from typing import Any

import msgspec

from purport import app
from purport.app import browsing, editing, holding, marking
from purport.brief import edit_lines, sightings, transcripts
from purport.core.copies import Copy
from purport.core.errors import NotFoundError
from purport.core.marks import Mark
from purport.core.origins import Dispute
from purport.core.people import READER
from purport.core.references import Reference
from purport.desk.premises import Here
from purport.desk.views.answers import address
from purport.desk.views.asked import Id
from purport.desk.views.releases import references as references_of
from purport.desk.views.releases import seen
from purport.desk.views.stories import traced
from purport.desk.views.today import pulse


class Disputes(msgspec.Struct, frozen=True):
    disputes: tuple[Dispute, ...]
    reports: int  # that were looked at


class Edits(msgspec.Struct, frozen=True):
    url: str  # of the page; empty: it has none that could be looked at again
    edits: list[dict[str, Any]]  # each as `purport edits --json` prints it


class Copies(msgspec.Struct, frozen=True):
    copies: list[Copy]
    looked_at: int  # reports at most that were compared


class Reuse(msgspec.Struct, frozen=True):
    matches: list[dict[str, Any]]  # each as `purport footage find --json` prints it
    searched: int  # releases
    seconds: float  # of video in them
    missed: tuple[str, ...]


@address("/api/disputes")
def disputes(here: Here) -> Disputes:
    """Disputes among the latest reports, as Today shows them; those of a story stand in the story."""
    found = pulse(here)
    return Disputes(found.disputes, found.reports)


@address("/api/story/{id:str}/disputes")
def story_disputes(here: Here, id: Id) -> Disputes:
    """Disputes in a story, by its id or that of a report or claim in it."""
    found = traced(here, id)
    return Disputes(found.disputes, len(found.account.reports))


@address("/api/report/{id:str}/edits")
def edits(here: Here, id: Id) -> Edits:
    """What was edited in a report's page, version by version."""
    report = here.house.view.report(id)
    revisions = editing.of_page(here.house.view, report.url) if report.url else ()
    return Edits(
        report.url, [edit_lines.as_json(edit, one.url, *one.captures) for one in revisions for edit in one.edits]
    )


@address("/api/report/{id:str}/copies")
def copies(here: Here, id: Id) -> Copies:
    """Reports that share passages with one; the largest share first. One that was not compared with all others yet is
    compared with those that hold one of its phrases."""
    found = browsing.shared(here.house, here.house.view.report(id))
    return Copies([one.copy for one in found], browsing.AT_MOST)


@address("/api/release/{id:str}/words")
def words(here: Here, id: Id) -> dict[str, Any]:
    """What is said and shown in a release, with its seconds, if somebody had it put into words."""
    found, capture = app.release(here.house, id)
    for pen in here.scribe:
        for made, kept in holding.words_of(here.house.view, here.house.blobs, found.id, pen.version):
            spoken = here.house.view.reported(kept.id)
            pairs = [(one, reading) for one in spoken for reading in list(here.house.view.readings(one.id))[:1]]
            return transcripts.as_json(found, capture, made, pairs)
    raise NotFoundError(f"{found.id} is not put into words yet: purport footage words {found.id} does it.")


@address("/api/release/{id:str}/references")
def references(here: Here, id: Id) -> list[Reference]:
    """Which reports refer to a release, with the words that say so."""
    found, _ = app.release(here.house, id)
    return [one for _, one in references_of(here) if found.id in one.releases]


@address("/api/release/{id:str}/reuse", opt={"role": READER, "dear": True})
def reuse(here: Here, id: Id) -> Reuse:
    """Where else a release was seen, among the other releases; it is sought when asked for, which may take long."""
    found, _ = app.release(here.house, id)
    findings = seen(here, found)
    return Reuse(list(sightings.as_json(findings)), findings.searched, findings.seconds, findings.missed)


@address("/api/marks")
def marks(here: Here) -> list[Mark]:
    """The handling marks that hold (TLP 2.0); what has none is CLEAR."""
    return list(marking.marks_of(here.house))


HANDLERS = (disputes, story_disputes, edits, copies, words, references, reuse, marks)
