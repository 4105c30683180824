"""Words of a release as a report whose every character has its second."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purport.core.errors import EvidenceError
from purport.core.records import Note
from purport.core.transcript import SPEECH, Heard, Said, Seen, Withheld, clock, second
from purport.footage import transcript

NOW = datetime(2031, 5, 14, tzinfo=UTC)
RELEASE = "release-0123456789abcdef0123456789abcdef"


def said(start: float, text: str, seconds: float = 2.0, language: str = "en") -> Said:
    words = text.split()
    beats = tuple(start + seconds * k / len(words) for k in range(len(words)))
    return Said(start, start + seconds, text, 0.8, beats, language)


HEARD = Heard(
    (said(41, "We will come back."), said(43.2, "No fence will stop us."), said(90, "This is the old market.")),
    (Withheld(60.0, 70.0, SPEECH, "unsure", "A voice that the model is unsure of (0.30)."),),
    "en",
    0.0,
    120.0,
    16.0,
    "hearing-1+whisper-x",
)


def english(text: str) -> str:
    return "en"


def made(heard: Heard = HEARD) -> transcript.Transcript:
    return transcript.transcript(RELEASE, "films/pier.mp4", heard, Seen())


def test_a_pause_begins_a_paragraph() -> None:
    assert made().text == "We will come back. No fence will stop us.\nThis is the old market."


def test_what_is_withheld_in_between_begins_a_paragraph() -> None:
    heard = Heard((said(1, "We will"), said(3.5, "never leave.")), (Withheld(3.0, 3.5, SPEECH, "unsure", ""),), "en")
    assert made(heard).text == "We will\nnever leave."


@pytest.mark.parametrize(
    ("word", "seconds"), [("We", 41), ("come", 42), ("fence", 43.6), ("stop", 44.4), ("market", 91.6)]
)
def test_every_word_opens_its_second(word: str, seconds: float) -> None:
    whole = made()
    at = whole.text.index(word)
    assert second(whole, at) == pytest.approx(seconds)
    assert second(whole, at + len(word) - 1) == pytest.approx(seconds)


def test_without_beats_the_stretch_begins_it() -> None:
    whole = made(Heard((Said(7.0, 9.0, "We will come back.", 0.8),), language="en"))
    assert second(whole, 9) == 7.0


@given(st.lists(st.tuples(st.floats(0.1, 9), st.sampled_from(["one two", "three", "four, five six."])), max_size=8))
def test_seconds_never_go_back(parts: list[tuple[float, str]]) -> None:
    at, spoken = 0.0, []
    for gap, text in parts:
        spoken.append(said(at + gap, text, 1.0))
        at += gap + 1.0
    whole = made(Heard(tuple(spoken), language="en"))
    seconds = [second(whole, offset) for offset in range(len(whole.text))]
    assert seconds == sorted(seconds)
    assert all(whole.text[slice(*one.span)] == whole.heard.said[one.said].text for one in whole.passages)


def test_words_of_another_language_stay_out_of_the_text() -> None:
    heard = Heard((said(1, "We will come."), said(9, "Nous viendrons.", language="fr")), language="en")
    assert made(heard).text == "We will come."
    assert len(made(heard).heard.said) == 2


def test_the_report_says_in_which_release_it_is_spoken() -> None:
    item = transcript.item(made(), "v", NOW)
    (report,) = transcript.reports(made(), item.capture, english)
    assert report.credits == (Note("pier.mp4 (release-01234567)", kind="video"),)
    assert (report.outlet, report.language, report.title) == ("", "en", "pier.mp4")
    assert report.capture == item.capture.id
    assert item.capture.kind == "transcript"
    assert transcript.opened(item.data) == made()


def test_the_same_words_are_the_same_records() -> None:
    first, second_time = (transcript.item(made(), "v", NOW), transcript.item(made(), "v", NOW.replace(year=2032)))
    assert first.capture.id == second_time.capture.id
    (report,) = transcript.reports(made(), first.capture, english)
    assert transcript.reports(made(), second_time.capture, english) == (report,)


def test_broken_bytes_are_told() -> None:
    with pytest.raises(EvidenceError, match="Hear the release again"):
        transcript.opened(b"{}")


def test_gaps_say_what_is_withheld_and_when() -> None:
    found = {one.cause: one for one in transcript.gaps(made(), NOW)}
    assert "10 s in one stretch (1:00–1:10)" in found["unsure"].detail
    assert "“en” only" in found["language-assumed"].detail
    assert {one.subject for one in found.values()} == {"films/pier.mp4"}


def test_a_detected_language_leaves_no_gap() -> None:
    heard = Heard((said(1, "We will come."),), language="en", language_confidence=0.9)
    assert not list(transcript.gaps(made(heard), NOW))


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (41.9, "0:41"), (723, "12:03"), (3729.5, "1:02:09")])
def test_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
