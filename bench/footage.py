"""Where has this been seen before? Purport beside perceptual hashes on queries with an exact truth. Prints Markdown.

    scripts/bench footage [--work DIR] [--share N] [--only EDIT;EDIT] [--seed N]

Queries are made by bench/footage_set.py from `$PURPORT_DATA/footage/clips` and kept in --work, so that a second run
does not make them again. Peers: pdqhash at two pictures a second, by the rule that HMA ships for vPDQ (80 % of the
query's pictures within 31 bits, quality 50 and more) and by its kindest reading (any picture); imagehash's pHash and
dHash, any picture within 10 of 64 bits.

Cost is in seconds of one core; the yardstick is decoding the same files and taking two pictures a second. The library
is padded to over an hour with the references' prints whose patterns are exchanged: lists are as long as in life.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import cv2
import faiss
import imagehash
import numpy as np
import pdqhash
from numpy.typing import NDArray
from PIL import Image

from footage_score import Folder, Sums, count
from purport.core.matches import SAME_FOOTAGE, Match
from purport.footage.find import matches
from purport.footage.frames import Footage, Grey
from purport.footage.index import Index, open_index
from purport.footage.prints import LOOKS, Beat, Marks, Prints, take
from purport.footage.sketch import sketch

HERE = Path(__file__).parent
NEAR_PDQ, GOOD_PDQ, MOST_PDQ = 31, 50, 0.8
NEAR_HASH = 10
HOUR = 3600.0


def main() -> None:
    arguments = parse()
    work = arguments.work or Path(tempfile.mkdtemp(prefix="purport-footage-"))
    say(f"making queries in {work}")
    maker = [sys.executable, str(HERE / "footage_set.py"), "--data", str(arguments.data), "--out", str(work)]
    maker += ["--seed", str(arguments.seed)]
    subprocess.run(maker, check=True, stdout=subprocess.DEVNULL)
    truth = [json.loads(line) for line in (work / "truth.jsonl").read_text().splitlines()]
    kinds: dict[str, list[dict[str, Any]]] = {}
    for one in truth:
        kinds.setdefault(one["edit"], []).append(one)
    if arguments.only:
        kinds = {kind: kinds[kind] for kind in arguments.only.split(";")}
    index, hours, size = library(work)
    peers = [Peer(name, *rule) for name, rule in PEERS.items()]
    for number, file in enumerate(references(work)):
        say(f"peers: reference {number + 1}")
        for peer in peers:
            peer.learn(file)
    rows: dict[str, tuple[Sums, dict[str, Sums]]] = {}
    costs: dict[str, Cost] = {}
    for kind, queries in kinds.items():
        sums, theirs, spent = Sums(), {peer.name: Sums() for peer in peers}, Cost()
        some = [(one, work / "queries" / one["query"]) for one in queries[:: arguments.share]]
        for one, file in some:  # each by itself: hashes in between would empty the processor's cache
            spent.decode += timed(lambda file=file: looks_of(file))[0]
            took, query = timed(lambda file=file: sketch(file))
            spent.sketch += took
            took, found = timed(lambda query=query: matches(query, index))
            spent.search += took
            spent.seconds += query.prints.duration
            count(sums, one, [match for match in found if not match.reference.startswith("other-")])
            if any(match.reference.startswith("other-") for match in found):
                sums.extra += 1
        for one, file in some:
            looks = looks_of(file)
            took, hashes = timed(lambda looks=looks: [pdq(look) for _, look in looks])
            spent.pdqhash += took
            for peer in peers:
                count(theirs[peer.name], one, peer.find(looks, hashes))
        rows[kind], costs[kind] = (sums, theirs), spent
        say(f"{kind}: {sums.found} of {sums.wanted} found, {sums.extra} extra")
    print(environment(truth, arguments.share))
    print()
    quality(rows, peers, costs)
    print()
    cost(costs, hours, size)


@dataclass(slots=True)
class Cost:
    """Seconds of one core for some queries, and how long those are."""

    decode: float = 0.0
    pdqhash: float = 0.0
    sketch: float = 0.0
    search: float = 0.0
    seconds: float = 0.0

    @property
    def over(self) -> float:
        """All that Purport does, over decoding."""
        return (self.sketch + self.search) / self.decode


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    data = os.environ.get("PURPORT_DATA", "")
    parser.add_argument("--data", type=Path, default=Path(data), help="folder with footage/clips")
    parser.add_argument("--work", type=Path, help="where queries are made and kept (default: made anew, in /tmp)")
    parser.add_argument("--share", type=int, default=1, help="every which query of each kind")
    parser.add_argument("--seed", type=int, default=0, help="another draw of queries; no bound was set on any but 0")
    parser.add_argument("--only", default="", help="kinds of query, with semicolons")
    arguments = parser.parse_args()
    if not (arguments.data / "footage" / "clips").is_dir():
        parser.error(f"no footage/clips in {arguments.data}: give --data or PURPORT_DATA")
    return arguments


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of this process's cores, and what the work gave."""
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def references(work: Path) -> list[Path]:
    return sorted((work / "references").glob("*.mp4"))


