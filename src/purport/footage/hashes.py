"""PDQ hashes to exchange with others, such as HMA and ThreatExchange: out as vPDQ writes them, in from any list.

vPDQ's text form is a line a picture: its number, quality (0 to 100), hash (64 hexadecimal digits) and time in seconds
(`vpdqio.cpp` in facebook/ThreatExchange). Ours are one a second, as vPDQ's are by default.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np

from purport.footage.found import HashesOrder, Listed, ListedOrder, Near, Nearest, Volume
from purport.footage.prints import Beat, Bytes, Prints, apart
from purport.footage.shelf import is_whole

CLEAR = 50  # quality below which vPDQ matches no hash
NEAR = 31  # bits, of 256, by which two hashes may differ for HMA to call them a match


def run(payload: bytes, told: Callable[[float], None]) -> bytes:
    """A HashesOrder in msgpack to lines of text in UTF-8."""
    order = msgspec.msgpack.decode(payload, type=HashesOrder)
    return "".join(f"{line}\n" for line in lines(Prints.load(Path(order.prints)), order.rate)).encode()


def lines(held: Prints, rate: float) -> Iterator[str]:
    """`number,quality,hash,seconds` for each hash; pictures are numbered by their rate, or by seconds without one."""
    for time, quality, value in zip(seconds(held), held.quality, held.pdq, strict=True):
        yield f"{round(time * (rate or 1.0))},{quality},{value.tobytes().hex()},{time:.3f}"


def seconds(held: Prints) -> list[float]:
    """When the picture of each hash is shown: the first look of each second, as they were taken."""
    beat = Beat(1.0)
    return [time for time in map(float, held.times) if beat.due(time)]


def run_listed(payload: bytes, told: Callable[[float], None]) -> bytes:
    """A ListedOrder in msgpack to Nearest in msgpack."""
    order = msgspec.msgpack.decode(payload, type=ListedOrder)
    listed = np.array([list(bytes.fromhex(one.hash)) for one in order.hashes], np.uint8).reshape(-1, 32)
    hits: list[Near] = []
    stale: list[str] = []
    for number, volume in enumerate(order.volumes):
        told(number / len(order.volumes))
        if is_whole(volume):
            hits += near(volume, Prints.load(Path(volume.prints)), order.hashes, listed)
        else:
            stale.append(volume.release)
    return msgspec.msgpack.encode(Nearest(tuple(hits), tuple(stale)))


def near(volume: Volume, held: Prints, hashes: tuple[Listed, ...], listed: Bytes) -> Iterator[Near]:
    """Each second whose hash is near a listed one, with the nearest of them. `listed` [n, 32] are the hashes."""
    for time, quality, value in zip(seconds(held), held.quality, held.pdq, strict=True):
        differ = apart(np.broadcast_to(value, listed.shape), listed)
        if quality < CLEAR or not len(differ) or differ.min() > NEAR:
            continue
        best = int(differ.argmin())
        yield Near(volume.release, round(time, 3), value.tobytes().hex(), hashes[best], int(differ[best]))
