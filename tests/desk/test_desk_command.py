"""`purport desk` as people start it: with the workers that trace stories, in a process of its own, until Ctrl-C."""

import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import house_samples as samples
import ledgers
import pytest

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.enable_socket,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for the desk's workers in /proc"),
]
PURPORT = [sys.executable, "-c", "from purport.cli import main; main()"]
TEXT = "The clerk said that the bridge at Ostrel was safe. The mayor said that ferries will not sail to Velm."


@pytest.fixture
def report(tmp_path: Path) -> str:
    """The only report of a ledger."""
    here = ledgers.premises(tmp_path, samples.PlainReader())
    (tmp_path / "one.txt").write_text(TEXT)
    ledgers.take(here.house, tmp_path / "one.txt")
    return next(here.house.view.reports()).id


def workers(desk: int) -> Iterator[int]:
    for path in Path(f"/proc/{desk}/task").glob("*/children"):
        yield from map(int, path.read_text().split())


@pytest.mark.parametrize("ahead", [0, 5])
def test_the_desk_traces_by_workers_and_sends_them_home(tmp_path: Path, report: str, ahead: int) -> None:
    ledger = ["--ledger", f"sqlite:///{tmp_path / 'purport.db'}"]
    command = [*PURPORT, "desk", "--port", "0", "--ahead", str(ahead), *ledger]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as desk:
        try:
            assert desk.stderr
            opened = re.search(r"http://127\.0\.0\.1:\d+/", desk.stderr.readline())
            assert opened
            with urllib.request.urlopen(f"{opened[0]}story/{report}", timeout=300) as page:
                shown = page.read().decode()
            begun = list(workers(desk.pid))
            desk.send_signal(signal.SIGINT)
            code, last = desk.wait(60), desk.stderr.read()
        finally:
            desk.kill()
    assert "the bridge at Ostrel was safe" in shown
    assert begun
    assert "Traceback" not in last
    assert code == 0
    assert not [one for one in begun if Path(f"/proc/{one}").exists()]