def library(work: Path) -> tuple[Index, float, float]:
    """The index over references and padding, its hours of video, and its size in MB an hour."""
    folder = work / "library"
    folder.mkdir(exist_ok=True)
    duration = 0.0
    for file in references(work):
        kept = folder / f"{file.stem}.prints"
        if not kept.exists():
            say(f"prints of {file.stem}")
            take(file).save(kept)
        duration += Prints.load(kept).duration
    own, number = duration, 0
    size = sum(file.stat().st_size for file in folder.glob("[!o]*.prints")) / 1e6 / (own / HOUR)
    while duration < HOUR:
        for file in references(work):
            kept = folder / f"other-{number:03}.prints"
            prints = Prints.load(folder / f"{file.stem}.prints")
            if not kept.exists():
                strange(prints, number).save(kept)
            duration += prints.duration
            number += 1
    index = open_index(Folder(folder), folder / "index.npz")
    for release in range(len(index)):
        index.prints(release)
    return index, duration / HOUR, size


def strange(prints: Prints, number: int) -> Prints:
    """The same prints with other patterns: as many and as like one another as those, but like no other footage's."""
    chance = np.random.default_rng(number)
    mask = chance.integers(0, 256, (1, 32), dtype=np.uint8)
    marks = Marks(prints.marks.patterns ^ mask, prints.marks.places, prints.marks.looks)
    hashes = np.where(prints.hashes == 0, prints.hashes, prints.hashes ^ chance.integers(0, 2**63, dtype=np.uint64))
    facts = {name: getattr(prints, name) for name in ("duration", "width", "height", "times", "cell_times", "cells")}
    return Prints(**facts, hashes=hashes, marks=marks, cuts=prints.cuts, pdq=prints.pdq, quality=prints.quality)


def looks_of(file: Path) -> list[tuple[float, Grey]]:
    """Two pictures a second, and nothing done with them."""
    beat = Beat(LOOKS)
    return [(picture.time, picture.grey.copy()) for picture in Footage(file) if beat.due(picture.time)]


Hash = NDArray[np.uint64]


def pdq(look: Grey) -> tuple[Hash, int]:
    vector, quality = pdqhash.compute(np.repeat(look[..., None], 3, axis=2))
    return np.packbits(vector).view(np.uint64), quality


def small_hash(kind: Callable[[Any], Any]) -> Callable[[Grey], tuple[Hash, int]]:
    def made(look: Grey) -> tuple[Hash, int]:
        return np.packbits(kind(Image.fromarray(look)).hash.ravel()).view(np.uint64), 100

    return made


# name -> what hashes a picture, how near is alike, what share of the query's pictures must be
PEERS: dict[str, tuple[Any, int, float]] = {
    "vPDQ as shipped": (None, NEAR_PDQ, MOST_PDQ),
    "vPDQ, any picture": (None, NEAR_PDQ, 0.0),
    "pHash, any picture": (small_hash(imagehash.phash), NEAR_HASH, 0.0),
    "dHash, any picture": (small_hash(imagehash.dhash), NEAR_HASH, 0.0),
}


class Peer:
    """Hashes of pictures, two a second; pictures alike that follow one another are a segment."""

    def __init__(self, name: str, hasher: Any, near: int, share: float) -> None:
        self.name, self._hasher, self._near, self._share = name, hasher, near, share
        self._known: list[tuple[str, Hash, list[float]]] = []

    def learn(self, file: Path) -> None:
        looks = looks_of(file)
        made = [(self._hasher or pdq)(look) for _, look in looks]
        kept = [number for number, (_, quality) in enumerate(made) if quality >= GOOD_PDQ]
        if kept:
            self._known.append((file.stem, np.stack([made[n][0] for n in kept]), [looks[n][0] for n in kept]))

    def find(self, looks: list[tuple[float, Grey]], hashes: list[tuple[Hash, int]]) -> list[Match]:
        made = [self._hasher(look) for _, look in looks] if self._hasher else hashes
        good = [number for number, (_, quality) in enumerate(made) if quality >= GOOD_PDQ]
        found: list[Match] = []
        for name, known, times in self._known:
            alike = []
            for number in good:
                distances = np.bitwise_count(known ^ made[number][0]).sum(-1, dtype=np.int64)
                if distances.min() <= self._near:
                    alike.append((number, times[int(distances.argmin())]))
            if alike and len(alike) >= self._share * len(good):
                found += self._segments(name, alike, looks)
        return found

    def _segments(self, name: str, alike: list[tuple[int, float]], looks: list[tuple[float, Grey]]) -> Iterator[Match]:
        start = 0
        for at in range(1, len(alike) + 1):
            if at == len(alike) or alike[at][0] > alike[at - 1][0] + 2:
                (first, there), (last, _) = alike[start], alike[at - 1]
                begin, end = looks[first][0], looks[last][0] + 1 / LOOKS
                yield Match(
                    query="",
                    reference=name,
                    query_start=begin,
                    query_end=end,
                    reference_start=there,
                    reference_end=there + end - begin,
                    speed=1.0,
                    mirrored=False,
                    kind=SAME_FOOTAGE,
                    score=1.0,
                )
                start = at


