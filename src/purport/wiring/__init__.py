"""Config and URLs to a working house: the only importer of the edges.

They are imported when a house is opened: together they take half a second, and `purport --help` needs none.
"""

import getpass
import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from purport.core.errors import UsageError

if TYPE_CHECKING:
    from purport.app import House
    from purport.app.admitting import Staff
    from purport.app.alerting import Post
    from purport.app.attending import Desk
    from purport.app.exporting import Ledger, Packer
    from purport.app.proving import Vault
    from purport.core.alerts import Rule
    from purport.core.ports import Authority, Blobs, Diary, Reader, Workshop
    from purport.core.watching import Exchange
    from purport.pipeline import Scribe, Studio
    from purport.read.reader import ClaimReader

LEDGER = "sqlite:///purport.db"
SERVED = ("postgresql:", "postgresql+psycopg:")
READER = "built-in"
ENDPOINT = "endpoint:"
BUCKET = "s3://"
_ANOTHER = "Stop it first, or give this one a ledger of its own with --ledger."


@dataclass(frozen=True)
class Config:
    """What the command line and the environment say; read once, at the edge."""

    ledger: str = LEDGER
    blobs: str = ""  # file:FOLDER or s3://BUCKET/PREFIX; empty: beside the ledger, purport.blobs for purport.db
    archives: str = ""  # the folder of WARC files; empty: beside the ledger, purport.warcs for purport.db
    allow_private: bool = False
    threads: int = 0  # for the network; 0 takes every core
    reader: str = READER  # or endpoint:URL: a language model is asked, and texts leave the house for that address
    reader_model: str = ""  # its name there
    reader_key: str = field(default="", repr=False)
    trust: str = ""  # a file of certificates (PEM) that the user vouches for
    seconds: int = 4 * 3600  # that a file's examination may take, by the clock and of a processor
    memory: int = 4096  # MiB of address space for it
    who: str = ""  # whom the custody log names; empty: user@host
    speech: str = ""  # the folder of a speech model; empty: the one that an installed package ships
    engine: str = "inline:"  # or jobs:, workers over the ledger's PostgreSQL (`wiring.working`)
    patience: float = 30.0  # seconds until others take over what a silent worker holds


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def open_house(config: Config) -> "House":
    """Open the ledger and the blobs, and make the rest ready; the model loads when first asked."""
    from purport.app import House
    from purport.app.grouping import Grouping
    from purport.edges.copybook import FileCopybook
    from purport.edges.fetch import WebFetcher
    from purport.edges.ledgers import open_ledger
    from purport.edges.onnx import OnnxEncoder
    from purport.edges.traced import FileTraces, sources
    from purport.edges.vectors import KeptEncoder
    from purport.ledger.book import Book
    from purport.ledger.briefs import Briefs, Looks
    from purport.ledger.joins import Joins
    from purport.ledger.marks import Marks
    from purport.ledger.reviews import Reviews
    from purport.ledger.searches import Searches
    from purport.ledger.view import View
    from purport.trace.copies import VERSION as COPIES

    reader = chosen_reader(config)
    engine = open_ledger(ledger_url(config), who(config))
    joins = Joins(engine, who(config), SystemClock().now)
    encoder = KeptEncoder(OnnxEncoder(), beside_ledger(config, ".vectors"))
    view = View(engine)
    return House(
        clock=SystemClock(),
        fetcher=WebFetcher(allow_private=config.allow_private),
        blobs=open_blobs(config),
        reader=reader,
        writer=Book(engine, who(config), SystemClock().now),
        view=view,
        reviews=(Reviews(engine, who(config), SystemClock().now),),
        searches=(Searches(engine, SystemClock().now),),
        grouping=(Grouping(joins, joins, encoder, SystemClock(), who(config)),),
        marks=(Marks(engine, who(config), SystemClock().now),),
        briefs=(Briefs(engine, who(config), SystemClock().now),),
        looks=(Looks(engine, who(config), SystemClock().now),),
        archived=(partial(_payload, archive_folder(config), view),),
        copybook=(FileCopybook(str(beside_ledger(config, ".copies")) if in_a_file(config) else "", COPIES),),
        traces=(FileTraces(beside_ledger(config, ".traced"), sources),) if in_a_file(config) else (),
    )


def in_a_file(config: Config) -> bool:
    """Is the ledger one that others can open, so that there may be files beside it? Not one of this run alone."""
    return is_served(config) or config.ledger.partition("///")[2] not in ("", ":memory:")


def _payload(folder: Path, view: "Diary", kept: "Exchange") -> bytes:
    """The payload of an exchange, out of the archive that holds it."""
    from purport.preserve import payload_of

    return b"".join(payload_of(folder, kept, lambda id: next(view.exchanges(id=id))))


