"""Backups: files in pieces under their digests, so that only what is new is copied; and files made of them again.

    FOLDER/sha256/ab/cdef…                 pieces and kept bytes, each written once
    FOLDER/backups/000001-3f0c….json       one list a backup, written last: without it nothing of a backup counts

A piece or a list is there whole or not at all. Lists refer to pieces, and nothing is ever removed, so that any backup
can be had back as long as the folder is there.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from purport.core.backups import Backup, Filed
from purport.core.errors import EvidenceError, NotFoundError
from purport.core.ids import digest
from purport.core.ports import Blobs, Told

PIECE = 4 * 1024 * 1024  # bytes
PAGES = 128 * 1024  # bytes of a database: what is added to it changes pages all over, and each changed piece is copied
LISTS = "backups"
_NAME = re.compile(r"(\d{6,})-([0-9a-f]{64})\.json")

_lists = msgspec.json.Decoder(Backup)


class Sums:
    """What a backup brought, counted as it goes."""

    def __init__(self) -> None:
        self.files = self.fresh = 0  # files; kept bytes and pieces that were not there
        self.size = self.added = 0  # bytes in all; bytes that were not there


def filed(
    name: str, path: Path, store: Blobs, before: Iterable[Filed], sums: Sums, told: Told, piece: int = PIECE
) -> Filed:
    """Back a file up, as long as it is when it is opened. One that did not change since `before` is not read again.

    Raises EvidenceError, and OSError if the file can't be read.
    """
    with path.open("rb") as file:
        state = os.fstat(file.fileno())
        sums.files, sums.size = sums.files + 1, sums.size + state.st_size
        for known in before:
            if (known.size, known.modified) == (state.st_size, state.st_mtime_ns) and all(
                holds(store, one) for one in known.pieces
            ):
                told(1.0)
                return known
        sha, pieces, left = hashlib.sha256(), list[str](), state.st_size
        while left and (data := file.read(min(piece, left))):
            sha.update(data)
            pieces.append(put(store, data, sums))
            left -= len(data)
            told(1 - left / state.st_size)
    return Filed(
        name=name,
        size=state.st_size - left,
        digest=f"sha256:{sha.hexdigest()}",
        pieces=tuple(pieces),
        modified=state.st_mtime_ns,
        mode=state.st_mode & 0o777,
    )


def put(store: Blobs, data: bytes, sums: Sums) -> str:
    """Keep bytes; what is there and has gone bad is mended. Returns their digest."""
    fresh = not holds(store, digest(data))
    sums.fresh, sums.added = sums.fresh + fresh, sums.added + fresh * len(data)
    return store.put(data)


def holds(store: Blobs, digest: str) -> bool:
    """Are there bytes by that digest? They are not read."""
    try:
        return store.file(digest).is_file()
    except EvidenceError:
        return False


def put_back(one: Filed, store: Blobs, to: Path, told: Told) -> None:
    """Make a file again, with its time and permissions, in place of what is there. Raises EvidenceError, OSError."""
    sha, done = hashlib.sha256(), 0
    to.parent.mkdir(parents=True, exist_ok=True)
    to.unlink(missing_ok=True)
    with to.open("xb") as file:
        os.fchmod(file.fileno(), one.mode)
        for piece in one.pieces:
            data = store.get(piece)
            sha.update(data)
            done += file.write(data)
            told(done / max(one.size, 1))
        file.flush()
        os.fsync(file.fileno())
    if f"sha256:{sha.hexdigest()}" != one.digest:
        raise EvidenceError(f"The pieces of {one.name} don't make what was backed up. Take another backup: --number.")
    os.utime(to, ns=(one.modified, one.modified))


def text_of(one: Filed, store: Blobs) -> str:
    """The text of a small file in a backup."""
    return b"".join(map(store.get, one.pieces)).decode()


def written(made: Backup) -> tuple[str, bytes]:
    """A backup's list as a file: its name, which holds its digest, and its bytes."""
    data = msgspec.json.format(msgspec.json.encode(made), indent=1)
    return f"{made.number:06}-{digest(data).removeprefix('sha256:')}.json", data


def listed(folder: Path) -> list[Path]:
    """The lists of the backups in a folder, the first one first."""
    found = [(int(name[1]), path) for path in (folder / LISTS).glob("*.json") if (name := _NAME.fullmatch(path.name))]
    return [path for _, path in sorted(found)]


def opened(path: Path) -> Backup:
    """A backup by its list, which must be as it was written. Raises EvidenceError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EvidenceError(f"{path} can't be read ({error.strerror}).") from error
    if not path.name.endswith(f"{digest(data).removeprefix('sha256:')}.json"):
        raise EvidenceError(f"{path} was altered since the backup was made. Take another one: --number.")
    return _lists.decode(data)


def sound(folder: Path) -> Iterator[Backup]:
    """The backups whose lists are as they were written, the last one first."""
    for path in reversed(listed(folder)):
        try:
            yield opened(path)
        except EvidenceError:
            continue


def chosen(folder: Path, number: int = 0) -> Backup:
    """A backup by its number; 0 is the last one. Raises NotFoundError, EvidenceError."""
    paths = listed(folder)
    if not paths:
        raise NotFoundError(f"There is no backup in {folder}. Make one: purport backup {folder}")
    if not number:
        return opened(paths[-1])
    for path in paths:
        if path.name.startswith(f"{number:06}-"):
            return opened(path)
    first, last = (int(path.name.partition("-")[0]) for path in (paths[0], paths[-1]))
    raise NotFoundError(f"There is no backup {number} in {folder}; there are {first} to {last}.")
