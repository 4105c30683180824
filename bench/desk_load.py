"""How long each page of the desk takes on a large ledger, asked by several people at once over loopback.

    python bench/desk_load.py --ledger big.db --reports 100000           makes the ledger if it is not there, then asks
    python bench/desk_load.py --ledger big.db --users 1 --pause 0        one after the other, as fast as it goes

The ledger holds invented news (`bench/big_ledger.py`): twenty claims a report, stories, what ninety sources
were asked and when they failed. The desk is `purport desk`, in a process of its own. Each user opens pages in
turn, by chance, and reads a while between two (`--pause`, seconds on average). Before that every kind of page is opened
once. Some stories were traced before, as the desk does by itself with the latest ones. Milliseconds are those of the
whole answer as the browser sees it; the seconds of processor time of the desk and its workers are given beside, since a
machine that does other work, too, makes people wait for that.
"""

import argparse
import http.client
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path

from big_ledger import News, fill
from purport import app
from purport.core.ids import make_id
from purport.core.stories import Placed, story_id
from purport.core.watching import Listed, Visit
from purport.edges.copybook import FileCopybook
from purport.edges.sqlite import open_sqlite
from purport.ledger import Book, View
from purport.ledger.joins import Joins
from purport.read.quotes import inside
from purport.trace.copies import AT_ONCE, VERSION, Copies
from purport.trace.shingles import Index, words_of
from purport.wiring import Config, open_house

CLAIMS = 20
SOURCES = 90
LOOKS = 400  # at each source
AGAIN = 10  # stories that are opened again and again
BEFORE = 400  # stories that were traced before
SOUGHT = 1000  # reports, claims and stories that are opened, drawn from all
SEED = 3
WAIT = 600  # seconds for the desk to open
QUANTUM = os.sysconf("SC_CLK_TCK")


def make(path: Path, count: int) -> None:
    engine, began = open_sqlite(f"sqlite:///{path}"), time.perf_counter()
    view, book = View(engine), Book(engine)
    for held in fill(book, News(CLAIMS, reports=count), count, batch=1000) if not view.sizes()["reports"] else ():
        if held % 10_000 == 0:
            print(f"{held:,} reports, {time.perf_counter() - began:.0f} s", flush=True)
    if not any(True for _ in Joins(engine).moves()):
        place(Joins(engine), view)
    if next(view.standings(), None) is None:
        watch(book, News(reports=count), count)
    kept = FileCopybook(str(path.with_suffix(".copies")), VERSION)
    if len(kept.reports()) < count:
        compare(kept, view, chosen(count, random.Random(SEED)))
        print(f"compared, {time.perf_counter() - began:.0f} s", flush=True)
    engine.dispose()


def compare(kept: FileCopybook, view: View, sought: Sequence[str]) -> None:
    """Those that will be opened come last and are compared with all others. The words of the others are booked as if
    they had nothing in common, since comparing them takes hours and nobody asks."""
    kept.clear()
    late, index = set(sought), Index()
    coming = (report for report in view.reports() if report.id not in late)
    while some := list(islice(coming, AT_ONCE)):
        kept.add(index.add([report.id for report in some], words_of([report.text for report in some])), ())
    copies = Copies(view.report, lambda report: inside(report.text), index=index)
    for booked, found in copies.batches(view.some(sought)):
        kept.add(booked, found)


def chosen(count: int, dice: random.Random) -> list[str]:
    """The reports that are opened, by their ids."""
    return [make_id("report", number) for number in dice.sample(range(count), min(SOUGHT, count))]


def trace(path: Path, stories: Sequence[str]) -> None:
    """Stories by the ids of reports in them, traced and kept."""
    house, began = open_house(Config(ledger=f"sqlite:///{path}")), time.process_time()
    for story in stories:
        next(app.traced(house, (story,)))
    spent = time.process_time() - began
    print(f"{len(stories)} stories traced before, {1000 * spent / len(stories):.0f} ms of a processor each")


def place(joins: Joins, view: View) -> None:
    """Reports of one event are of one story: grouping a hundred thousand would take the encoder an hour."""
    first: dict[str, str] = {}
    moved = []
    for report in view.reports():
        began = first.setdefault(report.title.split(",")[0], report.id)
        how = "began" if began == report.id else "joined"
        moved.append(Placed(make_id("placed", report.id), report.id, story_id(began), how))
    for start in range(0, len(moved), 5000):
        joins.place(moved[start : start + 5000])


