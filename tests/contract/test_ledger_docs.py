"""docs/ledger.md holds what it says: its queries run and find something, and it names every table and column."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from ledger_samples import NOON, Story, comparison, release, story
from sqlalchemy import Engine

from purport.core.records import gap
from purport.core.reviews import CONFIRMED, REJECTED, Review, place_of
from purport.edges.sqlite import open_sqlite
from purport.ledger import Book, tables
from purport.ledger.reviews import Reviews
from purport.ledger.search import RANKED

PAGE = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = open_sqlite("sqlite://")
    book = Book(engine)
    first = story(
        "say plain: The harbour ministry | said | the bridge had fallen",
        "deny distanced: The mayor | claimed not to know | of any warning",
        outlet="Dolva Post",
        published="2031-05-04",
    )
    book.add(*first, [gap("article", "empty.txt", "empty", "Nothing is written in empty.txt.", NOON)])
    book.add(*story("say plain: An official | said | boats were missing", outlet="Sarn Radio", kind="unnamed"))
    # the id that the page looks for
    claims = tuple(msgspec.structs.replace(claim, id="claim-3f0c2", act="want") for claim in first.claims[:1])
    book.add(readings=[msgspec.structs.replace(first.readings[0], id="reading-2", reader="reader/2", claims=())])
    book.add(readings=[msgspec.structs.replace(first.readings[0], id="reading-3", reader="reader/3", claims=claims)])
    book.add(*story("deny distanced: The mayor | reportedly denied | it", outlet="Kelo Wire"))
    judge(engine, first)
    capture, clip = release()
    book.add(captures=[capture], releases=[clip])
    capture, other = release("market.mp4")
    book.add(captures=[capture], releases=[other], comparisons=[comparison(other, clip)])
    yield engine
    engine.dispose()


def judge(engine: Engine, one: Story) -> None:
    """Two people who judge a claim differently."""
    claim, text = one.claims[1], one.report
    for who, what in (("ann", CONFIRMED), ("ben", REJECTED)):
        made = Review(id=f"review-{who}", what=what, claim=claim.id, place=place_of(claim, text), who=who, at=NOON)
        Reviews(engine).review([msgspec.structs.replace(made, why="It stands there.")])


def test_there_are_queries():
    assert len(QUERIES) == PAGE.count("```") / 2 >= 8


@pytest.mark.parametrize("query", QUERIES)
def test_queries_run_and_find_something(engine: Engine, query: str):
    for statement in filter(str.strip, query.split(";\n")):
        with engine.begin() as connection:
            found = connection.exec_driver_sql(statement)
            rows = found.fetchall() if found.returns_rows else ["done"]
        assert rows
        assert any(value not in (None, "", 0) for value in rows[0])


def test_every_table_view_and_column_is_named(engine: Engine):
    named = set(re.findall(r"`(\w+)`", PAGE))
    for name in (*tables.metadata.tables, *tables.VIEWS):
        with engine.connect() as connection:
            columns = connection.exec_driver_sql(f"SELECT * FROM {name} LIMIT 1").keys()
        assert {name, *columns} <= named, name


def test_the_ranking_limit_is_the_codes():
    assert f"more than {RANKED:,} entries match" in PAGE
