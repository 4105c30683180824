"""Real articles with one edit made by hand of a program: it is told, and hardly anything besides."""

import json
import os
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from reader_samples import report

from purport.core.edits import Edit, Version
from purport.core.ports import Reader
from purport.trace.edits import edits
from purport.wiring import open_reader

ARTICLES = 40
DENIAL = "The ministry denied that its boats had left the port of Mirova."
# what is changed in a text at one of the places where the pattern is found
PLACES: dict[str, tuple[str, Callable[[str], str]]] = {
    "a denial": (r"(?<=\n)(?=.)", lambda _: f"{DENIAL}\n"),
    "a number": (r"(?<![\w.,$])\d{2,3}(?![\w.,%])", lambda found: str(int(found) + 7)),
    "a word of telling": (r"\bsaid\b(?= (?:the|that|he|she|it|they)\b)", lambda _: "claimed"),
}
# how many articles have such a place; in how many the edit of this kind is told, and in how many nothing else
FLOORS = {
    "a denial": ("denial", 40, 40, 40),
    "a number": ("number", 35, 35, 33),
    "a word of telling": ("stance", 24, 22, 22),
}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader()


@pytest.fixture(scope="module")
def texts() -> list[str]:
    path = Path(os.environ.get("PURPORT_DATA", "")) / "attribution" / "polnear_dev.jsonl"
    if not os.environ.get("PURPORT_DATA") or not path.is_file():
        pytest.skip("PURPORT_DATA is not set: it names the folder that holds attribution/polnear_dev.jsonl")
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line, _ in zip(lines, range(ARTICLES), strict=False)]


def version(reader: Reader, text: str) -> Version:
    found = report(text)
    ((reading, _),) = reader.read([found])
    return Version(found, reading.claims)


def changed(text: str, what: str, chance: random.Random) -> str:
    """The text with one edit; as it is where there is no place for it."""
    pattern, change = PLACES[what]
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    place = chance.choice(found)
    return text[: place.start()] + change(place[0]) + text[place.end() :]


@pytest.mark.parametrize("what", PLACES)
def test_an_edit_of_a_real_article_is_told(what: str, reader: Reader, texts: list[str]) -> None:
    kind, least, told, alone = FLOORS[what]
    chance, counts = random.Random(3), Counter[str]()
    for text in texts:
        other = changed(text, what, chance)
        if other == text:
            continue
        found: tuple[Edit, ...] = edits(version(reader, text), version(reader, other))
        counts["places"] += 1
        counts["told"] += any(edit.kind == kind for edit in found)
        counts["alone"] += [edit.kind for edit in found] == [kind]
    assert counts["places"] == least
    assert counts["told"] >= told, counts
    assert counts["alone"] >= alone, counts
