"""The kind of a source, by its head noun and the shape of its words."""

import pytest

from purport.core.spans import Pieces
from purport.read.sources import kind

KINDS = {
    "person": [
        "Mira Tolan", "Ms Tolan", "General Kesh Morran", "he", "She", "his", "a fisherman from Low Quay",
        "Harbour Ministry spokesman Dov Harl", "Mira Tolan, head of the Coast Union",
        "the victim's brother", "Keld Radio presenter Runa Setch", "a 30-year-old nurse", "who",
    ],
    "office": [
        "the minister", "a spokesman for the Harbour Ministry", "the army chief",
        "The governor of Drennick", "its commander", "Foreign Minister", "a senior official",
        "the union leader", "Teld Marrow's spokeswoman", "the head of the clinic",
    ],
    "government": [
        "the ministry", "The Harbour Ministry", "Beijing", "the Kremlin", "Paris", "Mongolia", "police", "the army",
        "a court in Talvar", "Keldish troops", "the government of Sabel", "Downing Street",
        "the ministry of works", "local authorities",
    ],
    "armed_group": [
        "the rebels", "a militia", "fighters", "the Northern Brigade", "the Army of Liberation",
        "the Upland Liberation Front", "separatists", "the armed group's fighters",
        "insurgents",
    ],
    "organisation": [
        "the union", "The Coast Union", "Upland Rights Watch", "a charity", "the University of Orsany",
        "Sabel Ferries Ltd", "the company's board", "the trade union", "the clinic", "the FCM",
    ],
    "outlet": [
        "The Drennick Herald", "state television", "Keld Radio", "a local newspaper", "the Orsany Courier",
        "the broadcaster",
    ],
    "document": [
        "the report", "the indictment", "a study by the university", "an open letter",
        "the ministry's statement", "court documents", "a poll of voters", "the survey",
    ],
    "video": [
        "the footage", "the clip", "photos", "a video released on Monday", "the photographs", "the recording",
        "Satellite images",
    ],
    "unnamed": [
        "sources", "a source", "officials speaking on condition of anonymity",
        "people familiar with the talks", "two officials who asked not to be named",
        "a person briefed on the plan", "sources close to the ministry",
    ],
    "collective": [
        "gunmen of the Salt Brigade",
        "critics", "residents", "many", "experts", "Residents of Low Quay", "some of the drivers", "witnesses",
        "60 percent of voters", "several ministers", "hundreds of protesters", "people in the village",
        "the families of the drowned",
    ],
    "unknown": [
        "it", "they", "which",
    ],
}  # fmt: skip
CASES = [(words, name) for name, group in KINDS.items() for words in group]


@pytest.mark.parametrize(("words", "expected"), CASES)
def test_kind(words: str, expected: str) -> None:
    text = f"On Monday {words} said no."
    source: Pieces = ((10, 10 + len(words)),)
    found, reasons = kind(text, source)
    assert found == expected
    (reason,) = reasons
    assert reason.value == found
    assert reason.words == text[slice(*reason.span)]
    assert reason.rule


def test_no_source_is_unknown_without_a_reason() -> None:
    assert kind("It is said that the well is dry.", ()) == ("unknown", ())


def test_discontinuous_source() -> None:
    text = "A spokesman, asked again, for the port said no."
    assert kind(text, ((0, 11), (26, 38)))[0] == "office"


def test_plural_of_a_people_is_collective_where_the_text_uses_its_singular() -> None:
    text = "A Keldian ship sank. Keldians said the crew was drunk."
    assert kind(text, ((21, 29),))[0] == "collective"


def test_a_name_with_mrs_is_no_plural_of_one_with_mr() -> None:
    text = "Mrs May said that Mr Dolan had left."
    assert kind(text, ((0, 7),))[0] == "person"
