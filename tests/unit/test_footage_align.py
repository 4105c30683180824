"""Votes, runs and views, on marks of our own making."""

import numpy as np
import pytest

from purport.footage import align
from purport.footage.index import Hits
from purport.footage.prints import Floats, Marks

CHANCE = np.random.default_rng(3)


def marks(places: Floats, looks: list[tuple[int, int]]) -> Marks:
    return Marks(np.zeros((len(places), 32), np.uint8), places, np.array(looks, np.int32))


def hits(query: list[int], reference: list[int], closeness: float = 1.0) -> Hits:
    n = len(query)
    weight = np.full(n, closeness, np.float32)
    return Hits(np.int32(query), np.int32(reference), weight, np.ones(n, np.float32), np.ones(n, np.int32))


def test_a_mark_votes_for_all_looks_that_it_stays_in() -> None:
    one = marks(np.float32([[0.5, 0.5]]), [(1, 2)])
    other = marks(np.float32([[0.5, 0.5]]), [(0, 1)])
    found = align.votes(one.looks, other.looks, np.ones(1, np.float32), 4, 3)
    assert found.tolist() == [[0, 0, 0], [1, 1, 0], [1, 1, 0], [0, 0, 0]]


def test_flags_are_grouped_over_holes_but_not_over_cuts() -> None:
    flags = np.array([1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1], bool)
    assert list(align.groups(flags, [])) == [(0, 4), (10, 11)]
    assert list(align.groups(flags, [3, 11])) == [(0, 1), (4, 4), (10, 10), (11, 11)]
    assert list(align.groups(np.zeros(3, bool), [])) == []


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_the_view_is_what_most_marks_agree_on(share: float) -> None:
    here = CHANCE.uniform(0, 1, (80, 2)).astype(np.float32)
    there = here * 0.6 + np.float32([0.2, 0.1])
    wrong = CHANCE.random(80) < share
    there[wrong] = CHANCE.uniform(0, 1, (int(wrong.sum()), 2))
    view, inside = align.agreed(here, there)
    assert view is not None
    assert np.allclose(view, [[0.6, 0, 0.2], [0, 0.6, 0.1], [0, 0, 1]], atol=0.02)
    assert inside[~wrong].all()


def test_a_view_that_folds_or_shrinks_to_a_speck_is_none() -> None:
    here = CHANCE.uniform(0, 1, (40, 2)).astype(np.float32)
    assert not align.sane(np.diag([0.01, 0.01, 1.0]), here)
    assert not align.sane(np.diag([-1.0, 1.0, 1.0]), here)
    assert align.sane(np.eye(3), here)


def test_each_mark_has_one_partner_at_most_the_closest() -> None:
    many = hits([0, 1, 2, 2], [5, 5, 5, 6])
    many = Hits(many.query, many.reference, np.float32([0.5, 0.9, 0.8, 0.7]), many.rarity, many.shared)
    assert sorted(align.single(many, np.arange(4, dtype=np.int32)).tolist()) == [1]


def test_marks_on_one_word_are_no_view_of_a_picture() -> None:
    assert not align.spread(CHANCE.uniform(0.4, 0.45, (30, 2)).astype(np.float32))
    assert align.spread(CHANCE.uniform(0, 1, (30, 2)).astype(np.float32))
