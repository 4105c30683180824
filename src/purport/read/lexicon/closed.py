"""The closed word classes of `closed.toml`, as sets of lower-case words."""

import tomllib
from functools import cache
from importlib import resources


@cache
def closed() -> dict[str, frozenset[str]]:
    """The lists by their name in the table."""
    raw = (resources.files(__package__) / "closed.toml").read_text(encoding="utf-8")
    return {name: frozenset(words.split()) for name, words in tomllib.loads(raw).items()}
