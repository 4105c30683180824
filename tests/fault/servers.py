"""Two PostgreSQL servers, a primary and a standby that streams from it, and what may become of them.

What is acknowledged is on both (`synchronous_standby_names`), so the primary may die at any moment: the standby takes
its place, and a new standby is made where the old primary was. A ledger's address names both, and whoever connects
finds the one that takes writes.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

NAMES = ("a", "b")
SETTINGS = (
    "-c listen_addresses='' -c fsync=off -c dynamic_shared_memory_type=mmap -c max_connections=40 "
    "-c wal_retrieve_retry_interval=200ms"  # what is written waits until the standby is back
)


class Pair:
    """`primary` is the name of the one that takes writes; the folder of each holds its data and its socket."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self._programs = folder, programs
        self._user = "postgres" if os.getuid() == 0 else None  # a server refuses to run as root
        self.primary = NAMES[0]
        if self._user:
            shutil.chown(folder, self._user)
        self._run("initdb", "-D", self._data("a"), "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self._make_room()
        self._start("a")
        self._run("createdb", "-h", self.folder / "a", "-U", "tester", "purport")
        self._stand_by()

    @property
    def url(self) -> str:
        hosts = "&".join(f"host={self.folder / name}" for name in NAMES)
        return f"postgresql+psycopg://tester@/purport?{hosts}&target_session_attrs=read-write"

    def restart(self, mode: str) -> None:
        """In the mode `immediate` the server drops everything and recovers by its log; with `fast` it ends in order."""
        self._control(self.primary, "--mode", mode, "--wait", "--log", self.folder / "log", "restart")
        self.followed()

    def away(self, back: Callable[[], bool]) -> None:
        """The primary is not there until then."""
        self._control(self.primary, "--mode=fast", "--wait", "stop")
        while not back():
            time.sleep(0.05)
        self._start(self.primary)
        self.followed()

    def kill_a_session(self) -> None:
        """As the kernel does when memory is short: the server then ends all sessions, and recovers."""
        sessions = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        while not (found := self.ask(sessions + " ORDER BY state = 'active' DESC LIMIT 1")):
            time.sleep(0.01)
        with suppress(ProcessLookupError):
            os.kill(found[0][0], signal.SIGKILL)
        self.followed()

    def fail_over(self) -> None:
        """The primary dies with all its processes, the other takes its place, and gets a standby of its own."""
        self.followed()
        lost, self.primary = self.primary, self._standby
        self._kill(lost)
        self._control(self.primary, "--wait", "promote")
        shutil.rmtree(self._data(lost))
        self._stand_by()

    def ask(self, statement: str) -> list[tuple[int, ...]]:
        place = self.folder / self.primary
        with psycopg.connect(host=str(place), user="tester", dbname="purport", autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []

    def followed(self) -> None:
        """Wait until what is committed here is on both again: what was booked alone may not be lost with this one."""
        self._until("SELECT count(*)::int FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'")

    @property
    def _standby(self) -> str:
        return NAMES[self.primary == NAMES[0]]

    def _data(self, name: str) -> Path:
        return self.folder / f"{name}.data"

    def _make_room(self) -> None:
        for name in NAMES:
            (self.folder / name).mkdir()
            if self._user:
                shutil.chown(self.folder / name, self._user)

    def _stand_by(self) -> None:
        """The other follows the primary, and from now on a commit is one on both."""
        self.ask("ALTER SYSTEM RESET synchronous_standby_names")
        self.ask("SELECT pg_reload_conf()::int")
        here = self.folder / self.primary
        to = self._data(self._standby)
        self._run("pg_basebackup", "-h", here, "-U", "tester", "-D", to, "-R", "-N", "-c", "fast", "-X", "stream")
        self._start(self._standby)
        self._until("SELECT count(*)::int FROM pg_stat_replication WHERE state = 'streaming'")
        self.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.ask("SELECT pg_reload_conf()::int")
        self.followed()

    def _until(self, statement: str) -> None:
        end = time.monotonic() + 120
        while True:
            with suppress(psycopg.OperationalError):  # it may be recovering
                if self.ask(statement) != [(0,)]:
                    return
            assert time.monotonic() < end, self._log()
            time.sleep(0.05)

    def _start(self, name: str) -> None:
        settings = f"{SETTINGS} -c unix_socket_directories={self.folder / name}"
        self._control(name, "--wait", "--log", self.folder / "log", "--options", settings, "start")

    def _kill(self, name: str) -> None:
        """All at once, as when a machine dies; what the kernel holds of it is given back."""
        lines = (self._data(name) / "postmaster.pid").read_text().splitlines()
        first = int(lines[0])
        os.kill(first, signal.SIGSTOP)  # or it would have new children meanwhile, who would linger
        while _state(first) not in "T":
            time.sleep(0.001)
        all_of_it = [*_children(first), first]
        for number in all_of_it:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        while any(_state(number) not in "Z" for number in all_of_it):
            time.sleep(0.01)
        for left in (self.folder / name).glob(".s.PGSQL.*"):  # a new one would take whoever has its number for it
            left.unlink()
        if len(lines) > 6 and len(held := lines[6].split()) == 2:
            subprocess.run(("ipcrm", "-m", held[1]), capture_output=True, check=False)

    def _control(self, name: str, *words: str | Path) -> None:
        self._run("pg_ctl", "--pgdata", self._data(name), "--silent", *words)

    def _run(self, program: str, *words: str | Path) -> None:
        said = self.folder / "said"
        with said.open("w") as to:  # no pipe: a server that is started would hold it open
            command = (self._programs / program, *words)
            code = subprocess.run(
                command, user=self._user, cwd=self.folder, stdout=to, stderr=to, timeout=180
            ).returncode
        assert code == 0, said.read_text() + self._log()

    def _log(self) -> str:
        log = self.folder / "log"
        return log.read_text()[-3000:] if log.exists() else ""

    def stop(self) -> None:
        for name in NAMES:
            with suppress(AssertionError):
                self._control(name, "--mode=immediate", "stop")


def _children(of: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == of:
                found.append(int(stat.parent.name))
    return found


def _state(number: int) -> str:
    """Its letter in /proc; empty: there is no such process."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


@contextmanager
def pair() -> Iterator[Pair]:
    """Skips the test where PostgreSQL is not at hand."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    if programs is None or not shutil.which("ipcrm"):
        pytest.skip("PostgreSQL is not installed here")
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a short path: a socket's may have 107 bytes
    made: list[Pair] = []
    try:
        made.append(Pair(folder, programs))
        yield made[0]
    finally:
        for one in made:
            one.stop()
        shutil.rmtree(folder, ignore_errors=True)


FAULTS: dict[str, Callable[[Pair], None]] = {
    "database dies and recovers": lambda servers: servers.restart("immediate"),
    "database restart, in order": lambda servers: servers.restart("fast"),
    "kill -9 of a session of the database": Pair.kill_a_session,
    "database failover": Pair.fail_over,
}
