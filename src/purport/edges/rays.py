"""Bulk work on Ray Data (`core.ports.Crew`): files by their names in, receipts out; the bytes never pass through Ray.

Each worker is an actor with one core, which opens its own hand once and then does file after file. It has one file at
a time, and the next is handed to whoever is free. Outputs go from the worker to their place, so that what comes back is
small, and Ray Data's back-pressure has nothing to hold up but this.

A Ray that is begun here listens on loopback only, asks a token of whoever calls, and reports to nobody.
"""

import logging
import os
import secrets
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import chdir, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from purport.app.bulk import lost
from purport.core import errors
from purport.core.bulk import Input, Receipt
from purport.core.errors import PurportError, UsageError
from purport.core.ports import Clock, Hand, Told
from purport.edges.onnx import cores

BLOCKS = 10_000  # at most, so that a list of very many files does not become as many tasks
STORE = 100 * 1024 * 1024  # bytes of Ray's object store: names and receipts
TRIES = 3  # of beginning Ray, whose parts wait for one another only so long
SAID = 300  # characters of Ray's own words
AGAIN = 1  # times that a file is tried again when its worker dies
SETTINGS = {
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DATA_USAGE_DISABLED": "1",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_agent_register_timeout_ms": "120000",
}
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}  # else Ray takes 127.0.0.1 for a mistake, and listens to all
_NO_TOKEN = (
    "A Ray on other hosts is called with its token only. Give RAY_AUTH_TOKEN or RAY_AUTH_TOKEN_PATH the token that it "
    "was started with (docs/bulk.md)."
)


class Actor:
    """A worker: opens its hand when the first file comes."""

    def __init__(self, opener: str, job: bytes) -> None:
        self._opener, self._job = opener, job
        self._hands: list[Hand] = []

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        return {"said": [self._said(one) for one in batch["input"]]}

    def _said(self, payload: str) -> str:
        """A receipt, or our own error by its name and words: if it were raised here, Ray would only try again."""
        try:
            receipt = self._hand().do(msgspec.json.decode(payload, type=Input), _nobody)
        except PurportError as error:
            return msgspec.json.encode([type(error).__name__, str(error)]).decode()
        return msgspec.json.encode(receipt).decode()

    def _hand(self) -> Hand:
        if not self._hands:
            module, _, name = self._opener.partition(":")
            self._hands.append(getattr(import_module(module), name)(self._job))
        return self._hands[0]


def _nobody(share: float) -> None:
    """Nobody hears how far one file is."""


class Driver:
    """Drives the workers from a process of the cluster: Ray Data can't be driven from outside of it."""

    def __init__(self, rows: list[dict[str, str]], opener: str, job: bytes, workers: int) -> None:
        self._said = _driven(rows, opener, job, workers)

    def next(self) -> str | None:
        """What a worker said next; None when all is said."""
        return next(self._said, None)


def _driven(rows: list[dict[str, str]], opener: str, job: bytes, workers: int) -> Iterator[str]:
    """What workers say of the rows, as they say it, by Ray Data."""
    import ray

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = context.print_on_execution_start = False
    context.max_errored_blocks = -1  # what is lost is told by `Rays`
    with warnings.catch_warnings(action="ignore"):  # the last two have no other name yet
        said = ray.data.from_items(rows, override_num_blocks=min(len(rows), BLOCKS)).map_batches(
            Actor,
            fn_constructor_args=(opener, job),
            compute=ray.data.ActorPoolStrategy(size=min(workers, len(rows)), max_tasks_in_flight_per_actor=1),
            batch_size=1,
            num_cpus=1,
            max_restarts=-1,
            max_task_retries=AGAIN,
        )
    for row in said.iter_rows():
        yield row["said"]


def _asked(rows: list[dict[str, str]], *how: Any) -> Iterator[str]:
    """The same by a driver on the cluster."""
    import ray

    driver: Any = ray.remote(num_cpus=0)(Driver).remote(rows, *how)
    while said := str(ray.get(driver.next.remote()) or ""):
        yield said


