"""Whom sources mean: the floors under the gold of three files. They may rise, never sink."""

from pathlib import Path

import pytest

from speakers import Case, cases, judge, parse, rates, score

HERE = Path(__file__).parent
FLOORS = {
    "speakers.toml": {"right": 0.95, "who": 0.95, "rightly abstained": 0.94},
    "speakers_third.toml": {"right": 0.92, "who": 0.92},
    "speakers_fresh.toml": {"right": 0.88, "who": 0.88, "rightly abstained": 0.85},
}


@pytest.mark.parametrize("name", FLOORS)
def test_speakers_are_found(name: str) -> None:
    counts, _ = score(HERE / name)
    reached = rates(counts)
    for measure, floor in FLOORS[name].items():
        assert reached[measure] >= floor, f"{measure} sank to {reached[measure]:.3f}"


def test_the_gold_is_large_and_has_texts_that_do_not_say() -> None:
    found, _ = cases(HERE / "speakers.toml")
    assert len(found) >= 150
    assert sum(case.expected == (0, 0) for case in found) >= 15


def test_the_judge_can_say_no() -> None:
    text, source, expected = parse("{{Mira Tolan}} came. [[She]] said no.")
    case = Case("he or she", text, source, expected)
    assert text == "Mira Tolan came. She said no."
    assert (text[slice(*source)], text[slice(*expected)]) == ("She", "Mira Tolan")
    assert judge(case, ()) == "abstained"
