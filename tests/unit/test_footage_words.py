"""`purport footage words` and `refers`: footage put into words, kept, read once, and linked to."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import pytest
from desk_samples import Desk
from house_samples import house, read
from picture_samples import ground, written
from sound_samples import film, needs_voice, needs_weights, silence, tone, voice

from purport import app
from purport.app import House
from purport.brief import transcripts
from purport.core.errors import FootageError, NotFoundError
from purport.core.ids import digest, make_id
from purport.core.records import Capture, Release, Shot
from purport.core.spans import words
from purport.core.transcript import SPEECH, Heard, Said, Seen, Shown, Withheld, second
from purport.footage.worded import Order, Words
from purport.pipeline import Scribe

SPOKEN = Words(
    Heard(
        (
            Said(2.0, 4.0, "We will come back.", 0.8, (2.0, 2.5, 3.0, 3.5)),
            Said(4.5, 8.5, "The minister denied the report.", 0.7, (4.5, 5.0, 6.0, 7.0, 7.5)),
        ),
        (Withheld(10.0, 12.0, SPEECH, "unsure", "A voice that the model is unsure of (0.30)."),),
        "en",
        0.0,
        14.0,
        8.0,
        "hearing-x",
    ),
    Seen((Shown(1.0, 5.0, "Port Hale", 0.99, (10, 10, 90, 30), 3),), (), 7, 2.0, 640, 360, "looking-x"),
)


@pytest.fixture(autouse=True)
def no_model_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PURPORT_SPEECH_MODEL", raising=False)


@dataclass
class TableWorkshop:
    """`core.ports.Workshop` that has heard it all before; `asked` keeps the orders."""

    words: Words = SPOKEN
    asked: list[Order] = field(default_factory=list)

    def do(self, step: str, order: bytes, told: Callable[[float], None]) -> bytes:
        assert step == "footage.words"
        self.asked.append(msgspec.msgpack.decode(order, type=Order))
        told(1.0)
        return msgspec.msgpack.encode(self.words)

    def close(self) -> None:
        pass


def release(at: House, name: str = "pier.mp4", seconds: float = 783.0, url: str = "") -> Release:
    data = name.encode()
    sha, now = at.blobs.put(data), at.clock.now()
    id = make_id("capture", name, sha)
    capture = Capture(id, f"films/{name}", sha, len(data), now, "video/mp4", "media", url, stored=True)
    made = Release(
        id=make_id("release", name), capture=id, kind="video", version="1", duration=seconds, shots=(Shot(0, 14),)
    )
    at.writer.add(captures=[capture], releases=[made])
    return made


def test_words_are_kept_and_read(tmp_path: Path) -> None:
    at, workshop = house(tmp_path), TableWorkshop()
    made = release(at)
    found = app.words(at, Scribe(workshop, "v1"), made.id)
    ((report, reading),) = found.outcome.pairs()
    assert report.text == "We will come back. The minister denied the report."
    assert [(claim.source_kind, words(report.text, claim.content)) for claim in reading.claims] == [
        ("narrator", "We will come back"),
        ("office", "the report"),
    ]
    assert [hop.text for hop in reading.claims[0].chain] == [f"pier.mp4 ({made.id[:16]})", "narrator"]
    assert second(found.transcript, reading.claims[1].content[0][0]) == 7.0
    assert [gap.cause for gap in found.outcome.gaps] == ["unsure", "language-assumed"]
    assert workshop.asked[0].name == "pier.mp4"
    assert workshop.asked[0].shots == ((0.0, 14.0),)
    kept = at.view.capture(report.capture)
    assert kept.stored
    assert digest(at.blobs.get(kept.digest)) == kept.digest


def test_sentences_on_screen_are_read_too(tmp_path: Path) -> None:
    shown = (Shown(6.0, 9.0, "The old market is closed.", 0.98, (10, 300, 300, 320), 2), *SPOKEN.seen.shown)
    at = house(tmp_path)
    made = release(at)
    found = app.words(at, Scribe(TableWorkshop(Words(SPOKEN.heard, Seen(shown))), "v1"), made.id)
    _, (report, reading) = found.outcome.pairs()
    (claim,) = reading.claims
    assert words(report.text, claim.content) == "The old market is closed"
    assert [hop.text for hop in claim.chain] == [f"pier.mp4 ({made.id[:16]})", "text on screen"]
    assert transcripts.start_of(claim, report, found.transcript) == 6.0
    assert list(app.references(at, [report.id])) == []  # the footage does not refer to itself


def test_what_was_heard_is_not_heard_again(tmp_path: Path) -> None:
    at, workshop = house(tmp_path), TableWorkshop()
    made = release(at)
    first = app.words(at, Scribe(workshop, "v1"), made.id)
    counts = at.view.counts()
    again = app.words(at, Scribe(workshop, "v1"), made.id[:14])
    assert len(workshop.asked) == 1
    assert at.view.counts() == counts
    assert again.transcript == first.transcript
    assert list(again.outcome.pairs()) == list(first.outcome.pairs())


def test_another_model_hears_anew_and_both_are_kept(tmp_path: Path) -> None:
    at, workshop = house(tmp_path), TableWorkshop()
    made = release(at)
    app.words(at, Scribe(workshop, "v1"), made.id)
    workshop.words = Words(Heard((Said(2.0, 4.0, "We will go back now.", 0.8),), language="en"), Seen())
    app.words(at, Scribe(workshop, "v2"), made.id)
    assert [report.text for report in at.view.reports()] == [
        "We will come back. The minister denied the report.",
        "We will go back now.",
    ]


def test_no_words_is_no_report_and_a_gap(tmp_path: Path) -> None:
    silent = Words(Heard(withheld=(Withheld(0, 0, SPEECH, "no-model", "There is no speech model here."),)), Seen())
    at = house(tmp_path)
    found = app.words(at, Scribe(TableWorkshop(silent), "v1"), release(at).id)
    assert not found.outcome.reports
    assert [(gap.stage, gap.cause) for gap in at.view.gaps()] == [("hear", "no-model")]


def test_reading_again_keeps_the_narrator(tmp_path: Path) -> None:
    at = house(tmp_path)
    found = app.words(at, Scribe(TableWorkshop(), "v1"), release(at).id)
    (report,) = found.outcome.reports
    at.reader.version = "plain/2"  # type: ignore[misc]
    (again,) = app.reread(at, [report.id])
    assert [claim.source_kind for claim in again.after[0].claims] == ["narrator", "office"]


def test_a_worker_that_dies_is_told(tmp_path: Path) -> None:
    class Dying(TableWorkshop):
        def do(self, step: str, order: bytes, told: Callable[[float], None]) -> bytes:
            raise FootageError("Decoding it took the worker down.", "crashed")

    at = house(tmp_path)
    made = release(at)
    with pytest.raises(FootageError, match="took the worker down"):
        app.words(at, Scribe(Dying(), "v1"), made.id)
    assert at.view.counts()["reports"] == 0
    assert [(gap.stage, gap.cause) for gap in at.view.gaps()] == [("hear", "crashed")]


def test_no_such_release(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        app.words(house(tmp_path), Scribe(TableWorkshop(), "v1"), "release-0000")


def test_reports_are_linked_by_their_page_and_by_their_words(tmp_path: Path) -> None:
    at = house(tmp_path)
    pier = release(at, url="https://youtu.be/abc_DEF-123")
    gate = release(at, "gate.mp4", 47.0)
    body = "".join(f"<p>The mayor said the pier had been closed since Tuesday, line {n}.</p>" for n in range(9))
    (tmp_path / "story.html").write_text(
        f"<html><body><article><h1>The pier</h1>{body}"
        '<iframe src="https://www.youtube.com/embed/abc_DEF-123"></iframe></article></body></html>'
    )
    (tmp_path / "note.txt").write_text("The 47-second clip shows the gate.")
    read(at, tmp_path / "story.html", tmp_path / "note.txt")
    app.words(at, Scribe(TableWorkshop(), "v1"), pier.id)  # a transcript refers to nothing
    found = {reference.firmness: reference for _, reference in app.references(at)}
    assert {firmness: one.releases for firmness, one in found.items()} == {"firm": (pier.id,), "possible": (gate.id,)}
    assert found["firm"].evidence[0].kind == "embed"


def test_refers_command(desk: Desk) -> None:
    (desk.folder / "note.txt").write_text("The 47-second clip shows the gate.")
    desk.run("read", "note.txt")
    assert "No report refers to any of 0 releases" in desk.run("footage", "refers").stdout
    assert desk.run("footage", "refers", "--json").stdout == ""


@needs_weights
@needs_voice
def test_words_command(desk: Desk) -> None:
    """A film in which somebody speaks twice and a name stands below: heard, read and shown, by the real worker."""
    first = voice("We will come back by winter.", desk.folder)
    second_time = voice("The minister denied that the bridge had been closed on his orders.", desk.folder)
    sound = np.concatenate([silence(2), first, silence(4), second_time, silence(1)])
    scenes = [np.roll(ground(seed=3), 7 * number, axis=1) for number in range(round(len(sound) / 16_000 * 4))]
    pictures = scenes[:8] + [written(one, "Mira Holt, harbour office", (40, 290), 24, band=20) for one in scenes[8:]]
    film(desk.folder / "pier.mp4", sound, pictures)
    shown = desk.run("footage", "words", "pier.mp4")
    assert "On screen" in shown.stdout
    assert "Mira Holt, harbour office" in shown.stdout
    assert "language en (the model's only one, not detected)" in shown.stdout
    assert "language assumed" in shown.stderr
    found = json.loads(desk.run("footage", "words", "pier.mp4", "--json").stdout)
    assert [line["text"] for line in found["screen"]] == ["Mira Holt, harbour office"]
    claims = {claim["text"]["source"]: claim for claim in found["claims"]}
    assert [hop["kind"] for hop in claims["The minister"]["chain"]][:2] == ["video", "narrator"]
    assert claims["The minister"]["act"] == "deny"
    assert claims["The minister"]["second"] == pytest.approx(2 + len(first) / 16_000 + 4, abs=0.6)
    assert claims[""]["speaker"]["text"] == "narrator"


def test_words_of_mute_footage_say_so(desk: Desk) -> None:
    film(desk.folder / "mute.mp4", pictures=[ground()] * 8)
    shown = desk.run("footage", "words", "mute.mp4")
    assert "no voice" in shown.stdout
    assert "no sound" in shown.stderr


def test_words_of_sound_alone(desk: Desk) -> None:
    film(desk.folder / "tone.wav", tone(3))
    shown = desk.run("footage", "words", "tone.wav")
    assert "no voice" in shown.stdout
    assert "no picture" in shown.stderr


def test_a_named_model_that_is_none_is_refused(desk: Desk) -> None:
    film(desk.folder / "tone.wav", tone(3))
    refused = desk.run("footage", "words", "tone.wav", "--speech-model", "nowhere", code=8)
    assert "PURPORT_SPEECH_MODEL" in refused.stderr
