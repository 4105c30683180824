"""Times in which something could not be had, as gaps for people: one for each, however often it was tried."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from purport.brief.words import instant, number
from purport.core.records import Gap, gap
from purport.core.times import utc
from purport.core.watching import Outage

_WHAT = {"media": "media file", "list": "part of its list", "file": "file"}


def as_gaps(outages: Iterable[Outage]) -> Iterable[Gap]:
    """Outages in words. An item that was had in the end is no gap any more; a source's hours without it stay one."""
    for one in outages:
        if not one.item:
            said = f"“{one.source}” was not reached {stretch(one)}: {one.detail}"
            yield gap("watch", one.url, one.cause, said, one.began)
        elif not one.ended:
            what = _WHAT.get(one.kind, "page")
            said = f"{what.capitalize()} of “{one.source}” not taken {stretch(one)}: {one.detail}"
            yield gap("watch", one.url, one.cause, said, one.began)


def stretch(one: Outage) -> str:
    """`13 March 2031, 02:10–05:40 UTC (14 tries)`, or `since 13 March 2031, 02:10 UTC (3 tries)`."""
    tries = number(one.tries, "try", "tries")
    if one.ended:
        return f"{between(one.began, one.ended[0])} ({tries})"
    return f"since {instant(one.began)} ({tries})"


def between(start: datetime, end: datetime) -> str:
    """A stretch of time; the day is said once if it is one, and so is a minute."""
    first, last = instant(start), instant(end)
    if first == last:
        return first
    same = utc(start).date() == utc(end).date()
    return f"{first.removesuffix(' UTC')}–{utc(end):%H:%M} UTC" if same else f"{first} – {last}"


def clock(moment: datetime) -> str:
    """The same for columns of the terminal: `2031-03-13 02:10`."""
    return f"{utc(moment):%Y-%m-%d %H:%M}"


def lasting(seconds: float) -> str:
    """A length of time in its largest unit: `3 h`, `40 min`."""
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (seconds >= size and unit != "days"):
            return f"{seconds / size:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"


def scope(gaps: int, period: Sequence[datetime], outages: Sequence[Outage], now: datetime) -> str:
    """What follows `Searched: 812 claims of 96 reports, `: the period, and what was not searched."""
    taken = f"taken {between(period[0], period[-1])}" if period else "none taken yet"
    unseen = [f"what {number(gaps, 'gap')} {'holds' if gaps == 1 else 'hold'}"] if gaps else []
    lost = sum(1 for one in outages if one.item and not one.ended)
    unseen += [f"{number(lost, 'item')} that could not be had"] if lost else []
    quiet = silence(outages, now)
    unseen += [f"what was published while {quiet}"] if quiet else []
    if not unseen:
        return f"{taken}; no gaps were met."
    return f"{taken}. Not searched: {', '.join(unseen)} (purport gaps lists them)."


def silence(outages: Sequence[Outage], now: datetime) -> str:
    """`2 sources were not reached for up to 3 h`, of the sources' own outages; empty if there were none."""
    silent: dict[str, timedelta] = {}
    for one in outages:
        if not one.item:
            length = (one.ended[0] if one.ended else now) - one.began
            silent[one.source] = silent.get(one.source, timedelta()) + length
    if not silent:
        return ""
    longest = max(silent.values()).total_seconds()
    at_most = "up to " if len(silent) > 1 else ""
    was = "was" if len(silent) == 1 else "were"
    return f"{number(len(silent), 'source')} {was} not reached for {at_most}{lasting(longest)}"