class Rays:
    """So many actors on the Ray that is there. `opener` (module:name) makes of a job's bytes the hand of each; `away`:
    the Ray is called from outside of it."""

    def __init__(self, opener: str, job: bytes, workers: int, clock: Clock, away: bool = False) -> None:
        self._opener, self._job, self._workers, self._clock, self._away = opener, job, workers, clock, away

    def work(self, inputs: Iterable[Input], told: Told) -> Iterator[Receipt]:
        """Files whose worker died and died again have a receipt that says so, at the end. Raises PurportError."""
        import ray

        left = {one.address: one for one in inputs}
        rows = [{"input": msgspec.json.encode(one).decode()} for one in left.values()]
        by = _asked if self._away else _driven
        try:
            for said in by(rows, self._opener, self._job, self._workers):
                receipt = _receipt(said)
                left.pop(receipt.input.address, None)
                yield receipt
        except ray.exceptions.RayError as error:
            why = str(error).strip().rpartition("\n")[2]
            raise UsageError(f"Ray gave up ({why}). Look whether its workers have this version of Purport.") from error
        for one in left.values():
            yield lost(one, self._clock)


def _receipt(said: str) -> Receipt:
    """What a worker said. Raises its error."""
    told = msgspec.json.decode(said, type=Receipt | tuple[str, str])
    if isinstance(told, Receipt):
        return told
    raise getattr(errors, told[0])(told[1])


@contextmanager
def rays(opener: str, job: bytes, address: str, workers: int, clock: Clock) -> Iterator[Rays]:
    """A crew for so long, on a Ray of its own, or on the one at an address (ray://HOST:PORT). `workers` 0: all cores.

    Raises UsageError.
    """
    os.environ.update(SETTINGS if address else SETTINGS | LOOPBACK)
    with _joined(address) if address else _begun(workers or cores()) as ray:
        yield Rays(opener, job, workers or int(ray.cluster_resources().get("CPU", 1)), clock, bool(address))


@contextmanager
def _begun(workers: int) -> Iterator[Any]:
    """A Ray on loopback, whose files are for this user alone, with a token that nobody else knows."""
    os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
    ray = _ray()
    folder = tempfile.mkdtemp(prefix="ray-", dir="/tmp")  # the names of its sockets must be short
    try:
        for left in reversed(range(TRIES)):
            try:
                with chdir(folder), _hushed():  # workers import from where Ray was begun
                    ray.init(
                        num_cpus=workers,
                        include_dashboard=False,
                        object_store_memory=STORE,
                        log_to_driver=False,
                        configure_logging=False,
                        _node_ip_address="127.0.0.1",
                        _temp_dir=folder,
                    )
                break
            except Exception as error:
                ray.shutdown()
                if not left:
                    raise UsageError(f"Ray does not begin on this machine: {error}. Look into {folder}.") from error
        yield ray
    finally:
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _joined(address: str) -> Iterator[Any]:
    """The Ray at an address."""
    named = os.environ.get("RAY_AUTH_TOKEN") or os.environ.get("RAY_AUTH_TOKEN_PATH")
    if not named and not Path("~/.ray/auth_token").expanduser().is_file():
        raise UsageError(_NO_TOKEN)
    ray = _ray()
    try:
        with _hushed():
            try:
                ray.init(address, log_to_driver=False)
            except ConnectionAbortedError:  # it begins a server for each caller, which now and then does not come up
                ray.init(address, log_to_driver=False)
    except Exception as error:
        why = " ".join(str(error).split())[:SAID]
        raise UsageError(
            f"There is no Ray to work with at {address} ({why}). Look whether it is up, and at its token."
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


@contextmanager
def _hushed() -> Iterator[None]:
    """What Ray's own parts say of themselves goes nowhere; its errors come as errors."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError as missing:
        raise UsageError('Ray needs packages that are not installed: pip install "purport[ray]".') from missing
    for name in ("ray", "ray.data"):  # it sets the latter's when it is imported
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return ray
