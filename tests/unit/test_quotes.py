"""Where quotation marks open and close."""

import pytest

from purport.read import quotes


def shown(text: str) -> str:
    """The text with what is not quoted as dots."""
    return "".join(char if mark else "." for char, mark in zip(text, quotes.inside(text), strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "go" now', '........."go"....'),
        ("He said “go” now", ".........“go”....".replace(".", ".", 1)),
        ("Il dit « go » ici", ".......« go »....."),
        ("He said 'go' now", "........'go'...."),
        ("the baker's oven", "................"),
        ("the bakers' oven and the boys' cart", "." * 35),
        ("'the boys' cart,' he said", "'the boys' cart,'........"),
        ("'It's ours' he said", "'It's ours'........"),
        ('a 6" nail\nand “go”', "." * 14 + "“go”"),
    ],
)
def test_marks(text: str, expected: str) -> None:
    found = shown(text).replace("\n", ".")
    assert len(quotes.inside(text)) == len(text)
    assert [c for c in found if c != "."] == [c for c in expected if c != "."]


def test_a_quotation_over_paragraphs_opens_each_and_closes_the_last() -> None:
    text = "“We came at dawn.\n\n“Nobody was there,” she said. Then she left.\n"
    start, end = text.index("We"), text.index(" she said")
    assert quotes.kind(text, ((start, end),))[0] == "direct"
    assert quotes.kind(text, ((text.index("Then"), len(text)),))[0] == "indirect"


def test_a_mark_left_open_ends_with_its_paragraph() -> None:
    text = "He said “go and left.\n\nThe mill burned."
    assert quotes.kind(text, ((text.index("The mill"), len(text)),))[0] == "indirect"


def test_no_content_is_of_no_kind() -> None:
    assert quotes.kind("He declined.", ()) == ("none", ())
    assert quotes.kind("He declined.", ((3, 3),)) == ("none", ())


def test_the_reason_shows_the_first_quoted_words() -> None:
    text = "She said the soup was “cold” and the bread “old”."
    value, reasons = quotes.kind(text, ((9, len(text) - 1),))
    assert value == "mixed"
    assert [(reason.words, text[slice(*reason.span)]) for reason in reasons] == [("“cold”", "“cold”")]


def test_ten_thousand_apostrophes_take_no_long_time() -> None:
    text = "the boys' 'cart " * 10_000
    assert len(quotes.inside(text)) == len(text)
