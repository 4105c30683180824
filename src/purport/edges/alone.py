"""One process at a time for what would be done twice otherwise."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from purport.core.errors import UsageError


@contextmanager
def alone(path: Path, what: str, mend: str) -> Iterator[None]:
    """Be the only one who holds a file; the system lets go of it when the process ends, however it does.

    Raises UsageError if another one holds it, with its number and the mend.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise UsageError(f"{path} can't be written ({error.strerror}). Stand in a folder that can.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        number = os.read(handle, 20).decode("ascii", "replace").strip()
        os.close(handle)
        raise UsageError(
            f"Another {what} already (process {number or 'unknown'}): both would do all of the work. {mend}"
        ) from error
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)
