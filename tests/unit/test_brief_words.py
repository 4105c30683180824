"""How things are said to people."""

from datetime import UTC, datetime

import msgspec
import pytest
from brief_samples import CLOCK, a_day, a_report, release
from hypothesis import given
from hypothesis import strategies as st

from purport.brief import FORMS, build
from purport.brief import words as say
from purport.brief.markdown import plain
from purport.core.records import Note
from purport.core.times import Moment


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Its director,\n Ansel Vire,", "Its director, Ansel Vire"),
        ("PORT SENNET —", "PORT SENNET"),
        ("—", "—"),
        ("", ""),
    ],
)
def test_a_name_by_itself_has_no_sign_that_closed_it(words: str, name: str) -> None:
    assert say.named(words) == name


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (a_day(2024, 3, 5), "5 March 2024"),
        (Moment(at(2024, 2, 1), at(2024, 3, 1)), "February 2024"),
        (Moment(at(2023, 12, 1), at(2024, 1, 1)), "December 2023"),
        (Moment(at(2023, 1, 1), at(2024, 1, 1)), "2023"),
        (Moment(at(2024, 2, 26), at(2024, 3, 4)), "26 February 2024 – 3 March 2024"),
        (Moment(at(2024, 3, 5, 9, 40), at(2024, 3, 5, 9, 40)), "5 March 2024, 09:40 UTC"),
        (Moment(at(2024, 3, 5, 9, 40), at(2024, 3, 5, 9, 40, 1)), "5 March 2024, 09:40 UTC"),
        (Moment(at(2024, 3, 5, 9, 40), at(2024, 3, 5, 9, 41)), "5 March 2024, 09:40 UTC"),
        (Moment(at(2024, 3, 5, 6), at(2024, 3, 5, 12)), "5 March 2024, 06:00–12:00 UTC"),
        (Moment(at(2024, 3, 5, 6), at(2024, 3, 6, 12)), "5 March 2024, 06:00 – 6 March 2024, 12:00 UTC"),
        (a_day(2024, 3, 5, "on Tuesday"), "on Tuesday (5 March 2024)"),
    ],
)
def test_a_time_is_said_as_exactly_as_it_was_read(moment: Moment, said: str) -> None:
    assert say.when(moment) == said


@given(st.text(st.characters(codec=None)))
def test_inert_text_holds_no_control_and_keeps_its_length(text: str) -> None:
    shown = say.inert(text)
    assert len(shown) == len(text)
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066" for c in shown)
    shown.encode()


def test_an_outlet_speaking_of_itself_is_one_hop() -> None:
    hand, _ = release()
    itself = next(c for c in hand.claims if c.act == "confirm")
    assert say.chain(itself, hand.report) == "Harbour Wire"
    bare = msgspec.structs.replace(hand.claims[2], chain=())
    assert say.chain(bare, hand.report) == "Harbour Wire › The group, Coast Monitor"


def test_a_credit_is_said_once_and_not_of_the_outlet_itself() -> None:
    notes = tuple(Note(words) for words in ("North Wire —", "North Wire", "Fen Post", "—"))
    report, _ = a_report("x", outlet="Fen Post", credits=notes)
    assert say.credits(report) == ["North Wire", "—"]


def test_a_pronoun_shows_whom_it_means_and_a_name_does_not_say_itself_twice() -> None:
    hand, _ = release()
    vow = next(c for c in hand.claims if c.act == "promise")
    assert say.speaker(vow, hand.report) == "the narrator"
    assert say.speaker(hand.claims[0], hand.report) == ""


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("# no heading", "\\# no heading"),
        ("1. no list", "1\\. no list"),
        ("*no* [link](x) `code`", "\\*no\\* \\[link\\](x) \\`code\\`"),
        ("<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"),
        ("see https://example.org and www.example.org", "see https:\\//example.org and www\\.example.org"),
        ("two\nlines\x1b[31m", "two lines␛\\[31m"),
    ],
)
def test_words_do_not_become_markdown(words: str, written: str) -> None:
    assert plain(words) == written


def test_inner_claims_stand_below_the_outer_in_markdown() -> None:
    hand, capture = release()
    shown = FORMS["md"](build([(hand.report, hand.reading())], [capture], [], CLOCK))
    assert "\n- 9\\. **One of them" in shown
    assert "\n    - 10\\. **she** (a salt worker) *believed*" in shown
    assert "≈ distanced" in shown and "≠ denial" in shown
    assert f"text `{hand.report.text_digest}`" in shown
