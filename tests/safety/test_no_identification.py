"""The desk recognises no person by face, voice or gait: no such code, and no dependency that brings it."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORBIDDEN = {
    "amazon-rekognition", "arcface",
    "clearview", "compreface", "deepface", "deepid", "dlib", "face-alignment", "face-recognition",
    "face-recognition-models", "facenet", "facenet-pytorch", "gaitset", "insightface", "keras-facenet",
    "keras-vggface", "mtcnn",
    "opengait", "openface", "pyannote", "pyannote-audio", "pyannote-core", "pyannote-metrics",
    "pyannote-pipeline", "resemblyzer",
    "retina-face", "retinaface", "speechbrain", "speaker-verification-toolkit", "speakerpy", "titanet",
    "torchreid", "uniface",
    "vggface", "wespeaker", "diart", "simple-diarizer", "whisperx", "fastreid", "boxmot",
}  # fmt: skip
# OpenCV, which we use for other things, finds and recognises faces under these names
OPENCV = ("CascadeClassifier", "FaceDetectorYN", "FaceRecognizerSF", "cv2.face", "createLBPHFaceRecognizer", "Facemark")
MODULES = {name.replace("-", "_") for name in FORBIDDEN} | {"face_recognition_models", "torchreid"}


def name_of(requirement: str) -> str:
    """A requirement's distribution name, normalised as PEP 503 says."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;@(]", requirement.strip(), maxsplit=1)[0]).lower()


def required() -> set[str]:
    """Every distribution that pyproject.toml or a constraints file names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lists = [project["project"].get("dependencies", [])]
    lists += project["project"].get("optional-dependencies", {}).values()
    lists += project.get("dependency-groups", {}).values()
    lists.append(project["build-system"]["requires"])
    found = {name_of(item) for items in lists for item in items if isinstance(item, str)}
    for path in sorted((ROOT / "constraints").glob("*.txt")):
        lines = path.read_text("utf-8").splitlines()
        found |= {name_of(line) for line in lines if line[:1].isalnum()}
    return found


def imported(path: Path) -> set[str]:
    """The top-level names of what a file imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_no_dependency_recognises_persons() -> None:
    assert len(required()) > 10  # the files were found and read
    assert not required() & FORBIDDEN


@pytest.mark.parametrize("folder", ["src", "training", "bench", "scripts"])
def test_no_module_that_recognises_persons_is_imported(folder: str) -> None:
    for path in sorted((ROOT / folder).rglob("*.py")):
        assert not imported(path) & MODULES, path


def named(text: str) -> set[str]:
    """What of OpenCV's faces a file names, even in a string or through getattr."""
    return {name for name in OPENCV if name in text} | {
        "face" for _ in re.finditer(r"from\s+cv2\s+import.*\bface\b", text)
    }


@pytest.mark.parametrize("folder", ["src", "training", "bench", "scripts"])
def test_no_face_is_looked_for_with_opencv(folder: str) -> None:
    for path in sorted((ROOT / folder).rglob("*")):
        if path.suffix in (".py", ".toml", ".md", ".html", ""):
            assert not path.is_file() or not named(path.read_text("utf-8", errors="replace")), path


def test_a_detector_of_faces_would_be_seen() -> None:
    assert named("detector = cv2.CascadeClassifier(cv2.data.haarcascades)") == {"CascadeClassifier"}
    assert named('getattr(cv2, "FaceRecognizerSF").create(model, "")') == {"FaceRecognizerSF"}
    assert named("from cv2 import dct, face") == {"face"}
    assert named("recogniser = cv2.face.LBPHFaceRecognizer") == {"cv2.face"}
    assert not named("from cv2 import dct  # the interface\ncv2.resize(surface)")


def test_a_forbidden_requirement_would_be_seen() -> None:
    assert name_of("Face_Recognition[gpu]>=1.3 ; python_version > '3'") in FORBIDDEN
    assert name_of("pyannote.audio==3.1") in FORBIDDEN
