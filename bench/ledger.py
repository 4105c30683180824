"""How fast the ledger takes claims in and finds them again, on invented ones.

    python bench/ledger.py --claims 200000
    python bench/ledger.py --claims 2000000 --ledger sqlite:////some/where/big.db
    python bench/ledger.py --claims 200000 --ledger postgresql+psycopg:///bench

Words follow Zipf's law over a made-up vocabulary, as those of news do, so that searches meet rare and common ones.
Only the ledger is timed, not the making of the records. Of a PostgreSQL on this machine the server's processor time is
counted, too: all of its processes.
"""

import argparse
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, text

from purport.core.ids import digest, make_id
from purport.core.records import Capture, Claim, Hop, Query, Reading, Reason, Report, Speaker
from purport.core.spans import cover, select
from purport.core.times import Moment
from purport.edges.ledgers import open_ledger
from purport.ledger import Book, View

VOCABULARY = 30_000
ACTS = ("say", "say", "say", "deny", "accuse", "confirm", "estimate", "want")
STANCES = ("plain", "plain", "plain", "distanced", "endorsed")
KINDS = ("person", "office", "government", "organisation", "unnamed")
START = datetime(2031, 1, 1, tzinfo=UTC)


def vocabulary(chance: random.Random) -> list[str]:
    syllables = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "é", "an", "or")]
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found["".join(chance.choices(syllables, k=chance.randint(1, 4)))] = None
    return list(found)


class Invent:
    """Reports of ten claims each, with readings."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.words = vocabulary(self.chance)
        total, self.weights = 0.0, []
        for rank in range(VOCABULARY):
            total += 1 / (rank + 2.7)
            self.weights.append(total)

    def some(self, count: int) -> list[str]:
        return self.chance.choices(self.words, cum_weights=self.weights, k=count)

    def entry(self, number: int, per_report: int) -> tuple[Capture, Report, Reading]:
        chance, text, places = self.chance, "", []
        for _ in range(per_report):
            roles = []
            for length in (chance.randint(1, 4), 1, chance.randint(6, 28)):
                said = " ".join(self.some(length))
                roles.append(((len(text), len(text) + len(said)),))
                text += said + " "
            text += " ".join(self.some(20)) + ".\n"
            places.append(roles)
        capture = Capture(
            make_id("capture", number), f"page-{number}.html", digest(text.encode()), len(text), START, "text/html"
        )
        day = START + timedelta(hours=number % 20_000)
        report = Report(
            make_id("report", number),
            capture.id,
            text,
            capture.digest,
            title=" ".join(self.some(8)),
            outlet=f"Outlet {number % 40}",
            published=(Moment(day, day + timedelta(days=1)),),
        )
        claims = []
        for position, (source, cue, content) in enumerate(places):
            name = text[source[0][0] : source[0][1]]
            act = chance.choice(ACTS)
            claims.append(
                Claim(
                    id=make_id("claim", number, position),
                    report=report.id,
                    source=source,
                    cue=cue,
                    content=content,
                    act=act,
                    stance=chance.choice(STANCES),
                    polarity="+",
                    certainty="certain",
                    quote="indirect",
                    source_kind=chance.choice(KINDS),
                    confidence=chance.random(),
                    speaker=(Speaker(name, source[0], 0.9),),
                    chain=(Hop("outlet", report.outlet), Hop("person", name, source[0])),
                    reasons=(
                        Reason("act", act, text[cue[0][0] : cue[0][1]], cue[0], "cue lexicon"),
                        Reason("stance", "plain", text[cue[0][0] : cue[0][1]], cue[0], "cue lexicon"),
                    ),
                    selector=select(text, cover((*source, *cue, *content))),
                )
            )
        reading = Reading(make_id("reading", number), report.id, "invented/1", tuple(claims))
        return capture, report, reading

    def queries(self, count: int) -> Iterator[tuple[str, Query]]:
        """One word, two words, a phrase's form, and words with a filter; rare and common as in the texts."""
        for _ in range(count):
            yield "one word", Query(words=self.some(1)[0], limit=50)
            yield "two words", Query(words=" ".join(self.some(2)), limit=50)
            yield "phrase", Query(words='"' + " ".join(self.some(2)) + '"', limit=50)
            yield "word, act", Query(words=self.some(1)[0], act="deny", limit=50)
            yield "act, stance", Query(act="deny", stance="distanced", limit=50)
        for word in self.words[:3]:
            yield "the commonest", Query(words=word, limit=50)


