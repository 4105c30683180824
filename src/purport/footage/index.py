"""The library's prints as one index: which marks and which whole pictures are like these?

It is made from the prints, kept beside them and grown by what was added since; whatever happens to it, it can be made
again. Marks are found by an inverted file over binary codes (faiss), whose lists are led by marks of the library.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from purport.footage.prints import VERSION, Bytes, Floats, Ints, Prints

NEAREST = 8  # marks looked at for each mark asked about
NEAR = 52  # of 256 bits: beyond that two marks are not alike
NEAR_HASH = 10  # of 64 bits: beyond that two pictures are not alike
LEAST = 200  # marks a list, so that few marks make few lists
LISTS = 4096  # at most
PROBES = 4  # lists looked through, unless asked otherwise
GROWN = 3  # times as many marks as when its leads were chosen: then they are chosen anew
HELD = 64  # releases whose prints are in memory


@dataclass(frozen=True, slots=True)
class Hits:
    """Marks of one release that are like marks of the query, aligned arrays [n]."""

    query: Ints  # the query's marks
    reference: Ints  # the release's marks
    closeness: Floats  # 1 for a mark that is the same, less the more it differs
    rarity: Floats  # 1 for a mark in no other release, less the more have it
    shared: Ints  # how many releases have it

    @property
    def weights(self) -> Floats:
        return self.closeness * self.rarity


class Index:
    """All releases' prints, ready to be asked. Releases go by their numbers, in the order they came in."""

    def __init__(self, load: Callable[[str], Prints]) -> None:
        self.names: list[str] = []
        self._load = lru_cache(HELD)(load)
        self._firsts, self._hash_firsts = np.zeros(1, np.int64), np.zeros(1, np.int64)
        self._hashes = np.zeros(0, np.uint64)
        self._marks: faiss.IndexBinaryIVF | None = None
        self._planned = 0  # marks for which the leads were chosen

    def __len__(self) -> int:
        return len(self.names)

    def prints(self, release: int) -> Prints:
        return self._load(self.names[release])

    def add(self, names: list[str]) -> None:
        """Take in releases by their names."""
        if not names:
            return
        prints = [self._load(name) for name in names]
        patterns = np.concatenate([one.marks.patterns for one in prints])
        total = int(self._firsts[-1]) + len(patterns)
        if total and (self._marks is None or total > GROWN * max(self._planned, LEAST)):
            earlier = [self._load(name).marks.patterns for name in self.names]
            patterns = np.concatenate([*earlier, patterns])
            self._marks, self._planned = inverted(patterns), total
        if self._marks is not None:
            self._marks.add(patterns)
        self._firsts = grown(self._firsts, [len(one.marks) for one in prints])
        self._hash_firsts = grown(self._hash_firsts, [len(one.hashes) for one in prints])
        self._hashes = np.concatenate([self._hashes, *(one.hashes for one in prints)])
        self.names += names

    def alike(self, patterns: Bytes, lists: int = PROBES) -> dict[int, Hits]:
        """For each release what it has that is like these marks [n, 32], as far as so many lists of the index tell."""
        if not len(patterns) or not self._firsts[-1] or self._marks is None:
            return {}
        query, entries, distances = nearest(self._marks, patterns, lists)
        owners = np.searchsorted(self._firsts, entries, side="right") - 1
        # how many releases have a mark, each counted once
        pairs = np.unique(query.astype(np.int64) * len(self.names) + owners)
        shared = np.bincount(pairs // len(self.names), minlength=len(patterns))[query]
        close, rare = closeness(distances), rarity(shared, len(self.names))
        order = np.argsort(owners, kind="stable")
        edges = np.searchsorted(owners[order], np.arange(len(self.names) + 1))
        hits = {}
        for owner in np.unique(owners).tolist():
            some = order[edges[owner] : edges[owner + 1]]
            own = entries[some] - self._firsts[owner]
            parts = (query[some], own.astype(np.int32), close[some], rare[some])
            hits[owner] = Hits(*parts, shared[some].astype(np.int32))
        return hits

    def pictures_alike(self, hashes: NDArray[np.uint64]) -> dict[int, tuple[Ints, Ints]]:
        """For each release the pairs (look of the query, look of the release) whose pictures are like each other."""
        here, there = [], []
        for look, value in enumerate(hashes):
            if value:
                near = np.flatnonzero(np.bitwise_count(self._hashes ^ value) <= NEAR_HASH)
                near = near[self._hashes[near] != 0]
                here.append(np.full(len(near), look, np.int32))
                there.append(near)
        if not here:
            return {}
        looks, entries = np.concatenate(here), np.concatenate(there)
        owners = np.searchsorted(self._hash_firsts, entries, side="right") - 1
        own = (entries - self._hash_firsts[owners]).astype(np.int32)
        return {one: (looks[owners == one], own[owners == one]) for one in np.unique(owners).tolist()}

    def save(self, path: Path) -> None:
        """Keep what was made of the prints, which are kept elsewhere; where it can't be written it is made again."""
        if self._marks is None:
            return
        arrays: dict[str, Any] = {
            "version": np.array(VERSION),
            "names": np.array(self.names),
            "firsts": self._firsts,
            "hash_firsts": self._hash_firsts,
            "hashes": self._hashes,
            "planned": np.array(self._planned),
            "marks": faiss.serialize_index_binary(self._marks),
        }
        with suppress(OSError):
            with NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
                beside = Path(file.name)
            try:
                with beside.open("wb") as file:
                    np.savez(file, **arrays)
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)

    def restore(self, path: Path) -> bool:
        """Take over what `save` kept, if it can be read; else stay empty."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                if str(held["version"]) != VERSION:
                    return False
                marks = faiss.deserialize_index_binary(held["marks"])
                if not isinstance(marks, faiss.IndexBinaryIVF):
                    return False
                self.names = [str(name) for name in held["names"]]
                self._firsts, self._hash_firsts = held["firsts"], held["hash_firsts"]
                self._hashes, self._planned, self._marks = held["hashes"], int(held["planned"]), marks
                return True
        except (OSError, EOFError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error):
            return False


class Volumes(Protocol):
    """The part of `core.ports.Library` that reads."""

    def ids(self) -> Iterable[str]: ...

    def open(self, release: str, /) -> Path: ...


def open_index(library: Volumes, kept: Path) -> Index:
    """The index of a library, as it was kept and grown by what is new; made anew if releases are gone from it."""

    def load(name: str) -> Prints:
        return Prints.load(library.open(name))

    ids, index = list(library.ids()), Index(load)
    if not index.restore(kept) or not set(index.names) <= set(ids):
        index = Index(load)
    known = set(index.names)
    new = [name for name in ids if name not in known]
    for start in range(0, len(new), HELD):
        index.add(new[start : start + HELD])
    if new:
        index.save(kept)
    return index


def grown(firsts: NDArray[np.int64], sizes: list[int]) -> NDArray[np.int64]:
    more: NDArray[np.int64] = firsts[-1] + np.cumsum(sizes)
    return np.concatenate([firsts, more])


def rarity(shared: NDArray[np.int64], releases: int) -> Floats:
    """The weight of a mark that so many releases of so many have: inverse document frequency (Spärck Jones 1972)."""
    weight: Floats = (np.log1p(releases / np.maximum(shared, 1)) / np.log1p(releases)).astype(np.float32)
    return weight


def closeness(distances: Ints) -> Floats:
    """The weight of a mark that differs in so many bits, 1 down to a third."""
    return (1 - 0.67 * distances / NEAR).astype(np.float32)


def nearest(marks: faiss.IndexBinaryIVF, patterns: Bytes, lists: int = PROBES) -> tuple[Ints, Ints, Ints]:
    """Of each mark [n, 32] the `NEAREST` within `NEAR` bits, and what ties with the last: mark, entry, bits.

    All within reach, cut by how many are how far: quicker than faiss's own search for the nearest.
    """
    marks.nprobe = min(lists, marks.nlist)
    ends, far, entries = marks.range_search(np.ascontiguousarray(patterns), NEAR + 1)
    found = np.diff(ends.astype(np.int64))
    query = np.repeat(np.arange(len(patterns)), found)
    many = np.flatnonzero(np.repeat(found > NEAREST, found))
    if len(many):
        crowd = np.cumsum(found > NEAREST)[query[many]] - 1  # which of the marks that are like too many
        bits = far[many].astype(np.int64)
        counts = np.bincount(crowd * (NEAR + 1) + bits, minlength=(int(crowd[-1]) + 1) * (NEAR + 1))
        reach = (np.cumsum(counts.reshape(-1, NEAR + 1), axis=1) < NEAREST).sum(axis=1)  # as many as wanted are so near
        beyond = many[bits > reach[crowd]]
        query, entries, far = (np.delete(part, beyond) for part in (query, entries, far))
    return query.astype(np.int32), entries, far.astype(np.int32)


def inverted(patterns: Bytes) -> faiss.IndexBinaryIVF:
    """An empty inverted file for marks like these [n, 32]."""
    lists = int(np.clip(len(patterns) // LEAST, 1, LISTS))
    leads = faiss.IndexBinaryFlat(256)
    leads.add(np.ascontiguousarray(patterns[np.linspace(0, len(patterns) - 1, lists).astype(np.int64)]))
    index = faiss.IndexBinaryIVF(leads, 256, lists)  # keeps the leads alive
    index.is_trained = True
    return index
