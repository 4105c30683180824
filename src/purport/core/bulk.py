"""Bulk work: many files, each worked on apart, wherever that is. Files are named here, never held."""

import re

import msgspec

from purport.core.ids import make_id
from purport.core.records import Gap

FORM = 1  # of the tables: raised when a column changes, so that what was made before is made again


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """A file to be worked on."""

    place: str  # as people named it; captures say that they come from there
    address: str  # where it is found from anywhere: a path from the root, or s3://BUCKET/KEY
    size: int  # bytes
    state: str = ""  # changes when its bytes do, as far as its storage tells: the time it was written, an entity tag

    @property
    def name(self) -> str:
        """What its outputs are called: `crawl-0007.warc-1f3a…`, the same for the same address."""
        base = re.sub(r"[^A-Za-z0-9._-]+", "_", self.address.rpartition("/")[2])[:80].strip("._") or "file"
        return f"{base.removesuffix('.gz')}-{make_id('input', self.address).rpartition('-')[2][:16]}"


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file. It is put beside its outputs when all of them are there."""

    input: Input
    version: str = ""  # of whoever did it: the reader's, or that of the examination
    form: int = FORM
    rows: dict[str, int] = {}  # by the table, as in {"claims": 40}; of a ledger the entries that were new to it
    seconds: float = 0.0  # by the clock
    processor: float = 0.0  # seconds of a processor, of the process that did it
    faults: tuple[Gap, ...] = ()  # none or one: why it could not be done; there is no output then
    known: bool = False  # it had been done before
