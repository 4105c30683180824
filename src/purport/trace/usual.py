"""Words that news is full of, and in how many reports each stands (`common_words.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Common:
    """In how many of so many news articles each common stem stands. No name is among them."""

    reports: int
    least: float  # what is added to each count
    stems: Mapping[str, int]


@cache
def common() -> Common:
    read = tomllib.loads((resources.files("purport.trace") / "common_words.toml").read_text("utf-8"))
    return Common(read["reports"], read["least"], read["stems"])
