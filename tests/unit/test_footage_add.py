"""`purport footage add`, `list` and `show`: whole files, broken files, and a kill in the middle."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from desk_samples import Desk
from film_samples import authority, cut, film, picture, signed, street, tone, town, with_index_first

from purport.app import House
from purport.core.records import Gap
from purport.edges.blobs import FolderBlobs
from purport.edges.workshop import ProcessWorkshop
from purport.footage.prints import Prints
from purport.wiring import Config, open_house


def house() -> House:
    return open_house(Config())


def gaps() -> list[Gap]:
    return list(house().view.gaps())


def causes() -> list[tuple[str, str]]:
    return [(Path(gap.subject).name, gap.cause) for gap in gaps()]


def test_a_folder_is_taken_in(desk: Desk) -> None:
    folder = desk.folder / "in"
    folder.mkdir()
    street(folder / "a.mp4", 4.0, cuts=1, tags={"creation_time": "2031-05-04T09:30:00Z"})
    film(folder / "b.gif", (town(n / 5) for n in range(5)), 5, "gif")
    signed(picture(folder / "c.jpg"))
    tone(folder / "d.m4a")
    (folder / "notes.txt").write_text("not footage")
    shown = desk.run("footage", "add", "in")
    lines = shown.stdout.splitlines()
    assert re.match(
        r"in/a\.mp4  video · 0:04\.0 · 160×96 · 10/s · mp4 \(h264\) · [\d.]+ kB · "
        r"states 2031-05-04T09:30:00\S* · no C2PA · 2 shots · release-[0-9a-f]{8}$",
        lines[0],
    )
    assert "in/b.gif  video · 0:01.0" in lines[1]
    assert "in/c.jpg  image · 160×96 · jpeg" in lines[2]
    assert "in/d.m4a  audio · 0:02" in lines[3]
    assert "C2PA signer not on a trust list" in lines[4]
    assert re.match(r"5 releases · prints of all video: [\d.]+ kB for 0:05\.0, [\d.]+ MB an hour$", lines[5])
    assert "gap no picture (footage) in/d.m4a" in shown.stderr
    assert "1 .txt" in shown.stderr
    assert desk.run("footage", "list").stdout.splitlines() == lines


def test_json_lines_are_whole_and_hold_what_is_stored(desk: Desk) -> None:
    path = street(desk.folder / "a.mp4", 4.0, cuts=1)
    (found,) = desk.lines("footage", "add", path, "--json")
    assert list(found)[:4] == ["release", "place", "digest", "size"]
    assert found["size"] == path.stat().st_size
    assert FolderBlobs(desk.folder / "purport.blobs").get(found["digest"]) == path.read_bytes()
    assert [[shot["start"], round(shot["end"], 1)] for shot in found["shots"]] == [[0.0, 2.0], [2.0, 4.0]]
    for shot in found["shots"]:
        still = FolderBlobs(desk.folder / "purport.blobs").get(shot["still"])
        assert cv2.imdecode(np.frombuffer(still, np.uint8), cv2.IMREAD_UNCHANGED).shape == (96, 160)
    prints = Prints.load(desk.folder / "purport.prints" / f"{found['release']}.prints")
    assert prints.duration == pytest.approx(4.0, abs=0.05)
    assert desk.lines("footage", "list", "--json") == [found]
    assert desk.lines("footage", "show", found["release"][:14], "--json") == [found]


def test_show_says_it_to_people(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    path = signed(street(desk.folder / "a.mp4", 4.0, cuts=1), "video/mp4")
    (found,) = desk.lines("footage", "add", path, "--json")
    shown = desk.run("footage", "show", found["release"]).stdout
    for words in (found["release"], found["digest"], "Ona Vell · Dolva Post", "0:00.0–0:02.0, 0:02.0–0:04.0"):
        assert words in " ".join(shown.split())


def test_what_is_known_is_not_done_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    street(desk.folder / "a.mp4", 1.0)
    tone(desk.folder / "b.m4a")
    desk.run("footage", "add", "a.mp4", "b.m4a")
    monkeypatch.setattr(ProcessWorkshop, "do", lambda *_: pytest.fail("done again"))
    shown = desk.run("footage", "add", "a.mp4", "b.m4a").stdout
    assert shown.count("known before") == 3
    assert "2 releases, 2 known before" in shown


def test_lost_prints_are_taken_again(desk: Desk) -> None:
    street(desk.folder / "a.mp4", 1.0)
    desk.run("footage", "add", "a.mp4")
    (prints,) = (desk.folder / "purport.prints").iterdir()
    data = prints.read_bytes()
    prints.unlink()
    desk.run("footage", "add", "a.mp4")
    assert prints.read_bytes() == data
    assert house().view.counts()["releases"] == 1


def test_a_trust_list_makes_a_release_of_its_own(desk: Desk) -> None:
    path = signed(picture(desk.folder / "a.jpg"))
    (before,) = desk.lines("footage", "add", path, "--json")
    trust = desk.put("trust.pem", authority()[0])
    (after,) = desk.lines("footage", "add", path, "--json", "--trust", trust)
    assert (before["provenance"]["verdict"], after["provenance"]["verdict"]) == ("untrusted", "valid")
    assert desk.lines("footage", "list", "--json") == [after]


@pytest.mark.parametrize("words", [("footage", "list"), ("footage", "show", "release-0000")])
def test_an_empty_ledger_says_what_to_do(desk: Desk, words: tuple[str, ...]) -> None:
    assert desk.run(*words, code=7).stderr


@pytest.mark.parametrize(("trust", "words"), [("none.pem", "can't be read"), ("words.pem", "holds no certificate")])
def test_a_trust_list_that_is_none_is_refused(desk: Desk, trust: str, words: str) -> None:
    desk.put("words.pem", "Trust me.")
    assert words in desk.run("footage", "add", picture(desk.folder / "a.jpg"), "--trust", trust, code=2).stderr


# bad input: each is a gap with its cause, and what comes after it is taken in


@pytest.fixture
def beside(desk: Desk) -> Iterator[Desk]:
    """A desk where a good film is added after the bad one, and must be there in the end."""
    street(desk.folder / "good.mp4", 1.0)
    yield desk
    assert [Path(capture.place).name for _, capture in house().view.releases()][-1:] == ["good.mp4"]


def test_a_film_cut_off_keeps_what_decodes(beside: Desk) -> None:
    cut(with_index_first(beside.folder / "cut.mp4", 10.0), 0.5)
    found, _ = beside.lines("footage", "add", "cut.mp4", "good.mp4", "--json")
    assert ("cut.mp4", "truncated") in causes()
    prints = Prints.load(beside.folder / "purport.prints" / f"{found['release']}.prints")
    assert 2 < prints.duration < 8
    assert found["duration"] == pytest.approx(10.0, abs=0.1)  # as stated
    assert re.search(r"states 10\.0 seconds; its pictures end after \d\.\d", gaps()[0].detail)


def test_a_film_without_its_index(beside: Desk) -> None:
    cut(street(beside.folder / "cut.mp4"), 0.7)
    beside.run("footage", "add", "cut.mp4", "good.mp4")
    assert causes() == [("cut.mp4", "truncated")]


def test_no_pictures_in_it(beside: Desk) -> None:
    path = street(beside.folder / "no.mp4", 1.0, movflags="faststart")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"mdat") + 4])  # an index, and nothing that it points at
    beside.run("footage", "add", "no.mp4", "good.mp4")
    assert causes() == [("no.mp4", "undecodable")]


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "empty"),
        (b"Not a film: a text.\n" * 50, "not-footage"),
        (b"<html><p>Not found</p></html>", "not-footage"),
        (bytes(5_000), "undecodable"),
        (bytes(range(256)) * 30, "undecodable"),
    ],
)
def test_what_is_no_film_whatever_its_name(beside: Desk, data: bytes, cause: str) -> None:
    beside.put("no.mp4", data)
    beside.run("footage", "add", "no.mp4", "good.mp4")
    assert causes() == [("no.mp4", cause)]
    assert gaps()[0].detail


@pytest.mark.parametrize("name", ["dot.png", "dot.gif"])
def test_a_single_pixel(beside: Desk, name: str) -> None:
    dot = np.full((1, 1, 3), 120, np.uint8)
    if name.endswith("gif"):
        film(beside.folder / name, [dot, dot], codec="gif")
    else:
        picture(beside.folder / name, size=(1, 1))
    found, _ = beside.lines("footage", "add", name, "good.mp4", "--json")
    assert (found["width"], found["height"]) == (1, 1)
    assert found["prints"]
    assert causes() == []


def test_uneven_pictures(beside: Desk) -> None:
    pauses = [n if n < 10 else 5 * n - 40 for n in range(20)]
    film(beside.folder / "slow.mp4", (town(n / 10) for n in range(20)), times=pauses)
    found, _ = beside.lines("footage", "add", "slow.mp4", "good.mp4", "--json")
    assert found["variable"]
    assert found["duration"] == pytest.approx(5.6, abs=0.6)


def test_8k(beside: Desk) -> None:
    large = (town(n / 2, size=(7680, 4320)) for n in range(3))
    film(beside.folder / "large.mp4", large, 2)
    found, _ = beside.lines("footage", "add", "large.mp4", "good.mp4", "--json")
    assert (found["width"], found["height"]) == (7680, 4320)
    assert causes() == []


def test_sound_alone_is_a_release_without_prints(beside: Desk) -> None:
    tone(beside.folder / "a.mp3", codec="libmp3lame")
    found, _ = beside.lines("footage", "add", "a.mp3", "good.mp4", "--json")
    assert (found["kind"], found["prints"], found["shots"]) == ("audio", "", [])
    assert causes() == [("a.mp3", "no-picture")]


def test_ten_minutes_of_black(beside: Desk) -> None:
    black = np.zeros((48, 64, 3), np.uint8)
    film(beside.folder / "black.mp4", (black for _ in range(6_000)), 10)
    begun = time.monotonic()
    found, _ = beside.lines("footage", "add", "black.mp4", "good.mp4", "--json")
    assert time.monotonic() - begun < 60
    assert found["duration"] == pytest.approx(600, abs=1)
    assert len(found["shots"]) == 1
    assert (beside.folder / "purport.prints" / f"{found['release']}.prints").stat().st_size < 100_000


def test_a_file_that_changes_while_it_is_read(beside: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = street(beside.folder / "moving.mp4")
    keep = FolderBlobs.put_file

    def late(self: FolderBlobs, kept: Path) -> str:
        if kept.name == "moving.mp4":
            with path.open("ab") as file:
                file.write(b"and more")
        return keep(self, kept)

    monkeypatch.setattr(FolderBlobs, "put_file", late)
    beside.run("footage", "add", "moving.mp4", "good.mp4")
    assert causes() == [("moving.mp4", "changed")]
    assert "moving.mp4" not in [Path(capture.place).name for _, capture in house().view.releases()]


@pytest.mark.parametrize(("step", "cause"), [("abort", "crashed"), ("swell", "memory"), ("mutter", "timeout")])
def test_what_takes_the_worker_down(beside: Desk, monkeypatch: pytest.MonkeyPatch, step: str, cause: str) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    do = ProcessWorkshop.do

    def harmed(self: ProcessWorkshop, name: str, order: bytes, told: Any) -> bytes:
        if b"bad.mp4" not in order:
            return do(self, name, order, told)
        with closing(ProcessWorkshop({name: f"workshop_samples:{step}"}, self._bounds)) as shop:
            return do(shop, name, order, told)

    monkeypatch.setattr(ProcessWorkshop, "do", harmed)
    street(beside.folder / "bad.mp4")
    beside.run("footage", "add", "bad.mp4", "good.mp4", "--seconds", 3, "--memory", 1024)
    assert causes() == [("bad.mp4", cause)]


def test_a_small_file_that_unpacks_to_a_huge_picture(beside: Desk) -> None:
    bomb = beside.folder / "bomb.png"
    assert cv2.imwrite(str(bomb), np.zeros((16_000, 16_000, 3), np.uint8))
    assert bomb.stat().st_size < 1_000_000
    beside.run("footage", "add", "bomb.png", "good.mp4", "--memory", 700)
    assert causes() == [("bomb.png", "memory")]


@pytest.mark.parametrize(
    ("place", "cause"), [("nowhere.mp4", "missing"), ("https://dolva.example/a.mp4", "not-read"), ("", "missing")]
)
def test_places_without_a_file(beside: Desk, place: str, cause: str) -> None:
    beside.run("footage", "add", place, "good.mp4")
    assert [gap.cause for gap in gaps()] == [cause]


def test_a_pipe_is_not_waited_for(beside: Desk) -> None:
    os.mkfifo(beside.folder / "pipe.mp4")
    beside.run("footage", "add", "pipe.mp4", "good.mp4")
    assert causes() == [("pipe.mp4", "not-read")]


def test_nothing_at_all_is_an_error(desk: Desk) -> None:
    desk.put("a.mp4", b"")
    assert "Nothing was taken in: a.mp4" in desk.run("footage", "add", "a.mp4", code=3).stderr


# a kill in the middle


def state(folder: Path) -> dict[str, Any]:
    """All that a desk holds, but for the times at which it came by it."""
    at = open_house(Config(ledger=f"sqlite:///{folder / 'purport.db'}"))
    stored = [
        path for kind in ("blobs", "prints") for path in (folder / f"purport.{kind}").rglob("*") if path.is_file()
    ]
    return {
        "releases": [(release, capture.id) for release, capture in at.view.releases()],
        "counts": at.view.counts(),
        "gaps": [gap.id for gap in at.view.gaps()],
        "files": {str(path.relative_to(folder)): path.read_bytes() for path in stored},
    }


def adding(folder: Path, source: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from purport.cli import main; main()", "footage", "add", str(source), "--json"]
    command += ["--ledger", f"sqlite:///{folder / 'purport.db'}"]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_a_kill_in_the_middle_changes_nothing_in_the_end(tmp_path: Path) -> None:
    source, whole, killed = tmp_path / "in", tmp_path / "whole", tmp_path / "killed"
    for folder in (source, whole, killed):
        folder.mkdir()
    street(source / "a.mp4", 2.0, cuts=1)
    street(source / "b.mp4", 60.0, rate=25, cuts=5)
    cut(with_index_first(source / "c.mp4", 10.0), 0.5)
    picture(source / "d.png")
    assert adding(whole, source).wait(120) == 0
    kills = 0
    for wait, done in (
        (0.0, 0),
        (0.3, 0),
        (0.0, 1),
        (0.3, 1),
        (0.0, 2),
    ):  # seconds; files with prints
        running = adding(killed, source)
        while running.poll() is None and len(list((killed / "purport.prints").glob("release-*.prints"))) < done:
            time.sleep(0.002)
        time.sleep(wait)
        if running.poll() is None:
            running.send_signal(signal.SIGKILL)
            kills += 1
        running.wait()
    assert kills >= 4
    time.sleep(0.5)  # an orphaned worker notices at its next word
    assert adding(killed, source).wait(120) == 0
    assert state(killed) == state(whole)
