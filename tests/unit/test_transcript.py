"""Words of a release as a report whose every character has its second."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purport.core.errors import EvidenceError
from purport.core.records import Note
from purport.core.transcript import SPEECH, Heard, Said, Seen, Shown, Withheld, clock, second, second_shown, written
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


def shown(text: str, start: float, top: int, end: float = 0.0, left: int = 40, tall: int = 20) -> Shown:
    return Shown(start, end or start + 4, text, 0.98, (left, top, left + 9 * len(text), top + tall))


CAPTION = (shown("The old market was closed", 6.0, 300), shown("by the council on Friday.", 6.0, 324))


def test_lines_of_one_block_are_one_sentence() -> None:
    text, passages = written(Seen((shown("Port Hale", 1.0, 40), *CAPTION, shown("LIVE", 6.0, 20, left=500))))
    assert text == "The old market was closed by the council on Friday."
    assert [text[slice(*one.span)] for one in passages] == ["The old market was closed", "by the council on Friday."]


@pytest.mark.parametrize(
    "line",
    [
        "Port Hale",
        "Oda Brell, mayor of Dolva",
        "MARKET CLOSED AFTER THE FLOOD",
        "and the boats had burned.",
        "Who? When?",
    ],
)
def test_what_is_no_sentence_is_left_out(line: str) -> None:
    assert written(Seen((shown(line, 1.0, 40),))) == ("", ())


def test_a_caption_that_comes_back_stands_once() -> None:
    again = tuple(shown(one.text, 20.0, one.box[1]) for one in CAPTION)
    text, _ = written(Seen((*CAPTION, *again)))
    assert text.count("market") == 1


@pytest.mark.parametrize(
    "other",
    [
        shown("by the council on Friday.", 8.0, 324),
        shown("by the council on Friday.", 6.0, 420),
        shown("by the council on Friday.", 6.0, 324, tall=40),
        shown("by the council on Friday.", 6.0, 324, left=400),
    ],
)
def test_what_stands_elsewhere_or_later_is_another_block(other: Shown) -> None:
    assert written(Seen((CAPTION[0], other))) == ("", ())


def test_a_line_on_screen_opens_its_second() -> None:
    later = shown("Boats were seen on the Hale.", 31.5, 300)
    whole = transcript.transcript(RELEASE, "films/pier.mp4", HEARD, Seen((*CAPTION, later)))
    text, _ = written(whole.seen)
    assert second_shown(whole, text.index("council")) == 6.0
    assert second_shown(whole, text.index("Boats")) == 31.5


def test_what_stands_on_screen_is_a_report_of_its_own() -> None:
    whole = transcript.transcript(RELEASE, "films/pier.mp4", HEARD, Seen(CAPTION))
    said, on_screen = transcript.reports(whole, transcript.item(whole, "v", NOW).capture, lambda text: "fr")
    assert (said.text, said.language) == (whole.text, "en")
    assert (on_screen.text, on_screen.language) == ("The old market was closed by the council on Friday.", "fr")
    assert on_screen.credits == (Note("pier.mp4 (release-01234567)", kind="screen"),)
    assert (said.title, on_screen.title) == ("pier.mp4", "pier.mp4 (on screen)")
    assert said.capture == on_screen.capture
