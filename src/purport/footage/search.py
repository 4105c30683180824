"""The step that seeks one file in the library, as a worker process does it: bytes in, bytes out."""

from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import faiss
import msgspec
import numpy as np
from numpy.typing import NDArray

from purport.core.errors import FootageError
from purport.core.matches import Match
from purport.footage import stills
from purport.footage.examined import Fault
from purport.footage.find import matches
from purport.footage.found import Found, Order
from purport.footage.index import PROBES, Hits, Index, open_index, rarity
from purport.footage.judge import SHORTEST
from purport.footage.prints import Bytes, Ints, Prints
from purport.footage.shelf import Shelf
from purport.footage.sketch import sketch

LOOKING = 0.6  # share of the work that looking at the file once is


def run(payload: bytes, told: Callable[[float], None]) -> bytes:
    """The step as a workshop calls it: an Order in, what was Found out, both as msgpack. Raises FootageError."""
    cv2.setNumThreads(1)  # several would wait for one another at each small picture
    faiss.omp_set_num_threads(1)
    return msgspec.msgpack.encode(search(msgspec.msgpack.decode(payload, type=Order), told))


def search(order: Order, told: Callable[[float], None] = lambda share: None) -> Found:
    """Where the file was seen before. Raises FootageError if it holds no pictures, EvidenceError for broken prints."""
    path = Path(order.path)
    try:
        asked = sketch(path, lambda share: told(LOOKING * share))
    except FootageError as error:  # it may know the file by its name in the blob store
        raise FootageError(str(error).replace(path.name, order.name), error.cause) from error
    shelf = Shelf(order.volumes, lambda: told(LOOKING))
    index = Others(open_index(shelf, Path(order.index)), order.own, lambda: told(LOOKING))
    brief = asked.prints.duration < SHORTEST  # a still picture: nothing in it moves
    found = stills.matches(asked, index) if brief else matches(asked, index)
    releases = {volume.digest: volume.release for volume in order.volumes}
    told(1.0)
    return Found(
        tuple(named(match, order.name, releases) for match in found),
        asked.prints.duration,
        asked.prints.width,
        asked.prints.height,
        tuple(Fault("undecodable", words) for words in asked.prints.faults),
        shelf.stale,
    )


def named(match: Match, name: str, releases: Mapping[str, str]) -> Match:
    return msgspec.structs.replace(match, query=name, reference=releases[match.reference])


class Others(Index):
    """An index without one of its releases: what that one has is neither found nor makes anything common.

    The index itself keeps it, or it would be made anew whenever somebody asks about a release.
    """

    def __init__(self, index: Index, own: str, living: Callable[[], None] = lambda: None) -> None:
        self.names = index.names
        self._index, self._living = index, living
        self._own = index.names.index(own) if own in index.names else -1

    def prints(self, release: int) -> Prints:
        self._living()
        return self._index.prints(release)

    def alike(self, patterns: Bytes, lists: int = PROBES) -> dict[int, Hits]:
        found = self._index.alike(patterns, lists)
        own = found.pop(self._own, None)
        if own is None:
            return found
        return {release: self._rarer(hits, np.isin(hits.query, own.query)) for release, hits in found.items()}

    def _rarer(self, hits: Hits, common: NDArray[np.bool_]) -> Hits:
        """The hits with the release left out no longer counted; `common` [n]: the query's mark is like one of its."""
        shared = (hits.shared - common).astype(np.int64)
        rare = rarity(shared, len(self.names) - 1)
        return Hits(hits.query, hits.reference, hits.closeness, rare, shared.astype(np.int32))

    def pictures_alike(self, hashes: NDArray[np.uint64]) -> dict[int, tuple[Ints, Ints]]:
        found = self._index.pictures_alike(hashes)
        found.pop(self._own, None)
        return found
