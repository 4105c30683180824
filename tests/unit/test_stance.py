"""Whose adverb it is decides the reporter's stance."""

import pytest

from purport.core.spans import Pieces
from purport.read import acts


def find(text: str, *parts: str) -> tuple[Pieces, ...]:
    return tuple(((text.index(part), text.index(part) + len(part)),) for part in parts)


@pytest.mark.parametrize(
    ("text", "source", "cue", "content", "stance", "words"),
    [
        ("The clip purportedly shows a camp.", "The clip", "shows", "a camp", "distanced", "purportedly"),
        ("Reportedly, Kreel said he would go.", "Kreel", "said", "he would go", "distanced", "Reportedly"),
        ("Kreel said “the alleged camp is gone”.", "Kreel", "said", "“the alleged camp is gone”", "plain", "said"),
        ("The tests showed the well was clean.", "The tests", "showed", "the well was clean", "endorsed", "showed"),
        ("The tests never showed it was clean.", "The tests", "showed", "it was clean", "plain", "never"),
        ("The tests could show it was clean.", "The tests", "show", "it was clean", "plain", "could"),
        ("Kreel allegedly admitted he fled.", "Kreel", "admitted", "he fled", "distanced", "allegedly"),
        ("He said the “liberation” began.", "He", "said", "the “liberation” began", "distanced", "“liberation”"),
        ("He said the raid was “cruel” and late.", "He", "said", "the raid was “cruel” and late", "plain", "said"),
        ("He said a “very bad idea” was afoot.", "He", "said", "a “very bad idea” was afoot", "plain", "said"),
        ("Vail correctly said the map was old.", "Vail", "said", "the map was old", "endorsed", "correctly"),
    ],
)  # fmt: skip
def test_stance(text: str, source: str, cue: str, content: str, stance: str, words: str) -> None:
    judged = acts.judge(text, *find(text, source, cue, content))
    reason = judged.reasons[1]
    assert (judged.stance, reason.words) == (stance, words), judged.reasons


def test_an_adverb_of_the_sentence_before_is_not_of_this_claim() -> None:
    text = "They fled, reportedly. Kreel said the war was over."
    assert acts.judge(text, *find(text, "Kreel", "said", "the war was over")).stance == "plain"


def test_an_adverb_deep_in_the_content_is_not_about_the_claim() -> None:
    text = "Kreel said the war over the river and the eastern pass and the mill allegedly sold was over."
    content = text[text.index("the war") : -1]
    assert acts.judge(text, *find(text, "Kreel", "said", content)).stance == "plain"
