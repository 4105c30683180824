"""What is kept of the index beside the library: whole, or as it was."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from film_samples import fair, film

from purport.footage.index import NEAR, NEAREST, Index, inverted, nearest
from purport.footage.prints import Prints, apart, take


@pytest.fixture(scope="module")
def prints(tmp_path_factory: pytest.TempPathFactory) -> Prints:
    folder = tmp_path_factory.mktemp("films")
    return take(film(folder / "fair.mp4", (fair(n / 10) for n in range(20))))


def made(prints: Prints) -> Index:
    index = Index(lambda _: prints)
    index.add(["fair"])
    return index


def test_an_index_that_can_not_be_written_leaves_the_one_before(
    prints: Prints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(prints).save(tmp_path / "index")
    before = (tmp_path / "index").read_bytes()

    def full(file: Any, **_: Any) -> None:
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    made(prints).save(tmp_path / "index")
    assert (tmp_path / "index").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_a_folder_that_is_not_there_stops_nothing(prints: Prints, tmp_path: Path) -> None:
    made(prints).save(tmp_path / "gone" / "index")
    assert not (tmp_path / "gone").exists()


def test_what_was_kept_answers_as_before(prints: Prints, tmp_path: Path) -> None:
    index = made(prints)
    index.save(tmp_path / "index")
    again = Index(lambda _: prints)
    assert again.restore(tmp_path / "index")
    asked = prints.marks.patterns[:20]
    assert (again.alike(asked)[0].reference == index.alike(asked)[0].reference).all()
    assert len(again.alike(asked)[0].reference) >= 20
    (tmp_path / "index").write_bytes((tmp_path / "index").read_bytes()[:2000])
    assert not Index(lambda _: prints).restore(tmp_path / "index")


def test_the_nearest_marks_are_those_that_counting_bits_finds() -> None:
    chance = np.random.default_rng(4)
    one = chance.integers(0, 256, (1, 32), dtype=np.uint8)
    many = np.repeat(one, 40, axis=0)  # more than are wanted are like it, many by as many bits
    for row in many:
        for bit in chance.choice(256, chance.integers(0, 60), replace=False):
            row[bit // 8] ^= np.uint8(1 << bit % 8)
    alone = chance.integers(0, 256, (20, 32), dtype=np.uint8)
    marks = inverted(np.concatenate([many, alone]))
    marks.add(np.concatenate([many, alone]))
    query, entries, bits = nearest(marks, np.concatenate([alone[:1], one, alone[1:2]]))
    far = apart(np.repeat(one, 40, axis=0), many)
    reach = min(int(np.sort(far)[NEAREST - 1]), NEAR)
    assert set(entries[query == 1].tolist()) == set(np.flatnonzero(far <= reach).tolist())
    assert sorted(bits[query == 1].tolist()) == sorted(far[far <= reach].tolist())
    assert entries[query != 1].tolist() == [40, 41]
