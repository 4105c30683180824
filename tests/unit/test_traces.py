"""A traced story is looked up as long as all that it was traced from is the same, and never longer."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import house_samples as samples
import pytest
from copies_samples import WIRE

from purport import app
from purport.app import House, tracing
from purport.core.errors import FootageError, PurportError
from purport.core.origins import Traced
from purport.edges.traced import FileTraces, sources
from purport.wiring import Config, open_house
from purport.wiring import tracing as workers
from purport.wiring.tracing import open_aside

TEXTS = {
    "one": "The clerk said that the bridge at Ostrel was shut on Monday after the flood.",
    "two": "The clerk said that the bridge at Ostrel was shut on Monday after the flood. The mayor denied it.",
}


def opened(folder: Path, version: str = "plain/1") -> House:
    return replace(open_house(config(folder)), reader=samples.PlainReader(version))


def config(folder: Path) -> Config:
    return Config(ledger=f"sqlite:///{folder / 'purport.db'}", who="desk@test")


def take(house: House, folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.txt").write_text(text)
    assert list(app.read(house, [str(folder / f"{name}.txt")]))


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = opened(tmp_path)
    for name, text in TEXTS.items():
        take(house, tmp_path, name, text)
    first, second = (report.id for report in house.view.reports())
    if len(app.standing(house)) > 1:
        app.join(house, first, second, "one bridge")
    return house


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stories that are traced from now on."""
    made: list[str] = []
    trace = tracing.trace

    def counted(*given: object) -> Traced:
        found = trace(*given)  # type: ignore[arg-type]
        made.append(found.story)
        return found

    monkeypatch.setattr(tracing, "trace", counted)
    return made


def the_story(house: House) -> Traced:
    (found,) = app.traced(house, (app.standing(house)[0].id,))
    return found


def test_a_story_is_traced_once_whoever_asks(house: House, traced: list[str], tmp_path: Path) -> None:
    first = the_story(house)
    assert the_story(house) == first == the_story(opened(tmp_path))
    assert list(app.traced(house)) == [first]
    assert len(traced) == 1
    claim = first.threads[0].claims[0]
    assert list(app.traced(house, (claim,))) == list(app.traced(house, (claim,))) != [first]
    assert len(traced) == 2


def report_comes(house: House, folder: Path) -> None:
    take(house, folder, "three", TEXTS["one"] + " It is still shut.")
    ids = [report.id for report in house.view.reports()]
    if len(app.standing(house)) > 1:
        app.join(house, ids[0], ids[-1], "one bridge")


def is_read_again(house: House, folder: Path) -> None:
    again = samples.PlainReader("plain/2")
    reports = list(house.view.reports())[:1]
    house.writer.add(readings=[again.read([one])[0][0] for one in reports])


def is_parted(house: House, folder: Path) -> None:
    app.split(house, list(house.view.reports())[-1].id, "another bridge")


@pytest.mark.parametrize("change", [report_comes, is_read_again, is_parted])
def test_it_is_traced_anew_when_what_it_is_made_from_changes(
    house: House, traced: list[str], tmp_path: Path, change: Callable[[House, Path], None]
) -> None:
    before = the_story(house)
    change(house, tmp_path)
    after = the_story(house)
    assert len(traced) == 2
    assert after == the_story(house) != before
    assert after == the_story(replace(house, traces=()))


