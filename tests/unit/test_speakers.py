"""What the resolver promises whatever the text: verbatim mentions, reasons, bounds, its metonym table."""

import sys
from types import FrameType
from typing import Any

import pytest

from purport.core.errors import UsageError
from purport.core.spans import Pieces
from purport.read.lexicon.nouns import nouns, read_metonyms
from purport.read.speakers import ABSTAIN, BLOCK, REACH, Resolver
from speakers import cases


def at(text: str, words: str, last: bool = True) -> Pieces:
    start = text.rindex(words) if last else text.index(words)
    return ((start, start + len(words)),)


def test_speakers_are_verbatim_and_reasons_name_their_words() -> None:
    found, metonyms = cases()
    for case in found:
        resolver = Resolver(case.text, metonyms=metonyms)
        for speaker in resolver.resolve((case.source,)):
            assert speaker.text == case.text[slice(*speaker.span)]
            assert ABSTAIN <= speaker.confidence <= 1.0
        (reason,) = resolver.reasons((case.source,))
        assert reason.what == "speaker"
        assert reason.words == case.text[slice(*reason.span)]
        assert reason.rule


def test_abstaining_has_a_reason() -> None:
    text = "Mr Pell and Mr Adair sat side by side. He said no."
    resolver = Resolver(text)
    assert resolver.resolve(at(text, "He")) == ()
    assert resolver.reasons(at(text, "He"))[0].value == "not decided"


def test_who_was_a_source_before_is_likelier_to_speak_again() -> None:
    text = "“No,” said Brin Adair to Oren Vask. The hall was cold. Later he said yes."
    adair, vask = at(text, "Brin Adair"), at(text, "Oren Vask")
    assert Resolver(text, [adair]).resolve(at(text, "he"))[0].text == "Brin Adair"
    plain = Resolver(text).resolve(at(text, "he"))
    with_other = Resolver(text, [vask]).resolve(at(text, "he"))
    assert not with_other or with_other[0].confidence < (plain[0].confidence if plain else 1.0)


def test_a_name_alone_says_neither_he_nor_she() -> None:
    for name in ("Mary Tolan", "John Tolan", "Teld Tolan"):
        text = f"{name} ran the port. He left in May, and she said no."
        assert Resolver(text).resolve(at(text, "He"))[0].text == name


def test_nobody_is_looked_for_beyond_reach() -> None:
    text = "Mira Tolan left. " + "It rained. " * (REACH // 11 + 5) + "She said no."
    assert Resolver(text).resolve(at(text, "She")) == ()


def test_empty_and_odd_sources() -> None:
    text = "“No,” it said… \n\n— !"
    resolver = Resolver(text)
    assert resolver.resolve(()) == ()
    assert resolver.resolve(((0, 0),)) == ()
    for start in range(len(text)):
        resolver.resolve(((start, len(text)),))
    assert Resolver("").resolve(()) == ()


def test_the_metonym_table_covers_seats_and_houses() -> None:
    table = nouns().metonyms
    assert table["kremlin"].stands_for == "the presidency of Russia"
    assert table["beijing"].stands_for == "the government of China"
    assert {"white house", "downing street", "pentagon", "paris", "nairobi", "canberra"} <= set(table)
    assert all(m.kind in ("government", "organisation") for m in table.values())


def test_a_metonym_means_the_government_the_report_speaks_of() -> None:
    text = "The foreign ministry of Mongolia wrote twice. On Monday Ulaanbaatar said the pass was open."
    resolver = Resolver(text)
    assert resolver.resolve(at(text, "Ulaanbaatar"))[0].text == "The foreign ministry of Mongolia"
    assert "the government of Mongolia" in resolver.reasons(at(text, "Ulaanbaatar"))[0].rule


def test_a_word_that_may_be_a_metonym_is_a_person_where_the_report_says_so() -> None:
    text = "Ada Lima ran the port. On Monday Lima said it was open."
    assert Resolver(text).resolve(at(text, "Lima"))[0].text == "Ada Lima"


def test_a_broken_metonym_row_says_what_it_lacks() -> None:
    with pytest.raises(UsageError, match="names and stands_for"):
        read_metonyms([{"names": ["Varossa"]}], "mine.toml")


def test_a_very_long_text_is_read_in_parts_with_the_same_answers() -> None:
    piece = "Mira Tolan, head of the Coast Union, met Mr Harl on Monday. “No,” she said. It rained.\n"
    text = piece * (2 * BLOCK // len(piece) + 500)
    resolver = Resolver(text)
    for start in (0, len(piece) * 1_000, BLOCK // len(piece) * len(piece), (len(text) // len(piece) - 1) * len(piece)):
        found = text.index("she said", start)
        (speaker,) = resolver.resolve(((found, found + 3),))
        assert speaker.text == "Mira Tolan, head of the Coast Union" == text[slice(*speaker.span)]
        assert abs(speaker.span[0] - found) < REACH + BLOCK
        (reason,) = resolver.reasons(((found, found + 3),))
        assert text[slice(*reason.span)] == "she"
    assert "_phrases" not in resolver.__dict__  # the whole is never held at once


def test_work_grows_no_faster_than_the_text() -> None:
    piece = (
        "Mira Tolan, head of the Coast Union, met the minister, Dov Harl, on Monday. “No,” she said. The minister "
        "told Keld Radio that the union had lied. Harl said so again on Tuesday, and it denied it.\n"
    )

    def work(copies: int) -> int:
        """How many lines of Python are run: what a busy machine does not change."""
        text, lines = piece * copies, 0

        def count(frame: FrameType, event: str, _: object) -> Any:
            nonlocal lines
            lines += event == "line"
            return count

        before = sys.gettrace()
        sys.settrace(count)
        try:
            resolver = Resolver(text)
            for start in range(0, len(text), len(piece) * 10):
                found = text.index("she said", start)
                resolver.resolve(((found, found + 3),))
        finally:
            sys.settrace(before)
        return lines

    work(20)  # tables are loaded by the first
    assert work(400) < 11 * work(40)
