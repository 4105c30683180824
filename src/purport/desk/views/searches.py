"""The searches that somebody keeps: kept, opened (which is written down, so that what is new is known), dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from purport.app import keeping
from purport.core.errors import UsageError
from purport.core.people import READER
from purport.core.records import Query
from purport.core.reviews import Saved
from purport.desk.pages import Asked, link
from purport.desk.people import need, person
from purport.desk.premises import Here, Premises
from purport.desk.views.asked import Narrowed, query

NARROWS = Narrowed.__struct_fields__


class Form(Narrowed):
    token: str = ""
    name: str = ""
    does: str = "keep"  # keep | open | drop


@dataclass(frozen=True, slots=True)
class Kept:
    """A search as lists show it."""

    name: str
    said: str  # what it narrows by
    new: str  # how many came in since it was last looked at; empty: none


def kept(request: Asked, here: Premises) -> list[Kept]:
    """The searches of who looks, each with how much is new. Counted anew only when something came in."""
    who = person(request, here).name
    found = keeping.saved(here.house, who) if here.house.searches else ()
    return [Kept(one.name, ", ".join(value for _, value in one.asked), _new(here, one)) for one in found]


def _new(here: Premises, one: Saved) -> str:
    try:
        count = here.told.recall(
            here.state(), one.id, lambda: keeping.new(here.house, asked(dict(one.asked)), one.seen)
        )
    except UsageError:  # it was kept by an address that somebody wrote by hand
        return ""
    return f"{count - 1}+" if count >= keeping.MOST else str(count or "")


def asked(given: Mapping[str, str]) -> Query:
    return query(*(given.get(name, "") for name in NARROWS))


@post("/searches", status_code=303, sync_to_thread=True, include_in_schema=False)
def searches(
    request: Asked, here: Here, data: Annotated[Form, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Redirect:
    who = need(request, here, READER).name
    given: dict[str, Any] = {name: getattr(data, name) for name in NARROWS}
    if data.does == "open":
        one = keeping.looked(here.house, who, data.name)
        return Redirect(link("/search", dict(one.asked)), status_code=303)
    if data.does == "drop":
        keeping.drop(here.house, who, data.name)
        return Redirect("/search", status_code=303)
    asked(given)
    keeping.save(here.house, who, data.name, given)
    return Redirect(link("/search", given), status_code=303)


HANDLERS = (searches,)
