"""The words of a release as a report of its own, which the reader reads like any other.

The report's text is what was said, a paragraph between two pauses; what stands on screen is another report. What they
were made from, with every second, is kept as bytes like any capture: so a claim opens its second in the footage.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from purport.core.errors import EvidenceError
from purport.core.ids import digest, make_id
from purport.core.records import Capture, Gap, Item, Note, Report, gap
from purport.core.times import Moment
from purport.core.transcript import SCREEN, SPEECH, Heard, Passage, Seen, Transcript, Withheld, clock, total, written

MEDIA_TYPE = "application/vnd.purport.transcript+json"
ON_SCREEN = " (on screen)"  # in the title of the report of what stands in the pictures
PAUSE = 2.0  # seconds of silence that begin a new paragraph


def transcript(release: str, place: str, heard: Heard, seen: Seen) -> Transcript:
    """What was heard and seen in a release. The id depends on it, the networks and their rules, and nothing else."""
    text, passages = told(heard)
    made = make_id("transcript", release, heard.model, seen.model, digest(text.encode()))
    return Transcript(made, release, place, text, passages, heard, seen)


def told(heard: Heard) -> tuple[str, tuple[Passage, ...]]:
    """What was said in the main language as text, with the place of each stretch in it."""
    text, passages = "", []
    before = None
    for number, one in enumerate(heard.said):
        if one.language != heard.language:
            continue
        if before is not None:
            text += "\n" if one.start - before.end >= PAUSE or broken(heard, before.end, one.start) else " "
        passages.append(Passage((len(text), len(text) + len(one.text)), number))
        text += one.text
        before = one
    return text, tuple(passages)


def broken(heard: Heard, start: float, end: float) -> bool:
    """Was something said in between that is withheld? Then two sentences must not run into one."""
    return any(one.start < end + 0.01 and one.end > start - 0.01 and one.end > one.start for one in heard.withheld)


def capture_id(release: str, version: str) -> str:
    """The id of the capture of a release's words, known before they are heard: the same networks hear the same."""
    return make_id("capture", "transcript", release, version)


def item(made: Transcript, version: str, now: datetime) -> Item:
    """The transcript as bytes to keep, with their capture."""
    data = msgspec.json.encode(made)
    place = f"{made.place}#words"
    id = capture_id(made.release, version)
    return Item(Capture(id, place, digest(data), len(data), now, MEDIA_TYPE, "transcript", stored=True), data)


def opened(data: bytes) -> Transcript:
    """The transcript in the bytes of its capture. Raises EvidenceError."""
    try:
        return msgspec.json.decode(data, type=Transcript)
    except msgspec.MsgspecError as error:
        raise EvidenceError(f"The stored transcript can't be read ({error}). Hear the release again.") from error


def reports(
    made: Transcript, capture: Capture, language_of: Callable[[str], str], published: tuple[Moment, ...] = ()
) -> tuple[Report, ...]:
    """The reports that the reader reads, of what is said and of what stands on screen, as far as there is any; their
    credits say in which release the words are. `language_of` tells the language of a text."""
    found = []
    if made.text:
        found.append(_report(made, capture, made.text, made.heard.language or "en", "video", published))
    shown, _ = written(made.seen)
    if shown:
        found.append(_report(made, capture, shown, language_of(shown), SCREEN, published))
    return tuple(found)


def _report(
    made: Transcript, capture: Capture, text: str, language: str, credit: str, published: tuple[Moment, ...]
) -> Report:
    text_digest = digest(text.encode())
    parts = (capture.id, text_digest) if credit == "video" else (capture.id, credit, text_digest)
    return Report(
        make_id("report", *parts),
        capture.id,
        text,
        text_digest,
        title=made.place.rpartition("/")[2] + ON_SCREEN * (credit == SCREEN),
        published=published,
        language=language,
        credits=(Note(named(made), kind=credit),),
    )


def named(made: Transcript) -> str:
    """The release as a chain shows it: its file's name, and enough of its id to open it."""
    return f"{made.place.rpartition('/')[2]} ({made.release[: len('release-') + 8]})"


def gaps(made: Transcript, now: datetime) -> Iterator[Gap]:
    """What was withheld, one gap a cause, so that a silent transcript is not taken for a silent film."""
    causes: dict[tuple[str, str], list[Withheld]] = {}
    for one in (*made.heard.withheld, *made.seen.withheld):
        causes.setdefault((one.what, one.cause), []).append(one)
    for (what, cause), found in causes.items():
        stage = "hear" if what == SPEECH else "look"
        yield gap(stage, made.place, cause, summed(found), now)
    if made.heard.said and not made.heard.language_confidence:
        detail = (
            f"The speech model knows “{made.heard.language}” only, so the language was not detected. "
            "Give PURPORT_SPEECH_MODEL one of several languages to have it detected."
        )
        yield gap("hear", made.place, "language-assumed", detail, now)


def summed(found: list[Withheld]) -> str:
    first = found[0]
    if len(found) == 1 and first.end <= first.start:
        return first.detail
    times = ", ".join(f"{clock(one.start)}–{clock(one.end)}" for one in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    where = "one stretch" if len(found) == 1 else f"{len(found)} stretches"
    return f"{total(found):.0f} s in {where} ({times}{more}) not put into words. First: {first.detail}"
