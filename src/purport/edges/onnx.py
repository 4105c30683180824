"""The reader's network on ONNX Runtime: weights, tokenizer and card lie in `purport/read/model`."""

import os
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
        import onnxruntime  # slow to import, and not every command reads

        options = onnxruntime.SessionOptions()
        # whole windows side by side use two cores better than one window cut in two
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            return onnxruntime.InferenceSession(
                str(self._folder / "reader.onnx"),
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=SLOW,
            )
        except Exception as error:
            raise damaged(error) from error

    def _bytes(self, name: str) -> bytes:
        path = self._folder / name
        try:
            return path.read_bytes()
        except OSError as error:
            raise ModelError(
                f"The reader's model is missing ({path.name}). Install Purport anew from its wheel or a full clone."
            ) from error


def damaged(error: Exception) -> ModelError:
    return ModelError(f"The reader's model can't be loaded ({error}). Install Purport anew: the file is damaged.")


def cores() -> int:
    """How many cores this process may use; where the system can't tell, how many there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
