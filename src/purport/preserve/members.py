"""The members of a gzip file, one a record: written behind one another, read from any of their beginnings."""

import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from purport.preserve.http import PIECE

MAGIC = b"\x1f\x8b\x08"
_GZIP = 16 + zlib.MAX_WBITS


class MemberError(ValueError):
    """A member that can't be read to its end; `cause` is truncated or broken."""

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message)
        self.cause = cause


def deflated(pieces: Iterable[bytes], level: int) -> Iterator[bytes]:
    """The pieces as one gzip member."""
    deflater = zlib.compressobj(level, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        if out := deflater.compress(piece):
            yield out
    yield deflater.flush()


class Member(io.RawIOBase):
    """The bytes of the member that begins at an offset. Memory does not grow with what it unpacks to.

    The file is this member's while it is read: it is moved about in it. Raises MemberError as it is read.
    """

    def __init__(self, file: BinaryIO, offset: int) -> None:
        file.seek(offset)
        self._file, self._inflater, self._read = file, zlib.decompressobj(_GZIP), offset
        self.end = 0  # where it ends in the file, once all of it was read

    def readable(self) -> bool:
        return True

    def readinto(self, into: "bytearray | memoryview") -> int:  # type: ignore[override]
        out = b""
        while not out and not self._inflater.eof:
            data = self._inflater.unconsumed_tail or self._more()
            try:
                out = self._inflater.decompress(data, len(into))
            except zlib.error as error:
                raise MemberError(
                    "broken", f"its compressed bytes are not those that were written ({error})"
                ) from error
        if self._inflater.eof and not self.end:
            self.end = self._read - len(self._inflater.unused_data)
        into[: len(out)] = out
        return len(out)

    def _more(self) -> bytes:
        data = self._file.read(PIECE)
        if not data:
            raise MemberError("truncated", "the file ends in the middle of it")
        self._read += len(data)
        return data


def opened(file: BinaryIO, offset: int) -> tuple[io.BufferedReader, Member]:
    """A member as a stream to read from, and the member itself, which knows its end in the end."""
    member = Member(file, offset)
    return io.BufferedReader(member, PIECE), member


def next_member(file: BinaryIO, offset: int, is_one: Callable[[int], bool]) -> int:
    """Where the next true member begins, from an offset on; -1 if there is none. Finds what lies behind damage."""
    file.seek(offset)
    start, held = offset, b""  # where `held` begins in the file
    while data := file.read(PIECE):
        behind = file.tell()
        held += data
        found = held.find(MAGIC)
        while found >= 0:
            if is_one(start + found):
                return start + found
            found = held.find(MAGIC, found + 1)
        file.seek(behind)
        kept = len(MAGIC) - 1
        start, held = start + len(held) - kept, held[-kept:]
    return -1
