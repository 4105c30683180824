"""The ledger's form: its migrations make the tables the code knows, and only ledgers are opened."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, create_engine, inspect
from sqlalchemy.exc import IntegrityError

from purport.core.errors import LedgerError
from purport.edges.sqlite import open_sqlite
from purport.ledger import tables
from purport.ledger.migrate import migrate, migrations, statements


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_sqlite(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield engine
    engine.dispose()


def form(engine: Engine) -> dict[str, object]:
    """All that SQLAlchemy can say of the tables in a database, by their names."""
    seen = inspect(engine)
    return {
        name: {
            "columns": [{k: str(v) for k, v in column.items() if k != "comment"} for column in seen.get_columns(name)],
            "key": seen.get_pk_constraint(name)["constrained_columns"],
            "points at": sorted(
                (key["constrained_columns"], key["referred_table"], key["referred_columns"])
                for key in seen.get_foreign_keys(name)
            ),
            "unique": sorted(unique["column_names"] for unique in seen.get_unique_constraints(name)),
            "indexes": sorted((index["name"], index["column_names"]) for index in seen.get_indexes(name)),
        }
        for name in seen.get_table_names()
        if not name.startswith(("claims_words", "claims_ids", "reports_words"))
    }


def test_migrations_make_the_tables_the_code_knows(engine: Engine):
    fresh = create_engine("sqlite://")
    tables.metadata.create_all(fresh)
    assert form(engine) == form(fresh)
    assert set(form(fresh)) == set(tables.metadata.tables)
    fresh.dispose()


def test_views_are_those_the_code_names_and_can_be_read(engine: Engine):
    assert set(inspect(engine).get_view_names()) == set(tables.VIEWS)
    with engine.connect() as connection:
        for view in tables.VIEWS:
            assert connection.exec_driver_sql(f"SELECT * FROM {view}").fetchall() == []


def test_migrations_are_numbered_without_a_hole():
    numbers = list(migrations("sqlite"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_migrating_again_does_nothing(engine: Engine):
    assert migrate(engine) == 0
    with engine.connect() as connection:
        versions = connection.exec_driver_sql("SELECT version FROM ledger_versions").fetchall()
    assert [version for (version,) in versions] == list(migrations("sqlite"))


def test_a_later_migration_is_applied_once(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    known = migrations("sqlite")
    later = {**known, len(known) + 1: "CREATE TABLE extra (a TEXT); -- one\nCREATE INDEX extra_a ON extra (a);\n"}
    monkeypatch.setattr("purport.ledger.migrate.migrations", lambda _: later)
    assert migrate(engine) == 1
    assert migrate(engine) == 0
    assert inspect(engine).has_table("extra")


def test_a_migration_that_fails_changes_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    known = migrations("sqlite")
    bad = {**known, len(known) + 1: "CREATE TABLE extra (a TEXT);\nCREATE TABLE claims (a TEXT);\n"}
    monkeypatch.setattr("purport.ledger.migrate.migrations", lambda _: bad)
    with pytest.raises(LedgerError, match="claims already exists"):
        migrate(engine)
    assert not inspect(engine).has_table("extra")
    monkeypatch.undo()
    assert migrate(engine) == 0


def test_statements_keep_triggers_whole():
    sql = (
        "-- a; comment\nCREATE TABLE t (a);\n\nCREATE TRIGGER x AFTER INSERT ON t BEGIN\n SELECT 1;\n SELECT 2;\nEND;\n"
    )
    assert [statement.split()[-1] for statement in statements(sql)] == ["(a);", "END;"]
    assert list(statements("-- nothing yet\n")) == []
    with pytest.raises(ValueError, match="in the middle of a statement"):
        list(statements("CREATE TABLE t (a)"))


def test_a_newer_ledger_is_refused(engine: Engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO ledger_versions VALUES (99, '9.9')")
    with pytest.raises(LedgerError, match=r"version 99; .*Install a newer Purport"):
        migrate(engine)


def test_a_newer_ledger_is_refused_when_opened(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    open_sqlite(url).dispose()
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("INSERT INTO ledger_versions VALUES (99, '9.9')")
    connection.close()
    with pytest.raises(LedgerError, match="Install a newer Purport"):
        open_sqlite(url)


@pytest.mark.parametrize("table", list(tables.metadata.tables.values()), ids=str)
def test_entries_are_neither_changed_nor_removed(engine: Engine, table: Table):
    columns = [column for column in table.columns if column.computed is None]
    key = columns[0].name
    values = [77 if str(column.type) in ("INTEGER", "FLOAT") else "{}" for column in columns]
    into = f"INTO {table} ({', '.join(c.name for c in columns)}) VALUES ({', '.join('?' * len(columns))})"
    other = sqlite3.connect(str(engine.url.database))  # any program, which knows nothing of us
    other.execute("INSERT " + into, values)
    other.commit()
    for harm in (f"UPDATE {table} SET {key} = 2", f"DELETE FROM {table} WHERE {key} = 77"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            other.execute(harm)
    other.close()
    # REPLACE removes without a word, unless the connection is one of ours
    with engine.connect() as connection, pytest.raises(IntegrityError, match="append-only"):
        connection.exec_driver_sql("INSERT OR REPLACE " + into, tuple(values))
