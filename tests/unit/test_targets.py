"""Of or to whom a thing is said: what stands right after the verb, or none."""

import re

import pytest

from purport.core.spans import Pieces
from purport.read.targets import target

MARK = re.compile(r"\[([SQC]) ([^\]]*)\]")


def unmark(marked: str) -> tuple[str, Pieces, Pieces, Pieces]:
    text, last = "", 0
    roles: dict[str, list[tuple[int, int]]] = {"S": [], "Q": [], "C": []}
    for match in MARK.finditer(marked):
        text += marked[last : match.start()]
        roles[match[1]].append((len(text), len(text) + len(match[2])))
        text += match[2]
        last = match.end()
    return text + marked[last:], tuple(roles["S"]), tuple(roles["Q"]), tuple(roles["C"])


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[S The union] [Q accused] the ministry of [C theft].", "the ministry"),
        ("[S The union] [Q accused] [C the ministry of theft].", "the ministry"),
        ("[S Sabel] [Q accuses] the president of Keld of [C lying].", "the president of Keld"),
        ("[S Mira Tolan] [Q blamed] him for [C the strike].", "him"),
        ("[S She] [Q told] reporters on Monday that [C it was over].", "reporters"),
        ("[C “No,”] [S he] [Q told] Keld Radio.", "Keld Radio"),
        ("[S The army] [Q denied] the rebels' claim [C that it had fled].", "the rebels"),
        ("[S The army] [Q rejected] allegations by the Salt Front [C that it had fled].", "the Salt Front"),
        ("[S He] [Q criticised] Foreign Minister Lio Ferrant for [C her silence].", "Foreign Minister Lio Ferrant"),
        ("[S The envoy] [Q called on] the rebels to [C leave].", "the rebels"),
        ("[S The envoy] [Q urged] the government of Sabel to [C wait].", "the government of Sabel"),
        ("[S Critics] [Q put the blame squarely on] the council.", "the council"),
        ("The ministry [Q has been accused] of [C theft].", "The ministry"),
        ("[S The union] [Q warned] the council [C that the dam would fail].", "the council"),
        ("[S He] [Q also accused] her of [C theft].", "her"),
    ],
)
def test_target(marked: str, expected: str) -> None:
    text, source, cue, content = unmark(marked)
    (found,) = target(text, source, cue, content)
    assert found.text == expected
    assert text[slice(*found.span)] == expected


@pytest.mark.parametrize(
    "marked",
    [
        "[S The ministry] [Q said] [C the union had lied].",
        "[S The union] [Q called for] [C a strike].",
        "[S He] [Q denied] [C everything].",
        "[S She] [Q warned] [C that the dam would fail].",
        "[S She] [Q told] [C of cold and hunger].",
        "[S He] [Q asked] [C why the well was dry].",
        "[C It was cold].",
    ],
)
def test_no_target(marked: str) -> None:
    assert target(*unmark(marked)) == ()
