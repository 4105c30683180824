"""Which reports are copied or rewritten from each other: Purport beside MinHash LSH, and what one more report costs.

    python bench/copies.py                              both on the labelled pairs, over all texts; needs PURPORT_DATA
    python bench/copies.py --curve 1000 10000 100000    what one more report costs among so many invented ones

The job that is timed: all texts of ECB+ and FNC-1 are in memory; take each in and find what it is a copy of among those
before it. Purport gives passages, shares and signs with each pair; MinHash LSH gives the pair. MinHash LSH has the
settings that do best on the pairs for development. Seconds are those of the processor, so that what else a machine does
counts less.
"""

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from functools import partial
from itertools import product
from pathlib import Path
from typing import TypeVar

from copies_curve import Row, drawn
from copies_invented import Stories
from copies_pairs import Pair, labelled, split, texts
from purport.core.copies import COPY, KINDS, REWRITTEN, Copy
from purport.core.records import Report
from purport.read.quotes import inside
from purport.trace.copies import AT_ONCE, Copies

T = TypeVar("T")

MADE = (COPY, REWRITTEN)
BATCH = AT_ONCE
MORE = 200  # reports added one by one, to see what one costs


def report(id: str, text: str) -> Report:
    return Report(id=id, capture="", text=text, text_digest="")


def quoted(one: Report) -> bytes:
    return inside(one.text)


def find(reports: Mapping[str, Report], kinds: Collection[str] = MADE, batch: int = BATCH) -> list[Copy]:
    copies, ids = Copies(reports.__getitem__, quoted, kinds), list(reports)
    return [
        copy
        for start in range(0, len(ids), batch)
        for copy in copies.add(*(reports[id] for id in ids[start : start + batch]))
    ]


def of_labelled(pairs: list[Pair], known: Mapping[str, str]) -> set[frozenset[str]]:
    """The labelled pairs among what is found over all texts."""
    found = {frozenset((copy.a, copy.b)) for copy in find({id: report(id, text) for id, text in known.items()})}
    return found & {frozenset(pair) for pair in pairs}


def score(found: set[frozenset[str]], pairs: list[Pair]) -> tuple[float, float, float]:
    """Precision, recall and F1 of "copied or rewritten" over labelled pairs."""
    labels = labelled()
    wanted = {frozenset(pair) for pair in pairs if labels[pair] in MADE}
    given = {frozenset(pair) for pair in pairs} & found
    right = len(wanted & given)
    return right / max(1, len(given)), right / len(wanted), 2 * right / (len(wanted) + len(given))


def timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.process_time()
    done = work()
    return done, time.process_time() - start


def beside(data: Path, rounds: int) -> None:
    from peers import minhash_lsh as peer  # not needed for the curve, nor by the tests that share this file

    known = texts(data)
    development, test = split(list(labelled()))
    some = {id: known[id] for pair in development for id in pair}
    best = max(
        (
            (
                score(peer.joined(sketches.items(), settings), development)[2],
                -settings.permutations,
                threshold,
                settings,
            )
            for words, permutations in product(peer.WORDS, peer.PERMUTATIONS)
            for sketches in [{id: peer.sketch(text, words, permutations) for id, text in some.items()}]
            for threshold in peer.THRESHOLDS
            for settings in [peer.Settings(words, permutations, threshold)]
        ),
    )
    print(f"MinHash LSH at its best on the {len(development)} pairs for development (F1 {best[0]:.3f}): {best[3]}")
    reports = {id: report(id, text) for id, text in known.items()}
    jobs: dict[str, Callable[[], set[frozenset[str]]]] = {
        "MinHash LSH": lambda: peer.pairs(known, best[3]),
        f"Purport, {BATCH} at once": lambda: {frozenset((one.a, one.b)) for one in find(reports)},
        "Purport, one by one": lambda: {frozenset((one.a, one.b)) for one in find(reports, batch=1)},
        "Purport, all kinds": lambda: {frozenset((one.a, one.b)) for one in find(reports, KINDS) if one.kind in MADE},
    }
    for work in jobs.values():  # what is made once a process: tables of characters
        work()
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    found: dict[str, set[frozenset[str]]] = {}
    for _ in range(rounds):
        for name, work in jobs.items():
            found[name], spent = timed(work)
            seconds[name].append(spent)
    peer_seconds = statistics.median(seconds["MinHash LSH"])
    print(f"{len(known)} texts, {sum(map(len, known.values())) / 1e6:.1f} million characters; {len(test)} test pairs")
    print(f"{'':24}{'precision':>10}{'recall':>8}{'F1':>7}{'pairs found':>13}{'seconds':>9}{'times as fast':>15}")
    for name in jobs:
        precision, recall, f1 = score(found[name], test)
        spent = statistics.median(seconds[name])
        row = f"{name:24}{precision:10.3f}{recall:8.3f}{f1:7.3f}{len(found[name]):13}{spent:9.2f}"
        print(f"{row}{peer_seconds / spent:15.1f}")


def curve(sizes: list[int]) -> list[Row]:
    """The index grows to each size; then MORE reports are added one by one, all kinds wanted."""
    print(f"{'reports':>9}{'median ms':>11}{'95 % ms':>9}{'most ms':>9}{'index MiB':>11}{'process MiB':>13}")
    with tempfile.TemporaryFile() as file:
        stories, places = Stories(), dict[str, tuple[int, int]]()

        def opened(id: str) -> Report:
            start, size = places[id]
            return report(id, os.pread(file.fileno(), size, start).decode())

        def invented() -> Report:
            number = len(places)
            one = report(f"report-{number:06}", stories.report(number))
            data = one.text.encode()
            places[one.id] = (file.seek(0, os.SEEK_END), len(data))
            file.write(data)
            file.flush()
            return one

        copies, rows = Copies(opened, quoted), list[Row]()
        for size in sizes:
            while len(copies.index) < size:
                copies.add(*(invented() for _ in range(min(BATCH, size - len(copies.index)))))
            spent = sorted(timed(partial(copies.add, invented()))[1] * 1000 for _ in range(MORE))
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            row = f"{size:9}{spent[MORE // 2]:11.2f}{spent[MORE * 95 // 100]:9.2f}{spent[-1]:9.2f}"
            print(f"{row}{copies.index.size / 2**20:11.0f}{memory:13.0f}", flush=True)
            rows.append(Row(size, spent[MORE // 2], spent[-1]))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--curve", type=int, nargs="+", metavar="REPORTS", help="sizes, smallest first")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw the curve as SVG")
    parser.add_argument("--rounds", type=int, default=3, help="how often each job is timed; the median counts")
    options = parser.parse_args()
    if options.curve:
        rows = curve(options.curve)
        if options.picture:
            options.picture.write_text(drawn(rows), encoding="utf-8")
        return
    data = Path(os.environ.get("PURPORT_DATA", ""))
    if not (data / "copies").is_dir():
        parser.error("PURPORT_DATA must name the folder that holds copies/, events/ and stance/")
    beside(data, options.rounds)


if __name__ == "__main__":
    main()
