"""Any order of adding, reading again, joining, judging, verifying, opening anew, deaths and jumps of the clock."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from custody_samples import NOON, found, some_gaps
from faults import TIMES
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from ledger_samples import Story, story

from purport.app.proving import Vault
from purport.core.custody import Deed
from purport.core.ids import make_id
from purport.core.records import Gap
from purport.core.stories import Judgement, Passage, Placed, story_id
from purport.edges.blobs import FolderBlobs
from purport.edges.sqlite import open_sqlite
from purport.ledger import Book, View
from purport.ledger.joins import Joins
from purport.ledger.log import Custody

STORIES = st.integers(0, 5)


def told(number: int, reader: str = "reader/1") -> Story:
    said = f"say plain: The mayor of Dolva {number} | said | that ferry {number} had left"
    return story(said, outlet=f"Outlet {number}", reader=reader)


class Ledger(RuleBasedStateMachine):
    """A ledger beside a plain account of what must be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.room = tempfile.TemporaryDirectory()
        self.time = NOON
        self.reports: dict[str, Story] = {}
        self.readings: dict[str, str] = {}  # id: report
        self.gaps: dict[str, None] = {}
        self.placed: dict[str, Placed] = {}  # by report, where it stands now
        self.moves = set[str]()
        self.judged: list[Judgement] = []
        self.entries, self.heads = 1, list[str]()
        self.open()

    def open(self) -> None:
        self.engine = open_sqlite(f"sqlite:///{Path(self.room.name, 'purport.db')}", "ona@desk")
        self.book, self.view = Book(self.engine, "ona@desk", self.now), View(self.engine)
        self.joins = Joins(self.engine, "ona@desk", self.now)
        folder = Path(self.room.name)
        self.vault = Vault(Custody(self.engine), self.book, FolderBlobs(folder / "blobs"), folder / "warcs")

    def now(self) -> datetime:
        return self.time

    @rule(seconds=st.integers(-100_000, 100_000))
    def clock(self, seconds: int) -> None:
        self.time += timedelta(seconds=seconds)

    @rule(numbers=st.lists(STORIES, min_size=1, max_size=4))
    def add(self, numbers: list[int]) -> None:
        some = [told(number) for number in numbers]
        new = {one.report.id: one for one in some if one.report.id not in self.reports}
        added = self.book.add(
            [one.captures[0] for one in some], [one.report for one in some], [one.readings[0] for one in some]
        )
        assert added == sum(3 + len(one.claims) for one in new.values())
        self.reports |= new
        self.readings |= {one.readings[0].id: one.report.id for one in new.values()}
        self.entries += bool(new)

    @precondition(lambda self: self.reports)
    @rule(number=STORIES, version=st.integers(2, 4))
    def reread(self, number: int, version: int) -> None:
        again = told(number, f"reader/{version}")
        if again.report.id in self.reports:
            fresh = again.readings[0].id not in self.readings
            added = self.book.add(readings=again.readings, what="read")
            assert added == (1 + len(again.claims) if fresh else 0)
            self.readings[again.readings[0].id] = again.report.id
            self.entries += fresh

    @rule(number=st.integers(0, 20), count=st.integers(1, 3), deed=st.booleans())
    def miss(self, number: int, count: int, deed: bool) -> None:
        some = some_gaps(number, count)
        new = {one.id: None for one in some if one.id not in self.gaps}
        assert self.book.add(gaps=some, entries=[Deed("read")] if deed else ()) == len(new)
        self.gaps |= new
        self.entries += bool(new) or deed

    @precondition(lambda self: self.reports)
    @rule(number=STORIES, beside=STORIES)
    def join(self, number: int, beside: int) -> None:
        one, other = told(number).report.id, told(beside).report.id
        if one in self.reports:
            moved = Placed(make_id("placed", one, other), one, story_id(other), "joined")
            fresh = moved.id not in self.moves
            assert self.joins.place([moved]) == fresh
            if fresh:
                self.placed[one] = moved
                self.moves.add(moved.id)
            self.entries += fresh

    @precondition(lambda self: self.reports)
    @rule(number=STORIES, verdict=st.sampled_from(["same", "apart"]))
    def judge(self, number: int, verdict: str) -> None:
        report = told(number).report.id
        one = Judgement(make_id("judgement", report, verdict), verdict, (Passage(report),), (), "why", "ona", self.time)
        fresh = one.id not in {known.id for known in self.judged}
        self.joins.judge(one)
        self.judged += [one] * fresh
        self.entries += fresh

    @rule()
    def verify(self) -> None:
        held = found(self.vault)
        assert held.entries == self.entries
        self.heads.append(held.head)

    @rule()
    def reopen(self) -> None:
        self.engine.dispose()
        self.open()

    @rule(number=st.integers(30, 60))
    def broken_off(self, number: int) -> None:
        """What is added breaks off in the middle: nothing of it was."""

        def some() -> Iterator[Gap]:
            yield from some_gaps(number, 2)
            raise InterruptedError

        with suppress(InterruptedError):
            self.book.add(gaps=some(), entries=[Deed("read")])

    @invariant()
    def all_of_it_is_there_once(self) -> None:
        assert sorted(report.id for report in self.view.reports()) == sorted(self.reports)
        assert sorted(one.id for one in self.view.gaps()) == sorted(self.gaps)
        read = [(one.id, one.report) for report in self.reports for one in self.view.readings(report)]
        assert sorted(read) == sorted(self.readings.items())
        assert {one.report: one.id for one in self.joins.placed()} == {of: one.id for of, one in self.placed.items()}
        assert [one.id for one in self.joins.judgements()] == [one.id for one in self.judged]

    def teardown(self) -> None:
        assert found(self.vault).entries == self.entries
        self.engine.dispose()
        self.room.cleanup()


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=6 * TIMES, stateful_step_count=20, deadline=None, derandomize=True, database=None
)
