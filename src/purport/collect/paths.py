"""Files and folders: all that is below one, each once, and what to say of those that can't be read."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from purport.collect.items import whole
from purport.core.ports import Clock
from purport.core.records import Gap, gap


def walk(folder: Path) -> Iterator[Path | OSError]:
    """All entries below that are no folders and not hidden, sorted; each real folder once, so links can't loop."""
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        try:
            found = path.stat()
            if stat.S_ISDIR(found.st_mode):
                if (found.st_dev, found.st_ino) in seen:
                    continue
                seen.add((found.st_dev, found.st_ino))
                names = sorted(p.name for p in path.iterdir() if not p.name.startswith("."))
                waiting.extend(path / name for name in reversed(names))
                continue
        except OSError as error:
            yield error
            continue
        yield path


def missing(path: Path, clock: Clock) -> Gap:
    detail = "There is no such file or folder; check the path."
    return gap("collect", shown(path), "missing", detail, clock.now())


def unreadable(path: Path, error: OSError, clock: Clock) -> Gap:
    why = error.strerror or type(error).__name__
    return gap("collect", shown(path), "unreadable", f"It can't be read ({why}); check its rights.", clock.now())


def shown(path: Path) -> str:
    """The path as text: file names need not be valid Unicode, records must be."""
    try:
        return whole(os.fsencode(path).decode("utf-8", "replace"))
    except UnicodeError:
        return whole(str(path))


def below(folder: Path, named: str) -> Path | None:
    """The file in a folder that another machine calls `/there/local_archive/a/b.mp4` or `a\\b.mp4`: by as much of the
    name's end as is found here. Nothing outside the folder is ever named, whatever links lie in it. None: not found.
    """
    parts = [part for part in named.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or ".." in parts or "\x00" in named or len(parts) > 50:
        return None
    try:
        root = folder.resolve()
        for start in range(len(parts)):
            path = folder.joinpath(*parts[start:])
            if path.is_file() and path.resolve().is_relative_to(root):
                return path
    except (OSError, ValueError, RuntimeError):  # a name too long, links in a circle
        return None
    return None
