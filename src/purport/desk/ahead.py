"""What the desk does when nobody asked: what takes long is found before somebody opens it, the latest stories first.

They are traced by a worker that stands behind all others, so that nobody waits for what nobody asked for.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread

import msgspec

from purport import app
from purport.app import traces
from purport.core.errors import PurportError
from purport.core.ports import Workshop
from purport.core.settled import settle
from purport.desk.premises import Premises
from purport.desk.views.today import pulse

EVERY = 20.0  # seconds between two looks at whether the ledger has changed
GRACE = 3.0  # seconds for the story at hand when the desk is closed

_log = logging.getLogger(__name__)


@contextmanager
def working(here: Premises, behind: tuple[Workshop, ...], reports: int) -> Iterator[None]:
    """Meanwhile the first pages are made ready, and the stories of the latest `reports` are traced."""
    stop = Event()
    thread = Thread(target=_work, args=(here, behind, reports, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(GRACE)


def _work(here: Premises, behind: tuple[Workshop, ...], reports: int, stop: Event) -> None:
    try:
        ready(here)
        last: tuple[int, ...] = ()
        while not stop.is_set():
            now = here.state()
            if now != last:
                traced(here, behind, reports, stop)
            last = now
            stop.wait(EVERY)
    except PurportError as error:
        _log.warning("Nothing is traced ahead any more: %s", error)


def ready(here: Premises) -> None:
    """What every first page needs; and what stays in memory is not looked through again and again for what went."""
    app.standing(here.house)
    pulse(here)
    here.sources()
    traces.apart(here.house, traces.GROUP, b"", "new reports")
    settle()


def traced(here: Premises, behind: tuple[Workshop, ...], reports: int, stop: Event) -> None:
    """The latest stories are traced; one that can't be is left to whoever opens it."""
    house = replace(here.house, aside=behind)
    for order in app.ahead(here.house, reports) if behind and reports else ():
        if stop.is_set():
            return
        try:
            traces.apart(house, traces.TRACE, msgspec.msgpack.encode(order), order.subject)
        except PurportError as error:
            _log.warning("%s", error)
