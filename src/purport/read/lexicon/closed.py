"""Tables that are plain lists of words, such as the closed word classes of `closed.toml`."""

import tomllib
from functools import cache
from importlib import resources


@cache
def words_of(name: str) -> dict[str, frozenset[str]]:
    """The lists of a table of this folder, by their names in it, as sets of lower-case words."""
    raw = (resources.files(__package__) / name).read_text(encoding="utf-8")
    return {key: frozenset(words.split()) for key, words in tomllib.loads(raw).items()}


def closed() -> dict[str, frozenset[str]]:
    """The closed word classes."""
    return words_of("closed.toml")