def watch(book: Book, news: News, count: int) -> None:
    """Each report's page was listed and looked at once; each source many times, of which one in fifteen failed."""
    items, looks = [], []
    for number in range(count):
        source, at = f"Source {number % SOURCES}", news.when(number)
        url = f"https://news-{number % SOURCES}.example/{number}"
        item = Listed(id=make_id("listed", number), source=source, key=url, url=url, seen=at)
        fails = number % 40 == 0
        items.append(item)
        looks.append(
            Visit(
                id=make_id("visit", number), source=source, url=url, item=item.id, at=at,
                outcome="failed" if fails else "new", cause="timeout" if fails else "", tries=int(fails),
                capture="" if fails else make_id("capture", number), next=at + timedelta(days=1),
            )
        )  # fmt: skip
    for start in range(0, count, 5000):
        book.add(listed=items[start : start + 5000], visits=looks[start : start + 5000])
    for source in range(SOURCES):
        book.add(visits=list(_looks(source, news)))


def _looks(source: int, news: News) -> Iterator[Visit]:
    tries = 0
    for look in range(LOOKS):
        at = news.when(news.reports * look // LOOKS)
        tries = tries + 1 if (look + source) % 15 == 0 or (tries and (look + source) % 15 < 3) else 0
        yield Visit(
            id=make_id("visit", "source", source, look), source=f"Source {source}",
            url=f"https://news-{source}.example/feed", at=at, outcome="failed" if tries else "same",
            cause="timeout" if tries else "", detail="It did not answer in time." if tries else "", tries=tries,
            looks=look, next=at + timedelta(hours=1),
        )  # fmt: skip


def addresses(view: View, dice: random.Random) -> dict[str, list[str]]:
    """What people open, by kinds of pages."""
    sizes = view.sizes()
    reports = chosen(sizes["reports"], dice)
    claims = [one.id for some in view.claims_of(reports).values() for one in dice.sample(some, 1)]
    found = list(view.some(reports))
    rare = [dice.choice(one.text.rstrip(".").split(", ")[-1].split()) for one in found]
    places = [re.findall(r"of ([A-Z]\w+)", one.title)[0] for one in found]
    months = [f"since={one.published[0].start:%Y-%m}-01&until={one.published[0].start:%Y-%m}-28" for one in found]
    phrases = ["+".join(dice.choice(one.text.split(". ")).split()[4:8]) for one in found]
    return {
        "Today": ["/"],
        "Today, older": [f"/?before={dice.randrange(100, sizes['reports'])}" for _ in reports],
        "Stories": ["/stories"],
        "Story, never traced": [f"/story/{id}" for id in reports[BEFORE:]],
        "Story, traced before": [f"/story/{id}" for id in reports[:BEFORE]],
        "Story, opened again": [f"/story/{id}" for id in reports[:AGAIN]],
        "Report": [f"/report/{id}" for id in reports],
        "Report, copies": [f"/report/{id}?copies=1" for id in reports],
        "Claim": [f"/claim/{id}" for id in claims],
        "Search, a word": [f"/search?words={word}" for word in rare],
        "Search, a place": [f"/search?words={place}" for place in places],
        "Search, a phrase": [f"/search?words=%22{phrase}%22" for phrase in phrases],
        "Search, a month": [f"/search?words={word}&{month}" for word, month in zip(rare, months, strict=True)],
        "Search, common": ["/search?words=said", "/search?words=bridge+closed&act=deny", "/search?act=deny"],
        "Releases": ["/releases"],
        "Sources": ["/sources"],
        "Gaps": ["/gaps", "/gaps?cause=timeout"],
        "Custody": ["/custody"],
    }


class Desk:
    """`purport desk` on a port of loopback."""

    def __init__(self, path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-c", "from purport.cli import main; main()", "desk", "--port", str(port)]
        self.process = subprocess.Popen(
            [*command, "--ledger", f"sqlite:///{path}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.port, until = port, time.monotonic() + WAIT
        while True:
            try:
                self.ask("/static/sign.svg")
                return
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
                time.sleep(0.1)

    def ask(self, address: str) -> tuple[float, int, int]:
        """Milliseconds, status and bytes."""
        before = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", address, headers={"accept-encoding": "gzip"})
        answer = connection.getresponse()
        size = len(answer.read())
        connection.close()
        return 1000 * (time.perf_counter() - before), answer.status, size

    def worked(self) -> float:
        """Seconds of processor time so far, of the desk and its workers."""
        return sum(map(_worked, [self.process.pid, *self.workers()])) / QUANTUM

    def workers(self) -> list[int]:
        return [int(pid) for path in self._tasks() for pid in path.read_text().split()]

    def _tasks(self) -> Iterator[Path]:
        return Path(f"/proc/{self.process.pid}/task").glob("*/children")

    def settle(self) -> None:
        """Wait until it does nothing that nobody asked for."""
        before, until = -1.0, time.monotonic() + WAIT
        while (now := self.worked()) - before > 0.05 and time.monotonic() < until:
            before = now
            time.sleep(1)


def _worked(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has just ended
        return 0
    return int(fields[11]) + int(fields[12])


def load(desk: Desk, wanted: dict[str, list[str]], users: int, seconds: float, pause: float) -> None:
    times: dict[str, list[float]] = defaultdict(list)
    sizes: dict[str, list[int]] = defaultdict(list)
    work: dict[str, float] = {}
    desk.settle()
    failed: list[str] = []
    print(f"{'':22}{'first ms':>10}{'alone ms':>10}{'CPU ms':>8}")
    for kind, some in wanted.items():
        first = desk.ask(some[0])[0]
        before, alone = desk.worked(), [desk.ask(address)[0] for address in some[1:21] or some * 5]
        work[kind] = 1000 * (desk.worked() - before) / len(alone)
        print(f"{kind:22}{first:10.0f}{statistics.median(alone):10.0f}{work[kind]:8.0f}", flush=True)
    until = time.monotonic() + seconds

    def user(seed: int) -> None:
        dice = random.Random(seed)
        if pause:  # they come as they read: not all in one moment
            time.sleep(dice.expovariate(1 / pause))
        while time.monotonic() < until:
            kind = dice.choice(list(wanted))
            address = dice.choice(wanted[kind])
            spent, status, size = desk.ask(address)
            times[kind].append(spent)
            sizes[kind].append(size)
            if status != 200:
                failed.append(f"{status} {address}")
            if pause:
                time.sleep(dice.expovariate(1 / pause))

    before = desk.worked()
    threads = [threading.Thread(target=user, args=(seed,)) for seed in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = desk.worked() - before
    every = sorted(one for some in times.values() for one in some)
    print(f"\n{users} users, {pause:g} s between two pages, {len(every)} pages in {seconds:.0f} s", end="; ")
    print(f"{spent / seconds:.2f} cores used by the desk; load average {os.getloadavg()[0]:.1f}")
    print(f"{'':22}{'asked':>7}{'median ms':>11}{'p99 ms':>9}{'kB':>7}")
    for kind, some in times.items():
        row = f"{kind:22}{len(some):7}{statistics.median(some):11.0f}{_p99(sorted(some)):9.0f}"
        print(f"{row}{max(sizes[kind]) / 1000:7.0f}")
    print(f"{'all':22}{len(every):7}{statistics.median(every):11.0f}{_p99(every):9.0f}")
    for one in failed[:5]:
        print("failed", one)


def _p99(ordered: list[float]) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ledger", type=Path, required=True, help="the file; made if it is not there")
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=2.0)
    options = parser.parse_args()
    path = options.ledger.absolute()
    make(path, options.reports)
    engine = open_sqlite(f"sqlite:///{path}")
    view, dice = View(engine), random.Random(SEED)
    wanted = addresses(view, dice)
    print(", ".join(f"{count:,} {name}" for name, count in view.sizes().items()))
    engine.dispose()
    trace(path, [address.rpartition("/")[2] for address in wanted["Story, traced before"]])
    desk = Desk(path)
    try:
        load(desk, wanted, options.users, options.seconds, options.pause)
    finally:
        desk.process.terminate()
        desk.process.wait()


if __name__ == "__main__":
    main()
