"""Folders are watched, too: their files are listed here, and read where they are (`unread.py`)."""

from datetime import datetime
from pathlib import Path

from purport.collect.kinds import NAMES
from purport.collect.paths import shown, walk
from purport.core.ids import make_id
from purport.core.watching import Listed
from purport.watching.tasks import Found, Task
from purport.watching.visits import failure, visit

FILE = "file"  # the kind of an item that is a file


def look_into(task: Task, at: datetime) -> Found:
    """The files in a folder that can be read, links followed once."""
    folder = Path(task.source.place)
    if not folder.is_dir():
        detail = f"{shown(folder)} is no folder, or can't be looked into; mend its path in sources.toml."
        return Found([task], visits=[failure(task, at, "missing", detail)])
    files = [one for one in walk(folder) if isinstance(one, Path) and one.name.lower().endswith(NAMES)]
    items = [as_item(task, shown(path), at) for path in files]
    before = bool(task.last and task.last[0].looks)
    return Found([task], listed=items, visits=[visit(task, at, "same" if before else "new", found=len(items))])


def as_item(task: Task, place: str, at: datetime) -> Listed:
    id = make_id("listed", task.source.name, place)
    return Listed(id=id, source=task.source.name, key=place, url=place, kind=FILE, seen=at)


def mark(path: Path) -> str:
    """What changes when a file does; empty if it can't be looked at."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_size}-{found.st_mtime_ns}"
