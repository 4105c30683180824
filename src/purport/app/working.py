"""Work that is handed over: what is kept and booked at once, the orders for the rest, and how each order is done.

places -> kept, booked -> orders -> an engine -> do -> booked

What an order names is in the ledger when it is handed over, and what it brings is in the ledger when it is done. A
worker that dies in between leaves an order that somebody else does again, which then adds only what is missing.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import BinaryIO
from urllib.parse import urlsplit

from purport import pipeline
from purport.app import attending
from purport.app.attending import Desk, Reading
from purport.app.house import House, steps
from purport.collect import Medium, media, take
from purport.collect.items import without_password
from purport.core.custody import Stamp
from purport.core.errors import NotFoundError, UsageError
from purport.core.ports import Clock, Engine
from purport.core.records import Gap
from purport.core.watching import Source
from purport.core.work import Did, Order
from purport.pipeline import Outcome, Studio
from purport.watching import Lookout, Round, Watch, due, unread

PIECE = 50_000  # characters of the reports of one order: some seconds of reading, which is what a death costs
SOME = 20  # pages in one order
SLICE = 60.0  # seconds of looking at a host, after which what was taken is read and the rest is handed over again
LEFT = timedelta(minutes=10)  # after which a page that nobody read is handed over again
PAUSE = 1.0  # seconds for which a host is left alone after something was taken from it


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker works with; each is opened when an order first needs it."""

    house: Callable[[], House]
    desk: Callable[[], AbstractContextManager[Desk]]  # one for each who asks at the same time
    studio: Callable[[], AbstractContextManager[Studio]]
    stamp: Callable[[], Stamp]
    clock: Clock
    sources: Mapping[str, Source] = field(default_factory=dict)  # by name
    stopped: Callable[[], bool] = lambda: False
    pause: float = PAUSE


# to hand over


def hand_over(
    house: House, engine: Engine, places: Iterable[str], stdin: BinaryIO | None = None
) -> Iterator[tuple[Outcome, int]]:
    """Keep what the places hold, book its reports, hand over their reading: outcomes, with how many orders each began.

    Addresses are fetched by workers, too. Raises UsageError for one with a password, which would stand in the order.
    """
    asked = list(places)
    urls = [place for place in asked if place.lower().startswith(("http://", "https://"))]
    if secret := [url for url in urls if without_password(url) != url]:
        raise UsageError(
            f"{without_password(secret[0])}: an address with a password is not handed over. Read it here: "
            "--engine inline:"
        )
    yield Outcome(), engine.hand(Order(what="take", about=(url,), lock=_host(url)) for url in urls)
    here = [place for place in asked if place not in urls]
    for outcomes, orders in taken(house, here, stdin):
        new = engine.hand(orders)
        for number, outcome in enumerate(outcomes):
            yield outcome, 0 if number else new


def taken(
    house: House, places: Iterable[str], stdin: BinaryIO | None = None
) -> Iterator[tuple[list[Outcome], list[Order]]]:
    """What places hold, booked, with the orders to read it; those that this house's reader has not read yet."""
    found = pipeline.file(take(places, fetcher=house.fetcher, clock=house.clock, stdin=stdin), steps(house))
    some: list[Outcome] = []
    for outcome in found:
        some.append(outcome)
        if sum(_weight(one) for one in some) >= pipeline.BATCH:
            yield some, _to_read(house, some)
            some = []
    if some:
        yield some, _to_read(house, some)


def _to_read(house: House, outcomes: Iterable[Outcome]) -> list[Order]:
    orders, ids, held = list[Order](), list[str](), 0
    for report in (report for outcome in outcomes for report in outcome.reports):
        if not house.view.has_reading(report.id, house.reader.version):
            ids.append(report.id)
            held += len(report.text)
        if held >= PIECE:
            orders.append(Order(what="read", about=tuple(ids)))
            ids, held = [], 0
    return [*orders, Order(what="read", about=tuple(ids))] if ids else orders


def _weight(outcome: Outcome) -> int:
    return 1_000 + sum(len(report.text) for report in outcome.reports)


def hand_over_footage(house: House, engine: Engine, places: Iterable[str]) -> Iterator[tuple[Outcome, int]]:
    """Keep media files, book their captures, hand over their examination; outcomes, with how many orders they began."""
    for found in media(places, house.clock):
        outcome = Outcome(gaps=(found,)) if isinstance(found, Gap) else pipeline.kept(found, steps(house))
        (outcome,) = pipeline.book([outcome], steps(house), "take")
        yield outcome, engine.hand(Order(what="examine", about=(one.id,)) for one in outcome.captures)


def hand_over_looks(
    lookout: Lookout, engine: Engine, sources: Sequence[Source], left: timedelta = LEFT
) -> tuple[int, int]:
    """Hand over what is due, and pages that were left unread for so long: how many orders are new, of how many.

    One order for each host, so that it is asked one thing at a time, whoever asks. A look that waits already is not
    handed over again.
    """
    since = lookout.clock.now() - left
    forgotten = (one.capture.id for one in lookout.diary.unread() if one.visit.at <= since)
    orders = [*looks(due(lookout, sources)), *pages(forgotten, once=True)]
    return engine.hand(orders), len(orders)


STAMP = Order(what="stamp", lock="stamp", once="stamp")  # whoever does it has an authority


