"""Bulk reading is killed (kill -9) at any moment; the same command again makes what it would have made without that."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from bulk_samples import archive
from faults import Tally
from victims import Victims, acknowledged

TABLES = ("claims", "reports", "gaps")
TOWNS = ("Ostrel", "Karrow", "Sarrat", "Omal", "Dolva", "Kest")


def crawl(folder: Path, files: int) -> None:
    """Web archives of two pages each, one of which is cut off."""
    for number in range(files):
        archive(folder / "crawl" / f"{number}.warc.gz", TOWNS[number % 6], f"Port {number}")
    (cut := folder / "crawl" / "0.warc.gz").write_bytes(cut.read_bytes()[:-100])


def tables(out: Path) -> dict[str, Counter[str]]:
    """The rows of each table, by its file, each as often as it is there. Raises what a broken file does."""
    return {
        f"{table}/{path.name}": Counter(map(_without_time, pq.read_table(path).to_pylist()))
        for table in TABLES
        for path in (out / table).glob("*.parquet")
    }


def _without_time(row: dict[str, Any]) -> str:
    return json.dumps(row | {"seen": "", "noticed": "", "at": ""}, default=str, sort_keys=True)


def left(out: Path) -> list[str]:
    """What lies there beside tables and receipts."""
    return [path.name for path in out.rglob("*") if path.is_file() and path.suffix not in (".parquet", ".json")]


def test_a_bulk_run_that_is_killed_goes_on_and_makes_the_same_tables(
    victims: Victims, tmp_path: Path, tally: Tally
) -> None:
    chance = random.Random(15)
    crawl(tmp_path, 5)
    (tmp_path / "whole").mkdir()
    whole = victims.do(tmp_path, "bulk", out="whole")
    assert whole.get("found") == [False] * 5, whole
    made, calls = tables(tmp_path / "whole"), 300_000
    assert len(made) == 15 and sum(rows.total() for name, rows in made.items() if name.startswith("reports/")) >= 9
    for round in range(tally.many(4)):
        out = tmp_path / f"killed-{round}"
        out.mkdir()
        for turn in range(4):  # four kills of the same run, then to its end
            kill = {"at": chance.randint(1, calls)} if turn % 2 else {"after": chance.uniform(0.01, 0.2)}
            before = acknowledged(out)
            told = victims.do(tmp_path, "bulk", out=out.name, **kill)
            assert "error" not in told, told
            if told["killed"]:
                tally("kill -9 while reading in bulk")
            elif "at" in kill:
                calls = max(1, min(calls, told["calls"]))
            found = tables(out)  # each of them is whole
            assert all(found[one] == made[one] for one in found)
            assert {f"{table}/{name}.parquet" for table in TABLES for name in before} <= {*found}
        told = victims.do(tmp_path, "bulk", out=out.name)
        assert told.get("found") is not None, told
        assert tables(out) == made
        assert sorted(path.stem for path in (out / "done").iterdir() if path.suffix == ".json") == names(made)


def names(made: dict[str, Any]) -> list[str]:
    return sorted(one.partition("/")[2].removesuffix(".parquet") for one in made if one.startswith("reports/"))


def test_the_command_that_is_killed_goes_on(tmp_path: Path, tally: Tally) -> None:
    """As people type it, with the reader of the package: killed once its first file is done."""
    crawl(tmp_path, 6)
    command = (sys.executable, "-c", "from purport.cli import main; main()", "bulk", "read", "crawl", "--json", "--out")

    def run(out: str) -> list[dict[str, Any]]:
        done = subprocess.run((*command, out), cwd=tmp_path, capture_output=True, text=True, timeout=280, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    run("whole")
    made = tables(tmp_path / "whole")
    process = subprocess.Popen((*command, "killed"), cwd=tmp_path, stdout=subprocess.PIPE)
    try:
        assert process.stdout
        first = json.loads(process.stdout.readline())
        time.sleep(random.Random(16).uniform(0.0, 0.03))
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL, "it was done before it could be killed"
    finally:
        process.kill()
        process.communicate()
    tally("kill -9 while reading in bulk")
    found = tables(tmp_path / "killed")
    assert found and all(found[one] == made[one] for one in found)
    again = run("killed")
    assert {line["name"] for line in again if line["known"]} >= {first["name"]}
    assert [line for line in again if not line["known"]], "it was killed in the middle"
    assert tables(tmp_path / "killed") == made and not left(tmp_path / "killed")
