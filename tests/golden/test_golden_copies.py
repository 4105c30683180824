"""Pairs of invented reports, each with what it must be taken for: tests/golden/copies.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from copies_samples import copies_of, report, shown

PAIRS = tomllib.loads((Path(__file__).parent / "copies.toml").read_text("utf-8"))["pairs"]


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["name"] for pair in PAIRS])
def test_a_pair_is_taken_for_what_it_is(pair: dict[str, Any]) -> None:
    a, b = (report(side, pair[side]["text"].strip(), pair[side]["outlet"]) for side in ("a", "b"))
    found = copies_of(a, b)
    assert [copy.kind for copy in found] == ([pair["kind"]] if pair["kind"] else [])
    for copy in found:
        assert copy.direction == pair["direction"]
        assert any(
            pair["same"] in shown(a.text, one.a).lower() and pair["same"] in shown(b.text, one.b).lower()
            for one in copy.passages
        )
