"""ZIP files of others, never unpacked to a disk: names, sizes and ratios are judged before a member is opened."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

RATIO = 200  # times its compressed size that a member may grow to; web archives and JSON stay under 50
_SMALL = 64 * 1024 * 1024  # bytes that a member may unpack to, whatever its ratio
_MOST = 200_000  # members
_HEAD = struct.Struct("<4sHHHHHIIIHH")  # of a member
_BEGIN, _SIZE = b"PK\x03\x04", b"PK\x07\x08"  # what a member's head, and the sizes behind one, begin with
_BEHIND = 24  # bytes that may stand behind a member
_ODD = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|[\x00-\x1f\\]")


class ZipError(ValueError):
    """A ZIP file that can't be opened; `cause` is the short stable word for its gap."""

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a ZIP file. `cause` and `fault` say why it must not be opened; they are empty where it may."""

    name: str
    size: int  # bytes, unpacked, as stated
    open: Callable[[], BinaryIO]
    cause: str = ""
    fault: str = ""
    checksum: int = 0  # CRC-32, as stated

    def is_whole(self) -> bool:
        """Are its bytes those of its checksum?"""
        found = 0
        with self.open() as stream:
            while piece := stream.read(1024 * 1024):
                found = zlib.crc32(piece, found)
        return found == self.checksum


def members(stream: BinaryIO) -> list[Member]:
    """The files in a ZIP file, by its directory. Raises ZipError: broken-archive or too-large."""
    try:
        archive = zipfile.ZipFile(stream)
        infos = archive.infolist()
    except Exception as error:  # zipfile raises what the broken bytes make it raise
        raise ZipError("broken-archive", f"its list of files can't be read ({error})") from error
    size = stream.seek(0, io.SEEK_END)
    if len(infos) > _MOST or sum(info.file_size for info in infos) > max(_SMALL, RATIO * size):
        raise ZipError("too-large", f"its {len(infos)} files would unpack to far more than it is large")
    return [_member(archive, stream, info) for info in infos if not info.is_dir()]


def _member(archive: zipfile.ZipFile, stream: BinaryIO, info: zipfile.ZipInfo) -> Member:
    def opened() -> BinaryIO:
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return archive.open(info)  # type: ignore[return-value]
        # not by zipfile, which gives nothing of what stands before a damaged byte in a small file
        stream.seek(info.header_offset)
        head = stream.read(_HEAD.size)
        if len(head) < _HEAD.size or not head.startswith(_BEGIN):
            raise ZipError("broken-archive", "it does not stand where the list of files says")
        start = info.header_offset + _HEAD.size + sum(_HEAD.unpack(head)[-2:])
        return io.BufferedReader(_Part(stream, start, info.compress_size, info.compress_type != zipfile.ZIP_STORED))

    cause, fault = "", ""
    if _ODD.search(info.orig_filename):
        cause, fault = "unsafe-name", "Its name leads out of the archive; it was not opened."
    elif info.flag_bits & 1:
        cause, fault = "encrypted", "It is encrypted; unpack it with its password, and import what comes out."
    elif info.file_size > max(_SMALL, RATIO * info.compress_size):
        cause, fault = "too-large", "It would unpack to far more than it is large; it was not opened."
    return Member(info.filename, info.file_size, opened, cause, fault, info.CRC)


def salvaged(stream: BinaryIO) -> Iterator[Member]:
    """The files in a ZIP file that lost its directory, by what stands before each of them, as far as that goes.

    A member is open until the next is asked for, and may end too early.
    """
    at = 0
    while True:
        stream.seek(at)
        head = stream.read(_HEAD.size)
        if len(head) < _HEAD.size or not head.startswith(_BEGIN):
            return
        _, _, flags, method, _, _, _, packed, size, named, extra = _HEAD.unpack(head)
        name = stream.read(named).decode("utf-8" if flags & 0x800 else "cp437", "replace")
        more = stream.read(extra)
        start = stream.tell()
        wide = more.find(b"\x01\x00\x10\x00")  # sizes beyond four bytes
        if 0 <= wide <= len(more) - 20:
            size, packed = struct.unpack_from("<QQ", more, wide + 4)
        if method not in (0, 8) or flags & 1:
            return
        if flags & 8:  # the size stands behind the bytes
            packed = -1 if method else _stored(stream, start)
        part = _Part(stream, start, packed, inflating=method == 8)
        if not _ODD.search(name) and not name.endswith("/"):
            yield Member(name, size, lambda part=part: io.BufferedReader(part))  # type: ignore[misc]
        end = start + packed if packed >= 0 else part.ended()
        if end < 0:
            return
        stream.seek(end)
        behind = stream.read(_BEHIND + len(_BEGIN)).find(_BEGIN)
        if behind < 0:
            return
        at = end + behind


def _stored(stream: BinaryIO, start: int) -> int:
    """The length of bytes that are stored as they are, by the size that stands behind them; -1 where none fits."""
    at, held = start, b""
    while True:
        stream.seek(at + len(held))
        piece = stream.read(1024 * 1024)
        held += piece
        found = held.find(_SIZE)
        while 0 <= found <= len(held) - _BEHIND or (found >= 0 and not piece):
            length = at + found - start
            if length in (
                struct.unpack("<I", held[found + 8 : found + 12].ljust(4, b"\xff"))[0],
                struct.unpack("<Q", held[found + 8 : found + 16].ljust(8, b"\xff"))[0],
            ):
                return length
            found = held.find(_SIZE, found + 1)
        if not piece:
            return -1
        keep = found if found >= 0 else max(0, len(held) - len(_SIZE) + 1)
        at, held = at + keep, held[keep:]


class _Part(io.RawIOBase):
    """Bytes of a stream from one place on, at most `length` (-1: to its end), inflated if they are deflated."""

    def __init__(self, stream: BinaryIO, start: int, length: int, inflating: bool) -> None:
        self._stream, self._at, self._left = stream, start, length
        self._opener = zlib.decompressobj(-15) if inflating else None
        self._ready = b""
        self._damaged = False
        self._grown, self._fed = 0, 0
        self._end = -1

    def ended(self) -> int:
        """Where the deflated bytes end in the stream, once they are run through; -1 if they don't."""
        while self._opener and self.read(1024 * 1024):
            pass
        return self._end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            if self._damaged or (self._opener and self._opener.eof):
                return 0
            piece = self._taken()
            if not self._opener:
                self._ready = piece
            else:
                self._ready = self._inflated(self._opener.unconsumed_tail + piece)
                self._grown += len(self._ready)
                if self._grown > max(_SMALL, RATIO * self._fed):
                    return 0  # a bomb
                if self._opener.eof:
                    self._end = self._at - len(self._opener.unused_data)
            if not piece and not self._ready:
                return 0
        out = self._ready[: len(buffer)]
        self._ready = self._ready[len(out) :]
        buffer[: len(out)] = out
        return len(out)

    def _inflated(self, waiting: bytes) -> bytes:
        """What these bytes become, up to a byte that is damaged: zlib alone would give nothing of them then."""
        assert self._opener
        before = self._opener.copy()
        try:
            return self._opener.decompress(waiting, 1024 * 1024)
        except zlib.error:
            self._damaged, out = True, bytearray()
            with suppress(zlib.error):
                for at in range(len(waiting)):
                    out += before.decompress(waiting[at : at + 1])
            return bytes(out)

    def _taken(self) -> bytes:
        if self._opener and self._opener.unconsumed_tail:
            return b""
        wanted = 64 * 1024 if self._left < 0 else min(64 * 1024, self._left)
        self._stream.seek(self._at)
        piece = self._stream.read(wanted)
        self._at += len(piece)
        self._fed += len(piece)
        self._left -= len(piece) if self._left > 0 else 0
        return piece
