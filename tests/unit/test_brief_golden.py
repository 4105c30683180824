"""The page and the Markdown of a tiny brief, byte for byte. Written anew by PURPORT_GOLDEN=write."""

import os
from pathlib import Path

import pytest
from brief_samples import CLOCK, Hand, a_day, a_report, some_gaps

from purport.brief import FORMS, build
from purport.brief.brief import Brief

GOLDEN = Path(__file__).parents[1] / "golden"


def tiny() -> Brief:
    text = (
        "Film purportedly shows barge on fire\n"
        "The ferry office said on Monday the group's claim that its barge had burnt was false.\n"
        "“We saw smoke,” a rower said. “Then nothing.”\n"
    )
    report, capture = a_report(
        text, title="Film purportedly shows barge on fire", outlet="Fen Post", byline="By Ada Quill",
        published=(a_day(2024, 5, 7),),
    )  # fmt: skip
    hand = Hand(report)
    hand.says("Film", "purportedly shows", "barge on fire", "show", stance="distanced", kind="video")
    said = hand.says(
        "The ferry office", "said", "the group's claim that its barge had burnt was false", kind="office",
        time=a_day(2024, 5, 6, "on Monday"),
    )  # fmt: skip
    hand.says("the group's", "claim", "that its barge had burnt", inside=said, stance="distanced", polarity="-")
    hand.says("a rower", "said", ("“We saw smoke,”", "“Then nothing.”"), at="“We", quote="direct", kind="person")
    return build([(report, hand.reading())], [capture], some_gaps(report), CLOCK)


@pytest.mark.parametrize("form", ["html", "md", "json"])
def test_the_tiny_brief_comes_out_as_kept(form: str) -> None:
    kept = GOLDEN / f"brief.{form}"
    made = FORMS[form](tiny())
    if os.environ.get("PURPORT_GOLDEN") == "write":
        kept.write_text(made, "utf-8", newline="")
    assert made == kept.read_text("utf-8"), "look at the change; if it is meant: PURPORT_GOLDEN=write pytest …"
