"""The desk beside its workers: stories are traced ahead, and a worker that dies is a page that says so."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import house_samples as samples
import ledgers
import msgspec
import pytest
from litestar.testing import TestClient

from purport import app
from purport.app.stories import trace_apart
from purport.app.traces import GROUP, TRACE, Order
from purport.core.errors import FootageError
from purport.desk import ahead
from purport.desk.app import build
from purport.desk.memo import Memo
from purport.desk.premises import Premises

AT = "http://127.0.0.1:8642"


class Worker:
    """`core.ports.Workshop` in this process, which tells what it did; or that is lost each time."""

    def __init__(self, here: Premises, lost: str = "") -> None:
        self.house, self.lost, self.done = here.house, lost, list[tuple[str, str]]()

    def do(self, step: str, order: bytes, told: Callable[[float], None]) -> bytes:
        if self.lost:
            raise FootageError("gone", self.lost)
        if step == TRACE:
            asked = msgspec.msgpack.decode(order, type=Order)
            trace_apart(self.house, asked)
            self.done.append((step, asked.subject))
        else:
            app.standing(self.house)
            self.done.append((step, ""))
        return b""

    def close(self) -> None: ...


@pytest.fixture
def here(tmp_path: Path) -> Premises:
    here = ledgers.premises(tmp_path, samples.PlainReader())
    texts = ("The clerk said that the bridge at Ostrel was safe.", "The mayor said that ferries will not sail to Velm.")
    for name, text in zip(("one", "two"), texts, strict=True):
        (tmp_path / f"{name}.txt").write_text(text)
        ledgers.take(here.house, tmp_path / f"{name}.txt")
    return here


def test_who_opens_a_story_finds_it_traced(here: Premises) -> None:
    behind, front = Worker(here), Worker(here)
    desk = replace(here, house=replace(here.house, aside=(front,)))
    with ahead.working(desk, (behind,), 10):
        stories = {story.id for story in app.standing(here.house)}
        for _ in range(200):
            if len(behind.done) == 2:
                break
            threading.Event().wait(0.05)
    assert {subject for _, subject in behind.done} == stories
    assert not [step for step, _ in front.done if step == TRACE]
    with TestClient(build(desk), base_url=AT) as client:
        assert all(client.get(f"/story/{id}").status_code == 200 for id in stories)
    assert not [step for step, _ in front.done if step == TRACE], "they were looked up"


def test_a_story_that_nobody_traced_is_traced_by_a_worker(here: Premises, tmp_path: Path) -> None:
    front = Worker(here)
    desk = replace(here, house=replace(here.house, aside=(front,)))
    with TestClient(build(desk), base_url=AT) as client:
        (first, _) = [one["story"] for one in client.get("/api/stories").json()]
        assert front.done[0] == (GROUP, "")
        assert client.get(f"/story/{first}").status_code == 200
        assert client.get(f"/story/{first}").status_code == 200
    assert front.done.count((TRACE, first)) == 1


@pytest.mark.parametrize(("lost", "said"), [("crashed", "crashed"), ("timeout", "took too long")])
def test_a_worker_that_is_lost_is_a_page_that_says_so(here: Premises, lost: str, said: str) -> None:
    story = app.standing(here.house)[0].id
    desk = replace(here, house=replace(here.house, aside=(Worker(here, lost),)))
    with TestClient(build(desk), base_url=AT) as client:
        page = client.get(f"/story/{story}")
        assert page.status_code == 503
        assert said in page.text
        assert f"purport trace {story}" in page.text
        assert client.get("/").status_code == 200, "nobody else is kept from anything"


def test_one_that_is_lost_ahead_is_left_to_who_opens_it(here: Premises) -> None:
    stop = threading.Event()
    ahead.traced(here, (Worker(here, "crashed"),), 10, stop)
    assert [*app.ahead(here.house, 10)], "it was tried, and is still to be traced"
    stop.set()
    done = Worker(here)
    ahead.traced(here, (done,), 10, stop)
    assert not done.done, "nothing is begun any more"


def test_who_asks_while_an_answer_is_worked_out_has_the_one_before() -> None:
    memo, begun, go_on = Memo[str](), threading.Event(), threading.Event()
    assert memo.get(1, lambda: "before") == "before"

    def slow() -> str:
        begun.set()
        go_on.wait(10)
        return "after"

    other = threading.Thread(target=lambda: memo.get(2, slow))
    other.start()
    begun.wait(10)
    assert memo.get(2, lambda: "never made") == "before"
    go_on.set()
    other.join()
    assert memo.get(2, lambda: "never made") == "after"
