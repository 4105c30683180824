"""A ledger from one database into the other and back: every row, the custody log as it is, found by the same words."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from ledger_places import BOTH, url_in
from sqlalchemy import text

from purport.cli import main
from purport.core.errors import CustodyError, LedgerError, UsageError
from purport.core.records import Query, gap
from purport.core.times import EVER
from purport.edges.ledgers import move, open_ledger
from purport.ledger import Book, View, moving
from purport.ledger.custody import VOUCHED, digest_over, lasts, named
from purport.ledger.log import Custody
from purport.wiring import operations

WORDS = 'The "bridge" at Dolva\n\tfell\\, said the café; a\0b\x1f\ufdd0.'


def filled(url: str, count: int = 12) -> None:
    engine = open_ledger(url, "ona@desk")
    book = Book(engine)
    for n in range(count):
        book.add(gaps=[gap("read", f"{n}.txt", "empty", WORDS, EVER)])
    engine.dispose()


def digests(url: str) -> dict[str, object]:
    engine = open_ledger(url)
    with engine.connect() as connection:
        ends = lasts(connection)
        found = {named(table): digest_over(connection, table, 1, ends[named(table)]) for table in VOUCHED}
        found["log"] = connection.execute(text("SELECT number, id, previous, record FROM custody")).fetchall()
    engine.dispose()
    return found


def quiet(_: float) -> None: ...


def pair(tmp_path: Path, source: str) -> tuple[str, str]:
    other = BOTH[1 - BOTH.index(source)]
    return url_in(source, tmp_path, "one.db"), url_in(other, tmp_path, "two.db")


@pytest.mark.parametrize("source", BOTH)
def test_there_and_back(tmp_path: Path, source: str):
    one, two = pair(tmp_path, source)
    three = url_in(source, tmp_path, "three.db")
    filled(one)
    told: list[float] = []
    moved = move(one, two, told.append)
    assert (moved.fresh, told[-1]) == (moved.rows, 1)
    assert told == sorted(told)
    move(two, three, quiet)
    assert digests(one) == digests(two) == digests(three)
    engine = open_ledger(two)
    with Custody(engine).at_this_moment() as log:
        assert log.head()[1] == moved.head
    filled(two, 1)  # and it goes on there
    assert len(list(View(engine).gaps())) == 12  # the same gap is no new one
    engine.dispose()


@pytest.mark.parametrize("source", BOTH)
def test_reports_are_found_by_the_same_words(tmp_path: Path, source: str, story: Callable[[str], None]):
    one, two = pair(tmp_path, source)
    story(one)
    move(one, two, quiet)
    for url in (one, two):
        engine = open_ledger(url)
        view = View(engine)
        for words, count in (("fallen", 1), ('"bridge had fallen"', 1), ("cafe", 1), ('"fallen bridge"', 0)):
            assert len(list(view.claims(Query(words=words)))) == count, (url, words)
        claim, report = next(iter(view.claims(Query(words="fallen"))))
        assert view.claim(claim.id[:14]) == (claim, report)
        engine.dispose()


@pytest.fixture
def story() -> Callable[[str], None]:
    def add(url: str) -> None:
        from purport.core.ids import digest
        from purport.core.records import Capture, Claim, Reading, Report
        from purport.core.spans import select

        words = "The café owner said the bridge had fallen"
        capture = Capture("capture-1", "a.txt", digest(words.encode()), len(words), EVER, "text/plain")
        report = Report("report-1", capture.id, words, capture.digest, title="Bridge")
        claim = Claim(
            id="claim-00112233", report=report.id, source=((0, 14),), cue=((15, 19),), content=((20, 41),), act="say",
            stance="plain", polarity="+", certainty="certain", quote="indirect", source_kind="person", confidence=0.1,
            selector=select(words, (0, 41)),
        )  # fmt: skip
        engine = open_ledger(url)
        Book(engine).add([capture], [report], [Reading("reading-1", report.id, "reader/1", (claim,))])
        engine.dispose()

    return add


@pytest.mark.parametrize("source", BOTH)
def test_what_is_killed_goes_on_and_what_came_since_is_brought(
    tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
):
    one, two = pair(tmp_path, source)
    filled(one)
    monkeypatch.setattr(moving, "TOGETHER", 4)
    monkeypatch.setattr(moving, "_HELD", 2)
    calls = 0

    def dies(_: float) -> None:
        nonlocal calls
        calls += 1
        if calls == 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(one, two, dies)
    with pytest.raises(LedgerError, match="only half there"):
        open_ledger(two)
    moved = move(one, two, quiet)
    assert 0 < moved.fresh < moved.rows
    assert digests(one) == digests(two)
    filled(one, 14)
    assert move(one, two, quiet).fresh == 4  # two gaps with their entries
    assert move(one, two, quiet).fresh == 0
    assert digests(one) == digests(two)


@pytest.mark.parametrize("source", BOTH)
def test_another_ledger_is_left_as_it_is(tmp_path: Path, source: str):
    one, two = pair(tmp_path, source)
    filled(one)
    filled(two, 3)
    before = digests(two)
    with pytest.raises(LedgerError, match="holds another ledger"):
        move(one, two, quiet)
    assert digests(two) == before


def test_what_came_out_different_is_told(tmp_path: Path):
    one, two = pair(tmp_path, "postgresql")
    filled(one)
    move(one, two, quiet)
    with sqlite3.connect(two.removeprefix("sqlite:///")) as harmed:
        harmed.execute("DROP TRIGGER gaps_keep")
        harmed.execute("UPDATE gaps SET cause = 'other' WHERE number = 3")
    harmed.close()
    with pytest.raises(CustodyError, match="The table gaps"):
        move(one, two, quiet)


def test_the_command(tmp_path: Path):
    one, two = pair(tmp_path, "sqlite")
    filled(one)
    done = CliRunner().invoke(main, ["migrate", "--from", one, "--to", two])
    assert done.exit_code == 0, done.output
    assert "rows; all tables have the same digests in both" in done.output
    done = CliRunner().invoke(main, ["verify", "--ledger", two, "--no-note"])
    assert done.exit_code == 0, done.output


def test_a_ledger_that_is_not_there_is_not_made(tmp_path: Path):
    with pytest.raises(UsageError, match="There is no ledger"):
        operations.move(f"sqlite:///{tmp_path}/none.db", url_in("sqlite", tmp_path), quiet)
    assert not (tmp_path / "none.db").exists()
    filled(url_in("sqlite", tmp_path, "a.db"))
    with pytest.raises(UsageError, match="the same"):
        operations.move(url_in("sqlite", tmp_path, "a.db"), url_in("sqlite", tmp_path, "a.db"), quiet)
