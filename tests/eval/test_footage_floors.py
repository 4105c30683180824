"""What the matcher found once, it finds again: edits of natural clips, a part of `scripts/bench footage`."""

import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pytest

from footage_score import Folder, Sums, count
from footage_set import Maker
from purport.footage.find import find
from purport.footage.index import open_index
from purport.footage.prints import take

REFERENCES = ("te_chair_0", "sam2_juggle_0", "tc_nasa_0", "intel_bottle_0")
EDITS = ("crop 20 %", "flip", "news bar", "picture-in-picture 60 %")


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sums]:
    data = Path(os.environ.get("PURPORT_DATA", ""))
    if not (data / "footage" / "clips").is_dir():
        pytest.skip("PURPORT_DATA is not set: it names the folder that holds footage/clips")
    out = tmp_path_factory.mktemp("footage")
    for folder in ("references", "queries", "library"):
        (out / folder).mkdir()
    maker = Maker(data, out)
    maker.references = {name: maker.references[name] for name in REFERENCES}
    for name in REFERENCES:
        maker.reference(name)
        take(out / "references" / f"{name}.mp4").save(out / "library" / f"{name}.prints")
        for edit in EDITS:
            maker.edited(name, edit)
    maker.compilation("compilation, cuts", 0)
    maker.outside("unrelated", "sam2_cups", 0, 5, 0)
    maker.outside("same camera, other time", "intel_bottle", 29.5, 34, 0)
    index = open_index(Folder(out / "library"), out / "index.npz")
    sums: dict[str, Sums] = {}
    for one in maker.truth:
        count(sums.setdefault(one["edit"], Sums()), one, find(out / "queries" / one["query"], index))
    return sums


def test_edited_footage_is_found_again(reached: dict[str, Sums]) -> None:
    found = [reached[edit] for edit in EDITS]
    assert sum(sums.wanted for sums in found) == len(EDITS) * len(REFERENCES)
    assert sum(sums.found for sums in found) >= len(EDITS) * len(REFERENCES) - 1


def test_pieces_of_a_compilation_are_found_with_their_ends(reached: dict[str, Sums]) -> None:
    assert reached["compilation, cuts"].f1 >= 0.8
    missed = sorted(ends(reached.values()))
    assert missed[len(missed) // 2] <= 0.12


def ends(sums: Iterable[Sums]) -> Iterator[float]:
    return chain.from_iterable(one.ends for one in sums)


def test_nothing_is_found_in_unrelated_footage(reached: dict[str, Sums]) -> None:
    assert reached["unrelated"].queries == 3
    assert reached["unrelated"].hits == 0


def test_the_same_camera_at_another_time_is_not_the_same_footage(reached: dict[str, Sums]) -> None:
    assert reached["same camera, other time"].same == 0
