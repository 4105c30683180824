"""Files that are there whole or not at all, whatever is killed or unplugged while they are written."""

import errno
import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PIECE = 1024 * 1024  # bytes read at a time
_PART = ".part-"


def pieces(path: Path) -> Iterator[bytes]:
    """A file's bytes, some at a time."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def make_private(path: Path) -> None:
    """An empty file for its owner alone, where there is none. Raises OSError; also where it can't be written to.

    One that is there is never opened: closing it would drop the locks that SQLite holds on it for this process
    (sqlite.org/howtocorrupt.html, 2.2), and another process would take its write-ahead log away beneath it.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    if not os.access(path, os.R_OK | os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


@contextmanager
def written(folder: Path, content: Iterable[bytes]) -> Iterator[Path]:
    """A read-only file in the folder with all of the content on the disk, to be moved to its name by `settle`.

    It is gone afterwards if it was not moved; after a kill, when `clear` comes by.
    """
    handle, beside = _begun(folder)
    with os.fdopen(handle, "wb") as file:  # open, and so locked, until it has its name
        try:
            file.writelines(content)
            file.flush()
            os.fchmod(handle, 0o444)
            os.fsync(handle)
            yield beside
        finally:
            beside.unlink(missing_ok=True)


def settle(beside: Path, path: Path) -> None:
    """Give a written file its name, in place of what has that name now."""
    make_folder(path.parent)
    beside.replace(path)
    _sync(path.parent)  # the name, too, is on the disk


def put_whole(path: Path, data: bytes) -> None:
    """Put bytes into a file: all of them or none, and on the disk when it returns. Raises OSError."""
    make_folder(path.parent)
    clear(path.parent)
    with written(path.parent, [data]) as beside:
        settle(beside, path)


def make_folder(folder: Path) -> None:
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)


def _begun(folder: Path) -> tuple[int, Path]:
    """A new part, locked for as long as it is open: so another program can tell that it is being written."""
    while True:
        handle, name = tempfile.mkstemp(prefix=_PART, dir=folder)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if Path(name).exists():  # or it was taken for a dead one between the two calls
            return handle, Path(name)
        os.close(handle)


def clear(folder: Path) -> None:
    """Remove what killed programs left unfinished: parts that nobody writes to any more."""
    for part in folder.glob(_PART + "*"):
        with suppress(OSError), part.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
