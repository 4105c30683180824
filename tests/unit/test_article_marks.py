"""Credit lines, repeats and boilerplate: what the tables find, and what they must leave alone."""

import pytest

from purport.read.credits import credits_of
from purport.read.marks import marks_of, paragraphs_of


def credited(text: str) -> list[tuple[str, str]]:
    found = credits_of(text, paragraphs_of(text))
    assert all(text[slice(*n.span)] == n.text for n in found)
    return [(n.kind, n.text) for n in found]


def marked(text: str) -> list[tuple[str, str]]:
    found = marks_of(text, paragraphs_of(text))
    assert all(text[slice(*n.span)] == n.text for n in found)
    return [(n.kind, n.text) for n in found]


@pytest.mark.parametrize(
    ("line", "kind", "name"),
    [
        ("LONDON (Reuters) - The mayor denied it.", "agency", "Reuters"),
        ("PORT HALE, Norland, March 12 (Northwire) — The mayor denied it.", "agency", "Northwire"),
        ("ST. KEST, 12 March (Northwire) – The mayor denied it.", "agency", "Northwire"),
        ("(AFP) — The mayor denied it.", "agency", "AFP"),
        ("AFP - The mayor denied it.", "agency", "AFP"),
        ("The mayor denied it. — AFP", "agency", "AFP"),
        ("With inputs from Northwire", "agency", "Northwire"),
        ("Source: Harbour Monitor", "source", "Harbour Monitor"),
        ("The mayor denied it (source: Kest Gazette).", "source", "Kest Gazette"),
        ("via Harbour Monitor", "source", "Harbour Monitor"),
        ("With reporting by Ana Lopez.", "reporting", "Ana Lopez"),
        ("(Additional reporting by Ana Lopez and Bo Li; Editing by Jo Ash)", "reporting", "Ana Lopez and Bo Li"),
        ("Reporting by Ana Lopez; editing by Jo Ash", "reporting", "Ana Lopez"),
        ("Ana Lopez and Bo Li contributed to this report.", "reporting", "Ana Lopez and Bo Li"),
        ("This article was first published by The Kest Gazette on Monday.", "republished", "The Kest Gazette"),
        ("This story originally appeared in The Kest Gazette.", "republished", "The Kest Gazette"),
        ("Republished with permission from “The Kest Gazette”.", "republished", "The Kest Gazette"),
    ],
)
def test_credit_lines(line: str, kind: str, name: str) -> None:
    assert credited(line) == [(kind, name)]


@pytest.mark.parametrize(
    "line",
    [
        "The video was republished by three channels on Monday.",
        "This report was published by the council on Monday.",
        "Via a spokesman, the mayor denied it.",
        "Report by the council finds faults",
        "The mayor (62) - a former teacher - denied it.",
        "A source said: nobody had seen the video.",
        "The source of the video is not known.",
        "The mayor of Kest denied it, AP.",
    ],
)
def test_what_is_no_credit_line(line: str) -> None:
    assert credited(line) == []


@pytest.mark.parametrize(
    ("line", "kind", "names"),
    [
        ("The mayor denied it. (AP/Reuters)", "agency", ["AP", "Reuters"]),
        (
            "SOURCES: Northwire, Kest Gazette, and Harbour Monitor",
            "source",
            ["Northwire", "Kest Gazette", "Harbour Monitor"],
        ),
        ("Source: the Ministry of Bridges and Roads", "source", ["the Ministry of Bridges and Roads"]),
        ("With reporting by Ana Lopez, Kest", "reporting", ["Ana Lopez, Kest"]),
    ],
)
def test_each_name_of_a_list_is_a_credit_of_its_own(line: str, kind: str, names: list[str]) -> None:
    assert credited("Bridge open\n\nThe bridge was open as usual.\n\n" + line) == [(kind, name) for name in names]


def test_credits_are_looked_for_at_the_edges_only() -> None:
    lines = [f"The council met for the {n}th time." for n in range(40)]
    lines[20] = "Source: Harbour Monitor"
    assert credited("\n".join(lines)) == []
    assert credited("\n".join([*lines, "Source: Harbour Monitor"])) == [("source", "Harbour Monitor")]


@pytest.mark.parametrize(
    "line",
    [
        "Read more: Ten things about Norland",
        "READ MORE",
        "Also read | Mayor denies it",
        "Sign up for our newsletter",
        "Follow us on Telegram and X",
        "Follow The Kest Gazette on Facebook",
        "© 2031 The Eastern Ledger",
        "Copyright 2031 Northwire. All rights reserved.",
        "This material may not be published, broadcast, rewritten or redistributed.",
        "Share this article",
        "ADVERTISEMENT",
        "We use cookies to improve your experience.",
    ],
)
def test_boilerplate(line: str) -> None:
    assert marked(f"The mayor denied it.\n{line}\n") == [("boilerplate", line)]


@pytest.mark.parametrize(
    "line",
    [
        "Read more closely, the statement denies nothing.",
        "Follow the money, the minister told the council.",
        "Copyright lawyers said that the video was theirs.",
        "Privacy policy was not discussed, the minister said.",
        "Share prices fell after the mayor denied it.",
        "Related groups denied it, too.",
        "Subscribers of the paper confirmed it.",
    ],
)
def test_what_is_no_boilerplate(line: str) -> None:
    assert marked(f"The mayor denied it.\n{line}\n") == []


def test_every_occurrence_after_the_first_is_a_repeat() -> None:
    text = "A still of the video.\n\nIt is.\nA  still of the VIDEO.\nIt is.\nA still of the video."
    assert marked(text) == [("repeat", "A  still of the VIDEO."), ("repeat", "A still of the video.")]


def test_thousands_of_repeats_become_runs() -> None:
    found = marked("The mayor of Kest denied it.\n" * 5000)
    assert len(found) == 1000
