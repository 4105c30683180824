"""What goes wrong at the command line: exit codes, messages, pipes, terminals and signs they can't show."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from desk_samples import DENIAL, NESTED, Desk

from purport.core.errors import EvidenceError, FetchError, ModelError, RefusedAddressError

ESC = "\x1b"
PURPORT = (sys.executable, "-c", "from purport.cli import main; main(prog_name='purport')")


def run(folder: Path, *words: str, **options: object) -> "subprocess.CompletedProcess[bytes]":
    """`purport WORDS` as a process of its own."""
    settings = {"capture_output": True, "cwd": folder, **options}
    return subprocess.run([*PURPORT, *words], check=False, **settings)  # type: ignore


@pytest.mark.usefixtures("quick")
class TestCodes:
    """One for each class of error, as docs/errors.md lists them."""

    def test_usage(self, desk: Desk) -> None:
        desk.run("read", code=2)
        desk.run("no-such-command", code=2)
        assert "sqlite:///FILE" in desk.run("claims", "--ledger", "mysql://u:secret@h/x", code=2).stderr
        assert "secret" not in desk.run("claims", "--ledger", "mysql://u:secret@h/x", code=2).output
        assert "not 'purport.db'" in desk.run("claims", "--ledger", "purport.db", code=2).stderr

    @pytest.mark.parametrize("place", ["missing.txt", "", "ftp://a.example/x", "empty.txt"])
    def test_nothing_could_be_read(self, desk: Desk, place: str) -> None:
        desk.put("empty.txt", "")
        result = desk.run("read", place, code=3)
        assert "Nothing could be read" in result.stderr
        desk.run("brief", place, code=3)
        assert not (desk.folder / "brief.html").exists()

    def test_nothing_of_several(self, desk: Desk) -> None:
        (desk.folder / "in").mkdir()
        assert "Name a file" in desk.run("read", "in", code=3).stderr
        desk.run("read", "missing.txt", desk.put("a.txt", DENIAL))

    def test_a_broken_ledger(self, desk: Desk) -> None:
        desk.put("purport.db", b"SQLite format 3\0" + b"\1\2\3" * 400)
        desk.run("claims", code=6)
        desk.put("purport.db", b"My thesis, the only copy.")
        assert "is not a ledger" in desk.run("read", desk.put("a.txt", DENIAL), code=6).stderr
        assert (desk.folder / "purport.db").read_bytes() == b"My thesis, the only copy."

    def test_not_found(self, desk: Desk) -> None:
        desk.run("show", "claim-ffffffff", code=7)
        both = desk.run("show", "ffffffff", code=7).stderr
        assert "claim" in both
        assert "report" in both
        assert "too short" in desk.run("show", "a", code=7).stderr

    def test_an_empty_ledger_says_how_to_begin(self, desk: Desk) -> None:
        for words in (["claims"], ["search", "bridge"]):
            assert "purport demo" in desk.run(*words, code=7).stderr

    @pytest.mark.parametrize("error", [ModelError, EvidenceError, RefusedAddressError, FetchError])
    def test_others(self, desk: Desk, monkeypatch: pytest.MonkeyPatch, error: type[ModelError]) -> None:
        def fail(*_: object) -> None:
            raise error(f"Broken {ESC}[31mred.")

        monkeypatch.setattr("purport.app.read", fail)
        result = desk.run("read", desk.put("a.txt", DENIAL), code=error.code)
        assert result.stderr.startswith("purport: Broken")
        assert ESC not in result.stderr


@pytest.mark.usefixtures("quick")
def test_what_a_report_holds_does_nothing_to_the_terminal(desk: Desk) -> None:
    text = (
        f"Title {ESC}]0;owned\x07 [red]here[/red]\n\nThe clerk {ESC}[2J said that {ESC}[31mthe \x9b5m bridge \u202e was"
        " [bold]safe[/bold] in the night.\n"
    )
    file = desk.put("a.txt", text)
    shown = desk.run("read", file, code=0).output + desk.run("read", file, "--csv").output
    (first, *_) = desk.lines("read", file, "--json")
    shown += desk.run("show", first["claim"]).output + desk.run("show", first["report"]).output
    shown += desk.run("claims").output + desk.run("search", "bridge").output
    shown += desk.run("read", file, "--json").stdout.replace("\x9b", "").replace("\u202e", "")
    assert not {ESC, "\x07", "\x9b", "\u202e"} & set(shown)
    assert "[bold]safe[/bold]" in shown
    assert desk.run("show", first["report"], "--text").stdout == text


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger of some hundred claims."""
    folder = tmp_path_factory.mktemp("filled")
    lines = [{"id": str(n), "text": f"{n}. {DENIAL}"} for n in range(150)]
    (folder / "in.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (folder / "in").mkdir()
    for n in range(3):
        (folder / "in" / f"{n}.txt").write_text(f"{n}. {NESTED}", encoding="utf-8")
    assert run(folder, "read", "in.jsonl", "--csv").returncode == 0
    return folder


@pytest.mark.parametrize("form", [[], ["--json"], ["--csv"]], ids=["table", "json", "csv"])
def test_a_reader_that_leaves_early_is_no_fault(filled: Path, form: list[str]) -> None:
    command = [*PURPORT, "claims", *form]
    with subprocess.Popen(command, cwd=filled, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["table", "json"])
def test_a_full_disk_is_said(filled: Path, form: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        result = run(filled, "claims", *form, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 1
    assert result.stderr.startswith(b"purport: The output can't be written")
    assert b"Traceback" not in result.stderr


def test_a_terminal_that_cannot_show_a_sign_gets_another(filled: Path) -> None:
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    table = run(filled, "claims", "--limit", "5", env=ascii_only)
    assert table.returncode == 0
    assert b"denied" in table.stdout
    assert table.stdout.isascii()
    for form in ("--json", "--csv"):  # data are whole whatever the terminal speaks
        plain, data = (run(filled, "claims", form, env=env).stdout for env in (None, ascii_only))
        assert data == plain
        assert "“".encode() in data
    missing = run(filled, "read", "é🌊.txt", env=ascii_only)
    assert missing.returncode == 3
    assert b"Traceback" not in missing.stderr


def test_an_address_of_ones_own_network_is_refused(filled: Path) -> None:
    """It is one place among others: its gap says that it was refused, the code that nothing was read."""
    result = run(filled, "read", "http://127.0.0.1:9/x")
    assert result.returncode == 3
    assert b"refused address" in result.stderr
    assert run(filled, "read", "http://127.0.0.1:9/x", "in").returncode == 0


def test_without_standard_input_there_is_none_to_read(filled: Path) -> None:
    result = subprocess.run(
        ["sh", "-c", 'exec "$0" "$@" read - <&-', *PURPORT], cwd=filled, capture_output=True, check=False
    )
    assert result.returncode == 3
    assert b"no standard input" in result.stderr


def at_a_terminal(folder: Path, words: list[str], stdout: int | None = None) -> tuple[int, bytes]:
    """The exit code of `purport WORDS`, and what its terminal got; its standard output may go elsewhere."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*PURPORT, *words],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=stdout or theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color"},
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while some := os.read(ours, 65536):
                shown += some
        except OSError:  # how Linux says that the other end is gone
            pass
        os.close(ours)
        return process.wait(60), shown


def test_a_bar_shows_the_progress_and_the_file_gets_the_data(filled: Path, tmp_path: Path) -> None:
    with (tmp_path / "out.jsonl").open("wb") as out:
        code, shown = at_a_terminal(filled, ["read", "in", "--json"], out.fileno())
    assert code == 0
    assert b"Reading" in shown
    assert b'"report"' not in shown
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["text"]["source"] for line in lines} == {"The agency"}


def test_at_a_terminal_tables_have_a_bar_and_data_have_none(filled: Path) -> None:
    code, shown = at_a_terminal(filled, ["read", "in"])
    assert code == 0
    assert b"Reading" in shown
    assert "The agency › the video".encode() in shown
    code, shown = at_a_terminal(filled, ["read", "in", "--json"])
    assert code == 0
    assert b"Reading" not in shown


def test_the_text_does_nothing_to_a_terminal_that_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        f"The clerk {ESC}[31m said that the bridge was safe in the night.", encoding="utf-8"
    )
    report = json.loads(run(tmp_path, "read", "a.txt", "--json").stdout.splitlines()[0])["report"]
    code, shown = at_a_terminal(tmp_path, ["show", report, "--text"])
    assert code == 0
    assert ESC.encode() not in shown
    assert "␛[31m".encode() in shown


def test_help_needs_none_of_the_heavy_parts() -> None:
    heavy = "onnxruntime", "sqlalchemy", "httpx2", "trafilatura", "dateparser", "py3langid", "tokenizers"
    script = f"import sys, purport.cli; print([name for name in {heavy!r} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert shown.stdout.strip() == b"[]"
