"""What every engine does with orders, done at once or by workers: the same work, and the same ledger of it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ledger_places import url_in

from purport import app
from purport.app import working
from purport.core.errors import InputError, LedgerError, UsageError
from purport.core.ports import Engine
from purport.core.work import Did, Done, Order
from purport.edges.inline import Inline
from purport.wiring import Config, SystemClock, open_house
from purport.wiring.working import INLINE, JOBS, open_engine, open_tools

TOLD = "The mayor of Dolva {} said that ferry {} had left. The harbour office denied that anybody was on board.\n"


@dataclass
class Hands:
    """An engine over orders that only note what they were; `ended` has it do all there is."""

    engine: Engine
    done: list[Order] = field(default_factory=list)
    told: list[Done] = field(default_factory=list)
    follow: dict[str, tuple[Order, ...]] = field(default_factory=dict)
    fails: dict[str, Exception] = field(default_factory=dict)
    stop: bool = False

    def do(self, order: Order) -> Did:
        if error := self.fails.pop(order.about[0], None):
            raise error
        self.done.append(order)
        return Did(said="done", follow=self.follow.get(order.about[0], ()))

    def ended(self, *queues: str, concurrency: int = 1) -> list[str]:
        if self.engine.later:
            self.engine.work(queues, concurrency, self.told.append, lambda: self.stop, wait=False)
        return [order.about[0] for order in self.done]


def jobs(tmp_path: Path, do: Callable[[Order], Did], **more: float) -> Engine:
    from purport.edges.jobs import Jobs

    return Jobs(url_in("postgresql", tmp_path), do, SystemClock(), **more)


@pytest.fixture(params=[INLINE, JOBS])
def hands(request: pytest.FixtureRequest, tmp_path: Path) -> Hands:
    made: list[Hands] = []
    doing = lambda order: made[0].do(order)  # noqa: E731
    engine = Inline(doing, SystemClock()) if request.param == INLINE else jobs(tmp_path, doing)
    made.append(Hands(engine))
    return made[0]


@pytest.fixture
def workers(tmp_path: Path) -> Hands:
    made: list[Hands] = []
    made.append(Hands(jobs(tmp_path, lambda order: made[0].do(order))))
    return made[0]


def order(about: str, what: str = "read", **more: str) -> Order:
    return Order(what=what, about=(about,), **more)


def test_each_order_is_done_once_and_what_follows_from_it(hands: Hands):
    hands.follow["a"] = (order("b"), order("c", "examine"))
    assert hands.engine.hand([order("a"), order("d")]) >= 2
    assert sorted(hands.ended()) == ["a", "b", "c", "d"]
    assert hands.ended() == [one.about[0] for one in hands.done]
    assert len(hands.done) == 4


def test_orders_keep_their_names_and_nothing_else(hands: Hands):
    given = Order(what="look", about=("kest.example", "Kest Courier"), lock="kest.example", once="look kest.example")
    hands.engine.hand([given])
    hands.ended()
    assert hands.done == [given]


def test_of_orders_with_the_same_word_one_waits(hands: Hands):
    twice = order("a", "look", lock="h", once="look h")
    assert hands.engine.hand([twice, twice, order("b", "look", lock="i", once="look i")]) == 2
    assert sorted(hands.ended()) == ["a", "b"]


def test_places_handed_over_make_the_ledger_that_reading_makes(tmp_path: Path):
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(TOLD.format(number, number))
    (folder / "empty.txt").write_text("")
    held = {}
    for name in ("here", INLINE, JOBS):
        room = tmp_path / name.strip(":")
        room.mkdir()
        config = Config(ledger=url_in("postgresql", room), blobs=f"file:{room}/blobs", threads=1, who="ona@desk")
        house = open_house(config)
        if name == "here":
            list(app.read(house, [str(folder)]))
        else:
            config = replace(config, engine=name)
            with open_tools(config) as tools:
                engine = open_engine(config, tools)
                for _ in range(2):  # handed over twice, it is done once
                    list(working.hand_over(house, engine, [str(folder)]))
                    if engine.later:
                        engine.work((), 2, lambda done: None, lambda: False, wait=False)
        reports = sorted(report.id for report in house.view.reports())
        claims = sorted(claim.id for claim, _ in house.view.claims())
        gaps = sorted(gap.id for gap in house.view.gaps())
        held[name] = (reports, claims, gaps, sum(len(list(house.view.readings(id))) for id in reports))
    assert held["here"] == held[INLINE] == held[JOBS]
    assert held["here"][3] == 6 and held["here"][1] and held["here"][2]


def test_what_is_inline_has_no_worker_and_says_what_to_do():
    engine = Inline(lambda order: Did(), SystemClock())
    with pytest.raises(UsageError, match="--engine jobs:"):
        engine.work((), 1, lambda done: None, lambda: False)
    assert not engine.standing().queues


def test_jobs_want_a_postgresql(tmp_path: Path):
    config = Config(ledger=f"sqlite:///{tmp_path}/purport.db", engine=JOBS)
    with open_tools(config) as tools, pytest.raises(UsageError, match="purport migrate"):
        open_engine(config, tools)
    with open_tools(config) as tools, pytest.raises(UsageError, match="inline: or jobs:"):
        open_engine(replace(config, engine="ray://"), tools)


def test_the_standing_tells_what_waits_and_what_was_done(workers: Hands):
    workers.engine.hand([Order(what="read", about=("a", "b")), order("c", "stamp", once="stamp")])
    before = {one.queue: one for one in workers.engine.standing().queues}
    assert (before["read"].waiting, before["read"].things, before["proof"].waiting) == (1, 2, 1)
    assert before["read"].oldest and not before["fetch"].oldest
    workers.ended("read")
    after = {one.queue: one for one in workers.engine.standing().queues}
    assert (after["read"].waiting, after["read"].done, after["read"].rates[0]) == (0, (1, 1, 1), 2.0)
    assert after["proof"].waiting == 1, "that queue was not asked for"


def test_a_try_that_failed_is_told_and_done_again_later(workers: Hands):
    workers.fails["a"] = LedgerError("The ledger can't be used: it is away.")
    workers.engine.hand([order("a"), order("b")])
    assert workers.ended() == ["b"]
    assert [done.fault for done in workers.told if done.fault] == ["The ledger can't be used: it is away."]
    standing = workers.engine.standing()
    (read,) = (one for one in standing.queues if one.queue == "read")
    assert (read.waiting, read.later, read.failed) == (1, 1, 0)
    assert standing.faults[0].said == "The ledger can't be used: it is away."


def test_what_no_other_try_can_mend_is_given_up(workers: Hands):
    workers.fails["a"] = InputError("Nothing to read there.")
    workers.engine.hand([order("a")])
    workers.ended()
    (read,) = (one for one in workers.engine.standing().queues if one.queue == "read")
    assert (read.waiting, read.failed) == (0, 1)


def test_one_order_at_a_time_of_a_lock(tmp_path: Path):
    busy, most = list[str](), list[int]()

    def do(order: Order) -> Did:
        busy.append(order.lock)
        most.append(busy.count(order.lock))
        time.sleep(0.05)
        busy.remove(order.lock)
        return Did()

    engine = jobs(tmp_path, do)
    engine.hand(order(f"{host}{number}", "take", lock=host) for number in range(4) for host in "hi")
    engine.work((), 4, lambda done: None, lambda: False, wait=False)
    deadline = time.monotonic() + 60  # what is locked can't be begun, and a worker that does not wait ends
    while sum(one.waiting for one in engine.standing().queues) and time.monotonic() < deadline:
        engine.work((), 4, lambda done: None, lambda: False, wait=False)
    assert len(most) == 8 and max(most) == 1


def test_a_worker_ends_after_what_it_holds(tmp_path: Path):
    stop, done = threading.Event(), list[str]()

    def do(order: Order) -> Did:
        stop.set()
        time.sleep(0.3)
        done.append(order.about[0])
        return Did()

    engine = jobs(tmp_path, do)
    engine.hand(map(order, "abc"))
    engine.work((), 1, lambda done: None, stop.is_set)
    (read,) = (one for one in engine.standing().queues if one.queue == "read")
    assert 1 <= len(done) < 3 and (read.waiting, read.doing) == (3 - len(done), 0)
    assert not engine.standing().hands, "it said good-bye"


@dataclass
class Worker:
    """A worker process that begins an order and never ends it."""

    process: "subprocess.Popen[str]"

    def began(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(60)


STUCK = """
import sys, time
from purport.core.work import Did
from purport.edges.jobs import Jobs
from purport.wiring import SystemClock
def do(order):
    print(order.about[0], flush=True)
    time.sleep(600)
