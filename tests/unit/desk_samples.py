"""The command line in a folder of its own, with the reader in the wheel loaded once for all tests."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from purport.cli import main

DENIAL = (
    "Ministry speaks of the bridge\n\n"
    "The ministry denied that its fighters had left. The clerk said that the bridge was safe.\n"
    "“We will rebuild it,” the mayor of Ostrel said on Tuesday. Nothing else happened in the town that day.\n"
)
NESTED = "The agency says the video claims to show fighters training. The harbour was quiet on Monday morning.\n"


def copied(folder: Path, to: Path) -> Path:
    """A folder with a ledger, copied. The ledger goes through SQLite's own backup: while it is open anywhere its newest
    pages are in files beside it, which go when the last one closes it, at any moment of the copying."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("purport.db*"))
    with closing(sqlite3.connect(folder / "purport.db")) as book, closing(sqlite3.connect(to / "purport.db")) as copy:
        book.backup(copy)
    return to


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: object, stdin: str | bytes | None = None, code: int = 0) -> Result:
        """`purport WORDS`, which must exit with this code and without an exception of ours escaping."""
        result = CliRunner().invoke(main, [str(word) for word in words], input=stdin, catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    def lines(self, *words: object, stdin: str | bytes | None = None) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run(*words, stdin=stdin).stdout.splitlines()]

    def put(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PURPORT_LEDGER", raising=False)
    return Desk(tmp_path)
