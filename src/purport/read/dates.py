"""When a thing was said: the time expression that dates the cue, resolved against the day of publication.

A small grammar of the expressions news uses, since it must run on every claim: a general date parser takes
about a millisecond a phrase and doesn't know "earlier this week" (measured with dateparser 1.2). Only an
expression outside the content and in the cue's own clause is taken, the nearest one.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias

from purport.core.spans import Pieces, Span, cover
from purport.core.times import Moment

REACH = 300  # characters of the sentence looked at on either side of the cue
FURTHEST = 120  # characters between the expression and the cue or the source

Interval: TypeAlias = tuple[datetime, datetime]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_PART = r"(?:\s+(?:early\s+|late\s+)?(?:morning|afternoon|evening|night))?"
_YEAR = r"(?:19|20)\d{2}"
_DATE = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_TIME = re.compile(
    rf"""\b(?:[Oo]n\s+|[Ii]n\s+|[Bb]y\s+|[Ll]ate\s+(?:on\s+)?|[Ee]arly\s+(?:on\s+)?)?(?:
      (?:{_DAY},?\s+)?(?:
        (?P<iso>{_YEAR}-\d\d-\d\d)
      | (?P<d1>{_DATE})\s+(?:of\s+)?(?P<m1>{_MONTH})(?:,?\s+(?P<y1>{_YEAR}))?
      | (?P<m2>{_MONTH})\s+(?P<d2>{_DATE})(?!\d|[:.]\d)(?:,\s*(?P<y2>{_YEAR}))?
      )
    | (?P<which>[Ll]ast\s+|[Nn]ext\s+|[Tt]his\s+(?:past\s+)?)?(?P<day>{_DAY}){_PART}
    | (?P<m3>{_MONTH}),?\s+(?P<y3>{_YEAR})
    | (?P<rough>(?:[Ee]arlier|[Ll]ater|[Ll]ate|[Ee]arly)\s+(?:in\s+)?)?
      (?P<rel>[Ll]ast|[Tt]his|[Nn]ext|[Tt]he\s+past)\s+(?P<unit>week(?:end)?|month|year|morning|afternoon|evening|night)
    | (?:[Ee]arlier\s+|[Ll]ater\s+)?(?P<now>[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight){_PART}
    | (?:[Aa]bout\s+|[Ss]ome\s+)?(?P<n>\d{{1,3}}|(?i:{"|".join(_NUMBERS)}))\s+(?P<ago>hour|day|week|month|year)s?\s+ago
    )\b
    | \b[Ii]n\s+(?:(?:early|mid|late)[\s-])?(?P<m4>{_MONTH})\b(?!\s+\d)
    | \b[Ii]n\s+(?P<y4>{_YEAR})\b
    """,
    re.VERBOSE,
)
_HINT = re.compile(
    r"day\b|ago\b|\b(?:week|month|year|night|morning|tonight|tomorrow)|\d\s?[A-Z]|[a-z.] \d{1,4}\b|\d{4}-\d"
    r"|\b[Ii]n [A-Z]"
)
_ANY_HINT = re.compile(  # in every expression by itself
    rf"{_MONTH}|{_YEAR}|day\b|ago\b|week|month|year|morning|afternoon|evening|night|[Tt]omorrow"
)
_ANY_YEAR = re.compile(rf"(?={_YEAR})")
_FULL = re.compile(_YEAR)  # in every expression that needs no day of publication
_FUTURE = re.compile(r"\b(?:will|to|shall|plans?|expected|due|set)\b", re.IGNORECASE)
_AHEAD = re.compile(r"\b(?:next|tomorrow|later this)\b", re.IGNORECASE)
_APART = re.compile(
    r"[;:“”\"\n—–]|\b(?:who|which|when|after|before|since|until|while|whose|where|because|that|as|but)\b", re.IGNORECASE
)
_SENTENCE = re.compile(r"[.!?][”\"’)]?\s+(?=[A-Z“\"‘])|\n")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Sen|Rep|Gov|St|No|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec)|\b[A-Z])\.\s+$"
)


def said_at(
    text: str, source: Pieces, cue: Pieces, content: Pieces, published: tuple[Moment, ...]
) -> tuple[Moment, ...]:
    """When the saying took place, none or one; its interval is as long as the words are precise.

    Days are those of the publication's date in UTC. Without a publication date only a full date is resolved.
    """
    if not cue:
        return ()
    at = cover(cue)
    if not published and not any(at[0] - REACH <= year < at[1] + REACH for year in _years(text)):
        return ()
    around = cover((*source, *cue)) if source and abs(source[0][0] - at[0]) < REACH else at
    window = _sentence(text, at)
    if not (published or _FULL.search(text, *window)) or not _HINT.search(text, *window):
        return ()
    day = published[0].start.astimezone(UTC) if published else None
    future = bool(_FUTURE.search(text, *at))
    best: tuple[int, Moment] | None = None
    for match in _times(text, window, (*content, *source)):
        if not future and _AHEAD.search(match.group()):
            continue  # what is still to come can't date what was said
        gap = _gap(text, match.span(), at, around)
        if gap < 0 or (best is not None and gap >= best[0]):
            continue
        found = _interval(match, day, future)
        if found:
            best = gap, Moment(found[0], found[1], match.group(), match.span())
    return (best[1],) if best else ()


def spoken_of(text: str, span: Span, published: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """The first time that a stretch speaks of, none or one, resolved as in `said_at`."""
    if not (published or _FULL.search(text, *span)) or not _ANY_HINT.search(text, *span):
        return ()
    day = published[0].start.astimezone(UTC) if published else None
    future = bool(_FUTURE.search(text, *span))
    for match in _times(text, span, ()):
        if (future or not _AHEAD.search(match.group())) and (found := _interval(match, day, future)):
            return (Moment(found[0], found[1], match.group(), match.span()),)
    return ()


@lru_cache(maxsize=8)
def _years(text: str) -> tuple[int, ...]:
    """Where the years of a text begin; it is asked for every claim."""
    return tuple(match.start() for match in _ANY_YEAR.finditer(text))


def _sentence(text: str, at: Span) -> Span:
    """The sentence around the cue, at most REACH characters to either side."""
    low = max(0, at[0] - REACH)
    for match in _SENTENCE.finditer(text, low, at[0]):
        if not _ABBREVIATED.search(text, max(0, match.end() - 8), match.end()):
            low = match.end()
    high = min(len(text), at[1] + REACH)
    for match in _SENTENCE.finditer(text, at[1], high):
        if not _ABBREVIATED.search(text, max(0, match.end() - 8), match.end()):
            return low, match.start() + 1
    return low, high


def _times(text: str, window: Span, taken: Pieces) -> Iterator[re.Match[str]]:
    """Time expressions of the window that stand in none of the pieces."""
    for match in _TIME.finditer(text, *window):
        owner = text[match.end() : match.end() + 2] in ("'s", "’s")  # "today's jobless rate" dates the rate
        if not owner and not any(match.start() < end and start < match.end() for start, end in taken):
            yield match


def _gap(text: str, span: Span, cue: Span, around: Span) -> int:
    """Characters between an expression and what it may date; -1 when another clause stands between."""
    if cue[0] <= span[0] and span[1] <= cue[1]:
        return 0
    if span[0] >= cue[1]:
        between = text[cue[1] : span[0]]
        far = len(between)
    elif span[1] <= around[0]:
        between = text[span[1] : around[0]]
        far = len(between) + 1
    elif span[1] <= cue[0]:
        between, far = text[span[1] : cue[0]], cue[0] - span[1]
    else:
        return 0
    if far > FURTHEST or _APART.search(between):
        return -1
    before = text[max(0, span[0] - 60) : span[0]]
    clause = re.split(r"[,;.\n]", before)[-1]
    if span[1] <= cue[0] and _APART.search(clause):
        return -1  # "Mr Harl, who resigned on Monday, said"
    return far


def _interval(match: re.Match[str], day: datetime | None, future: bool) -> Interval | None:
    part = match.groupdict()
    try:
        if part["iso"]:
            return _whole(datetime.fromisoformat(part["iso"]).replace(tzinfo=UTC), "day")
        if part["d1"] or part["d2"]:
            number = int(re.sub(r"\D", "", part["d1"] or part["d2"]))
            return _dated(number, part["m1"] or part["m2"], part["y1"] or part["y2"], day, future)
        if part["m3"]:
            return _whole(datetime(int(part["y3"]), _month(part["m3"]), 1, tzinfo=UTC), "month")
        if part["y4"]:
            return _whole(datetime(int(part["y4"]), 1, 1, tzinfo=UTC), "year")
        return _relative(part, day, future) if day else None
    except (ValueError, OverflowError):  # 31 February, the year 0
        return None


def _relative(part: dict[str, str | None], day: datetime, future: bool) -> Interval:
    today = day.replace(hour=0, minute=0, second=0, microsecond=0)
    if part["day"]:
        return _whole(_weekday(part["day"].lower(), (part["which"] or "").lower(), today, future), "day")
    if part["m4"]:
        return _named_month(_month(part["m4"]), today, future)
    if part["now"]:
        by = {"yesterday": -1, "tomorrow": 1}.get(part["now"].lower(), 0)
        return _whole(today + timedelta(days=by), "day")
    if part["ago"]:
        return _ago(_NUMBERS.get(str(part["n"]).lower()) or int(str(part["n"])), part["ago"], day)
    rel, unit = str(part["rel"]).lower(), str(part["unit"])
    by = {"last": -1, "next": 1}.get(rel, 0)
    if unit in ("morning", "afternoon", "evening", "night"):
        return _whole(today + timedelta(days=by), "day")
    if unit == "weekend":
        return _weekend(today, by)
    start, end = _whole(today, unit)
    if by:
        start, end = _whole(start - timedelta(days=1) if by < 0 else end, unit)
    elif (part["rough"] or "").lower().startswith("earl") and rel == "this":
        end = min(end, today + timedelta(days=1))
    return start, end


def _dated(number: int, month: str, year: str | None, day: datetime | None, future: bool) -> Interval | None:
    if year:
        return _whole(datetime(int(year), _month(month), number, tzinfo=UTC), "day")
    if day is None:
        return None
    found = datetime(day.year, _month(month), number, tzinfo=UTC)
    if found > day and not future:
        found = found.replace(year=day.year - 1)
    elif found + timedelta(days=1) <= day and future:
        found = found.replace(year=day.year + 1)
    return _whole(found, "day")


def _weekday(name: str, which: str, today: datetime, future: bool) -> datetime:
    """The last such day on or before today; with "last" before it, with "next" or a future cue after it."""
    back = (today.weekday() - _DAYS.index(name)) % 7
    if which.startswith("next"):
        return today + timedelta(days=7 - back)
    if which.startswith("last"):
        return today - timedelta(days=back or 7)
    return today + timedelta(days=(-back) % 7) if future else today - timedelta(days=back)


def _named_month(month: int, today: datetime, future: bool) -> Interval:
    year = today.year
    if month > today.month and not future:
        year -= 1
    elif month < today.month and future:
        year += 1
    return _whole(datetime(year, month, 1, tzinfo=UTC), "month")


def _weekend(today: datetime, by: int) -> Interval:
    saturday = today + timedelta(days=5 - today.weekday() + 7 * by)
    return saturday, saturday + timedelta(days=2)


def _ago(number: int, unit: str, day: datetime) -> Interval:
    if unit == "hour":
        start = day - timedelta(hours=number)
        precise = bool(day.hour or day.minute)
        return (start, start + timedelta(hours=1)) if precise else _whole(start, "day")
    if unit in ("day", "week"):
        return _whole(day - timedelta(days=number * (7 if unit == "week" else 1)), unit)
    months = day.year * 12 + day.month - 1 - number * (12 if unit == "year" else 1)
    return _whole(datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC), unit)


def _whole(moment: datetime, unit: str) -> Interval:
    """The day, ISO week, month or year a moment lies in, half-open."""
    start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "day":
        return start, start + timedelta(days=1)
    if unit == "week":
        start -= timedelta(days=start.weekday())
        return start, start + timedelta(days=7)
    if unit == "month":
        start = start.replace(day=1)
        return start, (start + timedelta(days=32)).replace(day=1)
    start = start.replace(month=1, day=1)
    return start, start.replace(year=start.year + 1)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1
