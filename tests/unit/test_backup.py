"""Backups: all that the ledger refers to, once, of one moment while others write; made again byte for byte."""

import json
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from custody_samples import NOON, FixedClock, fill, flip, found, kept, some_gaps, vault
from desk_samples import Desk, desk

from purport.app import backing
from purport.app.backing import Backed, Cellar, Places, Restored, Stock, Target
from purport.core.errors import CustodyError, EvidenceError, NotFoundError, UsageError
from purport.edges import blobs
from purport.edges.blobs import FolderBlobs
from purport.edges.sqlite import copy
from purport.preserve import backup as backups
from purport.wiring.operations import open_cellar

__all__ = ["desk"]


def stock(folder: Path) -> Stock:
    return Stock(vault(folder), places(folder), copy, FixedClock(), "ona@desk", "purport 1")


def places(folder: Path, name: str = "purport") -> Places:
    return Places(
        databases={"ledger": folder / f"{name}.db", "vectors": folder / f"{name}.vectors"},
        files={"key": folder / f"{name}.key"},
        folders={"warcs": folder / f"{name}.warcs", "prints": folder / f"{name}.prints"},
    )


def target(folder: Path) -> Target:
    folder.mkdir(exist_ok=True)
    return Target(places(folder), FolderBlobs(folder / "purport.blobs"), lambda: vault(folder))


def vault_blobs(folder: Path):
    from purport.edges.blobs import FolderBlobs

    return FolderBlobs(folder / "purport.blobs")


def nothing(share: float) -> None:
    pass


@pytest.fixture
def full(tmp_path: Path) -> Stock:
    """A filled ledger with all that may lie beside it."""
    folder = tmp_path / "desk"
    folder.mkdir()
    made = stock(folder)
    fill(made.vault)
    (folder / "purport.prints").mkdir()
    (folder / "purport.prints" / "release-1.prints").write_bytes(b"marks")
    (folder / "purport.key").write_bytes(b"secret")
    (folder / "purport.key").chmod(0o600)
    with sqlite3.connect(folder / "purport.vectors") as vectors:
        vectors.execute("CREATE TABLE vectors (key, vector)")
    vectors.close()
    return made


@pytest.fixture
def cellar(tmp_path: Path) -> Cellar:
    return open_cellar(tmp_path / "cellar", make=True)


def backup(stock: Stock, cellar: Cellar, thorough: bool = False) -> Backed:
    return backing.backup(stock, cellar, nothing, thorough)


def restore(cellar: Cellar, folder: Path, number: int = 0, verify: bool = True) -> Restored:
    return backing.restore(cellar, number, target(folder), nothing, verify)


