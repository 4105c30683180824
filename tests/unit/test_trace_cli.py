"""`purport trace` and `purport ripple` on the command line, with the story that comes with Purport."""

import json
from pathlib import Path
from typing import Any

import pytest
from desk_samples import Desk

pytestmark = pytest.mark.usefixtures("quick")

KEYS = {"story", "reports", "origins", "untraceable", "disputes", "copies", "timeline"}


@pytest.fixture
def told(desk: Desk) -> Desk:
    desk.run("demo")
    return desk


def story(desk: Desk, *words: object) -> dict[str, Any]:
    (found,) = desk.lines("trace", *words, "--json")
    return found


def video_claim(desk: Desk) -> str:
    """That of the agency's first report, which the others took up."""
    shown = desk.lines("claims", "--act", "show", "--json")
    return str(next(line["claim"] for line in shown if "training in Quillmarsh" in line["text"]["content"]))


def test_the_demo_is_one_story_whose_video_has_one_origin(told: Desk) -> None:
    found = story(told, "--all")
    assert set(found) == KEYS
    assert len(found["reports"]) == 6
    assert found["untraceable"] == []
    assert [set(one) for one in found["origins"]] == [{"id", "name", "evidence"}] * 3
    one = story(told, video_claim(told))
    assert (len(one["reports"]), [origin["name"] for origin in one["origins"]]) == (4, ["Coast Monitor"])
    shown = told.run("trace", video_claim(told)).stdout
    assert "4 reports, 1 independent origin, 0 untraceable" in shown
    assert "every path goes through it" in shown


def test_evidence_opens_the_exact_words(told: Desk) -> None:
    found = story(told, "--all")
    grounds = [ground for origin in found["origins"] for ground in origin["evidence"] if ground["span"][1]]
    assert grounds
    for ground in grounds:
        text = told.run("show", ground["report"], "--text").stdout
        start, end = ground["span"]
        if ground["kind"] in ("released by", "credit line", "shared passage"):
            assert " ".join(text[start:end].split()) == ground["words"]
        else:
            assert text[start:end]


def test_disputes_stand_with_both_passages(told: Desk) -> None:
    (found,) = [one for one in story(told, "--all")["disputes"] if one["kind"] == "accuse-deny"]
    assert "cutting the power" in found["first"]["words"]
    assert found["answer"]["words"] == "The ministry rejected the accusation"
    text = told.run("show", found["answer"]["report"], "--text").stdout
    assert text[slice(*found["answer"]["passage"])] == "The ministry rejected the accusation."


def test_as_of_an_instant_nothing_later_is_known(told: Desk) -> None:
    early = story(told, "--all", "--as-of", "2024-03-05T13:00Z")
    assert len(early["reports"]) == 1
    assert early["disputes"] == []
    day = story(told, "--all", "--as-of", "2024-03-05")
    assert len(day["reports"]) == 3
    published = [entry for entry in day["timeline"] if entry["basis"] == "published"]
    assert all(entry["time"]["start"] < "2024-03-06" for entry in published)
    told.run("trace", "--all", "--as-of", "1999-01-01", code=7)
    assert "2024-03-06" in told.run("trace", "--all", "--as-of", "yesterday", code=2).output


def test_each_thing_that_several_claim_can_be_had_alone(told: Desk) -> None:
    lines = told.lines("trace", "--all", "--claims", "--json")
    assert all(set(line) > KEYS for line in lines)
    assert all(len(line["reports"]) > 1 for line in lines)
    assert lines[0]["words"].startswith("Reed Column fighters")


def test_several_reports_are_taken_for_one_story(told: Desk) -> None:
    reports = story(told, "--all")["reports"]
    assert story(told, *reports[:2])["reports"] == sorted(reports[:2])


def test_the_picture_is_written(told: Desk) -> None:
    id = story(told, "--all")["story"]
    result = told.run("trace", id, "--picture", "story.svg")
    assert "Wrote story.svg" in result.stderr
    assert Path("story.svg").read_text(encoding="utf-8").startswith("<svg")
    told.run("trace", id, "--picture", "story.png", code=2)
    told.run("trace", "--all", "--picture", "story.svg", code=2)


def test_links_and_credits_tie_what_shares_no_words(desk: Desk) -> None:
    url = "https://alpha.example/bridge"
    lines = [
        {
            "id": "1",
            "url": url,
            "text": "Oda Brell, the keeper, said the bridge was closed after a barge struck a pier.",
        },
        {"id": "2", "text": f"No lorries cross the Hale today. See {url} for why."},
    ]
    desk.put("two.jsonl", "\n".join(map(json.dumps, lines)))
    desk.run("read", "two.jsonl")
    found = story(desk, "--all")
    assert len(found["reports"]) == 2
    assert found["untraceable"] == []


def test_what_is_not_there_is_told(desk: Desk) -> None:
    assert "purport demo" in desk.run("trace", "--all", code=7).output
    assert "--all" in desk.run("trace", code=2).output


def test_unknown_ids_are_told(told: Desk) -> None:
    assert "No story, report or claim" in told.run("trace", "ffffffff", code=7).output
    assert "purport trace --all" in told.run("trace", "story-ffffffff", code=7).output
    told.run("ripple", "speaker:nobody", "--what", "denied", code=7)


def test_a_ripple_leads_to_all_that_rests_on_it(told: Desk) -> None:
    marks = told.lines("ripple", "coast monitor", "--what", "denied", "--detail", "two groups doubt it", "--json")
    assert {mark["kind"] for mark in marks} == {"claim", "report"}
    assert len([mark for mark in marks if mark["kind"] == "report"]) == 4
    assert all(mark["path"][-1] == "Coast Monitor" for mark in marks)
    assert all("two groups doubt it" in mark["reason"] for mark in marks)
    shown = told.run("ripple", "coast monitor", "--what", "denied").stdout
    reasons = {mark["reason"].replace("two groups doubt it", "").rstrip(". :") for mark in marks}
    assert shown.count("Look again, ") == len(reasons)  # each reason once, above all that it concerns