Jobs(sys.argv[1], do, SystemClock(), 1.0).work((), 1, print, lambda: False)
"""


@pytest.fixture
def stuck(tmp_path: Path) -> Iterator[Callable[[], Worker]]:
    made: list[Worker] = []

    def begin() -> Worker:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", STUCK, url_in("postgresql", tmp_path)]
        made.append(Worker(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)))
        return made[-1]

    yield begin
    for worker in made:
        worker.kill()
        if worker.process.stdout:
            worker.process.stdout.close()


@pytest.mark.parametrize("once", ["", "look h"])
def test_what_a_killed_worker_held_is_done_by_another(once: str, stuck: Callable[[], Worker], tmp_path: Path):
    done = list[Order]()

    def do(order: Order) -> Did:
        done.append(order)
        return Did()

    engine, given = jobs(tmp_path, do, patience=1.0), order("a", "look", lock="h", once=once)
    engine.hand([given])
    worker = stuck()
    assert worker.began() == "a"
    deadline = time.monotonic() + 60
    while [hand.doing for hand in engine.standing().hands] != [1]:  # it tells of itself a moment later
        assert time.monotonic() < deadline
    if once:  # it may wait again while it is done, and then that is what is done
        assert engine.hand([given]) == 1
    worker.kill()
    while any(one.waiting + one.doing for one in engine.standing().queues) and time.monotonic() < deadline:
        engine.work((), 1, lambda done: None, lambda: False, wait=False)
    assert [(one.about, one.tries) for one in done] == [(("a",), 0 if once else 1)]
    standing = engine.standing()
    assert not any(one.waiting or one.doing or one.failed for one in standing.queues)
    assert [fault.what for fault in standing.faults] == ["look"]


def test_who_was_taken_for_gone_has_no_say_on_a_failure(tmp_path: Path):
    """Its order is somebody else's by then, who is still at it."""
    import psycopg

    def do(order: Order) -> Did:
        with psycopg.connect(engine._url, **engine._options) as connection:  # type: ignore[attr-defined]
            connection.execute("UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL")
            connection.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        raise InputError("Nothing to read there.")

    engine = jobs(tmp_path, do)
    engine.hand([order("a")])
    engine.work((), 1, lambda done: None, lambda: False, wait=False)
    (read,) = (one for one in engine.standing().queues if one.queue == "read")
    assert (read.doing, read.failed) == (1, 0)


