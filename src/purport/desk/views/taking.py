"""Taking something along: an export in a standard of others as a download, and marks that say how far things may go."""

import shutil
import tempfile
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import msgspec
from litestar import post
from litestar.background_tasks import BackgroundTask
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import File, Redirect

from purport import __version__
from purport.app import marking, parcels
from purport.app.parcels import Wanted
from purport.brief.exports import FORMS, SITE
from purport.core.errors import UsageError
from purport.core.marks import CLEAR
from purport.core.people import LEAD, REVIEWER
from purport.desk.hosts import local
from purport.desk.pages import Asked
from purport.desk.people import person
from purport.desk.premises import Here
from purport.desk.views.asked import Narrowed, query

AT_MOST = 10_000  # claims of a search that the desk hands out at once; the command has no bound
IDS = 50


class Order(Narrowed):
    """What the form of a page asks for."""

    token: str = ""
    standard: str = ""
    tlp: str = CLEAR
    id: str | list[str] = msgspec.field(default_factory=list)


class Said(msgspec.Struct):
    """A mark that somebody sets."""

    token: str = ""
    subject: str = ""
    level: str = ""
    why: str = ""
    back: str = "/"


Form = RequestEncodingType.URL_ENCODED


@post("/export", opt={"role": REVIEWER, "dear": True}, status_code=200, sync_to_thread=True, include_in_schema=False)
def export(here: Here, data: Annotated[Order, Body(media_type=Form)]) -> File:
    ids = tuple(filter(None, [data.id] if isinstance(data.id, str) else data.id))
    if len(ids) > IDS:
        raise UsageError(f"That is more than {IDS} entries at once. purport export takes any number.")
    wanted = Wanted(data.standard, ids, ceiling=data.tlp)
    if not ids:
        asked = query(data.words, data.act, data.stance, data.kind, data.outlet, data.since, data.until)
        note = f"From the desk, {AT_MOST:,} claims at most; purport export has no bound."
        asked = msgspec.structs.replace(asked, limit=AT_MOST, reviewed=data.reviewed)
        wanted = replace(wanted, query=asked, notes=(note,))
    folder = Path(tempfile.mkdtemp(prefix="purport-export-"))
    done = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    try:
        studio = here.studio if data.standard == "mediareview" else ()
        with here.at_work if studio else nullcontext():
            parcels.export(here.house, wanted, folder / "purport", studio, tool=f"purport {__version__}")
        if data.standard == SITE:
            shutil.make_archive(str(folder / "site"), "zip", folder, "purport")
            return File(folder / "site.zip", filename="purport.zip", media_type="application/zip", background=done)
        form = FORMS[data.standard]
        return File(folder / "purport", filename=f"purport{form.ending}", media_type=form.media_type, background=done)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@post("/mark", opt={"role": LEAD}, status_code=303, sync_to_thread=True, include_in_schema=False)
def mark(request: Asked, here: Here, data: Annotated[Said, Body(media_type=Form)]) -> Redirect:
    marking.mark(here.house, data.subject, data.level, data.why, person(request, here).name)
    return Redirect(local(data.back), status_code=303)


HANDLERS = (export, mark)
