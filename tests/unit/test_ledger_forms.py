"""The ledger's form in PostgreSQL: its migrations make the tables the code knows, one for each of SQLite's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from ledger_places import BOTH, url_in
from sqlalchemy import Engine, MetaData, Table, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from purport.core.errors import LedgerError
from purport.edges.ledgers import open_ledger
from purport.ledger import tables
from purport.ledger.migrate import migrate, migrations

SEARCH = {"claims_words", "reports_words"}  # the full text index, which each database has in its own way


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_ledger(url_in("postgresql", tmp_path))
    yield engine
    engine.dispose()


def form(engine: Engine, schema: str | None = None) -> dict[str, object]:
    """All that SQLAlchemy can say of the tables in a schema, by their names; but how a row gets its number."""
    seen = inspect(engine)
    return {
        name: {
            "columns": [
                {k: str(v) for k, v in column.items() if k not in ("comment", "autoincrement", "default", "computed")}
                for column in seen.get_columns(name, schema)
            ],
            "key": seen.get_pk_constraint(name, schema)["constrained_columns"],
            "points at": sorted(
                (key["constrained_columns"], key["referred_table"], key["referred_columns"])
                for key in seen.get_foreign_keys(name, schema)
            ),
            "unique": sorted(unique["column_names"] for unique in seen.get_unique_constraints(name, schema)),
            "indexes": sorted(
                (index["name"], index["column_names"], index["unique"])
                for index in seen.get_indexes(name, schema)
                if index["name"] != "claims_by_id"  # in SQLite a full text index
            ),
        }
        for name in set(seen.get_table_names(schema)) - SEARCH
    }


def test_migrations_make_the_tables_the_code_knows(engine: Engine, tmp_path: Path):
    known = MetaData()
    for table in tables.metadata.tables.values():
        table.to_metadata(known)
    known.tables["reports"].c.text.computed.persisted = True  # PostgreSQL 15 has no other kind
    other = url_in("postgresql", tmp_path, "fresh.db")
    with engine.connect() as connection:
        functions = connection.scalars(
            text("SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = current_schema()::regnamespace")
        ).all()
        here = connection.scalar(text("SELECT current_schema()"))
    fresh = other.rpartition("%3D")[2]
    with engine.connect() as connection, connection.execution_options(isolation_level="AUTOCOMMIT") as at:
        raw = at.connection.driver_connection
        raw.read_only = None
        raw.execute(f"SET search_path = {fresh}")
        for function in functions:
            raw.execute(function.replace(f"{here}.", f"{fresh}."))
        known.create_all(at, checkfirst=False)
        raw.execute(f"SET search_path = {here}")
    assert form(engine) == form(engine, fresh)
    assert set(form(engine)) == set(tables.metadata.tables)


def test_each_migration_has_its_twin():
    assert list(migrations("postgresql")) == list(migrations("sqlite"))


def test_views_are_those_the_code_names_and_have_the_same_columns(engine: Engine, tmp_path: Path):
    files = open_ledger(url_in("sqlite", tmp_path))
    assert set(inspect(engine).get_view_names()) == set(tables.VIEWS)
    for view in tables.VIEWS:
        with engine.connect() as here, files.connect() as there:
            rows, same = (at.exec_driver_sql(f"SELECT * FROM {view}") for at in (here, there))
            assert list(rows.keys()) == list(same.keys())
            assert rows.fetchall() == same.fetchall() == []
    files.dispose()


def test_triggers_are_those_of_sqlite(engine: Engine, tmp_path: Path):
    files = open_ledger(url_in("sqlite", tmp_path))
    with engine.connect() as here, files.connect() as there:
        wanted = text("SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                      "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace")  # fmt: skip
        found = set(here.scalars(wanted))
        assert found == set(there.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    files.dispose()


@pytest.mark.parametrize("table", list(tables.metadata.tables.values()), ids=str)
def test_entries_are_neither_changed_nor_removed(engine: Engine, table: Table):
    columns = [column for column in table.columns if column.computed is None]
    values = {column.name: "{}" if column.type.python_type is str else 77 for column in columns}
    quoted = ", ".join(f'"{name}"' for name in values)
    key = columns[0].name
    with engine.execution_options(purport_writes=True).connect() as connection:
        connection.execute(text("SET session_replication_role = replica"))  # nothing that it points at need be there
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"INSERT INTO {table} ({quoted}) VALUES ({marks})"), values)
        connection.execute(text("SET session_replication_role = DEFAULT"))
        connection.commit()
        for harm in (
            f"UPDATE {table} SET {key} = 2",
            f"DELETE FROM {table} WHERE {key} = 77",
            f"TRUNCATE {table} CASCADE",
        ):
            with pytest.raises(IntegrityError, match="append-only"):
                connection.execute(text(harm))
            connection.rollback()


def test_a_migration_that_fails_changes_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    known = migrations("postgresql")
    bad = {**known, len(known) + 1: "CREATE TABLE extra (a TEXT);\nCREATE TABLE claims (a TEXT);\n"}
    monkeypatch.setattr("purport.ledger.migrate.migrations", lambda _: bad)
    with pytest.raises(LedgerError, match='"claims" already exists'):
        migrate(engine)
    assert not inspect(engine).has_table("extra")
    monkeypatch.undo()
    assert migrate(engine) == 0


@pytest.mark.parametrize("database", BOTH)
def test_a_newer_ledger_is_refused(tmp_path: Path, database: str):
    engine = open_ledger(url_in(database, tmp_path))
    with engine.execution_options(purport_writes=True).begin() as connection:
        connection.execute(text("INSERT INTO ledger_versions VALUES (99, '9.9')"))
    engine.dispose()
    with pytest.raises(LedgerError, match=r"version 99; .*Install a newer Purport"):
        open_ledger(url_in(database, tmp_path))


def test_another_programs_tables_are_left_alone(tmp_path: Path):
    engine = open_ledger(url_in("postgresql", tmp_path))
    schema = url_in("postgresql", tmp_path, "other.db").rpartition("%3D")[2]
    with engine.execution_options(purport_writes=True).begin() as connection:
        connection.execute(text(f"CREATE TABLE {schema}.invoices (a TEXT)"))
    engine.dispose()
    with pytest.raises(LedgerError, match=r"not a Purport ledger \(it holds the tables invoices"):
        open_ledger(url_in("postgresql", tmp_path, "other.db"))


def test_readers_can_not_write(engine: Engine):
    with engine.connect() as connection, pytest.raises(DBAPIError, match="read-only transaction"):
        connection.execute(text("INSERT INTO ledger_versions VALUES (99, '9.9')"))
