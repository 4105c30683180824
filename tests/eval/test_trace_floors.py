"""What tracing reached once it keeps: stories, claims found again, stances (tests/eval/floors.toml)."""

import os
import tomllib
from pathlib import Path

import numpy as np
import pytest

import claims
import stance
import stories

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))["trace"]
KEPT = os.environ.get("PURPORT_VECTORS", "")  # a file in which vectors stay for the next run


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(KEPT) if KEPT else tmp_path_factory.mktemp("vectors") / "kept"


def data(name: str) -> Path:
    held = os.environ.get("PURPORT_DATA", "")
    if not held or not (Path(held) / name).exists():
        pytest.skip(f"PURPORT_DATA does not name the folder that holds {name}")
    return Path(held)


def test_reports_are_grouped_into_stories(kept: Path) -> None:
    found = stories.measure(data("events") / "events" / "ecbplus_dev.jsonl", kept)
    assert np.mean([one.f1 for one in found]) >= FLOORS["stories"]
    assert min(one.precision for one in found) >= FLOORS["stories"], "a report in a wrong story is worse than one alone"


def test_the_claim_that_a_post_repeats_is_found(kept: Path) -> None:
    if not KEPT:
        pytest.skip("PURPORT_VECTORS names no file for vectors: 30,000 texts would be encoded for this test alone")
    bench = claims.Bench(data("claims") / "claims", kept)
    fused = bench.map("dev-test", bench.fused)
    assert fused >= FLOORS["claims"]
    assert fused - bench.map("dev-test", bench.likeness.words_alone) >= FLOORS["claims_above_words"]


def test_stances_are_read_from_headlines() -> None:
    dev, rest = stance.halves(data("stance"))
    assert not {row.claim for row in dev} & {row.claim for row in rest}
    assert stance.macro(rest, stance.purport) >= FLOORS["stance"]
    assert stance.macro(rest, stance.purport) > stance.macro(rest, stance.lexicon_alone)
    assert stance.macro(rest, stance.always_for) < 0.25


def test_b3_gives_nothing_for_nothing() -> None:
    gold = {"a": "1", "b": "1", "c": "2", "d": "2"}
    assert stories.b3([["a", "b"], ["c", "d"]], gold).f1 == 1
    alone, heap = stories.b3([[one] for one in gold], gold), stories.b3([list(gold)], gold)
    assert (alone.precision, alone.recall) == (1, 0.5)
    assert (heap.precision, heap.recall) == (0.5, 1)