def test_a_worker_whose_heartbeat_gets_stuck_begins_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Cut off at a bad moment, it waits for an answer that was lost, and all take it for gone."""
    from procrastinate.worker import Worker

    begun, beat = list[Worker](), Worker._update_heartbeat

    async def stuck_once(worker: Worker) -> None:
        begun.append(worker)
        await (beat(worker) if len(begun) > 1 else asyncio.Event().wait())

    monkeypatch.setattr(Worker, "_update_heartbeat", stuck_once)
    end = time.monotonic() + 30
    engine = jobs(tmp_path, lambda order: Did(), patience=1.0)
    engine.work((), 1, lambda done: None, lambda: len(begun) > 1 or time.monotonic() > end)
    assert len(begun) == 2


def test_an_order_whose_end_did_not_get_through_is_done_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The worker lives on, so nobody would take it over; it begins anew, and says so."""
    from procrastinate.exceptions import ConnectorException
    from procrastinate.manager import JobManager

    ends, finish, done, said = list[int](), JobManager.finish_job, list[int](), list[str]()

    async def lost_once(manager: JobManager, *about: Any) -> None:
        ends.append(1)
        if len(ends) == 1:
            raise ConnectorException
        await finish(manager, *about)

    monkeypatch.setattr(JobManager, "finish_job", lost_once)
    end = time.monotonic() + 60
    engine = jobs(tmp_path, lambda order: done.append(order.tries) or Did(), patience=1.0)  # type: ignore[func-returns-value]
    engine.hand([order("a")])
    engine.work((), 1, lambda done: None, lambda: len(ends) > 1 or time.monotonic() > end, away=said.append)
    assert done == [0, 1]
    assert [bool(one) for one in said] == [True, False] and "did not get through" in said[0]
    assert not any(one.doing or one.waiting or one.failed for one in engine.standing().queues)


