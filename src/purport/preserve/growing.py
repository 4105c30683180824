"""Files that only grow, one process at a time: nothing in them is ever written again, also after a crash."""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from purport.core.errors import EvidenceError
from purport.core.ports import Clock


class GrowingFiles:
    """A folder of `.warc.gz` files, of which this process appends to one.

    `ended` names the file that was written last and where its last booked byte ends. That file is gone on with if it
    ends just there and nobody else has it; otherwise something unbooked was left behind by a crash, which stays as it
    is, and a new file is begun.
    """

    def __init__(self, folder: Path, clock: Clock, ended: tuple[str, int], size: int) -> None:
        self._folder, self._clock, self._ended, self._size = folder, clock, ended, size
        self._handle, self._seal = -1, hashlib.sha256()
        self._left = list[int]()  # files that get nothing any more, and are not on the disk for certain
        self.name, self.end = "", 0  # of the present file
        self.begins = 0  # where the bytes under `sealed` begin

    @property
    def sealed(self) -> str:
        """The digest of the bytes from `begins` to `end`."""
        return "sha256:" + self._seal.hexdigest()

    def begin(self) -> bool:
        """Let something be appended. True if it will be in a new file, which is empty until then."""
        if self._handle >= 0 and self.end >= self._size:
            os.fchmod(self._handle, 0o444)
            self.leave()
        new = self._handle < 0 and not self._resumed()
        if new:
            self._new()
        self.begins, self._seal = self.end, hashlib.sha256()
        return new

    def append(self, pieces: Iterable[bytes]) -> None:
        """Write behind what is there. If it can't be done to the end, the file gets nothing any more."""
        try:
            for piece in pieces:
                self._write(piece)
        except OSError as error:
            self.leave()
            raise self._failed(error) from error
        except BaseException:
            self.leave()
            raise

    def flush(self) -> None:
        """All that was appended is on the disk. Raises EvidenceError."""
        try:
            for handle in self._left + [self._handle] * (self._handle >= 0):
                os.fsync(handle)
            if self.name:
                _sync(self._folder)
        except OSError as error:
            raise self._failed(error) from error
        while self._left:
            os.close(self._left.pop())

    def leave(self) -> None:
        """Append no more to the present file. What stands in it stays."""
        if self._handle >= 0:
            self._left.append(self._handle)
        self._handle = -1

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            done = os.write(self._handle, view)
            self._seal.update(view[:done])
            self.end += done
            view = view[done:]

    def _resumed(self) -> bool:
        """Is the file of last time open again?"""
        (name, end), self._ended = self._ended, ("", 0)
        if not name or end >= self._size:
            return False
        try:
            handle = os.open(self._folder / Path(name).name, os.O_WRONLY | os.O_APPEND)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            whole = os.fstat(handle).st_size == end
        except OSError:
            whole = False
        if not whole:
            os.close(handle)
            return False
        self._handle, self.name, self.end = handle, Path(name).name, end
        return True

    def _new(self) -> None:
        name = f"purport-{self._clock.now():%Y%m%d%H%M%S}-{secrets.token_hex(4)}.warc.gz"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o644)
        except OSError as error:
            raise self._failed(error) from error
        fcntl.flock(handle, fcntl.LOCK_EX)
        self._handle, self.name, self.end = handle, name, 0

    def _failed(self, error: OSError) -> EvidenceError:
        return EvidenceError(
            f"Nothing can be kept in {self._folder} ({error.strerror}). Mend its permissions or free some space, and "
            "run the same command again."
        )


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
