"""Backups of a ledger in PostgreSQL: a SQLite file of one moment, made again as a file, and brought back from there."""

import sqlite3
import threading
from pathlib import Path

import pytest
from custody_samples import kept, some_gaps
from desk_samples import Desk, desk
from ledger_places import url_in
from test_moving import digests

from purport.app import backing
from purport.app.backing import Backed, Cellar
from purport.core.errors import LedgerError, UsageError
from purport.preserve import backup as backups
from purport.wiring import Config, open_vault
from purport.wiring.operations import move, open_cellar, open_stock, open_target

__all__ = ["desk"]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A ledger in PostgreSQL with its kept bytes in this folder."""
    monkeypatch.chdir(tmp_path)
    config = Config(
        ledger=url_in("postgresql", tmp_path), blobs="file:desk.blobs", archives="desk.warcs", who="ona@desk"
    )
    vault = open_vault(config)
    vault.writer.add(
        captures=[kept(vault, b"smoke above the bridge", "smoke.txt")], gaps=some_gaps(1, 400), what="read"
    )
    return config


@pytest.fixture
def cellar(tmp_path: Path) -> Cellar:
    return open_cellar(tmp_path / "cellar", make=True)


def backup(config: Config, cellar: Cellar) -> Backed:
    return backing.backup(open_stock(config), cellar, nothing)


def restore(cellar: Cellar, name: str, number: int = 0) -> str:
    """Made again beside the others, all of it gone through; gives its URL."""
    Path(name).mkdir()
    url = f"sqlite:///{name}/again.db"
    back = backing.restore(cellar, number, open_target(Config(ledger=url, who="ona@desk")), nothing, True)
    assert 1 <= back.verified[0].files <= back.kept  # what came while the ledger was copied is kept, too
    return url


def nothing(share: float) -> None:
    pass


def test_it_is_of_one_moment_while_others_add_and_goes_back_to_a_server(served: Config, cellar: Cellar, tmp_path: Path):
    stop, vault = threading.Event(), open_vault(served)

    def write() -> None:
        number = 100
        while not stop.is_set():
            number += 1
            held = kept(vault, b"%d" % number, f"{number}.txt")
            vault.writer.add(captures=[held], gaps=some_gaps(number, 20), what="read")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(2):
            made = backup(served, cellar)
            assert (made.backup.served, made.backup.missed) == (True, ())
    finally:
        stop.set()
        writer.join()
    for number in (1, 2):
        restore(cellar, f"of-{number}", number)
    backup(served, cellar)
    url = restore(cellar, "last")
    back = url_in("postgresql", tmp_path, "back.db")
    move(url, back, nothing)
    assert digests(back) == digests(url)


def test_the_file_has_the_digests_of_the_server_s_tables(served: Config, cellar: Cellar, tmp_path: Path):
    before = digests(served.ledger)
    (ledger,) = [one for one in backup(served, cellar).backup.files if one.name == "ledger"]
    backups.put_back(ledger, cellar.store, tmp_path / "file.db", nothing)
    assert digests(f"sqlite:///{tmp_path}/file.db") == before
    assert ledger.mode == 0o600


def test_a_second_backup_copies_the_pages_that_changed(served: Config, cellar: Cellar):
    first = backup(served, cellar)
    second = backup(served, cellar)
    assert 1 <= second.fresh < first.fresh / 2
    vault = open_vault(served)
    vault.writer.add(captures=[kept(vault, b"a new one", "new.txt")], what="read")
    third = backup(served, cellar)
    assert third.kept == first.kept + 1
    assert third.fresh <= first.fresh / 2 + 2  # the new bytes and the list of them, too


@pytest.mark.parametrize("harm", ["piece", "another"])
def test_a_ledger_that_can_t_go_into_the_last_one_is_made_whole(
    served: Config, cellar: Cellar, tmp_path: Path, harm: str
):
    (ledger,) = [one for one in backup(served, cellar).backup.files if one.name == "ledger"]
    if harm == "piece":
        path = cellar.store.file(ledger.pieces[-1])
        path.chmod(0o600)
        path.write_bytes(b"gone bad")
        here = served
    else:
        here = Config(
            ledger=url_in("postgresql", tmp_path, "other.db"), blobs="file:other.blobs", archives="desk.warcs"
        )
        open_vault(here).writer.add(gaps=some_gaps(7, 3), what="read")
    before = digests(here.ledger)
    (ledger,) = [one for one in backup(here, cellar).backup.files if one.name == "ledger"]
    backups.put_back(ledger, cellar.store, tmp_path / "file.db", nothing)
    assert digests(f"sqlite:///{tmp_path}/file.db") == before


def test_a_target_of_another_version_is_left_as_it_is(served: Config, tmp_path: Path):
    to = f"sqlite:///{tmp_path}/file.db"
    move(served.ledger, to, nothing)
    with sqlite3.connect(tmp_path / "file.db") as older:
        older.execute("DROP TRIGGER IF EXISTS ledger_versions_keep")
        older.execute("DROP TRIGGER IF EXISTS ledger_versions_stay")
        older.execute("DELETE FROM ledger_versions WHERE version = (SELECT max(version) FROM ledger_versions)")
    older.close()
    with pytest.raises(LedgerError, match="another version"):
        move(served.ledger, to, nothing)


def test_it_is_not_restored_into_a_server_at_once(served: Config):
    with pytest.raises(UsageError, match=r"--to sqlite:///FILE.*purport migrate --from"):
        open_target(served)


def test_the_commands(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    url = url_in("postgresql", tmp_path)
    monkeypatch.setenv("PURPORT_LEDGER", url)
    desk.put("a.txt", "The mayor of Ostrel said that the ferry had left the harbour at noon.")
    desk.run("read", "a.txt")
    desk.run("backup", "out")
    claims = desk.lines("claims", "--json")
    assert claims
    said = desk.run("restore", "out", "--to", "sqlite:///new/again.db", "--verify").stdout
    assert "All of it is as it was written." in said
    assert f"purport migrate --from sqlite:///{tmp_path}/new/again.db --to postgresql+psycopg://" in said
    assert desk.lines("claims", "--json", "--ledger", "sqlite:///new/again.db") == claims
    back = url_in("postgresql", tmp_path, "back.db")
    desk.run("migrate", "--from", f"sqlite:///{tmp_path}/new/again.db", "--to", back)
    assert desk.lines("claims", "--json", "--ledger", back) == claims
    assert digests(back) == digests("sqlite:///new/again.db")
