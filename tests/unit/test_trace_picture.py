"""The picture of a story: complete, self-contained, told in words, the same for the same story."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from purport.brief import trace_picture
from purport.brief.trace_layout import LEFT, laid_out
from purport.core.origins import Traced
from purport.core.records import Report
from trace_picture import made

Sample = tuple[Traced, dict[str, Report]]


@pytest.fixture(scope="module")
def sample() -> Sample:
    return made()


def test_it_is_one_picture_that_fetches_nothing(sample: Sample) -> None:
    drawn = trace_picture.draw(*sample)
    tree = ET.fromstring(drawn)
    assert tree.tag.endswith("svg")
    assert not re.search(r"(?:href|src)=|url\(|@import", drawn)
    assert "prefers-color-scheme: dark" in drawn


def test_every_report_of_thirty_has_a_row_of_its_own(sample: Sample) -> None:
    traced, reports = sample
    assert len(traced.account.reports) == 30
    rows = [mark for mark in laid_out(traced, reports).marks if mark.x == LEFT]
    assert sorted(mark.name for mark in rows) == sorted(report.outlet for report in reports.values())
    ys = sorted(mark.y for mark in rows)
    assert all(below - above >= 30 for above, below in pairwise(ys))


def test_names_beyond_do_not_overlap(sample: Sample) -> None:
    columns: dict[float, list[float]] = {}
    for mark in laid_out(*sample).marks:
        columns.setdefault(mark.x, []).append(mark.y)
    for ys in columns.values():
        assert all(below - above >= 30 for above, below in pairwise(sorted(ys)))


def test_there_is_a_filled_diamond_for_each_origin_and_a_hollow_one_for_other_points(sample: Sample) -> None:
    traced, reports = sample
    shapes = [mark.shape for mark in laid_out(traced, reports).marks]
    origins = {one.id for one in traced.account.origins}
    assert shapes.count("origin") == len(origins) == 5
    assert shapes.count("lost") == len(traced.account.untraceable) == 4
    assert shapes.count("point") == len([one for one in traced.account.points if one.node not in origins])


def test_it_is_told_in_words(sample: Sample) -> None:
    traced, reports = sample
    words = trace_picture.told(traced, reports)
    assert words.startswith("30 reports, 5 independent origins, 4 untraceable.")
    assert "Origin: Coast Monitor; " in words
    assert "can't do without Harbour Wire" in words
    assert "Untraceable: " in words


def test_a_title_can_carry_no_markup(sample: Sample) -> None:
    traced, reports = sample
    drawn = trace_picture.draw(replace(traced, title='<script>alert("x")</script> \u202e'), reports)
    assert "<script" not in drawn
    assert "\u202e" not in drawn
    ET.fromstring(drawn)


def test_the_drawn_picture_in_the_docs_is_this_one(sample: Sample) -> None:
    kept = Path(__file__).parents[2] / "docs" / "trace.svg"
    assert kept.read_text(encoding="utf-8") == trace_picture.draw(*sample)