def test_an_order_that_takes_its_workers_down_is_given_up(tmp_path: Path):
    import psycopg

    engine = jobs(tmp_path, lambda order: Did(), patience=1.0)
    engine.hand([order("a")])
    with psycopg.connect(engine._url, **engine._options) as connection:
        connection.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 4")  # by a worker that is gone
    engine.work((), 1, lambda done: None, lambda: False, wait=False)
    (read,) = (one for one in engine.standing().queues if one.queue == "read")
    assert (read.waiting, read.doing, read.failed) == (0, 0, 1)


def test_what_was_done_is_pruned(tmp_path: Path):
    import psycopg

    engine = jobs(tmp_path, lambda order: Did())
    engine.hand(map(order, "ab"))
    engine.work((), 1, lambda done: None, lambda: False, wait=False)
    with psycopg.connect(engine._url, **engine._options) as connection:
        connection.execute("UPDATE procrastinate_events SET at = at - interval '2 hours' WHERE job_id = 1")
    left = 2
    for _ in range(20):  # a worker with nothing to do may be gone before it came to prune
        engine.work((), 1, lambda done: None, lambda: False, wait=False)
        with psycopg.connect(engine._url, **engine._options) as connection:
            (left,) = connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone()
        if left == 1:
            break
    assert left == 1


def test_the_tables_are_made_once_beside_the_ledger_s(workers: Hands, tmp_path: Path):
    import psycopg

    threads = [threading.Thread(target=partial(jobs(tmp_path, workers.do).hand, [order(name)])) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(workers.ended()) == ["a", "b", "c", "d"]
    with psycopg.connect(workers.engine._url) as connection:  # type: ignore[attr-defined]
        (held,) = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone() or ("",)
    assert held is None, "nothing of it stands among the ledger's tables"


def test_orders_are_names_and_never_texts(tmp_path: Path):
    import psycopg

    (tmp_path / "a.txt").write_text(TOLD.format(1, 1))
    config = Config(ledger=url_in("postgresql", tmp_path), engine=JOBS, blobs=f"file:{tmp_path}/blobs", threads=1)
    with open_tools(config) as tools:
        engine = open_engine(config, tools)
        list(working.hand_over(open_house(config), engine, [str(tmp_path / "a.txt")]))
        with pytest.raises(UsageError, match="password"):
            list(working.hand_over(open_house(config), engine, ["http://ona:secret@kest.example/a"]))
    with psycopg.connect(engine._url, **engine._options) as connection:  # type: ignore[attr-defined]
        rows = json.dumps(connection.execute("SELECT args, lock, queueing_lock FROM procrastinate_jobs").fetchall())
    assert "report-" in rows and "mayor" not in rows and "secret" not in rows
