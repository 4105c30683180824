"""Byte streams with their beginning looked at: standard input can't be wound back."""

import io
from collections.abc import Callable
from typing import Any, BinaryIO


class _Joined(io.RawIOBase):
    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        # read1 hands over what is there before a fault in the stream, where read would lose it
        self._read: Callable[[int], bytes] = getattr(rest, "read1", rest.read)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._head:
            piece: bytes | memoryview = self._head[: len(buffer)]
            self._head = self._head[len(piece) :]
        else:
            piece = self._read(len(buffer)) or b""
        buffer[: len(piece)] = piece
        return len(piece)


def joined(head: bytes, rest: BinaryIO) -> io.BufferedReader:
    """A stream of `head` and then all that is left in `rest`. Closing it leaves `rest` open."""
    return io.BufferedReader(_Joined(head, rest), 64 * 1024)
