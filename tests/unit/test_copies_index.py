"""The index of word runs: it finds what is shared, grows, and is kept in a file."""

import random
from pathlib import Path

import numpy as np
import pytest

from purport.trace import shingles
from purport.trace.shingles import CERTAIN, COMMON, RUN, STEP, Index, words_of


def filled(texts: list[str]) -> Index:
    index = Index()
    index.add([f"report-{n}" for n in range(len(texts))], words_of(texts))
    return index


def held(index: Index, text: str) -> set[int]:
    return set(index.find(words_of([text])).reports.tolist())


def words(start: int, count: int) -> str:
    return " ".join(f"w{n}" for n in range(start, start + count))


@pytest.mark.parametrize("before", range(STEP))
@pytest.mark.parametrize("within", range(3))
def test_eight_words_in_common_are_always_found(before: int, within: int) -> None:
    index = filled([f"{words(1000, before)} {words(0, CERTAIN)} {words(2000, 9)}"])
    assert held(index, f"{words(3000, within)} {words(0, CERTAIN)} {words(4000, 5)}") == {0}


def test_four_words_in_common_are_not() -> None:
    assert held(filled([f"{words(0, 4)} {words(100, 9)}"]), f"{words(0, 4)} {words(200, 9)}") == set()


def test_it_finds_what_comparing_every_run_finds() -> None:
    chance = random.Random(3)
    texts = [" ".join(chance.choices("abcd", k=chance.randint(0, 60))) for _ in range(40)]
    index, asked = filled(texts), " ".join(chance.choices("abcd", k=50))
    runs = {tuple(asked.split()[n : n + RUN]): n for n in range(46)}
    booked = [{tuple(text.split()[n : n + RUN]) for n in range(0, len(text.split()) - RUN + 1, STEP)} for text in texts]
    found = index.find(words_of([asked]))
    assert set(found.reports.tolist()) == {number for number, one in enumerate(booked) if one & set(runs)}


def test_texts_asked_together_are_told_apart() -> None:
    index = filled([words(0, 12), words(100, 12)])
    found = index.find(words_of([words(100, 9), "nothing of all that", words(0, 9)]))
    assert set(zip(found.texts.tolist(), found.reports.tolist(), strict=True)) == {(0, 1), (2, 0)}
    assert (np.diff(found.texts) >= 0).all()


def test_of_a_run_in_very_many_reports_the_latest_are_told() -> None:
    index = filled([words(0, RUN)] * (3 * COMMON))
    assert held(index, words(0, RUN)) == set(range(2 * COMMON, 3 * COMMON))


def test_it_grows_beyond_its_first_room() -> None:
    index = Index()
    for number in range(60):
        index.add([f"report-{number}"], words_of([words(1000 * number, 400)]))
    assert [held(index, words(1000 * number + 7, 20)) for number in range(60)] == [{number} for number in range(60)]
    assert index.lengths == [400] * 60


def test_it_is_found_again_in_its_file(tmp_path: Path) -> None:
    index, again = filled([words(0, 30), words(100, 30)]), Index()
    index.save(tmp_path / "runs.npz")
    assert again.restore(tmp_path / "runs.npz")
    assert again.reports == ["report-0", "report-1"]
    assert "report-1" in again
    again.add(["report-2"], words_of([words(200, 30)]))
    assert [held(again, words(start, 9)) for start in (0, 100, 200)] == [{0}, {1}, {2}]
    assert [path.name for path in tmp_path.iterdir()] == ["runs.npz"]


def test_an_empty_index_can_be_kept_too(tmp_path: Path) -> None:
    Index().save(tmp_path / "runs.npz")
    assert Index().restore(tmp_path / "runs.npz")


@pytest.mark.parametrize("damage", ["absent", "empty", "cut", "noise", "other version"])
def test_what_cannot_be_read_is_made_again(tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path, index = tmp_path / "runs.npz", Index()
    filled([words(0, 30)]).save(path)
    data = path.read_bytes()
    if damage == "absent":
        path.unlink()
    elif damage == "other version":
        monkeypatch.setattr(shingles, "VERSION", "0")
    else:
        path.write_bytes({"empty": b"", "cut": data[: len(data) // 2], "noise": b"PK\3\4" + bytes(9999)}[damage])
    assert not index.restore(path)
    assert len(index) == 0
    assert held(index, words(0, 9)) == set()


def test_where_it_cannot_be_written_nothing_stops(tmp_path: Path) -> None:
    filled([words(0, 30)]).save(tmp_path / "no such folder" / "runs.npz")
    assert list(tmp_path.iterdir()) == []
