"""The custody log: each call that adds something is in it, once, in one chain, whoever writes and whatever dies."""

import json
import signal
import sqlite3
import subprocess
import sys
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from custody_samples import NOON, fill, found, harm, some_gaps, vault
from desk_samples import Desk

from purport.app.proving import entries
from purport.core.custody import Deed, Entry
from purport.core.errors import CustodyError, LedgerError
from purport.core.records import Capture, Report
from purport.edges.sqlite import open_sqlite
from purport.ledger import Book, migrate
from purport.ledger.log import Custody


def log(folder: Path) -> list[Entry]:
    return [entry for _, entry in entries(vault(folder))]


def test_a_new_ledger_begins_its_log(tmp_path: Path):
    (entry,) = log(tmp_path)
    assert (entry.number, entry.previous, entry.who, entry.what) == (1, "", "ona@desk", "make")
    assert [rows.table for rows in entry.rows] == ["ledger_versions"]


def test_each_call_that_adds_is_an_entry_and_each_row_is_in_one(tmp_path: Path):
    fill(vault(tmp_path))
    told = log(tmp_path)
    assert [entry.what for entry in told] == ["make", "read", "read", "watch", "watch", "read", "read"]
    assert [entry.number for entry in told] == list(range(1, 8))
    assert told[1].at == NOON
    spans = {(rows.table, rows.first, rows.last) for entry in told for rows in entry.rows}
    assert {span for span in spans if span[0] == "gaps"} == {
        ("gaps", 1, 3),
        ("gaps", 4, 4),
        ("gaps", 5, 44),
        ("gaps", 45, 45),
    }
    assert {span for span in spans if span[0] == "exchanges"} == {("exchanges", 1, 2), ("exchanges", 3, 3)}


def test_what_was_there_already_is_no_entry(tmp_path: Path):
    at = vault(tmp_path)
    at.writer.add(gaps=some_gaps(1))
    at.writer.add(gaps=some_gaps(1))
    at.writer.add()
    assert len(log(tmp_path)) == 2


def test_deeds_are_told_whether_anything_is_new_or_not(tmp_path: Path):
    at = vault(tmp_path)
    at.writer.add(entries=[Deed("fetch", ("http://sarn.example",), "failed", "It did not answer.")])
    at.writer.add(gaps=some_gaps(1), entries=[Deed("watch", ("sources.toml",)), Deed("export")], what="not used")
    _, failed, watched, exported = log(tmp_path)
    assert (failed.what, failed.inputs, failed.outcome) == ("fetch", ("http://sarn.example",), "failed")
    assert (failed.detail, failed.rows) == ("It did not answer.", ())
    assert [rows.table for rows in watched.rows] == ["gaps"]
    assert exported.rows == ()


def test_the_chain_can_be_checked_with_nothing_but_sha256(tmp_path: Path):
    fill(vault(tmp_path))
    before = ""
    with sqlite3.connect(tmp_path / "purport.db") as connection:
        for id, previous, record in connection.execute("SELECT id, previous, record FROM custody ORDER BY number"):
            assert id == "sha256:" + sha256(record.encode()).hexdigest()
            assert previous == json.loads(record)["previous"] == before
            before = id
    connection.close()


def test_the_digest_over_rows_can_be_checked_with_the_standard_library(tmp_path: Path):
    """As docs/custody.md says it: rows as lines of JSON."""
    fill(vault(tmp_path))
    with sqlite3.connect(tmp_path / "purport.db") as connection:
        for entry in log(tmp_path):
            for rows in entry.rows:
                key = "version" if rows.table == "ledger_versions" else "number"
                chosen = f"SELECT * FROM {rows.table} WHERE {key} BETWEEN ? AND ? ORDER BY {key}"
                lines = [
                    json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
                    for row in connection.execute(chosen, (rows.first, rows.last))
                ]
                assert rows.digest == "sha256:" + sha256("".join(lines).encode()).hexdigest()
    connection.close()


def test_canonical_json_is_what_the_standard_library_writes(tmp_path: Path):
    signs = "".join(map(chr, [*range(0x250), 0x2028, 0xFEFF, 0x1F309]))
    assert msgspec.json.encode(signs).decode() == json.dumps(signs, ensure_ascii=False)
    fill(vault(tmp_path))
    for _, entry in entries(vault(tmp_path)):
        text = msgspec.json.encode(entry, order="sorted").decode()
        assert text == json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def test_names_that_are_no_text_are_written_down_all_the_same(tmp_path: Path):
    at = vault(tmp_path)
    at.writer.add(entries=[Deed("read", ("bridge-\udcff.txt",), "failed", "\udcff")])
    assert log(tmp_path)[-1].inputs == ("bridge-?.txt",)


def test_a_call_that_breaks_off_is_no_entry(tmp_path: Path):
    at = vault(tmp_path)
    orphan = Report("report-1", "capture-none", "text", "sha256:")
    with pytest.raises(LedgerError):
        at.writer.add(gaps=some_gaps(1), reports=[orphan], entries=[Deed("read")])
    assert len(log(tmp_path)) == 1


def test_no_two_entries_follow_the_same_one(tmp_path: Path):
    fill(vault(tmp_path))
    with sqlite3.connect(tmp_path / "purport.db") as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(
            "INSERT INTO custody SELECT 99, 'sha256:other', previous, who, what, at, tool, outcome, record "
            "FROM custody WHERE number = 3"
        )
    connection.close()


# older ledgers


