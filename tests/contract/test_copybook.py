"""What reports share is found once, kept, gone on from, and made again when it can't be used."""

import sqlite3
from pathlib import Path

import pytest
from story_samples import FIRE, FIRE_AGAIN, VOTE, capture, report

from purport.app import copying
from purport.core.copies import Copy
from purport.core.errors import LedgerError
from purport.core.records import Report
from purport.edges.copybook import FileCopybook
from purport.edges.sqlite import open_sqlite
from purport.ledger import Book, View
from purport.read.quotes import inside
from purport.trace.copies import Copies

LATER = f"{FIRE} The store had been full since the harvest, traders said, and prices rose at once."
TEXTS = {"a": FIRE, "b": VOTE, "c": LATER, "d": FIRE_AGAIN, "e": f"{VOTE}\n\n{FIRE}"}
REPORTS = {name: report(text, 3 * n, name) for n, (name, text) in enumerate(TEXTS.items())}


class Desk:
    """A ledger with a copybook beside it, opened as often as one likes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "purport.copies"
        engine = open_sqlite(f"sqlite:///{folder / 'purport.db'}")
        self.view, self.book = View(engine), Book(engine)

    def take(self, names: str) -> None:
        self.book.add([capture(TEXTS[name], name) for name in names], [REPORTS[name] for name in names])

    def opened(self, version: str = "1") -> FileCopybook:
        return FileCopybook(str(self.path), version)

    def copies(self, version: str = "1") -> set[str]:
        kept = self.opened(version)
        copying.caught_up(kept, self.view)
        return {one.id for one in copying.among(kept, [one.id for one in REPORTS.values()])}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def found(names: str) -> set[str]:
    held = {REPORTS[name].id: REPORTS[name] for name in names}
    return {one.id for one in Copies(held.__getitem__, lambda one: inside(one.text)).add(*held.values())}


@pytest.mark.parametrize("steps", ["abcde", "a b c d e", "ab cde", "ed c ba"])
def test_however_reports_came_what_they_share_is_the_same(desk: Desk, steps: str) -> None:
    for names in steps.split():
        desk.take(names)
        desk.copies()
    assert desk.copies() == found("abcde")
    assert len(found("abcde")) > 2


def test_what_was_compared_is_not_compared_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.take("abcd")
    before = desk.copies()

    def again(*_: object) -> None:
        raise AssertionError("nothing is new")

    monkeypatch.setattr(copying, "Copies", again)
    assert desk.copies() == before


def test_a_kill_between_two_batches_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("purport.trace.copies.AT_ONCE", 2)
    desk.take("abcde")
    put = FileCopybook._put

    def killed(self: FileCopybook, *given: object) -> None:
        put(self, *given)
        if len(given[1].reports) + given[1].first >= 4:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(FileCopybook, "_put", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.copies()
    assert len(desk.opened().reports()) == 2
    assert desk.copies() == found("abcde")


def test_two_at_once_keep_each_batch_once(desk: Desk) -> None:
    desk.take("abc")
    one, other = desk.opened(), desk.opened()
    copying.caught_up(one, desk.view)
    (booked,) = one.booked()
    assert not other.add(booked, ())
    desk.take("de")
    copying.caught_up(other, desk.view)
    assert desk.copies() == found("abcde")


@pytest.mark.parametrize("damage", ["cut", "gone", "rows"])
def test_what_is_damaged_is_made_again(desk: Desk, damage: str) -> None:
    desk.take("abcd")
    desk.copies()
    if damage == "gone":
        desk.path.unlink()
    elif damage == "cut":
        with sqlite3.connect(desk.path) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        desk.path.write_bytes(desk.path.read_bytes()[:5000])
        for end in ("-wal", "-shm"):
            Path(f"{desk.path}{end}").unlink(missing_ok=True)
    else:
        with sqlite3.connect(desk.path) as file:
            file.execute("UPDATE booked SET runs = ?", [b"\0" * 8])
    desk.take("e")
    assert desk.copies() == found("abcde")


def test_another_version_begins_anew(desk: Desk) -> None:
    desk.take("abcd")
    desk.copies()
    assert desk.opened("2").reports() == []
    assert desk.copies("2") == found("abcd")


def test_of_another_ledger_nothing_is_told(desk: Desk, tmp_path: Path) -> None:
    desk.take("abcde")
    desk.copies()
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other")
    other.path = desk.path
    other.take("ac")
    assert other.copies() == found("ac")


@pytest.mark.parametrize("kind", ["folder", "text", "database", "nowhere"])
def test_what_is_not_ours_is_left_alone(desk: Desk, kind: str) -> None:
    desk.take("abc")
    if kind == "folder":
        desk.path.mkdir()
    elif kind == "text":
        desk.path.write_text("a list of my own\n" * 20)
    elif kind == "database":
        with sqlite3.connect(desk.path) as file:
            file.execute("CREATE TABLE mine (a INT)")
    else:
        desk.path = Path()
    before = desk.path.read_bytes() if desk.path.is_file() else b""
    assert desk.copies() == found("abc")
    assert (desk.path.read_bytes() if desk.path.is_file() else b"") == before


def test_it_is_for_its_owner_alone(desk: Desk) -> None:
    desk.take("a")
    desk.copies()
    assert desk.path.stat().st_mode & 0o077 == 0


def test_what_breaks_under_way_says_how_to_mend_it(desk: Desk) -> None:
    desk.take("a")
    kept = desk.opened()
    copying.caught_up(kept, desk.view)
    with sqlite3.connect(desk.path) as file:
        file.execute("DROP TABLE copies")
    with pytest.raises(LedgerError, match="Delete it: it is made again"):
        list(kept.copies([REPORTS["a"].id]))


def test_one_side_is_enough_to_find_a_pair(desk: Desk) -> None:
    desk.take("ac")
    kept = desk.opened()
    copying.caught_up(kept, desk.view)

    def of(one: Report) -> list[Copy]:
        return list(kept.copies([one.id]))

    assert of(REPORTS["a"]) == of(REPORTS["c"]) != []
    assert copying.among(kept, [REPORTS["a"].id]) == ()
