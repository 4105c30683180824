"""How sure the network was of one claim, from a network that knows a few words by heart."""

import numpy as np
import pytest
from model_samples import WordModel

from purport.core.explanation import Links
from purport.core.records import Claim
from purport.core.spans import Pieces
from purport.read.attribution import CUE, SOURCE
from purport.read.links import links

TEXT = "The clerk said boats sank. The mayor denied rats came."


def claim(source: str, cue: str, content: str, text: str = TEXT, **fields: object) -> Claim:
    def at(words: str) -> Pieces:
        return ((text.index(words), text.index(words) + len(words)),) if words else ()

    labels = dict.fromkeys(("act", "stance", "polarity", "certainty", "quote", "source_kind"), "")
    values = {"id": "claim-1", "report": "report-1", "confidence": 0.99, **labels, **fields}
    return Claim(source=at(source), cue=at(cue), content=at(content), **values)  # type: ignore[arg-type]


def of(found: Claim, text: str = TEXT, stretches: tuple[tuple[int, int], ...] = ()) -> Links:
    (told,) = links(text, found, stretches, WordModel())
    return told


def test_what_the_network_knows_it_is_sure_of() -> None:
    told = of(claim("clerk", "said", "boats sank"))
    assert min(told.cue, told.content, told.source) > 0.99
    assert (told.cue_from, told.source_from) == (CUE, SOURCE)
    assert told.rival == ()
    assert not told.inside


def test_a_source_that_the_network_does_not_believe_in_has_a_rival() -> None:
    told = of(claim("boats", "said", "sank"))
    assert told.source < 0.1
    (rival,) = told.rival
    assert (rival.words.text, rival.words.span) == ("clerk", (4, 9))
    assert rival.belief > 0.99


def test_without_a_source_the_nearest_is_told() -> None:
    told = of(claim("", "said", "boats sank"))
    assert told.source == 0.0
    assert [one.words.text for one in told.rival] == ["clerk"]


def test_the_weakest_word_of_the_content_is_told_whole() -> None:
    (weakest,) = of(claim("clerk", "said", "boats sank. The mayor")).weakest
    assert weakest.words.text in ("The", "mayor")
    assert weakest.belief < 0.1
    text = "The clerk said unquestionablyness denied."  # no one token
    (weakest,) = of(claim("clerk", "said", "unquestionablyness", text), text).weakest
    assert weakest.words.text == "unquestionablyness"


def test_a_claim_without_content_has_no_weakest_word() -> None:
    told = of(claim("clerk", "said", ""))
    assert (told.content, told.weakest) == (0.0, ())


def test_a_cue_that_the_network_does_not_know_is_told_as_weak() -> None:
    assert of(claim("clerk", "boats", "sank")).cue < 0.1


def test_no_cue_no_numbers() -> None:
    nothing = claim("clerk", "", "boats sank")
    assert links(TEXT, nothing, (), WordModel()) == ()


def test_an_inner_claim_is_told_by_the_pass_that_found_it() -> None:
    """The last three words are another sentence's for the whole text, and this sentence's by themselves."""
    text = "The clerk said the mayor denied rats came."
    inner = claim("mayor", "denied", "rats came", text)
    stretch = (text.index("the mayor"), len(text))
    whole, within = of(inner, text), of(inner, text, (stretch,))
    assert whole.source > 0.99
    assert [one.words.text for one in whole.rival] == ["clerk"]
    assert within.inside == (abs(within.cue * within.content - 0.99) < abs(whole.cue * whole.content - 0.99))
    elsewhere = of(inner, text, ((0, 9),))
    assert not elsewhere.inside


@pytest.mark.parametrize("far", [10, 2_000])
def test_a_claim_far_into_a_text_is_found_at_its_place(far: int) -> None:
    text = "Nothing came of it here.\n" * far + TEXT
    told = of(claim("mayor", "denied", "rats came", text), text)
    assert told.source > 0.99
    assert np.isclose(told.content, 1, atol=0.01)
