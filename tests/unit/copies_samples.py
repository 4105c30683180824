"""Invented reports for the tests of copies, made as the reader makes them: credits and boilerplate are marked."""

from datetime import UTC, datetime, timedelta

from purport.core.copies import KINDS, Copy
from purport.core.records import Report
from purport.core.times import Moment
from purport.read.credits import credits_of
from purport.read.marks import marks_of, paragraphs_of
from purport.read.quotes import inside
from purport.trace.copies import Copies

WIRE = (
    "The harbour authority closed the eastern breakwater on Tuesday after two cranes slid from their rails during the "
    "night and damaged a grain store.\n\n"
    "Four coasters bound for Lake Tessin were sent back to the roads outside the bay, where they will wait for the "
    "inspectors.\n\n"
    "Engineers found that salt had eaten through the bolts which hold the rails to the quay.\n\n"
    "“We had asked for new bolts three winters in a row, and each time the letter came back without an answer,” said "
    "Maret Quist, who leads the dockers’ union.\n\n"
    "Grain prices in the old town rose by a tenth in the morning and fell back by the evening, traders said."
)
OTHER = (
    "A travelling library with eleven thousand books reached the hill villages above Omal this week, drawn by mules "
    "since the road is under snow.\n\n"
    "Children had waited at the chapel since dawn, and the oldest borrower, a miller of ninety, took home an atlas.\n\n"
    "The library will stay until the thaw, its keeper said, and leave half of its novels behind."
)


def report(id: str, text: str, outlet: str = "", day: int = 0, hour: int = -1) -> Report:
    """A report as read from a text; published on a day of January 2031, at an hour if one is known."""
    paragraphs = paragraphs_of(text)
    published: tuple[Moment, ...] = ()
    if day:
        start = datetime(2031, 1, day, max(hour, 0), tzinfo=UTC)
        published = (Moment(start, start + (timedelta(minutes=1) if hour >= 0 else timedelta(days=1))),)
    return Report(
        id=id,
        capture="",
        text=text,
        text_digest="",
        outlet=outlet,
        published=published,
        credits=credits_of(text, paragraphs),
        repeats=marks_of(text, paragraphs),
    )


def quoted(one: Report) -> bytes:
    return inside(one.text)


def desk(*reports: Report, kinds: tuple[str, ...] = KINDS) -> Copies:
    """What compares these reports, none of them taken in yet."""
    return Copies({one.id: one for one in reports}.__getitem__, quoted, kinds)


def copies_of(*reports: Report) -> tuple[Copy, ...]:
    return desk(*reports).add(*reports)


def shown(text: str, span: tuple[int, int]) -> str:
    return text[slice(*span)]