class Work:
    """Processor time: of this process, and of a database server on this machine."""

    def __init__(self, engine: Engine) -> None:
        self._server = 0
        if engine.dialect.name == "postgresql":
            with engine.connect() as connection:
                backend = connection.scalar(text("SELECT pg_backend_pid()"))
            self._server = int(_stat(backend)[1])  # its parent began all others

    def seconds(self) -> float:
        return time.process_time() + self.server()

    def server(self) -> float:
        """Of the server's processes, and of those that ended."""
        if not self._server:
            return 0.0
        ticks = 0
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and str(self._server) in (entry.name, (stat := _stat(entry.name))[1]):
                    stat = _stat(entry.name)
                    ticks += sum(map(int, stat[11:15] if entry.name == str(self._server) else stat[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")


def _stat(pid: str | int) -> list[str]:
    """What /proc says of a process, from its state on: state, parent, … (proc(5))."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def append(
    book: Book, work: Work, invent: Invent, first: int, claims: int, per_report: int, batch: int
) -> tuple[float, float]:
    """Seconds, by the clock and of the processor, spent in the ledger on new reports, numbered from `first`."""
    spent, worked, number = 0.0, 0.0, first
    while (number - first) * per_report < claims:
        entries = [invent.entry(number + i, per_report) for i in range(batch)]
        number += batch
        captures, reports, readings = zip(*entries, strict=True)
        before, began = time.perf_counter(), work.seconds()
        book.add(captures, reports, readings)
        spent += time.perf_counter() - before
        worked += work.seconds() - began
    return spent, worked


def size(engine: Engine) -> int:
    """Bytes of the ledger and of what waits beside it to be moved into it."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            sizes = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r'"
            return int(connection.scalar(text(f"{sizes} AND relnamespace = current_schema()::regnamespace")))
    path = Path(str(engine.url.database))
    return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=200_000, help="how many claims to append (default: 200,000)")
    parser.add_argument("--per-report", type=int, default=10, help="claims in a report (default: 10)")
    parser.add_argument("--batch", type=int, default=500, help="reports in one call, one transaction (default: 500)")
    parser.add_argument("--searches", type=int, default=40, help="searches of each kind (default: 40)")
    parser.add_argument("--seed", type=int, default=1, help="of the invented words (default: 1)")
    parser.add_argument("--ledger", help="URL of one to append to and keep (default: a temporary file)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_ledger(asked.ledger or f"sqlite:///{folder}/bench.db")
        work = Work(engine)
        invent = Invent(asked.seed)
        view = View(engine)
        if asked.claims:
            first = view.counts()["reports"]
            spent, worked = append(Book(engine), work, invent, first, asked.claims, asked.per_report, asked.batch)
            print(f"append     {asked.claims / spent:10,.0f} claims/s, their reports and full text index included")
            print(f"           {asked.claims / worked:10,.0f} claims/s of processor time, a server's included")
        count = view.counts()["claims"]
        print(f"holds      {count:10,} claims, {size(engine) / max(count, 1):,.0f} bytes a claim")
        times: dict[str, list[float]] = {}
        for kind, query in invent.queries(asked.searches):
            before = time.perf_counter()
            list(view.claims(query))
            times.setdefault(kind, []).append(1000 * (time.perf_counter() - before))
        for kind, taken in times.items():
            print(f"search     {statistics.median(taken):10.1f} ms median, {max(taken):8.1f} ms most: {kind}")
        every = [t for taken in times.values() for t in taken]
        print(f"search     {statistics.median(every):10.1f} ms median of {len(every)} searches, first 50 claims each")
        before = time.perf_counter()
        streamed = sum(1 for _ in view.claims())
        rate = streamed / (time.perf_counter() - before)
        print(f"stream     {rate:10,.0f} claims/s, all of them in reading order")
        print(f"peak       {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:10,.0f} MiB of memory")
        engine.dispose()


if __name__ == "__main__":
    main()
