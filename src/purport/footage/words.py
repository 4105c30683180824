"""The step that puts a file into words, as a worker process does it: bytes in, bytes out."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from purport.footage import onscreen, speech
from purport.footage.worded import Order, Words


def run(order: bytes, told: Callable[[float], None]) -> bytes:
    """An `Order` in msgpack to `Words` in msgpack. Raises FootageError."""
    asked = msgspec.msgpack.decode(order, type=Order)
    path, model = Path(asked.path), Path(asked.model) if asked.model else None
    heard = speech.hear(path, model, lambda share: told(share / 2))
    seen = onscreen.look(path, asked.shots, lambda share: told(0.5 + share / 2))
    return msgspec.msgpack.encode(Words(heard, seen))
