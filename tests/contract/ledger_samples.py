"""Small invented reports with their readings, written as lines a person can check.

    story("deny plain: The harbour ministry | denied | that the bridge had fallen", outlet="Dolva Post")

A line is `act stance: source | cue | content`; `>` before it: it stands in the content of another claim.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from purport.core.ids import digest, make_id
from purport.core.matches import SAME_FOOTAGE, Comparison, Match
from purport.core.records import (
    Capture,
    Claim,
    Mention,
    Note,
    Provenance,
    Reading,
    Release,
    Report,
    Shot,
    Speaker,
)
from purport.core.spans import cover, select
from purport.core.times import Moment

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


class Story(NamedTuple):
    captures: tuple[Capture, ...]
    reports: tuple[Report, ...]
    readings: tuple[Reading, ...]

    @property
    def report(self) -> Report:
        return self.reports[0]

    @property
    def claims(self) -> tuple[Claim, ...]:
        return self.readings[0].claims


def day(date: str) -> tuple[Moment, ...]:
    start = datetime.fromisoformat(date).replace(tzinfo=UTC)
    return (Moment(start, start + timedelta(days=1), date),)


def story(
    *lines: str,
    outlet: str = "Dolva Post",
    published: str = "",
    title: str = "",
    reader: str = "reader/1",
    kind: str = "government",
    speaker: str = "",
) -> Story:
    """One report that consists of its claims' sentences, with one reading."""
    parts = []
    text = ""
    for line in lines:
        labels, said = line.split(": ", 1)
        spans = []
        for words in said.split(" | "):
            spans.append((len(text), len(text) + len(words)))
            text += words + " "
        text = text[:-1] + ". "
        parts.append((labels, *spans))
    capture = Capture(
        make_id("capture", outlet, text),
        f"{outlet}.txt",
        digest(text.encode()),
        len(text.encode()),
        NOON,
        url="https://dolva.example/1",
    )
    report = Report(
        make_id("report", capture.id),
        capture.id,
        text,
        digest(text.encode()),
        title=title,
        byline="Ona Vell",
        outlet=outlet,
        url=capture.url,
        published=day(published) if published else (),
        credits=(Note("(DPA) —", (0, 0), "agency"),),
        input_id="7",
    )
    claims = []
    for position, (labels, source, cue, content) in enumerate(parts):
        act, stance = labels.removeprefix("> ").split()
        claims.append(
            Claim(
                id=make_id("claim", report.id, reader, position),
                report=report.id,
                source=(source,),
                cue=(cue,),
                content=(content,),
                act=act,
                stance=stance,
                polarity="-" if act == "deny" else "+",
                certainty="certain",
                quote="indirect",
                source_kind=kind,
                confidence=0.75,
                speaker=(Speaker(speaker, source, 0.8),) if speaker else (),
                target=(Mention(text[content[0] : content[0] + 4], (content[0], content[0] + 4)),),
                time=day("2031-05-03"),
                selector=select(text, cover((source, cue, content))),
                depth=int(labels.startswith("> ")),
                repeated=position == 3,
            )
        )
    reading = Reading(make_id("reading", report.id, reader), report.id, reader, tuple(claims))
    return Story((capture,), (report,), (reading,))


def release(place: str = "bridge.mp4", version: str = "examine/1", **facts: object) -> tuple[Capture, Release]:
    """An invented video with its capture."""
    sha = digest(place.encode())
    capture = Capture(make_id("capture", place, sha), place, sha, 4_700_000, NOON, kind="media", stored=True)
    held = {
        "id": make_id("release", capture.id, version),
        "capture": capture.id,
        "version": version,
        "kind": "video",
        "container": "mp4",
        "media_type": "video/mp4",
        "codecs": ("h264", "aac"),
        "duration": 47.5,
        "width": 640,
        "height": 360,
        "rate": 25.0,
        "created": day("2031-05-03"),
        "provenance": Provenance("untrusted", ("No trust list here vouches for the signer.",), "Ona Vell"),
        "shots": (Shot(0.0, 12.25, sha), Shot(12.25, 47.5)),
        "prints": "1",
    }
    return capture, Release(**(held | facts))  # type: ignore[arg-type]


def comparison(query: Release, reference: Release, library: str = "library-1", **facts: object) -> Comparison:
    """Two seconds of one release that are two seconds of another."""
    held = {
        "query_start": 1.0,
        "query_end": 3.0,
        "reference_start": 11.5,
        "reference_end": 13.5,
        "speed": 1.0,
        "mirrored": True,
        "kind": SAME_FOOTAGE,
        "score": 0.97,
        "view": (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
    }
    return Comparison(
        id=make_id("comparison", query.id, library),
        release=query.id,
        matcher="match/1",
        library=library,
        searched=1,
        seconds=reference.duration,
        duration=query.duration,
        width=query.width,
        height=query.height,
        at=NOON,
        missed=("2 of its packets could not be decoded.",),
        matches=(Match(query=query.id, reference=reference.id, **(held | facts)),),  # type: ignore[arg-type]
    )
