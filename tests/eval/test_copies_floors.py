"""Copies and rewritten reports are found as they were once: the labelled pairs, over all texts (bench/copies.py)."""

import os
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from copies import of_labelled, score
from copies_pairs import AGAIN, DEV, LABELS, again, drawn, labelled, split, texts
from purport.core.copies import COPY, REWRITTEN

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))["copies"]


@pytest.fixture(scope="module")
def data() -> Path:
    found = Path(os.environ.get("PURPORT_DATA", ""))
    if not (found / "copies").is_dir():
        pytest.skip("PURPORT_DATA is not set: it names the folder that holds copies/, events/ and stance/")
    return found


def test_the_labels_hold_no_words_of_the_reports_but_ids() -> None:
    rows = tomllib.loads(LABELS.read_text("utf-8"))["pairs"]
    assert len(rows) == 150
    assert {key for row in rows for key in row} == {"a", "b", "label", "again", "why"}
    assert Counter("again" in row for row in rows)[True] == AGAIN
    assert max(len(row["why"].split()) for row in rows) <= 12


def test_the_pairs_are_those_that_were_drawn(data: Path) -> None:
    assert list(labelled()) == drawn(data)
    rows = tomllib.loads(LABELS.read_text("utf-8"))["pairs"]
    assert {(row["a"], row["b"]) for row in rows if "again" in row} == set(again(list(labelled())))


def test_copies_and_rewritten_reports_are_found(data: Path) -> None:
    development, test = split(list(labelled()))
    assert (len(development), len(test)) == (DEV, 100)
    labels = labelled()
    assert sum(labels[pair] in (COPY, REWRITTEN) for pair in test) == 67
    precision, recall, f1 = score(of_labelled(test, texts(data)), test)
    assert f1 >= FLOORS["f1"]
    assert precision >= FLOORS["precision"]
    assert recall >= FLOORS["recall"]
