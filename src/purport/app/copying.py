"""What reports share, caught up: those that came since are compared with all, and that is kept.

the ledger's reports - those that were compared > the index made again > batch by batch compared > kept
"""

from collections.abc import Collection

from purport.core.copies import Copy
from purport.core.ports import Copybook, View
from purport.read.quotes import inside
from purport.trace.copies import Copies

TRIES = 3  # when somebody else catches up at the same time


def caught_up(book: Copybook, view: View) -> None:
    """Compare the reports that are new, in the order of their publication; what was compared is not compared again.

    It may be cut off at any moment: the next one goes on from the last batch that was kept.
    """
    for _ in range(TRIES):
        if _gone_on(book, view):
            return


def _gone_on(book: Copybook, view: View) -> bool:
    """False: another one was quicker, and what is left has to be looked at anew."""
    last = view.sizes()["reports"]
    if last == book.upto:
        return True
    published, held = {id: when for _, id, when in view.roll()}, book.reports()
    if not set(held) <= published.keys():  # of another ledger, or of this one before an older backup was restored
        book.clear()
        held = []
    fresh = sorted(published.keys() - set(held), key=lambda id: (published[id], id))
    if not fresh:
        book.upto = last
        return True
    copies = Copies(view.report, lambda report: inside(report.text))
    try:
        for booked in book.booked():
            copies.index.take(booked)
    except ValueError:  # damaged
        book.clear()
        return False
    if not all(book.add(booked, found) for booked, found in copies.batches(view.some(fresh))):
        return False
    book.upto = last
    return True


def among(book: Copybook, reports: Collection[str]) -> tuple[Copy, ...]:
    """What some reports share with each other."""
    inside = set(reports)
    return tuple(copy for copy in book.copies(inside) if {copy.a, copy.b} <= inside)
