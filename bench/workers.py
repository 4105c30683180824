"""Reading by workers over one PostgreSQL: one process, two processes, more and more reports. Prints Markdown.

    scripts/bench workers                          1,000 invented reports, 1 and 2 workers
    scripts/bench workers 1000 10000

The reports are kept and handed over first, which is timed apart. Then so many workers of one thread each read them:
timed is from the first order that was begun to the last that was done, as the server's clock has it; each worker loads
its model in that time. The server is Debian's, as it comes, on the same machine, and its processor time is told.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

import invented
from ledger import Work
from purport.edges.ledgers import open_ledger

RUN = (sys.executable, "-c", "from purport.cli import main; main()")
SPAN = """SELECT extract(epoch FROM max(at) - min(at))::float, count(*) FILTER (WHERE type = 'succeeded')
FROM procrastinate_events WHERE type IN ('started', 'succeeded')"""


class Run(NamedTuple):
    reports: int
    workers: int
    seconds: float
    processor: float  # seconds, of the workers
    server: float  # seconds, of the database
    handed: float  # seconds that it took to keep the reports and hand them over


@contextmanager
def server() -> Iterator[str]:
    """A throwaway PostgreSQL that keeps what it says (fsync on); the address of it without a database."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    user = "postgres" if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)

    def run(*command: str | Path) -> None:
        subprocess.run(command, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)

    control = (programs / "pg_ctl", "--pgdata", folder / "data", "--silent")
    run(programs / "initdb", "-D", folder / "data", "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C")
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_wal_size=4GB"
    run(*control, "--wait", "--log", folder / "log", "--options", settings, "start")
    try:
        yield str(folder)
    finally:
        run(*control, "--mode=immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def fill(socket: str, reports: int, paragraphs: int, scratch: Path) -> float:
    """A database with so many reports, handed over and not read; seconds that took."""
    with psycopg.connect(host=socket, user="bench", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE filled_{reports}")
    lines = scratch / f"{reports}.jsonl"
    with lines.open("w", encoding="utf-8") as file:
        for number in range(reports):
            file.write(json.dumps({"id": str(number), "text": invented.report(number, paragraphs)}) + "\n")
    began = time.perf_counter()
    subprocess.run((*RUN, "read", str(lines)), cwd=scratch, env=named(socket, f"filled_{reports}"), check=True)
    return time.perf_counter() - began


def named(socket: str, database: str) -> dict[str, str]:
    url = f"postgresql+psycopg://bench@/{database}?host={socket}"
    alone = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    return {**os.environ, **alone, "PURPORT_LEDGER": url, "PURPORT_ENGINE": "jobs:"}


def measure(socket: str, reports: int, workers: int, handed: float, scratch: Path) -> Run:
    database = f"read_{reports}_{workers}"
    with psycopg.connect(host=socket, user="bench", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database} TEMPLATE filled_{reports}")
    environment = named(socket, database)
    path = "-c search_path=public,purport_jobs"
    with psycopg.connect(host=socket, user="bench", dbname=database, options=path, autocommit=True) as connection:
        # nobody begins before all are there: their orders are not due yet
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'")
        hands = [
            subprocess.Popen(
                (*RUN, "work", "--queues", "read"), cwd=scratch, env=environment, stdout=subprocess.DEVNULL
            )
            for _ in range(workers)
        ]
        there = "SELECT count(*) FROM purport_workers"
        while connection.execute(there).fetchone() != (workers,):
            time.sleep(0.1)
        engine = open_ledger(environment["PURPORT_LEDGER"])
        work = Work(engine)
        connection.execute("TRUNCATE procrastinate_events")
        before, spent = work.server(), sum(map(processor, hands))
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
        connection.execute(
            'SELECT pg_notify(\'procrastinate_queue_v1#read\', \'{"type": "job_inserted", "job_id": 0}\')'
        )
        left = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        while connection.execute(left).fetchone() != (0,):
            time.sleep(0.2)
        seconds, _ = connection.execute(SPAN).fetchone() or (0.0, 0)
        spent, served = sum(map(processor, hands)) - spent, work.server() - before
        engine.dispose()
        read = connection.execute("SELECT count(DISTINCT report), count(*) FROM readings").fetchone()
    for hand in hands:
        hand.terminate()
    for hand in hands:
        hand.wait(60)
    assert read == (reports, reports), f"each of {reports} reports is to be read once, and not {read}"
    with psycopg.connect(host=socket, user="bench", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {database}")
    return Run(reports, workers, seconds, spent, served, handed)


def processor(process: "subprocess.Popen[bytes]") -> float:
    stat = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", type=int, nargs="*", default=[1000], help="how many (default: 1,000)")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="how many at a time (default: 1 and 2)")
    parser.add_argument("--paragraphs", type=int, default=25, help="of a report (default: 25, some 4,100 characters)")
    asked = parser.parse_args()
    print("| reports | workers | seconds | reports/s | × | processor, s | of the server, s | to hand over, s |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as scratch, server() as socket:
        for reports in asked.reports:
            handed, runs = fill(socket, reports, asked.paragraphs, Path(scratch)), list[Run]()
            for workers in asked.workers:
                runs.append(one := measure(socket, reports, workers, handed, Path(scratch)))
                times = runs[0].seconds / one.seconds
                print(f"| {reports:,} | {workers} | {one.seconds:.1f} | {reports / one.seconds:.1f} | {times:.2f} | "
                      f"{one.processor:.1f} | {one.server:.1f} | {handed:.1f} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
