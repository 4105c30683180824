"""Reports into stories: what belongs together, ids that stay, what is kept of merges and splits, what people decide."""

import math
from itertools import permutations, product

import numpy as np
import pytest
from story_samples import DAM, FIRE, FIRE_AGAIN, FIRE_LATER, VOTE, VOTE_AGAIN, WordEncoder, report

from purport.core.ports import Encoder
from purport.core.records import Report
from purport.core.stories import BEGAN, JOINED, MERGED, SPLIT, story_id
from purport.edges.onnx import OnnxEncoder
from purport.trace import stories as room
from purport.trace.linkage import linked
from purport.trace.stories import WINDOW, Stories

REPORTS = [report(FIRE, 0, "a"), report(VOTE, 2, "b"), report(FIRE_AGAIN, 3, "c"), report(DAM, 5, "d")]
REPORTS += [report(VOTE_AGAIN, 6, "e"), report(FIRE_LATER, 40, "f")]
A, B, C, D, E, F = (one.id for one in REPORTS)
EXPECTED = {frozenset((A, C, F)), frozenset((B, E)), frozenset((D,))}


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return OnnxEncoder()


def groups(stories: Stories) -> set[frozenset[str]]:
    return {frozenset(story.reports) for story in stories.stories()}


def grouped(reports: list[Report], encoder: Encoder) -> Stories:
    stories = Stories(encoder)
    for one in reports:
        stories.add(one)
    return stories


def test_reports_of_one_event_are_one_story_and_others_are_not(encoder: Encoder) -> None:
    assert groups(grouped(REPORTS, encoder)) == EXPECTED


def test_the_order_of_arrival_changes_the_id_and_not_the_story(encoder: Encoder) -> None:
    for order in list(permutations(range(6)))[::90]:
        stories = grouped([REPORTS[number] for number in order], encoder)
        assert groups(stories) == EXPECTED
        for story in stories.stories():
            first = min(story.reports, key=lambda id: [REPORTS[n].id for n in order].index(id))
            assert story.id == story_id(first)


def test_an_id_stays_while_reports_join(encoder: Encoder) -> None:
    stories, ids = Stories(encoder), set()
    for one in (REPORTS[0], REPORTS[2], REPORTS[5]):
        (placed,) = stories.add(one)
        ids.add(placed.story)
    assert ids == {story_id(A)}


def test_where_a_report_stands_is_told_with_what_it_has_in_common(encoder: Encoder) -> None:
    stories = Stories(encoder)
    (began,) = stories.add(REPORTS[0])
    (joined,) = stories.add(REPORTS[2])
    assert (began.how, began.beside, began.shared) == (BEGAN, "", ())
    assert (joined.how, joined.beside, joined.before) == (JOINED, A, "")
    assert {"grain", "quillmarsh"} & set(joined.shared)
    assert joined.score > 0


def test_a_report_that_came_is_not_taken_twice(encoder: Encoder) -> None:
    stories = grouped(REPORTS, encoder)
    assert stories.add(REPORTS[0]) == ()
    assert groups(stories) == EXPECTED


def test_months_apart_it_is_another_story(encoder: Encoder) -> None:
    later = report(FIRE_AGAIN, WINDOW / 3600 + 24, "g")
    assert groups(grouped([REPORTS[0], later], encoder)) == {frozenset((A,)), frozenset((later.id,))}


def test_without_a_day_the_words_decide(encoder: Encoder) -> None:
    import msgspec

    undated = [msgspec.structs.replace(one, published=()) for one in REPORTS]
    assert groups(grouped(undated, encoder)) == EXPECTED


def test_languages_are_kept_apart(encoder: Encoder) -> None:
    foreign = report(FIRE, 1, "g", language="und")
    assert groups(grouped([REPORTS[0], foreign], encoder)) == {frozenset((A,)), frozenset((foreign.id,))}


def test_what_a_person_parted_stays_apart_and_what_they_joined_stays_together(encoder: Encoder) -> None:
    stories = Stories(encoder, apart=[(A, C)], together=[(B, D)])
    for one in REPORTS:
        stories.add(one)
    where = {id: story.id for story in stories.stories() for id in story.reports}
    assert where[A] != where[C]
    assert where[B] == where[D]


def test_ties_bring_together_what_words_alone_do_not() -> None:
    encoder, lone = WordEncoder(), report("Oda Brell will speak at noon.", 1, "g")
    assert groups(grouped([REPORTS[0], lone], encoder)) == {frozenset((A,)), frozenset((lone.id,))}
    stories = Stories(encoder)
    stories.add(REPORTS[0])
    stories.add(lone, tied=[A])
    assert groups(stories) == {frozenset((A, lone.id))}


