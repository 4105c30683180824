"""One file examined, in a worker: facts, then prints, previews and provenance."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from purport.core.errors import FootageError
from purport.core.ids import digest
from purport.core.records import Release, Shot
from purport.footage import prints
from purport.footage.examined import Examined, Fault, Order
from purport.footage.facts import Facts, facts
from purport.footage.previews import previews
from purport.footage.provenance import provenance

VERSION = "1"
TAKING = 0.95  # share of the work that taking prints is
LATE = 0.02  # of the stated length that may be missing at the end, and at most so many seconds
SHORT = 1.0


def version(trust: str = "") -> str:
    """Names all that the outcome depends on beside the file."""
    listed = f" trust/{digest(trust.encode()).removeprefix('sha256:')[:8]}" if trust else ""
    return f"examine/{VERSION} prints/{prints.VERSION}{listed}"


def run(payload: bytes, told: Callable[[float], None]) -> bytes:
    """The step as a workshop calls it: an Order in, what was Examined out, both as msgpack."""
    return msgspec.msgpack.encode(examine(msgspec.msgpack.decode(payload, type=Order), told))


def examine(order: Order, told: Callable[[float], None] = lambda share: None) -> Examined:
    """Raises FootageError if there is nothing that can be seen or heard."""
    path = Path(order.path)
    stated = facts(path, order.name)
    release = Release(
        id=order.release,
        capture=order.capture,
        kind=stated.kind,
        version=order.version,
        container=stated.container,
        media_type=stated.media_type,
        codecs=stated.codecs,
        duration=stated.duration,
        width=stated.width,
        height=stated.height,
        rate=stated.rate,
        variable=stated.variable,
        created=stated.created,
        provenance=provenance(path, stated.media_type, order.trust),
    )
    if stated.kind == "audio":
        told(1.0)
        return Examined(release, (), (Fault("no-picture", "It is sound alone: there is nothing to take prints of."),))
    try:
        taken = prints.take(path, lambda share: told(TAKING * share))
    except FootageError as error:  # it knows the file by its name in the blob store
        raise FootageError(str(error).replace(path.name, order.name), error.cause) from error
    taken.save(Path(order.prints))
    still = stated.kind == "image"
    spans = [(0.0, 0.0)] if still else taken.shots
    stills = tuple(previews(path, spans))
    shots = tuple(Shot(*span, digest(image) if image else "") for span, image in zip(spans, stills, strict=True))
    told(1.0)
    found = msgspec.structs.replace(
        release,
        duration=0.0 if still else stated.duration or taken.duration,
        shots=shots,
        prints=prints.VERSION,
    )
    return Examined(found, stills, tuple(faults(stated, taken)))


def faults(stated: Facts, taken: prints.Prints) -> list[Fault]:
    """What is missing of the file."""
    found = [Fault("undecodable", words) for words in taken.faults]
    if stated.kind == "video" and taken.duration < stated.moving - max(SHORT, LATE * stated.moving):
        words = f"It states {stated.moving:.1f} seconds; its pictures end after {taken.duration:.1f}. These are kept."
        found.insert(0, Fault("truncated", words))
    return found
