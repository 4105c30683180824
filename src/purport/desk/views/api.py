"""The same as JSON, for programs: addresses under /api, described at /api/schema (OpenAPI)."""

from typing import Annotated, Any

import msgspec
from litestar.params import QueryParameter

from purport import app
from purport.app import browsing, proving
from purport.brief import watched as health
from purport.core.lines import line
from purport.core.records import Capture, Gap, Report
from purport.desk.pages import AT_ONCE
from purport.desk.premises import Here
from purport.desk.views.answers import address
from purport.desk.views.asked import Act, After, Before, Day, Id, Kind, Outlet, Reviewed, Stance, Words, query
from purport.desk.views.gaps import Cause

MOST = 200
Limit = Annotated[int, QueryParameter(ge=1, le=MOST, description="At most so many.")]


class Claims(msgspec.Struct, frozen=True):
    claims: list[dict[str, Any]]  # each in the shape of `purport claims --json`
    next: str  # give it as `after` to go on; empty: there is no more
    searched: dict[str, int]  # how much the ledger holds of each kind


class Arrived(msgspec.Struct, frozen=True):
    number: int
    report: Report
    capture: Capture


class Reports(msgspec.Struct, frozen=True):
    reports: list[Arrived]
    next: int  # give it as `before` to go on; 0: there is no more


class Whole(msgspec.Struct, frozen=True):
    report: Report
    capture: Capture
    reader: str
    claims: list[dict[str, Any]]


class Gaps(msgspec.Struct, frozen=True):
    gaps: list[Gap]
    next: int


class Log(msgspec.Struct, frozen=True):
    head: str
    last: int
    entries: list[dict[str, Any]]
    next: int


@address("/api/counts")
def counts(here: Here) -> dict[str, int]:
    """How much the ledger holds of each kind."""
    return here.house.view.sizes()


@address("/api/claims")
def claims(
    here: Here,
    words: Words = "",
    act: Act = "",
    stance: Stance = "",
    kind: Kind = "",
    outlet: Outlet = "",
    since: Day = "",
    until: Day = "",
    reviewed: Reviewed = "",
    after: After = "",
    limit: Limit = AT_ONCE,
) -> Claims:
    """Claims that match: with words the best first, without the latest."""
    view = here.house.view
    found = browsing.found(here.house, query(words, act, stance, kind, outlet, since, until, reviewed), limit, after)
    return Claims([line(claim, report) for claim, report in found.claims], found.next, view.sizes())


@address("/api/claim/{id:str}")
def claim(here: Here, id: Id) -> dict[str, Any]:
    """One claim, by its id or the beginning of it."""
    found, report = here.house.view.claim(id)
    return line(found, report)


@address("/api/reports")
def reports(here: Here, before: Before = 0, limit: Limit = AT_ONCE) -> Reports:
    """Reports by their arrival, the latest first."""
    found = here.house.view.latest_reports(limit + 1, before)
    shown = [Arrived(number, report, capture) for number, report, capture in found[:limit]]
    return Reports(shown, shown[-1].number if len(found) > limit else 0)


@address("/api/report/{id:str}")
def report(here: Here, id: Id) -> Whole:
    """A report with its capture and the claims of its latest reading, by its id or the beginning of it."""
    held = app.evidence(here.house, here.house.view.report(id))
    found = [line(one, held.report) for one in held.reading.claims]
    return Whole(held.report, held.capture, held.reading.reader, found)


@address("/api/gaps")
def gaps(here: Here, cause: Cause = "", before: Before = 0, limit: Limit = AT_ONCE) -> Gaps:
    """What could not be fetched, read or decided, the latest first."""
    found = here.house.view.latest_gaps(limit + 1, before, cause)
    return Gaps([gap for _, gap in found[:limit]], found[limit - 1][0] if len(found) > limit else 0)


@address("/api/sources")
def sources(here: Here) -> list[dict[str, Any]]:
    """How each source stands that was ever looked at."""
    now = here.house.clock.now()
    return [health.as_json(one.last.source, None, one, now) for one in here.house.view.standings()]


@address("/api/custody")
def custody(here: Here, before: Before = 0, limit: Limit = AT_ONCE) -> Log:
    """The custody log, the latest entry first, each with its hash."""
    found = proving.state(here.vault, limit, before)
    entries = [{"hash": hash} | msgspec.to_builtins(entry) for hash, entry in found.entries]
    first = found.entries[-1][1].number if found.entries else 0
    return Log(found.head, found.last, entries, first if first > 1 else 0)


HANDLERS = (counts, claims, claim, reports, report, gaps, sources, custody)
