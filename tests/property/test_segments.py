"""The search for content segments, step by step from run to run, finds what trying every labelling finds."""

from itertools import groupby, pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from purport.core.spans import Span
from purport.read.attribution import runs, segments

SCORES = st.lists(st.integers(-80, 80).map(lambda n: n / 10), min_size=1, max_size=10)


def worth(scores: list[float], spans: list[Span], cost: float) -> float:
    return sum(sum(scores[a:b]) - 2 * cost for a, b in spans)


def spans_of(flags: tuple[bool, ...]) -> list[Span]:
    found, at = [], 0
    for flag, group in groupby(flags):
        size = len(list(group))
        if flag:
            found.append((at, at + size))
        at += size
    return found


@settings(deadline=None)
@given(scores=SCORES, cost=st.sampled_from([0.5, 1.0, 2.0, 3.7]))
def test_no_labelling_is_worth_more(scores: list[float], cost: float) -> None:
    found = segments(np.array(scores, dtype=np.float64), cost)  # type: ignore[arg-type]
    best = max(worth(scores, spans_of(flags), cost) for flags in product((False, True), repeat=len(scores)))
    assert worth(scores, found, cost) == pytest.approx(best)


@given(scores=st.lists(st.floats(-8, 8, width=32), min_size=1, max_size=200))
def test_segments_are_apart_and_in_order(scores: list[float]) -> None:
    found = segments(np.array(scores, dtype=np.float32), 2.0)
    assert all(0 <= a < b <= len(scores) for a, b in found)
    assert all(before[1] < after[0] for before, after in pairwise(found))
    for a, b in found:  # none is kept that does not pay, none begins or ends with what costs
        assert sum(scores[a:b]) >= 4.0 - 1e-3
        assert scores[a] > 0
        assert scores[b - 1] > 0


@given(flags=st.lists(st.booleans(), max_size=60))
def test_runs_are_where_flags_hold(flags: list[bool]) -> None:
    assert runs(np.array(flags, dtype=bool)) == spans_of(tuple(flags))