def tree(folder: Path) -> dict[str, bytes]:
    """All that lies there but the ledger, which has a new entry after a restore."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(("purport.db", "purport.vectors"))
    }


def test_all_of_it_comes_back(full: Stock, cellar: Cellar, tmp_path: Path):
    made = backup(full, cellar)
    assert (made.files, made.kept, made.backup.missed) == (5, 3, ())
    back = restore(cellar, tmp_path / "again")
    (verified,) = back.verified
    assert (verified.files, verified.exchanges) == (3, 3)
    assert tree(tmp_path / "again") == tree(tmp_path / "desk")
    key = tmp_path / "again" / "purport.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "again").iterdir() if "restoring" in path.name] == []


def test_only_what_is_new_is_copied(full: Stock, cellar: Cellar):
    first = backup(full, cellar)
    second = backup(full, cellar)
    assert second.size >= first.size
    assert 1 <= second.fresh < first.fresh / 2  # some of the ledger's pages: its log tells of the first one
    full.vault.writer.add(captures=[kept(full.vault, b"a new one", "new.txt")], what="read")
    third = backup(full, cellar)
    assert third.kept == first.kept + 1
    assert third.fresh <= first.fresh / 2 + 2  # the new bytes and the list of them, too
    assert [one.number for one in backing.made(cellar)] == [1, 2, 3]
    assert third.since == (second.backup.at,)


def test_each_backup_can_be_had_back(full: Stock, cellar: Cellar, tmp_path: Path):
    backup(full, cellar)
    full.vault.writer.add(captures=[kept(full.vault, b"a new one", "new.txt")], what="read")
    backup(full, cellar)
    assert restore(cellar, tmp_path / "one", 1).kept == 3
    assert restore(cellar, tmp_path / "two", 2).kept == 4
    with pytest.raises(NotFoundError, match=r"no backup 3 in .*there are 1 to 2"):
        restore(cellar, tmp_path / "three", 3)


def test_the_log_tells_of_both(full: Stock, cellar: Cellar, tmp_path: Path):
    made = backup(full, cellar)
    with full.vault.custody.at_this_moment() as log:
        (told,) = log.latest("backup")
    assert made.digest in told.record
    restore(cellar, tmp_path / "again")
    with vault(tmp_path / "again").custody.at_this_moment() as log:
        assert list(log.latest("restore"))
        assert list(log.latest("backup")) == []  # it was told after the ledger had been copied


def test_it_is_of_one_moment_while_others_write(full: Stock, cellar: Cellar, tmp_path: Path):
    stop = threading.Event()

    def write() -> None:
        number = 100
        while not stop.is_set():
            number += 1
            held = kept(full.vault, b"%d" % number, f"{number}.txt")
            full.vault.writer.add(captures=[held], gaps=some_gaps(number, 20), what="read")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            backup(full, cellar)
    finally:
        stop.set()
        writer.join()
    for number in (1, 2, 3):
        assert restore(cellar, tmp_path / f"of-{number}", number).verified
    found(full.vault)


def test_nothing_is_overwritten(full: Stock, cellar: Cellar, tmp_path: Path):
    backup(full, cellar)
    for name in ("purport.db", "purport.key", "purport.warcs/a.warc.gz", "purport.vectors"):
        there = tmp_path / "there" / name
        there.parent.mkdir(parents=True)
        there.write_bytes(b"mine")
        with pytest.raises(UsageError, match="nothing is overwritten"):
            restore(cellar, tmp_path / "there")
        assert [path for path in (tmp_path / "there").rglob("*") if path.is_file()] == [there]
        assert there.read_bytes() == b"mine"
        shutil.rmtree(tmp_path / "there")


@pytest.mark.parametrize("harm", ["piece", "blob", "list"])
def test_a_backup_that_has_gone_bad_is_named(full: Stock, cellar: Cellar, tmp_path: Path, harm: str):
    made = backup(full, cellar)
    pieces = {one.name: one.pieces[0] for one in made.backup.files}
    blob = backups.text_of(next(one for one in made.backup.files if one.name == "blobs"), cellar.store).split()[0]
    paths = {
        "piece": cellar.store.file(pieces["ledger"]),
        "blob": cellar.store.file(blob),
        "list": backups.listed(cellar.folder)[0],
    }
    flip(paths[harm], 5)
    with pytest.raises(EvidenceError, match=r"not those that were put there|gone bad|was altered"):
        restore(cellar, tmp_path / "again")
    assert not (tmp_path / "again" / "purport.db").exists()
    if harm != "list":
        backup(full, cellar, thorough=True)
        assert restore(cellar, tmp_path / "mended", 2).verified
        return
    assert backup(full, cellar).backup.number == 2  # the broken list is no reason to stop


def test_what_is_gone_is_told_and_the_rest_is_there(full: Stock, cellar: Cellar, tmp_path: Path):
    digest = full.vault.blobs.put(b"smoke above the bridge")
    full.vault.blobs.file(digest).unlink()
    made = backup(full, cellar)
    assert len(made.backup.missed) == 1
    assert made.backup.missed[0].startswith(digest)
    with full.vault.custody.at_this_moment() as log:
        assert '"failed"' in next(iter(log.latest("backup"))).record
    back = restore(cellar, tmp_path / "again", verify=False)
    assert back.kept == 2
    with pytest.raises(CustodyError, match=digest):
        restore(cellar, tmp_path / "verified")


def test_bytes_that_were_altered_are_not_backed_up_as_good(full: Stock, cellar: Cellar):
    digest = full.vault.blobs.put(b"smoke above the bridge")
    flip(full.vault.blobs.file(digest), 3)
    assert "altered" in backup(full, cellar).backup.missed[0]
    assert not backups.holds(cellar.store, digest)


def test_what_was_altered_later_stays_good_in_the_backup(full: Stock, cellar: Cellar, tmp_path: Path):
    backup(full, cellar)
    flip(full.vault.blobs.file(full.vault.blobs.put(b"boats")), 3)
    backup(full, cellar, thorough=True)
    assert restore(cellar, tmp_path / "again").verified


class KilledError(BaseException):
    """The program ends here."""


def test_a_backup_killed_at_any_write_can_be_made_again(
    full: Stock, cellar: Cellar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settle, left = blobs.settle, [0]

    def dying(beside: Path, path: Path) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KilledError
        settle(beside, path)

    monkeypatch.setattr("purport.edges.blobs.settle", dying)
    monkeypatch.setattr("purport.edges.files.settle", dying)
    for moment in range(30):
        left[0] = moment
        try:
            done = backup(full, cellar)
        except KilledError:
            assert backups.listed(cellar.folder) == []
            continue
        assert done.backup.number == 1
        break
    else:
        pytest.fail("it never came to an end")
    left[0] = 1000
    assert restore(cellar, tmp_path / "again").verified


def test_a_restore_killed_at_any_step_goes_on(
    full: Stock, cellar: Cellar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    backup(full, cellar)
    left, replace, put_back = [0], Path.replace, backups.put_back

    def counted() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KilledError

    def dying_replace(path: Path, to: Path) -> Path:
        counted()
        return replace(path, to)

    def dying_put(*order: object) -> None:
        counted()
        put_back(*order)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "replace", dying_replace)
    monkeypatch.setattr(backups, "put_back", dying_put)
    for moment in range(40):
        left[0] = moment
        try:
            assert restore(cellar, tmp_path / "again").verified
        except KilledError:
            continue
        break
    else:
        pytest.fail("it never came to an end")
    assert moment >= 8
    assert tree(tmp_path / "again") == tree(tmp_path / "desk")


def test_two_backups_into_one_folder_wait_for_none(full: Stock, cellar: Cellar):
    with cellar.alone(), pytest.raises(UsageError, match="Another backup works in this folder already"):
        backup(full, cellar)


def test_a_clock_that_jumps_back_leaves_the_order(full: Stock, cellar: Cellar):
    clock = full.clock
    backup(full, cellar)
    clock.time = NOON.replace(year=2029)  # type: ignore[attr-defined]
    assert backup(full, cellar).backup.number == 2
    assert backups.chosen(cellar.folder).number == 2


def test_a_full_disk_is_told(full: Stock, cellar: Cellar, monkeypatch: pytest.MonkeyPatch):
    def no_room(path: Path, to: Path, told: object) -> None:
        raise OSError(28, "No space left on device")

    broken = Stock(full.vault, full.places, no_room, full.clock, "ona@desk", "purport 1")
    with pytest.raises(EvidenceError, match=r"No space left.*free some space"):
        backup(broken, cellar)
    assert backup(full, cellar).backup.number == 1


def test_the_commands(desk: Desk, tmp_path: Path):
    desk.put("a.txt", "The mayor of Ostrel said that the ferry had left the harbour at noon.")
    desk.run("read", "a.txt")
    assert "2 files" not in desk.run("backup", "out").stdout
    made = desk.lines("backup", "out", "--json")[0]
    assert made["number"] == 2
    assert 1 <= made["new"] < 5
    assert len(desk.run("restore", "out", "--list").stdout.splitlines()) == 2
    assert "Give another --to" in desk.run("restore", "out", "--to", "sqlite:///purport.db", code=2).stderr
    assert "--to sqlite:///purport.db" in desk.run("restore", "out", code=2).stderr
    said = desk.run("restore", "out", "--to", "sqlite:///new/again.db", "--verify", code=0).stdout
    assert "All of it is as it was written." in said
    assert desk.lines("claims", "--json") == desk.lines("claims", "--json", "--ledger", "sqlite:///new/again.db")
    assert desk.run("backup", "elsewhere", "--ledger", "sqlite:///none.db", code=2).stderr.startswith("purport: There")
    desk.run("restore", "nowhere", "--list", code=2)
    shutil.rmtree(tmp_path / "purport.blobs")
    failed = desk.run("backup", "bare", "--json", code=9)
    assert len(json.loads(failed.stdout)["missed"]) == 1
