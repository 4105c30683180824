"""Bulk reading by a plain loop and by Ray with one worker, over the same web archives: the cost of a document.

    scripts/bench bulk                       8 archives of 40 invented pages each
    scripts/bench bulk --archives 16 --pages 60

Each way runs as a command of its own, some rounds in turn; medians are printed, as Markdown. Counted is the processor
time of the process that reads, by its receipts, without the first archive, with which the model loads. The clock of the
whole command stands beside it: receipts reach Ray's caller late, so that it can't be had file by file.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import invented

RUN = (sys.executable, "-c", "from purport.cli import main; main()")
ALONE = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
WAYS = {"plain loop": (), "Ray, one worker": ("--engine", "ray:")}


class Run(NamedTuple):
    way: str
    documents: int
    processor: float  # seconds of the process that read, for all counted files
    seconds: float  # by the clock, from the end of the first file to the end of the last
    start: float  # seconds until the first file was done


def page(number: int, paragraphs: int) -> bytes:
    title, *rest = invented.report(number, paragraphs).strip().split("\n\n")
    body = "".join(f"<p>{words}</p>" for words in rest)
    menu = "<nav><ul><li><a href='/a'>News</a></li><li><a href='/b'>Harbour</a></li></ul></nav>"
    article = f"<article><h1>{title}</h1>{body}</article>"
    return f"<html><head><title>{title}</title></head><body>{menu}{article}<footer>Wire</footer></body></html>".encode()


def record(number: int, paragraphs: int) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page(number, paragraphs)
    head = (
        "WARC/1.1",
        "WARC-Type: response",
        f"WARC-Record-ID: <urn:uuid:7f3c1d52-0000-4000-8000-{number:012}>",
        "WARC-Date: 2031-03-12T08:00:00Z",
        f"WARC-Target-URI: https://wire.example/{number}.html",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(block)}",
    )
    return gzip.compress("\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n")


def make(folder: Path, archives: int, pages: int, paragraphs: int) -> None:
    folder.mkdir()
    for archive in range(archives):
        first = archive * pages
        content = b"".join(record(first + number, paragraphs) for number in range(pages))
        (folder / f"crawl-{archive:03}.warc.gz").write_bytes(content)


def measure(way: str, crawl: Path, out: Path) -> Run:
    command = (*RUN, "bulk", "read", str(crawl), "--out", str(out), "--workers", "1", "--json", *WAYS[way])
    began = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **ALONE}
    ) as reading:
        receipts, at = [], list[float]()
        for line in reading.stdout or ():
            receipts.append(json.loads(line))
            at.append(time.perf_counter())
    assert reading.returncode == 0 and not any(one["faults"] or one["known"] for one in receipts)
    counted = receipts[1:]
    documents = sum(one["rows"]["reports"] for one in counted)
    return Run(way, documents, sum(one["processor"] for one in counted), at[-1] - at[0], at[0] - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archives", type=int, default=8)
    parser.add_argument("--pages", type=int, default=40, help="of an archive")
    parser.add_argument("--paragraphs", type=int, default=25, help="of a page (25: some 4,100 characters)")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    runs = list[Run]()
    with tempfile.TemporaryDirectory() as scratch:
        crawl = Path(scratch, "crawl")
        make(crawl, asked.archives, asked.pages, asked.paragraphs)
        for number in range(asked.rounds):
            runs += [measure(way, crawl, Path(scratch, f"out-{number}-{way[:3]}")) for way in WAYS]
    print("| | documents | processor, ms a document | × | first file done after, s | whole command, s |")
    print("|---|--:|--:|--:|--:|--:|")
    plain = 0.0
    for way in WAYS:
        mine = [run for run in runs if run.way == way]
        documents, start = mine[0].documents, statistics.median(run.start for run in mine)
        processor = statistics.median(run.processor for run in mine)
        whole = statistics.median(run.start + run.seconds for run in mine)
        plain = plain or processor
        print(
            f"| {way} | {documents:,} | {1000 * processor / documents:.1f} | {processor / plain:.2f} | {start:.1f} | "
            f"{whole:.1f} |"
        )


if __name__ == "__main__":
    main()
