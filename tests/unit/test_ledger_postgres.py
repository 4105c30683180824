"""Opening a ledger in PostgreSQL: what may be wrong with the server or the address, and what is said of it."""

import multiprocessing
from pathlib import Path

import pytest
from ledger_places import server, url_in
from sqlalchemy import make_url, text

from purport.core.errors import LedgerError
from purport.core.health import ABSENT, MEND, OK, Finding
from purport.core.records import gap
from purport.core.times import EVER
from purport.edges.ledgers import open_ledger
from purport.edges.postgres import conninfo
from purport.ledger import Book, View
from purport.ledger.bulk import given, kept
from purport.ledger.migrate import migrations
from purport.wiring import Config, beside_ledger, blob_folder, ledger_url
from purport.wiring.operations import open_checkup


@pytest.mark.parametrize(
    "url", ["postgresql://", "postgresql+psycopg://ona:secret@host", "postgresql://ona:secret@host:port/x"]
)
def test_no_address(url: str):
    with pytest.raises(LedgerError, match="Write postgresql") as raised:
        open_ledger(url)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql+psycopg://ona@/desk?host=a:5433&host=b:5434&target_session_attrs=read-write", "a,b", "5433,5434"),
        ("postgresql://ona@arn:5433/desk", "arn", "5433"),
        ("postgresql://ona@/desk?host=/run/a&host=/run/b", "/run/a,/run/b", ","),
    ],
)
def test_the_driver_is_told_of_all_hosts(url: str, host: str, port: str):
    from psycopg.conninfo import conninfo_to_dict

    told = conninfo_to_dict(conninfo(url))
    assert (told["host"], told["port"], told["dbname"], told["user"]) == (host, port, "desk", "ona")
    assert ("target_session_attrs" in told) == ("target_session_attrs" in url)


def test_another_database_is_refused():
    with pytest.raises(LedgerError, match="not at mysql:…"):
        open_ledger("mysql://ona:secret@host/x")


def test_no_server(tmp_path: Path):
    with pytest.raises(LedgerError, match="Is the server running") as raised:
        open_ledger(f"postgresql+psycopg://ona:secret@/purport?host={tmp_path}")
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_no_such_database():
    url = make_url(server()).set(database="nowhere").render_as_string(False)
    with pytest.raises(LedgerError, match=r'"nowhere" does not exist. .*createdb'):
        open_ledger(url)


def test_no_such_user():
    url = make_url(server()).set(username="nobody", password="secret").render_as_string(False)
    with pytest.raises(LedgerError, match=r'"nobody" does not exist. .*createuser') as raised:
        open_ledger(url)
    assert "secret" not in str(raised.value)


def test_a_user_without_rights(tmp_path: Path):
    url = url_in("postgresql", tmp_path)
    engine = open_ledger(url_in("postgresql", tmp_path, "rights.db"))
    with engine.execution_options(purport_writes=True).begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS guest"))
        connection.execute(text("CREATE ROLE guest LOGIN"))
    engine.dispose()
    with pytest.raises(LedgerError, match="GRANT"):
        open_ledger(make_url(url).set(username="guest").render_as_string(False))


def test_no_such_schema():
    url = server() + "&options=-csearch_path%3Dnowhere"
    with pytest.raises(LedgerError, match="make the schema"):
        open_ledger(url)


def test_without_the_package(monkeypatch: pytest.MonkeyPatch):
    def absent(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("No module named 'psycopg'")

    monkeypatch.setattr("purport.edges.postgres.create_engine", absent)
    with pytest.raises(LedgerError, match=r"purport\[postgresql\]"):
        open_ledger("postgresql+psycopg:///purport")


@pytest.mark.parametrize("text", ["", "plain", "a\0b", "\ufdd0", "\ufdd0\ufdd1", "\0\ufdd0\0\ufdd1", "\ufdd1"])
def test_any_text_can_be_kept(text: str):
    assert "\0" not in kept(text)
    assert given(kept(text)) == text


def test_any_text_comes_back(tmp_path: Path):
    engine = open_ledger(url_in("postgresql", tmp_path))
    odd = gap("read", "a\0b\ufdd0.txt", "empty", "\0", EVER)
    others = [gap("read", name, "empty", r"\.", EVER) for name in ("a\x1fb", r"\N", "\t\r\n\\", "\x1f\0\t\\t", "")]
    Book(engine).add(gaps=[odd, *others])
    assert list(View(engine).gaps()) == [odd, *others]
    assert View(engine).gaps_about(["a\0b\ufdd0.txt"]) == [odd]
    engine.dispose()


def _append(url: str, first: int) -> None:
    book = Book(open_ledger(url))
    for n in range(first, first + 10):
        book.add(gaps=[gap("read", f"{n}.txt", "empty", "", EVER)])


def test_programs_that_open_and_write_at_once(tmp_path: Path):
    """The new ledger is made once, rows are numbered without a hole, and the custody log has no fork."""
    url = url_in("postgresql", tmp_path)
    start = multiprocessing.get_context("spawn")
    programs = [start.Process(target=_append, args=(url, 10 * n)) for n in range(3)]
    for program in programs:
        program.start()
    for program in programs:
        program.join(60)
        assert program.exitcode == 0
    engine = open_ledger(url)
    with engine.connect() as connection:
        for table, count in (("gaps", 30), ("custody", 31)):
            assert connection.execute(text(f"SELECT count(*), max(number) FROM {table}")).one() == (count, count)
    engine.dispose()


def test_what_lies_beside_it_is_named_after_the_database():
    config = Config(ledger="postgresql+psycopg://ona:secret@db.example:5433/desk.two?sslmode=require")
    assert ledger_url(config) == config.ledger
    assert beside_ledger(config, ".warcs") == Path("desk.two.warcs")
    assert blob_folder(config) == Path("desk.two.blobs")
    assert beside_ledger(Config(ledger="postgresql://"), ".blobs") == Path("purport.blobs")


def test_the_doctor_looks_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    url = url_in("postgresql", tmp_path)
    newest = max(migrations("postgresql"))

    def found(at: str) -> Finding:
        (one,) = open_checkup(Config(ledger=at))["ledger"]()
        return one

    assert found(url).state == ABSENT
    open_ledger(url).dispose()
    assert (found(url).state, found(url).said) == (
        OK,
        f"form {newest}, in PostgreSQL. Whether it is as written: purport verify",
    )
    gone = found(f"postgresql+psycopg://ona:secret@/purport?host={tmp_path}")
    assert gone.state == MEND
    assert "secret" not in gone.mend
    assert "Is the server running" in gone.mend
