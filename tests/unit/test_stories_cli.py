"""`purport stories` on the command line, with the story that comes with Purport."""

from typing import Any

import pytest
from desk_samples import Desk

pytestmark = pytest.mark.usefixtures("quick")

WHY = ("--why", "looked at both")


@pytest.fixture
def told(desk: Desk) -> Desk:
    desk.run("demo")
    return desk


def stories(desk: Desk) -> list[dict[str, Any]]:
    return desk.lines("stories", "--json")


def test_an_empty_ledger_says_what_to_do(desk: Desk) -> None:
    assert "purport demo" in desk.run("stories", code=7).output


def test_the_demo_is_one_story(told: Desk) -> None:
    (found,) = stories(told)
    assert len(found["reports"]) == 6
    assert (found["origins"], found["untraceable"]) == (3, 0)
    shown = told.run("stories").stdout
    assert found["story"][:14] in shown
    assert "2024-03-08" in shown
    assert "began it" in told.run("stories", "history", found["story"]).stdout


def test_a_merge_is_undone_and_stays_undone(told: Desk) -> None:
    (found,) = stories(told)
    merges = told.lines("stories", "merges", found["story"], "--json")
    assert merges
    assert all(merge["evidence"] for merge in merges)
    one = merges[0]
    said = told.run("stories", "undo", one["id"], *WHY).stdout
    assert one["a"][:14] in said
    left = told.lines("stories", "merges", found["story"], "--json")
    assert {merge["id"] for merge in left} == {merge["id"] for merge in merges} - {one["id"]}
    threads = told.lines("trace", found["story"], "--claims", "--json")
    assert not any({one["a"], one["b"]} <= set(thread["claims"]) for thread in threads)


def test_a_report_is_parted_and_joined_again_and_old_ids_lead_on(told: Desk) -> None:
    (found,) = stories(told)
    report = found["reports"][-1]
    assert "not in" in told.run("stories", "split", report, *WHY).stdout
    two = stories(told)
    assert sorted(len(one["reports"]) for one in two) == [1, 5]
    alone = next(one for one in two if one["reports"] == [report])
    other = next(one for one in two if one is not alone)["reports"][0]
    told.run("stories", "join", report, other, *WHY)
    (again,) = stories(told)
    assert set(again["reports"]) == set(found["reports"])
    (traced,) = told.lines("trace", alone["story"], "--json")
    assert traced["story"] == again["story"]


def test_mistakes_name_the_mend(told: Desk) -> None:
    assert "purport stories merges" in told.run("stories", "undo", "same-ffff", *WHY, code=7).output
    assert "--why" in told.run("stories", "undo", "same-ffff", code=2).output
    assert "purport trace --all" in told.run("stories", "merges", "story-ffff", code=7).output
