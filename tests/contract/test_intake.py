"""What is sealed while rows are at hand is what the database gives back of them."""

from collections.abc import Callable, Iterator

import msgspec
import pytest
from ledger_places import BOTH, url_in
from ledger_samples import NOON, Story, comparison, release, story
from sqlalchemy import Engine

from purport.core.custody import Entry
from purport.core.records import gap
from purport.core.watching import Exchange, Listed, Visit
from purport.edges.ledgers import open_ledger
from purport.ledger import Book, custody, intake
from purport.ledger.log import Custody
from purport.ledger.tables import metadata

CLIP, REFERENCE = release(), release("older.mp4", duration=0.1 + 0.2, created=())
BRIDGE = story(
    "say plain: The “Café” | said | the bridge\tof \\ Dolva\0 had fallen", 'deny plain: \ufdd0 | denied | "it"'
)
MARKET = story("say plain: The mayor | said | the market is shut \U0001f309", outlet="Sarn Radio")
ITEM = Listed(id="listed-1", source="Dolva Post", key="1", url="https://dolva.example/1", seen=NOON)


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path) -> Iterator[Engine]:
    engine = open_ledger(url_in(request.param, tmp_path))
    yield engine
    engine.dispose()


def read_again(engine: Engine) -> int:
    """Holds each digest of the log against the rows as they are read; returns of how many tables."""
    held = set()
    with Custody(engine).at_this_moment() as snapshot:
        sealed = [rows for one in snapshot.sealed() for rows in msgspec.json.decode(one.record, type=Entry).rows]
    with engine.connect() as connection:
        for rows in sealed:
            table = metadata.tables[rows.table]
            assert custody.digest_over(connection, table, rows.first, rows.last) == (0, rows.digest)
            held.add(rows.table)
    return len(held)


def add_all(book: Book) -> None:
    book.add(
        captures=[*BRIDGE.captures, CLIP[0], REFERENCE[0]],
        reports=BRIDGE.reports,
        readings=BRIDGE.readings,
        releases=[CLIP[1], REFERENCE[1]],
        gaps=[gap("read", "kelo.txt", "not-english", "kelo.txt is not in English; it was not read.", NOON)],
        listed=[ITEM],
        visits=[
            Visit(id="visit-1", source="Dolva Post", item=ITEM.id, url=ITEM.url, at=NOON, outcome="new", next=NOON)
        ],
        exchanges=[
            Exchange(id="exchange-1", url=ITEM.url, asked=NOON, status=200, archive="1.warc.gz", offset=4, end=9)
        ],
        comparisons=[comparison(CLIP[1], REFERENCE[1])],
    )


def never(*_: object) -> tuple[int, str]:
    raise AssertionError("rows were read again")


def test_rows_of_all_kinds_are_sealed_as_they_are_read(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patched:
        patched.setattr(custody, "digest_over", never)
        add_all(Book(engine))
    assert read_again(engine) >= 11


def test_where_only_some_are_new_all_of_those_are_sealed(engine: Engine):
    book = Book(engine)
    book.add(*BRIDGE)
    both = Story(*(MARKET[n] + BRIDGE[n] for n in range(3)))
    assert book.add(*both) == 4
    assert book.add(*both) == 0
    read_again(engine)


def test_many_batches_are_one_digest(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(intake, "ROWS", 2)
    with monkeypatch.context() as patched:
        patched.setattr(custody, "digest_over", never)
        Book(engine).add(gaps=[gap("read", f"{n}.txt", "empty", "Nothing is written.", NOON) for n in range(71)])
    read_again(engine)


@pytest.mark.parametrize("other", [lambda *_: b"", lambda *_: b'[1,"other"]\n'])
def test_what_comes_back_otherwise_is_read_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, other: Callable[..., bytes]
):
    monkeypatch.setattr(intake, "line_of", other)
    add_all(Book(engine))
    read_again(engine)
