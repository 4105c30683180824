"""Bulk work, wired: a hand by its job, here or in a worker on another host, and the crew that has it done."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from purport.core.errors import UsageError
from purport.wiring import (
    BUCKET,
    READER,
    Config,
    SystemClock,
    blob_folder,
    chosen_reader,
    is_served,
    ledger_url,
    open_house,
    open_reader_here,
    open_studio,
)

if TYPE_CHECKING:
    from purport.core.ports import Crew, Depot, Hand, Reader, Shelf

INLINE = "inline:"
RAY = "ray:"
LEDGER_OUT = "ledger"


class Job(msgspec.Struct, frozen=True):
    """What is to be done with each file, and by which settings; it holds no key."""

    what: str  # read | fingerprint
    out: str  # a folder, s3://BUCKET/PREFIX, or `ledger`
    config: Config


def open_depot() -> "Depot":
    from purport.edges.depots import Depots

    return Depots()


def open_hand(payload: bytes) -> "Hand":
    """A hand for a Job in msgpack, in a process of its own: one thread, and the key from its own surroundings."""
    job = msgspec.msgpack.decode(payload, type=Job)
    config = replace(job.config, threads=1, reader_key=os.environ.get("PURPORT_READER_KEY", ""))
    reader = open_reader_here(1) if config.reader == READER else chosen_reader(config)
    return _hand(msgspec.structs.replace(job, config=config), reader)


def _hand(job: Job, reader: "Reader") -> "Hand":
    from purport.app.bulk import Bench, Fingerprinter, LedgerReader, TableReader

    if job.out == LEDGER_OUT:
        return LedgerReader(replace(open_house(job.config), reader=reader), open_depot())
    from purport.core.columns import FINGERPRINT, READ
    from purport.edges.parquet import Sheets

    tables = READ if job.what == "read" else FINGERPRINT
    bench = Bench(open_depot(), _shelf(job.out), SystemClock(), lambda folder: Sheets(folder, tables))
    if job.what == "read":
        return TableReader(bench, reader)
    return Fingerprinter(bench, open_studio(job.config))


def _shelf(out: str) -> "Shelf":
    from purport.edges.shelves import BucketShelf, FolderShelf

    return BucketShelf(out) if out.startswith(BUCKET) else FolderShelf(Path(out))


def _from_root(config: Config) -> Config:
    """The same with paths from the root: workers stand in another folder."""
    ledger = config.ledger
    if not is_served(config) and (path := ledger_url(config).partition("///")[2]) not in ("", ":memory:"):
        ledger = f"sqlite:///{Path(path).absolute()}"
    blobs = config.blobs if config.blobs.startswith(BUCKET) else f"file:{blob_folder(config).absolute()}"
    trust = str(Path(config.trust).absolute()) if config.trust else ""
    return replace(config, ledger=ledger, blobs=blobs, trust=trust)


@contextmanager
def open_crew(config: Config, what: str, out: str, workers: int) -> "Iterator[Crew]":
    """Who does the work, for so long: this process, or workers on Ray. Raises UsageError, also for what is missing."""
    if what == "fingerprint" and out == LEDGER_OUT:
        raise UsageError("Fingerprints go into Parquet here (--out FOLDER); purport footage add takes footage in.")
    job = Job(
        what, out if out == LEDGER_OUT or out.startswith(BUCKET) else str(Path(out).absolute()), _from_root(config)
    )
    if config.engine == INLINE:
        from purport.app.bulk import Fingerprinter
        from purport.edges.crews import Alone

        hand = _hand(job, chosen_reader(replace(config, threads=workers)))
        try:
            yield Alone(hand)
        finally:
            if isinstance(hand, Fingerprinter):
                hand.studio.workshop.close()
        return
    if not config.engine.startswith(RAY):
        raise UsageError(f"Bulk work is done by {INLINE}, {RAY} or ray://HOST:PORT, not by {config.engine!r}.")
    address = config.engine if config.engine.startswith("ray://") else ""
    if address and out == LEDGER_OUT and not is_served(config):
        raise UsageError(
            "Workers on several hosts need a ledger that all of them reach: --ledger postgresql+psycopg://…, or put "
            "tables out (--out FOLDER or s3://…)."
        )
    from purport.edges.rays import rays

    payload = msgspec.msgpack.encode(msgspec.structs.replace(job, config=replace(job.config, reader_key="")))
    with rays("purport.wiring.bulk:open_hand", payload, address, workers, SystemClock()) as crew:
        yield crew
