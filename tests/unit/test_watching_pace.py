"""Politeness and patience as arithmetic: no clock runs here."""

import math
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from purport.collect.lanes import Lanes
from purport.core.pace import ASKED, TRIES, after_failure, after_look, jitter, retry_after
from purport.core.watching import NEVER, Source

NOON = datetime(2031, 3, 13, 12, 0, tzinfo=UTC)
SOURCE = Source(name="Kest", kind="feed", place="https://kest.example/feed")


def lanes(*tasks: str) -> Lanes[str]:
    """Tasks as `host/number`."""
    made: Lanes[str] = Lanes(lambda task: task.partition("/")[0])
    for task in tasks:
        made.put(task)
    return made


def test_a_host_is_asked_one_thing_at_a_time_and_left_alone_after_it() -> None:
    made = lanes("a/1", "a/2", "b/1")
    assert [*made.take(0), *made.take(0), *made.take(0)] == ["a/1", "b/1"]
    assert (made.waiting, made.out, made.wait(0)) == (1, 2, math.inf)
    made.done("a/1", 3.0, 1.0)
    assert made.wait(3.0) == 1.0
    assert made.take(3.999) == ()
    assert made.take(4.0) == ("a/2",)


def test_what_comes_first_is_asked_first_and_what_is_put_first_before_it() -> None:
    made = lanes("a/1", "a/2")
    made.put("a/0", first=True)
    asked = []
    for now in range(3):
        (task,) = made.take(float(now))
        asked.append(task)
        made.done(task, float(now), 1.0)
    assert asked == ["a/0", "a/1", "a/2"]
    assert made.wait(3.0) == math.inf


def test_a_host_that_asks_for_rest_gets_it_and_what_waited_is_given_back() -> None:
    made = lanes("a/1", "a/2", "a/3", "b/1")
    (task,) = made.take(0)
    assert made.rest(task, 60.0) == ["a/2", "a/3"]
    made.done(task, 0.0, 1.0)
    assert made.take(0.0) == ("b/1",)
    assert (made.waiting, made.free("a/2")) == (0, 60.0)
    made.put("a/2")
    assert made.wait(0.0) == 60.0
    assert made.take(59.0) == ()
    assert made.take(60.0) == ("a/2",)


def test_a_turn_that_was_put_off_is_not_taken() -> None:
    made = lanes("a/1")
    made.rest("a/1", 60.0)
    made.put("a/2")
    assert made.take(10.0) == ()
    assert made.take(60.0) == ("a/2",)


@pytest.mark.parametrize("seed", range(20))
def test_no_host_is_ever_asked_sooner_than_agreed(seed: int) -> None:
    """A random play on a fake clock: many hosts, answers that take their time, tasks that come late."""
    chance = random.Random(seed)
    hosts = [f"h{n}" for n in range(7)]
    delays = {host: chance.choice([0.5, 1.0, 5.0]) for host in hosts}
    made = lanes()
    coming = [(chance.random() * 20, f"{chance.choice(hosts)}/{n}") for n in range(120)]
    coming.sort(reverse=True)
    out: list[tuple[float, str]] = []
    asked: dict[str, list[tuple[float, float]]] = {host: [] for host in hosts}
    now, done = 0.0, 0
    while done < 120:
        while coming and coming[-1][0] <= now:
            made.put(coming.pop()[1])
        while found := made.take(now):
            end = now + chance.random() * 3
            out.append((end, found[0]))
            asked[found[0].partition("/")[0]].append((now, end))
        out.sort(reverse=True)
        now = min([now + made.wait(now), *(end for end, _ in out), *(at for at, _ in coming)])
        while out and out[-1][0] <= now:
            _, task = out.pop()
            made.done(task, now, delays[task.partition("/")[0]])
            done += 1
    for host, times in asked.items():
        for (_, end), (begin, _) in pairwise(times):
            assert begin >= end + delays[host]
    assert (made.waiting, made.out) == (0, 0)


def test_failures_are_tried_again_less_and_less_often_and_refusals_seldom() -> None:
    waits = [(after_failure(NOON, n, "u") - NOON).total_seconds() for n in range(1, TRIES)]
    assert waits == sorted(waits)
    assert 3.75 <= waits[0] <= 6.25
    assert waits[-1] <= 6 * 3600 * 1.25
    for passing in (0, 429, 500, 503):
        assert after_failure(NOON, 1, "u", passing) - NOON < timedelta(seconds=7)
    for lasting in (401, 403, 404, 451):
        assert after_failure(NOON, 1, "u", lasting) - NOON > timedelta(minutes=45)
    assert after_failure(NOON, 500, "u") < NEVER


def test_many_that_fail_at_once_do_not_come_back_at_once() -> None:
    spread = sorted(jitter(f"https://kest.example/{n}", 1) for n in range(1000))
    assert 0.75 <= spread[0] < 0.76
    assert 1.24 < spread[-1] <= 1.25
    assert abs(spread[500] - 1.0) < 0.05
    assert jitter("u", 3) == jitter("u", 3) != jitter("u", 4)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("Thu, 13 Mar 2031 12:05:00 GMT", 300.0),
        ("Thu, 13 Mar 2031 11:00:00 GMT", 0.0),
        ("soon", 0.0),
        ("", 0.0),
        ("-5", 0.0),
        ("9" * 400, 999999999.0),
    ],
)
def test_a_server_may_say_when_to_come_back(said: str, seconds: float) -> None:
    assert retry_after(said, NOON) == seconds


def test_what_a_server_asks_for_is_kept_to_within_reason() -> None:
    assert after_failure(NOON, 1, "u", 503, asked=120.0) == NOON + timedelta(seconds=120)
    assert after_failure(NOON, 1, "u", 503, asked=1e9) == NOON + timedelta(seconds=ASKED)


def test_a_page_is_looked_at_again_half_as_often_each_time_until_that_is_enough() -> None:
    waits = []
    while (found := after_look(NOON, SOURCE, len(waits) + 1)) != NEVER:
        waits.append((found - NOON).total_seconds())
    assert waits == [3600.0 * 2**n for n in range(10)]
    assert after_look(NOON, Source(name="", kind="feed", place="", again=0.0), 1) == NEVER
