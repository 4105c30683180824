"""Purport beside its peers on the same documents: quality, documents per second, peak memory. Prints Markdown.

    scripts/bench                    sets up .venv-bench and runs this over PolNeAR dev
    python bench/attribution.py --data DIR --eval DIR [--rounds 5] [--only purport_reader,spacy_alone]

Each reader runs in its own process (bench/worker.py). They take turns for several rounds: a pass over all documents to
warm up, then passes for ten seconds, one at least. Speed is the median over the rounds, and the ratio to the yardstick
is the median of each round's ratio, so that what else the machine did meets all alike. Loading is not timed. Quality is
the neutral scorer's.
"""

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from peers import PEERS, YARDSTICK

HERE = Path(__file__).parent


class Worker:
    """A reader in its own process, told when to run."""

    def __init__(self, name: str, documents: Path, predictions: Path) -> None:
        command = [sys.executable, str(HERE / "worker.py"), name, str(documents), str(predictions)]
        self.name = name
        self.predictions = predictions
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._answer()

    def seconds(self) -> float:
        stdin: IO[str] = self.process.stdin  # type: ignore[assignment]
        stdin.write("go\n")
        stdin.flush()
        return float(self._answer())

    def peak(self) -> float:
        """Ends the process; its peak memory in MiB."""
        self.process.stdin.close()  # type: ignore[union-attr]
        peak = float(self._answer())
        self.process.wait()
        return peak

    def _answer(self) -> str:
        line = self.process.stdout.readline()  # type: ignore[union-attr]
        if not line:
            sys.exit(f"bench: the process of {self.name} ended early")
        return line


def main() -> None:
    arguments = parse()
    documents = arguments.data / "attribution" / "polnear_dev.jsonl"
    scorer = load_scorer(arguments.eval / "attribution_eval.py")
    gold = scorer.read_jsonl(documents)
    names = arguments.only.split(",") if arguments.only else list(PEERS)
    with tempfile.TemporaryDirectory() as scratch:
        workers = {}
        for name in names:
            say(f"loading {name}")
            workers[name] = Worker(name, documents, Path(scratch) / f"{name}.jsonl")
        times: dict[str, list[float]] = {name: [] for name in names}
        for round_number in range(arguments.rounds):
            for name in names:
                times[name].append(workers[name].seconds())
            say(f"round {round_number + 1}: " + ", ".join(f"{n} {times[n][-1]:.2f} s" for n in names))
        peaks = {name: worker.peak() for name, worker in workers.items()}
        results = {
            name: scorer.evaluate(gold, scorer.read_jsonl(worker.predictions)) for name, worker in workers.items()
        }
    print(environment(len(gold), arguments.rounds))
    print()
    print("| reader | content+source F1 | precision | recall | content F1 | exact source / cue / content span F1 |")
    print("|---|---|---|---|---|---|")
    for name in names:
        if PEERS[name][1]:
            print(quality_row(PEERS[name][0], results[name]))
    print()
    print("| reader | documents/s | over spaCy alone | peak memory, MiB |")
    print("|---|---|---|---|")
    for name in names:
        rate = statistics.median(len(gold) / seconds for seconds in times[name])
        ratio = "–"
        if YARDSTICK in times:
            pairs = zip(times[YARDSTICK], times[name], strict=True)
            ratio = f"{statistics.median(yardstick / own for yardstick, own in pairs):.2f}×"
        print(f"| {PEERS[name][0]} | {rate:.1f} | {ratio} | {peaks[name]:.0f} |")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="comma-separated: " + ", ".join(PEERS))
    return with_material(parser)


def with_material(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """The arguments, with the folders of the test material among them."""
    data, scorer = os.environ.get("PURPORT_DATA", ""), os.environ.get("PURPORT_EVAL", "")
    parser.add_argument("--data", type=Path, default=Path(data), help="folder with attribution/polnear_dev.jsonl")
    parser.add_argument("--eval", type=Path, default=Path(scorer), help="folder with attribution_eval.py")
    arguments = parser.parse_args()
    for path in (arguments.data / "attribution" / "polnear_dev.jsonl", arguments.eval / "attribution_eval.py"):
        if not path.is_file():
            parser.error(f"no {path.name} in {path.parent}: give --data and --eval, or PURPORT_DATA and PURPORT_EVAL")
    return arguments


def load_scorer(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("attribution_eval", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def environment(documents: int, rounds: int) -> str:
    names = ("purport", "spacy", "textacy", "onnxruntime")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    return (
        f"PolNeAR dev, {documents} documents, {rounds} rounds; {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}; {versions}; load average at the end {os.getloadavg()[0]:.1f}."
    )


def quality_row(title: str, result: dict[str, Any]) -> str:
    both, content = result["attribution"]["content_source"], result["attribution"]["content"]
    spans = " / ".join(f"{result['span'][role]['f1']:.3f}" for role in ("source", "cue", "content"))
    return f"| {title} | {both['f1']:.3f} | {both['p']:.3f} | {both['r']:.3f} | {content['f1']:.3f} | {spans} |"


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
