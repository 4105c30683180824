"""With PURPORT_TEST_LEDGER=postgresql, or a URL, each ledger that a test opens as a file stands in PostgreSQL instead.

    PURPORT_TEST_LEDGER=postgresql scripts/test tests/unit tests/contract

An empty file marks its place, so that what lies beside it is where it always is. See unit/ledger_places.py.
"""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from ledger_places import MARKED, TOLD, in_postgresql

from purport.edges import ledgers, sqlite

# What can't be asked of PostgreSQL in this way, and why.
connect = sqlite3.connect
FILES = "is about SQLite's file"
BOTH = "opens both databases by itself"
APART = "starts programs of its own, which know nothing of this"
EXCEPT = {
    "tests/unit/test_ledger_sqlite.py": FILES,
    "tests/unit/test_ledger_migrate.py": FILES,
    "tests/unit/test_backup.py": FILES,
    "tests/unit/test_doctor.py": FILES,
    "tests/unit/test_verify.py": FILES,
    "tests/unit/test_alerts.py::test_the_ledger_holds_no_webhook_s_address": FILES,
    "tests/contract/test_datasette_docs.py": FILES,
    "tests/contract/test_ledger_docs.py": FILES,
    "tests/contract/test_upgrades.py": FILES,
    "tests/unit/test_ledger_forms.py": BOTH,
    "tests/unit/test_ledger_postgres.py": BOTH,
    "tests/unit/test_moving.py": BOTH,
    "tests/unit/test_backup_served.py": BOTH,
    "tests/contract/test_ledger.py": BOTH,
    "tests/unit/test_mcp.py": APART,
    "tests/fault/test_watch_kills.py": APART,
}


def pytest_configure() -> None:
    """Before any test module is imported, and takes the name with it."""
    if TOLD:
        sqlite.open_sqlite = ledgers.open_sqlite = ledgers._OPENED["sqlite"] = in_postgresql(sqlite.open_sqlite)
        sqlite3.connect = _connect


def _connect(database: object, *more: Any, **options: Any) -> sqlite3.Connection:
    path = Path(unquote(str(database).removeprefix("file://").partition("?")[0])).absolute()
    if path in MARKED:
        pytest.skip(f"not with PURPORT_TEST_LEDGER: it {FILES}")
    return connect(database, *more, **options)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        file = str(item.path.relative_to(item.config.rootpath))
        if TOLD and (why := EXCEPT.get(file) or EXCEPT.get(f"{file}::{item.originalname}")):
            item.add_marker(pytest.mark.skip(reason=f"not with PURPORT_TEST_LEDGER: it {why}"))
