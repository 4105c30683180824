"""Many files into Parquet or the ledger: each apart, again only where something changed, no fault spoils another."""

import json
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
from bulk_samples import archive, page, rows
from desk_samples import Desk

from purport.core import columns
from purport.core.bulk import Input
from purport.core.records import Claim
from purport.edges.depots import Depots
from purport.edges.parquet import schema

pytestmark = pytest.mark.usefixtures("quick")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def crawl(desk: Desk) -> Path:
    """Two web archives, three pages."""
    archive(desk.folder / "crawl" / "a.warc.gz", "Ostrel", "Karrow")
    archive(desk.folder / "crawl" / "b.warc.gz", "Sarrat")
    return desk.folder / "crawl"


def test_each_file_gives_tables_of_its_own(desk: Desk, crawl: Path) -> None:
    said = desk.run("bulk", "read", "crawl/*.warc.gz", "--out", "tables").stdout
    assert "2 files done" in said
    out = desk.folder / "tables"
    for table in ("claims", "reports", "gaps"):
        assert [path.name.partition(".warc")[0] for path in sorted((out / table).glob("*"))] == ["a", "b"]
    reports = {row["report"]: row for row in rows(out, "reports")}
    assert [row["place"].partition("#")[0] for row in reports.values()] == ["crawl/a.warc.gz"] * 2 + ["crawl/b.warc.gz"]
    assert [row["claims"] for row in reports.values()] == [2, 2, 2]
    for row in rows(out, "claims"):
        report = reports[row["report"]]
        for role in ("source", "cue", "content"):
            (piece,) = row[role]
            assert report["text"][piece["start"] : piece["end"]] == row[f"{role}_words"] != ""
        assert (row["url"], row["title"], row["text_digest"]) == (report["url"], report["title"], report["text_digest"])
        assert row["reader"] == report["reader"] != ""
    assert {row["act"] for row in rows(out, "claims")} == {"say", "deny"}


def test_ids_and_rows_are_those_of_a_ledger(desk: Desk, crawl: Path) -> None:
    desk.run("bulk", "read", "crawl/a.warc.gz", "--out", "tables")
    lines = desk.lines("read", "crawl/a.warc.gz", "--json", "--nested")
    found = rows(desk.folder / "tables", "claims")
    assert [row["claim"] for row in found] == [line["claim"] for line in lines]
    assert [row["content_words"] for row in found] == [line["text"]["content"] for line in lines]
    assert [row["report"] for row in found] == [line["report"] for line in lines]


def test_what_was_done_is_not_done_again(desk: Desk, crawl: Path) -> None:
    desk.run("bulk", "read", "crawl", "--out", "tables")
    before = {path: path.stat().st_mtime_ns for path in (desk.folder / "tables").rglob("*")}
    again = desk.lines("bulk", "read", "crawl", "--out", "tables", "--json")
    assert [line["known"] for line in again] == [True, True]
    assert {path: path.stat().st_mtime_ns for path in (desk.folder / "tables").rglob("*")} == before


def test_what_was_stopped_goes_on(desk: Desk, crawl: Path) -> None:
    """A kill leaves tables without a receipt: they are made again, the others are not."""
    desk.run("bulk", "read", "crawl", "--out", "tables")
    (receipt,) = (desk.folder / "tables" / "done").glob("a.*")
    receipt.unlink()
    (lost,) = (desk.folder / "tables" / "claims").glob("a.*")
    lost.unlink()
    again = desk.lines("bulk", "read", "crawl", "--out", "tables", "--json")
    assert [(line["place"][-9:], line["known"]) for line in again] == [("a.warc.gz", False), ("b.warc.gz", True)]
    assert len(rows(desk.folder / "tables", "claims")) == 6


def test_a_file_that_changed_is_done_again_in_its_place(desk: Desk, crawl: Path) -> None:
    desk.run("bulk", "read", "crawl", "--out", "tables")
    archive(crawl / "b.warc.gz", "Sarrat", "Omal")
    again = desk.lines("bulk", "read", "crawl", "--out", "tables", "--json")
    assert [line["known"] for line in again] == [True, False]
    assert len(rows(desk.folder / "tables", "reports")) == 4
    assert len(list((desk.folder / "tables" / "reports").iterdir())) == 2


def test_tables_of_another_form_or_reader_are_made_again(desk: Desk, crawl: Path) -> None:
    desk.run("bulk", "read", "crawl", "--out", "tables")
    for path in (desk.folder / "tables" / "done").iterdir():
        receipt = json.loads(path.read_bytes())
        path.unlink()
        receipt["form" if path.name.startswith("a") else "version"] = 0 if path.name.startswith("a") else "older"
        path.write_text(json.dumps(receipt))
    again = desk.lines("bulk", "read", "crawl", "--out", "tables", "--json")
    assert [line["known"] for line in again] == [False, False]


def test_a_broken_file_is_a_gap_and_the_others_are_read(desk: Desk, crawl: Path) -> None:
    whole = (crawl / "a.warc.gz").read_bytes()
    (crawl / "cut.warc.gz").write_bytes(whole[: len(whole) - 100])
    desk.run("bulk", "read", "crawl", "--out", "tables")
    gaps = rows(desk.folder / "tables", "gaps")
    assert [(row["cause"], row["subject"].partition("#")[0]) for row in gaps][:1] == [
        ("truncated", "crawl/cut.warc.gz")
    ]
    assert len(rows(desk.folder / "tables", "reports")) >= 4


