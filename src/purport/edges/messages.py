"""What a workshop and its worker say to each other over a pipe: a length, then msgpack."""

import msgspec

LENGTH = 4  # bytes, big-endian
LONGEST = 512 * 1024 * 1024  # bytes of a message: beyond that the pipe speaks nonsense


class Order(msgspec.Struct, frozen=True, tag=True):
    """Do this. `function` is module:name, of our own choosing; `seconds` of processor time it may take."""

    function: str
    payload: bytes
    seconds: int


class Told(msgspec.Struct, frozen=True, tag=True):
    share: float


class Done(msgspec.Struct, frozen=True, tag=True):
    answer: bytes


class Failed(msgspec.Struct, frozen=True, tag=True):
    cause: str
    detail: str


def packed(message: Order | Told | Done | Failed) -> bytes:
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(LENGTH, "big") + body


said = msgspec.msgpack.Decoder(Told | Done | Failed)
ordered = msgspec.msgpack.Decoder(Order)
