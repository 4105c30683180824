"""Releases: published footage, by the ladder. Words first, then small blurred grey stills; more only when asked for."""

from itertools import islice
from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import PathParameter

from purport import app
from purport.app import holding, marking
from purport.brief import releases as say
from purport.brief import reuse_map, sightings, transcripts
from purport.core.errors import NotFoundError
from purport.core.findings import Findings, Sighting
from purport.core.people import READER
from purport.core.records import Capture, Release, Report, Shot
from purport.core.references import Reference
from purport.core.transcript import Said, Shown, Transcript, Withheld, clock
from purport.desk.clips import is_shown
from purport.desk.pages import AT_ONCE, Asked, page
from purport.desk.premises import Here, Premises
from purport.desk.views.answers import address
from purport.desk.views.asked import Id, Skip
from purport.desk.views.stories import policy

SHOTS = 60  # of a release
LINES = 400  # of a transcript

Number = Annotated[int, PathParameter(ge=0, le=2**31)]

VERDICTS = {  # of C2PA, in words; never whether footage shows the truth
    "valid": "The file carries a signed statement of where it came from; the signature holds, and you vouch for the "
    "signer. That says who signed what, not that it shows what is said of it.",
    "untrusted": "The file carries a signed statement, and the signature holds, but the signer is on no trust list "
    "that you gave. Anybody can sign so.",
    "invalid": "The file carries a signed statement that does not hold: the file or the statement was changed since.",
    "none": "The file carries no signed statement of where it came from. Most files carry none; it says nothing.",
    "unknown": "It could not be told whether the file carries a signed statement.",
}
RUNGS = {"still": "still", "clip": "silent clip", "sound": "with sound"}
MEANINGS = {
    "firm": "by an address",
    "likely": "it alone fits the stated length and date",
    "possible": "it alone fits one of the stated length or date",
    "undecidable": "several fit",
}


class Spoken(msgspec.Struct, frozen=True):
    """A line of a transcript: when, what, and whether it is said, written, or withheld."""

    second: float
    when: str
    what: str  # said | on screen | withheld
    text: str


@get("/releases", sync_to_thread=True, include_in_schema=False)
def releases(request: Asked, here: Here, skip: Skip = 0) -> Response[str]:
    found = list(islice(app.releases(here.house), skip, skip + AT_ONCE + 1))
    shown = [(release, capture, name(capture), facts(release, capture)) for release, capture in found[:AT_ONCE]]
    return page("releases", request, here, shown=shown, more=skip + AT_ONCE if len(found) > AT_ONCE else 0)


@get("/release/{id:str}", sync_to_thread=True, include_in_schema=False)
def release(request: Asked, here: Here, id: Id) -> Response[str]:
    found, capture = app.release(here.house, id)
    words = _words(here, found)
    told = [(one, list(_claims(here, kept))) for one, kept in words]
    return page(
        "release",
        request,
        here,
        **about(found, capture),
        shots=[(n, between(one)) for n, one in enumerate(found.shots[:SHOTS])],
        more_shots=max(0, len(found.shots) - SHOTS),
        transcript=[one for one, _ in words],
        spoken=[line for one, _ in words for line in spoken(one)[:LINES]],
        more_lines=sum(max(0, len(spoken(one)) - LINES) for one, _ in words),
        language=[transcripts.spoken(one) for one, _ in words],
        reports=[report for _, reports in told for report in reports],
        level=marking.levels(here.house)[1](found.id, capture),
        can_seek=bool(here.studio) and bool(found.prints),
    )


def about(found: Release, capture: Capture) -> dict[str, Any]:
    """What each page of a release says of it."""
    return {
        "release": found,
        "capture": capture,
        "file": name(capture),
        "facts": facts(found, capture),
        "verdict": VERDICTS[found.provenance.verdict],
        "shown": is_shown(found),
        "steps": ladder(found),
    }


def ladder(release: Release) -> list[tuple[str, str]]:
    """What there is to be asked for, the mildest first: its name in addresses, and in words."""
    there = {"image": ("still",), "audio": ("sound",)}.get(release.kind, ("still", "clip", "sound"))
    return [(one, RUNGS[one]) for one in there]


def facts(found: Release, capture: Capture) -> list[str]:
    """What it is, without what has a place of its own on the page."""
    elsewhere = {say.PROVENANCE[found.provenance.verdict], *(f"states {moment.words}" for moment in found.created)}
    return [one for one in say.facts(found, capture) if one not in elsewhere]


def name(capture: Capture) -> str:
    return sightings.file_name(capture.place)


def between(shot: Shot) -> str:
    return f"{say.clock(shot.start)}–{say.clock(shot.end)}" if shot.end > shot.start else ""


