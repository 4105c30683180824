"""One reader in a process of its own, so that its memory is its own: started by attribution.py, not by hand.

    python bench/worker.py PEER DOCUMENTS.jsonl PREDICTIONS.jsonl

Loads the reader, reads all documents once (which gives the predictions), prints "ready", then takes a turn for every
line on standard input: reads them once to warm up, again and again for TURN seconds at least, and prints the seconds
that a pass took. At the end of input: the peak memory in MiB.
"""

import json
import resource
import sys
import time
from pathlib import Path

from peers import load

TURN = 10.0  # seconds at least, since a quick reader's single pass meets the machine in one of its moods


def main() -> None:
    name, documents_path, predictions_path = sys.argv[1:]
    documents = [json.loads(line) for line in Path(documents_path).read_text(encoding="utf-8").splitlines()]
    documents = [{"id": document["id"], "text": document["text"]} for document in documents]  # no peeking at gold
    read = load(name)
    with Path(predictions_path).open("w", encoding="utf-8") as out:
        for prediction in read(documents):
            out.write(json.dumps(prediction) + "\n")
    print("ready", flush=True)
    for _ in sys.stdin:
        read(documents)  # while others had their turns its memory went cold, and this one takes longer
        start, passes = time.perf_counter(), 0
        while not passes or time.perf_counter() - start < TURN:
            read(documents)
            passes += 1
        print((time.perf_counter() - start) / passes, flush=True)
    print(peak(), flush=True)


def peak() -> float:
    """Peak resident memory in MiB: this process, and those that it started, which live on or have ended."""
    unit = 2**20 if sys.platform == "darwin" else 2**10  # ru_maxrss is bytes there, kibibytes on Linux
    own, ended = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + ended) / unit + sum(map(_high_water, _children()))


def _children() -> list[str]:
    """The numbers of the processes that this one started and that live, where the system tells."""
    return [number for path in Path("/proc/self/task").glob("*/children") for number in path.read_text().split()]


def _high_water(number: str) -> float:
    """The peak of a process's resident memory in MiB."""
    lines = Path("/proc", number, "status").read_text().splitlines()
    return next((int(line.split()[1]) / 2**10 for line in lines if line.startswith("VmHWM:")), 0.0)


if __name__ == "__main__":
    main()