def test_a_story_that_merges_or_splits_tells_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scores are set by hand, to see what comes of them."""
    told = {frozenset("ac"): -5.0, frozenset("bc"): 5.0, frozenset("ab"): 1.0}
    stories = Stories(WordEncoder())
    reports = [report(FIRE, n, name) for n, name in enumerate("abcd")]
    by_id = {one.id: one.outlet for one in reports}

    def matrix(self: Stories, chosen: list[int]) -> np.ndarray:
        names = [by_id[self._sketches[n].report] for n in chosen]
        return np.array([[told.get(frozenset(a + b), 0.0) for b in names] for a in names])

    monkeypatch.setattr(Stories, "_matrix", matrix)
    stories.add(reports[0])
    (joined,) = stories.add(reports[1])
    assert joined.story == story_id(reports[0].id)
    new, parted = stories.add(reports[2])  # b is nearer to c than to a
    assert (new.story, new.how) == (story_id(reports[1].id), JOINED)
    assert (parted.report, parted.how, parted.before) == (reports[1].id, SPLIT, story_id(reports[0].id))
    told |= {frozenset("ac"): 5.0} | {frozenset(one + "d"): 5.0 for one in "abc"}
    new, *moved = stories.add(reports[3])
    assert (new.how, new.story) == (JOINED, story_id(reports[0].id))
    assert [(one.how, one.story) for one in moved] == [(MERGED, story_id(reports[0].id))] * 2
    assert len(stories.stories()) == 1


def test_what_stands_already_is_taken_over_and_grows(encoder: Encoder) -> None:
    stories = Stories(encoder)
    for one, began in zip(REPORTS[:5], (A, B, A, D, B), strict=True):
        stories.restore(one, began)
    (placed,) = stories.add(REPORTS[5])
    assert placed.story == story_id(A)
    assert groups(stories) == EXPECTED


def test_the_work_for_one_more_report_does_not_grow_with_the_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    before = Stories._matrix
    monkeypatch.setattr(Stories, "_matrix", lambda self, chosen: (seen.append(len(chosen)), before(self, chosen))[1])
    stories = Stories(WordEncoder())
    for number in range(300):
        stories.add(report(f"{FIRE} Note {number}.", number / 10, str(number)))
    assert max(seen) <= room.NEIGHBOURHOOD
    assert max(len(edges) for edges in stories._edges) <= 300
    assert len(stories.stories()) <= 3


@pytest.mark.parametrize("text", ["", " ", "\n\n", "x", "?" * 5_000, "12 12 12", "ӿ" * 300, "A" * 50_000])
def test_any_text_stands_somewhere(text: str) -> None:
    stories = grouped([REPORTS[0], report(text, 1, "g"), report(text, 1, "h")], WordEncoder())
    assert sum(len(story.reports) for story in stories.stories()) == 3


def test_swapping_two_names_everywhere_changes_no_story(encoder: Encoder) -> None:
    def swapped(one: Report) -> Report:
        text = one.text
        for a, b in (("Quillmarsh", "Marnet"), ("Brell", "Sandt"), ("Oda", "Ivo")):
            text = text.replace(a, "\0").replace(b, a).replace("\0", b)
        return report(text, one.published[0].start.hour, one.outlet)

    told = grouped(REPORTS, encoder), grouped([swapped(one) for one in REPORTS], encoder)
    shapes = [sorted(sorted(ids.index(id) for id in story.reports) for story in one.stories()) for one, ids in (
        (told[0], [one.id for one in REPORTS]), (told[1], [swapped(one).id for one in REPORTS]),
    )]  # fmt: skip
    assert shapes[0] == shapes[1]


def test_mean_linkage_joins_the_best_pair_again_and_again() -> None:
    draw = np.random.default_rng(5)
    for size, _ in product(range(1, 12), range(12)):
        scores = draw.normal(size=(size, size))
        scores = scores + scores.T
        assert linked(scores, 0.2) == _slowly(scores, 0.2)
    assert linked(np.zeros((0, 0)), 0.0) == []


def _slowly(scores: np.ndarray, least: float) -> list[list[int]]:
    held = [[number] for number in range(len(scores))]
    while len(held) > 1:
        pairs = [(i, j) for i in range(len(held)) for j in range(i)]
        best = max(pairs, key=lambda pair: scores[np.ix_(held[pair[0]], held[pair[1]])].mean())
        if scores[np.ix_(held[best[0]], held[best[1]])].mean() < least or math.isnan(least):
            break
        held[best[1]] += held.pop(best[0])
    return sorted(sorted(group) for group in held)
