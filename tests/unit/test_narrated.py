"""The narrator of footage as a source, and the footage as a hop."""

from datetime import UTC, datetime

import pytest
from reader_samples import NoModel, Table

from purport.core.ids import digest, make_id
from purport.core.ports import Reader
from purport.core.records import Claim, Note, Reading, Report
from purport.core.spans import words
from purport.core.transcript import Heard, Said, Seen
from purport.footage import transcript
from purport.read.language import language_of
from purport.read.narrated import narrated, sentences
from purport.read.reader import ClaimReader

NOW = datetime(2031, 5, 14, tzinfo=UTC)
SPOKEN = (
    "We will come back, and no fence will keep us out. The minister denied that the bridge was closed. "
    "They took our fields.\nNo. We will burn the bridge."
)
MINISTER = ("The minister", "denied", "that the bridge was closed")


def report(text: str = SPOKEN, language: str = "en", kind: str = "video") -> Report:
    text_digest = digest(text.encode())
    credits = (Note("pier.mp4 (release-01234567)", kind=kind),)
    return Report(make_id("report", text), "capture-1", text, text_digest, language=language, credits=credits)


def told(one: Report, monkeypatch: pytest.MonkeyPatch) -> Reading:
    monkeypatch.setattr("purport.read.reader.tag", Table({one.text: [MINISTER]}))
    ((found, _),) = ClaimReader(NoModel()).read([one])  # type: ignore[arg-type]
    return found


def shown(one: Report, claims: tuple[Claim, ...]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [
        (words(one.text, c.source) or "-", words(one.text, c.content), [(hop.kind, hop.text) for hop in c.chain])
        for c in claims
    ]


def test_the_narrators_own_sentences_are_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    one = report()
    found = narrated(one, told(one, monkeypatch))
    voice = [("video", "pier.mp4 (release-01234567)"), ("narrator", "narrator")]
    assert shown(one, found.claims) == [
        ("-", "We will come back, and no fence will keep us out", voice),
        ("The minister", "that the bridge was closed", [*voice, ("office", "The minister")]),
        ("-", "They took our fields", voice),
        ("-", "We will burn the bridge", voice),
    ]
    own = found.claims[0]
    assert (own.speaker[0].text, own.source_kind, own.quote) == ("narrator", "narrator", "direct")
    assert own.chain[1].claim == own.id
    assert [claim.act for claim in found.claims] == ["say", "deny", "say", "threaten"]


def test_text_on_screen_is_a_source_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    one = report("The old market is closed. No way. The minister denied that the bridge was closed.", kind="screen")
    found = narrated(one, told(one, monkeypatch))
    writing = [("video", "pier.mp4 (release-01234567)"), ("screen", "text on screen")]
    assert shown(one, found.claims) == [
        ("-", "The old market is closed", writing),
        ("The minister", "that the bridge was closed", [*writing, ("office", "The minister")]),
    ]
    own = found.claims[0]
    assert (own.speaker[0].text, own.source_kind) == ("text on screen", "screen")


def test_ids_are_the_same_each_time_and_unlike(monkeypatch: pytest.MonkeyPatch) -> None:
    one = report()
    first, again = (narrated(one, told(one, monkeypatch)) for _ in range(2))
    assert first == again
    assert len({claim.id for claim in first.claims}) == 4


@pytest.mark.parametrize("changed", [{"language": "fr"}, {"kind": "agency"}])
def test_other_texts_are_left_alone(changed: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    one = report(**changed)
    reading = told(one, monkeypatch)
    assert narrated(one, reading) == reading


def test_a_reading_that_failed_stays_one() -> None:
    one = report()
    assert narrated(one, Reading("", one.id, "x", ())) == Reading("", one.id, "x", ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We will come. They left!", ["We will come"]),
        ("Dr. Holt was there. Who opened the gate?", ["Dr. Holt was there", "Who opened the gate?"]),
        ("we walk to the pier\nnobody is here now", ["we walk to the pier", "nobody is here now"]),
        ("No. Yes. Oh my.", []),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[slice(*span)] for span in sentences(text)] == expected


def test_a_transcript_read_by_the_reader_in_the_wheel(wheel_reader: Reader) -> None:
    spoken = "We will come back. The mayor said that nobody had been hurt. This is the old market."
    heard = Heard((Said(41.0, 49.0, spoken, 0.8, tuple(41.0 + k / 2 for k in range(len(spoken.split())))),), (), "en")
    made = transcript.transcript("release-0123456789", "pier.mp4", heard, Seen())
    (one,) = transcript.reports(made, transcript.item(made, "v", NOW).capture, language_of)
    ((reading, _),) = wheel_reader.read([one])
    found = {words(one.text, claim.content): claim for claim in narrated(one, reading).claims}
    mayor = next(claim for content, claim in found.items() if "nobody had been hurt" in content)
    assert words(one.text, mayor.source) == "The mayor"
    assert [hop.kind for hop in mayor.chain][:2] == ["video", "narrator"]
    assert "We will come back" in found
    assert "This is the old market" in found
