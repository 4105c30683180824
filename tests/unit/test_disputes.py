"""Disputes: the two sides side by side, and every party treated alike. How many are found: tests/golden."""

import pytest
from trace_samples import disputed

from purport.core.ports import Reader
from purport.wiring import open_reader

TEXTS = (
    "A accused B of moving the border stones at night. B rejected the accusation.",
    "A accused B of shelling the market. B denied shelling the market.",
    "A said that soldiers burned eleven houses in Quillmarsh. B denied that soldiers had burned houses in Quillmarsh.",
    "A accused B of jamming the signals of ships. B has not replied.",
    "A insisted that the recording was genuine. B doubted that the recording was genuine.",
)
PARTIES = (("Norland", "Sudmark"), ("the army", "the rebels"), ("Velmora", "Tarsenia"))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(threads=1)


def put(text: str, a: str, b: str) -> str:
    named = text.replace("A ", f"{a} ").replace("B ", f"{b} ")
    return ". ".join(part[:1].upper() + part[1:] for part in named.split(". "))


@pytest.mark.parametrize("parties", PARTIES)
@pytest.mark.parametrize("text", TEXTS)
def test_swapping_two_parties_changes_nothing_but_their_names(
    text: str, parties: tuple[str, str], reader: Reader
) -> None:
    one, other = (disputed([put(text, *names)], reader) for names in (parties, parties[::-1]))
    assert [(d.kind, len(d.answers)) for d in one] == [(d.kind, len(d.answers)) for d in other]
    assert one


def test_both_passages_are_given_with_their_places(reader: Reader) -> None:
    text = "It rained. Norland accused Sudmark of moving the border stones. Sudmark rejected the accusation. It snowed."
    (found,) = disputed([text], reader)
    (answer,) = found.answers
    assert text[slice(*found.first.passage)] == "Norland accused Sudmark of moving the border stones."
    assert text[slice(*answer.passage)] == "Sudmark rejected the accusation."
    assert (found.first.who, answer.who) == ("Norland", "Sudmark")
    assert "".join(text[s:e] for s, e in answer.pieces) == "Sudmarkrejectedthe accusation"


def test_nobody_disputes_with_themselves(reader: Reader) -> None:
    text = "The mayor said the road was open in May. The mayor denied that the road was open in May."
    assert disputed([text], reader) == []


def test_no_answer_is_claimed_where_the_accused_speaks(reader: Reader) -> None:
    text = "The senator accused the newspaper of inventing quotes. The newspaper said it stood by its story."
    assert disputed([text], reader) == []


def test_an_answer_in_another_report_is_found_by_its_words(reader: Reader) -> None:
    accusation = "The dock workers accused Port Hale Holdings of firing eleven men for striking."
    answer = "Port Hale Holdings denied on Friday that it had fired men for striking."
    (found,) = disputed([accusation, answer], reader)
    assert found.kind == "accuse-deny"
    assert found.first.report != found.answers[0].report


def test_that_the_accused_was_not_asked_is_told_in_the_words_of_the_report(reader: Reader) -> None:
    for accuser, accused in (("The council", "Kelp Front"), ("The union", "Reed Guild")):
        text = f"{accuser} accused the {accused} of burning the ferry. The {accused} was not asked for a reply."
        (found,) = disputed([text], reader)
        assert found.kind == "no reply found"
        assert found.answers[0].words == f"The {accused} was not asked for a reply."
        assert found.reason == "the report says so itself"
