"""The score of an event follows negation, modality, attitude and mood; its quality on UDS-IH2 may not sink."""

import os
from pathlib import Path

import pytest

import firmness
from purport.core.spans import Span
from purport.read import acts


def score(text: str, verb: str) -> float:
    return acts.factuality(text, (text.index(verb), text.index(verb) + len(verb)))


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("The ferry left the harbour.", "left"),
        ("She has repaired the pump.", "repaired"),
        ("He said that the brigade took the bridge.", "took"),
        ("They managed to open the gate.", "open"),
    ],
)
def test_what_is_put_as_done_scores_above_nought(text: str, verb: str) -> None:
    assert score(text, verb) > 0


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("The ferry did not leave the harbour.", "leave"),
        ("The ferry will leave tomorrow.", "leave"),
        ("They wanted to open the gate.", "open"),
        ("Please open the gate.", "open"),
        ("They failed to open the gate.", "open"),
        ("She could open the gate.", "open"),
    ],
)
def test_what_is_denied_wished_or_to_come_scores_below(text: str, verb: str) -> None:
    assert score(text, verb) < 0


def test_a_condition_and_a_doubt_lower_the_score() -> None:
    assert score("If the mill burns, the town is lost.", "burns") < score("The mill burns.", "burns") - 1
    assert score("Perhaps the mill burned.", "burned") < score("The mill burned.", "burned")


@pytest.mark.parametrize("text", ["", "go", "?", "to", "not", "to go", "İ if"])
def test_any_text_has_a_score_within_bounds(text: str) -> None:
    for start in range(len(text) + 1):
        assert -3 <= acts.factuality(text, (start, len(text))) <= 3


def test_the_score_on_uds_ih2_dev_does_not_sink() -> None:
    folder = Path(os.environ.get("PURPORT_DATA", "")) / "factuality"
    if not os.environ.get("PURPORT_DATA") or not (folder / "uds_ih2_dev.jsonl").exists():
        pytest.skip("PURPORT_DATA has no factuality/uds_ih2_dev.jsonl")
    rows = list(firmness.events(folder / "uds_ih2_dev.jsonl"))
    r, sign, _ = firmness.quality(acts.factuality, rows)
    baseline: tuple[float, ...] = firmness.quality(firmness.near_cue_words, rows)
    assert r >= 0.65
    assert sign >= 0.78
    assert r > baseline[0] + 0.4


def test_the_bench_finds_an_event_at_its_token(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "it did n\'t burn .", "targets": [{"span1": [3, 4], "label": -3.0}]}\n', "utf-8")
    [(text, span, label)] = firmness.events(path)
    expected: Span = (11, 15)
    assert (text[slice(*span)], span, label) == ("burn", expected, -3.0)
