"""Reading, importing and backing up are killed (kill -9) at any moment; afterwards nothing tells of it."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from custody_samples import wire
from faults import Tally
from victims import Victims, acknowledged
from wire_samples import Ticking

from purport.preserve import Archive

WHO = ("mayor", "clerk", "ministry", "council", "patrol", "keeper")


def statement(number: int) -> str:
    return f"The {WHO[number % 6]} said that boat {number} had passed. The {WHO[number % 5]} denied number {number}.\n"


def texts(folder: Path, first: int, count: int) -> list[str]:
    """Statements to be read, and one file of which nothing can be made."""
    names = []
    for number in range(first, first + count):
        name = f"statement-{number}.txt"
        (folder / name).write_text("" if number % 5 == 4 else statement(number))
        names.append(name)
    return names


def archive(folder: Path, first: int, count: int) -> list[str]:
    """A web archive of pages and a mailbox of letters, as others make them."""
    with Archive(folder / f"of-{first}", Ticking()) as made:
        for number in range(first, first + count):
            page = f"<html><title>Page {number}</title><article><p>{statement(number)}</p></article></html>"
            made.put(wire(f"http://sarn.example/{number}", page.encode()))
    letters = "".join(
        f"From desk@sarn.example Sun May  4 12:00:00 2031\nFrom: desk@sarn.example\nSubject: Letter {number}\n"
        f"Message-ID: <{number}@sarn.example>\nDate: Sun, 04 May 2031 12:00:00 +0000\n\n{statement(-number)}\n"
        for number in range(first, first + count)
    )
    (folder / f"of-{first}.mbox").write_text(letters)
    return [f"of-{first}/{path.name}" for path in (folder / f"of-{first}").iterdir()] + [f"of-{first}.mbox"]


KINDS: dict[str, Callable[[Path, int, int], list[str]]] = {"reading": texts, "importing": archive}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_killed_while_it_reads_has_lost_nothing(
    kind: str, victims: Victims, tmp_path: Path, tally: Tally
) -> None:
    chance, calls, seconds, first = random.Random(len(kind)), 200_000, 0.3, 1
    places: list[str] = []
    for round in range(tally.many(16)):
        fresh = KINDS[kind](tmp_path, first, 4)
        places, first = [*places, *fresh], first + 4
        by_call = round % 2
        kill = {"at": chance.randint(1, calls)} if by_call else {"after": chance.uniform(0.01, seconds)}
        told = victims.do(tmp_path, "read", places=places[-12:], **kill)
        if told["killed"]:
            tally(f"kill -9 while {kind}, {'at a call' if by_call else 'after a time'}")
        else:
            assert "error" not in told, told["message"]
            calls = min(calls, told["calls"]) if by_call else calls  # the next one dies earlier
        victims.whole(tmp_path)
    told = victims.do(tmp_path, "read", places=places)
    assert "error" not in told, told["message"]
    held = victims.whole(tmp_path)
    assert set(held["held"]) == set(acknowledged(tmp_path))
    assert len(held["read"]) == len({*held["read"]})


def test_a_backup_that_is_killed_leaves_the_others_whole(victims: Victims, tmp_path: Path, tally: Tally) -> None:
    chance, calls = random.Random(3), 60_000
    victims.do(tmp_path, "read", places=texts(tmp_path, 1, 10))
    for round in range(tally.many(8)):
        victims.do(tmp_path, "write", who="ona", round=round, count=2)
        told = victims.do(tmp_path, "backup", at=chance.randint(1, calls))
        if told["killed"]:
            tally("kill -9 while backing up")
        else:
            assert "error" not in told, told["message"]
            calls = min(calls, told["calls"])
        held = victims.whole(tmp_path)
        if held["backups"] and round % 4 == 3:
            killed = victims.do(tmp_path, "restore", at=chance.randint(1, calls))
            if killed["killed"]:
                tally("kill -9 while restoring")
                back = victims.do(tmp_path, "restore")
                assert "error" not in back or "is there already" in back["message"], back
            victims.whole(tmp_path / "back", acks=())
            victims.shell(f"rm -rf {tmp_path / 'back'}")
    assert "error" not in victims.do(tmp_path, "backup")
    assert "error" not in victims.do(tmp_path, "restore")


@pytest.mark.parametrize("killed", [False, True])
def test_two_desks_that_write_at_once_make_one_chain(
    killed: bool, victims: Victims, tmp_path: Path, tally: Tally
) -> None:
    chance = random.Random(4)
    for round in range(tally.many(4)):
        orders = [{"work": "write", "who": who, "round": round, "count": 6} for who in ("ona", "vell")]
        if killed:
            orders[0]["after"] = chance.uniform(0.01, 0.2)
        one, other = victims.together(tmp_path, *orders)
        assert "error" not in other, other
        tally("two desks writing at once" + (", one of them killed" if one["killed"] else ""))
        tally("the same entry delivered by both", 6)
        victims.whole(tmp_path)


def test_a_report_that_two_read_at_once_is_there_once(victims: Victims, tmp_path: Path, tally: Tally) -> None:
    for round in range(tally.many(3)):
        places = texts(tmp_path, 100 * round, 4)
        done = victims.together(tmp_path, *({"work": "read", "places": places} for _ in range(3)))
        assert not [one for one in done if "error" in one], done
        tally("the same report delivered three times at once", len(places))
        held = victims.whole(tmp_path)
        assert set(held["held"]) == set(acknowledged(tmp_path))
