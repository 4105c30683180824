"""Makes visits: what a try says, what it carries on from the last one, and when the next is due."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from purport.collect.items import whole, without_password
from purport.core.ids import make_id
from purport.core.pace import TRIES, after_failure, after_look, passing
from purport.core.times import iso
from purport.core.watching import NEVER, Exchange, Visit
from purport.watching.tasks import Task

REFUSED = frozenset({"refused-address", "robots"})
# causes that do not pass by themselves, so that trying soon again is of no use
LASTING = REFUSED | {
    "too-large",
    "not-an-address",
    "tls",
    "encoding",
    "redirects",
    "not-a-feed",
    "no-address",
    "missing",
}
SLOWEST = 3600.0  # a source that fails is tried so often at least, or as often as it is looked at


def visit(task: Task, at: datetime, outcome: str, kept: tuple[Exchange, ...] = (), **said: Any) -> Visit:
    """A try that went well: new | changed | same | gone. What it does not say is carried on from the last one."""
    looks = (task.last[0].looks if task.last else 0) + 1
    if not task.item or task.kind in ("list", "file"):
        due = at + timedelta(seconds=task.source.every)
    elif task.kind == "media" and outcome != "gone":
        due = NEVER
    else:
        due = after_look(at, task.source, looks)
    return msgspec.structs.replace(_carried(task, at, outcome, kept), looks=looks, next=due, **said)


def failure(
    task: Task,
    at: datetime,
    cause: str,
    detail: str,
    kept: tuple[Exchange, ...] = (),
    status: int = 0,
    asked: float = 0.0,
) -> Visit:
    """A try that did not go well. `asked`: for so many seconds the server asks us to stay away."""
    tries = (task.last[0].tries if task.last else 0) + 1
    status = 400 if cause in LASTING and passing(status) else status
    due = after_failure(at, tries, task.url, status, asked)
    if not task.item or task.kind == "list":
        due = min(due, at + timedelta(seconds=max(task.source.every, SLOWEST, asked)))
    elif tries >= TRIES or cause in ("no-address", "not-an-address"):
        due = NEVER
        detail += f" Given up after {tries} tries." if tries > 1 else ""
    outcome = "refused" if cause in REFUSED else "failed"
    made = _carried(task, at, outcome, kept)
    return msgspec.structs.replace(made, tries=tries, cause=cause, detail=whole(detail)[:1000], next=due)


def _carried(task: Task, at: datetime, outcome: str, kept: tuple[Exchange, ...]) -> Visit:
    item = task.item[0].id if task.item else ""
    exchange = kept[0].id if kept else ""
    url = whole(without_password(task.url))
    id = make_id("visit", task.source.name, item, url, iso(at), outcome, exchange)
    made = Visit(
        id=id, source=task.source.name, url=url, item=item, at=at, outcome=outcome, exchange=exchange, next=at
    )  # fmt: skip
    for last in task.last:
        made = msgspec.structs.replace(
            made,
            capture=last.capture,
            digest=last.digest,
            etag=last.etag,
            modified=last.modified,
            looks=last.looks,
        )
    return made
