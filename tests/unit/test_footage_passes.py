"""What rests on few marks and can't be told is left to the passes that look closest."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from purport.core.matches import SAME_FOOTAGE, UNDECIDABLE, Match
from purport.footage import find
from purport.footage.find import FIRM, PASSES, Search


def match(kind: str, marks: int) -> Match:
    return Match(
        query="q",
        reference="r",
        query_start=0,
        query_end=4,
        reference_start=0,
        reference_end=4,
        speed=1,
        mirrored=False,
        kind=kind,
        score=0.9,
        marks=marks,
    )


@pytest.mark.parametrize(
    ("closest", "kind", "marks", "kept"),
    [
        (False, UNDECIDABLE, FIRM - 1, False),
        (False, UNDECIDABLE, FIRM, True),
        (False, SAME_FOOTAGE, FIRM - 1, True),
        (True, UNDECIDABLE, FIRM - 1, True),
    ],
)
def test_a_weak_match_that_can_not_be_told_counts_only_at_the_closest(
    monkeypatch: pytest.MonkeyPatch, closest: bool, kind: str, marks: int, kept: bool
) -> None:
    weighty = SimpleNamespace(weights=np.full(9, 2.0))
    side: Any = SimpleNamespace(see=lambda looks, how: None, hits={0: weighty}, marks=None, mirrored=False)
    prints = SimpleNamespace(times=np.arange(8) / 2, marks=None)
    whole: Any = SimpleNamespace(prints=lambda owner: prints)
    query: Any = SimpleNamespace(prints=prints)
    monkeypatch.setattr(find, "Voting", lambda *_: SimpleNamespace(flags=np.ones(8, bool), run=None))
    monkeypatch.setattr(Search, "_told", lambda *_: [match(kind, marks)])
    search = Search(query, whole)
    search.by_marks(np.arange(8, dtype=np.int32), side, replace(PASSES[0], closest=closest))
    assert bool(search.found) is kept


def test_each_side_ends_with_its_closest_look() -> None:
    assert [one.closest for one in PASSES] == [False] * 4 + [True] * 2
    assert {one.mirrored for one in PASSES if one.closest} == {True, False}
