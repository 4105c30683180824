"""A watch is killed (kill -9) at many moments; afterwards it is as if it had never been.

The moments are chosen by progress, not by the clock: when a certain request arrives, when half of its answer is sent,
when all of it is, when the archive has grown by so many bytes, or when a certain line is printed. PURPORT_KILLS says
how many kills there are (12).
"""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
from faults import Tally
from web_samples import response, serving

from purport.edges.sqlite import open_sqlite
from purport.ledger.view import View
from purport.preserve import Torn, payload_of, records
from purport.preserve.reading import check

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2", "127.0.0.3"])
KILLS = int(os.environ.get("PURPORT_KILLS", "12"))
HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
PURPORT = (sys.executable, "-c", "from purport.cli import main; main()")
BEFORE, MIDDLE, BEHIND = "before an answer", "in its middle", "behind it"
WRITE, LINE = "while the archive is written", "at a line that is printed"
CLIP = 1_000_000  # bytes


class Site:
    """Three outlets that go on publishing, and a hand on the watch's life."""

    def __init__(self) -> None:
        self.items = 0
        self._victim: list[subprocess.Popen[str]] = []
        self._left, self._where, self._lock = 0, "", threading.Lock()

    def publish(self, some: int) -> None:
        self.items += some

    def body(self, path: str) -> bytes:
        if path == "/feed.xml":
            items = "".join(map(entry, range(self.items, 0, -1)))
            return f"<rss version='2.0'><channel><title>Outlet</title>{items}</channel></rss>".encode()
        if found := re.fullmatch(r"/item-(\d+)\.html", path):
            return page(int(found[1]))
        if found := re.fullmatch(r"/clip-(\d+)\.mp4", path):
            return clip(int(found[1]))
        return b""

    def arm(self, victim: subprocess.Popen[str], left: int, where: str) -> None:
        with self._lock:
            self._victim, self._left, self._where = [victim], left, where

    def talk(self, to: socket.socket, path: str) -> bool:
        body = self.body(path)
        sent = response(body) if body else response(b"none", "404 Not Found")
        with self._lock:
            self._left -= 1
            hit = self._left == 0 and self._where in (BEFORE, MIDDLE, BEHIND)
        if hit and self._where == MIDDLE:
            to.sendall(sent[: len(sent) // 2])
        elif not (hit and self._where == BEFORE):
            to.sendall(sent)
        if hit:
            self._victim[0].send_signal(signal.SIGKILL)
        return not hit


def entry(number: int) -> str:
    media = f"<enclosure url='/clip-{number}.mp4' type='video/mp4'/>" if has_clip(number) else ""
    return f"<item><guid>{number}</guid><title>Report {number}</title><link>/item-{number}.html</link>{media}</item>"


def has_clip(number: int) -> bool:
    return number % 3 == 0


def clip(number: int) -> bytes:
    return random.Random(number).randbytes(CLIP)


def page(number: int) -> bytes:
    """Each article another one, some of them long."""
    filling = "".join(
        f"<p>Line {n} of report {number}: the ferry left at noon and came back.</p>" for n in range(number % 7 * 40)
    )
    return (
        f"<html><head><title>Report {number}</title></head><body><article><h1>Report {number}</h1>"
        f"<p>The keeper of lock {number} said that boat {number} had passed in the night, and that nobody was hurt.</p>"
        f"<p>The harbour office denied it.</p>{filling}</article></body></html>"
    ).encode()


def killed(folder: Path, site: Site, chance: random.Random) -> str:
    """Watch until the kill; the moment of it, empty if the watch was done before."""
    where, left = chance.choice([BEFORE, MIDDLE, BEHIND, WRITE, WRITE, LINE, LINE]), chance.randint(1, 14)
    command = [*PURPORT, "watch", "sources.toml", "--json"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watch:
        site.arm(watch, left, where)
        assert watch.stdout is not None
        if where == WRITE:
            threading.Thread(target=kill_at, args=(watch, folder / "purport.warcs", left * CLIP // 5)).start()
        for number, _ in enumerate(watch.stdout, 1):
            if where == LINE and number == left:
                watch.kill()
        _, errors = watch.communicate()
    assert watch.returncode in (0, -signal.SIGKILL), errors
    return f"{where} {left}" if watch.returncode else ""


def kill_at(watch: subprocess.Popen[str], archives: Path, grown: int) -> None:
    """Kill a watch when what it keeps has grown by so many bytes."""
    before = size(archives)
    while watch.poll() is None:
        if size(archives) >= before + grown:
            watch.kill()
            return


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.warc.gz"))


def purport(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PURPORT, *words], cwd=folder, capture_output=True, text=True, check=False)


def test_after_any_kill_every_item_is_there_once_and_nothing_half(tmp_path: Path, tally: Tally) -> None:
    site, chance = Site(), random.Random(5)
    moments: Counter[str] = Counter()
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(site.talk, host)) for host in HOSTS]
        (tmp_path / "sources.toml").write_text(
            'allow_private = true\ndelay = "0s"\nagain = "never"\n'
            + "".join(f'[[sources]]\nname = "{s.host}"\nfeed = "{s.url("/feed.xml")}"\n' for s in servers)
        )
        runs = 0
        while moments.total() < KILLS:
            site.publish(2)
            runs += 1
            assert runs <= 5 * KILLS, "the watch is done before it can be killed"
            if moment := killed(tmp_path, site, chance):
                moments[moment.rpartition(" ")[0]] += 1
                tally(f"kill -9 while watching, {moment.rpartition(' ')[0]}")
        last = purport(tmp_path, "watch", "sources.toml", "--json")
        assert last.returncode == 0, last.stderr
        idle = purport(tmp_path, "watch", "sources.toml", "--json")
        asked = sum(len(server.requests) for server in servers)
    assert not [line for line in map(json.loads, idle.stdout.splitlines()) if line.get("item")], "something was left"
    verified = purport(tmp_path, "verify")
    assert verified.returncode == 0, verified.stderr
    torn = look_through(tmp_path, site)
    print(
        f"\n{moments.total()} kills in {runs} watches: {dict(moments)}; {3 * (site.items + clips(site))} items, each "
        f"taken once and {3 * site.items} pages of them read once; "
        f"{asked} requests; {torn} torn records, none of them booked."
    )


def clips(site: Site) -> int:
    return sum(map(has_clip, range(1, site.items + 1)))


def look_through(folder: Path, site: Site) -> int:
    """Everything once and whole; returns how many records were torn."""
    view, archives = View(open_sqlite(f"sqlite:///{folder / 'purport.db'}")), folder / "purport.warcs"
    for standing in view.standings():
        assert standing.items == standing.taken == site.items + clips(site)
        assert standing.failing == 0
    expected = Counter(f"/item-{n}.html" for n in range(1, site.items + 1) for _ in HOSTS)
    reports = list(view.reports())
    assert Counter("/" + report.url.rpartition("/")[2] for report in reports) == expected
    assert view.counts()["readings"] == 3 * site.items
    assert view.counts()["captures"] == 3 * (site.items + clips(site))
    assert list(view.gaps()) == []
    assert list(view.unread()) == []
    for report in reports:
        number = int(report.title.removeprefix("Report "))
        place = view.capture(report.capture).place
        kept = next(one for one in view.exchanges(url=report.url) if f"{one.archive}#offset={one.offset}" == place)
        check(archives, kept)
        assert b"".join(payload_of(archives, kept, lambda id: next(view.exchanges(id=id)))) == page(number)
        assert f"boat {number} had passed" in report.text
    torn = 0
    for archive in sorted(archives.glob("*.warc.gz")):
        found = list(records(archive))
        torn += sum(isinstance(one, Torn) for one in found)
        assert not any(isinstance(one, Torn) for one in found[:-1])  # a torn record is the last of its file
    return torn