def _words(here: Premises, found: Release) -> list[tuple[Transcript, Capture]]:
    """The words of a release, if somebody had them made; none or one."""
    house = here.house
    return [pair for pen in here.scribe for pair in holding.words_of(house.view, house.blobs, found.id, pen.version)]


def _claims(here: Premises, kept: Capture) -> list[Report]:
    return list(here.house.view.reported(kept.id))


def spoken(made: Transcript) -> list[Spoken]:
    """What is said, what stands on screen and what was withheld, in the order of time."""
    found = [_line(one, "said") for one in made.heard.said] + [_line(one, "on screen") for one in made.seen.shown]
    held = [one for one in (*made.heard.withheld, *made.seen.withheld) if one.end > one.start]
    found += [Spoken(one.start, clock(one.start), "withheld", f"Not put into words: {one.cause}") for one in held]
    return sorted(found, key=lambda one: one.second)


def _line(one: Said | Shown | Withheld, what: str) -> Spoken:
    return Spoken(one.start, clock(one.start), what, one.text if not isinstance(one, Withheld) else one.detail)


@get("/release/{id:str}/still/{number:int}", sync_to_thread=True, include_in_schema=False)
def still(here: Here, id: Id, number: Number) -> Response[bytes]:
    """The small, grey, blurred still of a shot."""
    found, _ = app.release(here.house, id)
    if not (0 <= number < len(found.shots) and found.shots[number].still):
        raise NotFoundException
    data = here.house.blobs.get(found.shots[number].still)
    return Response(data, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})


@get("/release/{id:str}/reuse", opt={"role": READER, "dear": True}, sync_to_thread=True, include_in_schema=False)
def reuse(request: Asked, here: Here, id: Id) -> Response[str]:
    """Where else it was seen, among the other releases."""
    found, capture = app.release(here.house, id)
    findings = seen(here, found)
    lines = [
        (
            one,
            sightings.line(one, findings, whole=False),
            list(sightings.reasons(one.match)),
            name(one.capture),
            _moves(found, one),
        )
        for one in findings.sightings
    ]
    return page(
        "reuse",
        request,
        here,
        **about(found, capture),
        lines=lines,
        closing=sightings.closing(findings),
        missed=findings.missed,
    )


def _moves(found: Release, one: Sighting) -> bool:
    """Are both films, so that they can be looked at side by side?"""
    return found.kind == one.release.kind == "video" and is_shown(found) and is_shown(one.release)


@get("/release/{id:str}/reuse.svg", opt={"role": READER, "dear": True}, sync_to_thread=True, include_in_schema=False)
def map_picture(here: Here, id: Id) -> Response[bytes]:
    found, capture = app.release(here.house, id)
    drawn = reuse_map.draw(msgspec.structs.replace(seen(here, found), title=name(capture)))
    headers = {"content-security-policy": policy(drawn)}
    return Response(drawn.encode(), media_type="image/svg+xml", headers=headers)


def seen(here: Premises, found: Release) -> Findings:
    """Where it was seen before. Raises NotFoundError, and FootageError."""
    if not here.studio:
        raise NotFoundError("This desk was opened without what footage is sought with. purport footage find does it.")

    def find() -> Findings:
        with here.at_work:
            return app.find(here.house, here.studio[0], found.id)

    return here.told.recall(here.state(), ("seen", found.id), find)


@get("/release/{id:str}/referred", opt={"role": READER, "dear": True}, sync_to_thread=True, include_in_schema=False)
def referred(request: Asked, here: Here, id: Id) -> Response[str]:
    """Which reports refer to it, with the words that say so."""
    found, capture = app.release(here.house, id)
    said = [pair for pair in references(here) if found.id in pair[1].releases]
    looked = here.house.view.sizes()["reports"]
    return page(
        "referred",
        request,
        here,
        **about(found, capture),
        said=said[:AT_ONCE],
        count=len(said),
        looked=looked,
        meanings=MEANINGS,
    )


def references(here: Premises) -> list[tuple[Report, Reference]]:
    return here.told.recall(here.state(), "references", lambda: list(app.references(here.house)))


@address("/api/releases")
def api_releases(here: Here, skip: Skip = 0) -> list[dict[str, Any]]:
    """Releases as `purport footage list --json` prints them, so many at once."""
    return [say.as_json(*pair) for pair in islice(app.releases(here.house), skip, skip + AT_ONCE)]


@address("/api/release/{id:str}")
def api_release(here: Here, id: Id) -> Response[dict[str, Any]]:
    """A release as `purport footage show --json` prints it."""
    return Response(say.as_json(*app.release(here.house, id)))


HANDLERS = (releases, release, still, reuse, map_picture, referred, api_releases, api_release)
