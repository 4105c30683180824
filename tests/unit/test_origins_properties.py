"""What must hold of every count of origins, over random graphs."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from purport.core.origins import (
    ATTRIBUTION,
    OUTLET,
    RELEASE,
    REPORT,
    SPEAKER,
    UNNAMED,
    Account,
    Graph,
    Ground,
    Node,
)
from purport.trace.graph import gathered
from purport.trace.origins import account

Pairs = set[tuple[str, str]]

REPORTS = [f"r{number}" for number in range(6)]
MIDDLE = ["o1", "o2"]
ENDS = ["s1", "s2", "s3", "v1"]
KINDS = {"r": REPORT, "o": OUTLET, "s": SPEAKER, "v": RELEASE, "u": UNNAMED}
GROUND = Ground(ATTRIBUTION)

uppers = st.sampled_from([*REPORTS, *MIDDLE])
lowers = st.sampled_from([*REPORTS, *MIDDLE, *ENDS, "u1"])
pairs = st.sets(st.tuples(uppers, lowers).filter(lambda pair: pair[0] != pair[1]), max_size=18)


def node(id: str) -> Node:
    return Node(id, KINDS[id[0]], id)


def graph(ties: Pairs) -> Graph:
    return gathered([(node(a), node(b), GROUND) for a, b in ties], [node(id) for id in REPORTS])


def counted(ties: Pairs, reports: list[str] = REPORTS) -> Account:
    return account(graph(ties), reports)


def independent(ties: Pairs) -> int:
    return len(counted(ties).origins)


def ends_of(ties: Pairs) -> set[str]:
    """As the docstring defines them, said once more."""
    held = {a for a, _ in ties}
    return {b for _, b in ties if b[0] in "svo" and b not in held}


def reaches(ties: Pairs, without: frozenset[str] = frozenset()) -> set[str]:
    """The reports from which an end can be reached when some accounts have fallen."""
    good = ends_of(ties) - without
    while more := {a for a, b in ties if b in good and a not in good and a not in without}:
        good |= more
    return {id for id in REPORTS if id in good}


@settings(max_examples=300, deadline=None)
@given(pairs)
def test_it_is_the_least_number_of_accounts_that_must_fall(ties: Pairs) -> None:
    found = counted(ties)
    assert set(found.untraceable) == set(REPORTS) - reaches(ties)
    cut = frozenset(one.id for one in found.origins)
    assert not reaches(ties, cut)
    everybody = sorted({id for pair in ties for id in pair} | set(REPORTS))
    for few in combinations(everybody, max(0, len(cut) - 1)):
        assert not cut or reaches(ties, frozenset(few)), f"{few} would do"


@settings(max_examples=200, deadline=None)
@given(pairs, st.sampled_from(REPORTS))
def test_a_copy_changes_nothing(ties: Pairs, original: str) -> None:
    before = counted(ties)
    more = graph(ties | {("r9", original)})
    after = account(more, [*REPORTS, "r9"])
    assert {one.id for one in after.origins} == {one.id for one in before.origins}
    assert ("r9" in after.untraceable) == (original in before.untraceable)


@settings(max_examples=200, deadline=None)
@given(pairs, st.sampled_from(list(combinations(ENDS, 2))))
def test_two_ends_found_to_be_one_never_raise_it(ties: Pairs, two: tuple[str, str]) -> None:
    kept, gone = two
    merged = {(a, kept if b == gone else b) for a, b in ties}
    assert independent(merged) <= independent(ties)


@settings(max_examples=200, deadline=None)
@given(pairs, st.permutations(REPORTS))
def test_a_report_found_to_be_a_copy_never_raises_it(ties: Pairs, order: list[str]) -> None:
    copy, original = order[:2]
    found = {(a, b) for a, b in ties if a != copy} | {(copy, original)}
    assert independent(found) <= independent(ties)


@settings(max_examples=200, deadline=None)
@given(pairs)
def test_footage_found_to_show_older_footage_never_raises_it(ties: Pairs) -> None:
    assert independent(ties | {("v1", "v2")}) <= independent(ties)


@settings(max_examples=200, deadline=None)
@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(ties: Pairs, chance: object) -> None:
    steps = [(node(a), node(b), GROUND) for a, b in sorted(ties)]
    shuffled = list(steps)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    alone = [node(id) for id in REPORTS]
    assert gathered(steps, alone) == gathered(shuffled, alone[::-1])
    assert account(gathered(shuffled), REPORTS[::-1]) == account(gathered(steps), REPORTS)


@settings(max_examples=200, deadline=None)
@given(pairs)
def test_there_are_never_more_than_traceable_reports(ties: Pairs) -> None:
    found = counted(ties)
    assert len(found.origins) <= len(REPORTS) - len(found.untraceable)
    for point in found.points:
        assert not set(point.reports) & reaches(ties, frozenset((point.node,)))


def test_a_tie_keeps_all_its_grounds() -> None:
    steps = [(node("r0"), node("s1"), Ground(ATTRIBUTION, words)) for words in ("she said", "she added")]
    (tie,) = gathered(steps).ties
    assert [ground.words for ground in tie.grounds] == ["she added", "she said"]
