"""Where footage was seen before, a line each, in a terminal and as JSON; and hits of a list of hashes."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.style import Style
from rich.text import Text

from purport.brief import words as say
from purport.brief.edits import edits
from purport.brief.outages import clock as moment
from purport.brief.releases import clock, short
from purport.core.findings import Findings, Hit, Sighting
from purport.core.matches import SAME_SCENE, UNDECIDABLE, Match

SHORTEST = 0.5  # seconds: what is shorter is not told as found nowhere
MOVES = 1.5  # of Match.movement, from which there is something to tell by

_NAME, _QUIET, _DOUBT = Style(bold=True), Style(dim=True), Style(color="yellow")

Interval = tuple[float, float]


def show(findings: Findings, console: Console) -> None:
    """What was found, in the order of the query's time, and what of it was found nowhere."""
    about = clock(findings.duration) if findings.duration else "a still picture"
    console.print(Text(f"{say.inert(findings.title)}  {about}", _NAME, overflow="fold"), soft_wrap=True)
    for one in findings.sightings:
        style = _DOUBT if one.match.kind in (SAME_SCENE, UNDECIDABLE) else Style()
        console.print(Text(say.inert(line(one, findings)), style, overflow="fold"), soft_wrap=not console.is_terminal)
        for words in reasons(one.match):
            console.print(Text(f"    {words}", _QUIET), soft_wrap=not console.is_terminal)
    console.print(Text(closing(findings)), soft_wrap=not console.is_terminal)


def line(one: Sighting, findings: Findings, whole: bool = True) -> str:
    """`0:41.2–0:47.6 here = 3:12.4–3:18.8 in release-3f0c…  (pier.mp4) (mirrored, 1.06×) same footage · 0.97`.

    `whole`: is the file named by its id and whole path, or by the path's last part?
    """
    match = one.match
    done = edits(match, (findings.width, findings.height), (one.release.width, one.release.height))
    said = [f"{between(match.query_start, match.query_end)} here"] if findings.duration else ["it"]
    place = one.capture.place
    said += [
        f"= {between(match.reference_start, match.reference_end)} in",
        f"{short(match.reference)} ({place})" if whole else file_name(place),
        *([f"({', '.join(done)})"] if done else []),
        match.kind,
    ]
    return f"{' '.join(said)} · {'the same bytes' if one.same_bytes else f'{match.score:.2f}'}"


def between(start: float, end: float) -> str:
    """`0:41.2–0:47.6`, and `the picture` where there is but one."""
    return f"{clock(start)}–{clock(end)}" if end > start else "the picture"


def reasons(match: Match) -> Iterator[str]:
    """Why it is not called the same footage, and what made its marks count for less."""
    if match.kind == SAME_SCENE:
        yield f"the same view at another time: what moves does not agree ({match.agreement:.2f})"
    elif match.kind == UNDECIDABLE and match.movement < MOVES:
        yield "nothing moves that could tell one time from another"
    elif match.kind == UNDECIDABLE:
        yield f"what moves agrees in part only ({match.agreement:.2f}): it may be another time"
    if round(100 * match.discount) >= 1:
        others = say.number(max(1, match.shared - 1), "other release")
        yield f"places shared with {others} count less: {100 * match.discount:.0f} % off"


def file_name(place: str) -> str:
    """The last part of where a file came from; all of it where that is empty."""
    return place.rpartition("/")[2].partition("#")[0] or place


def nowhere(findings: Findings) -> list[Interval]:
    """What of the query no match of any kind covers."""
    found, reached = [], 0.0
    for start, end in sorted((one.match.query_start, one.match.query_end) for one in findings.sightings):
        found.append((reached, start))
        reached = max(reached, end)
    found.append((reached, findings.duration))
    return [(start, end) for start, end in found if end - start >= SHORTEST]


def closing(findings: Findings) -> str:
    """What was found nowhere, and in how much it was sought: it says nothing of other footage."""
    where = say.number(findings.searched, "release")
    where += f", {clock(findings.seconds)} of video" if findings.seconds else ""
    when = "".join(f" Compared {moment(at)}." for at in findings.compared)
    if not findings.sightings:
        return f"Not found. Searched: {where}.{when} That says nothing of footage that was not taken in."
    lost = ", ".join(between(*one) for one in nowhere(findings))
    return f"Not found: {lost}. Searched: {where}.{when}" if lost else f"Searched: {where}.{when}"


def as_json(findings: Findings) -> Iterator[dict[str, Any]]:
    """One object a match (docs/json.md)."""
    for one in findings.sightings:
        match = one.match
        yield {
            "query": match.query,
            "reference": match.reference,
            "query_start": match.query_start,
            "query_end": match.query_end,
            "reference_start": match.reference_start,
            "reference_end": match.reference_end,
            "speed": match.speed,
            "mirrored": match.mirrored,
            "kind": match.kind,
            "score": match.score,
            "marks": match.marks,
            "discount": match.discount,
            "shared": match.shared,
            "view": match.view,
            "agreement": match.agreement,
            "movement": match.movement,
            "edits": edits(match, (findings.width, findings.height), (one.release.width, one.release.height)),
            "same_bytes": one.same_bytes,
            "place": one.capture.place,
        }


def hit(one: Hit, console: Console) -> None:
    """`0:03.0 in release-3f0c (pier.mp4) = line 12 of the list · 4 of 256 bits differ`."""
    bits = f"{one.distance} of 256 bits differ" if one.distance else "the same hash"
    said = (
        f"{clock(one.second)} in {short(one.release.id)} ({one.capture.place}) = line {one.line} of the list · {bits}"
    )
    console.print(Text(say.inert(said), overflow="fold"), soft_wrap=not console.is_terminal)


def hit_as_json(one: Hit) -> dict[str, Any]:
    return {
        "release": one.release.id,
        "second": one.second,
        "hash": one.hash,
        "listed": one.listed,
        "line": one.line,
        "distance": one.distance,
        "place": one.capture.place,
    }


def hits_closing(hits: Sequence[Hit], hashes: int, releases: int) -> str:
    """How much was compared."""
    where = f"{say.number(hashes, 'listed hash', 'listed hashes')} with {say.number(releases, 'release')}"
    return f"{say.number(len(hits), 'hit')}. Compared: {where}."
