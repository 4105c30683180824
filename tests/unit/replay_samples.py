"""pywb and py-wacz, which live in an environment of their own: scripts/setup replay."""

import base64
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = ROOT / ".venv-replay" / "bin"

needs_replay = pytest.mark.skipif(
    not (ROOT / ".venv-replay" / "up-to-date").exists(), reason="pywb and wacz are not installed: scripts/setup replay"
)


@dataclass(frozen=True)
class Shown:
    """What pywb answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def replayed(package: Path, *paths: str) -> list[Shown]:
    """What pywb shows for paths such as `20260901120000id_/http://kest.example/`."""
    done = _run("python", ROOT / "tests" / "replay" / "ask.py", package, *paths)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [Shown(one["status"], one["headers"], base64.b64decode(one["body"])) for one in answers]


def validated(package: Path) -> str:
    """What py-wacz says of a package."""
    return _run("wacz", "validate", "-f", package, check=False).stdout


def indexed(*archives: Path) -> list[str]:
    """The index that the standard's own indexer makes of archives."""
    return _run("cdxj-indexer", "-s", "-d", *archives).stdout.splitlines()


def surts(urls: list[str]) -> list[str]:
    """The keys that pywb makes of addresses."""
    code = (
        "import json, sys\nfrom pywb.utils.canonicalize import canonicalize\n"
        "print(json.dumps([canonicalize(url) for url in json.load(sys.stdin)]))"
    )
    found = json.loads(_run("python", "-c", code, input=json.dumps(urls)).stdout)
    assert isinstance(found, list)
    return found


def _run(
    program: str, *words: object, check: bool = True, input: str | None = None
) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / program), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, input=input, timeout=300)
    assert not check or done.returncode == 0, done.stderr
    return done
