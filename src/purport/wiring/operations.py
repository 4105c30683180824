"""What keeps a desk running, wired: backups, the journal, numbers, the doctor."""

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from purport.core import journal
from purport.core.errors import UsageError
from purport.wiring import (
    Config,
    SystemClock,
    archive_folder,
    beside_ledger,
    blob_folder,
    is_served,
    ledger_url,
    open_blobs,
    open_vault,
    who,
)

if TYPE_CHECKING:
    from purport.app.backing import Cellar, Places, Stock, Target
    from purport.app.doctoring import Check
    from purport.core.backups import Moved
    from purport.core.health import Finding
    from purport.core.ports import Told
    from purport.edges.metrics import Metrics

LOGS = ("off", "text", "json")


def open_stock(config: Config) -> "Stock":
    """What is backed up: the ledger that is there, and what lies beside it. Raises UsageError."""
    from purport.app.backing import Stock
    from purport.edges.ledgers import into_file
    from purport.edges.sqlite import copy
    from purport.ledger.custody import tool

    if is_served(config):

        def bring(to: Path, told: "Told") -> None:
            into_file(ledger_url(config), to, told, who(config))

        return Stock(open_vault(config), _places(config, {}), copy, SystemClock(), who(config), tool(), (bring,))
    where = places(config)
    if not where.databases["ledger"].is_file():
        raise UsageError(f"There is no ledger at {where.databases['ledger']}. Name it with --ledger.")
    return Stock(open_vault(config), where, copy, SystemClock(), who(config), tool())


def places(config: Config) -> "Places":
    """Where the ledger is, and what lies beside it and can't be made again or takes long to make."""
    if is_served(config):
        raise UsageError(
            "A ledger is made again in a file: --to sqlite:///FILE. From there it goes into PostgreSQL: "
            "purport migrate --from sqlite:///FILE --to postgresql+psycopg://USER@HOST/DATABASE."
        )
    ledger = ledger_url(config).partition("///")[2]
    if ledger in ("", ":memory:"):
        raise UsageError("A ledger for one run alone is no file. Name one with --ledger sqlite:///FILE.")
    return _places(config, {"ledger": Path(ledger).absolute()})


def _places(config: Config, ledger: "Mapping[str, Path]") -> "Places":
    from purport.app.backing import Places

    return Places(
        databases={**ledger, "vectors": beside_ledger(config, ".vectors").absolute()},
        files={"key": beside_ledger(config, ".key").absolute()},
        folders={"warcs": archive_folder(config).absolute(), "prints": beside_ledger(config, ".prints").absolute()},
    )


def move(source: str, target: str, told: "Told") -> "Moved":
    """A ledger into another database. Raises UsageError, LedgerError, CustodyError."""
    from purport.edges import ledgers

    here, there = Config(ledger=source), Config(ledger=target)
    path = "" if is_served(here) else ledger_url(here).partition("///")[2]
    if not is_served(here) and not (path and Path(path).is_file()):
        raise UsageError(f"There is no ledger at {path or 'that address'}. Name it with --from sqlite:///FILE.")
    if ledger_url(here) == ledger_url(there):
        raise UsageError("--from and --to are the same ledger.")
    return ledgers.move(source, target, told, who(here))


def open_cellar(folder: Path, make: bool = False) -> "Cellar":
    """A folder with backups; made, for its owner alone, if it is to be and is not there. Raises UsageError."""
    from purport.app.backing import Cellar
    from purport.edges.alone import alone
    from purport.edges.blobs import FolderBlobs
    from purport.edges.files import put_whole

    folder = folder.absolute()
    try:
        if make:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # all that the ledger holds is in it, and its key
    except OSError as error:
        raise UsageError(f"{folder} can't be made ({error.strerror}). Name a folder for backups.") from error
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}. Name the one that purport backup wrote to.")
    only = "Wait for its end, or back up into another folder."
    return Cellar(
        folder, FolderBlobs(folder), put_whole, lambda: alone(folder / ".lock", "backup works in this folder", only)
    )


def open_target(config: Config) -> "Target":
    """Where a ledger is to be made again; nothing is made yet. Raises UsageError."""
    from purport.app.backing import Target

    return Target(places(config), open_blobs(config), lambda: open_vault(config))


@contextmanager
def open_journal(form: str, collector: str, command: str) -> Iterator[None]:
    """Tell of a run on standard error (one of LOGS), and to a collector of traces if an address is given."""
    with ExitStack() as stack:
        if form != "off":
            from purport.edges.logs import Logs

            stack.enter_context(journal.listening(Logs(form)))
        if collector:
            from purport import __version__
            from purport.edges.traces import to_collector

            traces = stack.enter_context(closing(to_collector(collector, __version__)))
            stack.enter_context(journal.listening(traces))
        stack.enter_context(journal.about(run=secrets.token_hex(4)))
        stack.enter_context(journal.step("run", command=command))
        yield


def open_checkup(config: Config) -> "Mapping[str, Check]":
    """What the doctor asks, by what it is about. Raises UsageError."""
    from purport.edges import checkup
    from purport.ledger.migrate import migrations

    if is_served(config):
        beside, bytes_at = beside_ledger(config, ".db").absolute(), blob_folder(config).absolute()  # no file is there
        return {
            "versions": checkup.versions,
            "models": checkup.models,
            "disk": lambda: checkup.disk(beside),
            "permissions": lambda: checkup.permissions([archive_folder(config).absolute(), bytes_at]),
            "clock": lambda: checkup.clock(SystemClock(), beside),
            "ledger": lambda: checkup.served(config.ledger, max(migrations("postgresql"))),
            "queue": lambda: _queue(config),
            "blobs": lambda: checkup.blobs(open_blobs(config), config.blobs or str(bytes_at)),
            "parts": checkup.parts,
        }
    where = places(config)
    ledger, around = where.databases["ledger"], [*where.all().values(), blob_folder(config).absolute()]
    return {
        "versions": checkup.versions,
        "models": checkup.models,
        "disk": lambda: checkup.disk(ledger),
        "permissions": lambda: checkup.permissions(around),
        "clock": lambda: checkup.clock(SystemClock(), ledger),
        "ledger": lambda: checkup.database(ledger, max(migrations("sqlite"))),
        "blobs": lambda: checkup.blobs(open_blobs(config), config.blobs or str(blob_folder(config))),
        "archives": lambda: checkup.archives(where.folders["warcs"], ledger),
        "parts": checkup.parts,
    }


def _queue(config: Config) -> "Iterator[Finding]":
    from purport.edges import checkup
    from purport.wiring.working import open_engine, open_tools

    with open_tools(config) as tools:
        yield from checkup.queue(open_engine(config, tools))


@contextmanager
def open_metrics(config: Config, entries: Callable[[], Mapping[str, float]]) -> Iterator["tuple[Metrics, ...]"]:
    """What counts for Prometheus, for so long; none where its package is not installed."""
    try:
        from purport.edges.metrics import Metrics
    except UsageError:
        yield ()
        return
    metrics, ledger = Metrics(), Path(ledger_url(config).partition("///")[2] or "purport.db").absolute()

    def sizes() -> dict[str, Mapping[str, float]]:
        files = {name: Path(f"{ledger}{name}") for name in ("", "-wal")}
        held = {f"ledger{name}": float(path.stat().st_size) for name, path in files.items() if path.is_file()}
        free = {"ledger": float(shutil.disk_usage(ledger.parent).free)}
        return {"purport_ledger_entries": entries(), "purport_ledger_bytes": held, "purport_disk_free_bytes": free}

    metrics.gauges(sizes)
    with journal.listening(metrics):
        yield (metrics,)
