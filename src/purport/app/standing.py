"""Where every report stands, as it was last looked at: it grows by what was booked since, so asking costs little."""

from collections.abc import Collection, Iterator, Sequence
from threading import Lock, RLock

from purport.core.errors import NotFoundError
from purport.core.origins import Story
from purport.core.ports import Joins, Judgements, View
from purport.core.stories import story_id


class Standing:
    """In memory: for each report its story, for each story its reports. To be shared by threads."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.apart = Lock()  # held while a worker groups
        self.held: dict[str, str] = {}  # stories by their reports, in the order in which those came to stand in any
        self.published: dict[str, str] = {}  # of each report; empty: not known
        self._members: dict[str, dict[str, None]] = {}
        self._waiting: dict[str, None] = {}  # reports that stand in no story yet, as they arrived
        self._report = self._move = 0  # the last rows that were looked at
        self._sorted: tuple[Story, ...] = ()

    def look(self, joins: Joins, view: View) -> None:
        """Take in what was booked since."""
        with self.lock:
            for number, id, published in view.roll(self._report):
                self._report, self.published[id], self._sorted = number, published, ()
                if id not in self.held:
                    self._waiting[id] = None
            for number, one in joins.moves(self._move):
                self._move, self._sorted = number, ()
                if before := self.held.get(one.report):
                    del self._members[before][one.report]
                    if not self._members[before]:
                        del self._members[before]
                self.held[one.report] = one.story
                self._members.setdefault(one.story, {})[one.report] = None
                self._waiting.pop(one.report, None)

    def waiting(self) -> list[str]:
        """The reports that stand in no story yet, in the order of their publication."""
        with self.lock:
            return sorted(self._waiting, key=self.published.__getitem__)

    def stories(self) -> tuple[Story, ...]:
        """Those with the most reports first, and the reports of each by their publication."""
        with self.lock:
            if not self._sorted:
                found = [Story(id, tuple(sorted(some, key=self._rank))) for id, some in self._members.items()]
                self._sorted = tuple(sorted(found, key=lambda one: (-len(one.reports), self._rank(one.reports[0]))))
            return self._sorted

    def has(self, story: str) -> bool:
        return story in self._members

    def story(self, id: str) -> Story:
        """A story by its whole id. Raises NotFoundError."""
        with self.lock:
            if id not in self._members:
                raise NotFoundError(f"There is no story {id}. purport stories lists them.")
            return Story(id, tuple(sorted(self._members[id], key=self._rank)))

    def now(self, id: str) -> str:
        """The story that an id, or the beginning of one, leads to: the one in which the report that began it stands
        now; the id as given if it leads to none."""
        with self.lock:
            if id in self._members:
                return id
            return next((story for report, story in self.held.items() if story_id(report).startswith(id)), id)

    def beside(self, reports: Sequence[str]) -> Iterator[Story]:
        """The stories that some reports stand in, each once."""
        with self.lock:
            ids = dict.fromkeys(self.held[id] for id in reports)
        yield from map(self.story, ids)

    def _rank(self, id: str) -> tuple[bool, str, str]:
        when = self.published.get(id, "")
        return not when, when, id


class Decided:
    """In memory: which judgements are about which reports, read anew when somebody decides. For threads to share."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0
        self._of: dict[str, list[str]] = {}

    def about(self, judgements: Judgements, reports: Collection[str]) -> list[str]:
        """The ids of those that are about any of some reports, in the order of the ids."""
        with self._lock:
            last = judgements.last()
            if last != self._last:
                self._of = {}
                for one in judgements.judgements():
                    for report in {place.report for place in (*one.left, *one.right)}:
                        self._of.setdefault(report, []).append(one.id)
                self._last = last
            return sorted({id for report in reports for id in self._of.get(report, ())})
