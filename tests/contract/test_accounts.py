"""Whatever keeps the accounts does it so; in a file of its own, and beside a served ledger."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ledger_places import BOTH, url_in

from purport.core.people import Account, Person, Session
from purport.edges.ledgers import open_ledger
from purport.edges.people import People, open_people, served_people

NOW = datetime(2031, 3, 13, 9, 0, tzinfo=UTC)
DAY = "2031-03-13"


@pytest.fixture(params=BOTH)
def people(request: pytest.FixtureRequest, tmp_path: Path) -> People:
    if request.param == "sqlite":
        return open_people(tmp_path / "purport.people")
    return served_people(open_ledger(url_in("postgresql", tmp_path), "test"))


def account(name: str, role: str = "reader", active: bool = True) -> Account:
    return Account(name=name, role=role, secret="$argon2id$x", active=active, since=NOW)


def session(id: str, name: str, kind: str = "session", seen: datetime = NOW) -> Session:
    return Session(id=id, name=name, kind=kind, begun=NOW, seen=seen, ends=NOW + timedelta(hours=12))


def test_accounts_are_kept_and_changed(people: People) -> None:
    assert not people.closed() and not list(people.accounts())
    people.keep(account("bo"))
    people.keep(account("ann", "lead"))
    people.keep(account("bo", "reviewer"))
    assert people.closed()
    assert list(people.accounts()) == [account("ann", "lead"), account("bo", "reviewer")]
    assert list(people.account("bo")) == [account("bo", "reviewer")] and not list(people.account("zoe"))


def test_a_session_leads_to_the_person_as_they_are_now(people: People) -> None:
    people.keep(account("bo"))
    people.begin(session("one", "bo"))
    people.keep(account("bo", "lead"))
    assert list(people.whose("one")) == [(session("one", "bo"), Person("bo", "lead"))]
    people.keep(account("bo", active=False))
    assert not list(people.whose("one")) and not list(people.whose("two"))


def test_sessions_end_by_one_by_name_and_by_time(people: People) -> None:
    people.keep(account("bo"))
    for one in (session("one", "bo"), session("two", "bo"), session("token", "bo", "token")):
        people.begin(one)
    people.touch("two", NOW + timedelta(hours=5))
    people.clear(NOW, idle=NOW + timedelta(hours=1))
    assert [list(people.whose(id)) != [] for id in ("one", "two", "token")] == [False, True, True]
    assert people.end("two") == 1 and people.end("two") == 0
    assert people.end(name="bo") == 1
    people.begin(session("late", "bo", "token"))
    people.clear(NOW + timedelta(days=1), idle=NOW)
    assert not list(people.whose("late"))


def test_what_was_opened_is_counted_for_each_and_by_the_day(people: People) -> None:
    for kind in ("still", "clip", "clip"):
        people.count("bo", DAY, kind)
    people.count("ann", DAY, "clip")
    people.count("bo", "2031-03-12", "sound")
    assert people.counts("bo", DAY) == {"still": 1, "clip": 2}
    people.forget(DAY)
    assert people.counts("bo", "2031-03-12") == {} and people.counts("ann", DAY) == {"clip": 1}


def test_views_wait_until_they_are_booked(people: People) -> None:
    assert [people.see("bo", DAY, entry) for entry in ("report-1", "report-2", "report-1")] == [True, True, False]
    people.see("ann", DAY, "report-1")
    assert people.unbooked() == {"bo": ("report-1", "report-2"), "ann": ("report-1",)}
    people.booked("bo", ["report-1"])
    assert people.unbooked("bo") == {"bo": ("report-2",)}
    people.see("bo", DAY, "report-1")
    assert people.unbooked("bo") == {"bo": ("report-2",)}
    people.forget("2031-03-14")
    assert people.unbooked("bo") == {"bo": ("report-2",)}  # not before it is in the log


def test_the_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    open_people(tmp_path / "purport.people").keep(account("bo"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())
