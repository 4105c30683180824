"""Where files lie that are to be worked on: folders of this machine, and buckets (`core.ports.Depot`).

In a pattern `*` stands for any characters of a name, `**` for any folders, `?` for one character.
"""

import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from purport.collect.paths import shown, walk
from purport.core.bulk import Input
from purport.core.errors import EvidenceError, InputError

if TYPE_CHECKING:
    from purport.edges.store import Store

BUCKET = "s3://"
PIECE = 8 * 1024 * 1024  # bytes of an object fetched with one request
_WILD = re.compile(r"[*?\[]")
_STARS = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class Depots:
    """Paths, and addresses in buckets by what they begin with; a bucket is opened when it is first asked for."""

    def __init__(self) -> None:
        self._buckets: dict[str, Buckets] = {}

    def files(self, place: str, kinds: tuple[str, ...]) -> Iterator[Input]:
        yield from (self._bucket(place) if place.startswith(BUCKET) else Folders()).files(place, kinds)

    @contextmanager
    def open(self, input: Input) -> Iterator[BinaryIO]:
        address = input.address
        with (self._bucket(address) if address.startswith(BUCKET) else Folders()).open(input) as stream:
            yield stream

    @contextmanager
    def near(self, input: Input) -> Iterator[Path]:
        address = input.address
        with (self._bucket(address) if address.startswith(BUCKET) else Folders()).near(input) as path:
            yield path

    def _bucket(self, address: str) -> "Buckets":
        name = address.removeprefix(BUCKET).partition("/")[0]
        return self._buckets.setdefault(name, Buckets(f"{BUCKET}{name}"))


class Folders:
    """Files of this machine, and of what is mounted there."""

    def files(self, place: str, kinds: tuple[str, ...]) -> Iterator[Input]:
        path = Path(place)
        found: Iterator[Path] = iter([path])
        if path.is_dir():
            found = (one for one in walk(path) if isinstance(one, Path) and one.name.lower().endswith(kinds))
        elif _WILD.search(place) and not path.exists():
            found = _globbed(place)
        for one in found:
            if one.is_file():
                state = one.stat()
                address = shown(one.absolute())
                yield Input(place=shown(one), address=address, size=state.st_size, state=str(state.st_mtime_ns))

    @contextmanager
    def open(self, input: Input) -> Iterator[BinaryIO]:
        with self.near(input) as path, path.open("rb") as stream:
            yield stream

    @contextmanager
    def near(self, input: Input) -> Iterator[Path]:
        path = Path(input.address)
        try:
            state = path.stat()
            with path.open("rb"):
                pass
        except OSError as error:
            raise InputError(f"{input.place} can't be read ({error.strerror}). Mend that and run it again.") from error
        if (state.st_size, str(state.st_mtime_ns)) != (input.size, input.state):
            raise InputError(f"{input.place} changed since it was listed. Run it again when it is written.")
        yield path


def _globbed(pattern: str) -> Iterator[Path]:
    """Sorted, so that a run takes the same order as the one before it."""
    path = Path(pattern)
    yield from sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))


class Buckets:
    """Objects of a bucket, read in pieces as they are asked for: nothing is copied to a disk to be read."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _store(self) -> "Store":
        from purport.edges.store import Store

        return Store(self._url)

    def files(self, place: str, kinds: tuple[str, ...]) -> Iterator[Input]:
        import obstore

        pattern = place.removeprefix(f"{self._url}").lstrip("/")
        wild = _WILD.search(pattern)
        fixed = pattern[: wild.start()] if wild else pattern
        folder = fixed.rpartition("/")[0] if wild else fixed.rstrip("/")
        fits = re.compile(_expression(pattern)) if wild else None

        def listed() -> list[Any]:
            if not wild and pattern and not pattern.endswith("/"):
                with suppress(FileNotFoundError):  # else it is a folder
                    return [obstore.head(self._store.at, pattern)]
            return [one for some in obstore.list(self._store.at, prefix=folder or None) for one in some]

        try:
            found = self._store.call(
                f"{place} can't be listed", "Look whether the storage is up, and ask again.", listed
            )
        except EvidenceError as error:
            raise InputError(str(error)) from error
        for one in sorted(found, key=lambda one: str(one["path"])):
            key = one["path"]
            if fits.fullmatch(key) if fits else key == pattern or key.lower().endswith(kinds):
                address = f"{self._url}/{key}"
                yield Input(place=address, address=address, size=one["size"], state=one["e_tag"] or "")

    @contextmanager
    def open(self, input: Input) -> Iterator[BinaryIO]:
        key = input.address.removeprefix(f"{self._url}/")
        self._same(input, key)
        pieces = _Pieces(self._store, key, input)
        yield io.BufferedReader(pieces, PIECE // 8)
        if pieces.fault:  # whoever read took it for the end of a broken archive
            raise InputError(pieces.fault)

    @contextmanager
    def near(self, input: Input) -> Iterator[Path]:
        """Fetched for so long; a file whose ending is the object's own."""
        with self.open(input) as stream, tempfile.NamedTemporaryFile(suffix=Path(input.address).suffix) as file:
            while piece := stream.read(PIECE):
                file.write(piece)
            file.flush()
            yield Path(file.name)

    def _same(self, input: Input, key: str) -> None:
        import obstore

        try:
            found = self._store.call(
                f"{input.place} can't be opened", _UP, lambda: obstore.head(self._store.at, key), ""
            )
        except EvidenceError as error:
            raise InputError(str(error).strip()) from error
        if (found["size"], found["e_tag"] or "") != (input.size, input.state):
            raise InputError(f"{input.place} changed since it was listed. Run it again.")


_UP = "Look whether the storage is up, and run it again."


class _Pieces(io.RawIOBase):
    """An object as a file that can be read anywhere. Raises OSError: whoever reads takes it for a broken disk."""

    def __init__(self, store: "Store", key: str, input: Input) -> None:
        self._store, self._key, self._input = store, key, input
        self._at, self._first, self._held = 0, 0, b""
        self.fault = ""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._input.size}[whence])
        return self._at

    def readinto(self, buffer: Any) -> int:
        left = self._input.size - self._at
        if left <= 0:
            return 0
        if not self._first <= self._at < self._first + len(self._held):
            self._first, length = self._at, min(PIECE, left)
            self._held = self._fetched(self._at, length)
        from_here = self._at - self._first
        piece = self._held[from_here : from_here + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _fetched(self, start: int, length: int) -> bytes:
        what = f"{self._input.place} can't be read on from byte {start}"
        try:
            return self._store.call(what, _UP, lambda: self._store.piece(self._key, start, length), "")
        except EvidenceError as error:
            self.fault = str(error).strip()
            raise OSError(self.fault) from error


def _expression(pattern: str) -> str:
    """A regular expression for a pattern."""
    pieces = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]]+\])", pattern)
    return "".join(_STARS.get(piece, piece if piece.startswith("[") else re.escape(piece)) for piece in pieces)
