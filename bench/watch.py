"""Watching 1,000 feeds of 20 items each: fetches a second, memory, and how soon any host was asked again.

    .venv/bin/python bench/watch.py [--feeds 1000] [--items 20]

A server in a process of its own answers for a thousand hosts, each an address of the loopback network (127.1.0.1 and
so on), and writes down when each of them was asked. The watch is `purport watch --no-read` as anybody would run it,
with the politeness that it has by itself: one request at a time of a host, a second after each answer.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

DELAY = 1.0  # seconds, as in core/watching.py
PURPORT = (sys.executable, "-c", "from purport.cli import main; main()")
PARAGRAPH = "The harbour office said on Tuesday that the ferry had left the quay at noon. "


def host(number: int) -> str:
    return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"


def feed(at: str, items: int) -> bytes:
    entries = "".join(
        f"<item><guid>{at}-{n}</guid><title>Report {n} of {at}</title><link>/report-{n}.html</link></item>"
        for n in range(items)
    )
    return f"<rss version='2.0'><channel><title>{at}</title>{entries}</channel></rss>".encode()


def page(at: str, path: str) -> bytes:
    text = "".join(f"<p>{PARAGRAPH * 4}</p>" for _ in range(12))
    return f"<html><head><title>{path} of {at}</title></head><body><article>{text}</article></body></html>".encode()


class Seen:
    """What the server saw."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.answered: dict[str, float] = {}
        self.asked = [float("inf"), 0.0]  # the first request and the last
        self.nearest = float("inf")  # seconds between an answer and the next request to the same host

    def note(self, at: str, path: str) -> None:
        now = time.monotonic()
        self.requests[path.split("-")[0]] += 1
        self.nearest = min(self.nearest, now - self.answered.get(at, float("-inf")))
        self.asked = [min(self.asked[0], now), now]

    def told(self) -> dict[str, object]:
        return {"requests": dict(self.requests), "seconds": self.asked[1] - self.asked[0], "nearest": self.nearest}


class Host(asyncio.Protocol):
    def __init__(self, seen: Seen, items: int) -> None:
        self._seen, self._items, self._held = seen, items, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._to = transport
        self._at: str = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        self._held += data
        while b"\r\n\r\n" in self._held:
            request, _, self._held = self._held.partition(b"\r\n\r\n")
            self._answer(request.split()[1].decode())

    def _answer(self, path: str) -> None:
        if path == "/told":
            self._send("200 OK", json.dumps(self._seen.told()).encode())
            return
        self._seen.note(self._at, path)
        if path == "/feed.xml":
            self._send("200 OK", feed(self._at, self._items))
        elif path.startswith("/report-"):
            self._send("200 OK", page(self._at, path))
        else:
            self._send("404 Not Found", b"")
        self._seen.answered[self._at] = time.monotonic()

    def _send(self, status: str, body: bytes) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        self._to.write(head.encode() + body)  # type: ignore[attr-defined]


async def serve(items: int) -> None:
    """Answer for every host; the port is the first line that is printed."""
    seen = Seen()
    server = await asyncio.get_running_loop().create_server(lambda: Host(seen, items), "0.0.0.0", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def measure(feeds: int, items: int) -> None:
    command = [sys.executable, __file__, "--serve", "--items", str(items)]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server,
    ):
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            run(Path(folder), feeds, items, port)
        finally:
            server.kill()


def run(folder: Path, feeds: int, items: int, port: int) -> None:
    tables = (f'[[sources]]\nname = "outlet {n}"\nfeed = "http://{host(n)}:{port}/feed.xml"\n' for n in range(feeds))
    (folder / "sources.toml").write_text("allow_private = true\n" + "".join(tables), "utf-8")
    load, begun = os.getloadavg()[0], time.monotonic()
    with (folder / "out").open("w") as out:
        watch = subprocess.Popen([*PURPORT, "watch", "--no-read"], cwd=folder, stdout=out)
        _, status, used = os.wait4(watch.pid, 0)
    took = time.monotonic() - begun
    told = json.loads(fetched(port))
    last = (folder / "out").read_text("utf-8").strip().splitlines()[-1]
    total = sum(told["requests"].values())
    ledger = (folder / "purport.db").stat().st_size
    kept = sum(path.stat().st_size for path in (folder / "purport.warcs").iterdir())
    print(f"{feeds:,} feeds of {items} items, a host each; load before it {load:.1f} on {os.cpu_count()} cores")
    print(f"ended with {os.waitstatus_to_exitcode(status)}: {last}")
    print(f"requests          {total:,} ({', '.join(f'{n:,} {what}' for what, n in told['requests'].items())})")
    print(f"first to last     {told['seconds']:.1f} s, {total / told['seconds']:.0f} fetches a second")
    print(f"the whole command {took:.1f} s, of a processor {used.ru_utime + used.ru_stime:.1f} s")
    print(f"peak memory       {used.ru_maxrss / 1024:.0f} MB")
    print(f"nearest           {told['nearest']:.3f} s from an answer to the next request to its host ({DELAY:g} asked)")
    print(f"kept              {kept / 1e6:.1f} MB of WARC, {ledger / 1e6:.1f} MB of ledger")
    assert told["requests"]["/feed.xml"] == feeds
    assert told["requests"]["/report"] == feeds * items
    assert told["nearest"] >= DELAY


def fetched(port: int) -> bytes:
    from urllib.request import urlopen

    with urlopen(f"http://127.0.0.1:{port}/told") as answer:
        body: bytes = answer.read()
    return body


def begin() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--items", type=int, default=20)
    options.add_argument("--serve", action="store_true", help="be the server")
    given = options.parse_args()
    if given.serve:
        asyncio.run(serve(given.items))
    else:
        measure(given.feeds, given.items)


if __name__ == "__main__":
    begin()
