"""E-mails as bytes, one after the other, without the bytes of what is attached: names and types of that will do."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from purport.collect import limits

_LINE = 1024 * 1024
_HEADER = 256 * 1024  # bytes of a header that are looked at
_QUOTED = re.compile(rb">+From ")
_TYPE = re.compile(rb"^content-type:\s*([\w-]+)/", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"""boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE)
_READ = (b"text", b"multipart", b"message")  # types of parts whose bytes are kept


def split_mailbox(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Each message of an mbox, and: is there more of it than limits.MESSAGE, which was left out?

    Splits where a line “From …” follows an empty one, as mail programs do. The stream is read once and, unlike with the
    standard library's mbox, never opened for writing.
    """
    message, begun, empty = _Message(), False, True
    for line, fresh in _lines(stream):
        if fresh and empty and line.startswith(b"From "):
            if begun:
                yield message.taken()
            message, begun, empty = _Message(), True, False
            continue
        message.add(line[1:] if fresh and _QUOTED.match(line) else line, fresh)
        begun, empty = True, fresh and not line.strip()
    if begun:
        yield message.taken()


def one_message(stream: BinaryIO) -> tuple[bytes, bool]:
    """The same of a stream that is one message."""
    message = _Message()
    for line, fresh in _lines(stream):
        message.add(line, fresh)
    return message.taken()


def _lines(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Lines, in pieces where they are long, and: does the piece begin one?"""
    fresh = True
    while line := stream.readline(_LINE):
        yield line, fresh
        fresh = line.endswith(b"\n")


class _Message:
    """Grows by lines, and leaves out those of parts that are neither text nor made of parts."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._size, self._cut = 0, False
        self._header: bytes | None = b""  # of the present part; None: it is over
        self._passing = False
        self._boundaries: set[bytes] = set()

    def taken(self) -> tuple[bytes, bool]:
        return b"".join(self._lines), self._cut

    def add(self, line: bytes, fresh: bool) -> None:
        bare = line.rstrip()
        if fresh and bare.startswith(b"--") and (bare[2:] in self._boundaries or bare[2:-2] in self._boundaries):
            self._header, self._passing = b"", False
        elif self._header is not None:
            if bare or not fresh:
                self._header += line[: max(0, _HEADER - len(self._header))]
            else:
                self._judge(self._header)
        elif self._passing:
            return
        if self._size + len(line) > limits.MESSAGE:
            self._cut = True
            return
        self._lines.append(line)
        self._size += len(line)

    def _judge(self, header: bytes) -> None:
        """At the end of a part's header: what is its body?"""
        self._boundaries.update(found[1] or found[2] for found in _BOUNDARY.finditer(header))
        kind = _TYPE.search(header)
        self._passing = bool(kind) and kind[1].lower() not in _READ  # type: ignore[index]
        self._header = b"" if kind and kind[1].lower() == b"message" else None  # what follows is a header again
