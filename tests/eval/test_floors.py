"""Quality is a ratchet: what the reader reached once, it keeps (tests/eval/floors.toml)."""

import os
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import calibration
from attribution import load_scorer
from peers import load

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))


def needed(variable: str, name: str) -> Path:
    """A file of the test material, or a skip that says how to have it."""
    folder = os.environ.get(variable, "")
    if not folder:
        pytest.skip(f"{variable} is not set: it names the folder that holds {name}")
    path = Path(folder) / name
    if not path.is_file():
        pytest.skip(f"there is no {name} in the folder that {variable} names")
    return path


@pytest.fixture(scope="module")
def scorer() -> Any:
    return load_scorer(needed("PURPORT_EVAL", "attribution_eval.py"))


@pytest.fixture(scope="module")
def gold(scorer: Any) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = scorer.read_jsonl(needed("PURPORT_DATA", "attribution/polnear_dev.jsonl"))
    return records


@pytest.fixture(scope="module")
def reached(scorer: Any, gold: list[dict[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = scorer.evaluate(gold, load("purport_reader")(gold))
    return result


@pytest.mark.parametrize("measure", FLOORS["polnear_dev"])
def test_the_reader_keeps_what_it_reached(measure: str, reached: dict[str, Any]) -> None:
    value: Any = reached
    for key in measure.split("."):
        value = value[key]
    assert value["f1"] >= FLOORS["polnear_dev"][measure], f"{measure} sank to {value['f1']:.4f}"


def test_confidence_is_a_share(scorer: Any, gold: list[dict[str, Any]]) -> None:
    sure, hit = calibration.measure(gold, scorer)
    assert len(sure) > 1500
    assert calibration.error(sure, hit) <= FLOORS["calibration"]["error_at_most"]
    assert calibration.error(np.ones(len(hit)), hit) > 0.1  # whoever is always sure is not


def test_the_scorer_gives_nothing_for_nothing(scorer: Any, gold: list[dict[str, Any]]) -> None:
    nothing = scorer.evaluate(gold, [])
    assert nothing["attribution"]["content_source"]["f1"] == 0.0
    assert scorer.evaluate(gold, gold)["attribution"]["content_source"]["f1"] == 1.0
