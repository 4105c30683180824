"""What is taken of a language model's answer: words that stand in the text, exactly so, and nothing else."""

import json
from typing import Any

import pytest

from purport.core.spans import Pieces, words
from purport.read.verbatim import MOST, UNSTATED, AnswerError, attributions, prompt

TEXT = (
    "The harbour board of Ostrel said the crane was sound. “It never moved,” pilot Runa Feld said, “and it won't.”\n"
    "She said so on Monday. She said so on Tuesday. A leaflet claims that Feld has admitted a mistake.\n"
)


def answer(*given: Any, **fields: Any) -> str:
    return json.dumps({"attributions": given} | fields)


def one(source: Any, cue: Any, content: Any) -> dict[str, Any]:
    return {"source": source, "cue": cue, "content": content}


def read(said: str, text: str = TEXT) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Source, cue and content of what is taken, as words; the causes of what is rejected."""
    found, rejected = attributions(said, text, (0, len(text)))

    def spoken(pieces: Pieces) -> str:
        return words(text, pieces)

    return [(spoken(a.source), spoken(a.cue), spoken(a.content)) for a in found], [r.cause for r in rejected]


BOARD = one("The harbour board of Ostrel", "said", ["the crane was sound"])


def test_words_of_the_text_are_taken_with_their_places() -> None:
    found, rejected = attributions(answer(BOARD), TEXT, (0, len(TEXT)))
    assert [(a.source, a.cue, a.content) for a in found] == [(((0, 27),), ((28, 32),), ((33, 52),))]
    assert found[0].confidence == UNSTATED
    assert not rejected


@pytest.mark.parametrize(
    "given",
    [
        one("The harbour board of Ostrel", "said", ["the crane was safe"]),  # reworded
        one("The Harbour Board of Ostrel", "said", ["the crane was sound"]),  # other capitals
        one("The harbour board of Ostrel", "say", ["the crane was sound"]),  # the dictionary's form
        one("the board", "said", ["the crane was sound"]),  # shortened
        one("pilot Runa Feld", "said", ['"It never moved,"']),  # other quotation marks
        one("pilot Runa Feld", "said", ["“It never moved,”  “and it won't.”"]),  # joined over what is between
        one("A leaflet", "claims", ["that Feld has admitted a mistake", "and resigned"]),  # one piece made up
        one("She", "said so on", ["Wednesday"]),
        one("harbour boar", "said", ["the crane was sound"]),  # half a word
    ],
)
def test_what_is_not_verbatim_is_rejected_and_the_rest_kept(given: dict[str, Any]) -> None:
    assert read(answer(given, BOARD)) == (
        [("The harbour board of Ostrel", "said", "the crane was sound")],
        ["not-verbatim"],
    )


def test_the_gap_says_which_words_are_not_there() -> None:
    _, (rejected,) = attributions(answer(one("Runa Field", "said", "the crane was sound")), TEXT, (0, len(TEXT)))
    assert rejected.detail == "the source “Runa Field” does not stand in the text so"


def test_white_space_at_the_edges_says_nothing() -> None:
    assert read(answer(one(" She ", "said\n", [" so "])))[1] == []


def test_a_content_may_be_in_pieces_or_one_string_and_a_source_may_be_missing() -> None:
    split = one("pilot Runa Feld", "said", ["“It never moved,”", "“and it won't.”"])
    assert read(answer(split)) == ([("pilot Runa Feld", "said", "“It never moved,” … “and it won't.”")], [])
    for nobody in ("", None, []):
        assert read(answer(one(nobody, "claims", "that Feld has admitted a mistake"))) == (
            [("", "claims", "that Feld has admitted a mistake")],
            [],
        )


def test_a_repeated_cue_is_the_one_nearest_to_its_content() -> None:
    found, _ = attributions(answer(one("She", "said", "so on Tuesday")), TEXT, (0, len(TEXT)))
    sentence = TEXT.index("She said so on Tuesday")
    assert found[0].source[0][0] == sentence
    assert found[0].cue[0][0] == sentence + 4


def test_the_same_words_twice_are_placed_in_order() -> None:
    found, rejected = attributions(answer(one("She", "said", "so"), one("She", "said", "so")), TEXT, (0, len(TEXT)))
    assert [a.cue[0][0] for a in found] == [TEXT.index("said so on Mon"), TEXT.index("said so on Tue")]
    assert not rejected


def test_an_answer_that_repeats_itself_is_one_attribution() -> None:
    assert read(answer(BOARD, BOARD, BOARD)) == ([("The harbour board of Ostrel", "said", "the crane was sound")], [])


def test_roles_upon_one_another_are_rejected() -> None:
    same = one("She", "said", "She said so on Monday")
    text = "She said so on Monday."
    assert read(answer(same), text) == ([], ["not-verbatim"])


def test_roles_at_two_ends_of_a_text_are_no_attribution() -> None:
    text = "Runa Feld sailed." + " The tide was low." * 80 + " The crane said nothing."
    assert read(answer(one("Runa Feld", "said", "nothing")), text) == ([], ["too-far"])


def test_only_the_stretch_asked_about_is_searched() -> None:
    begin = TEXT.index("A leaflet")
    found, rejected = attributions(answer(one("A leaflet", "claims", "that Feld has"), BOARD), TEXT, (begin, len(TEXT)))
    assert [a.source for a in found] == [((begin, begin + 9),)]
    assert [r.cause for r in rejected] == ["not-verbatim"]


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("", "not-json"),
        ("I can't help with that.", "not-json"),
        ('{"attributions": [', "not-json"),
        ("}{", "not-json"),
        ('{"attributions": ' + "[" * 100_000 + "]}", "not-json"),
        ('{"attributions": [{"cue": "\\ud800"}', "not-json"),
        ("{}", "wrong-shape"),
        ('{"attributions": {"source": "She"}}', "wrong-shape"),
        ('{"attributions": null}', "wrong-shape"),
    ],
)
def test_what_is_no_answer_at_all_is_said(said: str, cause: str) -> None:
    with pytest.raises(AnswerError) as refused:
        attributions(said, TEXT, (0, len(TEXT)))
    assert refused.value.cause == cause


@pytest.mark.parametrize(
    "given",
    [7, "She said so", None, [], {}, one("She", "", "so"), one("She", "said", []), one("She", "said", [1]),
     {"source": {"name": "She"}, "cue": "said", "content": "so"}, one("She", "said", ["“"])],
)  # fmt: skip
def test_entries_of_another_shape_are_rejected_one_by_one(given: Any) -> None:
    found, causes = read(answer(given, BOARD))
    assert len(found) == 1
    assert causes in (["wrong-shape"], ["not-verbatim"])


def test_fences_and_thinking_aloud_around_the_json_do_no_harm() -> None:
    plain = read(answer(BOARD))
    assert read(f"```json\n{answer(BOARD)}\n```") == plain
    assert read(f'<think>Perhaps {{"attributions": []}}?</think>\n{answer(BOARD)}') == plain
    assert read(answer(BOARD, note="done")) == plain


def test_an_endless_list_is_cut() -> None:
    found, causes = read(answer(*[BOARD] * (MOST + 5)))
    assert len(found) == 1
    assert causes == ["too-many"]


def test_many_places_of_short_words_are_searched_soon() -> None:
    text = "a b c " * 1_000
    found, _ = read(answer(*[one("a", "b", ["c"] * 12)] * MOST), text)
    assert found


def test_the_prompt_shows_an_answer_that_would_be_taken() -> None:
    example = prompt().split("Text: ", 1)[1]
    text, _, rest = example.partition("\n\nAnswer: ")
    found, causes = read(rest.splitlines()[0], text)
    assert len(found) == 3
    assert not causes
