"""Pages from templates: what all of them share, and how words of reports become part of one."""

import hashlib
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

import jinja2
from litestar import MediaType, Request, Response
from litestar.datastructures import State
from markupsafe import Markup

from purport.brief import words as say
from purport.brief.exports import FORMS, SITE
from purport.brief.terminal import short
from purport.core.marks import LEVELS
from purport.core.times import iso
from purport.desk.door import SESSION, asking
from purport.desk.hosts import local
from purport.desk.premises import Premises
from purport.desk.security import FIELD, token

# The rooms of the desk, in the order of the navigation: address, name.
ROOMS = (
    ("/", "Today"),
    ("/stories", "Stories"),
    ("/briefs", "Briefs"),
    ("/releases", "Releases"),
    ("/search", "Search"),
    ("/review", "Review"),
    ("/sources", "Sources"),
    ("/gaps", "Gaps"),
    ("/custody", "Custody"),
)
THEMES = ("light", "dark")  # or neither: as the system has it
THEME = "purport-theme"  # the cookie that keeps it
HIDDEN = "purport-hidden"  # the cookie that keeps footage hidden, until somebody asks for it again
AT_ONCE = 50  # entries on a page

Asked = Request[Any, Any, State]


def page(name: str, request: Asked, here: Premises, status: int = 200, **given: Any) -> Response[str]:
    """The page that a template makes of what is given."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    theme = request.cookies.get(THEME, "")
    found = asking(request.scope)
    shared = {
        "at": local(path),
        "rooms": ROOMS if found.person else (),
        "you": found.person if found.by == SESSION else (),
        "room": room(request.url.path),
        "hidden": bool(request.cookies.get(HIDDEN)),
        "theme": theme if theme in THEMES else "",
        "token": token(here.key),
        "field": FIELD,
        "now": here.house.clock.now(),
    }
    made = _templates().get_template(f"{name}.html").render(shared | given)
    return Response(made, media_type=MediaType.HTML, status_code=status, headers={"vary": "cookie"})


_WITHIN = {
    "/report": "/",
    "/looks": "/",
    "/actor": "/search",
    "/claim": "/search",
    "/story": "/stories",
    "/brief": "/briefs",
    "/release": "/releases",
}


def room(path: str) -> str:
    """The room that a page belongs to, by the beginning of its address."""
    first = "/" + path.split("/")[1]
    return _WITHIN.get(first, first)


def link(path: str, given: Mapping[str, object], **changed: object) -> str:
    """An address with what was asked, and what is to be asked otherwise; what is empty is left out."""
    asked = {name: value for name, value in {**given, **changed}.items() if value not in ("", 0, None, False)}
    return f"{path}?{urlencode(asked)}" if asked else path


@cache
def static(name: str) -> tuple[bytes, str]:
    """A file that pages load, with a digest that its address carries, so that a browser may keep it."""
    data = files("purport.desk").joinpath("static", name).read_bytes()
    return data, hashlib.sha256(data).hexdigest()[:12]


def _address(name: str) -> str:
    return f"/static/{name}?v={static(name)[1]}"


def _size(count: int) -> str:
    """`312 bytes`, `4.2 kB`, `1.3 GB`."""
    if count < 1000:
        return say.number(count, "byte")
    power = min(4, int(math.log10(count) / 3))
    return f"{count / 1000**power:.1f} {('', 'kB', 'MB', 'GB', 'TB')[power]}"


# Signs that make a line read otherwise than it is written (CVE-2021-42574) are shown as what they are: a sign.
# The marks that right-to-left text needs stay, and so do the isolates that our own drawings set around names.
_OVERRIDES = dict.fromkeys(range(0x202A, 0x202F), "\ufffd")
_TURNING = _OVERRIDES | dict.fromkeys(range(0x2066, 0x206A), "\ufffd")


def _steady(shown: Any) -> Any:
    """What goes into a page, without signs that turn it."""
    if isinstance(shown, Markup):
        return Markup(str(shown).translate(_OVERRIDES))
    return shown.translate(_TURNING) if isinstance(shown, str) else shown


def steadied(shown: Markup) -> Markup:
    """Mark-up that is made of a report's words, without any such sign."""
    return Markup(str(shown).translate(_TURNING))


@cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("purport.desk"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_steady,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "iso": iso,
        "day": say.day,
        "kind": say.kind,
        "credits": say.credits,
        "number": say.number,
        "short": short,
        "instant": say.instant,
        "size": _size,
        "steady": steadied,
    }
    standards = [(name, one.name) for name, one in FORMS.items()] + [(SITE, "a site of pages, zipped")]
    made.globals |= {"static": _address, "link": link, "standards": standards, "levels": LEVELS}
    return made
