"""Peak memory of `purport read --json FOLDER` over more and more reports: it must not grow with them. Prints Markdown.

    scripts/bench memory               100 and 1,000 invented reports
    scripts/bench memory 100 1000 5000

Each count is a run of the command line of its own, its memory as the system counted it (ru_maxrss of that process).
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import invented

UNIT = 2**20 if sys.platform == "darwin" else 2**10  # ru_maxrss is bytes there, kibibytes on Linux


def main() -> None:
    counts = [int(word) for word in sys.argv[1:]] or [100, 1000]
    print("| reports read | claims | seconds | reports/s | peak memory, MiB |")
    print("|---|---|---|---|---|")
    for count in counts:
        claims, seconds, peak = measure(count)
        rate = count / seconds
        print(f"| {count:,} | {claims:,} | {seconds:.1f} | {rate:.1f} | {peak:.0f} |", flush=True)


def measure(count: int) -> tuple[int, float, float]:
    """Claims printed, seconds and peak MiB of reading that many reports."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "reports"
        invented.write(folder, count)
        out = Path(scratch) / "claims.jsonl"
        command = [str(Path(sys.executable).with_name("purport")), "read", "--json", str(folder)]
        start = time.perf_counter()
        with out.open("wb") as lines:
            process = subprocess.Popen(command, stdout=lines, cwd=scratch)
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status:
            sys.exit(f"bench: {' '.join(command)} failed with exit code {os.waitstatus_to_exitcode(status)}")
        return out.read_bytes().count(b"\n"), seconds, usage.ru_maxrss / UNIT


if __name__ == "__main__":
    main()
