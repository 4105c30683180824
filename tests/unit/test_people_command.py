"""`purport people`: names, roles and passwords from the command line."""

from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from purport.cli.main import main

GOOD = "quiet harbour nine lamps"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    quick = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("purport.edges.argon.PasswordHasher", quick)
    return f"sqlite:///{tmp_path / 'purport.db'}"


def run(ledger: str, *words: str, given: str = "") -> Result:
    return CliRunner().invoke(main, ["people", *words, "--ledger", ledger], input=given)


def test_somebody_is_let_in_with_a_role_that_can_change(ledger: str) -> None:
    assert "Nobody yet" in run(ledger, "list").output
    assert run(ledger, "add", "ann", "--role", "lead", given=f"{GOOD}\n").exit_code == 0
    assert run(ledger, "role", "ann", "admin").exit_code == 0
    assert run(ledger, "disable", "ann").exit_code == 0
    listed = run(ledger, "list").output
    assert listed.split()[:2] == ["ann", "admin"] and "switched off" in listed
    assert run(ledger, "disable", "ann", "--undo").exit_code == 0
    assert "switched off" not in run(ledger, "list").output
    assert "already" in run(ledger, "add", "ann", given=f"{GOOD}\n").output
    assert run(ledger, "add", "bo", "--role", "owner", given=f"{GOOD}\n").exit_code == 2


@pytest.mark.parametrize(
    "password",
    ["short", "password1234", "Password-2031!!", "aaaaaaaaaaaaaa", "123456789012", "ann.lee in Kest", "x" * 201, ""],
)
def test_a_password_that_is_guessed_first_is_none(ledger: str, password: str) -> None:
    answer = run(ledger, "add", "ann.lee", given=f"{password}\n")
    assert answer.exit_code == 2
    assert not password or password not in answer.output
    assert "Nobody yet" in run(ledger, "list").output


def test_nothing_secret_stands_in_the_ledger(ledger: str, tmp_path: Path) -> None:
    run(ledger, "add", "ann", given=f"{GOOD}\n")
    token = run(ledger, "token", "ann").output.strip()
    assert len(token) == 64 and run(ledger, "sessions", "ann").output.startswith("ann is signed out everywhere (1")
    run(ledger, "password", "ann", given="four blue kites rising\n")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert GOOD.encode() not in data and token.encode() not in data
            assert b"argon2" not in data or path.name.startswith("purport.people")
    log = CliRunner().invoke(main, ["custody", "--people", "--ledger", ledger]).output
    for deed in ("let in", "give token", "sign out", "change password"):
        assert deed in log


def test_who_is_not_there_is_said_to_be_not_there(ledger: str) -> None:
    for words in (
        ("role", "zoe", "lead"),
        ("password", "zoe"),
        ("disable", "zoe"),
        ("sessions", "zoe"),
        ("token", "zoe"),
    ):
        answer = run(ledger, *words, given=f"{GOOD}\n")
        assert answer.exit_code == 7 and "no account called 'zoe'" in answer.output