def test_a_file_that_can_not_be_opened_is_told_and_tried_again(
    desk: Desk, crawl: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rights don't stop root, so it is the opening itself that fails here."""
    opened = Path.open

    def refused(path: Path, *more: object, **options: object) -> object:
        if path.name == "a.warc.gz":
            raise PermissionError(13, "Permission denied")
        return opened(path, *more, **options)  # type: ignore[call-overload]

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refused)
        first = desk.run("bulk", "read", "crawl", "--out", "tables")
    assert "1 file done, 1 failed" in first.stdout
    assert "can't be read (Permission denied)" in first.stdout
    (failed,) = (desk.folder / "tables" / "failed").iterdir()
    assert json.loads(failed.read_bytes())["faults"][0]["cause"] == "unreadable"
    assert len(rows(desk.folder / "tables", "reports")) == 1
    again = desk.run("bulk", "read", "crawl", "--out", "tables").stdout
    assert "1 file done, 1 done before" in again
    assert not list((desk.folder / "tables" / "failed").iterdir())


def test_places_that_name_nothing_are_told(desk: Desk, crawl: Path) -> None:
    result = desk.run("bulk", "read", "crawl/a.warc.gz", "none/*.warc", "--out", "tables")
    assert "none/*.warc" in result.stderr
    assert "1 file done" in result.stdout
    nothing = desk.run("bulk", "read", "none", "--out", "tables", code=3)
    assert "No file to read there" in nothing.stderr


def test_a_pattern_may_go_down_folders(desk: Desk) -> None:
    for name in ("2031/03/a.warc.gz", "2031/04/b.warc.gz", "2031/note.txt"):
        archive(desk.folder / name, "Ostrel")
    found = [one.place for one in Depots().files("2031/**/*.warc.gz", ())]
    assert found == ["2031/03/a.warc.gz", "2031/04/b.warc.gz"]


def test_a_place_named_twice_is_done_once(desk: Desk, crawl: Path) -> None:
    assert len(desk.lines("bulk", "read", "crawl", "crawl/a.warc.gz", "--out", "tables", "--json")) == 2


def test_the_ledger_takes_what_read_would_book(desk: Desk, crawl: Path) -> None:
    first = desk.run("bulk", "read", "crawl", "--out", "ledger").stdout
    assert "3 reports" in first
    booked = desk.lines("claims", "--json")
    again = desk.lines("bulk", "read", "crawl", "--out", "ledger", "--json")
    assert [(line["known"], line["rows"]["new"]) for line in again] == [(True, 0), (True, 0)]
    assert desk.lines("read", "crawl", "--json") == booked == desk.lines("claims", "--json")


def test_names_tell_files_of_the_same_name_apart() -> None:
    one, other = (Input(place="a", address=f"/{folder}/crawl 7.warc.gz", size=1) for folder in "xy")
    assert one.name != other.name
    assert one.name.startswith("crawl_7.warc-")
    assert Input(place="elsewhere", address=one.address, size=2).name == one.name


@pytest.mark.parametrize("engine", ["jobs:", "local:"])
def test_an_engine_that_is_none_is_told(desk: Desk, crawl: Path, engine: str) -> None:
    result = desk.run("bulk", "read", "crawl", "--out", "tables", "--engine", engine, code=2)
    assert "inline:, ray: or ray://HOST:PORT" in result.stderr


def test_workers_elsewhere_need_a_ledger_that_they_reach(desk: Desk, crawl: Path) -> None:
    result = desk.run("bulk", "read", "crawl", "--out", "ledger", "--engine", "ray://10.0.0.1:10001", code=2)
    assert "postgresql+psycopg://" in result.stderr


@pytest.mark.parametrize("table", [*columns.READ.values(), *columns.FINGERPRINT.values()])
def test_tables_have_an_arrow_schema_in_which_each_field_says_what_it_is(table: columns.Columns) -> None:
    made = schema(table)
    assert made.names == [name for name, _, _ in table]
    assert all(field.metadata[b"about"] for field in made)
    assert made.metadata[b"purport.form"]


def test_the_docs_have_every_column() -> None:
    page = (ROOT / "docs" / "bulk.md").read_text(encoding="utf-8")
    for name, table in (columns.READ | columns.FINGERPRINT).items():
        part = page.partition(f"### `{name}`")[2].partition("\n#")[0]
        assert [line.split("`")[1] for line in part.splitlines() if line.startswith("| `")] == [
            one for one, _, _ in table
        ]


def test_no_field_of_a_claim_is_left_behind() -> None:
    """`selector` is the content with its surroundings; the report stands by its id."""
    names = {name for name, _, _ in columns.CLAIMS} | {"id", "selector"}
    assert {field.name for field in msgspec.structs.fields(Claim)} <= names


def test_the_files_are_compressed_and_typed(desk: Desk, crawl: Path) -> None:
    desk.run("bulk", "read", "crawl", "--out", "tables")
    path = min((desk.folder / "tables" / "claims").iterdir())
    file = pq.ParquetFile(path)
    assert file.schema_arrow.equals(schema(columns.CLAIMS))
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert page("Ostrel").decode() not in path.read_bytes().decode("latin-1")
