"""The house itself: its public door, its pins, its size, and what must never be committed to it."""

import importlib.metadata
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import purport

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = ("runtime", "dev", "bench", "train")
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>[^\\]+?))? \\$", re.M)

# split, so that this file does not name what it looks for
ADDRESSES = re.compile(
    r"pythonhost" r"ed|(?<![a-z.])pyp" r"i\.org|npmj" r"s\.|(?<![\w.)/])/(?:wor" r"k|ro" r"ot|hom" r"e|op" r"t)/\w"
)
LINES_A_MODULE = 400


def pins(group: str) -> dict[str, set[str]]:
    text = (ROOT / "constraints" / f"{group}.txt").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for match in PIN.finditer(text):
        found.setdefault(match["name"], set()).add(match["version"])
    return found


def requirements(group: str) -> list[Requirement]:
    """What pyproject.toml asks for directly in that constraints file."""
    asked = list(PROJECT["project"]["dependencies"])
    queue = [] if group == "runtime" else [group]
    while queue:
        for entry in PROJECT["dependency-groups"][queue.pop()]:
            if isinstance(entry, str):
                asked.append(entry)
            else:
                queue.append(entry["include-group"])
    return [Requirement(line) for line in asked]


def committed() -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git work tree: can't tell which files are the repository's")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_the_public_door_is_what_it_says() -> None:
    ours = {
        name
        for name, value in vars(purport).items()
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("purport")
    }
    assert all(hasattr(purport, name) for name in purport.__all__)
    assert ours <= set(purport.__all__)
    assert sorted(purport.__all__, key=str.lower) == list(purport.__all__)
    assert purport.__version__ == PROJECT["project"]["version"]


def test_the_installed_package_is_this_one() -> None:
    metadata = importlib.metadata.metadata("purport")
    assert metadata["Version"] == PROJECT["project"]["version"]
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == PROJECT["project"]["requires-python"]
    scripts = importlib.metadata.entry_points(group="console_scripts", name="purport")
    assert [script.value for script in scripts] == ["purport.cli:main"]


def test_the_changelog_speaks_of_this_version() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert PROJECT["project"]["version"] in headings
    assert headings[0] in ("Unreleased", PROJECT["project"]["version"])


@pytest.mark.parametrize("group", GROUPS)
def test_every_pin_has_hashes_and_no_address(group: str) -> None:
    text = (ROOT / "constraints" / f"{group}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
    assert blocks
    for block in blocks:
        assert PIN.match(block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


@pytest.mark.parametrize("group", GROUPS)
def test_what_is_asked_for_is_pinned(group: str) -> None:
    pinned = pins(group)
    for asked in requirements(group):
        name = canonicalize_name(asked.name)
        if name == "torch":  # its builds differ between registries: see scripts/lock
            assert name not in pinned
            continue
        assert name in pinned, f"{name} is not in constraints/{group}.txt: run scripts/lock"
        assert all(asked.specifier.contains(version) for version in pinned[name]), f"run scripts/lock: {asked}"


@pytest.mark.parametrize("group", ["dev", "bench", "train"])
def test_every_environment_runs_the_same_purport(group: str) -> None:
    other = pins(group)
    assert {name: other[name] for name in pins("runtime")} == pins("runtime")


def test_nothing_that_trains_is_installed_with_purport() -> None:
    assert not {"torch", "transformers", "onnx", "onnxscript", "sentence-transformers"} & set(pins("runtime"))


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = []
    for path in committed():
        data = path.read_bytes()
        if b"\0" in data[:8000]:
            continue
        text = data.decode("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in ADDRESSES.finditer(text)]
    assert not found


def test_modules_stay_small() -> None:
    sizes = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n")
        for path in (ROOT / "src").rglob("*.py")
    }
    assert sizes
    assert not {name: lines for name, lines in sizes.items() if lines > LINES_A_MODULE}


def test_every_script_runs_and_says_what_it_is_for() -> None:
    scripts = [path for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix]
    scripts.append(ROOT / ".ci" / "run")
    for script in scripts:
        lines = script.read_text(encoding="utf-8").splitlines()
        assert lines[0] == "#!/usr/bin/env bash", script.name
        assert lines[1].startswith("# "), f"{script.name} does not say what it is for"
        assert "set -euo pipefail" in lines, script.name
        assert os.access(script, os.X_OK), f"{script.name} is not executable"


def test_ci_runs_what_people_run() -> None:
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for script in ("setup", "lint", "docs --check", "wheel", "test"):
        assert f"scripts/{script}" in run
