"""What workers do of each queue, by the commands that people type: as if it were done here, and once."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from authority_samples import OpensslAuthority, authorities, needs_openssl, serving
from desk_samples import Desk
from film_samples import picture, street, tone
from ledger_places import url_in

from purport.core.work import Backlog
from purport.wiring import Config, open_house
from purport.wiring.working import JOBS, open_engine, open_tools

__all__ = ["authorities"]
PURPORT = (sys.executable, "-c", "from purport.cli import main; main()")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A folder whose commands hand over to workers, over a PostgreSQL."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PURPORT_LEDGER", url_in("postgresql", tmp_path))
    monkeypatch.setenv("PURPORT_ENGINE", JOBS)
    monkeypatch.delenv("PURPORT_AUTHORITY", raising=False)
    return Desk(tmp_path)


def config(office: Desk) -> Config:
    return Config(ledger=url_in("postgresql", office.folder), engine=JOBS)


def queue(office: Desk, name: str) -> Backlog:
    at = config(office)
    with open_tools(at) as tools:
        return next(one for one in open_engine(at, tools).standing().queues if one.queue == name)


def footage(folder: Path) -> Path:
    """A film, a picture, a sound, a copy of the picture, a file that is cut off, and a text."""
    made = folder / "in"
    made.mkdir()
    street(made / "a.mp4", 4.0, cuts=1)
    picture(made / "b.jpg")
    (made / "c.jpg").write_bytes((made / "b.jpg").read_bytes())
    tone(made / "d.m4a")
    (made / "e.mp4").write_bytes((made / "a.mp4").read_bytes()[:2000])
    (made / "f.png").write_bytes(b"no picture")
    return made


def held(at: Config) -> tuple[list[str], list[tuple[str, str]]]:
    """Releases and where they are from; what was missed, and why."""
    view = open_house(at).view
    releases = sorted(f"{release.id} {release.kind} {capture.place}" for release, capture in view.releases())
    return releases, sorted((gap.subject, gap.cause) for gap in view.gaps())


def test_footage_that_a_worker_examines_is_what_is_examined_here(office: Desk, monkeypatch: pytest.MonkeyPatch):
    footage(office.folder)
    told = office.run("footage", "add", "in")
    assert "Handed over 5 orders" in told.output
    assert queue(office, "footage").waiting == 5
    office.run("work", "--queues", "read,fetch,proof", "--until-empty")
    assert queue(office, "footage").waiting == 5, "it is another queue's"
    office.run("footage", "add", "in")  # handed over twice, it is done once
    done = office.lines("work", "--queues", "footage", "--until-empty", "--json")
    assert {one["order"]["what"] for one in done} == {"examine"}
    assert not [one for one in done if one.get("fault")]
    after = queue(office, "footage")
    assert (after.waiting, after.doing, after.failed) == (0, 0, 0)
    by_worker = held(config(office))
    prints = (office.folder / "purport.prints").rename(office.folder / "by-worker")
    monkeypatch.delenv("PURPORT_LEDGER")
    monkeypatch.setenv("PURPORT_ENGINE", "inline:")
    office.run("footage", "add", "in")
    here = held(Config())
    assert by_worker == here and len(here[0]) == 4 and len(here[1]) == 3
    of_worker, of_here = ({path.name for path in folder.iterdir()} for folder in (prints, Path("purport.prints")))
    assert of_worker == of_here and of_here
    monkeypatch.setenv("PURPORT_LEDGER", url_in("postgresql", office.folder))
    assert "All of it is as it was written." in office.run("verify").output


@pytest.fixture
def hand(office: Desk) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    made: list[subprocess.Popen[bytes]] = []

    def engage(*words: str) -> "subprocess.Popen[bytes]":
        made.append(subprocess.Popen((*PURPORT, "work", *words), cwd=office.folder, stdout=subprocess.DEVNULL))
        return made[-1]

    yield engage
    for one in made:
        one.kill()
        one.wait(60)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_footage_of_a_worker_that_was_killed_is_examined_by_another_and_is_there_once(
    office: Desk, hand: Callable[..., "subprocess.Popen[bytes]"]
):
    street(office.folder / "long.mp4", 30.0, cuts=3)
    office.run("footage", "add", "long.mp4")
    victim = hand("--queues", "footage", "--patience", "1")
    until(lambda: queue(office, "footage").doing == 1)
    victim.send_signal(signal.SIGKILL)
    victim.wait(60)
    assert queue(office, "footage").doing == 1
    hand("--queues", "footage", "--patience", "1")
    until(lambda: (after := queue(office, "footage")).waiting + after.doing == 0)
    releases, missed = held(config(office))
    assert len(releases) == 1 and not missed
    assert "All of it is as it was written." in office.run("verify").output


@needs_openssl
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_worker_with_an_authority_has_the_log_stamped_once(office: Desk, authorities: dict[str, OpensslAuthority]):
    office.put("a.txt", "The mayor of Dolva said that the ferry had left.\n")
    office.run("read", "a.txt", "--engine", "inline:")
    assert "Handed over 1 order" in office.run("stamp").output
    assert "all of it is done or waits already" in office.run("stamp").output
    (told,) = office.lines("work", "--queues", "proof", "--until-empty", "--json")
    assert "--authority URL" in told["fault"], "a worker without one says what it lacks"
    assert (queue(office, "proof").waiting, queue(office, "proof").later) == (0, 0)
    assert "Handed over 1 order" in office.run("stamp").output, "given up, it can be handed over again"
    with serving(authorities["good"]) as url:
        asked = len(authorities["good"].asked)
        stamped = ("work", "--queues", "proof", "--until-empty", "--json", "--allow-private", "--authority", url)
        (told,) = office.lines(*stamped)
        assert told["said"].startswith("entries 1-") and told["said"].endswith(" stamped")
        office.run("stamp")
        office.lines(*stamped)
        office.run("stamp")
        (told,) = office.lines(*stamped)
        assert len(authorities["good"].asked) - asked <= 3
    ca = office.put("ca.pem", authorities["good"].ca)
    verified = office.run("verify", "--ca", ca).output
    assert "All of it is as it was written." in verified and "none yet" not in verified
