"""What a worker process runs when reports are read side by side: its own reader, on one core."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from purport.core.records import Report
from purport.core.settled import settle

if TYPE_CHECKING:
    from purport.read.reader import ClaimReader

FIRST = "The mayor said the bridge was shut."  # read to load the network and all tables


def run(payload: bytes, told: Callable[[float], None]) -> bytes:
    """One report in, its reading and gaps out, both as msgpack."""
    (answer,) = _reader().read([msgspec.msgpack.decode(payload, type=Report)])
    return msgspec.msgpack.encode(answer)


@cache
def _reader() -> "ClaimReader":
    from purport.wiring import open_reader_here

    reader = open_reader_here(threads=1)
    reader.read([Report("", "", FIRST, "")])
    settle()  # looking whether what is loaded is still needed took a fiftieth of reading
    return reader
