"""What a search may be narrowed by, as addresses carry it: for the page and for programs alike."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import msgspec
from litestar.openapi.spec import Schema
from litestar.params import PathParameter, QueryParameter

from purport.core.errors import UsageError
from purport.core.records import Query
from purport.core.reviews import ASKED

STANCES = ("plain", "distanced", "endorsed")

Id = Annotated[str, PathParameter(max_length=80)]
Words = Annotated[
    str,
    QueryParameter(
        max_length=300,
        description='All must be found; "in quotes" for a phrase.',
        schema_extra={"pattern": r"^\s*$|[^\W_]"},  # signs alone are no words
    ),
]
Act = Annotated[str, QueryParameter(max_length=40, description="Only this act, as in deny.")]
Stance = Annotated[str, QueryParameter(max_length=20, description="Only this stance: plain, distanced or endorsed.")]
Kind = Annotated[str, QueryParameter(max_length=40, description="Only sources of this kind, as in government.")]
Outlet = Annotated[str, QueryParameter(max_length=200, description="Only reports of this outlet.")]
# what the schema says beside is for programs; a page says in its own words what is wrong with a day
Day = Annotated[
    str,
    QueryParameter(
        max_length=10,
        description="A day, as in 2031-05-04, in UTC.",
        schema_extra={"any_of": [Schema(format="date"), Schema(max_length=0)]},
    ),
]
Month = Annotated[str, QueryParameter(max_length=7, description="A month, as in 2031-05: its first and last day.")]
Reviewed = Annotated[
    str,
    QueryParameter(
        max_length=20, description="Only those judged so, as in confirmed.", schema_extra={"enum": ["", *ASKED]}
    ),
]
To = Annotated[str, QueryParameter(max_length=200, description="Only what is assigned to this person.")]
Who = Annotated[str, QueryParameter(max_length=200, description="Only what this person did.")]
Skip = Annotated[int, QueryParameter(ge=0, le=2**53, description="So many are passed over.")]
Before = Annotated[int, QueryParameter(ge=0, le=2**53, description="Those before this number; 0 for the newest.")]
After = Annotated[
    str,
    QueryParameter(
        max_length=40,
        description="The place to go on from, as given before.",
        schema_extra={"pattern": r"^([0-9]{1,15}(\.[0-9]{1,15})?)?$"},
    ),
]


class Narrowed(msgspec.Struct):
    """The same as a form carries it."""

    words: str = ""
    act: str = ""
    stance: str = ""
    kind: str = ""
    outlet: str = ""
    since: str = ""
    until: str = ""
    reviewed: str = ""


def query(
    words: str, act: str, stance: str, kind: str, outlet: str, since: str, until: str, reviewed: str = ""
) -> Query:
    """The search that is asked for; `until` is its last day. Raises UsageError."""
    first, last = day(since), day(until)
    return Query(
        words=words,
        act=act,
        stance=stance,
        source_kind=kind,
        outlet=outlet,
        since=first,
        until=tuple(one + timedelta(days=1) for one in last),
        reviewed=reviewed,
    )


def month(written: str) -> tuple[str, str]:
    """The first and last day of a month. Raises UsageError."""
    try:
        first = date.fromisoformat(f"{written.strip()}-01")
        last = first.replace(day=monthrange(first.year, first.month)[1])
    except ValueError as error:
        raise UsageError(f"{written!r} is not a month. Write it as 2031-05.") from error
    return first.isoformat(), last.isoformat()


def day(written: str) -> tuple[datetime, ...]:
    """A day's beginning, none or one. Raises UsageError."""
    if not written.strip():
        return ()
    try:
        found = date.fromisoformat(written.strip())
        found + timedelta(days=1)  # the last day that there is has no end
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{written!r} is not a day. Write it as 2031-05-04.") from error
    return (datetime(found.year, found.month, found.day, tzinfo=UTC),)