def quality(rows: dict[str, tuple[Sums, dict[str, Sums]]], peers: list[Peer], costs: dict[str, Cost]) -> None:
    names = [peer.name for peer in peers]
    own = "**Purport** found | of them undecided | end, median s | reference, median s | cost over decoding"
    print(f"| query | n | {' | '.join(names)} | {own} |")
    print("|---|---|" + "---|" * (len(names) + 5))
    for kind, (sums, theirs) in rows.items():
        if not sums.wanted:
            continue
        if kind.startswith("compilation"):
            cells = [f"F1 {100 * theirs[name].f1:.0f} %" for name in names]
            own = f"**F1 {100 * sums.f1:.1f} %** ({sums.found} of {sums.wanted}, {sums.extra} extra)"
        else:
            cells = [f"{100 * theirs[name].found / sums.wanted:.0f} %" for name in names]
            own = f"**{100 * sums.found / sums.wanted:.0f} %**"
        middle = [f"{statistics.median(one):.2f}" if one else "–" for one in (sums.ends, sums.offsets)]
        cells += [own, str(sums.undecided), *middle, f"{costs[kind].over:.1f}×"]
        print(f"| {kind} | {sums.queries} | {' | '.join(cells)} |")
    print()
    print(
        f"| not in the library | n | {' | '.join(names)} | **Purport**: same footage | any match | cost over decoding |"
    )
    print("|---|---|" + "---|" * (len(names) + 3))
    for kind, (sums, theirs) in rows.items():
        if not sums.wanted:
            cells = [f"{theirs[name].same} of {sums.queries}" for name in names]
            cells += [f"**{sums.same}**", str(sums.hits), f"{costs[kind].over:.1f}×"]
            print(f"| {kind} | {sums.queries} | {' | '.join(cells)} |")
    ends = [end for sums, _ in rows.values() for end in sums.ends]
    extra, scene = (sum(getattr(sums, name) for sums, _ in rows.values()) for name in ("extra", "extra_scene"))
    if ends:
        middle, late = statistics.median(ends), np.percentile(ends, 90)
        print(f"\nEnds of segments: median {middle:.3f} s, 90th percentile {late:.2f} s.")
    print(f"Called the same footage beside the truth: {extra}, of them {scene} by the same camera at another time.")


def cost(costs: dict[str, Cost], hours: float, size: float) -> None:
    whole = Cost(*(sum(getattr(one, part.name) for one in costs.values()) for part in fields(Cost)))
    title = f"seconds of one core for a minute of query, library of {hours:.2f} h ({size:.0f} MB an hour)"
    print(f"| {title} | | over decoding |")
    print("|---|---|---|")
    rows = {
        "decoding, two pictures a second (yardstick)": whole.decode,
        "the same and pdqhash, without search": whole.decode + whole.pdqhash,
        "**Purport**: decoding and fingerprints": whole.sketch,
        "**Purport**: decoding, fingerprints and search": whole.sketch + whole.search,
    }
    for name, value in rows.items():
        print(f"| {name} | {60 * value / whole.seconds:.2f} | {value / whole.decode:.2f}× |")


def environment(truth: list[Any], share: int) -> str:
    versions = f"OpenCV {cv2.__version__}, faiss {faiss.__version__}"
    return (
        f"{len(truth)} queries (every {share}.), {os.cpu_count()} cores of which one is used, {platform.machine()}, "
        f"Python {platform.python_version()}; {versions}; load average at the end {os.getloadavg()[0]:.1f}."
    )


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    cv2.setNumThreads(1)
    faiss.omp_set_num_threads(1)
    main()
