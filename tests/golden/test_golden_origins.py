"""Stories whose independent origins are known: all of them exact, by name and number."""

import tomllib
from pathlib import Path

import pytest
from trace_samples import material, traced

from purport.core.ports import Reader
from purport.wiring import open_reader

STORIES = tomllib.loads((Path(__file__).parent / "origins.toml").read_text(encoding="utf-8"))["story"]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(threads=1)


@pytest.mark.parametrize("story", STORIES, ids=[story["name"] for story in STORIES])
def test_origins_are_counted_exactly(story: dict[str, object], reader: Reader) -> None:
    known, _, account = traced(material(story, reader))
    outlets = {id: report.outlet for id, report in known.reports.items()}
    found = [f"report:{outlets[one.id]}" if one.id in outlets else one.name.lower() for one in account.origins]
    assert sorted(one.removeprefix("the ") for one in found) == sorted(story["origins"])
    assert sorted(outlets[id] for id in account.untraceable) == sorted(story["untraceable"])
    assert len(account.reports) == len(outlets)


def test_there_are_stories_of_every_kind_and_enough_of_them_are_read() -> None:
    assert len(STORIES) >= 20
    assert sum("read" in story for story in STORIES) >= 8
    kinds = {story["type"] for story in STORIES}
    wanted = ["relay chain", "diamond", "two witnesses", "cycle of citation", "anonymous lineage"]
    wanted += ["agency copy with own reporting", "same footage", "same quote", "credit without a report", "mixed"]
    assert kinds >= set(wanted)
