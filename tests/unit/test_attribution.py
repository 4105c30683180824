"""From made-up scores, whose links are known, to attributions."""

from typing import NamedTuple

import numpy as np
import pytest

from purport.read.attribution import (
    Floats,
    Relation,
    confidence,
    decode,
    find_cues,
    log_odds,
    runs,
    segments,
    share,
    softmax,
    source_of,
    under,
    worth,
)

SURE = 9.0


class Scores(NamedTuple):
    tags: Floats
    keys: Floats
    queries: Floats
    lean: Floats


def scores(line: str) -> Scores:
    """Scores that say what a line shows: one letter a token, the cue in capitals, a digit for who ties to it.

    `s0 C0 c0 c0 . s1 C1 c1`: s source, C cue (C begins one, D goes on), c content, of cue 0 or 1; . nothing.
    """
    tokens = line.split()
    n = len(tokens)
    tags = np.tile(np.array([SURE, 0, 0], dtype=np.float32), (n, 1))
    keys, queries = np.zeros((2, n, 4, 64), dtype=np.float32)
    lean = np.full((n, 4), -SURE, dtype=np.float32)
    for at, token in enumerate(tokens):
        if token == ".":
            continue
        kind, number = token[0], int(token[1:])
        if kind in "CD":
            tags[at] = (0, SURE, 0) if kind == "C" else (0, 0, SURE)
            queries[at, :, number] = 1
        else:
            keys[at, 1 if kind == "s" else 3, number] = 2 * SURE
    return Scores(tags, keys, queries, lean)


def shown(line: str) -> list[tuple[tuple[int, int], tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]]:
    return [(found.cue, found.source, found.content) for found in decode(*scores(line))]


def test_each_cue_gets_its_own() -> None:
    assert shown("s0 C0 c0 c0 . s1 s1 C1 c1") == [
        ((1, 2), ((0, 1),), ((2, 4),)),
        ((7, 8), ((5, 7),), ((8, 9),)),
    ]


def test_a_content_may_stand_on_both_sides_of_its_cue() -> None:
    assert shown("c0 c0 s0 C0 c0 c0") == [((3, 4), ((2, 3),), ((0, 2), (4, 6)))]


def test_one_token_may_be_in_the_content_of_two() -> None:
    line = scores("s0 C0 c0 c0 C1 c0")
    line.keys[5, 3, 1] = 2 * SURE
    (_, second) = decode(*line)
    assert second.content == ((5, 6),)
    assert second.source == ()


def test_a_cue_without_content_is_none() -> None:
    assert shown("s0 C0 . .") == []


def test_no_cue_no_attributions() -> None:
    assert shown(". . .") == []


def test_confidence_is_high_when_all_is_sure_and_below_the_bar_it_is_dropped() -> None:
    line = scores("s0 C0 c0 c0")
    (found,) = decode(*line)
    assert 0.99 < found.confidence <= 1
    line.tags[1] = (0, 0, 0)  # a cue believed at two thirds
    (less,) = decode(*line)
    assert less.confidence < found.confidence
    assert worth(less, [less]) < worth(found, [found])
    assert decode(*line, keep_from=worth(found, [found])) == []
    assert decode(*line, cue_from=0.7) == []


def test_confidence_grows_with_cue_content_and_weakest_part_and_stays_a_probability() -> None:
    parts = [0.6, 0.5, 0.3]
    for number in range(3):
        more = [belief + 0.3 * (place == number) for place, belief in enumerate(parts)]
        assert confidence(*parts) < confidence(*more)
    assert confidence(0.6, 0.5, 0.7) == confidence(0.6, 0.5, 0.9)  # a source surer than what it is said to have said
    assert 0 < confidence(0, 0, 0) < 0.05
    assert 0.9 < confidence(1, 1, 1) < 1


def test_a_cue_never_holds_itself() -> None:
    line = scores("s0 C0 c0 c0")
    line.keys[1, 3, 0] = 2 * SURE
    (found,) = decode(*line)
    assert found.content == ((2, 4),)


def test_cues_side_by_side_are_told_apart_by_their_beginnings() -> None:
    tags = scores("C0 D0 C1 . C2").tags
    assert [span for span, _ in find_cues(tags)] == [(0, 2), (2, 3), (4, 5)]
    assert all(belief > 0.99 for _, belief in find_cues(tags))


def test_the_source_is_the_weightiest_run_outside_the_content() -> None:
    belief = np.array([0.9, 0, 0.9, 0.9, 0, 0.9, 0.9, 0.9], dtype=np.float32)
    assert source_of(belief, [(5, 8)]) == ((2, 4),)
    assert source_of(belief, []) == ((5, 8),)
    assert source_of(belief, [(0, 8)]) == ()
    assert source_of(np.full(3, 0.2, dtype=np.float32), []) == ()


@pytest.mark.parametrize(
    ("line", "cost", "expected"),
    [
        ([3, 3, 3], 2, [(0, 3)]),
        ([3], 2, []),  # one token does not pay for beginning and ending
        ([5, -1, 5], 2, [(0, 3)]),  # a short dip is bridged
        ([5, -7, 5], 2, [(0, 1), (2, 3)]),
        ([-1, -1], 2, []),
    ],
)
def test_segments(line: list[float], cost: float, expected: list[tuple[int, int]]) -> None:
    assert segments(np.array(line, dtype=np.float32), cost) == expected


def test_probabilities() -> None:
    p = softmax(np.array([[0, 1000], [0, 0]], dtype=np.float32))  # of two choices, at two places
    assert p.tolist() == [[0.5, 1], [0.5, 0]]
    odds = log_odds(np.array([0, 0.5, 1], dtype=np.float32))
    assert odds[1] == pytest.approx(0, abs=1e-5)
    assert odds[0] == -odds[2] == -8
    assert runs(np.array([], dtype=bool)) == []


def test_how_much_of_some_pieces_stands_in_others() -> None:
    assert share([(0, 4), (6, 8)], [(2, 7)]) == 0.5
    assert share([(0, 4)], [(4, 9)]) == 0.0
    assert share([(2, 4)], [(0, 3), (3, 9)]) == 1.0


def test_a_content_in_that_of_a_surer_cue_counts_for_less() -> None:
    inner = Relation((4, 5), (), ((5, 8),), (0.6, 0.9, 0.5))
    outer = Relation((0, 1), (), ((1, 8),), (0.9, 0.9, 0.5))
    assert (under(inner, [inner, outer]), under(outer, [inner, outer])) == (1.0, 0.0)
    assert worth(inner, [inner, outer]) < worth(inner, [inner])
    assert worth(outer, [inner, outer]) == worth(outer, [outer])