def test_what_changes_while_it_is_traced_is_not_missed(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tracing.trace

    def disturbed(*given: object) -> Traced:
        found = trace(*given)  # type: ignore[arg-type]
        monkeypatch.setattr(tracing, "trace", trace)
        is_read_again(house, tmp_path)
        return found

    monkeypatch.setattr(tracing, "trace", disturbed)
    assert the_story(house) != the_story(house) == the_story(replace(house, traces=()))


def test_what_happens_to_others_does_not_count(house: House, traced: list[str], tmp_path: Path) -> None:
    before = the_story(house)
    take(house, tmp_path, "other", WIRE)
    assert list(app.traced(house, (before.story,))) == [before]
    assert traced == [before.story]


def test_a_merge_that_is_undone_is_gone_at_once(tmp_path: Path) -> None:
    house = open_house(config(tmp_path))
    for _ in app.read(house, samples_of_the_demo()):
        pass
    merges = the_story(house).merges
    assert merges
    app.undo(house, merges[0].id, "not the same")
    left = {one.id for one in the_story(house).merges}
    assert merges[0].id not in left
    assert left == {one.id for one in merges[1:]}


def samples_of_the_demo() -> tuple[str, ...]:
    from purport.brief import demo

    return tuple(map(str, demo.places()))


def test_merges_are_booked_though_the_ledger_is_an_older_copy(tmp_path: Path) -> None:
    house = open_house(config(tmp_path))
    for _ in app.read(house, samples_of_the_demo()):
        pass
    app.standing(house)
    with sqlite3.connect(tmp_path / "purport.db") as now, sqlite3.connect(tmp_path / "older.db") as older:
        now.backup(older)
    merges = the_story(house).merges
    (tmp_path / "older.traced").write_bytes((tmp_path / "purport.traced").read_bytes())
    with sqlite3.connect(tmp_path / "purport.traced") as file, sqlite3.connect(tmp_path / "older.traced") as to:
        file.backup(to)
    restored = open_house(Config(ledger=f"sqlite:///{tmp_path / 'older.db'}", who="desk@test"))
    assert the_story(restored).merges == merges
    for one in merges:
        assert restored.grouping[0].joins.merged(one.id) == one


# the file


def some(house: House) -> Traced:
    return the_story(replace(house, traces=()))


def test_what_was_kept_is_what_comes_back(house: House, tmp_path: Path) -> None:
    found, path = some(house), tmp_path / "x.traced"
    FileTraces(path, lambda: "1").put("story-a", "key", found)
    again = FileTraces(path, lambda: "1")
    assert list(again.get("story-a", "key")) == [found]
    assert path.stat().st_mode & 0o777 == 0o600
    assert not list(again.get("story-a", "another key"))
    assert not list(again.get("story-b", "key"))
    assert not list(FileTraces(path, lambda: "2").get("story-a", "key")), "another program's"


def test_of_a_story_the_latest_is_kept(house: House, tmp_path: Path) -> None:
    kept, found = FileTraces(tmp_path / "x.traced", lambda: "1"), some(house)
    kept.put("story-a", "old", found)
    kept.put("story-a", "new", found)
    assert not list(kept.get("story-a", "old"))
    assert list(kept.get("story-a", "new")) == [found]


@pytest.mark.parametrize("damage", [b"", b"\0\0", b"x" * 40])
def test_a_damaged_record_is_none(house: House, tmp_path: Path, damage: bytes) -> None:
    kept = FileTraces(tmp_path / "x.traced", lambda: "1")
    kept.put("story-a", "key", some(house))
    with sqlite3.connect(tmp_path / "x.traced") as file:
        file.execute("UPDATE traced SET record = ?", [damage])
    assert not list(kept.get("story-a", "key"))


def test_a_file_that_cannot_be_used_is_not_used(house: House, tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"no database" * 500)
    (tmp_path / "folder").mkdir()
    for place in (tmp_path / "broken", tmp_path / "folder", tmp_path / "not" / "there"):
        kept = FileTraces(place, lambda: "1")
        kept.put("story-a", "key", some(house))
        assert not list(kept.get("story-a", "key"))
        assert the_story(replace(house, traces=(kept,))) == some(house)


def test_the_program_has_one_name() -> None:
    assert sources() == sources()


# apart


def test_a_worker_traces_and_groups_what_is_then_looked_up(house: House, traced: list[str], tmp_path: Path) -> None:
    with open_aside(config(tmp_path)) as aside:
        desk = replace(opened(tmp_path), aside=aside)
        take(desk, tmp_path, "other", WIRE)
        found = [*app.traced(desk)]
        assert len(found) == 2
        assert not traced, "not here"
        assert not [*app.ahead(desk, 100)]
    assert [*app.traced(house)] == found
    assert not traced


def test_what_was_not_traced_is_ahead_latest_first(house: House, tmp_path: Path) -> None:
    take(house, tmp_path, "other", WIRE)
    orders = [*app.ahead(house, 100)]
    assert {order.story.id for order in orders} == {story.id for story in app.standing(house)}
    latest = house.view.latest_reports(1)[0][1]
    assert latest.id in orders[0].reports
    assert len([*app.ahead(house, 1)]) == 1
    the_story(house)
    assert len([*app.ahead(house, 100)]) == 1


@pytest.mark.parametrize(("step", "said"), [("abort", "crashed"), ("leave", "crashed")])
def test_a_worker_that_dies_is_an_error_with_a_mend(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, said: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setattr(workers, "STEPS", dict.fromkeys(workers.STEPS, f"workshop_samples:{step}"))
    with open_aside(config(tmp_path)) as aside, pytest.raises(PurportError, match=f"{said}.*purport trace story-"):
        the_story(replace(house, aside=aside))


def test_one_that_fails_leaves_it_to_who_asked(house: House, traced: list[str]) -> None:
    class Failing:
        def do(self, *_: object) -> bytes:
            raise FootageError("LedgerError: no", "failed")

        def close(self) -> None: ...

    assert the_story(replace(house, aside=(Failing(),))) == the_story(house)
    assert len(traced) == 1


def test_a_ledger_of_one_run_has_nobody_aside() -> None:
    with open_aside(Config(ledger="sqlite://")) as aside:
        assert aside == ()
