"""`purport judgements …` as people type it."""

import json

from desk_samples import DENIAL, Desk


def first(desk: Desk) -> str:
    desk.put("a.txt", DENIAL)
    desk.run("read", "a.txt")
    return str(desk.lines("claims", "--json", "--act", "deny")[0]["claim"])


def test_judgements_are_booked_listed_and_taken_back(desk: Desk) -> None:
    claim = first(desk)
    assert "Nothing was judged yet" in desk.run("judgements").stdout
    assert "confirmed by" in desk.run("judgements", "confirm", claim[:14]).stdout
    desk.run("judgements", "reject", claim, "--why", "a slip")
    listed = desk.run("judgements").stdout
    assert "confirmed" in listed and "rejected" in listed and "“a slip”" in listed
    assert [one["claim"] for one in desk.lines("claims", "--json", "--reviewed", "rejected")] == [claim]
    review = desk.lines("judgements", "--json")[-1]["id"]
    desk.run("judgements", "undo", review[:14])
    assert "(taken back)" in desk.run("judgements", "--claim", claim).stdout
    assert [one["claim"] for one in desk.lines("claims", "--json", "--reviewed", "confirmed")] == [claim]


def test_a_correction_says_what_differs_and_the_export_has_both(desk: Desk) -> None:
    claim = first(desk)
    desk.run("judgements", "correct", claim, "--content", "its fighters", "--why", "shorter")
    desk.run("judgements", "note", claim, "--why", "ask again")
    desk.run("judgements", "assign", claim, "--to", "ann", "--status", "in hand")
    (line,) = desk.lines("judgements", "export")
    assert line["judgements"][0]["changed"] == ["content"]
    assert line["attributions"][0]["words"]["content"] == "its fighters"
    assert json.dumps(line)
    assert desk.run("judgements", "export", "--whole").stdout == ""
    assert (
        "does not stand in the report"
        in desk.run("judgements", "correct", claim, "--content", "zebras", "--why", "x", code=2).output
    )
    assert "assigned to ann, in hand" in desk.run("judgements").stdout
