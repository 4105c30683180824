"""Vectors that are kept are those that the encoder made; a file that can't be used changes nothing but the time."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from purport.edges.vectors import KeptEncoder

TEXTS = ["The harbour was closed.", "A storm shut the port.", "", "The harbour was closed."]


class Counting:
    version = "counting"

    def __init__(self, version: str = "counting") -> None:
        self.version = version
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        found = np.array([[len(text) + 1, len(self.version), 3.0] for text in texts], np.float32).reshape(-1, 3)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_each_text_is_encoded_once(tmp_path: Path) -> None:
    inner = Counting()
    first = KeptEncoder(inner, tmp_path / "v").encode(TEXTS)
    again = KeptEncoder(inner, tmp_path / "v").encode(TEXTS[::-1])
    assert inner.asked == [*dict.fromkeys(TEXTS)]
    assert (first == again[::-1]).all()
    assert np.allclose(np.linalg.norm(first, axis=1), 1, atol=1e-5)
    assert np.allclose(first, inner.encode(TEXTS), atol=1e-3)


def test_another_model_has_vectors_of_its_own(tmp_path: Path) -> None:
    one = KeptEncoder(Counting("a"), tmp_path / "v").encode(TEXTS)
    assert (KeptEncoder(Counting("another"), tmp_path / "v").encode(TEXTS) != one).any()


def test_no_text_no_vector(tmp_path: Path) -> None:
    assert KeptEncoder(Counting(), tmp_path / "v").encode([]).shape[0] == 0


def test_a_file_that_cannot_be_used_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"no database" * 500)
    (tmp_path / "folder").mkdir()
    sound = KeptEncoder(Counting(), tmp_path / "v").encode(TEXTS)
    for place in (tmp_path / "broken", tmp_path / "folder", tmp_path / "not" / "there"):
        assert (KeptEncoder(Counting(), place).encode(TEXTS) == sound).all()


def test_rows_that_are_damaged_are_made_again(tmp_path: Path) -> None:
    sound = KeptEncoder(Counting(), tmp_path / "v").encode(TEXTS)
    with sqlite3.connect(tmp_path / "v") as file:
        file.execute("UPDATE vectors SET vector = ?", [b"\0"])
    assert (KeptEncoder(Counting(), tmp_path / "v").encode(TEXTS) == sound).all()


def test_many_texts_go_in_parts(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(1_203)]
    kept = KeptEncoder(Counting(), tmp_path / "v")
    assert (kept.encode(texts)[::7] == kept.encode(texts[::7])).all()
