"""What is fuzzed: each takes any bytes and fails only if Purport does: by an exception that is none of ours, or by
giving something that can't be so.

    python tests/fuzz/targets.py TARGET --seconds 3600 [--found FOLDER]

runs for so many seconds of the processor (a busy machine doesn't shorten it). After each minute of them it says how
many inputs there were, what memory is held, and what the slowest input took. It needs atheris (pip install atheris),
which is guided by what of the code an input reaches. Without it, `bent` below changes samples blindly: that is what the
tests do with each target, for some seconds.
"""

import argparse
import io
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
NOW = datetime(2031, 3, 13, 9, 0, tzinfo=UTC)
BOUNDS = ("-timeout=900", "-rss_limit_mb=3000", "-max_len=16384")  # seconds by the clock, memory, bytes of an input
LONGEST = 20.0  # seconds of the processor that an input may take
PARSERS = ["purport", "trafilatura", "htmldate", "justext", "courlan", "warcio", "feedparser"]
TYPES = ("text/html", "text/plain", "application/xhtml+xml", "text/html")


class Clock:
    def now(self) -> datetime:
        return NOW


def article(data: bytes) -> None:
    """A page or a text: its first byte says which, and where it is from."""
    from purport.core.ids import digest, make_id
    from purport.core.records import Capture, Item
    from purport.read.article import report

    kind, body = data[:1] or b"\0", data[1:]
    url = "https://sarn.example/2031/03/12/market.html" if kind[0] & 4 else ""
    capture = Capture(make_id("capture", "x"), "x", digest(body), len(body), NOW, TYPES[kind[0] % 4], url=url)
    reports, gaps = report(Item(capture, body), NOW)
    assert reports or gaps
    for made in reports:
        made.text.encode()
        for note in made.credits + made.repeats:
            assert made.text[slice(*note.span)] == note.text
        for moment in made.published:
            assert moment.start <= moment.end


def warc(data: bytes) -> None:
    """A web archive of others, and one of ours."""
    from purport.collect.archives import take_archive
    from purport.core.records import Gap, Item
    from purport.preserve import records

    for one in take_archive(io.BytesIO(data), "x.warc", Clock()):
        assert isinstance(one, Item | Gap)
    with tempfile.NamedTemporaryFile(suffix=".warc.gz") as file:
        file.write(data)
        file.flush()
        for _ in records(Path(file.name)):
            pass


def feed(data: bytes) -> None:
    """A feed, a sitemap, a page of links, a robots.txt."""
    from purport.collect.feeds import read_feed
    from purport.collect.pages import read_page
    from purport.collect.robots import read_robots
    from purport.collect.sitemaps import read_sitemap

    where = "https://sarn.example/feed.xml"
    for read in (read_feed, read_sitemap, read_page):
        found: Any = read(data, "", where, NOW, "Sarn Radio")
        for listed in getattr(found, "items", ()):
            assert listed.id and listed.url
    read_robots(200, data, where)


def config(data: bytes) -> None:
    """sources.toml and alerts.toml: they are read, or refused with a mend."""
    from purport.collect.rules import read_rules
    from purport.collect.sources import sources_in
    from purport.core.errors import UsageError

    text = data.decode("utf-8", "replace")
    for read in (sources_in, read_rules):
        try:
            read(text)
        except UsageError as error:
            assert str(error)


def api(data: bytes) -> None:
    """What follows an address of the desk: it is answered or refused, and nothing breaks."""
    text = data.decode("utf-8", "replace").translate(_UNSENDABLE)
    paths = ("/api/claims?", "/api/reports?", "/api/report/", "/api/claim/", "/api/gaps?", "/search?", "/report/", "/")
    path = paths[data[0] % len(paths)] if data else "/"
    answer = _desk().get(path + text[1:])
    assert answer.status_code < 500, (path + text[1:], answer.text[:500])


_UNSENDABLE = dict.fromkeys(range(32), "%00") | dict.fromkeys(range(0xD800, 0xE000), "%ff")


@cache
def _desk() -> Any:
    from litestar.testing import TestClient

    from purport import app
    from purport.brief import demo
    from purport.desk.app import build
    from purport.desk.premises import Premises
    from purport.wiring import Config, open_house, open_vault

    made = Config(ledger=f"sqlite:///{tempfile.mkdtemp(prefix='purport-fuzz-')}/purport.db")
    house = open_house(made)
    for _ in app.read(house, [str(place) for place in demo.places()][:2]):
        pass
    return TestClient(build(Premises(house, open_vault(made))), base_url="http://127.0.0.1:8642").__enter__()


TARGETS: dict[str, Callable[[bytes], None]] = {one.__name__: one for one in (article, warc, feed, config, api)}


def samples(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]


def bent(name: str, seed: int, count: int) -> Iterator[bytes]:
    """Samples as they are, then with pieces cut out, doubled, moved from one to another, and bits flipped."""
    chance, known = random.Random(seed), samples(name)
    yield from known
    for _ in range(count):
        data = chance.choice(known)
        for _ in range(chance.randint(1, 6)):
            at, end = sorted(chance.randint(0, len(data)) for _ in range(2))
            other = chance.choice(known)
            piece = chance.choice([data[at:end], other[at:end], chance.randbytes(chance.randint(1, 8)), b""])
            data = chance.choice([data[:at] + piece + data[at:], data[:at] + piece + data[end:], data[:end]])
        yield data[:20_000]


class OverlongError(Exception):
    """An input that takes longer than any may."""


class Timed:
    """A target with a clock of the processor: a line a minute, and the end when the time is over."""

    def __init__(self, target: Callable[[bytes], None], seconds: float) -> None:
        self.target, self.end, self.start = target, seconds, time.process_time()
        self.inputs, self.slowest, self.minute = 0, 0.0, 1

    def __call__(self, data: bytes) -> None:
        before = time.process_time()
        self.target(data)
        after = time.process_time()
        self.inputs, self.slowest = self.inputs + 1, max(self.slowest, after - before)
        if after - before > LONGEST:
            raise OverlongError(f"{len(data)} bytes took {after - before:.1f} s of the processor")
        if after - self.start >= min(self.minute * 60, self.end):
            self.minute += 1
            self.tell(after - self.start)
        if after - self.start >= self.end:
            os._exit(0)  # atheris has no other way out that is not a fault

    def tell(self, spent: float) -> None:
        held = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
        print(f"{spent / 60:6.1f} min  {self.inputs:9,} inputs  {held:5} MB  slowest {self.slowest:.2f} s", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("target", choices=TARGETS)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--found", type=Path, help="A folder for inputs that reach what no other does, and for faults.")
    given = asked.parse_args()
    import atheris

    with atheris.instrument_imports(include=PARSERS):  # what is imported here reports what an input reaches
        for sample in samples(given.target):
            TARGETS[given.target](sample)
    found = given.found or Path(tempfile.mkdtemp(prefix=f"purport-fuzz-{given.target}-"))
    found.mkdir(parents=True, exist_ok=True)
    flags = [f"-artifact_prefix={found}/fault-", *BOUNDS]
    timed = Timed(TARGETS[given.target], given.seconds)
    atheris.Setup([sys.argv[0], *flags, str(found), str(CORPUS / given.target)], timed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
