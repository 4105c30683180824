"""Where quotation marks open and close, and what kind of quotation a content is.

Straight, curly, low and angle marks are read, single ones too when they can't be apostrophes. A
quotation that runs over several paragraphs opens each with a mark and closes only the last.
"""

import re

from purport.core.records import Reason
from purport.core.spans import Pieces

_MARKS = re.compile(r"[\n\"“”„‟«»‘’‚'‹›]")
_WORDS = re.compile(r"\w")
_CLIPPED = re.compile(r"(?:em|til|tis|twas|cause|n|s|\d\ds?)\b", re.IGNORECASE)  # 'em, '90s: apostrophes
_CLOSES = {
    "“": "”“",
    "„": "“”",
    "‟": "”",
    "«": "»",
    "‘": "’",
    "‚": "‘’",
    "‹": "›",
    '"': '"',
    "'": "'",
    "”": "”",
    "»": "«",
}
_SINGLE = "‘’‚'‹›"
LONGEST_SINGLE = 400  # characters; a single mark that finds no partner so near was an apostrophe

DIRECT = 0.9  # share of a content's word characters inside marks from which it is a direct quotation
SOME = 0.02  # and below which the marks are noise


def inside(text: str) -> bytes:
    """For each character of a text, 1 if it stands inside quotation marks (the marks included), else 0.

    A mark left open reaches to the end of its paragraph only if the next paragraph opens with a mark too
    (the habit for long quotations); otherwise it is taken for a stray one. Length: len(text).
    """
    table = bytearray(len(text))
    opened, closers = -1, ""
    hits = [match.start() for match in _MARKS.finditer(text)]
    for n, i in enumerate(hits):
        mark = text[i]
        if mark == "\n":
            if opened >= 0 and (closers in ("'", "’") or not _goes_on(text, i)):
                opened = -1  # a stray mark; what follows starts afresh
            elif opened >= 0:
                table[opened:i] = b"\1" * (i - opened)
                opened = -1
        elif opened >= 0:
            if mark in closers and (mark not in _SINGLE or _closes(text, hits, n, closers)):
                table[opened : i + 1] = b"\1" * (i + 1 - opened)
                opened = -1
        elif mark in _CLOSES and (mark not in "”»'" or _may_open(text, i)):
            if mark in _SINGLE and not (_may_open(text, i) and _partner(text, hits, n, _CLOSES[mark], genitive=True)):
                continue
            opened, closers = i, _CLOSES[mark]
    if opened >= 0 and closers not in ("'", "’"):
        table[opened:] = b"\1" * (len(text) - opened)  # the text ends within a quotation
    return bytes(table)


def _may_open(text: str, i: int) -> bool:
    """A mark before a word and not after one opens."""
    before = text[i - 1] if i else " "
    after = text[i + 1] if i + 1 < len(text) else " "
    if text[i] in "'‘’" and _CLIPPED.match(text, i + 1):
        return False
    return not before.isalnum() and (not after.isspace() or text[i] in "«»‹")


def _closes(text: str, hits: list[int], n: int, closers: str) -> bool:
    """Is the single mark at hits[n] a closing one? The one of a plural's genitive (boys') only for want of a better."""
    return _ends(text, hits[n]) or (_ends(text, hits[n], genitive=True) and not _partner(text, hits, n, closers))


def _ends(text: str, i: int, genitive: bool = False) -> bool:
    """A single mark ends a quotation when no letter follows and it is not the genitive of a plural (boys' cart)."""
    after = text[i + 1] if i + 1 < len(text) else " "
    if after.isalnum():
        return False
    return genitive or not (text[i - 1 : i] == "s" and after == " " and text[i + 2 : i + 3].islower())


def _partner(text: str, hits: list[int], n: int, closers: str, genitive: bool = False) -> bool:
    """Does a closing mark follow the mark at hits[n] in the same paragraph and not too far off?"""
    for k in range(n + 1, len(hits)):
        i = hits[k]
        if text[i] == "\n" or i - hits[n] > LONGEST_SINGLE:
            return False
        if text[i] in closers and _ends(text, i, genitive):
            return True
    return False


def _goes_on(text: str, newline: int) -> bool:
    """Does the paragraph after this newline open with a quotation mark?"""
    i = newline
    while i < len(text) and text[i].isspace():
        i += 1
    return i < len(text) and text[i] in '"“„«‘'


def share(text: str, content: Pieces, table: bytes) -> float:
    """The share of a content's word characters (letters, digits) that stand inside quotation marks."""
    total = within = 0
    counts = [table.count(1, start, end) for start, end in content]
    if not any(counts):
        return 0.0
    for (start, end), marked in zip(content, counts, strict=True):
        words = len(_WORDS.findall(text, start, end))
        total += words
        if marked == end - start:
            within += words
        elif marked:
            within += sum(table[match.start()] for match in _WORDS.finditer(text, start, end))
    return within / total if total else 0.0


def kind(text: str, content: Pieces, table: bytes = b"") -> tuple[str, tuple[Reason, ...]]:
    """direct | indirect | mixed | none (no content), from how much of a content stands inside marks, and why.

    `table` is `inside(text)`; give it when a text has several contents, it is made anew otherwise. The reason
    shows the first words in marks; there is none when nothing is quoted.
    """
    if not any(start < end for start, end in content):
        return "none", ()
    table = table or inside(text)
    found = share(text, content, table)
    if found <= SOME:
        return "indirect", ()
    value = "direct" if found >= DIRECT else "mixed"
    for start, end in content:
        first = table.find(1, start, end)
        if first >= 0:
            last = table.find(0, first, end)
            span = (first, last if last >= 0 else end)
            return value, (Reason("quote", value, text[span[0] : span[1]], span, "quotation marks"),)
    return value, ()
