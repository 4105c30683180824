"""The step that puts a file into words, as a worker process does it: bytes in, bytes out."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from purport.core.errors import FootageError, ModelError
from purport.footage import onscreen, speech
from purport.footage.ears import fingerprint, weights
from purport.footage.worded import Order, Words


def version(model: str = "") -> str:
    """Names all that the words depend on beside the file. Raises ModelError for a folder that holds no model."""
    try:
        heard = speech.version(fingerprint(weights(model)))
    except ModelError:
        if model:
            raise
        heard = "deaf"  # heard again when there is a model
    return f"{heard} {onscreen.version()}"


def run(order: bytes, told: Callable[[float], None]) -> bytes:
    """An `Order` in msgpack to `Words` in msgpack. Raises FootageError."""
    asked = msgspec.msgpack.decode(order, type=Order)
    path, model = Path(asked.path), Path(asked.model) if asked.model else None
    try:
        heard = speech.hear(path, model, lambda share: told(share / 2))
        seen = onscreen.look(path, asked.shots, lambda share: told(0.5 + share / 2))
    except FootageError as error:  # it knows the file by its name in the blob store
        raise FootageError(str(error).replace(path.name, asked.name), error.cause) from error
    return msgspec.msgpack.encode(Words(heard, seen))
