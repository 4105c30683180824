"""Where nothing moves, each release that looks like the one found is named with it."""

import msgspec
import pytest
from film_samples import card, fair, film

from purport.core.matches import SAME_FOOTAGE, UNDECIDABLE
from purport.footage.find import Search, matches
from purport.footage.index import Index
from purport.footage.prints import Prints, take
from purport.footage.sketch import Sketch, sketch

RATE = 16


@pytest.fixture(scope="module")
def prints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Prints]:
    """Two films that begin with one title card, and one of something else."""
    folder = tmp_path_factory.mktemp("films")
    made = {}
    for number, name in enumerate(("one", "two", "other"), 1):
        shown = (card() if name != "other" and t < 3 * RATE else fair(t / RATE, number) for t in range(6 * RATE))
        made[name] = take(film(folder / f"{name}.mp4", shown, RATE))
    return made


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Sketch:
    return sketch(film(tmp_path_factory.mktemp("query") / "card.mp4", (card() for _ in range(3 * RATE)), RATE))


def index(prints: dict[str, Prints]) -> Index:
    made = Index(prints.__getitem__)
    made.add(list(prints))
    return made


def alone(prints: dict[str, Prints], query: Sketch) -> Search:
    """A search that has found the card in the first film alone."""
    search = Search(query, index(prints))
    search.found = matches(query, index({"one": prints["one"]}))
    assert [(one.reference, one.kind) for one in search.found] == [("one", UNDECIDABLE)]
    return search


def test_what_looks_like_a_still_match_is_named_with_it(prints: dict[str, Prints], query: Sketch) -> None:
    search = alone(prints, query)
    search.by_likeness()
    first, second = search.found
    assert (second.reference, second.kind) == ("two", UNDECIDABLE)
    assert (second.query_start, second.query_end) == pytest.approx((first.query_start, first.query_end), abs=0.15)
    search.by_likeness()
    assert [one.reference for one in search.found] == ["one", "two"]


def test_where_something_moves_likeness_names_nothing(prints: dict[str, Prints], query: Sketch) -> None:
    for change in ({"kind": SAME_FOOTAGE}, {"movement": 5.0}):
        search = alone(prints, query)
        search.found = [msgspec.structs.replace(one, **change) for one in search.found]
        search.by_likeness()
        assert [one.reference for one in search.found] == ["one"]


def test_a_release_that_looks_otherwise_is_not_named(prints: dict[str, Prints], query: Sketch) -> None:
    search = alone({"one": prints["one"], "other": prints["other"]}, query)
    search.by_likeness()
    assert [one.reference for one in search.found] == ["one"]
