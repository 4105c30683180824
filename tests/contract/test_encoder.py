"""What any `core.ports.Encoder` must do."""

from pathlib import Path

import numpy as np
import pytest

from purport.core.errors import ModelError
from purport.core.ports import Encoder
from purport.edges.onnx import OnnxEncoder

ENCODERS = {"onnx": OnnxEncoder}
TEXTS = ["The harbour was closed after the storm.", "A storm shut the port.", "The minister sings in a choir."]


@pytest.fixture(scope="module", params=sorted(ENCODERS))
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return ENCODERS[request.param]()


def test_vectors_have_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode([*TEXTS, "", "word " * 5_000])
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_like_meanings_point_alike(encoder: Encoder) -> None:
    storm, port, choir = encoder.encode(TEXTS)
    assert storm @ port > 0.5 > storm @ choir


def test_company_changes_nothing(encoder: Encoder) -> None:
    assert (encoder.encode(TEXTS)[1] == encoder.encode([TEXTS[1]])[0]).all()


def test_no_text_no_vector(encoder: Encoder) -> None:
    assert encoder.encode([]).shape[0] == 0


def test_its_version_names_its_weights(encoder: Encoder) -> None:
    assert len(encoder.version) == 12


def test_missing_and_damaged_weights_say_the_mend(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Install Purport anew"):
        _ = OnnxEncoder(tmp_path).version
    (tmp_path / "encoder.onnx").write_bytes(b"no network")
    with pytest.raises(ModelError, match="damaged"):
        OnnxEncoder(tmp_path).encode(["word"])
