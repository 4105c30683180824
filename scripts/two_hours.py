"""Two hours of a newsroom in one transcript: an invented outlet publishes, edits, deletes, fails and recovers.

    .venv/bin/python scripts/two_hours.py      prints the transcript; docs/watching.md holds one

The commands are those that anybody types and what they print is what they print. Only two things are made up: the
outlet, which is served from this machine, and the clock, which jumps from one event to the next.
"""

import io
import os
import re
import shlex
import tempfile
import threading
import time
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from purport import wiring
from purport.cli import main

SPEED = 30  # the story's seconds in one of ours: a watch waits some of them for another try at what failed
PORT = 8731
SOURCES = """\
[[sources]]
name = "Kest Courier"
feed = "http://127.0.0.1:{port}/feed.xml"
allow_private = true    # it is served from this machine
delay = "0s"
again = "20m"           # look at a page again after 20 minutes, then after 40 ...
"""
ALERTS = """\
[[alerts]]
name = "new denials"
on = ["claim", "edit"]
act = "deny"
to = ["terminal", "feed:alerts.xml"]

[[alerts]]
name = "taken down"
on = "gone"
to = "terminal"
"""
VIDEO = (
    "Video shows crews dumping sand at Orvel reservoir",
    "A video shows crews dumping sand into the reservoir at Orvel, residents said on Tuesday.",
    "A spokesman for the water board said that the crews had a permit.",
    "The mayor of Orvel said that the dam was safe.",
)
EDITED = (
    "Video purportedly shows crews dumping sand at Orvel reservoir",
    "A video purportedly shows crews dumping sand into the reservoir at Orvel, residents said on Tuesday.",
    "The mining company Halvard denied that the crews in the video were its own.",
    "The mayor of Orvel said that the dam was safe.",
)
STRIKE = (
    "Bakers of Kest to strike",
    "The bakers' union announced that its members would stop work on Friday.",
    "The guild of millers said that it knew nothing of a strike.",
    "A shopkeeper said she had bread for two days.",
)
DAM = (
    "Halvard to open its books",
    "The mining company Halvard promised that it would open its books to the water board.",
    "The water board confirmed that it had asked for them.",
    "Two members of the council doubted that the books were complete.",
)


class Clock:
    """The story's time: it runs while commands run, and jumps between them."""

    def __init__(self) -> None:
        self._from, self._begun = datetime(2031, 3, 11, 9, 0, tzinfo=UTC), time.monotonic()

    def now(self) -> datetime:
        return self._from + timedelta(seconds=(time.monotonic() - self._begun) * SPEED)

    def jump(self, to: str) -> None:
        self._from = datetime.fromisoformat(f"2031-03-11T{to}:00+00:00")
        self._begun = time.monotonic()


class Outlet:
    """What the outlet publishes at this moment."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, ...]] = {}
        self.well = True
        outlet = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outlet.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the transcript is the commands'."""

        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
        except OSError:
            self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        name = to.path.removeprefix("/")
        if not self.well:
            status, kind, body = 503, "text/plain", b"Back soon."
        elif name == "feed.xml":
            status, kind, body = 200, "application/rss+xml", self._feed().encode()
        elif name in self.pages:
            status, kind, body = 200, "text/html; charset=utf-8", article(*self.pages[name]).encode()
        else:
            status, kind, body = 404, "text/plain", b"Nothing here."
        to.send_response(status)
        to.send_header("Content-Type", kind)
        to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        to.wfile.write(body)

    def _feed(self) -> str:
        items = "".join(
            f"<item><title>{page[0]}</title><link>http://127.0.0.1:{self.port}/{name}</link></item>"
            for name, page in reversed(self.pages.items())
        )
        return f"<rss version='2.0'><channel><title>Kest Courier</title>{items}</channel></rss>"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def article(title: str, *paragraphs: str) -> str:
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<!doctype html><title>{title}</title><article><h1>{title}</h1>{text}</article>"


def run(command: str) -> None:
    """What a terminal would show of a command."""
    print(f"$ {command}")
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        try:
            main(shlex.split(command)[1:], standalone_mode=True)
        except SystemExit as end:
            code = end.code
    print(re.sub(r"[ \t]+$", "", out.getvalue(), flags=re.M).rstrip("\n"))
    print(f"(ends with {code})\n" if code else "")


def told(clock: Clock, at: str, what: str) -> None:
    clock.jump(at)
    print(f"# {at}  {what}")


def flip(folder: Path) -> str:
    """Change one bit in the middle of the first archive, as a bad disk or a bad hand would."""
    archive = min((folder / "purport.warcs").glob("*.warc.gz"))
    with archive.open("r+b") as file:
        place = archive.stat().st_size // 2
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1]))
    return f"byte {place:,} of {archive.name}: {byte:#04x} becomes {byte ^ 1:#04x}"


def story(folder: Path, clock: Clock, outlet: Outlet) -> None:
    (folder / "sources.toml").write_text(SOURCES.format(port=outlet.port), "utf-8")
    (folder / "alerts.toml").write_text(ALERTS, "utf-8")
    watch = "purport watch --alerts alerts.toml"

    outlet.pages |= {"orvel": VIDEO, "bakers": STRIKE}
    told(clock, "09:00", "Kest Courier has published two articles. The watch begins.")
    run(watch)
    told(clock, "09:30", "The outlet rewrites the first: the video now shows it purportedly. A new article comes out.")
    outlet.pages |= {"orvel": EDITED, "halvard": DAM}
    run(watch)
    told(clock, "10:15", "The second article is taken down.")
    del outlet.pages["bakers"]
    run(watch)
    outlet.well = False
    told(clock, "10:20", "The outlet's server fails.")
    run(watch)
    told(clock, "10:40", "It still does.")
    run(watch)
    told(clock, "10:45", "How do the sources stand?")
    run("purport sources")
    outlet.well = True
    told(clock, "10:55", "The server is back.")
    run(watch)
    told(clock, "11:00", "What was changed, what was missed, what is not there?")
    run("purport edits")
    run("purport gaps")
    run("purport search lighthouse")
    run("purport verify")
    print(f"# Now one bit is flipped: {flip(folder)}.")
    run("purport verify")


def begin() -> None:
    clock, outlet = Clock(), Outlet()
    wiring.SystemClock = lambda: clock  # type: ignore[assignment, misc, return-value]
    wiring.open_reader = cache(wiring.open_reader)  # it is loaded once, not for each command
    os.environ |= {"COLUMNS": "110", "PURPORT_WHO": "desk@kest"}
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            story(Path(folder), clock, outlet)
        finally:
            os.chdir(before)
            outlet.close()


if __name__ == "__main__":
    begin()
