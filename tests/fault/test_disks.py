"""Disks that are full, that take no more, that may not be written to, and that tear what is written last."""

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from custody_samples import FixedClock, found, some_gaps, vault, wire
from faults import Tally
from test_kills import texts
from victims import Victims, acknowledged

from purport.ledger import View
from purport.preserve import Archive

ROOM = "unshare", "--mount", "--map-root-user"  # a room of its own, where one may mount without being root outside
can_mount = subprocess.run([*ROOM, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
needs_mounts = pytest.mark.skipif(can_mount.returncode != 0, reason="no file system can be mounted here")


@pytest.fixture(scope="module")
def apart() -> Iterator[Victims]:
    with Victims(*ROOM) as made:
        yield made


def test_a_write_that_fails_at_any_byte_books_nothing_half(victims: Victims, tmp_path: Path, tally: Tally) -> None:
    chance, first = random.Random(6), 1
    for round in range(tally.many(8)):
        places, first = texts(tmp_path, first, 4), first + 4
        largest = max((path.stat().st_size for path in tmp_path.glob("purport.db*")), default=400_000)
        work = {"work": "backup"} if round % 4 == 3 else {"work": "read", "places": places}
        (told,) = victims.together(tmp_path, {**work, "limit": chance.randint(1000, largest + 300_000)})
        if "error" in told:
            tally("no room left: a file may not grow any more")
            assert told["error"] in ("LedgerError", "EvidenceError"), told["message"]
            assert "space" in told["message"] or "Mend" in told["message"]
        victims.whole(tmp_path)
        assert "error" not in victims.do(tmp_path, "read", places=places)
    held = victims.whole(tmp_path)
    assert {*held["held"], *held["backups"]} == set(acknowledged(tmp_path))


@needs_mounts
def test_a_full_disk_loses_nothing_and_with_room_it_goes_on(apart: Victims, tmp_path: Path, tally: Tally) -> None:
    disk, chance = tmp_path / "disk", random.Random(7)
    disk.mkdir()
    apart.shell(f"mount -t tmpfs -o size=4m none {disk}")
    apart.do(disk, "read", places=[])
    acks: list[str] = []
    for round in range(tally.many(3)):
        places = texts(tmp_path, 10 * round, 6)
        apart.shell(f"cp {tmp_path}/statement-*.txt {disk}; rm -f {disk}/filling")
        free = int(apart.shell(f"df --output=avail -B1 {disk} | tail -1"))
        apart.shell(f"head -c {max(0, free - chance.randint(0, 200_000))} /dev/zero > {disk}/filling")
        told = apart.do(disk, "read", places=places)
        if "error" in told:
            tally("full disk")
            ours = told["error"] in ("LedgerError", "EvidenceError")
            assert ours or "in ack" in told["message"], told  # what is acknowledged lies on this disk, too
            assert "space" in told["message"] or "disk" in told["message"], told["message"]
        apart.shell(f"rm -f {disk}/filling; mount -o remount,size={8 + 2 * round}m {disk}")
        acks = apart.shell(f"cat {disk}/acks 2>/dev/null || true").split()
        apart.whole(disk, acks)
        again = apart.do(disk, "read", places=places)
        assert "error" not in again, again
        acks = apart.shell(f"cat {disk}/acks").split()
        held = apart.whole(disk, acks)
        assert set(held["held"]) == set(acks)


@needs_mounts
def test_a_disk_that_may_not_be_written_to_is_told(apart: Victims, tmp_path: Path, tally: Tally) -> None:
    disk = tmp_path / "shut"
    disk.mkdir()
    apart.shell(f"mount -t tmpfs -o size=20m none {disk}")
    for round in range(tally.many(2)):
        places = texts(tmp_path, 10 * round, 3)
        apart.shell(f"cp {tmp_path}/statement-*.txt {disk}")
        assert "error" not in apart.do(disk, "read", places=places)
        apart.shell(f"mount -o remount,ro {disk}")
        for work in ("read", "write", "backup"):
            told = apart.do(disk, work, places=places, who="ona", round=round, count=1)
            tally("read-only disk")
            assert told["error"] in ("LedgerError", "EvidenceError", "UsageError"), told
            assert "ermission" in told["message"] or "written" in told["message"] or "made" in told["message"]
        apart.shell(f"mount -o remount,rw {disk}")
        apart.whole(disk, apart.shell(f"cat {disk}/acks").split())


def test_a_torn_end_of_the_wal_is_before_or_after_and_nothing_between(tmp_path: Path, tally: Tally) -> None:
    """The frames of a transaction reach the disk up to any byte, and what lay there before lies behind."""
    chance, folder = random.Random(8), tmp_path / "whole"
    folder.mkdir()
    at = vault(folder)
    at.writer.add(gaps=some_gaps(1, 3), what="read")
    engine = at.custody._engine  # type: ignore[attr-defined]
    with closing(engine.raw_connection()):  # or the last one to leave would empty the WAL
        for round in range(tally.many(6)):
            before = {path.name: path.read_bytes() for path in folder.glob("purport.db*")}
            at.writer.add(gaps=some_gaps(10 + round, chance.randint(1, 30)), what="read")
            after = {path.name: path.read_bytes() for path in folder.glob("purport.db*")}
            old, new = before["purport.db-wal"], after["purport.db-wal"]
            assert len(new) > len(old) and new[: len(old)] == old
            for cut in sorted({chance.randint(len(old), len(new)) for _ in range(3)}):
                torn = tmp_path / f"torn-{round}-{cut}"
                torn.mkdir()
                (torn / "purport.db").write_bytes(before["purport.db"])
                rubbish = chance.randbytes(chance.choice([0, 100, 5000]))
                (torn / "purport.db-wal").write_bytes(new[:cut] + rubbish)
                tally("torn write at the end of the WAL")
                gaps = _gaps(torn)
                assert gaps in (_count(before, tmp_path), _count(after, tmp_path))
                shutil.rmtree(torn)


def _gaps(folder: Path) -> int:
    at = vault(folder)
    found(at)
    engine = at.custody._engine  # type: ignore[attr-defined]
    count = View(engine).counts()["gaps"]
    engine.dispose()
    return count


def _count(files: dict[str, bytes], tmp_path: Path) -> int:
    folder = tmp_path / "counted"
    folder.mkdir()
    for name, data in files.items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(data)
    count = _gaps(folder)
    shutil.rmtree(folder)
    return count


def test_a_torn_end_of_an_archive_is_left_and_told(tmp_path: Path, tally: Tally) -> None:
    chance, at = random.Random(9), vault(tmp_path)
    booked, ended = 0, ("", 0)
    for round in range(tally.many(6)):
        with Archive(at.archives, FixedClock(), ended) as archive:
            kept = archive.put(wire(f"http://sarn.example/{round}", chance.randbytes(3000)))
            archive.flush()
            at.writer.add(exchanges=[kept], what="watch")
            booked, ended = booked + 1, (kept.archive, kept.end)
            lost = archive.put(wire(f"http://sarn.example/lost-{round}", chance.randbytes(3000)))
            archive.flush()
        path = at.archives / lost.archive
        path.chmod(0o644)
        os.truncate(path, chance.randint(kept.end + 1, lost.end - 1))
        tally("torn write at the end of an archive")
        held = found(at)
        assert held.exchanges == booked
        assert any("belong to no entry" in note for note in held.notes)
