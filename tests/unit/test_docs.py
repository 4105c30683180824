"""The docs say what the code does: generated pages are fresh, links lead somewhere, commands in them exist."""

import re
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import click
import pytest

import reference
from purport.cli import main as command_line
from purport.core import errors

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"]
LINK = re.compile(r"(?<!`)\[[^\]]*\]\((?P<to>[^)#\s]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```(?:sh|bash|console|shell|text)\n(?P<body>.*?)^```", re.M | re.S)


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_generated_pages_are_fresh(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == reference.PAGES[name](), f"docs/{name} is behind the code: run scripts/docs"


def test_every_error_has_a_code_of_its_own_and_a_meaning() -> None:
    classes = list(reference.tree(errors.PurportError))
    codes = [error.code for error in classes]
    assert len(classes) > 1
    assert len(set(codes)) == len(codes)
    assert all(0 < code < 126 for code in codes), "126 and above are the shell's own"
    assert all(error.__doc__ for error in classes)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = [match["to"] for match in LINK.finditer(page.read_text(encoding="utf-8"))]
    broken = [to for to in links if "://" not in to and not (page.parent / to).exists()]
    assert not broken


def spoken_commands(text: str) -> list[list[str]]:
    """The `purport …` lines of a page's code blocks, in words, without what a shell would make of the rest."""
    found = []
    for fence in FENCE.finditer(text):
        for line in fence["body"].splitlines():
            words = re.split(r"\s[#|><&;]", line.removeprefix("$ "))[0].split()
            if words and words[0].rpartition("/")[2] == "purport" and (len(words) > 1):
                found.append(words[1:])
    return found


@pytest.mark.parametrize("page", [p for p in PAGES if p.name != "cli.md"], ids=lambda page: page.name)
def test_commands_in_the_docs_exist(page: Path) -> None:
    for words in spoken_commands(page.read_text(encoding="utf-8")):
        command: click.Command = command_line
        options = {"--help"}
        for word in words:
            options |= {opt for p in command.params for opt in (*p.opts, *p.secondary_opts)}
            if isinstance(command, click.Group) and not word.startswith("-"):
                assert word in command.commands, f"{page.name}: purport {' '.join(words)}"
                command = command.commands[word]
        options |= {opt for p in command.params for opt in (*p.opts, *p.secondary_opts)}
        used = {word.partition("=")[0] for word in words if word.startswith("-") and word != "-"}
        assert used <= options, f"{page.name}: purport {' '.join(words)}"


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    page = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    asked = list(project["project"]["dependencies"])
    for group in (*project["dependency-groups"].values(), *project["project"]["optional-dependencies"].values()):
        asked += [entry for entry in group if isinstance(entry, str)]
    names = {re.split(r"[<>=\[ ]", line)[0] for line in asked}
    explained = set(re.findall(r"^\| `([^`]+)`", page, re.M))
    assert explained == names


def test_every_room_is_on_the_plan() -> None:
    plan = (DOCS / "architecture.md").read_text(encoding="utf-8")
    package = ROOT / "src" / "purport"
    rooms = [p.name for p in package.iterdir() if p.is_dir() and (p / "__init__.py").is_file()]
    pages = [p.name for p in package.glob("*.py") if p.name != "__init__.py"]
    assert rooms
    missing = [name for name in rooms if f"`{name}/`" not in plan]
    missing += [name for name in pages if f"`{name}`" not in plan]
    assert not missing


def test_the_picture_is_drawn_for_light_and_dark_and_for_listening() -> None:
    picture = DOCS / "architecture.svg"
    root = ET.parse(picture).getroot()
    svg = "{http://www.w3.org/2000/svg}"
    assert root.tag == svg + "svg"
    assert root.find(svg + "title") is not None
    assert root.find(svg + "desc") is not None
    assert "prefers-color-scheme: dark" in picture.read_text(encoding="utf-8")
