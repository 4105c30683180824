"""Matches that go on in one another, and the best of several."""

from purport.core.matches import SAME_FOOTAGE, SAME_SCENE, UNDECIDABLE, Match
from purport.footage.joins import joined, outdone, settled


def match(start: float, end: float, there: float, kind: str = SAME_FOOTAGE, **more: object) -> Match:
    facts = {"query": "q", "reference": "r", "speed": 1.0, "mirrored": False, "score": 0.9} | more
    return Match(
        query_start=start, query_end=end, reference_start=there, reference_end=there + end - start, kind=kind, **facts
    )


def test_parts_that_go_on_are_one() -> None:
    (one,) = joined([match(2.1, 4, 12.1), match(0, 2, 10), match(4, 5, 14, UNDECIDABLE)])
    assert (one.query_start, one.query_end, one.reference_start, one.reference_end) == (0, 5, 10, 15)
    assert one.kind == SAME_FOOTAGE


def test_parts_that_jump_turn_or_are_another_time_stay_apart() -> None:
    assert len(joined([match(0, 2, 10), match(2, 4, 30)])) == 2
    assert len(joined([match(0, 2, 10), match(2, 4, 12, mirrored=True)])) == 2
    assert len(joined([match(0, 2, 10), match(2, 4, 12, SAME_SCENE)])) == 2
    assert len(joined([match(0, 2, 10), match(5, 7, 15)])) == 2


def test_of_two_for_one_stretch_the_surer_kind_is_kept() -> None:
    scene, same = match(0, 4, 3, SAME_SCENE, score=0.99), match(1, 4, 8, score=0.9)
    assert list(settled([scene, same])) == [same]
    elsewhere = match(0, 4, 3, SAME_SCENE, reference="other")
    assert len(list(settled([elsewhere, same]))) == 2


def test_what_another_release_says_more_of_can_not_be_told() -> None:
    best = match(0, 4, 3, agreement=0.95, movement=20.0)
    less = match(0, 4, 3, reference="other", agreement=0.9, movement=5.0)
    worse = match(0, 4, 3, reference="third", agreement=0.8, movement=25.0)
    assert [one.kind for one in outdone([best, less, worse])] == [SAME_FOOTAGE, UNDECIDABLE, UNDECIDABLE]


def test_copies_of_one_film_stay_the_same_footage() -> None:
    copies = [
        match(0, 4, 3, agreement=0.95, movement=20.0),
        match(0, 4, 3, reference="copy", agreement=0.93, movement=19.0),
    ]
    assert [one.kind for one in outdone(copies)] == [SAME_FOOTAGE, SAME_FOOTAGE]
