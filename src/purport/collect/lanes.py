"""Politeness: a host is asked one thing at a time, and left alone for a while after each answer.

Times are seconds of whatever clock the caller goes by; nothing here waits or asks.
"""

import heapq
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Task = TypeVar("Task")


@dataclass(slots=True)
class _Lane(Generic[Task]):
    waiting: deque[Task] = field(default_factory=deque)
    free: float = -math.inf  # not before then
    out: bool = False  # somebody is being asked
    queued: bool = False  # does the heap hold it?


class Lanes(Generic[Task]):
    """Tasks waiting for their hosts, each host a lane of its own. `host` names a task's."""

    def __init__(self, host: Callable[[Task], str]) -> None:
        self._host = host
        self._lanes: dict[str, _Lane[Task]] = {}
        self._turns: list[tuple[float, int, str]] = []  # a heap: when a lane is free, in which order it came
        self._order = 0
        self.waiting = 0  # tasks
        self.out = 0

    def put(self, task: Task, first: bool = False) -> None:
        """Let a task wait for its host, behind the others or before them."""
        lane = self._lanes.setdefault(self._host(task), _Lane())
        if first:
            lane.waiting.appendleft(task)
        else:
            lane.waiting.append(task)
        self.waiting += 1
        self._queue(self._host(task), lane)

    def take(self, now: float) -> tuple[Task, ...]:
        """A task whose host may be asked now, none or one. The host is busy until `done`."""
        while self._turns and self._turns[0][0] <= now:
            host = heapq.heappop(self._turns)[2]
            lane = self._lanes[host]
            lane.queued = False
            if lane.waiting and lane.free <= now:
                return self._taken(lane)
            self._queue(host, lane)  # its turn was put off meanwhile
        return ()

    def _taken(self, lane: _Lane[Task]) -> tuple[Task, ...]:
        lane.out = True
        self.waiting -= 1
        self.out += 1
        return (lane.waiting.popleft(),)

    def done(self, task: Task, now: float, delay: float) -> None:
        """The host of a task that was taken has answered, or will not: it is left alone for so many seconds."""
        host = self._host(task)
        lane = self._lanes[host]
        lane.out = False
        lane.free = max(lane.free, now + delay)
        self.out -= 1
        self._queue(host, lane)

    def rest(self, task: Task, until: float) -> list[Task]:
        """Leave a task's host alone until then. Gives back what waited for it, which need not be put in before."""
        lane = self._lanes.setdefault(self._host(task), _Lane())
        lane.free = max(lane.free, until)
        waited = list(lane.waiting)
        lane.waiting.clear()
        self.waiting -= len(waited)
        return waited

    def free(self, task: Task) -> float:
        """Not before then may a task's host be asked."""
        lane = self._lanes.get(self._host(task))
        return lane.free if lane else -math.inf

    def wait(self, now: float) -> float:
        """Seconds until a task may be taken; infinite if none waits for anything but an answer."""
        return max(0.0, self._turns[0][0] - now) if self._turns else math.inf

    def _queue(self, host: str, lane: _Lane[Task]) -> None:
        if lane.waiting and not lane.out and not lane.queued:
            lane.queued = True
            self._order += 1
            heapq.heappush(self._turns, (lane.free, self._order, host))
