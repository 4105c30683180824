"""Every row of acts.toml: a sentence of our own with its roles marked, and what its cue must mean."""

import re
import tomllib
from pathlib import Path

import pytest

from purport.core.spans import Pieces
from purport.read import acts, quotes

ROWS = [
    pytest.param(row, id=f"{group}-{i}")
    for group, rows in tomllib.loads((Path(__file__).parent / "acts.toml").read_text("utf-8")).items()
    for i, row in enumerate(rows)
]
MARK = re.compile(r"\[([SQC]) ?([^\]]*)\]")


def unmark(marked: str) -> tuple[str, Pieces, Pieces, Pieces]:
    """A marked sentence as its text and the pieces of source, cue and content."""
    text, last = "", 0
    roles: dict[str, list[tuple[int, int]]] = {"S": [], "Q": [], "C": []}
    for match in MARK.finditer(marked):
        text += marked[last : match.start()]
        roles[match[1]].append((len(text), len(text) + len(match[2])))
        text += match[2]
        last = match.end()
    return text + marked[last:], tuple(roles["S"]), tuple(roles["Q"]), tuple(roles["C"])


def test_the_table_is_large_enough() -> None:
    assert len(ROWS) >= 150


@pytest.mark.parametrize("row", ROWS)
def test_a_sentence_is_judged_as_marked(row: list[str]) -> None:
    marked, *expected = row
    text, source, cue, content = unmark(marked)
    found = acts.judge(text, source, cue, content)
    kind, _ = quotes.kind(text, content, quotes.inside(text))
    assert [found.act, found.stance, found.polarity, found.certainty, kind] == expected, found.reasons
