"""One reader in a process of its own, so that its memory is its own: started by attribution.py, not by hand.

    python bench/worker.py PEER DOCUMENTS.jsonl PREDICTIONS.jsonl

Loads the reader, reads all documents once (that warms it up and gives the predictions), prints "ready", then reads them
again for every line on standard input and prints the seconds it took. At the end of input: the peak memory in MiB.
"""

import json
import resource
import sys
import time
from pathlib import Path

from peers import load


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
        start = time.perf_counter()
        read(documents)
        print(time.perf_counter() - start, flush=True)
    print(peak(), flush=True)


def peak() -> float:
    """Peak resident memory in MiB: this process, and the largest that it started beside it."""
    unit = 2**20 if sys.platform == "darwin" else 2**10  # ru_maxrss is bytes there, kibibytes on Linux
    own, children = (resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + children) / unit


if __name__ == "__main__":
    main()
