"""The index of word runs: it finds what is shared, grows, and is kept in a file."""

import random

import numpy as np
import pytest

from purport.trace.shingles import CERTAIN, COMMON, RUN, STEP, Index, words_of


def filled(texts: list[str]) -> Index:
    index = Index()
    index.add([f"report-{n}" for n in range(len(texts))], words_of(texts))
    return index


def held(index: Index, text: str) -> set[int]:
    return set(index.find(words_of([text])).reports.tolist())


def words(start: int, count: int) -> str:
    return " ".join(f"w{n}" for n in range(start, start + count))


@pytest.mark.parametrize("before", range(STEP))
@pytest.mark.parametrize("within", range(3))
def test_eight_words_in_common_are_always_found(before: int, within: int) -> None:
    index = filled([f"{words(1000, before)} {words(0, CERTAIN)} {words(2000, 9)}"])
    assert held(index, f"{words(3000, within)} {words(0, CERTAIN)} {words(4000, 5)}") == {0}


def test_four_words_in_common_are_not() -> None:
    assert held(filled([f"{words(0, 4)} {words(100, 9)}"]), f"{words(0, 4)} {words(200, 9)}") == set()


def test_it_finds_what_comparing_every_run_finds() -> None:
    chance = random.Random(3)
    texts = [" ".join(chance.choices("abcd", k=chance.randint(0, 60))) for _ in range(40)]
    index, asked = filled(texts), " ".join(chance.choices("abcd", k=50))
    runs = {tuple(asked.split()[n : n + RUN]): n for n in range(46)}
    booked = [{tuple(text.split()[n : n + RUN]) for n in range(0, len(text.split()) - RUN + 1, STEP)} for text in texts]
    found = index.find(words_of([asked]))
    assert set(found.reports.tolist()) == {number for number, one in enumerate(booked) if one & set(runs)}


def test_texts_asked_together_are_told_apart() -> None:
    index = filled([words(0, 12), words(100, 12)])
    found = index.find(words_of([words(100, 9), "nothing of all that", words(0, 9)]))
    assert set(zip(found.texts.tolist(), found.reports.tolist(), strict=True)) == {(0, 1), (2, 0)}
    assert (np.diff(found.texts) >= 0).all()


def test_of_a_run_in_very_many_reports_the_latest_are_told() -> None:
    index = filled([words(0, RUN)] * (3 * COMMON))
    assert held(index, words(0, RUN)) == set(range(2 * COMMON, 3 * COMMON))


def test_it_grows_beyond_its_first_room() -> None:
    index = Index()
    for number in range(60):
        index.add([f"report-{number}"], words_of([words(1000 * number, 400)]))
    assert [held(index, words(1000 * number + 7, 20)) for number in range(60)] == [{number} for number in range(60)]
    assert index.lengths == [400] * 60


def test_it_is_made_again_from_what_was_booked() -> None:
    index, again = Index(), Index()
    for number, start in enumerate((0, 100)):
        again.take(index.add([f"report-{number}"], words_of([words(start, 30)])))
    assert again.reports == ["report-0", "report-1"]
    assert "report-1" in again
    again.add(["report-2"], words_of([words(200, 30)]))
    assert [held(again, words(start, 9)) for start in (0, 100, 200)] == [{0}, {1}, {2}]
    assert again.lengths == [30, 30, 30]


def test_what_was_booked_is_taken_in_order_only() -> None:
    booked = filled([words(0, 30)]).add(["report-1"], words_of([words(100, 30)]))
    with pytest.raises(ValueError, match="does not come next"):
        Index().take(booked)
