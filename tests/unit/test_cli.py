"""The command line, command by command, as a person or a program meets it."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from desk_samples import DENIAL, NESTED, Desk

from purport import __version__
from purport.cli import main
from purport.core.spans import words

pytestmark = pytest.mark.usefixtures("quick")

ONE = "The clerk said that the bridge was safe, and that nobody had crossed it in the night."
WIDE = {"COLUMNS": "200"}


def counts(desk: Desk) -> str:
    return next(line for line in reversed(desk.run("read", ".").stdout.splitlines()) if " reports" in line)


def test_read_prints_a_table(desk: Desk) -> None:
    result = desk.run("read", desk.put("a.txt", DENIAL))
    assert "Ministry speaks of the bridge" in result.stdout
    for word in ("who says", "how", "what", "The ministry", "denied", "≠", "denial", "the mayor of Ostrel"):
        assert word in result.stdout
    assert re.search(r"^1 report · \d claims · 0 distanced · 1 denial · 0 gaps$", result.stdout, re.M)
    assert result.stderr == ""


SHAPE = {
    "report": str, "claim": str, "source": list, "cue": list, "content": list, "act": str, "stance": str,
    "polarity": str, "certainty": str, "quote": str, "source_kind": str, "speaker": (dict, type(None)),
    "target": (dict, type(None)), "time": (dict, type(None)), "chain": list, "confidence": float, "text": dict,
    "selector": dict,
}  # fmt: skip


@pytest.mark.parametrize("nested", [False, True])
def test_json_lines_have_the_promised_shape(desk: Desk, nested: bool) -> None:
    file = desk.put("a.txt", DENIAL + NESTED)
    found = desk.lines("read", file, "--json", *(["--nested"] if nested else []))
    text = DENIAL + NESTED
    assert len(found) >= 4
    for line in found:
        assert list(line)[: len(SHAPE)] == list(SHAPE)
        assert set(line) - set(SHAPE) <= {"within", "inner", "repeated"}
        for key, kind in SHAPE.items():
            assert isinstance(line[key], kind), key
        for role in ("source", "cue", "content"):
            pieces = tuple((start, end) for start, end in line[role])
            assert all(0 <= start < end <= len(text) for start, end in pieces)
            assert words(text, pieces) == line["text"][role]
        assert line["stance"] in {"plain", "distanced", "endorsed"}
        assert line["polarity"] in {"+", "-"}
        assert line["quote"] in {"direct", "indirect", "mixed", "none"}
        assert 0 < line["confidence"] <= 1
        assert line["selector"]["type"] == "TextQuoteSelector"
        assert line["selector"]["exact"] in text
        for hop in line["chain"]:
            assert list(hop) == ["kind", "text", "span", "claim"]
        for thing in filter(None, (line["speaker"], line["target"])):
            assert text[slice(*thing["span"])] == thing["text"]
    denial = next(line for line in found if line["act"] == "deny")
    assert denial["text"] == {
        "source": "The ministry", "cue": "denied", "content": "that its fighters had left"
    }  # fmt: skip


def test_claims_inside_claims_stand_in_their_line_or_on_their_own(desk: Desk) -> None:
    file = desk.put("a.txt", NESTED)
    (outer,) = desk.lines("read", file, "--json")
    (inner,) = outer["inner"]
    assert [hop["text"] for hop in outer["chain"]] == ["The agency", "the video"]
    assert inner["text"]["source"] == "the video"
    assert inner["within"] == outer["claim"]
    flat = desk.lines("read", file, "--json", "--nested")
    assert [line["claim"] for line in flat] == [outer["claim"], inner["claim"]]
    assert not any("inner" in line for line in flat)


def test_an_inner_claim_that_is_asked_for_alone_is_not_lost(desk: Desk) -> None:
    (outer,) = desk.lines("read", desk.put("a.txt", NESTED), "--json")
    kind = outer["inner"][0]["stance"]
    assert kind != outer["stance"]
    assert [line["claim"] for line in desk.lines("claims", "--stance", kind, "--json")] == [outer["inner"][0]["claim"]]


def test_csv_has_a_row_a_claim_and_nothing_a_spreadsheet_would_run(desk: Desk) -> None:
    text = "=cmd|' /C calc'!A0 said that the bridge was safe, and the town was glad to hear of it.\n" + DENIAL
    result = desk.run("read", desk.put("a.txt", text), "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(rows) >= 3
    assert {row["polarity"] for row in rows} <= {"positive", "negative"}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_standard_input(desk: Desk) -> None:
    (found, *_) = desk.lines("read", "-", "--json", stdin=ONE)
    assert found["text"]["source"] == "The clerk"
    assert desk.run("show", found["report"], "--text").stdout == ONE


def test_the_same_folder_twice_prints_the_same_and_adds_nothing(desk: Desk) -> None:
    desk.put("in/a.txt", DENIAL)
    desk.put("in/b.txt", NESTED)
    desk.put("in/c.txt", b"")
    first = desk.run("read", "in", "--json", "--nested")
    counted = desk.run("claims", "--json", "--nested").stdout
    again = desk.run("read", "in", "--json", "--nested")
    assert again.stdout == first.stdout
    assert "empty" in again.stderr
    assert desk.run("claims", "--json", "--nested").stdout == counted
    assert len(desk.lines("gaps", "--json")) == 1


def test_json_lines_in_and_out(desk: Desk) -> None:
    texts = ["\ufeffThe clerk said\r\nthat it was 🌊 safe, and that he had crossed the bridge himself.", DENIAL]
    file = desk.put("in.jsonl", "\n".join(json.dumps({"id": f"n{n}", "text": t}) for n, t in enumerate(texts)))
    found = desk.lines("read", file, "--json")
    assert {line["id"] for line in found} == {"n0", "n1"}
    assert next(iter(found[0])) == "id"
    for line in found:
        text = texts[int(line["id"][1:])]
        assert words(text, tuple(map(tuple, line["content"]))) == line["text"]["content"]
        shown = desk.run("show", line["report"], "--text").stdout_bytes.decode()
        assert shown == text


@pytest.mark.parametrize("text", [DENIAL, "Line one said.\r\nThe clerk said “no” – é🌊.\tEnd", ONE], ids=range(3))
def test_show_text_is_the_files_text(desk: Desk, text: str) -> None:
    desk.run("read", desk.put("a.txt", text))
    report = desk.lines("read", "a.txt", "--json")[0]["report"]
    assert desk.run("show", report, "--text").stdout_bytes == text.encode()


def test_show(desk: Desk) -> None:
    found = desk.lines("read", desk.put("a.txt", DENIAL), "--json")
    denial = next(line for line in found if line["act"] == "deny")
    shown = desk.run("show", denial["claim"][:14]).stdout
    assert "*denied*" in shown
    assert "deny" in shown
    assert "Read so because of" in shown
    whole = desk.run("show", denial["report"]).stdout
    assert "Ministry speaks of the bridge" in whole
    record = json.loads(desk.run("show", denial["claim"], "--json").stdout)
    assert (record["id"], record["act"]) == (denial["claim"], "deny")
    report = json.loads(desk.run("show", denial["report"], "--json").stdout)
    assert report["text"] == DENIAL
    assert [claim["id"] for claim in report["claims"]][: len(found)]


def test_claims_are_narrowed(desk: Desk) -> None:
    desk.run("read", desk.put("a.txt", DENIAL), desk.put("b.txt", NESTED))
    everything = desk.lines("claims", "--json", "--nested")
    assert {line["act"] for line in desk.lines("claims", "--act", "deny", "--json")} == {"deny"}
    assert len(desk.lines("claims", "--limit", "1", "--json", "--nested")) == 1
    report = everything[0]["report"]
    assert {line["report"] for line in desk.lines("claims", "--report", report[:13], "--json")} == {report}
    kind = everything[0]["source_kind"]
    assert {line["source_kind"] for line in desk.lines("claims", "--source-kind", kind, "--json", "--nested")} == {kind}
    assert "No claim matches. Searched" in desk.run("claims", "--act", "vow", code=7).stderr
    assert "No claim matches" in desk.run("claims", "--outlet", "Nowhere Post", code=7).stderr
    assert "report-ffff" in desk.run("claims", "--report", "ffff", code=7).stderr
    desk.run("claims", "--stance", "true", code=2)
    rows = list(csv.DictReader(io.StringIO(desk.run("claims", "--csv").stdout)))
    assert len(rows) == len(everything)


def test_search_takes_words_as_words(desk: Desk) -> None:
    desk.run("read", desk.put("a.txt", DENIAL), desk.put("b.txt", NESTED))
    assert "fighters had left" in desk.run("search", "fighters", "left").stdout
    assert len(desk.lines("search", '"its fighters"', "--json")) == 1
    desk.run("search", '"fighters its"', code=7)
    for hostile in ('AND OR "', "NEAR(a b)", "fighters*", "content:fighters", "-fighters", "'; DROP TABLE claims;--",
                    '"unclosed', "fighters^2", "(", "{a b}:c", "\x00", "a" * 5000):  # fmt: skip
        result = desk.run("search", "--limit", "3", "--", hostile, code=_code(desk, hostile))
        assert "Traceback" not in result.output
    assert "at least one word" in desk.run("search", "!!", code=2).stderr
    assert desk.lines("claims", "--json")


def _code(desk: Desk, query: str) -> int:
    """Any search finds something, finds nothing, or holds no word: 0, 7, 2, and never anything else."""
    from click.testing import CliRunner

    code = CliRunner().invoke(main, ["search", "--", query]).exit_code
    assert code in (0, 2, 7)
    return code


def test_gaps(desk: Desk) -> None:
    assert "No gaps" in desk.run("gaps").stdout
    result = desk.run("read", desk.put("a.txt", DENIAL), "missing.txt", desk.put("b.txt", b"\0\1\2" * 99))
    assert "missing.txt" in result.stderr
    assert "2 gaps" in result.stdout
    assert {gap["cause"] for gap in desk.lines("gaps", "--json")} == {"missing", "binary"}
    assert "missing.txt" in desk.run("gaps").stdout


@pytest.mark.parametrize(("name", "begins"), [("b.html", "<!doctype html>"), ("b.HTM", "<!doctype html>"),
                                              ("b.md", "# "), ("b.json", "{")])  # fmt: skip
def test_a_brief_takes_its_form_from_its_name(desk: Desk, name: str, begins: str) -> None:
    result = desk.run("brief", desk.put("a.txt", DENIAL), "-o", name, "--title", "The bridge")
    written = (desk.folder / name).read_text(encoding="utf-8")
    assert written.casefold().startswith(begins)
    assert "The bridge" in written
    assert "fighters had left" in written
    assert name in result.stderr
    assert result.stdout == ""


def test_a_brief_on_standard_output_is_markdown(desk: Desk) -> None:
    assert desk.run("brief", desk.put("a.txt", DENIAL), "-o", "-").stdout.startswith("# Ministry speaks")


@pytest.mark.parametrize("out", ["b.pdf", "b", "nowhere/b.html"])
def test_a_brief_that_cannot_be_written_is_refused_before_anything_is_read(desk: Desk, out: str) -> None:
    result = desk.run("brief", desk.put("a.txt", DENIAL), "-o", out, code=2)
    assert out.partition("/")[0] in result.stderr
    assert not (desk.folder / "purport.db").exists()


def test_demo(desk: Desk) -> None:
    result = desk.run("demo")
    assert (desk.folder / "purport-demo.html").read_text(encoding="utf-8").startswith("<!")
    assert "6 reports" in result.stdout
    assert "purport claims --act deny" in result.stderr
    assert desk.lines("claims", "--act", "deny", "--json")
    assert desk.lines("claims", "--stance", "distanced", "--json")
    assert desk.lines("search", "ministry", "--json")


def commands(group: click.Group, *words: str) -> Iterator[tuple[str, ...]]:
    """The words that call each command, those of groups within too."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *words, name)
        else:
            yield (*words, name)


