"""Reports grouped into stories as they arrive.

    report > sketch > candidates (rare words in common, within some weeks) > how like, pair by pair > the groups of the
    touched neighbourhood, anew > who moved where, and why

Two reports are scored by a logistic model over what they share (`stories.toml`, fitted by `training/grouping.py`):
above 0 they are more likely of one story than not. Some kinds of news are all alike (two storms, two trials), so each
likeness also counts by how much it exceeds what either report has with those nearest to it. Groups are joined by the
mean of all pairs between them. Only the stories that the new report could belong to are grouped again, so its cost
does not grow with the ledger; what is far from it can't change.
"""

import math
import tomllib
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from purport.core.ids import make_id
from purport.core.origins import Story
from purport.core.ports import Encoder
from purport.core.records import Report
from purport.core.stories import BEGAN, JOINED, MERGED, SPLIT, Placed, story_id
from purport.trace.linkage import linked
from purport.trace.sketches import LIKENESSES, Floats, Ints, Sketch, Vocabulary, likenesses, sketch

VERSION = "1"  # of what is compared and how groups are made

KEYS = 24  # words that a report is found by: its most telling ones
CANDIDATES = 48  # reports that a new one is compared with
LATEST = 4096  # reports that are looked at for one word
WINDOW = 30 * 86_400.0  # seconds between two reports of one story
NEAREST = 5  # reports whose likeness is what a report is used to
LOCAL = (0, 1, 4, 5)  # the likenesses that are measured against that: words, names, meaning, start
MOST = 8.0  # no pair counts for more, for or against
FAR = -6.0  # a pair below this is forgotten: what is used to more kin later is only farther from it
REACH = -3.0  # a story with a pair above this is grouped again
NEIGHBOURHOOD = 240  # reports that are grouped again at most
BIG, SAMPLE = 120, 60  # a story of more reports than BIG is not taken apart; its latest stand for it
DECIDED = 1e6  # the score of a pair that a person decided about


@dataclass(frozen=True, slots=True)
class Weights:
    """`stories.toml`, ready to use."""

    base: float
    plain: NDArray[np.float64]  # [LIKENESSES]
    above_more: NDArray[np.float64]  # [LOCAL]: above what the one is used to that is used to more
    above_less: NDArray[np.float64]  # [LOCAL]
    usual: NDArray[np.float32]  # [LOCAL]: what a report that stands alone is used to
    least: float  # the mean score from which two groups are one

    def scores(self, like: Floats, mine: Floats, theirs: Floats) -> NDArray[np.float64]:
        """The scores of pairs by likenesses [pairs, LIKENESSES] and what each side is used to [pairs, LOCAL]."""
        local = like[:, LOCAL]
        found = self.base + like @ self.plain
        found = found + (local - np.maximum(mine, theirs)) @ self.above_more
        found = found + (local - np.minimum(mine, theirs)) @ self.above_less
        return np.clip(found, -MOST, MOST)


@cache
def weights() -> Weights:
    read = tomllib.loads((resources.files("purport.trace") / "stories.toml").read_text("utf-8"))
    local = [LIKENESSES[number] for number in LOCAL]
    return Weights(
        read["base"],
        np.array([read["plain"][name] for name in LIKENESSES]),
        np.array([read["above_more"][name] for name in local]),
        np.array([read["above_less"][name] for name in local]),
        np.array([read["usual"][name] for name in local], np.float32),
        read["least"],
    )