def as_of(version: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> sqlite3.Connection:
    """A ledger as that version's Purport made it, with two captures."""
    known = migrate.migrations("sqlite")
    connection = sqlite3.connect(folder / "purport.db")
    for number in range(1, version + 1):
        connection.executescript(known[number])
        connection.execute("INSERT INTO ledger_versions VALUES (?, '0.0.1')", (number,))
    for name in ("one", "two"):
        capture = Capture(f"capture-{name}", name, "sha256:", 1, NOON)
        row = (capture.id, name, "", "", "", "file", 1, "sha256:", 0, msgspec.json.encode(capture).decode())
        columns = "id, place, url, taken, media_type, kind, size, digest, stored, record"
        connection.execute(f"INSERT INTO captures ({columns}) VALUES ({', '.join('?' * 10)})", row)
    connection.commit()
    return connection


def test_an_older_ledger_is_adopted_with_all_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    as_of(2, tmp_path, monkeypatch).close()
    at = vault(tmp_path)
    (entry,) = log(tmp_path)
    newest = max(migrate.migrations("sqlite"))
    assert (entry.what, entry.inputs) == ("adopt", ("version 2", f"version {newest}"))
    assert {rows.table: rows.last for rows in entry.rows} == {"captures": 2, "ledger_versions": newest}
    assert found(at).rows == 2 + newest
    harm(tmp_path, "UPDATE captures SET place = 'elsewhere' WHERE id = 'capture-two'")
    with pytest.raises(CustodyError, match="among 1 to 2 of captures was altered since entry 1"):
        found(at)


def test_a_later_migration_is_an_entry_over_what_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    fill(vault(tmp_path))
    known = migrate.migrations("sqlite")
    later = {**known, len(known) + 1: "CREATE TABLE extra (a TEXT);\n"}
    monkeypatch.setattr("purport.ledger.migrate.migrations", lambda _: later)
    last = log(tmp_path)[-1]
    assert last.what == "migrate"
    assert [(rows.table, rows.first) for rows in last.rows] == [("ledger_versions", len(later))]
    assert found(vault(tmp_path)).entries == 8


# several at once, and death

WRITER = """
import sys
from datetime import UTC, datetime
from purport.core.records import gap
from purport.edges.sqlite import open_sqlite
from purport.ledger import Book
book = Book(open_sqlite(f"sqlite:///{sys.argv[1]}"), sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for n in range(int(sys.argv[3])):
    book.add(gaps=[gap("read", f"{sys.argv[2]}-{n}-{m}", "empty", "", datetime.now(UTC)) for m in range(5)])
    print(n, flush=True)
"""


def writer(folder: Path, name: str, calls: int) -> "subprocess.Popen[str]":
    words = [sys.executable, "-c", WRITER, str(folder / "purport.db"), name, str(calls)]
    started = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert started.stdout
    assert started.stdout.readline() == "ready\n"
    return started


def test_two_processes_keep_one_chain(tmp_path: Path):
    both = [writer(tmp_path, name, 40) for name in ("ona", "piet")]
    for one in both:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in both:
        one.communicate()
        assert one.returncode == 0
    told = log(tmp_path)
    assert sorted(entry.who for entry in told[1:]) == ["ona"] * 40 + ["piet"] * 40
    assert found(vault(tmp_path)).rows == 400 + len(migrate.migrations("sqlite"))


@pytest.mark.parametrize("calls", [1, 7, 20])
def test_a_kill_leaves_whole_entries(tmp_path: Path, calls: int):
    one = writer(tmp_path, "ona", 10_000)
    assert one.stdin
    assert one.stdout
    one.stdin.write("go\n")
    one.stdin.flush()
    for _ in range(calls):
        one.stdout.readline()
    one.send_signal(signal.SIGKILL)
    one.communicate()
    held = found(vault(tmp_path))
    assert held.entries - 1 >= calls
    assert held.rows == 5 * (held.entries - 1) + len(migrate.migrations("sqlite"))


# on the command line


def test_what_people_see(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PURPORT_WHO", "ona@desk")
    fill(vault(desk.folder))
    shown = desk.run("custody").stdout.splitlines()
    assert len(shown) == 7
    assert shown[1].split() == ["2", "2031-05-04", "12:00:00", "ona@desk", "read", "captures", "1,", "gaps", "3"]
    told = desk.lines("custody", "--json")
    assert [one["number"] for one in told] == list(range(1, 8))
    assert all(one["previous"] == before["hash"] for before, one in pairwise(told))
    assert len(desk.lines("custody", "--json", "--since", "2031-05-04 12:04")) < 7
    assert "No entry since then." in desk.run("custody", "--since", "2999-01-01").stdout


def test_reading_is_told_by_whom(desk: Desk, quick: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PURPORT_WHO", "ona@desk")
    desk.run("read", desk.put("bridge.txt", "The ministry denied that the bridge had fallen on Monday."))
    last = desk.lines("custody", "--json")[-1]
    assert (last["who"], last["what"], last["outcome"]) == ("ona@desk", "read", "done")
    assert {rows["table"] for rows in last["rows"]} >= {"captures", "reports", "readings"}
    monkeypatch.delenv("PURPORT_WHO")
    desk.run("read", desk.put("empty.txt", ""), code=3)
    assert "@" in desk.lines("custody", "--json")[-1]["who"]


def test_options_stand_behind_the_command(desk: Desk):
    told = desk.run("custody", "--json", "proof", "1", code=2)
    assert "Options go behind the command: purport custody proof" in told.output


def test_a_log_in_one_moment(tmp_path: Path):
    """What is written while one looks changes nothing in what one sees."""
    engine = open_sqlite(f"sqlite:///{tmp_path / 'purport.db'}")
    book = Book(engine)
    book.add(gaps=some_gaps(1))
    with Custody(engine).at_this_moment() as shown:
        before = shown.head()
        book.add(gaps=some_gaps(2))
        assert shown.head() == before
        assert shown.ends()["gaps"] == 1
    engine.dispose()