def ledger_url(config: Config) -> str:
    """The ledger that the config names. Raises UsageError."""
    if not config.ledger.startswith(("sqlite:", *SERVED)):
        kind, colon, _ = config.ledger.partition(":")  # what follows may hold a password
        kind += ":…" if colon else ""
        raise UsageError(
            f"A ledger is sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE, not {kind!r}. "
            "Give --ledger or PURPORT_LEDGER such an URL."
        )
    return config.ledger


def is_served(config: Config) -> bool:
    """Is the ledger in a database server, and not in a file here?"""
    return config.ledger.startswith(SERVED)


def who(config: Config) -> str:
    """Whom the custody log names: as configured, else the user and the machine."""
    if config.who:
        return config.who
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that no user has
        user = f"user-{os.getuid()}"
    return f"{user}@{platform.node()}"


def open_vault(config: Config) -> "Vault":
    """What custody is proved with; no reader is loaded."""
    from purport.app.proving import Vault
    from purport.edges.ledgers import open_ledger
    from purport.ledger.book import Book
    from purport.ledger.log import Custody

    engine = open_ledger(ledger_url(config), who(config))
    blobs = open_blobs(config)
    return Vault(Custody(engine), Book(engine, who(config), SystemClock().now), blobs, archive_folder(config))


def open_staff(config: Config) -> "Staff":
    """What people are let in with: the accounts in a file beside the ledger, or in the database that serves it."""
    from purport.app.admitting import Staff
    from purport.edges.argon import Argon
    from purport.edges.ledgers import open_ledger
    from purport.edges.people import open_people, served_people
    from purport.ledger.book import Book

    engine = open_ledger(ledger_url(config), who(config))
    people = served_people(engine) if is_served(config) else open_people(beside_ledger(config, ".people"))
    return Staff(people, people, people, Argon(), Book(engine, who(config), SystemClock().now), SystemClock())


def open_packer(config: Config) -> "Packer":
    """What packages are made with. A ledger that is not there is not made for it: the archives are enough."""
    from purport.app.exporting import Packer

    return Packer(SystemClock(), archive_folder(config), beside_ledger(config, ".key"), tuple(_ledger(config)))


def _ledger(config: Config) -> Iterator["Ledger"]:
    from purport.app.exporting import Ledger
    from purport.edges.ledgers import open_ledger
    from purport.ledger.addresses import Addresses
    from purport.ledger.book import Book

    if is_served(config) or Path(ledger_url(config).partition("///")[2]).is_file():
        engine = open_ledger(config.ledger, who(config))
        yield Ledger(Addresses(engine), Book(engine, who(config), SystemClock().now))


def archive_folder(config: Config) -> Path:
    return Path(config.archives) if config.archives else beside_ledger(config, ".warcs")


def open_post(config: Config) -> "Post":
    """What alerts are delivered with."""
    from purport.app.alerting import Post
    from purport.edges.feedfile import FeedFiles
    from purport.edges.ledgers import open_ledger
    from purport.edges.webhook import WebHook
    from purport.ledger.book import Book
    from purport.ledger.outbox import Outbox

    engine = open_ledger(ledger_url(config), who(config))
    outbox, book = Outbox(engine, who(config), SystemClock().now), Book(engine, who(config), SystemClock().now)
    return Post(outbox, WebHook(), FeedFiles(), book, SystemClock())


@contextmanager
def open_desk(config: Config, rules: Sequence["Rule"] = (), fetching: bool = True) -> Iterator["Desk"]:
    """What watches, reads and tells, by some rules; its archive is closed afterwards.

    `fetching`: it will, so that no other one may at the same time. Raises UsageError, EvidenceError.
    """
    from purport.edges.alone import alone

    only = alone(beside_ledger(config, ".watch"), "watch works on this ledger", _ANOTHER) if fetching else nullcontext()
    with only, desk_in(open_house(config), config, rules) as desk:
        yield desk


@contextmanager
def desk_in(house: "House", config: Config, rules: Sequence["Rule"] = ()) -> Iterator["Desk"]:
    """A desk in a house; several may work in it at the same time, each with an archive of its own."""
    from purport.app.attending import Desk
    from purport.app.looking import lookers
    from purport.edges.web import Web
    from purport.pipeline import Steps
    from purport.preserve import Archive
    from purport.watching import Lookout

    folder, view, clock = archive_folder(config), house.view, house.clock
    opened = partial(_payload, folder, view)
    with closing(Web(clock)) as web, Archive(folder, clock, view.ended()) as archive:
        lookout = Lookout(clock, web, archive, house.writer, view, opened)
        steps = Steps(clock, house.reader, house.blobs, house.writer, view)
        yield Desk(lookout, steps, view, house.fetcher, open_post(config), rules, lookers(house))


