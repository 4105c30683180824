"""Stories that are kept: grouped once, found again, parted and joined by people; merges that are undone stay undone."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from input_samples import FixedClock
from story_samples import DAM, FIRE, FIRE_AGAIN, FIRE_LATER, VOTE, VOTE_AGAIN, WordEncoder, capture, report

from purport.app import grouping
from purport.app.grouping import Grouping
from purport.app.standing import Standing
from purport.core.errors import LedgerError, NotFoundError, UsageError
from purport.core.ids import make_id
from purport.core.origins import Ground, SameClaim
from purport.core.records import Claim, Reading
from purport.core.stories import APART, SAME, Placed, story_id
from purport.edges.sqlite import open_sqlite
from purport.ledger.book import Book
from purport.ledger.joins import Joins
from purport.ledger.view import View
from purport.trace.known import know

NOW = datetime(2031, 6, 1, tzinfo=UTC)
TEXTS = {"a": FIRE, "b": VOTE, "c": FIRE_AGAIN, "d": DAM, "e": VOTE_AGAIN, "f": FIRE_LATER}
REPORTS = {name: report(text, 3 * n, name) for n, (name, text) in enumerate(TEXTS.items())}
A, B, C, D, E, F = (REPORTS[name].id for name in "abcdef")


class House:
    """A ledger and what groups its reports."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_sqlite(f"sqlite:///{folder / 'purport.db'}")
        self.view, self.book = View(self.engine), Book(self.engine)
        self.joins, self.encoder = Joins(self.engine, "ann", lambda: NOW), WordEncoder()
        self.tools = Grouping(self.joins, self.joins, self.encoder, FixedClock(), "ann")

    def take(self, names: str) -> None:
        self.book.add(
            captures=[capture(TEXTS[name], name) for name in names], reports=[REPORTS[name] for name in names]
        )

    def stories(self, ties: Iterable[tuple[str, str]] = ()) -> dict[str, set[str]]:
        standing = grouping.caught_up(self.tools, self.view, lambda near: ties)
        return {story.id: set(story.reports) for story in standing.stories()}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_what_stands_in_a_story_is_not_grouped_again(house: House) -> None:
    house.take("abcdef")
    found = house.stories()
    assert found == {story_id(A): {A, C, F}, story_id(B): {B, E}, story_id(D): {D}}
    asked = house.encoder.asked

    def ties() -> Iterable[tuple[str, str]]:
        raise AssertionError("nothing is new")

    again = grouping.caught_up(house.tools, house.view, ties)
    assert {story.id: set(story.reports) for story in again.stories()} == found
    assert house.encoder.asked == asked
    assert len(list(house.joins.placed())) == 6


@pytest.mark.parametrize("first", ["a", "ab", "abc", "bde", "dcba"])
def test_in_one_call_or_in_two_it_is_the_same(house: House, first: str) -> None:
    house.take(first)
    house.stories()
    house.take("".join(sorted(set("abcdef") - set(first))))
    assert set(map(frozenset, house.stories().values())) == {
        frozenset((A, C, F)), frozenset((B, E)), frozenset((D,))
    }  # fmt: skip


def test_a_kill_between_two_loses_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.take("abcdef")
    monkeypatch.setattr(grouping, "TOGETHER", 2)
    place, calls = house.joins.place, []

    def killed(moved: Iterable[Placed]) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return place(moved)

    monkeypatch.setattr(house.joins, "place", killed)
    with pytest.raises(KeyboardInterrupt):
        house.stories()
    monkeypatch.setattr(house.joins, "place", place)
    assert set(map(frozenset, house.stories().values())) == {
        frozenset((A, C, F)), frozenset((B, E)), frozenset((D,))
    }  # fmt: skip


def test_ties_count(house: House) -> None:
    house.take("bd")
    assert set(house.stories(ties=[(B, D)]).values() and map(frozenset, house.stories().values())) == {
        frozenset((B, D))
    }


def test_a_person_takes_a_report_out_and_it_stays_out(house: House) -> None:
    house.take("abcde")
    house.stories()
    judgement, moved = grouping.split(house.tools, house.view, C, "another store")
    assert (judgement.verdict, judgement.why, judgement.who, judgement.of) == (
        APART,
        "another store",
        "ann",
        story_id(A),
    )
    assert [(one.report, one.story, one.before) for one in moved] == [(C, story_id(C), story_id(A))]
    house.take("f")
    found = house.stories()
    assert not {A, C} <= next(reports for reports in found.values() if A in reports)


def test_a_person_puts_stories_together_and_all_ids_lead_there(house: House) -> None:
    house.take("abcdef")
    house.stories()
    judgement, moved = grouping.join(house.tools, house.view, E, A, "one weekend")
    assert judgement.verdict == SAME
    assert {one.report for one in moved} == {B, E}
    assert house.stories()[story_id(A)] == {A, B, C, E, F}
    assert house.tools.look(house.view).now(story_id(B)) == story_id(A)
    assert house.tools.look(house.view).now(story_id(B)[:12]) == story_id(A)
    assert house.tools.look(house.view).now("story-ffff") == "story-ffff"
    told = [(one.report, one.how) for one in grouping.history(house.tools, story_id(B))]
    assert told == [(B, "began"), (E, "joined"), (B, "merged"), (E, "merged")]


