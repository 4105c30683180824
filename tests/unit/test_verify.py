"""Whatever one thing is changed, removed, swapped or flipped: verifying finds it, and names the first."""

import json
import re
import sqlite3
import subprocess
import sys
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest
from authority_samples import OpensslAuthority, authorities, needs_openssl, serving
from custody_samples import NOTHING_TOLD, FixedClock, fill, flip, found, harm, some_gaps, vault, wire
from desk_samples import Desk, copied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purport.app.proving import Check, entries, stamp
from purport.core.errors import CustodyError, EvidenceError, NotFoundError
from purport.ledger.migrate import migrations
from purport.preserve import Archive, timestamps

__all__ = ["authorities"]

ROWS = 3 + 3 + 45 + len(migrations("sqlite"))
LAST = 7  # entries that `fill` makes, with the first
# what is in which entry: the span of rows that it vouches for, by table
SPANS = {
    "captures": {1: (2, 1, 1), 2: (5, 2, 2), 3: (7, 3, 3)},
    "exchanges": {1: (4, 1, 2), 2: (4, 1, 2), 3: (5, 3, 3)},
    "gaps": dict.fromkeys((1, 2, 3), (2, 1, 3))
    | {4: (3, 4, 4)}
    | dict.fromkeys(range(5, 45), (6, 5, 44))
    | {45: (7, 45, 45)},
}
COLUMNS = {
    "captures": ["id", "place", "size", "record"],
    "exchanges": ["url", "end", "record"],
    "gaps": ["cause", "seen"],
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a filled vault, to be copied and harmed."""
    folder = tmp_path_factory.mktemp("whole")
    at = vault(folder)
    fill(at)
    at.custody._engine.dispose()  # type: ignore[attr-defined]
    return folder


def copy(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(whole, tmp_path_factory.mktemp("copy") / "of")


def fault(folder: Path, asked: Check = NOTHING_TOLD) -> str:
    with pytest.raises(CustodyError) as told:
        found(vault(folder), asked)
    assert str(told.value) == f"{told.value.item} {told.value.fault}"
    return told.value.item


def test_what_is_whole_holds(whole: Path):
    held = found(vault(whole))
    assert (held.entries, held.files, held.archives, held.exchanges, held.notes) == (LAST, 3, 1, 3, ())
    assert held.rows == ROWS


# any one harm


@st.composite
def harms(draw: st.DrawFn) -> tuple[list[tuple[str, tuple[object, ...]]], str]:
    """SQL that harms one thing, and how the first bad item is named then."""
    kind = draw(st.sampled_from(["alter", "rewrite", "column", "remove", "swap", "row", "lose", "add", "exchange"]))
    number = draw(st.integers(1, LAST))
    entry = f"Entry {number} of the custody log"
    if kind == "alter":
        place, sign = draw(st.integers(1, 300)), draw(st.sampled_from("~\u00e9\U0001f309"))
        changed = f"substr(record, 1, {place - 1}) || ? || substr(record, {place + 1})"
        return [(f"UPDATE custody SET record = {changed} WHERE number = ?", (sign, number))], entry
    if kind == "rewrite":  # with its hash and columns, as one who knows how would do
        changed = "who = 'ona@dusk', record = rewritten(record), id = hashed(rewritten(record))"
        return [(f"UPDATE custody SET {changed} WHERE number = ?", (number,))], entry
    if kind == "column":
        column = draw(st.sampled_from(["previous", "who", "what", "at", "tool", "outcome", "id"]))
        return [(f"UPDATE custody SET {column} = ? WHERE number = ?", ("another", number))], entry
    if kind == "remove":
        return [("DELETE FROM custody WHERE number = ?", (number,))], entry
    if kind == "swap":
        other = draw(st.integers(1, LAST).filter(lambda n: n != number))
        entry = f"Entry {min(number, other)} of the custody log"
        sql = "UPDATE custody SET number = ? WHERE number = ?"
        return [(sql, (-1, number)), (sql, (number, other)), (sql, (other, -1))], entry
    table = "exchanges" if kind == "exchange" else draw(st.sampled_from(sorted(SPANS)))
    row = draw(st.sampled_from(sorted(SPANS[table])))
    _, first, last = SPANS[table][row]
    span = f"Row {first} of {table}" if first == last else f"A row among {first} to {last} of {table}"
    if kind == "lose":
        return [(f"DELETE FROM {table} WHERE number = ?", (row,))], f"Row {row} of {table}"
    if kind == "add":
        columns = {"captures": 10, "exchanges": 13, "gaps": 7}[table]
        values = f"(99{', 77' * columns})"
        top = max(SPANS[table])
        return [(f"INSERT INTO {table} VALUES {values}", ())], f"A row among {top + 1} to 99 of {table}"
    column = draw(st.sampled_from(COLUMNS[table]))
    return [(f"UPDATE {table} SET {column} = '7' || {column} WHERE number = ?", (row,))], span


def wreak(folder: Path, statements: list[tuple[str, tuple[object, ...]]]) -> None:
    connection = sqlite3.connect(folder / "purport.db")
    connection.create_function("rewritten", 1, lambda record: record.replace("desk", "dusk"))
    connection.create_function("hashed", 1, lambda text: "sha256:" + sha256(text.encode()).hexdigest())
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for sql, values in statements:
        assert connection.execute(sql, values).rowcount == 1, sql
    connection.commit()
    connection.close()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(harms())
def test_any_one_harm_is_found_and_named(whole: Path, tmp_path_factory: pytest.TempPathFactory, one):
    statements, item = one
    folder = copy(whole, tmp_path_factory)
    wreak(folder, statements)
    if "rewritten" in statements[0][0] and item == f"Entry {LAST} of the custody log":
        # Nothing is written behind the last entry yet: only a stamp or a noted head tells (below).
        found(vault(folder))
        item, asked = "The head", Check(note=False, heads=(head(whole),))
        assert fault(folder, asked).startswith(item)
    elif statements[0] == ("DELETE FROM custody WHERE number = ?", (LAST,)):
        assert fault(folder) == "Row 3 of captures"  # what it vouched for is in no entry
    else:
        assert fault(folder) == item


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(2, LAST), st.integers(2, LAST), st.sampled_from("~é"))
def test_of_two_harms_the_first_is_named(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, one: int, other: int, sign: str
):
    folder = copy(whole, tmp_path_factory)
    for number in {one, other}:
        harm(folder, ("UPDATE custody SET record = record || ? WHERE number = ?", (sign, number)))
    assert fault(folder) == f"Entry {min(one, other)} of the custody log"


def head(folder: Path) -> str:
    *_, (hashed, _) = entries(vault(folder))
    return hashed


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6), st.integers(0, 7))
def test_any_flipped_bit_of_a_file_is_found_and_named(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
):
    folder = copy(whole, tmp_path_factory)
    files = sorted(
        path for name in ("purport.blobs", "purport.warcs") for path in (folder / name).rglob("*.*") if path.is_file()
    )
    files += sorted(path for path in (folder / "purport.blobs").rglob("*") if path.is_file())
    path = files[place % len(files)]
    flip(path, (place // len(files)) % path.stat().st_size, 1 << bit)
    item = fault(folder)
    if path.parent.name == "purport.warcs":
        assert item == f"The archive {path.name}"
    else:
        assert item.startswith(f"The file of sha256:{path.parent.name}{path.name} (capture-")
    found(vault(folder), Check(note=False, files=False))  # the ledger itself still holds


@pytest.mark.parametrize("size", [0, 1, 400])
def test_an_archive_that_was_cut_off_is_named(whole: Path, tmp_path_factory: pytest.TempPathFactory, size: int):
    folder = copy(whole, tmp_path_factory)
    (archive,) = (folder / "purport.warcs").iterdir()
    archive.chmod(0o644)
    archive.write_bytes(archive.read_bytes()[:size])
    assert fault(folder) == f"The archive {archive.name}"
    archive.unlink()
    assert fault(folder) == f"The archive {archive.name}"


def test_a_kept_file_that_is_gone_is_named(whole: Path, tmp_path_factory: pytest.TempPathFactory):
    folder = copy(whole, tmp_path_factory)
    digest = sha256(b"a market").hexdigest()
    (folder / "purport.blobs" / "sha256" / digest[:2] / digest[2:]).unlink()
    item = fault(folder)
    assert f"sha256:{digest}" in item
    assert "market.txt" in item


def test_bytes_behind_the_last_booked_exchange_are_told_and_no_fault(tmp_path: Path):
    at = vault(tmp_path)
    fill(at)
    (path,) = at.archives.iterdir()
    path.chmod(0o644)
    with path.open("ab") as file:
        file.write(b"half a record")
    held = found(at)
    assert held.notes == (f"13 bytes at the end of {path.name} belong to no entry: a program was ended there.",)
    with Archive(at.archives, FixedClock(), (path.name, 0)) as archive:  # and the next exchange begins a file
        exchange = archive.put(wire("http://sarn.example/4", b"boats"))
        archive.flush()
    at.writer.add(exchanges=[exchange])
    assert found(at).archives == 2


def test_bytes_that_are_no_text_any_more_are_named(whole: Path, tmp_path_factory: pytest.TempPathFactory):
    folder = copy(whole, tmp_path_factory)
    harm(folder, "UPDATE gaps SET cause = CAST(X'ff' AS TEXT) WHERE number = 4")
    assert fault(folder) in ("Row 4 of gaps", "Among the gaps 4 to 4 one")
    harm(folder, "UPDATE custody SET who = CAST(X'ff' AS TEXT) WHERE number = 2")
    assert fault(folder) == "Entry 2 of the custody log"


def test_an_emptied_log_is_found(whole: Path, tmp_path_factory: pytest.TempPathFactory):
    folder = copy(whole, tmp_path_factory)
    harm(folder, "DELETE FROM custody")
    assert fault(folder) == "The custody log"


# what only a stamp or a noted head can find


def truncate(folder: Path, after: int) -> None:
    """Remove the newest entries with all that they vouch for, as one who knows how would do."""
    lines = [f"DELETE FROM custody WHERE number > {after}"]
    for table, spans in SPANS.items():
        gone = [row for row, (entry, _, _) in spans.items() if entry > after]
        if gone:
            lines.append(f"DELETE FROM {table} WHERE number >= {min(gone)}")
    harm(folder, *lines)


def test_the_newest_entries_gone_show_by_a_head_noted_elsewhere(whole: Path, tmp_path_factory):
    folder = copy(whole, tmp_path_factory)
    noted = head(folder)
    found(vault(folder), Check(note=False, heads=(noted,)))
    vault(folder).writer.add(gaps=some_gaps(9))
    assert head(folder) != noted
    found(vault(folder), Check(note=False, heads=(noted, head(folder))))  # a head stays in the log
    truncate(folder, after=5)
    assert found(vault(folder)).entries == 5  # nothing within shows it: docs/custody.md says so
    assert fault(folder, Check(note=False, heads=(noted,))) == f"The head {noted}"


@needs_openssl
def test_stamps_hold_and_tell_what_they_cover(tmp_path: Path, authorities):
    at, authority = vault(tmp_path), authorities["good"]
    fill(at)
    first = stamp(at, authority, "http://time.example", authority.ca)
    assert (first.first, first.last) == (1, 7)
    at.writer.add(gaps=some_gaps(8))
    second = stamp(at, authority, "http://time.example")
    assert (second.first, second.last) == (8, 9)  # the entry that tells of the first stamp, and the gap's
    held = found(at, Check(authority.ca, note=False))
    assert (held.stamps, held.stamped, held.signed, held.entries) == (2, 9, True, 10)
    assert not found(at).signed
    with pytest.raises(NotFoundError, match="Nothing was added since"):
        stamp(at, authority, "http://time.example")
    assert [entry.what for _, entry in entries(at)][-3:] == ["stamp", "add", "stamp"]


@needs_openssl
@pytest.mark.parametrize(
    ("which", "vouched", "words"),
    [
        ("expired", "expired", "the authority's certificate had expired when it stamped"),
        ("another", "good", "its certificate comes from none of those in --ca"),
    ],
)
def test_a_stamp_that_does_not_hold_is_not_kept_and_told(tmp_path: Path, authorities, which, vouched, words):
    at = vault(tmp_path)
    with pytest.raises(EvidenceError, match=words):
        stamp(at, authorities[which], "http://time.example", authorities[vouched].ca)
    assert found(at).stamps == 0
    last = list(entries(at))[-1][1]
    assert (last.what, last.outcome) == ("stamp", "failed")
    assert words in last.detail


@needs_openssl
@pytest.mark.parametrize(
    ("which", "vouched", "words"),
    [
        ("expired", "expired", "certificate had expired when it stamped"),
        ("another", "good", "its certificate comes from none of those in --ca"),
    ],
)
def test_a_stamp_kept_unchecked_is_named_once_it_is_checked(tmp_path: Path, authorities, which, vouched, words):
    at = vault(tmp_path)
    stamp(at, authorities[which], "http://time.example")  # without --ca nobody looks at the signature
    found(at)
    with pytest.raises(CustodyError, match=words) as told:
        found(at, Check(authorities[vouched].ca, note=False))
    assert told.value.item.startswith("Time stamp 1 (http://time.example, ")


@needs_openssl
def test_an_authority_that_stamps_something_else_is_refused(tmp_path: Path, authorities):
    at = vault(tmp_path)
    good = authorities["good"]
    liar = OpensslAuthority(tmp_path / "liar")
    other = liar.stamp(timestamps.question(b"other").data)
    liar.twisted_answer = lambda answer: other
    with pytest.raises(EvidenceError, match="it answers another request"):
        stamp(at, liar, "http://time.example", good.ca)
    liar.twisted_answer = bytes
    # the number of our request, over something else
    liar.twisted_request = lambda request: request.replace(request[request.index(b"\x04\x20") + 2 :][:32], b"x" * 32)
    for ca in (b"", liar.ca):
        with pytest.raises(EvidenceError, match="wrong imprint"):
            stamp(at, liar, "http://time.example", ca)
    assert found(at).stamps == 0


@needs_openssl
def test_the_newest_entries_gone_show_by_a_stamp(tmp_path: Path, authorities):
    at = vault(tmp_path)
    fill(at)
    stamp(at, authorities["good"], "http://time.example")
    at.custody._engine.dispose()  # type: ignore[attr-defined]
    truncate(tmp_path, after=5)
    assert fault(tmp_path).startswith("Time stamp 1 ")


@needs_openssl
def test_a_history_written_anew_shows_by_a_stamp(tmp_path: Path, authorities):
    """One who rewrites an entry and all hashes behind it still has no stamp over them."""
    at = vault(tmp_path)
    fill(at)
    stamp(at, authorities["good"], "http://time.example")
    at.custody._engine.dispose()  # type: ignore[attr-defined]
    connection = sqlite3.connect(tmp_path / "purport.db")
    rows = connection.execute("SELECT number, record FROM custody ORDER BY number").fetchall()
    connection.close()
    lines, before = [], ""
    for number, record in rows:
        entry = json.loads(record) | {"previous": before, "who": "nobody@dusk"}
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        hashed = "sha256:" + sha256(text.encode()).hexdigest()
        lines.append(
            (
                "UPDATE custody SET id = ?, previous = ?, who = 'nobody@dusk', record = ? WHERE number = ?",
                (hashed, before, text, number),
            )
        )
        before = hashed
    harm(tmp_path, *lines)
    with pytest.raises(CustodyError, match="entries 1 to 7 are not those that were stamped"):
        found(vault(tmp_path))


@needs_openssl
def test_any_flipped_bit_of_a_token_is_named(tmp_path: Path, authorities):
    at = vault(tmp_path)
    stamp(at, authorities["good"], "http://time.example")
    harm(tmp_path, "UPDATE stamps SET record = replace(record, 'token\":\"MII', 'token\":\"MIJ')")
    with pytest.raises(CustodyError, match="Row 1 of stamps was altered since entry 2"):
        found(at)


# proofs for outsiders


def scripts() -> list[str]:
    page = Path(__file__).parents[2] / "docs" / "custody.md"
    return re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@needs_openssl
def test_a_proof_is_checked_without_purport(desk: Desk, authorities):
    """As docs/custody.md says, with Python as it comes and openssl alone."""
    at, authority = vault(desk.folder), authorities["with its chain"]
    fill(at)
    stamp(at, authority, "http://time.example")
    for number in range(1, LAST + 1):
        desk.put("proof.json", desk.run("custody", "proof", number).stdout)
        ran = subprocess.run([sys.executable, "-W", "ignore", "-c", scripts()[0]], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        assert f"'number': {number}," in ran.stdout
        assert authority.checks(Path("token.tsr").read_bytes(), Path("root.bin").read_bytes(), authority.ca)
    assert "No time stamp is over entry 8 yet" in desk.run("custody", "proof", 8, code=7).output
    assert "no entry 99; its last one is 8" in desk.run("custody", "proof", 99, code=7).output


def test_the_digest_of_rows_is_printed_as_the_page_says(desk: Desk):
    desk.run("read", desk.put("empty.txt", ""), code=3)
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", scripts()[1]], capture_output=True, text=True)
    (rows,) = desk.lines("custody", "--json")[-1]["rows"]
    assert rows == {"table": "gaps", "first": 1, "last": 1, "digest": ran.stdout.strip()}


# on the command line


def test_what_people_see(desk: Desk):
    fill(vault(desk.folder))
    shown = desk.run("verify").stdout
    assert "7 entries, in order and unaltered" in shown
    assert f"{ROWS} rows, each as its entry vouches for" in shown
    noted = shown.partition("Head")[2].split()[0]
    desk.run("verify", "--head", noted, "--quick")
    told = desk.lines("custody", "--json")
    assert [one["what"] for one in told[-2:]] == ["verify", "verify"]
    assert noted == told[-2]["hash"]
    (whole,) = desk.lines("verify", "--json", "--no-note")
    assert (whole["holds"], whole["entries"], whole["files"]) == (True, 9, 3)
    missing = desk.run("verify", "--head", "sha256:00", code=11)
    assert "purport: The head sha256:00 is not in the custody log" in missing.output
    assert desk.lines("custody", "--json")[-1]["outcome"] == "failed"


def test_a_fault_ends_with_its_code_and_names_the_item(desk: Desk):
    fill(vault(desk.folder))
    harm(desk.folder, "UPDATE gaps SET cause = 'none' WHERE number = 4")
    told = desk.run("verify", code=11)
    assert (
        "purport: Row 4 of gaps was altered since entry 3 (read, 2031-05-04 12:01:00 UTC) was written." in told.output
    )
    as_json = desk.run("verify", "--json", "--no-note", code=11).stdout
    assert json.loads(as_json) == {
        "holds": False,
        "item": "Row 4 of gaps",
        "fault": "was altered since entry 3 (read, 2031-05-04 12:01:00 UTC) was written.",
    }


def test_archives_may_be_elsewhere(desk: Desk):
    fill(vault(desk.folder))
    (desk.folder / "purport.warcs").rename(desk.folder / "moved")
    assert "The archive" in desk.run("verify", "--no-note", code=11).output
    desk.run("verify", "--warcs", "moved", "--no-note")


def test_a_file_that_is_no_certificate_is_refused(desk: Desk):
    assert "can't be read" in desk.run("verify", "--ca", "none.pem", code=2).output
    assert "no certificate" in desk.run("verify", "--ca", desk.put("a.pem", "hello"), code=2).output


def test_an_authority_must_be_named(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    assert "Name an authority" in desk.run("stamp", code=2).output
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", 9))])
    assert "private" in desk.run("stamp", "--authority", "http://127.0.0.1:9/tsr", code=4).output
    assert desk.lines("custody", "--json")[-1]["outcome"] == "failed"


@needs_openssl
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.enable_socket
def test_from_stamp_to_proof(desk: Desk, authorities):
    authority = authorities["good"]
    ca = desk.put("authority.pem", authority.ca)
    fill(vault(desk.folder))
    assert "none yet" in desk.run("verify", "--no-note").stdout
    with serving(authority) as url:
        shown = desk.run("stamp", "--authority", url, "--ca", ca, "--allow-private").stdout
        assert shown.startswith("Stamped: entries 1 to 7 of the custody log, ")
        assert "its signature holds." in shown
        again = desk.run("stamp", "--authority", url, "--allow-private", code=7)
    assert "Nothing was added since the last time stamp, which is over entry 7." in again.output
    assert "1, over entries 1 to 7; signatures hold" in desk.run("verify", "--ca", ca).stdout
    assert "signatures not checked, for want of --ca" in desk.run("verify").stdout
    (made,) = desk.lines("custody", "proof", "3")
    assert json.loads(made["entry"])["number"] == 3
    assert b64decode(made["stamp"]["token"])
    wrong = desk.put("other.pem", authorities["another"].ca)
    assert "its certificate comes from none of those in --ca" in desk.run("verify", "--ca", wrong, code=11).output
