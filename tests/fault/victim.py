"""Does a piece of work in a child process that may be killed, choked or cut off in the middle.

    python victim.py    reads an order a line (JSON), forks a child for it, and answers with what became of it (JSON)

A child writes down each thing once it is booked (`acks`); what stands there may never be lost. It is killed at a call
of a function, counted from its beginning, so that any moment is as likely as another and a seed gives the same ones
again; or after some time, so that it is also hit inside a call.
"""

import gc
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from house_samples import PlainReader
from input_samples import Pages
from sqlalchemy import Engine

from purport import app
from purport.app import House, backing
from purport.app.bulk import Bench, TableReader, inputs
from purport.app.proving import Check, Vault, hold
from purport.core.bulk import Input
from purport.core.custody import Deed
from purport.core.errors import PurportError
from purport.core.ports import Blobs
from purport.core.records import gap
from purport.edges.blobs import FolderBlobs
from purport.edges.crews import Alone
from purport.edges.depots import Depots
from purport.edges.ledgers import open_ledger
from purport.edges.parquet import Sheets
from purport.edges.shelves import FolderShelf
from purport.edges.sqlite import copy
from purport.ledger.book import Book
from purport.ledger.log import Custody
from purport.ledger.view import View
from purport.preserve import backup as backups
from purport.wiring import Config
from purport.wiring.operations import open_cellar, places

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
WHO = "ona@desk"


