"""Marks on a report's text: paragraphs that stand in it twice, and lines that belong to the page, not the story."""

import re

from purport.core.records import Note
from purport.core.spans import Span

_WORDS = 4  # fewer than this may well be said twice
_LINE = 240  # characters; boilerplate is short
_MANY = 1000  # marks; a text with more is one line said over and over, and runs of marks become one
_LONG = 20_000  # characters; longer is no paragraph, and not worth a second copy in memory

# how such lines begin, in lower case; each entry is tried at the start of a line
_BEGINNINGS = (
    r"(?:read|see|watch|listen|hear) (?:more|also|next|this next|now)\b\s*(?:[:|>»–—-]|$)",
    r"(?:also read|related(?: stories| articles| topics)?|more on this(?: story)?|recommended)\s*(?:[:|>»–—-]|$)",
    r"(?:click|tap) here\b",
    r"(?:sign|signing) up (?:for|to|here|now)\b",
    r"subscribe (?:to|now|here|today|for)\b",
    r"(?:get|receive) (?:our|the) (?:[\w' ]{0,30})?(?:newsletter|app|alerts?)\b",
    r"(?:follow|like|join|find) us (?:on|at)\b",
    r"follow @?[\w' ]{1,40} on (?:twitter|x|facebook|instagram|telegram|whatsapp|youtube|mastodon|bluesky)\b",
    r"download (?:our|the) (?:[\w' ]{0,30})?app\b",
    r"share (?:this(?: (?:article|story|page|post))?|(?:on|via) \w+)\W*$",
    r"(?:print|email|share|save|comments?|advertisement|advertising|sponsored(?: content)?|loading)\W*$",
    r"story continues (?:below|after)\b|article continues (?:below|after)\b",
    r"(?:we|this (?:site|website)) uses? cookies\b",
    r"by (?:signing up|subscribing|continuing)\b.{0,60}\b(?:agree|accept)\b",
    r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:\d{4}|by\b)|©",
    r"(?:this material|this content|no part of this)\b.{0,80}\b(?:published|broadcast|reproduced|redistributed)\b",
    r"(?:terms (?:of (?:use|service)|and conditions)|(?:privacy|cookie) (?:policy|notice|settings))\b.{0,60}[^.]$",
)
_BOILERPLATE = re.compile("|".join(f"(?:{b})" for b in _BEGINNINGS))
_ANYWHERE = re.compile(r"\ball rights reserved\b|\bour free (?:daily |weekly )?newsletter\b")


def paragraphs_of(text: str) -> list[Span]:
    """The lines that hold something, without the white space around them. Every offset is one of `text`."""
    found = []
    for match in re.finditer(r"[^\r\n]+", text):
        line = match[0]
        start = match.start() + len(line) - len(line.lstrip())
        end = match.start() + len(line.rstrip())
        if start < end:
            found.append((start, end))
    return found


def marks_of(text: str, paragraphs: list[Span]) -> tuple[Note, ...]:
    """Each paragraph that was said before in the report ("repeat"), and each boilerplate line, in text order."""
    seen: set[str] = set()
    found: list[tuple[int, int, str]] = []
    run = ""  # the kind of the paragraph before
    for start, end in paragraphs:
        key = " ".join(text[start:end].split()).casefold() if end - start <= _LONG else ""
        kind = "repeat" if key in seen else "boilerplate" if is_boilerplate(key) else ""
        if not kind and key.count(" ") >= _WORDS - 1:
            seen.add(key)
        if kind and kind == run and len(found) >= _MANY:
            found[-1] = (found[-1][0], end, kind)
        elif kind:
            found.append((start, end, kind))
        run = kind
    return tuple(Note(text[start:end], (start, end), kind) for start, end, kind in found)


def is_boilerplate(line: str) -> bool:
    """Does this line, in lower case and with single spaces, belong to the page rather than the story?"""
    return len(line) <= _LINE and bool(_BOILERPLATE.match(line) or _ANYWHERE.search(line))
