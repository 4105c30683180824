"""Matches beside the truth of `footage_set.py`: what is found, what should not be there, and how far ends miss."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from purport.core.matches import SAME_FOOTAGE, SAME_SCENE, Match

IOU = 0.5  # of a segment's time in the query with a match's


class Folder:
    """`core.ports.Library` over prints in a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def ids(self) -> Iterator[str]:
        yield from sorted(file.stem for file in self._path.glob("*.prints"))

    def open(self, release: str) -> Path:
        return self._path / f"{release}.prints"


@dataclass(slots=True)
class Sums:
    """What came out for one kind of query."""

    queries: int = 0
    wanted: int = 0
    found: int = 0
    undecided: int = 0
    extra: int = 0  # segments called the same footage that are not in the truth
    extra_scene: int = 0  # of those, the ones that show the same camera at another time
    hits: int = 0  # queries with any match
    same: int = 0  # queries with a match called the same footage
    ends: list[float] = field(default_factory=list)  # seconds by which an end missed
    offsets: list[float] = field(default_factory=list)  # and the reference's time

    @property
    def f1(self) -> float:
        return 2 * self.found / max(1, self.wanted + self.found + self.extra)


def count(sums: Sums, one: dict[str, Any], found: list[Match]) -> None:
    """Pair the truth's segments with the matches that cover most of them."""
    sums.queries += 1
    sums.hits += bool(found)
    claimed = [match for match in found if match.kind != SAME_SCENE]
    sums.same += any(match.kind == SAME_FOOTAGE for match in found)
    used: set[int] = set()
    for segment in one["segments"]:
        sums.wanted += 1
        rated = [
            (cover(match, segment), number)
            for number, match in enumerate(claimed)
            if number not in used and match.reference == segment["reference"]
        ]
        best, number = max(rated, default=(0.0, -1))
        if best < IOU:
            continue
        match = claimed[number]
        used.add(number)
        sums.found += 1
        sums.undecided += match.kind != SAME_FOOTAGE
        sums.ends += [abs(getattr(match, end) - segment[end]) for end in ("query_start", "query_end")]
        middle = (max(match.query_start, segment["query_start"]) + min(match.query_end, segment["query_end"])) / 2
        own = match.reference_start + (middle - match.query_start) * match.speed
        right = segment["reference_start"] + (middle - segment["query_start"]) * segment["speed"]
        sums.offsets.append(abs(own - right))
    extra = [match for n, match in enumerate(claimed) if n not in used and match.kind == SAME_FOOTAGE]
    cameras = {segment["reference"].rsplit("_", 1)[0] for segment in one["segments"]}
    cameras |= {name.rsplit("_", 1)[0] for name in one["same_camera"]}
    sums.extra += len(extra)
    sums.extra_scene += sum(match.reference.rsplit("_", 1)[0] in cameras for match in extra)


def cover(match: Match, segment: dict[str, Any]) -> float:
    """Intersection over union of the query's time."""
    both = min(match.query_end, segment["query_end"]) - max(match.query_start, segment["query_start"])
    either = max(match.query_end, segment["query_end"]) - min(match.query_start, segment["query_start"])
    return max(0.0, both) / either
