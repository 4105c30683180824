"""Where a text speaks of footage, and what it states of it: how long it is, and of which day."""

import re
from collections.abc import Iterator

from purport.core.references import Footing
from purport.core.spans import Span
from purport.core.times import Moment
from purport.read.dates import said_at

_TEENS = ("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", *_TEENS)
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: number for number, word in enumerate(_ONES, 1)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
_UNITS = {"second": 1.0, "sec": 1.0, "minute": 60.0, "min": 60.0, "hour": 3600.0, "hr": 3600.0}
_KINDS = {
    **dict.fromkeys(("video", "clip", "footage", "film", "livestream", "recording", "videotape", "movie"), "video"),
    **dict.fromkeys(("audio", "tape", "voice message"), "audio"),
}

_NUMBER = rf"(?:\d{{1,3}}(?:\.\d)?|(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_ONES[:9])}))?|{'|'.join(_ONES)})"
_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?)"
_NOUN = rf"(?:{'|'.join(_KINDS)})s?"
_ABOUT = r"(?P<about>nearly|almost|just under|under|more than|over|just over|at least|about|around|some|roughly)\s+"
_LENGTH = (
    rf"(?:{_ABOUT})?(?P<n>{_NUMBER}|half|an?)"
    rf"(?P<half>[- ]and[- ]a[- ]half)?[-\s](?:an?[-\s])?(?P<unit>{_UNIT})\b"
    rf"(?:(?:,|\s+and)?[-\s]+(?P<n2>{_NUMBER})[-\s](?P<unit2>seconds?|secs?|minutes?|mins?))?"
)
# a few words of what it looks like may stand between; none that begins something else
_BREAK = r"(?!(?:and|or|of|in|on|at|to|for|from|by|as|with|after|before|later|ago|the|an?|this|that|which|who)\b)"
_GLUE = rf"(?:[-\s]+long)?[-\s,]+(?:{_BREAK}[\w’'-]+[\s,]+){{0,4}}?"
# "a 13-minute video", "the 47-second cell phone clip", "more than two minutes of shaky footage"
_BEFORE = re.compile(
    rf"\b(?P<all>{_LENGTH}(?:{_GLUE}|\s+of\s+(?:[\w’'-]+\s+){{0,3}}?)(?P<noun>{_NOUN}))\b", re.IGNORECASE
)
# "a video of 13 minutes", "the clip, which lasts 47 seconds", "the recording runs for 1:32", "video (0:47)"
_RUNS = r"(?:of|lasting|lasts|lasted|runs|running|ran|is|was|goes on|went on)\s+(?:for\s+|to\s+)?"
_DIGITS = r"\d{1,2}:[0-5]\d(?::[0-5]\d)?"
_STAMP = rf"(?P<stamp>{_DIGITS})"
_OTHER = r"(?!\s+(?:late|later|after|before|ago|old|earlier|into|away|from|behind)\b)"  # "was 13 minutes late"
_AFTER = re.compile(
    rf"\b(?P<all>(?P<noun>{_NOUN}),?\s+(?:which\s+|that\s+)?"
    rf"(?:{_RUNS}(?:{_LENGTH}|{_STAMP}){_OTHER}|\((?P<stamp2>{_DIGITS})\)))",
    re.IGNORECASE,
)
_PLAIN = re.compile(rf"\b(?P<noun>{_NOUN})\b", re.IGNORECASE)


def footings(text: str, published: tuple[Moment, ...] = ()) -> tuple[Footing, ...]:
    """The words that speak of footage and state its length or its day, in order; bare mentions are left out."""
    found: dict[Span, Footing] = {}
    taken = bytearray(len(text))  # 1 where a character belongs to what was found
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(text):
            if any(taken[slice(*match.span("noun"))]):
                continue
            taken[slice(*match.span("all"))] = b"\1" * (match.end("all") - match.start("all"))
            seconds = _seconds(match)
            date = _date(text, match.span("noun"), match.span("all"), published)
            if seconds != (0.0, 0.0) or date:
                stated = Footing(match["all"], match.span("all"), _kind(match["noun"]), seconds, match["all"], date)
                found[match.span("all")] = stated
    for match in _PLAIN.finditer(text):
        if any(taken[slice(*match.span())]):
            continue
        if date := _date(text, match.span(), match.span(), published):
            found[match.span()] = Footing(match[0], match.span(), _kind(match["noun"]), date=date)
    return tuple(found[span] for span in sorted(found))


def _kind(noun: str) -> str:
    low = noun.lower()
    return _KINDS.get(low) or _KINDS[low.removesuffix("s")]


def _date(text: str, noun: Span, around: Span, published: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """The day that stands by the noun, in its own clause."""
    return said_at(text, (), (noun,), (around,) if around != noun else (), published)


def _seconds(match: "re.Match[str]") -> tuple[float, float]:
    """From and up to how long footage is that is said to be so long; (0, 0) where that is no length."""
    part = match.groupdict()
    if stamp := part.get("stamp") or part.get("stamp2"):
        whole = 0.0
        for digits in stamp.split(":"):
            whole = 60 * whole + int(digits)
        return whole - 1.0, whole + 1.0
    unit = _unit(part["unit"])
    number = _number(part["n"]) + (0.5 if part["half"] else 0.0)
    if part["n2"]:
        whole = number * unit + _number(part["n2"]) * _unit(part["unit2"])
        return whole - 1.5, whole + 1.5
    return _rounded(number, unit, (part["about"] or "").lower(), bool(part["half"]))


def _rounded(number: float, unit: float, about: str, half: bool) -> tuple[float, float]:
    """People round: to the nearest, or off the seconds, and more coarsely the rounder the number."""
    whole = number * unit
    if about in ("nearly", "almost", "just under", "under"):
        return whole - max(unit, whole / 10), whole
    if about in ("more than", "over", "just over", "at least"):
        return whole, whole + max(unit, whole / 10)
    if about:
        return whole * 0.85, whole * 1.15
    if unit > 60:
        return whole - unit / 6, whole + unit / 4
    if half or number != int(number):
        return whole - unit / 4, whole + unit / 4
    below, above = (unit / 2, unit) if unit > 1 else (1.0, 1.0)
    if number >= 10 and number % (10 if unit == 1 else 5) == 0:
        below, above = max(below, whole / 10), max(above, whole / 10)
    return whole - below, whole + above


def _number(words: str) -> float:
    low = words.lower()
    if low[0].isdigit():
        return float(low)
    if low in ("a", "an"):
        return 1.0
    if low == "half":
        return 0.5
    return float(sum(_WORDS[part] for part in low.split("-")))


def _unit(word: str) -> float:
    return _UNITS[word.lower().removesuffix("s")]


_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"“”]+", re.IGNORECASE)


def addresses(text: str) -> Iterator[tuple[str, Span]]:
    """The web addresses that a text gives in so many letters, without the full stop behind them."""
    for match in _ADDRESS.finditer(text):
        found = match[0].rstrip(".,;:!?)]’'")
        yield found, (match.start(), match.start() + len(found))
