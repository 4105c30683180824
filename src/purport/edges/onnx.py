"""The networks on ONNX Runtime: weights and cards lie in `purport/read/model` and `purport/trace/model`."""

import os
from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from purport.core.errors import ModelError
from purport.core.ids import digest

if TYPE_CHECKING:
    import onnxruntime

# ONNX Runtime 1.32 needs eight times as long for the fused form as for Add and LayerNormalization
SLOW = ["SkipLayerNormFusion"]
VECTOR, TOKENS, CHARACTERS = 384, 256, 4_000  # of the encoder: numbers a text, and how much of a text it sees
OUTPUTS = ("tags", "keys", "queries", "lean")


class OnnxModel:
    """`core.ports.Model` on ONNX Runtime. Loads on first use; `threads` 0 takes every core."""

    def __init__(self, folder: Path | None = None, threads: int = 0) -> None:
        self._folder = folder or Path(str(files("purport.read") / "model"))
        self.threads = threads or cores()

    @cached_property
    def version(self) -> str:
        """The digest of the weights, short."""
        return digest(self._bytes("reader.onnx"))[7:19]

    @cached_property
    def tokenizer(self) -> Tokenizer:
        stored = self._bytes("tokenizer.json")
        try:
            tokenizer = Tokenizer.from_buffer(stored)
        except Exception as error:
            raise damaged(error) from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def scores(self, ids: NDArray[np.int64], shapes: NDArray[np.int64]) -> tuple[NDArray[np.float32], ...]:
        """Tag logits [tokens, 3], keys and queries [tokens, 4, 64] and lean [tokens, 4] of one window."""
        answer = self._session.run(OUTPUTS, {"ids": ids[None], "shapes": shapes[None]})
        return tuple(part[0] for part in answer)

    @cached_property
    def _session(self) -> "onnxruntime.InferenceSession":
        return session(self._folder / "reader.onnx")

    def _bytes(self, name: str) -> bytes:
        return stored(self._folder / name)


class OnnxEncoder:
    """`core.ports.Encoder` on ONNX Runtime, with the reader's tokenizer. Loads on first use."""

    def __init__(self, folder: Path | None = None) -> None:
        self._path = (folder or Path(str(files("purport.trace") / "model"))) / "encoder.onnx"

    @cached_property
    def version(self) -> str:
        """The digest of the weights, short."""
        return digest(stored(self._path))[7:19]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A vector of length 1 for each text [texts, 384], each text for itself: in company int8 rounds otherwise."""
        found = np.zeros((len(texts), VECTOR), dtype=np.float32)
        for row, text in enumerate(texts):
            ids = self._tokenizer.encode(text[:CHARACTERS]).ids
            (found[row],) = self._session.run(("vector",), {"ids": np.array([ids], dtype=np.int64)})[0]
        return found

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = OnnxModel().tokenizer
        tokenizer.enable_truncation(TOKENS)
        return tokenizer

    @cached_property
    def _session(self) -> "onnxruntime.InferenceSession":
        return session(self._path)


def session(path: Path) -> "onnxruntime.InferenceSession":
    """A network made ready. Raises ModelError."""
    import onnxruntime  # slow to import, and not every command reads

    options = onnxruntime.SessionOptions()
    # whole windows side by side use two cores better than one window cut in two
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOW
        )
    except Exception as error:
        raise damaged(error) from error


def stored(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"A model is missing ({path.name}). Install Purport anew from its wheel or a full clone."
        ) from error


def damaged(error: Exception) -> ModelError:
    return ModelError(f"A model can't be loaded ({error}). Install Purport anew: the file is damaged.")


def cores() -> int:
    """How many cores this process may use; where the system can't tell, how many there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