def open_authority(url: str, config: Config) -> "Authority":
    from purport.edges.authority import WebAuthority

    return WebAuthority(url, config.allow_private)


def chosen_reader(config: Config) -> "Reader":
    """The reader that the config names. Raises UsageError."""
    if config.reader == READER:
        return open_reader(config.threads)
    if not config.reader.startswith(ENDPOINT):
        kind = config.reader.partition(":")[0]  # what follows may hold a password
        raise UsageError(f"A reader is {READER}, or {ENDPOINT}http://127.0.0.1:8000/v1 and the like, not {kind!r}.")
    from purport.edges.endpoint import EndpointReader

    url = config.reader.removeprefix(ENDPOINT)
    return EndpointReader(url, config.reader_model, SystemClock(), config.reader_key)


def open_reader(threads: int = 0) -> "Reader":
    """The reader alone, for those who have texts in hand and want no ledger: many at once on so many cores (0: all)."""
    from purport.edges.readers import STEP, ProcessReader

    here = open_reader_here(threads)
    cores = here.threads
    return ProcessReader(here, cores, {STEP: "purport.wiring.reading:run"}) if cores > 1 else here


def open_reader_here(threads: int = 0) -> "ClaimReader":
    """The same in this process only."""
    from purport.edges.onnx import OnnxModel
    from purport.read.reader import ClaimReader

    return ClaimReader(OnnxModel(threads=threads))


STEPS = {  # what a workshop's workers can do
    "footage.examine": "purport.footage.examine:run",
    "footage.find": "purport.footage.search:run",
    "footage.hashes": "purport.footage.hashes:run",
    "footage.listed": "purport.footage.hashes:run_listed",
    "footage.sheet": "purport.footage.sheet:run",
    "footage.silent": "purport.footage.clear:run_silent",
    "footage.still": "purport.footage.clear:run_still",
    "footage.words": "purport.footage.words:run",
}


def open_studio(config: Config) -> "Studio":
    """What footage is examined with; the worker begins when it is first asked. Raises UsageError."""
    from purport.edges.library import FolderLibrary
    from purport.footage.examine import version
    from purport.pipeline import Studio

    try:
        trust = Path(config.trust).read_text(encoding="ascii") if config.trust else ""
    except (OSError, ValueError) as error:
        raise UsageError(f"The trust list {config.trust} can't be read: {error}. It is a file in PEM form.") from error
    if config.trust and "-----BEGIN CERTIFICATE-----" not in trust:
        raise UsageError(f"{config.trust} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).")
    library = FolderLibrary(beside_ledger(config, ".prints"))
    return Studio(library, open_workshop(config), version(trust), trust, beside_ledger(config, ".index"))


def open_scribe(config: Config) -> "Scribe":
    """What footage is put into words with. Raises ModelError for a folder that holds no speech model."""
    from purport.footage.words import version
    from purport.pipeline import Scribe

    return Scribe(open_workshop(config), version(config.speech), config.speech)


def open_workshop(config: Config) -> "Workshop":
    """The worker begins when it is first asked."""
    from purport.edges.workshop import Bounds, ProcessWorkshop

    return ProcessWorkshop(STEPS, Bounds(seconds=config.seconds, processor=config.seconds, memory=config.memory))


def open_blobs(config: Config) -> "Blobs":
    """Where bytes are kept: a folder, or a bucket with a folder for what is needed as a file. Raises UsageError."""
    if config.blobs.startswith(BUCKET):
        from purport.edges.bucket import BucketBlobs

        return BucketBlobs(config.blobs, beside_ledger(config, ".near"))
    from purport.edges.blobs import FolderBlobs

    return FolderBlobs(blob_folder(config))


def blob_folder(config: Config) -> Path:
    """The folder of blobs on this machine; of a bucket that for what is needed as a file. Raises UsageError."""
    if config.blobs.startswith(BUCKET):
        return beside_ledger(config, ".near")
    if config.blobs:
        scheme, _, path = config.blobs.partition(":")
        if scheme != "file" or not path:
            raise UsageError(f"Blobs are kept in file:FOLDER or s3://BUCKET/PREFIX, not {config.blobs!r}.")
        return Path(path)
    return beside_ledger(config, ".blobs")


def beside_ledger(config: Config, suffix: str) -> Path:
    """`purport.blobs` for purport.db, and so on; for a database called `desk`, in the folder one stands in."""
    if is_served(config):
        return Path(f"{Path(urlsplit(config.ledger).path).name or 'purport'}{suffix}")
    path = config.ledger.partition("///")[2]
    if path in ("", ":memory:"):  # a ledger for this run alone
        path = "purport.db"
    return Path(path).with_suffix(suffix)
