"""The database restarts, loses a session or fails over while desks write and workers read: nobody has to do anything.

What a desk was about to add and could not is told, and the same command again completes it; workers come back by
themselves. What was acknowledged is there, once, and all of it verifies.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from faults import Tally
from servers import FAULTS, Pair, pair
from test_kills import statement
from victims import Victims

from purport.app import working
from purport.core.errors import LedgerError
from purport.core.work import Order, Work
from purport.wiring import Config, open_house
from purport.wiring.working import JOBS, open_engine, open_tools

PATIENCE = 3.0
WORKERS = 2
REPORTS = 4  # of a round, an order each
ENTRIES = 10  # of a desk in a round, and as many that both write
PURPORT = (sys.executable, "-c", "from purport.cli import main; main()")


@pytest.fixture(scope="module")
def servers() -> Iterator[Pair]:
    with pair() as made:
        yield made


def schema(servers: Pair, name: str) -> str:
    """The address of a ledger of its own."""
    servers.ask(f"CREATE SCHEMA {name}")
    return f"{servers.url}&options=-csearch_path%3D{name}"


def lines(folder: Path, names: str) -> int:
    return sum(path.read_bytes().count(b"\n") for path in folder.glob(names))


@contextmanager
def struck(servers: Pair, fault: str, when: Callable[[], bool]) -> Iterator[None]:
    """The fault befalls what is done inside, at that moment; it is over at the end."""
    failed: list[BaseException] = []

    def strike() -> None:
        end = time.monotonic() + 60
        while not when() and time.monotonic() < end:
            time.sleep(0.002)
        try:
            FAULTS[fault](servers)
        except BaseException as error:
            failed.append(error)

    striking = threading.Thread(target=strike)
    striking.start()
    try:
        yield
    finally:
        striking.join()
    assert not failed, failed


def test_what_desks_were_told_is_booked_outlives_the_database_s_faults(
    servers: Pair, tmp_path: Path, tally: Tally
) -> None:
    chance, hit = random.Random(12), Counter[str]()
    with Victims(PURPORT_LEDGER=schema(servers, "desks")) as victims:
        assert "error" not in victims.do(tmp_path, "write", who="ona", round=-1, count=1)
        for round in range(tally.many(len(FAULTS))):
            fault = list(FAULTS)[round % len(FAULTS)]
            orders = [{"work": "write", "who": who, "round": round, "count": ENTRIES} for who in ("ona", "vell")]
            moment = lines(tmp_path, "acks") + chance.randint(1, 3 * ENTRIES)  # of the 40 that they are told
            with struck(servers, fault, lambda moment=moment: lines(tmp_path, "acks") >= moment):  # type: ignore[misc]
                told = victims.together(tmp_path, *orders)
            tally(f"{fault}, while two desks write")
            for said in told:
                if "error" in said:
                    hit[fault] += 1
                    assert said["error"] == "LedgerError", said
                    assert "again" in said["message"] or "wait" in said["message"], said
            for order in orders:
                until_it_works(victims, tmp_path, order)
            victims.whole(tmp_path)
        held = victims.whole(tmp_path)
    rounds = tally.many(len(FAULTS))
    assert len(held["held"]) == 1 + 1 + 3 * ENTRIES * rounds, "each once: of ona, of vell, and of both"
    print(f"\n{sum(hit.values())} of {2 * rounds} desks were in the middle of it: {dict(hit)}")


def until_it_works(victims: Victims, folder: Path, order: dict[str, Any]) -> None:
    """The same command again, until the server is there again."""
    end = time.monotonic() + 120
    while "error" in (said := victims.together(folder, order)[0]):
        assert said["error"] == "LedgerError" and time.monotonic() < end, said
        time.sleep(0.2)


class Office:
    """Workers over a ledger, and who hands over to them."""

    def __init__(self, folder: Path, ledger: str) -> None:
        self.folder, blobs = folder, f"file:{folder}/purport.blobs"
        self.config = Config(ledger=ledger, engine=JOBS, blobs=blobs, patience=PATIENCE, threads=1)
        self.hands: list[subprocess.Popen[bytes]] = []

    def engage(self, number: int) -> None:
        with (self.folder / f"worker-{number}.jsonl").open("ab") as out:
            self.begin("errors", "work", "--json", "--patience", str(PATIENCE), out=out)

    def begin(self, log: str, *words: str, out: IO[bytes] | None = None) -> None:
        told = {"PURPORT_LEDGER": self.config.ledger, "PURPORT_ENGINE": JOBS, "OMP_NUM_THREADS": "1"}
        environment = {**os.environ, **told}
        with (self.folder / log).open("ab") as to:
            self.hands.append(
                subprocess.Popen((*PURPORT, *words), cwd=self.folder, env=environment, stdout=out or to, stderr=to)
            )

    def hand_over(self, first: int, count: int) -> None:
        """Statements to be read, an order each."""
        for number in range(first, first + count):
            (self.folder / f"{number}.txt").write_text(statement(number))
        house = open_house(self.config)
        with open_tools(self.config) as tools:
            engine = open_engine(self.config, tools)
            for _, orders in working.taken(house, [f"{self.folder}/{n}.txt" for n in range(first, first + count)]):
                engine.hand(Order(what=one.what, about=(id,)) for one in orders for id in one.about)

    def standing(self) -> Work:
        with open_tools(self.config) as tools:
            return open_engine(self.config, tools).standing()

    def ended(self, seconds: float = 240.0) -> Work:
        """Once nothing is left to do."""
        end = time.monotonic() + seconds
        while True:
            assert time.monotonic() < end, self.told()
            assert not [hand for hand in self.hands if hand.poll() is not None], self.told()
            try:
                standing = self.standing()
            except LedgerError:
                continue
            if not any(one.waiting + one.doing for one in standing.queues):
                return standing
            time.sleep(0.2)

    def told(self) -> str:
        return (
            "".join(path.read_text()[-3000:] for path in sorted(self.folder.glob("worker-*")))
            + (self.folder / "errors").read_text()[-3000:]
        )

    def close(self) -> None:
        for hand in self.hands:
            hand.terminate()
        for hand in self.hands:
            assert hand.wait(120) == 0, self.told()


def said(folder: Path, who: str, words: str) -> int:
    return (folder / who).read_text().count(words)


def test_who_works_for_ever_says_that_the_database_is_away_and_goes_on(
    servers: Pair, tmp_path: Path, tally: Tally
) -> None:
    ledger = schema(servers, "away")
    office = Office(tmp_path, ledger)
    (tmp_path / "sources.toml").write_text(f'[[sources]]\nname = "Reports"\nfolder = "{tmp_path}/in"\n')
    (tmp_path / "in").mkdir()
    with closing(office):
        office.hand_over(0, 1)
        office.engage(0)
        office.begin("watch.log", "watch", "--every", "1s")
        office.ended()
        until(lambda: said(tmp_path, "watch.log", "handed over") > 0)
        servers.away(lambda: all(said(tmp_path, who, "This goes on by itself") for who in ("errors", "watch.log")))
        tally("the database is away for a while")
        until(lambda: all(said(tmp_path, who, "The database is back.") for who in ("errors", "watch.log")))
        office.hand_over(1, 1)
        office.ended()
    for who in ("errors", "watch.log"):
        assert said(tmp_path, who, "This goes on by itself") == said(tmp_path, who, "The database is back.")
    assert said(tmp_path, "watch.log", "This goes on by itself") == 1, "however often it asked"


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def persistently(doing: Any, *given: Any) -> None:
    """As somebody who calls a command again when it failed."""
    end = time.monotonic() + 120
    while True:
        try:
            doing(*given)
        except LedgerError:
            assert time.monotonic() < end
            time.sleep(0.2)
        else:
            return


def test_workers_come_back_by_themselves(servers: Pair, tmp_path: Path, tally: Tally) -> None:
    chance, ledger = random.Random(13), schema(servers, "office")
    office, reports = Office(tmp_path, ledger), 0
    with closing(office), Victims(PURPORT_LEDGER=ledger) as victims:
        persistently(office.hand_over, 0, 1)
        for number in range(WORKERS):
            office.engage(number)
        office.ended()
        reports = 1
        for round in range(tally.many(len(FAULTS))):
            fault = list(FAULTS)[round % len(FAULTS)]
            moment = lines(tmp_path, "worker-*") + chance.randint(0, REPORTS - 1)
            with struck(servers, fault, lambda moment=moment: lines(tmp_path, "worker-*") >= moment):  # type: ignore[misc]
                persistently(office.hand_over, reports, REPORTS)
            reports += REPORTS
            tally(f"{fault}, while workers read")
            standing = office.ended()
            assert not any(one.failed for one in standing.queues), standing
            held = victims.whole(tmp_path, ())
            assert len(held["held"]) == len(held["read"]) == reports, "each report is there once, and read once"
    done = [json.loads(line) for path in tmp_path.glob("worker-*.jsonl") for line in path.read_text().splitlines()]
    assert {id for one in done if not one.get("fault") for id in one.get("order", {}).get("about", ())} <= {
        *held["read"]
    }
