"""What an outlet changed in a page, told of its claims: 50 pairs of pages, and what must hold for any."""

import re
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from purport.brief.edit_lines import correction, said
from purport.collect.items import item
from purport.core.edits import ADDED, CHANGED, KINDS, REMOVED, Edit, Version, rank
from purport.core.ports import Reader
from purport.read.article import report
from purport.trace.edits import edits

NOW = datetime(2031, 5, 6, 9, 0, tzinfo=UTC)
GOLDEN = Path(__file__).parents[1] / "golden" / "edits.toml"
PAIRS: list[dict[str, Any]] = tomllib.loads(GOLDEN.read_text("utf-8"))["pairs"]
SWAPPED = {ADDED: REMOVED, REMOVED: ADDED, CHANGED: CHANGED}
# names and nouns of parties, for others of other lengths
OTHERS = {"the front": "the army", "the army": "the front", "The front": "The army", "The army": "The front"}
OTHERS |= {"Kelm": "Upper Sarvik", "Ostrel": "Nym", "Mirova": "Dol", "Odra Vail": "Jem Torrin"}


def version(reader: Reader, text: str, name: str = "a.txt", media_type: str = "text/plain") -> Version:
    (found,), _ = report(item(text.encode(), name, "file", NOW, media_type=media_type), NOW)
    ((reading, _),) = reader.read([found])
    return Version(found, reading.claims)


def of(reader: Reader, before: str, after: str) -> tuple[Edit, ...]:
    return edits(version(reader, before, "before.txt"), version(reader, after, "after.txt"))


def told(found: tuple[Edit, ...]) -> list[list[str]]:
    return [[edit.kind, edit.how, edit.before.words, edit.after.words] for edit in found]


def renamed(text: str) -> str:
    return re.sub("|".join(OTHERS), lambda found: OTHERS[found[0]], text)


def both(old: str, new: str, pair: dict[str, Any]) -> list[str]:
    """The words expected; an asterisk means the whole text."""
    return [pair["before"] if old == "*" else old, pair["after"] if new == "*" else new]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"])
def test_a_desk_is_told_what_changed_and_nothing_else(wheel_reader: Reader, pair: dict[str, Any]) -> None:
    found = of(wheel_reader, pair["before"], pair["after"])
    whole = [
        [kind, how, pair["before"] if b == "*" else b, pair["after"] if a == "*" else a]
        for kind, how, b, a in pair["edits"]
    ]
    assert told(found) == whole
    assert all(bool(edit.note) == pair.get("noted", False) for edit in found if edit.kind != "note")


def test_the_pairs_cover_each_kind_but_the_date_so_often() -> None:
    assert len(PAIRS) == 50
    assert sum(not pair["edits"] for pair in PAIRS) == 9
    counts = Counter(edit[0] for pair in PAIRS for edit in pair["edits"])
    assert dict(counts) == {
        "stance": 5, "denial": 6, "number": 10, "claim": 4, "source": 3, "attribution": 3, "certainty": 2,
        "polarity": 1, "act": 1, "cue": 1, "content": 3, "headline": 2, "dateline": 1, "passage": 4, "note": 3,
        "text": 1,
    }  # fmt: skip
    assert set(KINDS) - counts.keys() == {"date"}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"])
def test_swapping_the_versions_swaps_added_and_removed(wheel_reader: Reader, pair: dict[str, Any]) -> None:
    there, back = of(wheel_reader, pair["before"], pair["after"]), of(wheel_reader, pair["after"], pair["before"])
    assert sorted((e.kind, e.how, e.before.span, e.after.span) for e in there) == sorted(
        (e.kind, SWAPPED[e.how], e.after.span, e.before.span) for e in back
    )


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"])
def test_other_parties_are_told_of_alike(wheel_reader: Reader, pair: dict[str, Any]) -> None:
    """The same text about others gives the same edits with the others' names in them, in the same order."""
    there = told(of(wheel_reader, pair["before"], pair["after"]))
    others = told(of(wheel_reader, renamed(pair["before"]), renamed(pair["after"])))
    assert others == [[kind, how, renamed(old), renamed(new)] for kind, how, old, new in there]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"])
def test_both_places_open_what_they_say(wheel_reader: Reader, pair: dict[str, Any]) -> None:
    before, after = version(wheel_reader, pair["before"], "b"), version(wheel_reader, pair["after"], "a")
    found = edits(before, after)
    assert list(found) == sorted(found, key=rank)
    for edit in found:
        for place, held in ((edit.before, before), (edit.after, after)):
            assert (place.report, place.capture) == (held.report.id, held.report.capture)
            start, end = place.span
            assert 0 <= start <= end <= len(held.report.text)
            assert bool(place.words) == (end > start)
            assert place.words in held.report.text[start:end]
            assert not place.claim or place.claim in {claim.id for claim in held.claims}
        assert said(edit)
    assert len({edit.id for edit in found}) == len(found)


