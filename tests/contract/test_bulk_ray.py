"""Bulk work on a Ray of its own: the same tables, workers that die, who may call it. Ray runs in other processes."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from bulk_samples import archive, rows

from purport.core.errors import UsageError
from purport.edges.rays import LOOPBACK, SETTINGS, rays
from purport.wiring import SystemClock

HERE = Path(__file__).parent
SRC = HERE.parents[1] / "src"
pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")


PATHS = os.pathsep.join((str(SRC), str(HERE)))


def run(folder: Path, *command: str, **more: str) -> str:
    """What a program says, in a folder; in which Python finds our code and this folder's."""
    env = {**os.environ, "PYTHONPATH": PATHS, "PURPORT_LEDGER": "sqlite:///desk.db", **more}
    done = subprocess.run((sys.executable, *command), cwd=folder, env=env, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    return done.stdout


def purport(folder: Path, *words: str, **more: str) -> str:
    return run(folder, "-P", "-c", "from purport.cli import main; main()", *words, **more)


@contextmanager
def cluster(token: str) -> Iterator[str]:
    """A Ray that somebody else began, with a token, and the address by which it is called from outside of it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))  # the names of its sockets must be short
    head = ("start", "--head", "--block", "--node-ip-address", "127.0.0.1", "--port", "0", "--num-cpus", "2")
    more = ("--ray-client-server-port", str(port), "--include-dashboard", "false", "--temp-dir", str(folder))
    program = (sys.executable, "-c", "from ray.scripts.scripts import main; main()", *head, *more)
    env = {**os.environ, **SETTINGS, **LOOPBACK, "RAY_AUTH_TOKEN": token, "PYTHONPATH": PATHS}
    with (folder / "said").open("wb") as said:
        begun = subprocess.Popen(program, cwd=folder, env=env, stdout=said, stderr=said, start_new_session=True)
    try:
        until = time.monotonic() + 120
        while "Ray runtime started" not in (words := (folder / "said").read_text()):
            assert begun.poll() is None and time.monotonic() < until, words
            time.sleep(0.2)
        yield f"ray://127.0.0.1:{port}"
    finally:
        for process in Path("/proc").glob("[0-9]*"):  # all that have the token: asked to end, it takes half a minute
            with suppress(OSError):
                if f"RAY_AUTH_TOKEN={token}".encode() in (process / "environ").read_bytes():
                    os.kill(int(process.name), signal.SIGKILL)
        begun.wait()
        shutil.rmtree(folder, ignore_errors=True)


def without_time(table: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row | {"seen": ""}, default=str) for row in table)


def test_workers_write_what_one_process_writes(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        archive(tmp_path / "crawl" / f"{name}.warc.gz", "Ostrel", name)
    whole = (tmp_path / "crawl" / "a.warc.gz").read_bytes()
    (tmp_path / "crawl" / "cut.warc.gz").write_bytes(whole[:-100])
    (tmp_path / "json.py").write_text("raise ImportError('this folder is no place to import from')")
    command = ("bulk", "read", "crawl/*.warc.gz", "--json", "--out")
    here = purport(tmp_path, *command, "here")
    there = purport(tmp_path, *command, "there", "--engine", "ray:", "--workers", "2")
    said = [
        sorted((line["name"], str(line["rows"])) for line in map(json.loads, text.splitlines()))
        for text in (here, there)
    ]
    assert said[0] == said[1]
    for table in ("claims", "reports", "gaps"):
        assert without_time(rows(tmp_path / "here", table)) == without_time(rows(tmp_path / "there", table)) != []


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_ray_elsewhere_does_the_same_work(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        archive(tmp_path / "crawl" / f"{name}.warc.gz", "Ostrel", name)
    command, token = ("bulk", "read", "crawl/*.warc.gz", "--json", "--out"), secrets.token_hex(32)
    here = purport(tmp_path, *command, "here")
    with cluster(token) as address:
        there = purport(tmp_path, *command, "there", "--engine", address, RAY_AUTH_TOKEN=token)
    assert len(here.splitlines()) == len(there.splitlines()) == 3
    for table in ("claims", "reports"):
        assert without_time(rows(tmp_path / "here", table)) == without_time(rows(tmp_path / "there", table)) != []


def test_a_worker_that_dies_costs_a_file_at_most(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, str(HERE / "on_ray.py"), str(tmp_path)).splitlines()[-1])
    assert told["done"] == {"a": [], "b": [], "twice": [], "c": [], "d": [], "poison": ["crashed"]}
    assert told["opened"] < len(told["done"]), "a hand is opened once a worker, not once a file"
    assert told["listening"], "it listens to its own"
    assert set(told["listening"]) <= {"127.0.0.1", "::ffff:127.0.0.1", "::1"}
    assert told["answers"] == ["UNAUTHENTICATED", "UNAUTHENTICATED", "OK"], (
        "without a token, with another, with its own"
    )
    assert told["raised"] == "There is no room."
    assert told["left"] == 0, "nothing of it goes on"


def test_a_ray_elsewhere_is_called_with_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("purport.edges.rays.os.environ", dict(os.environ))
    with (
        pytest.raises(UsageError, match="RAY_AUTH_TOKEN_PATH"),
        rays("x:y", b"", "ray://127.0.0.1:1", 1, SystemClock()),
    ):
        pass
