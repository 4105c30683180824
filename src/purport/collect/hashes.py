"""Lists of PDQ hashes as others write them: a hash a line, vPDQ's text, HMA's JSON, or a column of a table."""

import re
from collections.abc import Iterator

_PARTS = re.compile(r'[\n"]')
_HASH = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])")
_VPDQ = re.compile(r"\s*(?:\d+,(?P<before>\d+),[0-9A-Fa-f]{64}|[0-9A-Fa-f]{64},(?P<behind>\d+)),[\d.eE+-]+\s*")
CLEAR = 50  # quality below which vPDQ matches no hash


def listed(text: str) -> Iterator[tuple[str, int]]:
    """The hashes in a list, in small letters, each with its line from 1.

    Where a quality stands with a hash, as in vPDQ's lines (`number,quality,hash,seconds`) and in HMA's JSON
    (`"hash,quality,seconds"`), and is below 50, the hash is passed over, as vPDQ does.
    """
    line, at = 1, 0
    for part in _PARTS.split(text):
        said = _VPDQ.fullmatch(part)
        quality = int(said["before"] or said["behind"]) if said else 100
        if quality >= CLEAR:
            yield from ((found[0].lower(), line) for found in _HASH.finditer(part))
        at += len(part)
        line += text[at : at + 1] == "\n"
        at += 1
