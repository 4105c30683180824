"""Bytes in a folder under their digest: `sha256/ab/cdef…`, written once, checked whenever they are read."""

import filecmp
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from purport.core.errors import EvidenceError
from purport.core.ids import digest
from purport.edges.files import clear, make_folder, pieces, settle, written

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
            make_folder(path.parent)
            with written(path.parent, [data]) as beside:
                settle(beside, path)
        except OSError as error:
            raise EvidenceError(
                f"The bytes of {name} can't be kept in {self._folder} ({error.strerror}). Mend its permissions or free "
                "some space, and run the same command again."
            ) from error
        return name

    def put_file(self, path: Path) -> str:
        """Keep a file's bytes; memory does not grow with its size. Returns their digest. Raises EvidenceError.

        The digest is of what was kept: if the file changes meanwhile, it is no digest of what is there now.
        """
        folder, sha = self._folder / "sha256", hashlib.sha256()

        def digested() -> Iterator[bytes]:
            for piece in pieces(path):
                sha.update(piece)
                yield piece

        try:
            make_folder(folder)
            clear(folder)
            with written(folder, digested()) as beside:  # where it belongs is known when all was read
                name = f"sha256:{sha.hexdigest()}"
                if not _same_files(self._path(name), beside):
                    settle(beside, self._path(name))
        except OSError as error:
            raise EvidenceError(
                f"{path.name} can't be kept in {self._folder} ({error.strerror}). Look whether it can be read, mend "
                "the folder's permissions or free some space, and run the same command again."
            ) from error
        return name

    def file(self, digest: str) -> Path:
        """A file on this machine with the bytes of a digest, to be read only. Raises EvidenceError.

        The bytes are not checked: `get` does that for what fits into memory.
        """
        path = self._path(digest)
        if not path.is_file():
            raise self._absent(digest, "No such file or directory")
        return path

    def get(self, digest: str) -> bytes:
        """The bytes of a digest, checked against it. Raises EvidenceError."""
        path = self._path(digest)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise self._absent(digest, error.strerror) from error
        found = hashlib.sha256(data).hexdigest()
        if found != digest.removeprefix("sha256:"):
            raise EvidenceError(
                f"The bytes kept as {digest} are not those that were put there: they have the digest sha256:{found}. "
                f"Bring {path} back from a backup."
            )
        return data

    def pieces(self, digest: str) -> Iterator[bytes]:
        """The bytes that are kept as a digest, some at a time, as they lie there. Raises EvidenceError."""
        try:
            yield from pieces(self._path(digest))
        except OSError as error:
            raise self._absent(digest, error.strerror) from error

    def _absent(self, digest: str, why: str | None) -> EvidenceError:
        return EvidenceError(
            f"The bytes of {digest} can't be opened in {self._folder} ({why}). Bring the blob folder "
            "back from a backup, or take the source in again."
        )

    def _path(self, digest: str) -> Path:
        return self._folder / Path(*parts(digest))


def parts(digest: str) -> tuple[str, str, str]:
    """Where the bytes of a digest lie, as in sha256/ab/cdef…. Raises EvidenceError for what is no digest."""
    found = _DIGEST.fullmatch(digest)
    if not found:
        raise EvidenceError(f"{digest!r} is not a digest; it is written sha256: and 64 digits from 0-9 and a-f.")
    return "sha256", found[1], found[2]


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _same_files(path: Path, other: Path) -> bool:
    return path.is_file() and filecmp.cmp(path, other, shallow=False)