def looks(named: Mapping[str, Iterable[str]]) -> Iterator[Order]:
    """Orders to look at what is due: by hosts, or, of files, by their sources."""
    for host, names in sorted(named.items()):
        if host:
            yield Order(what="look", about=(host, *sorted(names)), lock=host, once=f"look {host}")
        else:
            for name in sorted(names):
                yield Order(what="look", about=("", name), lock=f"folder {name}", once=f"look folder {name}")


def pages(captures: Iterable[str], once: bool = False) -> Iterator[Order]:
    """Orders to read pages; `once`: the same pages are not handed over twice as long as nobody began."""
    ids = list(captures)
    for start in range(0, len(ids), SOME):
        some = tuple(ids[start : start + SOME])
        yield Order(what="page", about=some, once=f"page {some[0]}" if once else "")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


# to do


def do(tools: Tools, order: Order) -> Did:
    """Do an order to its end. Raises what the step raises: then it is tried again, or given up."""
    return _STEPS[order.what](tools, order)


def _read(tools: Tools, order: Order) -> Did:
    house = tools.house()
    return Did(said=_said(pipeline.reread(map(house.view.report, order.about), steps(house))))


def _take(tools: Tools, order: Order) -> Did:
    """Fetch addresses and keep what is there. The host, which the order's lock names, is then left alone a while."""
    house, orders, gaps = tools.house(), list[Order](), list[Gap]()
    for outcomes, more in taken(house, order.about):
        orders += more
        gaps += [gap for outcome in outcomes for gap in outcome.gaps]
    time.sleep(tools.pause)
    return Did(said=_counted(pages=len(order.about), gaps=len(gaps)), follow=tuple(orders))


def _look(tools: Tools, order: Order) -> Did:
    host, *names = order.about
    if absent := [name for name in names if name not in tools.sources]:
        raise UsageError(
            f"No source is named {absent[0]!r} on this host. Give purport work the sources.toml that purport watch has."
        )
    sources = [tools.sources[name] for name in names]
    with tools.desk() as desk:
        watch, captures, count = Watch(desk.lookout, sources, host=(host,)), list[str](), Counter[str]()
        end = time.monotonic() + SLICE
        if order.tries:  # who was here before may have booked pages, and died before anybody was to read them
            captures += (one.capture.id for one in desk.lookout.diary.unread() if one.visit.source in names)

        def over() -> bool:
            return not watch.asking and (tools.stopped() or time.monotonic() > end)

        for round in watch.run(over):
            for _ in attending.looked(desk, round):
                pass
            captures += _pages_of(round)
            count.update(one.outcome for one in round.found.visits if one.item or one.outcome == "failed")
            count["gaps"] += len(round.found.gaps)
        if not host:
            found = unread.files(desk.lookout, desk.steps, sources, desk.fetcher)
            count["files"] = sum(1 for one in found for _ in attending.digested(desk, one))
    if host:
        time.sleep(tools.pause)
    elsewhere = dict(watch.elsewhere)
    if over():
        elsewhere[host] = set(names)
    said = _counted(**{word: count[word] for word in ("new", "changed", "same", "gone", "failed", "files", "gaps")})
    return Did(said=said, follow=(*looks(elsewhere), *pages(captures)))


def _pages_of(round: Round) -> Iterator[str]:
    for visit in round.found.visits:
        if visit.outcome in ("new", "changed"):
            yield from (one.id for one in round.found.captures if one.id == visit.capture and one.kind != "media")


def _page(tools: Tools, order: Order) -> Did:
    outcomes = list[Outcome]()
    with tools.desk() as desk:
        for one in unread.pages(desk.lookout, desk.steps, of=order.about):
            outcomes += (news.read.outcome for news in attending.digested(desk, one) if isinstance(news, Reading))
    return Did(said=_said(outcomes))


def _examine(tools: Tools, order: Order) -> Did:
    house = tools.house()
    captures = [house.view.capture(id) for id in order.about]
    found = [Medium(capture, house.blobs.file(capture.digest)) for capture in captures]
    with tools.studio() as studio:
        outcomes = list(pipeline.examine(found, steps(house), studio, lambda share: None))
    count = sum(len(outcome.releases) for outcome in outcomes)
    return Did(said=_counted(releases=count, gaps=sum(len(outcome.gaps) for outcome in outcomes)))


def _stamp(tools: Tools, order: Order) -> Did:
    try:
        got = tools.stamp()
    except NotFoundError:  # somebody else had it stamped
        return Did(said="nothing new to stamp")
    return Did(said=f"entries {got.first}-{got.last} stamped")


_STEPS = {"read": _read, "take": _take, "look": _look, "page": _page, "examine": _examine, "stamp": _stamp}


def _said(outcomes: Iterable[Outcome]) -> str:
    reports = claims = gaps = 0
    for outcome in outcomes:
        reports += len(outcome.reports)
        claims += sum(len(reading.claims) for reading in outcome.readings)
        gaps += len(outcome.gaps)
    return _counted(reports=reports, claims=claims, gaps=gaps)


def _counted(**counts: int) -> str:
    """`3 reports, 20 claims`; what there is none of is not told."""
    said = [f"{count:,} {word.removesuffix('s') if count == 1 else word}" for word, count in counts.items() if count]
    return ", ".join(said) or "nothing new"