class Stories:
    """The stories of the reports that came so far. Reports go by numbers, in the order in which they came.

    `apart` and `together` are pairs of reports that people decided about; the machine never goes against them.
    """

    def __init__(
        self,
        encoder: Encoder,
        apart: Iterable[tuple[str, str]] = (),
        together: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._encoder, self._vocabulary = encoder, Vocabulary()
        self._sketches: list[Sketch] = []
        self._numbers: dict[str, int] = {}
        self._booked: dict[int, array[int]] = {}  # of each word the reports that are found by it
        self._edges: list[dict[int, Floats]] = []  # likenesses with the reports it was compared with
        self._compared: set[int] = set()  # the candidates of the report that came last
        self._near = np.zeros((64, len(LOCAL), NEAREST), np.float32)
        self._story: list[int] = []  # of each report the number of the one that began its story
        self._members: dict[int, list[int]] = {}
        self._decided: dict[str, dict[str, float]] = {}
        for pairs, score in ((apart, -DECIDED), (together, DECIDED)):
            for a, b in pairs:
                self._decided.setdefault(a, {})[b] = score
                self._decided.setdefault(b, {})[a] = score

    def __len__(self) -> int:
        return len(self._sketches)

    def __contains__(self, report: str) -> bool:
        return report in self._numbers

    def add(self, report: Report, tied: Collection[str] = ()) -> tuple[Placed, ...]:
        """Take a report in; returns where it stands, first, and which other reports that moved.

        `tied` are reports of which it is known that they tell the same, as copies do.
        """
        if report.id in self:
            return ()
        number = self._take(report, tied)
        self._story.append(number)
        self._members[number] = [number]
        return tuple(self._regrouped(number))

    def restore(self, report: Report, began: str, tied: Collection[str] = ()) -> None:
        """Take a report in where it stands already: in the story that `began` began."""
        number = self._take(report, tied)
        story = self._numbers.get(began, number)
        story = self._story[story] if story < number else number
        self._story.append(story)
        self._members.setdefault(story, []).append(number)

    def stories(self) -> tuple[Story, ...]:
        """All stories, in the order in which they began."""
        return tuple(
            Story(self._id(first), tuple(self._sketches[n].report for n in sorted(members)))
            for first, members in sorted(self._members.items())
        )

    def _id(self, first: int) -> str:
        return story_id(self._sketches[first].report)

    def _take(self, report: Report, tied: Collection[str]) -> int:
        """The sketch, booked and compared with those of its candidates."""
        for other in tied:
            if other in self:
                self._decided.setdefault(report.id, {}).setdefault(other, MOST)
                self._decided.setdefault(other, {}).setdefault(report.id, MOST)
        when = report.published[0].start.timestamp() if report.published else math.nan
        made = sketch(report.id, report.text, report.title, when, report.language, self._vocabulary, self._encoder)
        number = len(self)
        self._vocabulary.seen(made)
        keys = self._keys(made)
        others = self._candidates(made, keys)
        self._sketches.append(made)
        self._numbers[report.id] = number
        self._edges.append({})
        for word in keys.tolist():
            self._booked.setdefault(word, array("i")).append(number)
        if number >= len(self._near):
            self._near = np.concatenate([self._near, np.zeros_like(self._near)])
        self._near[number] = weights().usual[:, None]
        self._compared = set(others)
        self._compare(number, others)
        return number

    def _keys(self, one: Sketch) -> Ints:
        telling = one.stems.times * self._vocabulary.rarity(one.stems.words)
        return one.stems.words[np.argsort(-telling, kind="stable")[:KEYS]]

    def _candidates(self, one: Sketch, keys: Ints) -> list[int]:
        lists = [
            np.frombuffer(self._booked[word], np.int32)[-LATEST:] for word in keys.tolist() if word in self._booked
        ]
        if not lists:
            return []
        telling = np.repeat(
            self._vocabulary.rarity(np.array([word for word in keys.tolist() if word in self._booked], np.int32)),
            [len(some) for some in lists],
        )
        numbers, places = np.unique(np.concatenate(lists), return_inverse=True)
        sums = np.bincount(places, telling)
        best = numbers[np.argsort(-sums, kind="stable")]
        near = (int(other) for other in best if self._may_meet(one, self._sketches[other]))
        return [other for _, other in zip(range(CANDIDATES), near, strict=False)]

    def _may_meet(self, one: Sketch, other: Sketch) -> bool:
        return one.language == other.language and not abs(one.when - other.when) > WINDOW  # nan is never more

    def _compare(self, number: int, others: Sequence[int]) -> None:
        """Write down how like a report is to others, and what all of them are now used to."""
        if not others:
            return
        like = likenesses(self._sketches[number], [self._sketches[other] for other in others], self._vocabulary)
        local = like[:, LOCAL]
        both = np.concatenate([self._near[others], local[:, :, None]], axis=2)
        self._near[others] = np.sort(both, axis=2)[:, :, -NEAREST:]
        own = np.concatenate([self._near[number], local.T], axis=1)
        self._near[number] = np.sort(own, axis=1)[:, -NEAREST:]
        near = self._near[others].mean(2)
        scores = weights().scores(like, np.broadcast_to(self._near[number].mean(1), near.shape), near)
        for other, row, score in zip(others, like, scores.tolist(), strict=True):
            if score > FAR:
                self._edges[number][other] = self._edges[other][number] = row.copy()

    def _pairs(self, number: int, others: Sequence[int]) -> NDArray[np.float64]:
        """The scores of a report with some that it was compared with."""
        like = np.array([self._edges[number][other] for other in others], np.float32).reshape(-1, len(LIKENESSES))
        theirs = self._near[others].mean(2) if others else np.zeros((0, len(LOCAL)), np.float32)
        return weights().scores(like, np.broadcast_to(self._near[number].mean(1), theirs.shape), theirs)

    def _regrouped(self, new: int) -> Iterator[Placed]:
        """Group the neighbourhood of a new report again; tells who stands elsewhere than before, the new one first."""
        chosen = self._neighbourhood(new)
        # a story may have more reports than there were candidates
        self._compare(new, [other for other in chosen if other != new and other not in self._compared])
        scores = self._matrix(chosen)
        found = []
        for group in linked(scores, weights().least):
            members = {chosen[place] for place in group}
            for story in {self._story[number] for number in members}:
                if len(self._members[story]) > BIG:
                    members |= set(self._members[story])
            found.append(sorted(members))
        moved = [(number, self._story[number], group) for group in found for number in group]
        for story in {self._story[number] for number, _, _ in moved}:
            del self._members[story]
        for group in found:
            self._members[group[0]] = group
            for number in group:
                self._story[number] = group[0]
        order = sorted(moved, key=lambda one: (one[0] != new, one[0]))
        yield from (
            self._placed(number, before, group, new)
            for number, before, group in order
            if before != group[0] or number == new
        )

    def _neighbourhood(self, new: int) -> list[int]:
        """A new report and the stories that could be its own, the likeliest first, up to a bound."""
        others = list(self._edges[new])
        scored = dict(zip(others, self._pairs(new, others).tolist(), strict=True))
        decided = self._decided.get(self._sketches[new].report, {})
        scored |= {self._numbers[other]: score for other, score in decided.items() if other in self}
        best: dict[int, float] = {self._story[new]: math.inf}
        for other, score in scored.items():
            if score > REACH:
                story = self._story[other]
                best[story] = max(best.get(story, -math.inf), score)
        chosen: list[int] = []
        for story in sorted(best, key=lambda one: (-best[one], one)):
            members = self._members[story]
            some = members[-SAMPLE:] if len(members) > BIG else members
            if len(chosen) + len(some) > NEIGHBOURHOOD and chosen:
                break
            chosen += some
        return sorted(chosen)

    def _matrix(self, chosen: Sequence[int]) -> NDArray[np.float64]:
        """The scores of all pairs of some reports; those that were never compared are as far as can be."""
        place = {number: n for n, number in enumerate(chosen)}
        scores = np.full((len(chosen), len(chosen)), -MOST)
        for number in chosen:
            others = [other for other in self._edges[number] if other in place and other < number]
            if others:
                row, columns = place[number], [place[other] for other in others]
                scores[row, columns] = self._pairs(number, others)
                scores[columns, row] = scores[row, columns]
        for number in chosen:
            story = self._story[number]
            if len(self._members[story]) > BIG:
                mates = [place[other] for other in chosen if self._story[other] == story]
                scores[place[number], mates] = DECIDED
            for other, score in self._decided.get(self._sketches[number].report, {}).items():
                if (known := self._numbers.get(other, -1)) in place:
                    scores[place[number], place[known]] = scores[place[known], place[number]] = score
        return scores

    def _placed(self, number: int, before: int, group: Sequence[int], new: int) -> Placed:
        report, story = self._sketches[number].report, self._id(group[0])
        was = "" if number == new else self._id(before)
        how = (BEGAN if len(group) == 1 else JOINED) if number == new else MERGED if before in group else SPLIT
        others = [other for other in group if other != number and other in self._edges[number]]
        scores = self._pairs(number, others)
        beside = others[int(np.argmax(scores))] if others else -1
        return Placed(
            make_id("placed", VERSION, report, story, was, len(self)),
            report,
            story,
            how,
            was,
            self._sketches[beside].report if others else "",
            round(float(scores.max()), 2) if others else 0.0,
            tuple(self._shared(number, beside)) if others else (),
        )

    def _shared(self, number: int, other: int) -> Iterator[str]:
        """The most telling words of both."""
        one, two = self._sketches[number].stems, self._sketches[other].stems
        common, mine, theirs = np.intersect1d(one.words, two.words, assume_unique=True, return_indices=True)
        telling = self._vocabulary.rarity(common) * np.minimum(one.times[mine], two.times[theirs])
        for place in np.argsort(-telling, kind="stable")[:5]:
            yield self._vocabulary.words[common[place]]
