"""Light, dark, or as the system has it: kept in a cookie that says nothing else."""

from typing import Annotated

import msgspec
from litestar import post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from purport.desk.door import OPEN
from purport.desk.hosts import local
from purport.desk.pages import THEME, THEMES
from purport.desk.premises import Here

_YEAR = 365 * 24 * 3600


class Choice(msgspec.Struct):
    token: str = ""
    theme: str = ""  # light | dark; anything else: as the system has it
    back: str = "/"


@post("/theme", opt={"role": OPEN}, status_code=303, sync_to_thread=False, include_in_schema=False)
def theme(here: Here, data: Annotated[Choice, Body(media_type=RequestEncodingType.URL_ENCODED)]) -> Redirect:
    chosen = data.theme if data.theme in THEMES else ""
    age = _YEAR if chosen else 0  # a cookie of no age is forgotten
    kept = Cookie(key=THEME, value=chosen, max_age=age, path="/", httponly=True, samesite="strict", secure=here.secure)
    return Redirect(local(data.back), status_code=303, cookies=[kept])


HANDLERS = (theme,)
