"""Bytes in S3-compatible storage under their digest: `s3://bucket/prefix` + `/sha256/ab/cdef…`, written once.

Some things need a file on this machine: decoding, playing. Those are fetched into a folder of limited size.
"""

import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from purport.core.errors import EvidenceError
from purport.core.ids import digest
from purport.edges.blobs import FolderBlobs, parts
from purport.edges.files import make_folder, settle, written
from purport.edges.store import ABSENT, GET, PUT, SECONDS, TRIES, Store

import obstore  # isort: skip (behind the store, which says how to have it)
from obstore.exceptions import AlreadyExistsError  # isort: skip

PIECE = 8 * 1024 * 1024  # bytes of an object fetched with one request
ROOM = 20 * 1024**3  # bytes of files held on this machine
FRESH = 3600.0  # seconds for which a file that was asked for stays, whatever the room
_MD5 = re.compile(r'"?([0-9a-f]{32})"?')


class BucketBlobs:
    """Blobs in a bucket (`core.ports.Blobs`). `near` is the folder for what is needed as a file."""

    def __init__(
        self, url: str, near: Path, *, tries: int = TRIES, seconds: float = SECONDS, wait: float = 0.2, room: int = ROOM
    ) -> None:
        self._store = Store(url, tries=tries, seconds=seconds, wait=wait)
        self._near, self._files, self._room = near.absolute(), FolderBlobs(near), room

    def put(self, data: bytes) -> str:
        """Keep bytes; returns their `sha256:…` digest. Keeping the same bytes twice is one blob.

        When it returns, the bucket has said that it has them. A stored copy of another size or sum is replaced by
        these good bytes. Raises EvidenceError when they can't be kept.
        """
        name = digest(data)
        key = self._key(name)

        def kept() -> None:
            try:
                obstore.put(self._store.at, key, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                there = obstore.head(self._store.at, key)
                if not _same(there["size"], there["e_tag"] or "", data):
                    obstore.put(self._store.at, key, data, use_multipart=False)

        self._store.call(f"The bytes of {name} can't be kept in {self._store.url}", PUT, kept)
        return name

    def put_file(self, path: Path) -> str:
        """Keep a file's bytes; memory does not grow with its size. Returns their digest. Raises EvidenceError.

        They are copied to this machine's folder first, so that what is sent is what the digest is of.
        """
        name = self._files.put_file(path)
        near = self._files.file(name)
        key, size = self._key(name), near.stat().st_size

        def kept() -> None:
            with suppress(*ABSENT):
                if obstore.head(self._store.at, key)["size"] == size:
                    return
            obstore.put(self._store.at, key, near, chunk_size=PIECE, max_concurrency=4)

        self._store.call(f"{path.name} can't be kept in {self._store.url}", PUT, kept)
        self._make_room(near)
        return name

    def get(self, digest: str) -> bytes:
        """The bytes of a digest, checked against it. Raises EvidenceError."""
        data = b"".join(self.pieces(digest))
        found = f"sha256:{hashlib.sha256(data).hexdigest()}"
        if found != digest:
            raise self._other(digest, found)
        return data

    def pieces(self, digest: str) -> Iterator[bytes]:
        """The bytes that are kept as a digest, some at a time, as they lie in the bucket. Raises EvidenceError."""
        key, what = self._key(digest), f"The bytes of {digest} can't be opened in {self._store.url}"
        size = self._store.call(what, GET, lambda: obstore.head(self._store.at, key)["size"])
        for start in range(0, size, PIECE):
            length = min(PIECE, size - start)
            yield self._store.call(what, GET, lambda at=start, length=length: self._store.piece(key, at, length))  # type: ignore[misc]

    def file(self, digest: str) -> Path:
        """A file on this machine with the bytes of a digest, to be read only; fetched and checked if need be.

        Raises EvidenceError, also if the bucket does not have them any more.
        """
        path = self._near / Path(*parts(digest))
        if path.is_file():
            what = f"The bytes of {digest} can't be opened in {self._store.url}"
            self._store.call(what, GET, lambda: obstore.head(self._store.at, self._key(digest)))
            os.utime(path)
            return path
        sha = hashlib.sha256()

        def fetched() -> Iterator[bytes]:
            for piece in self.pieces(digest):
                sha.update(piece)
                yield piece

        try:
            make_folder(path.parent)
            with written(path.parent, fetched()) as beside:
                if (found := f"sha256:{sha.hexdigest()}") != digest:
                    raise self._other(digest, found)
                settle(beside, path)
        except OSError as error:
            raise EvidenceError(
                f"The bytes of {digest} can't be put into {self._near} ({error.strerror}). Mend its permissions or "
                "free some space, and run the same command again."
            ) from error
        self._make_room(path)
        return path

    def _make_room(self, wanted: Path) -> None:
        """Remove what was not asked for longest, beyond the room there is; never what was asked for just now."""
        held = [(path, path.stat()) for path in (self._near / "sha256").glob("??/*") if path.is_file()]
        size, old = sum(state.st_size for _, state in held), time.time() - FRESH
        for path, state in sorted(held, key=lambda one: one[1].st_mtime):
            if size <= self._room:
                return
            if path != wanted and state.st_mtime < old:
                path.unlink(missing_ok=True)
                size -= state.st_size

    def _key(self, digest: str) -> str:
        return "/".join(parts(digest))

    def _other(self, digest: str, found: str) -> EvidenceError:
        return EvidenceError(
            f"The bytes kept as {digest} are not those that were put there: they have the digest {found}. "
            f"Bring {self._store.url}/{self._key(digest)} back from a backup."
        )


def _same(size: int, etag: str, data: bytes) -> bool:
    """Is an object of that size and entity tag these bytes, as far as both tell? Many tags are the MD5 of the bytes."""
    sum = _MD5.fullmatch(etag)
    return size == len(data) and (not sum or sum[1] == hashlib.md5(data, usedforsecurity=False).hexdigest())
