"""When a report was published: the words that say so, read into a moment as precise as they are and no more."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from purport.core.spans import Span
from purport.core.times import Moment, utc

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d{1,9})?)?"
    r"(?:\s?(?P<half>[ap])\.?m\.?)?"
)
_ZONE = r"(?:\s?(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2}))?"
# a date with its year, in words or ISO; 03/04/2031 is left out: it means two days
DATE = (
    r"(?:(?P<y1>(?:19|20)\d{2})[-/.](?P<m1>0?[1-9]|1[0-2])[-/.](?P<d1>0?[1-9]|[12]\d|3[01])"
    rf"|(?P<d2>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{_MONTH}),?\s+(?P<y2>(?:19|20)\d{{2}})"
    rf"|(?P<m3>{_MONTH})\s+(?P<d3>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,?\s+(?P<y3>(?:19|20)\d{{2}}))"
)
MOMENT = re.compile(rf"(?<!\d){DATE}(?!\d)(?:(?:t|,?\s+(?:at\s+)?|\s*[|•·–-]\s*){_CLOCK}{_ZONE}(?!\d))?", re.IGNORECASE)
_NUMERIC = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b")  # with dots it is the day first
_LENGTH = 120  # characters of words that are tried


def moment_in(words: str, at: int = 0) -> tuple[Moment, ...]:
    """The first date with a year in some words; its span is counted from `at`. None or one."""
    for match in MOMENT.finditer(words):
        if found := _moment(match, (at + match.start(), at + match.end())):
            return (found,)
    return ()


def moment_of(words: str, base: datetime) -> tuple[Moment, ...]:
    """What a container says of its publication time (ISO 8601, HTTP date, seconds since 1970, or words such as
    "2 hours ago", counted from `base`). None or one: two-faced days such as 03/04/2031 are not decided."""
    words = words.strip()
    if not words or len(words) > _LENGTH:
        return ()
    match = MOMENT.match(words)
    if match and len(words) - match.end() < 8 and (found := _moment(match, (0, 0), words)):
        return (found,)
    if re.fullmatch(r"\d{9,10}|\d{12,13}", words):
        seconds = int(words) / (1000 if len(words) > 10 else 1)
        return _lasting(datetime.fromtimestamp(seconds, UTC), timedelta(seconds=1), words)
    try:
        return _lasting(utc(parsedate_to_datetime(words)), timedelta(seconds=1), words)
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    numeric = _NUMERIC.match(words)
    if numeric and int(numeric[1]) <= 12 and int(numeric[2]) <= 12 and numeric[1] != numeric[2]:
        return ()
    return _by_dateparser(words, base)


def _moment(match: re.Match[str], span: Span, words: str = "") -> Moment | None:
    part = match.groupdict()
    year = int(part["y1"] or part["y2"] or part["y3"])
    month = int(part["m1"]) if part["m1"] else _MONTHS.index((part["m2"] or part["m3"])[:3].lower()) + 1
    try:
        start = datetime(year, month, int(part["d1"] or part["d2"] or part["d3"]), tzinfo=UTC)
    except ValueError:  # 31 February
        return None
    length = timedelta(days=1)
    if part["hour"]:
        hour = int(part["hour"])
        if part["half"]:
            hour = hour % 12 + (12 if part["half"].lower() == "p" else 0)
        start += timedelta(hours=hour, minutes=int(part["minute"]), seconds=int(part["second"] or 0))
        start -= _offset(part["zone"] or "")
        length = timedelta(seconds=1) if part["second"] else timedelta(minutes=1)
    return Moment(start, start + length, words or match[0], span)


def _offset(zone: str) -> timedelta:
    if not zone or zone[0] not in "+-":
        return timedelta()
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))


def _by_dateparser(words: str, base: datetime) -> tuple[Moment, ...]:
    from dateparser.date import DateDataParser  # type: ignore[import-untyped]  # imports slowly

    settings = {
        "RELATIVE_BASE": utc(base).replace(tzinfo=None),
        "TIMEZONE": "UTC",
        "TO_TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": True,
        "RETURN_TIME_AS_PERIOD": True,
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "past",
        "PREFER_DAY_OF_MONTH": "first",
        "PREFER_MONTH_OF_YEAR": "first",
    }
    try:
        found = DateDataParser(languages=["en"], settings=settings).get_date_data(words)
    except (ValueError, OverflowError, TypeError):  # what odd words make it raise
        return ()
    if found.date_obj is None:
        return ()
    start = utc(found.date_obj)
    if found.period == "time":
        return _lasting(start, timedelta(minutes=1), words)
    start = start.replace(hour=0, minute=0, second=0, microsecond=0)
    if found.period == "year":
        start = start.replace(month=1, day=1)
        return (Moment(start, start.replace(year=start.year + 1), words),)
    if found.period == "month":
        start = start.replace(day=1)
        return (Moment(start, (start + timedelta(days=32)).replace(day=1), words),)
    return _lasting(start, timedelta(days=7 if found.period == "week" else 1), words)


def _lasting(start: datetime, length: timedelta, words: str) -> tuple[Moment, ...]:
    return (Moment(start, start + length, words),)
