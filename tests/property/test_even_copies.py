"""Whose names stand in two texts changes nothing about what they are to each other."""

import re

from copies_samples import OTHER, WIRE, copies_of, report
from hypothesis import given, settings
from hypothesis import strategies as st

from purport.core.copies import Copy

NAMES = ("Quist", "Tessin", "harbour", "dockers", "Omal")
INVENTED = ("Varn", "Ostrel", "Marrant", "Koll", "Ghazir", "Adimek", "Yun", "Breg", "Sirwan", "Tolo")


def swapped(text: str, names: dict[str, str]) -> str:
    return re.sub("|".join(names), lambda match: names[match[0]], text)


def shape(copies: tuple[Copy, ...]) -> list[object]:
    """All that is said of pairs but the places, which move with the lengths of names."""
    return [
        (one.a, one.b, one.kind, one.share_a, one.share_b, one.direction, [(p.words, p.kind) for p in one.passages])
        for one in copies
    ]


@settings(max_examples=60, deadline=None)
@given(st.permutations(INVENTED), st.lists(st.integers(0, 4), min_size=2, max_size=4, unique=True))
def test_swapped_names_change_no_judgement(invented: list[str], kept: list[int]) -> None:
    paragraphs = WIRE.split("\n\n")
    texts = {
        "report-1": WIRE,
        "report-2": "\n\n".join([OTHER, *(paragraphs[n] for n in sorted(kept))]),
        "report-3": "\n\n".join([*(paragraphs[n] for n in kept), OTHER.split("\n\n")[0]]),
        "report-4": OTHER,
    }
    names = dict(zip(NAMES, invented, strict=False))
    before = copies_of(*(report(id, text) for id, text in texts.items()))
    after = copies_of(*(report(id, swapped(text, names)) for id, text in texts.items()))
    assert shape(before)
    assert shape(after) == shape(before)
