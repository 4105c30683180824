"""What stands above a plain-text story: headline, byline, date. Only the first lines are looked at."""

import re

import msgspec

from purport.core.spans import Span
from purport.core.times import Moment
from purport.read.marks import is_boilerplate
from purport.read.published import moment_in

_LINES = 10  # looked at
_LONG = 300  # characters of a line looked at

_WORD = r"(?:[^\W\d_a-zà-ÿ][\w.'’-]*|de|da|del|der|den|di|dos|du|van|von|al|el|bin|ibn|la|le)"
_NAMES = rf"{_WORD}(?:\s+{_WORD}){{0,6}}(?:(?:,\s*|,?\s+(?:and|&)\s+){_WORD}(?:\s+{_WORD}){{0,6}}){{0,6}}"
_BYLINE = re.compile(
    rf"(?:By|BY|by|Written by|Words by|Story by|Report by)[:\s]+(?P<names>{_NAMES}(?:\s+(?:staff|and agencies))?)"
    r"\s*(?:[|•·–—,-].{0,120}|\(.{0,60}\)|in\s+[A-Z].{0,60})?$"
)
_LABEL = r"(?:first published|published|posted|issued|released|date|dated)(?:\s+(?:on|at))?\s*[:–—-]?\s*"
_UPDATED = re.compile(r"(?:last\s+)?(?:updated|modified|edited)\b", re.IGNORECASE)
_DATE_LINE = re.compile(
    rf"(?:{_LABEL})?(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?", re.IGNORECASE
)
# PORT HALE, Norland, March 12, 2031 (Northwire) — …
_DATELINE = re.compile(r"[A-Z][A-Z.'’ -]{1,30}[,\s][^()\n]{0,60}?(?:\([^()\n]{1,40}\)\s*)?[-–—]")
_SENTENCE_END = (".", ":", ";", ",", "…")


class Top(msgspec.Struct, frozen=True):
    title: str = ""
    byline: str = ""
    published: tuple[Moment, ...] = ()


def top_of(text: str, paragraphs: list[Span]) -> Top:
    """The headline, the byline's names and the date (with its place in the text) where the first lines show them."""
    title, byline = "", ""
    published: tuple[Moment, ...] = ()
    said_otherwise = True  # nothing but bylines, dates and the like so far
    for i, (start, end) in enumerate(paragraphs[:_LINES]):
        line = text[start : min(end, start + _LONG)]
        names = _BYLINE.match(line) if end - start <= _LONG else None
        if names:
            byline = byline or names["names"].strip()
            published = published or moment_in(line, start)
        elif moment := _date_line(line, start, end):
            published = published or moment
        elif said_otherwise:
            said_otherwise = False
            title = line if _is_headline(text, paragraphs, i) else ""
            published = published or _dateline(line, start)
        else:
            published = published or _dateline(line, start)
    return Top(title, byline, published)


def _date_line(line: str, start: int, end: int) -> tuple[Moment, ...]:
    """The moment of a line that is a date and little else."""
    if end - start > 100 or _UPDATED.match(line):
        return ()
    label = _DATE_LINE.match(line)
    at = label.end() if label else 0
    found = moment_in(line[at:], start + at)
    if not found or found[0].span[0] != start + at:
        return ()
    rest = line[found[0].span[1] - start :].strip(" |•·–—,.-()")
    return found if len(rest.split()) <= 4 else ()


def _dateline(line: str, start: int) -> tuple[Moment, ...]:
    found = _DATELINE.match(line[:160])
    return moment_in(found[0], start) if found else ()


def _is_headline(text: str, paragraphs: list[Span], i: int) -> bool:
    """Short, not a sentence, and set apart from what follows."""
    start, end = paragraphs[i]
    line = text[start:end] if end - start <= 160 else ""
    words = len(line.split())
    if not 3 <= words <= 25 or (line.endswith(_SENTENCE_END) and not _in_title_case(line)) or not line[0].isprintable():
        return False
    if line[0].islower() or is_boilerplate(line.casefold()) or _DATELINE.match(line) or i + 1 == len(paragraphs):
        return False
    below, end_below = paragraphs[i + 1]
    gap = text[end:below]
    if gap.count("\n") > 1 or gap.count("\r") > 1:
        return True
    next_line = text[below : min(end_below, below + _LONG)]
    if _BYLINE.match(next_line) or _date_line(next_line, below, end_below):
        return True
    # one paragraph a line: the next is long and begins anew; hard-wrapped prose runs on at the same width
    return end_below - below > 160 and not next_line[0].islower()


def _in_title_case(line: str) -> bool:
    """Mayor Denies Closing Bridge Over River. — some outlets end a headline with a full stop."""
    long = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > 3]
    return len(long) >= 3 and line.endswith(".") and all(word[0].isupper() for word in long)