def test_help_and_version(desk: Desk) -> None:
    assert __version__ in desk.run("--version").stdout
    assert isinstance(main, click.Group)
    assert "purport demo" in desk.run("--help").stdout
    for call in commands(main):
        shown = desk.run(*call, "--help").stdout
        assert f"  purport {' '.join(call)}" in shown.partition("Examples:")[2], call
    assert list(desk.folder.iterdir()) == []


def test_the_ledger_is_where_one_says(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = desk.put("a.txt", DENIAL)
    desk.run("read", file, "--ledger", "sqlite:///one.db")
    monkeypatch.setenv("PURPORT_LEDGER", "sqlite:///two.db")
    desk.run("claims", code=7)
    desk.run("read", file)
    made = {path.name for path in desk.folder.iterdir()} - {"a.txt"}
    assert {name for name in made if "-" not in name} == {"one.db", "one.blobs", "two.db", "two.blobs"}


def test_every_example_of_the_help_is_a_command(desk: Desk) -> None:
    assert isinstance(main, click.Group)
    known = {" ".join(words) for words in commands(main)}
    # a group that does something by itself: `purport custody`, `purport stories`
    known |= {
        name for name, one in main.commands.items() if isinstance(one, click.Group) and one.invoke_without_command
    }
    groups = {name for name, one in main.commands.items() if isinstance(one, click.Group)}
    for call in commands(main):
        examples = desk.run(*call, "--help").stdout.partition("Examples:")[2]
        for example in re.findall(r"^  purport (\S+)(?: (\S+))?", examples, re.M):
            assert example[0] in {*known, *groups} and (example[0] in known or " ".join(example) in known), call


def test_a_report_in_another_language_is_kept_and_said_so(desk: Desk) -> None:
    spanish = "El ministerio negó que sus combatientes se hubieran marchado del pueblo. El alcalde no dijo nada más.\n"
    result = desk.run("read", desk.put("a.txt", spanish))
    assert "not english" in result.stderr
    assert "0 claims" in result.stdout


def test_files_of_any_name(desk: Desk) -> None:
    path = Path("ein [red]Blatt[/red] \x1b[31m.txt")
    desk.put(path.name, b"")
    shown = desk.run("read", path, code=3)
    assert "\x1b" not in shown.output
    assert "[red]Blatt[/red]" in shown.stderr
