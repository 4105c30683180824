"""What any `core.ports.Model` must do; and how the one on ONNX Runtime says that its files are missing or broken."""

import os
from pathlib import Path

import numpy as np
import pytest

from purport.core.errors import ModelError
from purport.core.ports import Model
from purport.edges.onnx import OnnxModel, cores

MODELS = {"onnx": OnnxModel}


@pytest.fixture(scope="module", params=sorted(MODELS))
def model(request: pytest.FixtureRequest) -> Model:
    return MODELS[request.param]()


def ask(model: Model, text: str) -> tuple[np.ndarray, ...]:
    ids = np.array([101, *model.tokenizer.encode(text, add_special_tokens=False).ids, 102], dtype=np.int64)
    return model.scores(ids, np.zeros_like(ids))


def test_scores_have_their_shapes(model: Model) -> None:
    tags, keys, queries, lean = ask(model, "The clerk said that it rained.")
    size = 9  # seven tokens and the two around them
    assert tags.shape == (size, 3)
    assert keys.shape == queries.shape == (size, 4, 64)
    assert lean.shape == (size, 4)
    assert all(part.dtype == np.float32 and np.isfinite(part).all() for part in (tags, keys, queries, lean))


def test_the_same_question_has_the_same_answer(model: Model) -> None:
    first, second = ask(model, "The clerk said so."), ask(model, "The clerk said so.")
    assert all((a == b).all() for a, b in zip(first, second, strict=True))


def test_the_tokenizer_adds_and_cuts_nothing(model: Model) -> None:
    encoded = model.tokenizer.encode("word " * 3000, add_special_tokens=False)
    assert len(encoded.ids) == 3000
    assert model.tokenizer.encode("[CLS]", add_special_tokens=False).offsets[-1][1] == 5
    special = [model.tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]", "[PAD]")]
    assert special == [101, 102, 0]  # as read/tagger.py puts them around a window


def test_it_says_which_it_is(model: Model) -> None:
    assert model.version == MODELS["onnx"]().version
    assert len(model.version) == 12
    assert model.threads >= 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    model = OnnxModel(tmp_path)
    for ask_for in ("version", "tokenizer"):
        with pytest.raises(ModelError, match=r"missing .*Install Purport anew"):
            getattr(model, ask_for)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "reader.onnx").write_bytes(b"\x08\x07not a network")
    (tmp_path / "tokenizer.json").write_bytes(b"{")
    model = OnnxModel(tmp_path)
    with pytest.raises(ModelError, match="damaged"):
        _ = model.tokenizer
    zeros = np.zeros(3, dtype=np.int64)
    with pytest.raises(ModelError, match="damaged"):
        model.scores(zeros, zeros)


def test_cores_are_counted_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cores() >= 1
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)  # as on macOS and Windows
    assert cores() >= 1
    assert OnnxModel(threads=3).threads == 3
