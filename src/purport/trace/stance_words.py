"""Which stand some words take towards a claim: for it, against it, or observing (passed on at a distance, or asked).

By a table of words that can be read and corrected (`stance_words.toml`) and a few rules. It says what the words do,
not who is right. Measured on headlines towards the claims they report (Emergent; `bench/stance.py`).
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from purport.core.spans import Span

FOR, AGAINST, OBSERVING = "for", "against", "observing"


class Stand(NamedTuple):
    """A stand, with the words that decided it and the group they are of; without any the claim is told as it is."""

    value: str  # for | against | observing
    words: str = ""
    span: Span = (0, 0)
    group: str = ""


@cache
def table() -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    """The stands, each with its groups of words, in the order in which they are looked at."""
    read = tomllib.loads((resources.files("purport.trace") / "stance_words.toml").read_text("utf-8"))
    return {stand: {name: _either(words) for name, words in groups.items()} for stand, groups in read.items()}


def _either(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_pattern, words)), re.IGNORECASE)


def _pattern(word: str) -> str:
    part = re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    return rf"(?<!\w){part}(?!\w)" if word[0].isalnum() else part


def stand(claim: str, words: str) -> Stand:
    """The stand that some words take towards a claim, both as plain text."""
    claim, words = claim.replace("’", "'"), words.replace("’", "'").replace("‘", "'")
    for value, groups in table().items():
        for name, pattern in groups.items():
            for found in pattern.finditer(words):
                if not _has(claim, pattern, found[0]):
                    return Stand(value, found[0], found.span(), name)
    return Stand(FOR)


def _has(claim: str, pattern: re.Pattern[str], word: str) -> bool:
    return any(found[0].lower() == word.lower() for found in pattern.finditer(claim))