def test_the_last_word_of_people_holds(house: House) -> None:
    house.take("ac")
    house.stories()
    grouping.split(house.tools, house.view, C, "another store")
    grouping.join(house.tools, house.view, A, C, "the same after all")
    assert set(map(frozenset, house.stories().values())) == {frozenset((A, C))}


@pytest.mark.parametrize("why", ["", "  "])
def test_a_decision_without_a_reason_is_refused(house: House, why: str) -> None:
    house.take("ac")
    house.stories()
    with pytest.raises(UsageError, match="Say why"):
        grouping.split(house.tools, house.view, C, why)
    assert list(house.joins.judgements()) == []


def test_what_cannot_be_decided_says_so(house: House) -> None:
    house.take("abc")
    house.stories()
    with pytest.raises(UsageError, match="story of its own"):
        grouping.split(house.tools, house.view, B, "x")
    with pytest.raises(UsageError, match="already"):
        grouping.join(house.tools, house.view, A, C, "x")
    house.take("d")
    with pytest.raises(UsageError, match="no story yet"):
        grouping.join(house.tools, house.view, A, D, "x")
    with pytest.raises(NotFoundError):
        grouping.split(house.tools, house.view, "report-ffff", "x")
    with pytest.raises(NotFoundError, match="purport stories"):
        grouping.undo(house.tools, house.view, "same-ffff", "x")
    with pytest.raises(NotFoundError, match="There is no story"):
        grouping.history(house.tools, "story-ffff")


def claim(name: str, words: str, reader: str = "1") -> Claim:
    start = TEXTS[name].index(words)
    return Claim(
        id=make_id("claim", name, words, reader), report=REPORTS[name].id, source=(), cue=(), act="say", stance="plain",
        content=((start, start + len(words)),), polarity="+", certainty="certain", quote="none", source_kind="person",
        confidence=0.9,
    )  # fmt: skip


def test_an_undone_merge_stays_undone_when_the_report_is_read_again(house: House) -> None:
    house.take("ac")
    said = {"a": "the harbour master Oda Brell said", "c": "Harbour master Oda Brell said"}

    def read(reader: str) -> tuple[Claim, Claim]:
        a, c = (claim(name, words, reader) for name, words in said.items())
        readings = [Reading(make_id("reading", one.id), one.report, reader, (one,)) for one in (a, c)]
        house.book.add(readings=readings)
        return a, c

    a, c = read("1")
    grounds = (Ground("same meaning", "x", A, (1, 2), a.id),)
    merge = SameClaim(make_id("same", a.id, c.id), a.id, c.id, grounds, 0.9)
    assert house.joins.merge([merge]) == 1
    assert house.joins.merge([merge]) == 0
    judgement, parted = grouping.undo(house.tools, house.view, merge.id[:12], "two fires")
    assert parted == merge
    assert judgement.of == merge.id
    for reader in ("1", "2"):
        a, c = read(reader)
        known = know([(REPORTS["a"], (a,)), (REPORTS["c"], (c,))], (), ())
        assert grouping.parted(house.tools, known) == {frozenset((a.id, c.id))}


def test_all_of_it_is_vouched_for_and_nothing_is_changed(house: House) -> None:
    house.take("ac")
    house.stories()
    grouping.split(house.tools, house.view, C, "another store")
    with house.engine.execution_options(purport_writes=True).connect() as connection:
        verbs = connection.exec_driver_sql("SELECT what, who FROM custody ORDER BY number").fetchall()
        assert [tuple(row) for row in verbs][-3:] == [("group", "ann"), ("judge", "ann"), ("group", "ann")]
        for table in ("placed", "merges", "judgements"):
            for change in (f"UPDATE {table} SET id = 'x'", f"DELETE FROM {table}"):
                if connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar():
                    with pytest.raises(Exception, match="append-only"):
                        connection.exec_driver_sql(change)
                    connection.rollback()


def test_a_report_that_the_ledger_does_not_hold_stands_nowhere(house: House) -> None:
    with pytest.raises(LedgerError, match="not in the ledger"):
        house.joins.place([Placed("placed-1", "report-none", "story-x", "began")])
    assert list(house.joins.placed()) == []


def test_where_reports_stand_grows_by_what_was_booked(house: House) -> None:
    house.take("abc")
    house.stories()
    late, standing = Standing(), house.tools.look(house.view)
    house.take("f")
    late.look(house.joins, house.view)
    assert late.waiting() == [F]
    house.stories()
    grouping.split(house.tools, house.view, C, "another fire")
    for one in (late, house.tools.look(house.view)):
        one.look(house.joins, house.view)
        assert one.waiting() == []
        assert one.stories() == standing.stories()
        assert {story.id: set(story.reports) for story in one.stories()} == {
            story_id(A): {A, F}, story_id(B): {B}, story_id(C): {C}
        }  # fmt: skip
        assert [story.id for story in one.beside([F, A, C])] == [story_id(A), story_id(C)]
        assert one.story(story_id(A)).reports == (A, F)
    with pytest.raises(NotFoundError, match="no story"):
        late.story("story-ffff")
