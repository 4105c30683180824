"""Bytes in S3-compatible storage under their digest: `s3://bucket/prefix` + `/sha256/ab/cdef…`, written once.

Keys, region and endpoint come from the environment, as every S3 client reads them (AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL). What fails for the moment is tried again, so often and no longer.

Some things need a file on this machine: decoding, playing. Those are fetched into a folder of limited size.
"""

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import stamina

from purport.core.errors import EvidenceError, UsageError
from purport.core.ids import digest
from purport.edges.blobs import FolderBlobs, parts
from purport.edges.files import make_folder, settle, written
from purport.edges.retries import tell_retries

try:
    import obstore
    from obstore.exceptions import AlreadyExistsError, BaseError, GenericError, NotFoundError
    from obstore.store import S3Store
except ImportError as missing:
    raise UsageError('Blobs in a bucket need a package that is not installed: pip install "purport[s3]".') from missing

TRIES, SECONDS, LONGEST = 5, 30.0, 120.0  # of a call: how often; for one request; for all of them
PIECE = 8 * 1024 * 1024  # bytes of an object fetched with one request
ROOM = 20 * 1024**3  # bytes of files held on this machine
FRESH = 3600.0  # seconds for which a file that was asked for stays, whatever the room
_MD5 = re.compile(r'"?([0-9a-f]{32})"?')

_ABSENT = (NotFoundError, FileNotFoundError)  # the library raises the latter where Python has it

T = TypeVar("T")


class BucketBlobs:
    """Blobs in a bucket (`core.ports.Blobs`). `near` is the folder for what is needed as a file."""

    def __init__(
        self, url: str, near: Path, *, tries: int = TRIES, seconds: float = SECONDS, wait: float = 0.2, room: int = ROOM
    ) -> None:
        bucket, _, prefix = url.removeprefix("s3://").partition("/")
        if not url.startswith("s3://") or not bucket:
            raise UsageError(f"Blobs in a bucket are s3://BUCKET or s3://BUCKET/PREFIX, not {url!r}.")
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
        try:
            self._store = S3Store(
                bucket,
                prefix=prefix.strip("/") or None,
                client_options={
                    "allow_http": endpoint.startswith("http://"),
                    "timeout": timedelta(seconds=seconds),
                    "connect_timeout": timedelta(seconds=min(seconds, 5.0)),
                },
                retry_config={"max_retries": 0},  # tried again here, where it is told
                checksum_algorithm="sha256",
            )
        except BaseError as error:
            raise UsageError(f"{url} can't be used: {_why(error)}. Look at the AWS_… settings.") from error
        self._url, self._near, self._files = url.rstrip("/"), near.absolute(), FolderBlobs(near)
        self._tries, self._wait, self._room = tries, wait, room
        tell_retries()

    def put(self, data: bytes) -> str:
        """Keep bytes; returns their `sha256:…` digest. Keeping the same bytes twice is one blob.

        When it returns, the bucket has said that it has them. A stored copy of another size or sum is replaced by
        these good bytes. Raises EvidenceError when they can't be kept.
        """
        name = digest(data)
        key = self._key(name)

        def kept() -> None:
            try:
                obstore.put(self._store, key, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                there = obstore.head(self._store, key)
                if not _same(there["size"], there["e_tag"] or "", data):
                    obstore.put(self._store, key, data, use_multipart=False)

        self._call(f"The bytes of {name} can't be kept in {self._url}", _PUT, kept)
        return name

    def put_file(self, path: Path) -> str:
        """Keep a file's bytes; memory does not grow with its size. Returns their digest. Raises EvidenceError.

        They are copied to this machine's folder first, so that what is sent is what the digest is of.
        """
        name = self._files.put_file(path)
        near = self._files.file(name)
        key, size = self._key(name), near.stat().st_size

        def kept() -> None:
            with suppress(*_ABSENT):
                if obstore.head(self._store, key)["size"] == size:
                    return
            obstore.put(self._store, key, near, chunk_size=PIECE, max_concurrency=4)

        self._call(f"{path.name} can't be kept in {self._url}", _PUT, kept)
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
        key, what = self._key(digest), f"The bytes of {digest} can't be opened in {self._url}"
        size = self._call(what, _GET, lambda: obstore.head(self._store, key)["size"])
        for start in range(0, size, PIECE):
            length = min(PIECE, size - start)
            yield self._call(what, _GET, lambda at=start, length=length: self._piece(key, at, length))  # type: ignore[misc]

    def file(self, digest: str) -> Path:
        """A file on this machine with the bytes of a digest, to be read only; fetched and checked if need be.

        Raises EvidenceError, also if the bucket does not have them any more.
        """
        path = self._near / Path(*parts(digest))
        if path.is_file():
            self._call(f"The bytes of {digest} can't be opened in {self._url}", _GET,
                       lambda: obstore.head(self._store, self._key(digest)))  # fmt: skip
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

    def _piece(self, key: str, start: int, length: int) -> bytes:
        data = bytes(obstore.get_range(self._store, key, start=start, length=length))
        if len(data) != length:
            raise GenericError(f"{len(data)} bytes came of {length}")
        return data

    def _call(self, what: str, mend: str, call: Callable[[], T]) -> T:
        """Call until it is answered, so often and so long. Raises EvidenceError."""
        try:
            for attempt in stamina.retry_context(
                on=GenericError, attempts=self._tries, timeout=LONGEST, wait_initial=self._wait, wait_jitter=self._wait
            ):
                with attempt:
                    return call()
        except _ABSENT as error:
            raise EvidenceError(f"{what} (No such object). {_GONE}") from error
        except GenericError as error:
            raise EvidenceError(f"{what} ({_why(error)}; tried {self._tries} times). {mend}") from error
        except (BaseError, OSError) as error:
            raise EvidenceError(f"{what} ({_why(error)}). {_SETTINGS}") from error
        raise AssertionError("unreachable")

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
            f"Bring {self._url}/{self._key(digest)} back from a backup."
        )


_PUT = "Look whether the storage is up, and run the same command again: nothing of it was booked."
_GET = "Look whether the storage is up, and ask again."
_SETTINGS = "Look at the AWS_… settings and at the rights that the bucket gives you."
_GONE = "Bring it back from a backup, or take the source in again."


def _same(size: int, etag: str, data: bytes) -> bool:
    """Is an object of that size and entity tag these bytes, as far as both tell? Many tags are the MD5 of the bytes."""
    sum = _MD5.fullmatch(etag)
    return size == len(data) and (not sum or sum[1] == hashlib.md5(data, usedforsecurity=False).hexdigest())


def _why(error: Exception) -> str:
    """The first line of what the library says, without its own record of it."""
    return str(error).partition("\n")[0].strip().rstrip(".") or type(error).__name__
