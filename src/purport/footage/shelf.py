"""The prints that an order names, as what an index is made of."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from purport.footage import prints
from purport.footage.found import Volume


def is_whole(volume: Volume) -> bool:
    """Can its prints be used? They are of this version and were not cut off: one that was must not stop the others."""
    return volume.version == prints.VERSION and zipfile.is_zipfile(volume.prints)


class Shelf:
    """The volumes of an order as what an index is made of: the part of `core.ports.Library` that reads.

    Here releases go by the digests of their files, so that no file's name or place has a say in what is found.
    `living` is called whenever one is opened, so that nobody takes a large library for a worker that hangs.
    """

    def __init__(self, volumes: tuple[Volume, ...], living: Callable[[], None] = lambda: None) -> None:
        whole = [one for one in volumes if is_whole(one)]
        self._paths = {one.digest: Path(one.prints) for one in whole}
        self.stale = tuple(one.release for one in volumes if one.digest not in self._paths)
        self._living = living

    def ids(self) -> Iterator[str]:
        yield from sorted(self._paths)

    def open(self, release: str) -> Path:
        self._living()
        return self._paths[release]
