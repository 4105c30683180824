"""Bytes in a folder under their digest: `sha256/ab/cdef…`, written once, checked whenever they are read."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from purport.core.errors import EvidenceError
from purport.core.ids import digest

_DIGEST = re.compile(r"sha256:([0-9a-f]{2})([0-9a-f]{62})")


class FolderBlobs:
    """Blobs in a local folder (`core.ports.Blobs`), which is made when the first one is put."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._folder = Path(path).absolute()

    def put(self, data: bytes) -> str:
        """Keep bytes; returns their `sha256:…` digest. Keeping the same bytes twice is one blob.

        When it returns, the bytes are on the disk. A stored copy that has gone bad is replaced by these good bytes.
        Raises EvidenceError when they can't be kept.
        """
        name = digest(data)
        path = self._path(name)
        if path.is_file() and _same(path, data):
            return name
        try:
            _make_folder(path.parent)
            _write(path, data)
        except OSError as error:
            raise EvidenceError(
                f"The bytes of {name} can't be kept in {self._folder} ({error.strerror}). Mend its permissions or free "
                "some space, and run the same command again."
            ) from error
        return name

    def get(self, digest: str) -> bytes:
        """The bytes of a digest, checked against it. Raises EvidenceError."""
        path = self._path(digest)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise EvidenceError(
                f"The bytes of {digest} can't be opened in {self._folder} ({error.strerror}). Bring the blob folder "
                "back from a backup, or take the source in again."
            ) from error
        found = hashlib.sha256(data).hexdigest()
        if found != digest.removeprefix("sha256:"):
            raise EvidenceError(
                f"The bytes kept as {digest} are not those that were put there: they have the digest sha256:{found}. "
                f"Bring {path} back from a backup."
            )
        return data

    def _path(self, digest: str) -> Path:
        parts = _DIGEST.fullmatch(digest)
        if not parts:
            raise EvidenceError(f"{digest!r} is not a digest; it is written sha256: and 64 digits from 0-9 and a-f.")
        return self._folder / "sha256" / parts[1] / parts[2]


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _write(path: Path, data: bytes) -> None:
    """All of the bytes at the path or nothing, even when the power fails: written beside, synced, renamed."""
    handle, beside = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o444)
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    _sync(path.parent)  # the name, too, is on the disk


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
