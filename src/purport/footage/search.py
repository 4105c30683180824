"""The step that seeks one file in the library, as a worker process does it: bytes in, bytes out."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import cv2
import faiss
import msgspec
import numpy as np
from numpy.typing import NDArray

from purport.core.errors import FootageError
from purport.core.matches import Match
from purport.core.ports import Library
from purport.footage import prints
from purport.footage.examined import Fault
from purport.footage.find import matches
from purport.footage.found import Found, Order, Volume
from purport.footage.index import Hits, Index, open_index, rarity
from purport.footage.prints import Bytes, Ints, Prints
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
    index = Others(index_of(shelf, Path(order.index)), order.own, lambda: told(LOOKING))
    found = matches(asked, index)
    told(1.0)
    return Found(
        tuple(named(match, order.name) for match in found),
        asked.prints.duration,
        asked.prints.width,
        asked.prints.height,
        tuple(Fault("undecodable", words) for words in asked.prints.faults),
        tuple(volume.release for volume in order.volumes if volume.version != prints.VERSION),
    )


def index_of(shelf: "Shelf", kept: Path) -> Index:
    """The index of a shelf; one that a full disk or a lost cable has cut off is made anew."""
    library = cast(Library, shelf)  # of which an index asks no more
    try:
        return open_index(library, kept)
    except (EOFError, zipfile.BadZipFile, zlib.error):
        kept.unlink(missing_ok=True)
        return open_index(library, kept)


def named(match: Match, name: str) -> Match:
    return msgspec.structs.replace(match, query=name)


class Shelf:
    """The volumes of an order as what an index is made of: the part of `core.ports.Library` that reads.

    `living` is called whenever one is opened, so that nobody takes a large library for a worker that hangs.
    """

    def __init__(self, volumes: tuple[Volume, ...], living: Callable[[], None] = lambda: None) -> None:
        self._paths = {one.release: Path(one.prints) for one in volumes if one.version == prints.VERSION}
        self._living = living

    def ids(self) -> Iterator[str]:
        yield from sorted(self._paths)

    def open(self, release: str) -> Path:
        self._living()
        return self._paths[release]


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

    def alike(self, patterns: Bytes) -> dict[int, Hits]:
        found = self._index.alike(patterns)
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
