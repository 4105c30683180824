"""What tracing found of a story, kept by what it was traced from: looked up as long as that is the same.

    the story's reports, their latest readings, the words they share, the footage, what people parted > key > kept
    or else: traced, here or by a worker > kept

A key is made of what is in the ledger now, so that nothing kept can be older than the ledger.
"""

from collections.abc import Callable, Iterator

import msgspec

from purport.app import copying
from purport.app.house import House
from purport.core.errors import FootageError, PurportError
from purport.core.ids import make_id
from purport.core.origins import Story, Traced

TRACE, GROUP = "stories.trace", "stories.group"  # what is done apart
_UNBOUND = "It may be done without bounds, and is kept then: purport trace"


class Order(msgspec.Struct, frozen=True):
    """A story to be traced, or a claim in it, with the stories that its reports stand in.

    `key` names all that the trace is made from, as it was before it is made: so a trace may be newer than its key, and
    is never older.
    """

    story: Story
    claim: str = ""
    beside: tuple[Story, ...] = ()
    key: str = ""

    @property
    def subject(self) -> str:
        return self.claim or self.story.id

    @property
    def reports(self) -> list[str]:
        return [id for one in self.beside for id in one.reports]


def ordered(house: House, story: Story, claim: str, beside: tuple[Story, ...]) -> Order:
    """An order with its key, by what is in the ledger now."""
    order = Order(story, claim, beside)
    return msgspec.structs.replace(order, key=_key(house, order))


def found(house: House, order: Order, make: Callable[[Order], Traced]) -> Traced:
    """What tracing finds now: kept, or traced apart where the house has somebody for it, or here.

    Raises PurportError when who traced it apart died or took too long.
    """
    for traced in kept(house, order):
        return traced
    for _ in house.aside if house.traces else ():
        if apart(house, TRACE, msgspec.msgpack.encode(order), order.subject):
            for traced in _held(house, order):
                return traced
    traced = make(order)
    keep(house, order, traced)
    return traced


def kept(house: House, order: Order) -> Iterator[Traced]:
    """None or one. What it merged is booked, should this ledger be an older copy of the one that it was traced in."""
    for traced in _held(house, order):
        for tools in house.grouping if traced.merges else ():
            tools.joins.merge(traced.merges)
        yield traced


def _held(house: House, order: Order) -> Iterator[Traced]:
    return (traced for traces in house.traces for traced in traces.get(order.subject, order.key))


def keep(house: House, order: Order, traced: Traced) -> None:
    for traces in house.traces:
        traces.put(order.subject, order.key, traced)


def apart(house: House, step: str, order: bytes, subject: str) -> bool:
    """Have it done by somebody else. False: that went wrong for a reason which it has here, too.

    Raises PurportError when who did it died or took too long.
    """
    for aside in house.aside:
        try:
            aside.do(step, order, lambda share: None)
        except FootageError as error:
            if error.cause == "failed":
                return False
            raise PurportError(
                f"Tracing {subject} was given up, since who did it {_ENDS.get(error.cause, 'was lost')}. "
                f"Open it again. {_UNBOUND} {subject}."
            ) from error
    return True


_ENDS = {"timeout": "took too long", "memory": "wanted too much memory", "crashed": "crashed"}


def _key(house: House, order: Order) -> str:
    """Names all that a trace is made from: it is another one when any of it is."""
    reports, view = order.reports, house.view
    shelf = view.sizes()["releases"]
    return make_id(
        "traced",
        order,
        sorted(view.latest_readings(reports).items()),
        [one.id for book in house.copybook for one in copying.among(book, reports)],
        [shelf, view.last_comparison()] if shelf else [],
        [tools.encoder.version for tools in house.grouping],
        [id for tools in house.grouping for id in tools.judged(reports)],
    )
