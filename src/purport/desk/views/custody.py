"""Custody: the log of who did what, its head, and when it was last verified. Nothing is verified by looking at it."""

import msgspec
from litestar import Response, get

from purport.app import admitting, proving
from purport.brief import words as say
from purport.core.custody import Entry
from purport.desk.door import asking
from purport.desk.pages import AT_ONCE, Asked, link, page
from purport.desk.premises import Here
from purport.desk.views.asked import Before, Who


class Deed(msgspec.Struct, frozen=True):
    """An entry as the page shows it."""

    entry: Entry
    hash: str
    brought: tuple[str, ...]  # `12 claims`


@get("/custody", sync_to_thread=True, include_in_schema=False)
def custody(request: Asked, here: Here, before: Before = 0, who: Who = "") -> Response[str]:
    found = proving.state(here.vault, AT_ONCE, before, who.strip())
    first = found.entries[-1][1].number if found.entries else 0
    named = {one.who for _, one in found.entries} | {
        name for staff in here.staff for name in admitting.everybody(staff)
    }
    verified = next(iter(found.verified), None)
    return page(
        "custody",
        request,
        here,
        state=found,
        deeds=[Deed(entry, hash, _brought(entry)) for hash, entry in found.entries],
        verified=verified,
        since=found.last - verified.number if verified else 0,
        stamp=next(iter(found.stamped), None),
        before=before,
        asked=who.strip(),
        people=sorted(named | {one.name for one in asking(request.scope).person}),
        next=link("/custody", {"who": who.strip()}, before=first)
        if len(found.entries) == AT_ONCE and first > 1
        else "",
    )


def _brought(entry: Entry) -> tuple[str, ...]:
    return tuple(say.number(one.last - one.first + 1, _one(one.table), say.kind(one.table)) for one in entry.rows)


def _one(table: str) -> str:
    odd = {"custody": "custody", "listed": "listed", "deliveries": "delivery", "searches": "search"}
    return odd.get(table, say.kind(table).removesuffix("s"))


HANDLERS = (custody,)
