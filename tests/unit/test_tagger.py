"""Texts to attributions, with a network whose answers are known."""

import pytest
from model_samples import WordModel

from purport.core.errors import ModelError
from purport.core.spans import words
from purport.read.tagger import HEADS, WINDOW, Attribution, bounds, tag, tidy
from purport.read.windows import BLOCK

ONE = "Yesterday the clerk said, bridges fell down."
TWO = "The mayor denied big claims. The baker claimed huge victories yesterday."


def shown(text: str, found: list[Attribution]) -> list[tuple[str, str, str]]:
    return [(words(text, a.source), words(text, a.cue), words(text, a.content)) for a in found]


def test_a_text_gives_its_attributions_in_order() -> None:
    (found,) = tag([TWO], WordModel())
    assert shown(TWO, found) == [("mayor", "denied", "big claims"), ("baker", "claimed", "huge victories")]
    assert all(0.9 < a.confidence <= 1 for a in found)


def test_marks_between_cue_and_content_belong_to_neither() -> None:
    (found,) = tag([ONE], WordModel())
    assert shown(ONE, found) == [("clerk", "said", "bridges fell down")]


def test_several_texts_in_one_call_are_answered_apart() -> None:
    texts = [TWO, "", ONE, " \n", ONE]
    together = tag(texts, WordModel())
    assert together == [tag([text], WordModel())[0] for text in texts]
    assert [len(found) for found in together] == [2, 0, 1, 0, 1]


def test_no_texts_no_answers_and_the_network_is_not_asked() -> None:
    model = WordModel()
    assert tag([], model) == []
    assert tag(["", "\n\n"], model) == [[], []]
    assert model.sizes == []


@pytest.mark.parametrize("line", ["\n", " "], ids=["many paragraphs", "one paragraph"])
def test_a_long_text_is_read_to_its_end_and_nothing_twice(line: str) -> None:
    text = line.join(f"The clerk said bridge{n} fell." for n in range(1500))  # two blocks, hundreds of windows
    (found,) = tag([text], WordModel())
    assert [a.cue for a in found] == sorted({a.cue for a in found})
    at = [text.count("said", 0, a.cue[0][0]) for a in found]
    assert at == list(range(1500))
    assert {(words(text, a.source), words(text, a.cue)) for a in found} == {("clerk", "said")}
    assert [words(text, a.content) for a in found] == [f"bridge{n} fell" for n in range(1500)]


@pytest.mark.parametrize(
    ("text", "contents"),
    [
        ("The clerk denied bridges fell\nQuiet rivers", ["bridges fell"]),
        ("The clerk denied bridges fell\nby quiet rivers", ["bridges fell\nby quiet rivers"]),
        ("The clerk denied bridges fell,\nby quiet rivers", ["bridges fell", "by quiet rivers"]),
    ],
    ids=["a headline is all", "a broken line goes on", "a comma goes on"],
)
def test_a_content_goes_on_in_the_next_line_only_behind_a_mark(text: str, contents: list[str]) -> None:
    (found,) = tag([text], WordModel())
    assert [text[start:end] for a in found for start, end in a.content] == contents


def test_no_content_of_the_body_reaches_into_the_lines_above_it() -> None:
    text = "Bridges fell\nA report of ours\n\nBridges fell, the clerk said.\nBridges fell."
    begin = text.index("Bridges fell,")
    assert [bounds(text, at) for at in (0, 13, begin, len(text) - 2)] == [
        (0, 12),
        (13, 29),
        (begin, len(text)),
        (begin, len(text)),
    ]
    assert bounds("One line", 3) == (0, 8)
    lines = "No mark\n" * 40  # which may be all there is of it, and is looked through no further than its top
    assert bounds(lines, 9 * 8) == bounds(lines, 39 * 8) == (HEADS * 8, len(lines))
    assert bounds("a broken line\ngoes on", 16) == (0, 21)


def test_a_source_does_not_begin_in_the_headline() -> None:
    text = "Baker\nMayor denied bridges fell."
    (found,) = tag([text], WordModel())
    assert [(words(text, a.source), words(text, a.cue)) for a in found] == [("Mayor", "denied")]


def test_no_window_is_larger_than_it_may_be() -> None:
    model = WordModel()
    tag(["The clerk said bridges fell. " * n for n in range(1, 60)], model)
    assert len(model.sizes) > 1
    assert max(model.sizes) <= WINDOW + 2


def test_threads_change_no_answer() -> None:
    texts = [ONE, TWO, "\n".join([ONE, TWO] * 400)]  # the last in blocks
    assert len(texts[-1]) > BLOCK
    assert tag(texts, WordModel(threads=4)) == tag(texts, WordModel(threads=1))


def test_offsets_are_of_characters_not_bytes() -> None:
    text = "🌊🌊 «é» the clerk said bridges fell."
    (found,) = tag([text], WordModel())
    assert words(text, found[0].cue) == "said"


def test_an_error_of_the_network_is_not_swallowed() -> None:
    class Broken(WordModel):
        def scores(self, *_: object) -> object:  # type: ignore[override]
            raise ModelError("broken")

    with pytest.raises(ModelError):
        tag([ONE], Broken(threads=2))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (", that it fell", "that it fell"),
        ("“it fell,”", "“it fell,”"),
        ("it fell, ", "it fell"),
        (": “it fell”", "“it fell”"),
        ("it fell –", "it fell"),
        (" ,.: ", ""),
        ("", ""),
    ],
)
def test_tidy(text: str, kept: str) -> None:
    start, end = tidy(text, (0, len(text)))
    assert text[start:end] == kept
