"""docs/datasette.json names views, columns and indexes that the ledger has."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from ledger_samples import NOON, story
from sqlalchemy import Engine

from purport.core.records import gap
from purport.edges.sqlite import open_sqlite
from purport.ledger import Book, tables

DOCS = Path(__file__).parents[2] / "docs"
VIEWS = json.loads((DOCS / "datasette.json").read_text(encoding="utf-8"))["databases"]["purport"]["tables"]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = open_sqlite("sqlite://")
    first = story("say plain: The harbour ministry | said | the bridge had fallen", outlet="Dolva Post")
    Book(engine).add(*first, [gap("article", "empty.txt", "empty", "Nothing is written in empty.txt.", NOON)])
    yield engine
    engine.dispose()


def test_every_view_for_people_is_there_and_on_the_page():
    plain = {name for name in tables.VIEWS if name.endswith("_plain")}
    assert set(VIEWS) == plain
    assert set(re.findall(r"^\| `(\w+)`", (DOCS / "datasette.md").read_text(encoding="utf-8"), re.M)) == plain


@pytest.mark.parametrize("view", VIEWS)
def test_the_columns_that_are_named_exist(engine: Engine, view: str):
    about = VIEWS[view]
    named = {*about.get("facets", ()), *about.get("columns", ()), *filter(None, [about.get("sort_desc")])}
    named |= {about["fts_pk"]} if "fts_pk" in about else set()
    with engine.connect() as connection:
        columns = set(connection.exec_driver_sql(f"SELECT * FROM {view} LIMIT 1").keys())
    assert named
    assert named <= columns


@pytest.mark.parametrize(("view", "words"), [("claims_plain", "bridge"), ("reports_plain", "bridge")])
def test_a_search_in_a_view_finds_its_rows(engine: Engine, view: str, words: str):
    """As Datasette puts it together from the names of the index and the key."""
    about = VIEWS[view]
    query = (
        f"SELECT * FROM {view} WHERE {about['fts_pk']} IN "
        f"(SELECT rowid FROM {about['fts_table']} WHERE {about['fts_table']} MATCH ?)"
    )
    with engine.connect() as connection:
        assert connection.exec_driver_sql(query, (words,)).fetchall()
        assert not connection.exec_driver_sql(query, ("zebra",)).fetchall()


def test_gaps_and_edits_are_told_plainly(engine: Engine):
    with engine.connect() as connection:
        (found,) = connection.exec_driver_sql("SELECT stage, cause, subject FROM gaps_plain").fetchall()
    assert tuple(found) == ("article", "empty", "empty.txt")


def test_an_edit_is_the_next_text_at_an_address():
    engine = open_sqlite("sqlite://")
    book, ids = Book(engine), list[str]()
    for text in ("the pier is safe", "the pier is closed", "the pier is open again"):
        one = story(f"say plain: The clerk | said | {text}")
        book.add(*one)
        ids.append(one.report.id)
    other = story("say plain: The clerk | said | ferries sail")
    book.add(other.captures, (msgspec.structs.replace(other.report, url="https://dolva.example/2"),), other.readings)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT url, report_before, report_after FROM edits_plain").fetchall()
    url = other.report.url
    assert [tuple(row) for row in rows] == [(url, ids[0], ids[1]), (url, ids[1], ids[2])]
    engine.dispose()
