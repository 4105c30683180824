"""JSON that is written as it comes: lists of any length in memory for one entry."""

from collections.abc import Iterable
from typing import Any, TextIO

import msgspec


def encoded(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def listed(out: TextIO, entries: Iterable[Any]) -> int:
    """Write a JSON array, an entry a line; returns how many there were."""
    count = 0
    out.write("[")
    for count, one in enumerate(entries, 1):
        out.write(("\n" if count == 1 else ",\n") + encoded(one))
    out.write("\n]")
    return count
