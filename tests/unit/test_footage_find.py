"""`purport footage find`, `map` and `hashes`: films of our own, edited, against a small library."""

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from click.testing import CliRunner
from desk_samples import Desk, copied
from film_samples import Picture, card, fair, film, picture, tone

from purport.brief.sightings import MOVES
from purport.cli import main
from purport.edges.library import FolderLibrary
from purport.footage.index import open_index
from purport.footage.motion import STILL
from purport.footage.prints import Prints
from purport.footage.search import Others

RATE = 16
SECONDS = 6.0
SVG = "{http://www.w3.org/2000/svg}"


def times(seconds: float = SECONDS) -> Iterator[float]:
    return (number / RATE for number in range(round(seconds * RATE)))


def mirrored(shown: Picture) -> Picture:
    return np.ascontiguousarray(shown[:, ::-1])


def cropped(shown: Picture) -> Picture:
    """A fifth taken off each side's length."""
    height, width = shown.shape[:2]
    part = shown[height // 10 : height - height // 10, width // 10 : width - width // 10]
    return cv2.resize(part, (width, height)).astype(np.uint8)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three fairs of ten seconds; and three films that begin with one and the same title card."""
    folder = tmp_path_factory.mktemp("library")
    films = folder / "films"
    films.mkdir()
    for number in (1, 2, 3):
        film(films / f"fair{number}.mp4", (fair(t, number) for t in times(10)), RATE)
    for number in (4, 5, 6):
        shown = (card() if t < 3 else fair(t, number) for t in times())
        film(films / f"post{number}.mp4", shown, RATE)
    words = ["footage", "add", str(films), "--json", "--ledger", ledger(folder)]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return folder


def ledger(folder: Path) -> str:
    return f"sqlite:///{folder / 'purport.db'}"


def found(desk: Desk, library: Path, place: object) -> list[dict[str, Any]]:
    return desk.lines("footage", "find", place, "--json", "--ledger", ledger(library))


def told(desk: Desk, library: Path, place: object) -> list[str]:
    return desk.run("footage", "find", place, "--ledger", ledger(library)).stdout.splitlines()


def interval(match: dict[str, Any]) -> tuple[float, float, float, float]:
    return tuple(match[f"{side}_{end}"] for side in ("query", "reference") for end in ("start", "end"))  # type: ignore[return-value]


def release_of(desk: Desk, library: Path, name: str) -> str:
    lines = desk.lines("footage", "list", "--json", "--ledger", ledger(library))
    (id,) = (line["release"] for line in lines if line["place"].endswith(name))
    return str(id)


@pytest.mark.parametrize(
    ("name", "edit", "speed", "words"),
    [
        ("again", lambda shown: shown, 1.0, ""),
        ("mirrored", mirrored, 1.0, "(mirrored) "),
        ("cropped", cropped, 1.0, "(cropped) "),
        ("faster", lambda shown: shown, 1.25, "(1.25×) "),
    ],
)
def test_an_edited_part_is_found(desk: Desk, library: Path, name: str, edit: Any, speed: float, words: str) -> None:
    path = film(desk.folder / f"{name}.mp4", (edit(fair(2 + speed * t, 1)) for t in times()), RATE)
    (match,) = found(desk, library, path)
    assert list(match)[:10] == [
        "query", "reference", "query_start", "query_end", "reference_start", "reference_end", "speed", "mirrored",
        "kind", "score",
    ]  # fmt: skip
    assert match["reference"] == release_of(desk, library, "fair1.mp4")
    assert match["query"].endswith(f"{name}.mp4")
    assert interval(match) == pytest.approx((0, 6, 2, 2 + 6 * speed), abs=0.15)
    assert (match["kind"], match["mirrored"]) == ("same footage", name == "mirrored")
    assert match["speed"] == pytest.approx(speed, abs=0.01)
    lines = told(desk, library, path)
    assert f" here = 0:02.0–0:0{'8.0' if speed == 1 else '9.5'} in release-" in lines[1]
    assert f"fair1.mp4) {words}same footage · " in lines[1]
    assert lines[-1] == "Searched: 6 releases, 0:48.0 of video."


def test_a_compilation_is_taken_apart(desk: Desk, library: Path) -> None:
    def shown(t: float) -> Picture:
        if t < 3:
            return fair(4 + t, 1)
        return fair(t, 99) if t < 6 else mirrored(fair(t - 5, 2))

    path = film(desk.folder / "both.mp4", (shown(t) for t in times(9)), RATE)
    first, second = found(desk, library, path)
    assert interval(first) == pytest.approx((0, 3, 4, 7), abs=0.15)
    assert interval(second) == pytest.approx((6, 9, 1, 4), abs=0.15)
    assert (first["mirrored"], second["mirrored"]) == (False, True)
    assert told(desk, library, path)[-1] == "Not found: 0:03.0–0:06.0. Searched: 6 releases, 0:48.0 of video."


def test_what_is_nowhere_is_not_found_and_nothing_else(desk: Desk, library: Path) -> None:
    path = film(desk.folder / "new.mp4", (fair(t, 77) for t in times()), RATE)
    assert found(desk, library, path) == []
    words = told(desk, library, path)
    assert words[1:] == [
        "Not found. Searched: 6 releases, 0:48.0 of video. That says nothing of footage that was not taken in."
    ]
    assert not {"original", "authentic", "genuine", "new", "first"} & set(words[1].lower().split())


def test_the_same_view_at_another_time_is_the_same_scene(desk: Desk, library: Path) -> None:
    path = film(desk.folder / "later.mp4", (fair(200 + t, 1) for t in times()), RATE)
    (match,) = found(desk, library, path)
    assert match["kind"] == "same scene"
    lines = told(desk, library, path)
    assert "(fair1.mp4)" not in lines[1]
    assert "same scene" in lines[1]
    assert lines[2].startswith("    the same view at another time: what moves does not agree (")


def test_a_shared_card_counts_less_and_can_not_be_told(desk: Desk, library: Path) -> None:
    path = film(desk.folder / "card.mp4", (cropped(card()) for t in times(3)), RATE)
    matches = found(desk, library, path)
    assert {match["kind"] for match in matches} == {"undecidable"}
    assert all(match["discount"] > 0.3 and match["shared"] >= 3 for match in matches)
    lines = told(desk, library, path)
    assert lines[2] == "    nothing moves that could tell one time from another"
    assert re.fullmatch(r"    places shared with [2-5] other releases count less: \d\d % off", lines[3])


def test_the_words_and_the_judge_agree_on_what_moves() -> None:
    assert MOVES == STILL


def test_a_release_never_finds_itself_but_what_else_is_in_it(desk: Desk, library: Path) -> None:
    id = release_of(desk, library, "fair1.mp4")
    assert found(desk, library, id) == []
    assert "Searched: 5 releases, 0:38.0 of video." in told(desk, library, id[:16])[-1]
    matches = found(desk, library, release_of(desk, library, "post4.mp4"))
    assert {match["place"].rpartition("/")[2] for match in matches} == {"post5.mp4", "post6.mp4"}
    assert all(match["query_end"] == pytest.approx(3, abs=0.15) for match in matches)


def test_the_very_bytes_are_told_as_such(desk: Desk, library: Path) -> None:
    copy = desk.folder / "copy.mp4"
    shutil.copy(library / "films" / "post4.mp4", copy)
    same, *others = found(desk, library, copy)
    assert same["same_bytes"] is True
    assert interval(same) == pytest.approx((0, 6, 0, 6), abs=0.05)
    assert {match["place"].rpartition("/")[2] for match in others} == {"post5.mp4", "post6.mp4"}
    assert told(desk, library, copy)[1].endswith("same footage · the same bytes")


def test_copies_of_one_file_are_one_release(desk: Desk) -> None:
    for name in ("a.mp4", "b.mp4"):
        film(desk.folder / name, (fair(t, 1) for t in times()), RATE)
    desk.run("footage", "add", "a.mp4", "b.mp4")
    path = film(desk.folder / "c.mp4", (mirrored(fair(t, 1)) for t in times()), RATE)
    assert len(desk.lines("footage", "find", path, "--json")) == 1
    assert "Searched: 1 release, " in desk.run("footage", "find", path).stdout


def test_names_change_nothing(desk: Desk) -> None:
    """The same films under each other's names: the same intervals, kinds and scores."""
    query = film(desk.folder / "query.mp4", (cropped(fair(2 + t, 1 + (t > 3))) for t in times()), RATE)
    answers = []
    for names in (("army.mp4", "rebels.mp4"), ("rebels.mp4", "army.mp4")):
        folder = desk.folder / names[0]
        folder.mkdir()
        for number, name in enumerate(names, 1):
            film(folder / name, (fair(t, number) for t in times(10)), RATE)
        url = f"sqlite:///{folder}/purport.db"
        desk.run("footage", "add", folder, "--ledger", url)
        matches = desk.lines("footage", "find", query, "--json", "--ledger", url)
        for match in matches:
            match["reference"] = names.index(match.pop("place").rpartition("/")[2])
        answers.append(matches)
    assert len(answers[0]) == 2
    assert answers[0] == answers[1]


@pytest.mark.parametrize(("edit", "words"), [(lambda shown: shown, ""), (mirrored, "(mirrored) ")])
def test_a_still_is_found_at_its_moment_and_undecidable(desk: Desk, library: Path, edit: Any, words: str) -> None:
    path = desk.folder / "still.png"
    assert cv2.imwrite(str(path), cv2.cvtColor(edit(fair(4.25, 1)), cv2.COLOR_RGB2BGR))
    (match,) = found(desk, library, path)
    assert match["kind"] == "undecidable"
    assert match["reference"] == release_of(desk, library, "fair1.mp4")
    assert interval(match)[:2] == (0, 0)
    assert match["reference_start"] <= 4.25 <= match["reference_end"] <= match["reference_start"] + 0.6
    lines = told(desk, library, path)
    assert lines[0].endswith("still.png  a still picture")
    assert re.match(r"it = 0:04\.\d–0:04\.\d in release-", lines[1])
    assert f"fair1.mp4) {words}undecidable · " in lines[1]
    assert lines[2] == "    nothing moves that could tell one time from another"


def test_a_new_still_is_not_found(desk: Desk, library: Path) -> None:
    path = desk.folder / "still.png"
    assert cv2.imwrite(str(path), fair(4.25, 77))
    assert found(desk, library, path) == []


def test_a_picture_is_found_in_a_picture(desk: Desk) -> None:
    assert cv2.imwrite("whole.png", fair(1, 1))
    assert cv2.imwrite("part.png", cropped(fair(1, 1)))
    desk.run("footage", "add", "whole.png")
    lines = desk.run("footage", "find", "part.png").stdout.splitlines()
    assert re.match(r"it = the picture in release-\w+ \(whole\.png\) \(cropped\) undecidable · ", lines[1])


# what can't be asked


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("find", "none.mp4"), 3, "There is no such file"),
        (("find", "."), 3, "is a folder"),
        (("find", "notes.txt"), 3, "It is text"),
        (("find", "release-0000"), 7, "No release has an id"),
        (("find", "a.png", "--sheet", "sheet.png"), 2, "ends in .jpg"),
        (("find", "a.png", "--sheet", "none/sheet.jpg"), 2, "There is no folder none"),
        (("map", "a.png", "-o", "map.png"), 2, "ends in .svg"),
        (("find", "tone.wav"), 10, "tone.wav holds no pictures"),
        (("find", "broken.mp4"), 10, "broken.mp4 can't be opened"),
        (("hashes",), 2, "Name a file or release"),
        (("hashes", "--import", "notes.txt"), 3, "holds no PDQ hash"),
        (("hashes", "release-0000"), 7, "No release has an id"),
    ],
)
def test_what_can_not_be_asked_says_why(
    desk: Desk, library: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    desk.put("notes.txt", "not footage")
    desk.put("broken.mp4", bytes(range(256)) * 20)
    picture(desk.folder / "a.png")
    tone(desk.folder / "tone.wav", codec="pcm_s16le")
    assert said in desk.run("footage", *words, "--ledger", ledger(library), code=code).stderr


def test_an_empty_library_says_what_to_do(desk: Desk) -> None:
    path = film(desk.folder / "a.mp4", (fair(t) for t in times(1)), RATE)
    assert "purport footage add FILE" in desk.run("footage", "find", path, code=7).stderr
    desk.run("footage", "add", path)
    (release,) = desk.lines("footage", "list", "--json")
    assert "no other footage" in desk.run("footage", "find", release["release"], code=7).stderr


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_lost_prints_are_told_and_stop_nothing(desk: Desk, library: Path, share: float) -> None:
    here = copied(library, desk.folder / "here")
    id = release_of(desk, here, "fair1.mp4")
    lost = here / "purport.prints" / f"{id}.prints"
    if share:
        lost.write_bytes(lost.read_bytes()[: int(share * lost.stat().st_size)])
    else:
        lost.unlink()
    (here / "purport.index").unlink(missing_ok=True)
    path = film(desk.folder / "again.mp4", (fair(2 + t, 2) for t in times()), RATE)
    shown = desk.run("footage", "find", path, "--ledger", ledger(here))
    assert "fair2.mp4) same footage" in shown.stdout
    assert f"Left out: {id} was not searched" in shown.stderr
    assert "Searched: 5 releases" in shown.stdout


# pictures


def test_the_sheet_shows_pairs_blurred_until_asked_for(desk: Desk, library: Path) -> None:
    path = film(desk.folder / "cropped.mp4", (cropped(fair(2 + t, 1)) for t in times()), RATE)
    sheets = []
    for words in ((), ("--clear",)):
        desk.run("footage", "find", path, "--sheet", "sheet.jpg", *words, "--ledger", ledger(library))
        sheets.append(cv2.imread("sheet.jpg", cv2.IMREAD_UNCHANGED))
    blurred, clear = sheets
    assert blurred.ndim == clear.ndim == 2  # grey
    assert blurred.shape[1] < clear.shape[1]
    left, right = clear[30:232, 12:372], clear[30:232, 384:744]  # the first pair
    small = cv2.resize(left[:202], (200, 112), interpolation=cv2.INTER_AREA)
    assert edges(small[10:100, 10:190]) > 2 * edges(blurred[42:132, 22:202])
    # what the outline encloses on the right is what is shown on the left
    inner = cv2.resize(right[20:182, 36:324], (360, 202))
    assert np.corrcoef(left[30:170, 40:320].ravel(), inner[30:170, 40:320].ravel())[0, 1] > 0.8


def edges(part: Any) -> float:
    return float(np.abs(np.diff(part.astype(float), axis=1)).mean())


def test_nothing_found_writes_no_sheet(desk: Desk, library: Path) -> None:
    path = film(desk.folder / "new.mp4", (fair(t, 77) for t in times(2)), RATE)
    shown = desk.run("footage", "find", path, "--sheet", "sheet.jpg", "--ledger", ledger(library))
    assert "sheet.jpg was not written" in shown.stderr
    assert not (desk.folder / "sheet.jpg").exists()


def test_the_map_draws_each_match_and_what_is_nowhere(desk: Desk, library: Path) -> None:
    def shown(t: float) -> Picture:
        if t < 3:
            return fair(4 + t, 1)
        return fair(t, 99) if t < 6 else mirrored(fair(t - 5, 2))

    path = film(desk.folder / "a<b>&c.mp4", (shown(t) for t in times(9)), RATE)
    desk.run("footage", "map", path, "-o", "map.svg", "--ledger", ledger(library))
    drawn = (desk.folder / "map.svg").read_text("utf-8")
    root = ElementTree.fromstring(drawn)
    ribbons = [one for one in root.iter(f"{SVG}path") if "ribbon" in one.get("class", "")]
    assert [one.get("class") for one in ribbons] == ["ribbon same", "ribbon same mirrored"]
    assert ["fair1.mp4" in (one.findtext(f"{SVG}title") or "") for one in ribbons] == [True, False]
    lost = [one for one in root.iter(f"{SVG}rect") if one.get("class") == "lost" and one.get("height") == "24"]
    assert [one.findtext(f"{SVG}title") for one in lost] == ["not found: 0:03.0–0:06.0"]
    assert (float(lost[0].get("x", 0)), float(lost[0].get("width", 0))) == pytest.approx((308, 284), abs=12)
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
    assert "a<b>&c.mp4" in (root.findtext(f"{SVG}title") or "")


# hashes to exchange


def test_hashes_go_out_as_vpdq_writes_them_and_are_found_again(desk: Desk, library: Path) -> None:
    id = release_of(desk, library, "fair2.mp4")
    out = desk.run("footage", "hashes", id, "--ledger", ledger(library)).stdout
    rows = [line.split(",") for line in out.splitlines()]
    assert [(row[0], row[3]) for row in rows] == [(str(n * RATE), f"{n}.000") for n in range(10)]
    prints = Prints.load(library / "purport.prints" / f"{id}.prints")
    assert [bytes.fromhex(row[2]) for row in rows] == [one.tobytes() for one in prints.pdq]
    desk.put("theirs.vpdq", out)
    hits = desk.lines("footage", "hashes", "--import", "theirs.vpdq", "--json", "--ledger", ledger(library))
    own = [hit for hit in hits if hit["release"] == id]
    assert [(hit["second"], hit["line"], hit["distance"]) for hit in own] == [(n, n + 1, 0) for n in range(10)]
    assert hits == own  # the other fairs are far off
    shown = desk.run("footage", "hashes", id[:14], "--import", "theirs.vpdq", "--ledger", ledger(library)).stdout
    assert " = line 1 of the list · the same hash" in shown.splitlines()[0]
    assert shown.splitlines()[-1] == "10 hits. Compared: 10 listed hashes with 1 release."


def test_a_hash_is_near_up_to_31_bits(desk: Desk, library: Path) -> None:
    id = release_of(desk, library, "fair2.mp4")
    hash = Prints.load(library / "purport.prints" / f"{id}.prints").pdq[4]
    for bits, distances in ((31, [31]), (32, [])):
        changed = np.unpackbits(hash)
        changed[:bits] ^= 1
        desk.put("list.txt", f"# from a colleague\n{np.packbits(changed).tobytes().hex().upper()}\n")
        hits = desk.lines("footage", "hashes", "--import", "list.txt", "--json", "--ledger", ledger(library))
        assert [hit["distance"] for hit in hits if hit["second"] == 4] == distances
        assert all(hit["line"] == 2 for hit in hits)


# the index


def test_the_index_grows_by_what_is_new(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2):
        film(desk.folder / f"{number}.mp4", (fair(t, number) for t in times(3)), RATE)
    desk.run("footage", "add", "1.mp4", "2.mp4")
    shelf = FolderLibrary(desk.folder / "purport.prints")
    kept = desk.folder / "purport.index"
    assert len(open_index(shelf, kept)) == 2
    film(desk.folder / "3.mp4", (fair(t, 3) for t in times(3)), RATE)
    (third,) = desk.lines("footage", "add", "3.mp4", "--json")
    opened: list[str] = []
    whole = FolderLibrary.open
    monkeypatch.setattr(FolderLibrary, "open", lambda self, id: opened.append(id) or whole(self, id))  # type: ignore[func-returns-value]
    assert open_index(shelf, kept).names[-1] == third["release"]
    assert opened == [third["release"]]
    opened.clear()
    assert len(open_index(shelf, kept)) == 3
    assert opened == []


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_broken_index_is_made_anew(desk: Desk, library: Path, share: float) -> None:
    here = copied(library, desk.folder / "here")
    path = film(desk.folder / "crop.mp4", (cropped(fair(2 + t, 1)) for t in times(3)), RATE)
    before = found(desk, here, path)
    index = here / "purport.index"
    data = index.read_bytes()
    index.write_bytes(data[: int(share * len(data))])
    assert found(desk, here, path) == before
    assert index.stat().st_size == len(data)


def test_its_size_is_told(desk: Desk) -> None:
    film(desk.folder / "a.mp4", (fair(t) for t in times(2)), RATE)
    assert "index" not in desk.run("footage", "add", "a.mp4").stdout.splitlines()[-1]
    desk.run("footage", "find", "a.mp4")
    size = (desk.folder / "purport.index").stat().st_size
    said = desk.run("footage", "list").stdout.splitlines()[-1]
    match = re.search(r" · index: ([\d.]+) kB, ([\d.]+) MB an hour$", said)
    assert match
    assert float(match[1]) == pytest.approx(size / 1e3, abs=0.06 if size < 1e5 else 0.6)
    assert float(match[2]) == pytest.approx(size * 1800 / 1e6, rel=0.05)


def test_a_release_left_out_makes_nothing_common(desk: Desk, library: Path) -> None:
    index = open_index(FolderLibrary(library / "purport.prints"), desk.folder / "index")
    own, other = (release_of(desk, library, f"post{number}.mp4") for number in (4, 5))
    numbers = [index.names.index(id) for id in (own, other)]
    patterns = index.prints(numbers[0]).marks.patterns
    with_it, without = index.alike(patterns), Others(index, own).alike(patterns)
    assert numbers[0] in with_it
    assert numbers[0] not in without
    before, after = with_it[numbers[1]], without[numbers[1]]
    assert (after.shared == before.shared - 1).all()  # each of its own marks is like itself
    assert (after.rarity >= before.rarity).all()
    assert after.rarity.max() > before.rarity.max()


def adding(folder: Path, source: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", "from purport.cli import main; main()", "footage", "add", str(source)]
    command += ["--ledger", ledger(folder)]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.parametrize("between", [False, True])
def test_a_kill_while_adding_changes_no_answer(desk: Desk, library: Path, between: bool) -> None:
    """Asked in the end, the index is the same; asked in between, it was grown in steps, and finds the same."""
    killed = desk.folder / "killed"
    killed.mkdir()
    path = film(desk.folder / "crop.mp4", (cropped(fair(2 + t, 2)) for t in times(3)), RATE)
    kills = 0
    for done in (1, 2, 4):  # of the six films
        running = adding(killed, library / "films")
        while running.poll() is None and len(list((killed / "purport.prints").glob("release-*.prints"))) < done:
            time.sleep(0.002)
        if running.poll() is None:
            running.send_signal(signal.SIGKILL)
            kills += 1
        running.wait()
        if between and (killed / "purport.db").exists():
            CliRunner().invoke(main, ["footage", "find", str(path), "--ledger", ledger(killed)])
    assert kills == 3
    assert adding(killed, library / "films").wait(120) == 0
    untouched = desk.folder / "whole"  # added anew, so that both are of the code as it is now
    untouched.mkdir()
    assert adding(untouched, library / "films").wait(120) == 0
    (after,), (whole,) = found(desk, killed, path), found(desk, untouched, path)
    if between:
        assert interval(after) == pytest.approx(interval(whole), abs=0.05)
        assert [after[name] for name in TOLD] == [whole[name] for name in TOLD]
    else:
        assert after == whole


TOLD = ("reference", "kind", "mirrored", "edits")