def test_a_page_and_itself_differ_in_nothing(wheel_reader: Reader) -> None:
    for pair in PAIRS:
        assert of(wheel_reader, pair["after"], pair["after"]) == ()


def test_what_a_reader_reads_otherwise_is_no_edit(wheel_reader: Reader) -> None:
    """The words are the same: that one reading has no claims says nothing of the page."""
    text = "The front said 12 people were killed in Kelm. The ministry denied that its forces had fired."
    whole = version(wheel_reader, text)
    assert whole.claims
    assert edits(whole, Version(whole.report)) == ()
    longer = version(wheel_reader, text + " The road was wet.")
    assert told(edits(Version(whole.report), longer)) == [["passage", "added", "", "The road was wet"]]


PAGE = """<html><head><title>{title}</title><link rel="canonical" href="https://wire.example/kelm">
<meta property="article:published_time" content="{day}T08:00:00Z"></head><body><nav>{menu}</nav>
<article><h1>{title}</h1><p>{text}</p><p>{more}</p></article></body></html>"""


def page(title: str = "Market shelled in Kelm", day: str = "2031-05-04", menu: str = "Home", more: str = "") -> str:
    text = "The front said the army shelled the market in Kelm on Sunday morning, and that 12 people were killed there."
    text += " The market was closed for the day, and the road to Mirova was blocked by trees that had fallen."
    return PAGE.format(title=title, day=day, menu=menu, text=text, more=more or "It was the third fire in a month.")


def test_pages_are_compared_by_their_articles(wheel_reader: Reader) -> None:
    first = version(wheel_reader, page(), "https://wire.example/kelm", "text/html")
    menu = version(wheel_reader, page(menu="Home · Sport · Weather"), "https://wire.example/kelm", "text/html")
    assert edits(first, menu) == ()
    day = version(wheel_reader, page(day="2031-05-05"), "https://wire.example/kelm", "text/html")
    assert [said(edit) for edit in edits(first, day)] == [
        "date of publication changed: “2031-05-04T08:00:00Z” became “2031-05-05T08:00:00Z”"
    ]
    title = version(wheel_reader, page(title="Market burns in Kelm"), "https://wire.example/kelm", "text/html")
    assert [said(edit) for edit in edits(first, title)] == [
        "headline changed: “Market shelled in Kelm” became “Market burns in Kelm”"
    ]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (
            "The video shows a raid.",
            "The video purportedly shows a raid.",
            "“shows” became “purportedly shows” (The video)",
        ),
        ("Doctors said 12 people died.", "Doctors said 21 people died.", "number changed: 12 → 21 people"),
        (
            "A group said the dam broke.",
            "Officials said the dam broke.",
            "source changed from “A group” to “Officials”",
        ),
        (
            "It rained in Kelm.",
            "It rained in Kelm. The ministry denied that its forces had fired.",
            "denial added: “that its forces had fired” (The ministry)",
        ),
        (
            "The ministry said the bridge fell on Monday.",
            "The bridge fell on Monday.",
            "attribution removed: “the bridge fell on Monday” no longer stands on the word of The ministry",
        ),
        ("It rained. Buses were late.", "It rained.", "passage removed, 3 words: “Buses were late”"),
        (
            "The envoy said talks will begin.",
            "The envoy said talks may begin.",
            "certainty changed: “will” became “may” (The envoy)",
        ),
        (
            "The captain said the crew had left.",
            "The captain said the crew had not left.",
            "negation changed: “had” became “had not” (The captain)",
        ),
        (
            "It rained in Kelm all day.",
            "It rained in Kelm all day.\nCorrection: It was Tuesday.",
            "correction noted: “Correction: It was Tuesday”",
        ),
    ],
)
def test_it_is_said_as_a_desk_would_say_it(wheel_reader: Reader, before: str, after: str, line: str) -> None:
    assert [said(edit) for edit in of(wheel_reader, before, after)] == [line]


def test_whether_the_page_notes_its_correction(wheel_reader: Reader) -> None:
    before = "Doctors said 12 people were killed on Sunday."
    after = "Doctors said 21 people were killed on Sunday."
    assert correction(of(wheel_reader, before, after)) == "the page says nothing of it"
    noted = of(wheel_reader, before, after + "\nThis article was amended on 5 May 2031.")
    assert correction(noted) == "the page notes a correction"
    assert noted[0].note == "This article was amended on 5 May 2031"
    assert correction(of(wheel_reader, before, before + "\nThis article was amended on 5 May 2031.")) == ""


def test_claims_in_notes_and_captions_said_twice_are_none_of_the_story(wheel_reader: Reader) -> None:
    before = "The well is dry. It rained in Ostrel.\nThe pipe to Ostrel was cut off, the mayor said.\nIt is May."
    after = (
        before
        + "\nThe pipe to Ostrel was cut off, the mayor said.\nCorrection: The mayor said it had been cut, not closed."
    )
    assert [edit.kind for edit in of(wheel_reader, before, after)] == ["note"]
