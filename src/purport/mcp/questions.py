"""What a machine may ask, with its bounds. The tools' JSON Schemas are made from these."""

from typing import Annotated

import msgspec
from msgspec import Meta

LONGEST = 400  # characters of a search
IDS = "An id as answers give it, such as {}-3f0c…; an unambiguous beginning will do."

Words = Annotated[str, Meta(max_length=LONGEST, description='Words that must all be found; "a phrase" in quotes.')]
Act = Annotated[str, Meta(max_length=40, description="Only this act: say, deny, doubt, accuse, claim_responsibility …")]
Stance = Annotated[
    str, Meta(pattern="^(plain|distanced|endorsed)?$", description="The reporter's: plain, distanced or endorsed.")
]
Kind = Annotated[str, Meta(max_length=40, description="Only sources of this kind, such as government or video.")]
Outlet = Annotated[str, Meta(max_length=200, description="Only reports of this outlet, by its whole name.")]
Id = Annotated[str, Meta(min_length=4, max_length=100)]


class Search(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Claims by their words and labels; all are empty by default and narrow nothing then."""

    words: Words = ""
    act: Act = ""
    stance: Stance = ""
    source_kind: Kind = ""
    outlet: Outlet = ""
    report: Annotated[str, Meta(max_length=100, description="Only claims of this report.")] = ""
    limit: Annotated[int, Meta(ge=1, le=25, description="At most so many.")] = 10


class OneClaim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    claim: Annotated[Id, Meta(description=IDS.format("claim"))]


class ReportText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    report: Annotated[Id, Meta(description=IDS.format("report"))]
    start: Annotated[int, Meta(ge=0, description="From this character (code point) on.")] = 0
    length: Annotated[int, Meta(ge=1, le=12_000, description="At most so many characters.")] = 6_000


class Trace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: Annotated[
        str, Meta(max_length=100, description="A story, report or claim by its id. Empty: the stories are listed.")
    ] = ""
    limit: Annotated[int, Meta(ge=1, le=50, description="Of each list in the answer, at most so many.")] = 20


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: Annotated[Id, Meta(description="A claim, report, release or capture by its id, with the kind before the dash.")]
