"""What Purport's record of a feed holds, it holds as feedparser's authors expect it (bench/feeds.py)."""

import os
import tomllib
from pathlib import Path

import pytest

import feeds
from purport.collect.feeds import Feed

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))["feeds"]


@pytest.fixture(scope="module")
def folder() -> Path:
    held = os.environ.get("PURPORT_DATA", "")
    if not held or not (Path(held) / "feeds").is_dir():
        pytest.skip("PURPORT_DATA does not name the folder that holds feeds")
    return Path(held) / "feeds"


@pytest.fixture(scope="module")
def score(folder: Path) -> feeds.Score:
    return feeds.measure(folder)


def test_no_feed_crashes(score: feeds.Score) -> None:
    assert score.files >= FLOORS["files"]
    assert score.crashes == []


def test_expectations_are_met(score: feeds.Score) -> None:
    assert score.covered >= FLOORS["covered"]
    assert score.passed / score.covered >= FLOORS["met"], score.failures


def test_every_file_is_counted_once(score: feeds.Score) -> None:
    assert score.covered + sum(score.excluded.values()) + len(score.crashes) == score.files


def test_an_empty_record_meets_next_to_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "read_feed", lambda *_: Feed())
    score = feeds.measure(folder)
    assert score.passed / score.covered < 0.1, "the measure gives points for nothing"
