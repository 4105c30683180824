"""The doctor: what is in order, what is to be mended and how; it changes nothing."""

import os
import sqlite3
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from custody_samples import NOON, FixedClock, fill, flip, vault
from desk_samples import Desk, desk

from purport.app import doctoring
from purport.core.health import ABSENT, MEND, OK, Finding
from purport.edges import checkup
from purport.ledger.migrate import migrations
from purport.wiring import SystemClock

__all__ = ["desk"]
NEWEST = max(migrations("sqlite"))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    at = vault(tmp_path)
    fill(at)
    at.custody._engine.dispose()  # type: ignore[attr-defined]
    return tmp_path / "purport.db"


def one(found: Iterable[Finding]) -> Finding:
    (only,) = found
    return only


def state(found: Iterable[Finding]) -> str:
    return one(found).state


def test_all_is_in_order(desk: Desk):
    desk.put("a.txt", "The mayor of Ostrel said that the ferry had left the harbour at noon.")
    desk.run("read", "a.txt")
    before = sorted(path.name for path in desk.folder.iterdir())
    found = {line["what"]: line for line in desk.lines("doctor", "--json")}
    assert {"versions", "models", "disk", "permissions", "clock", "ledger", "archives"} <= set(found)
    assert {line["state"] for line in found.values()} <= {OK, ABSENT}
    assert "they load and answer" in found["models"]["said"]
    assert sorted(path.name for path in desk.folder.iterdir()) == before


def test_no_ledger_is_no_fault_and_none_is_made(desk: Desk):
    assert "none at" in desk.run("doctor").stdout
    assert list(desk.folder.iterdir()) == []


def test_what_is_to_be_mended_is_counted_and_exits_with_its_code(desk: Desk):
    said = desk.run("doctor", "--ledger", "sqlite:///nowhere/purport.db", code=12)
    assert "mkdir -p" in said.stdout
    assert "1 to mend" in said.stderr


def test_a_check_that_fails_is_a_finding():
    def broken() -> Iterable[Finding]:
        raise RuntimeError("no driver")

    found = list(doctoring.examine({"disk": broken, "rest": lambda: [Finding("rest", OK, "well")]}))
    assert [finding.state for finding in found] == [MEND, OK]
    assert "no driver" in found[0].said


def test_a_ledger_that_is_damaged(ledger: Path):
    assert state(checkup.database(ledger, NEWEST)) == OK
    for place in range(2 * 8192, ledger.stat().st_size, 8192):
        flip(ledger, place, 255)
    found = one(checkup.database(ledger, NEWEST))
    assert found.state == MEND
    assert "backup" in found.mend


def test_a_ledger_of_another_form(ledger: Path, tmp_path: Path):
    assert "Install a newer" in one(checkup.database(ledger, NEWEST - 1)).mend
    assert "will be brought" in one(checkup.database(ledger, NEWEST + 1)).said
    (tmp_path / "note.db").write_text("a note")
    assert state(checkup.database(tmp_path / "note.db", NEWEST)) == MEND
    with sqlite3.connect(ledger) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    assert "WAL" in one(checkup.database(ledger, NEWEST)).said


def test_a_wal_that_nobody_empties(ledger: Path):
    with Path(f"{ledger}-wal").open("wb") as wal:
        wal.truncate(checkup.LONG + 1)
    *_, found = checkup.database(ledger, NEWEST)
    assert found.state == MEND
    assert "WAL" in found.said


def test_a_clock_that_jumped_back(ledger: Path):
    assert state(checkup.clock(FixedClock(NOON + timedelta(days=1)), ledger.parent / "none.db")) == MEND  # the disk's
    found = one(checkup.clock(SystemClock(), ledger))  # whose entries are of years to come
    assert found.state == MEND
    assert "timedatectl" in found.mend


def test_a_disk_without_room(ledger: Path, monkeypatch: pytest.MonkeyPatch):
    assert state(checkup.disk(ledger)) == OK
    full = SimpleNamespace(total=10**12, free=10**6)
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda folder: full)
    assert "Free some space" in one(checkup.disk(ledger)).mend


@pytest.mark.skipif(os.getuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_cant_be_written_to(ledger: Path):
    ledger.parent.chmod(0o555)
    try:
        *_, found = checkup.disk(ledger)
    finally:
        ledger.parent.chmod(0o755)
    assert found.state == MEND


def test_who_may_read_and_write(ledger: Path):
    key = ledger.with_suffix(".key")
    key.write_bytes(b"secret")
    key.chmod(0o600)
    assert state(checkup.permissions([ledger, key])) == OK
    key.chmod(0o644)
    ledger.chmod(0o666)
    mends = [found.mend for found in checkup.permissions([ledger, key]) if found.state == MEND]
    assert mends == [f"chmod o-w {ledger}", f"chmod 600 {key}"]


def test_archives_that_are_gone_or_cut_off(ledger: Path):
    folder = ledger.with_suffix(".warcs")
    assert state(checkup.archives(folder, ledger)) == OK
    (archive,) = folder.iterdir()
    archive.chmod(0o644)
    os.truncate(archive, archive.stat().st_size - 1)
    assert archive.name in one(checkup.archives(folder, ledger)).said
    archive.unlink()
    assert state(checkup.archives(folder, ledger)) == MEND


def test_a_package_that_is_missing(monkeypatch: pytest.MonkeyPatch):
    assert state(checkup.versions()) == OK
    monkeypatch.setattr(checkup, "_needed", lambda: iter(["av", "no-such-package"]))
    _, found = checkup.versions()
    assert "no-such-package" in found.said


def test_a_network_that_was_altered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "reader.onnx").write_bytes(b"something else")

    class Listed:
        hash = SimpleNamespace(value="AAAA")

        def __str__(self) -> str:
            return "purport/read/model/reader.onnx"

        def locate(self) -> Path:
            return tmp_path / "reader.onnx"

    monkeypatch.setattr(checkup.metadata, "files", lambda name: [Listed()])
    found = one(checkup.models())
    assert "not as it was shipped" in found.said


def test_parts_that_may_be_absent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checkup, "PARTS", {"no_such.module": ("numbers", "metrics")})
    found = one(checkup.parts())
    assert (found.state, found.mend) == (ABSENT, 'pip install "purport[metrics]"')