class Jumping:
    """A clock that goes on by a second each time, and jumps back a day each seventh."""

    def __init__(self) -> None:
        self.count = 0

    def now(self) -> datetime:
        self.count += 1
        return NOON + timedelta(seconds=self.count) - timedelta(days=self.count // 7)


def ack(folder: Path, *ids: str) -> None:
    """What is booked, one line each, in one write: it outlives this process."""
    handle = os.open(folder / "acks", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(handle, "".join(f"{one}\n" for one in ids).encode())
    os.close(handle)


def stored(folder: Path) -> Blobs:
    if os.environ.get("PURPORT_BLOBS"):
        from purport.edges.bucket import BucketBlobs

        return BucketBlobs(os.environ["PURPORT_BLOBS"], folder / "purport.near", wait=0.001, seconds=0.3)
    return FolderBlobs(folder / "purport.blobs")


def kept(folder: Path) -> Engine:
    return open_ledger(os.environ.get("PURPORT_LEDGER") or f"sqlite:///{folder / 'purport.db'}", WHO)


def house(folder: Path) -> House:
    engine, clock = kept(folder), Jumping()
    blobs = stored(folder)
    return House(clock, Pages(), blobs, PlainReader(), Book(engine, WHO, clock.now), View(engine))


def vault(folder: Path) -> Vault:
    engine = kept(folder)
    return Vault(Custody(engine), Book(engine, WHO), stored(folder), folder / "purport.warcs")


def read(folder: Path, order: dict[str, Any]) -> None:
    """Each place by itself, so that each is a transaction; acknowledged when it was handed on."""
    at = house(folder)
    for place in order["places"]:
        for outcome in app.read(at, [str(folder / place)]):
            ack(folder, *(report.id for report in outcome.reports), *(one.id for one in outcome.gaps))


def write(folder: Path, order: dict[str, Any]) -> None:
    """Small entries, as a desk makes them; `who` tells two desks apart and `same` are written by both."""
    at = house(folder)
    for number in range(order["count"]):
        for of in (order["who"], "same"):
            one = gap("read", f"{of}-{order['round']}-{number}", "empty", "Nothing is written there.", NOON)
            at.writer.add(gaps=[one], entries=[Deed("read", (one.id,))] if of != "same" else ())
            ack(folder, one.id)


def bulk(folder: Path, order: dict[str, Any]) -> list[bool]:
    """`purport bulk read crawl --out OUT`; gives which files were done before."""
    out, depot = folder / order["out"], Depots()
    hand = TableReader(Bench(depot, FolderShelf(out), Jumping(), Sheets), PlainReader())
    files = [one for one in inputs(depot, [str(folder / "crawl")], "read", Jumping()) if isinstance(one, Input)]
    done = list[bool]()
    for receipt in Alone(hand).work(files, _nothing):
        ack(out, receipt.input.name)
        done.append(receipt.known)
    return done


def backup(folder: Path, order: dict[str, Any]) -> None:
    at = Config(ledger=f"sqlite:///{folder / 'purport.db'}")
    cellar = open_cellar(folder / "cellar", make=True)
    made = backing.backup(backing.Stock(vault(folder), places(at), copy, Jumping(), WHO, "purport 1"), cellar, _nothing)
    ack(folder, f"backup-{made.backup.number}")


def restore(folder: Path, order: dict[str, Any]) -> None:
    """The last backup into a new folder, verified."""
    to = folder / "back"
    to.mkdir(exist_ok=True)
    where = places(Config(ledger=f"sqlite:///{to / 'purport.db'}"))
    target = backing.Target(where, FolderBlobs(to / "purport.blobs"), lambda: vault(to))
    done = backing.restore(open_cellar(folder / "cellar"), 0, target, _nothing, verify=True)
    ack(folder, f"restored-{done.backup.number}")


def check(folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    """What the ledger holds, each as often as it is there; that all of it verifies; which backups there are."""
    at = vault(folder)
    hold(at, Check(note=False), _nothing)
    view = View(at.custody._engine)  # type: ignore[attr-defined]
    held = [report.id for report in view.reports()] + [one.id for one in view.gaps()]
    read = [reading.report for report in view.reports() for reading in view.readings(report.id)]
    made = [f"backup-{one.number}" for one in backups.sound(folder / "cellar")]
    return {"held": held, "read": read, "backups": made}


def _nothing(share: float) -> None:
    pass


WORKS: dict[str, Callable[[Path, dict[str, Any]], Any]] = {
    work.__name__: work for work in (read, write, bulk, backup, restore, check)
}


def child(order: dict[str, Any], to: int) -> None:
    """Does the work; says what came of it, unless it is killed before."""
    if order.get("limit"):  # of any file, in bytes: where it ends, writing fails
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["limit"], order["limit"]))
    calls, at = 0, order.get("at", 0)

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            os.kill(os.getpid(), signal.SIGKILL)

    said: dict[str, Any] = {}
    try:
        if "at" in order:
            sys.setprofile(count)
        said["found"] = WORKS[order["work"]](Path(order["folder"]), order)
    except PurportError as error:
        said |= {"error": type(error).__name__, "message": str(error)}
    except BaseException:
        said |= {"error": "uncaught", "message": traceback.format_exc()}
    sys.setprofile(None)
    os.write(to, json.dumps(said | {"calls": calls}).encode())


def carried_out(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All orders at once, a child each."""
    children = []
    for order in orders:
        out, to = os.pipe()
        if not (number := os.fork()):
            os.close(out)
            try:
                child(order, to)
            finally:
                os._exit(0)
        os.close(to)
        children.append((number, out, order))
    return [answer(*one) for one in children]


def answer(number: int, out: int, order: dict[str, Any]) -> dict[str, Any]:
    if "after" in order:
        time.sleep(order["after"])
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    said = b"".join(_read(out))
    os.close(out)
    _, status = os.waitpid(number, 0)
    killed = os.WIFSIGNALED(status)
    return {"killed": killed, **(json.loads(said) if said and not killed else {})}


def _read(out: int) -> Iterator[bytes]:
    while some := os.read(out, 1 << 16):
        yield some


def warmed() -> None:
    """What is imported when it is first needed is imported now, or each child would spend its time with that."""
    # the library of a storage has threads, which a fork would leave behind; a ledger elsewhere is not for warming up
    told = {name: os.environ.pop(name) for name in ("PURPORT_BLOBS", "PURPORT_LEDGER") if name in os.environ}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.txt").write_text("The mayor said that all was well.")
        Path(folder, "a.html").write_text("<title>A</title><article><p>The mayor said that all was well.</p></article>")
        read(Path(folder), {"places": ["a.txt", "a.html"]})
        check(Path(folder), {})
        gc.collect()
    os.environ |= told


def main() -> None:
    warmed()
    for line in sys.stdin:
        order = json.loads(line)
        if "shell" in order:
            done = subprocess.run(order["shell"], shell=True, capture_output=True, text=True, check=False)
            answers: list[dict[str, Any]] = [{"code": done.returncode, "said": done.stdout + done.stderr}]
        else:
            answers = carried_out(order["orders"])
        print(json.dumps(answers), flush=True)


if __name__ == "__main__":
    main()
