"""Merging claims: what is undone stays undone, whatever keeps claims apart keeps them apart, order changes nothing."""

from collections.abc import Sequence
from itertools import permutations

import networkx as nx
import numpy as np
import pytest
from claim_pairs import PAIRS, reading
from numpy.typing import NDArray

from purport.core.ports import Encoder
from purport.edges.onnx import OnnxEncoder
from purport.trace.known import know
from purport.trace.particulars import apart, particulars
from purport.trace.same_claim import NEAREST, same_claims

FIRE = ["the harbour master", "said", "twelve people were killed in the fire at the grain store"]
AGAIN = ["the harbour master", "told reporters", "12 people died in the grain store fire"]
THIRD = ["Open Docket", "said", "the grain store fire killed 12 people"]
OTHER = ["the harbour master", "said", "21 people were killed in the fire at the grain store"]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return OnnxEncoder()


def pairs(*said: list[str], encoder: Encoder, undone: frozenset[frozenset[str]] = frozenset()) -> set[frozenset[str]]:
    known = know([reading(one, 5, str(number)) for number, one in enumerate(said)], (), ())
    return {frozenset((one.a, one.b)) for one in same_claims(known, encoder, undone=undone)}


def test_an_undone_pair_is_never_merged_again(encoder: Encoder) -> None:
    (found,) = pairs(FIRE, AGAIN, encoder=encoder)
    assert pairs(FIRE, AGAIN, encoder=encoder, undone=frozenset([found])) == set()


def test_the_order_in_which_reports_come_changes_no_merge(encoder: Encoder) -> None:
    said = [("a", FIRE), ("b", AGAIN), ("c", THIRD), ("d", OTHER)]
    found = []
    for order in permutations(said):
        known = know([reading(one, 5, name) for name, one in order], (), ())
        found.append({(one.id, one.a, one.b, one.score) for one in same_claims(known, encoder)})
    assert found[0]
    assert all(one == found[0] for one in found)


class Counting:
    """An encoder that counts what it is asked."""

    version = "counting"

    def __init__(self, inner: Encoder) -> None:
        self._inner, self.asked = inner, 0

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += len(texts)
        return self._inner.encode(texts)


def test_only_what_may_be_one_in_other_words_is_encoded(encoder: Encoder) -> None:
    counting = Counting(encoder)
    assert len(pairs(FIRE, FIRE, OTHER, encoder=counting)) == 1
    assert counting.asked == 0
    assert len(pairs(FIRE, AGAIN, OTHER, encoder=counting)) == 1
    assert counting.asked == 2


def test_what_many_print_is_compared_with_few_and_hangs_together(encoder: Encoder) -> None:
    found = pairs(*[FIRE] * (NEAREST + 4), AGAIN, encoder=encoder)
    joined = nx.Graph([tuple(pair) for pair in found])
    assert nx.is_connected(joined)
    assert len(joined) == NEAREST + 5
    assert len(found) < NEAREST * (NEAREST + 5)


def test_claims_of_one_report_are_not_merged_with_each_other(encoder: Encoder) -> None:
    report, claims = reading(FIRE, 5, "a")
    assert same_claims(know([(report, claims + claims)], (), ()), encoder) == ()


def test_other_languages_are_kept_apart(encoder: Encoder) -> None:
    import msgspec

    both = [reading(one, 5, name) for name, one in (("a", FIRE), ("b", AGAIN))]
    foreign = [(msgspec.structs.replace(report, language="und"), claims) for report, claims in both]
    assert same_claims(know(foreign, (), ()), encoder) == ()


def test_nothing_keeps_a_claim_apart_from_itself() -> None:
    for pair in PAIRS:
        for side in "ab":
            _, (claim,) = reading(pair[side], 5, side)
            one = particulars(claim, pair[side][2], pair[side][0])
            assert apart(one, one) == ""


def test_what_keeps_two_apart_keeps_them_apart_both_ways() -> None:
    for pair in PAIRS:
        one, two = (particulars(reading(pair[side], 5, side)[1][0], pair[side][2], pair[side][0]) for side in "ab")
        assert apart(one, two) == apart(two, one)


@pytest.mark.parametrize(
    ("said", "bounds"),
    [
        ("30 boats left", set()),
        ("more than 30 boats left", {"over"}),
        ("Longer Than two hours", {"over"}),
        ("fewer than 30 boats left", {"under"}),
        ("UP TO 30 boats left", {"under"}),
        ("30 boats left, At Most", {"under"}),
        ("they went up the hill to rest", set()),
    ],
)
def test_a_bound_is_seen_however_it_is_written(said: str, bounds: set[str]) -> None:
    (claim,) = know([reading(["the army", "said", said], 5, "1")], (), ()).claims.values()
    assert particulars(claim, said, "army").bounds == bounds
