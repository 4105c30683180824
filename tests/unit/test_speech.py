"""What is asserted of a voice, what is withheld, and that both stand at the right second."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sound_samples import film, needs_voice, needs_weights, noise, silence, tone, voice

from purport.core.spans import Span
from purport.core.transcript import Heard
from purport.footage import speech
from purport.footage.ears import WINDOW, Utterance
from purport.footage.sound import RATE, Block, Samples

SURE = Utterance(0.0, 0.0, "", 0.9, 0.1, 1.0, ())


@dataclass
class TableEar:
    """An ear for which loud is voice, and each stretch of voice is one utterance that tells how long it is."""

    says: Utterance = SURE
    only: str = "en"
    tongue: tuple[str, float] = ("en", 0.9)
    version: str = "table"
    asked: list[float] = field(default_factory=list)  # seconds of sound it was given at once

    def voiced(self, samples: Samples) -> list[Span]:
        self.asked.append(len(samples) / RATE)
        loud = np.flatnonzero(np.diff(np.concatenate([[0], (np.abs(samples) > 0.05).astype(int), [0]])))
        found: list[Span] = []
        for start, end in loud.reshape(-1, 2).tolist():
            if found and start - found[-1][1] < RATE // 10:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return found

    def language(self, samples: Samples) -> tuple[str, float]:
        return self.tongue

    def words(self, samples: Samples, language: str) -> Iterator[Utterance]:
        assert len(samples) <= WINDOW * RATE
        for start, end in self.voiced(samples):
            a, b = start / RATE, end / RATE
            yield Utterance(
                a, b, f"spoke {b - a:.0f} s", self.says.confidence, self.says.silence, self.says.squeeze, (a, a, b)
            )


def heard(sound: Samples, ear: TableEar | None = None, start: float = 0.0) -> Heard:
    hearing = speech.Hearing(ear or TableEar())
    for at in range(0, len(sound), 4096):
        hearing.take(Block(start + at / RATE, sound[at : at + 4096]))
    return hearing.done()


def square(seconds: float) -> Samples:
    return np.full(round(seconds * RATE), 0.5, np.float32)


def test_words_stand_at_their_second() -> None:
    found = heard(np.concatenate([silence(3), square(2), silence(40), square(4), silence(1)]))
    assert [(one.text, one.start, one.end) for one in found.said] == [
        ("spoke 2 s", pytest.approx(3, abs=0.01), pytest.approx(5, abs=0.01)),
        ("spoke 4 s", pytest.approx(45, abs=0.01), pytest.approx(49, abs=0.01)),
    ]
    assert found.said[1].beats == pytest.approx((45, 45, 49), abs=0.01)
    assert found.voiced == pytest.approx(6, abs=0.01)
    assert not found.withheld


def test_a_voice_over_the_end_of_a_chunk_is_heard_once_and_whole() -> None:
    start = speech.CHUNK - 3.0
    found = heard(np.concatenate([silence(start), square(8), silence(200), square(1)]))
    assert [one.text for one in found.said] == ["spoke 8 s", "spoke 1 s"]
    assert [one.start for one in found.said] == pytest.approx([start, start + 208], abs=0.01)


def test_an_hour_is_held_in_pieces() -> None:
    ear = TableEar()
    hearing = speech.Hearing(ear)
    minute = np.concatenate([square(20), silence(1), square(20), silence(19)])
    for number in range(60):
        hearing.take(Block(number * 60.0, minute))
    found = hearing.done()
    assert max(ear.asked) <= speech.CHUNK + WINDOW + 60
    assert len(found.said) == 120
    assert found.said[-1].end == pytest.approx(3581, abs=0.02)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0.2, 20), st.floats(0.3, 60)), min_size=1, max_size=12))
def test_every_voice_is_said_once(pattern: list[tuple[float, float]]) -> None:
    pieces, starts, at = [], [], 0
    for loud, quiet in pattern:
        starts.append(at / RATE)
        pieces += [square(loud), silence(quiet)]
        at += len(pieces[-1]) + len(pieces[-2])
    found = heard(np.concatenate(pieces))
    assert [one.start for one in found.said] == pytest.approx(starts, abs=0.02)


def test_a_hole_in_the_file_moves_nothing() -> None:
    hearing = speech.Hearing(TableEar())
    hearing.take(Block(0.0, square(2)))
    hearing.take(Block(30.0, square(3)))
    assert [(one.start, one.text) for one in hearing.done().said] == [(0.0, "spoke 2 s"), (30.0, "spoke 3 s")]


@pytest.mark.parametrize(
    ("says", "cause"),
    [
        (Utterance(0, 0, "", 0.4, 0.1, 1.0, ()), "unsure"),
        (Utterance(0, 0, "", 0.9, 0.7, 1.0, ()), "no-speech"),
        (Utterance(0, 0, "", 0.9, 0.1, 9.0, ()), "repetition"),
    ],
)
def test_doubtful_words_are_withheld_aloud(says: Utterance, cause: str) -> None:
    found = heard(np.concatenate([silence(5), square(3), silence(1)]), TableEar(says))
    assert not found.said
    assert [(one.cause, one.start, one.end) for one in found.withheld] == [
        (cause, pytest.approx(5, abs=0.01), pytest.approx(8, abs=0.01))
    ]


def test_a_language_below_the_bound_is_withheld() -> None:
    found = heard(square(3), TableEar(only="", tongue=("sw", 0.3)))
    assert not found.said
    assert [one.cause for one in found.withheld] == ["language"]
    assert "“sw” at 0.30" in found.withheld[0].detail


def test_a_detected_language_is_told_with_its_probability() -> None:
    found = heard(square(3), TableEar(only="", tongue=("fr", 0.8)))
    assert (found.language, found.language_confidence) == ("fr", 0.8)
    assert heard(square(3)).language_confidence == 0.0  # an ear of one language detects nothing


def test_a_voice_without_words_is_told() -> None:
    class Mute(TableEar):
        def words(self, samples: Samples, language: str) -> Iterator[Utterance]:
            return iter(())

    found = heard(np.concatenate([silence(2), square(4), silence(2)]), Mute())
    assert [(one.cause, one.start, one.end) for one in found.withheld] == [
        ("unintelligible", pytest.approx(2, abs=0.01), pytest.approx(6, abs=0.01))
    ]


def test_words_where_no_voice_is_are_withheld() -> None:
    class Inventive(TableEar):
        def words(self, samples: Samples, language: str) -> Iterator[Utterance]:
            yield Utterance(0.0, 1.0, "hello there", 0.9, 0.1, 1.0, ())
            yield Utterance(5.0, 9.0, "thanks for watching", 0.9, 0.1, 1.0, ())

    found = heard(np.concatenate([square(1), silence(9), square(1)]), Inventive())
    assert [one.text for one in found.said] == ["hello there"]
    assert "no-voice" in {one.cause for one in found.withheld}


def test_left_over_voice() -> None:
    assert list(speech.left([(0, 10)], [(2, 4), (5, 10)])) == [(0, 2)]
    assert list(speech.left([(0, 10), (20, 21.5)], [(0, 9.5)])) == [(20, 21.5)]
    assert list(speech.left([(0, 10)], [(-1, 12)])) == []


def test_no_model_is_said_with_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("purport.footage.ears.PACKAGES", ())
    found = speech.hear(film(tmp_path / "tone.wav", tone(1)))
    assert not found.said
    assert [one.cause for one in found.withheld] == ["no-model"]
    assert "PURPORT_SPEECH_MODEL" in found.withheld[0].detail


def test_mute_film_is_said(tmp_path: Path) -> None:
    path = film(tmp_path / "mute.mp4", pictures=[np.full((64, 96), 90, np.uint8)] * 4)
    assert [one.cause for one in speech.hear(path, TableEar()).withheld] == ["no-sound"]


def test_progress_is_told(tmp_path: Path) -> None:
    shares: list[float] = []
    speech.hear(film(tmp_path / "tone.wav", tone(10)), TableEar(), shares.append)
    assert len(shares) == 10
    assert shares == sorted(shares)
    assert 0.85 < shares[-1] <= 1.0


@needs_weights
@pytest.mark.parametrize(
    "sound",
    [
        silence(12),
        tone(12),
        noise(12),
        (tone(12, 220) + tone(12, 277) + tone(12, 330)) / 2,
        np.concatenate([tone(1, 800), silence(1)] * 6),
        noise(12) * np.exp(-(np.arange(12 * RATE) % (2 * RATE)) / RATE * 9).astype(np.float32) * 6,
    ],
    ids=["silence", "tone", "noise", "chord", "beeps", "bangs"],
)
def test_what_is_no_voice_gives_no_words(sound: Samples, tmp_path: Path) -> None:
    found = speech.hear(film(tmp_path / "sound.wav", sound.astype(np.float32)))
    assert not found.said
    assert found.duration == pytest.approx(12, abs=0.01)
    assert found.voiced < 1


@needs_weights
@needs_voice
def test_spoken_sentences_are_heard_at_their_seconds(tmp_path: Path) -> None:
    first = voice("The minister denied that the bridge had been closed on his orders.", tmp_path)
    second = voice("I ask the council to open the road.", tmp_path)
    sound = np.concatenate([silence(4), first, silence(6), second, noise(3) / 10])
    found = speech.hear(film(tmp_path / "speech.wav", sound))
    at = 4 + len(first) / RATE + 6
    text = " ".join(one.text for one in found.said)
    assert "minister denied that the bridge" in text
    assert "council to open the road" in text
    (minister,) = [one for one in found.said if "minister" in one.text]
    (council,) = [one for one in found.said if "council" in one.text]
    assert minister.start == pytest.approx(4, abs=0.5)
    assert council.start == pytest.approx(at, abs=0.5)
    assert len(council.beats) == len(council.text.split())
    word = council.text.split().index("council")
    assert at < council.beats[word] < at + 1.5
    assert found.language == "en"
    assert found.language_confidence == 0.0  # this model knows no other


@needs_weights
@needs_voice
@pytest.mark.parametrize(
    ("accent", "words"),
    [
        ("es", "El ministro dijo el martes que dos barcos habían salido del puerto antes del amanecer."),
        ("ru", "Министр сообщил во вторник, что два судна покинули порт до рассвета."),
        ("tr", "Bakan salı günü iki teknenin şafaktan önce limandan ayrıldığını söyledi."),
        ("ar", "قال الوزير يوم الثلاثاء إن سفينتين غادرتا الميناء قبل الفجر"),
    ],
)
def test_other_languages_give_no_english(accent: str, words: str, tmp_path: Path) -> None:
    found = speech.hear(film(tmp_path / "speech.wav", voice(words, tmp_path, accent)))
    assert not found.said
    assert found.withheld
    assert found.voiced > 2
