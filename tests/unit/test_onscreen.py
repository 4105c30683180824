"""What stands written in pictures: one entry a line, with its place and its seconds, and what is withheld."""

import re
from pathlib import Path

import numpy as np
import pytest
from picture_samples import Grey, ground, written
from sound_samples import film, tone

from purport.core.transcript import Box, Seen
from purport.footage import onscreen
from purport.footage.frames import Picture
from purport.footage.onscreen import Line, Looking

BOX = (10, 10, 200, 30)


def looked(pictures: list[list[Line]]) -> Seen:
    """The lines of pictures two seconds apart, each picture unlike the one before."""
    looking, rest = Looking(), list(pictures)
    for number in range(len(pictures)):
        grey = np.full((64, 96), 60 + 90 * (number % 2), np.uint8)
        looking.see(Picture(2.0 * number, grey), lambda _: rest.pop(0))
    return looking.done((), 2.0)


def test_a_line_over_several_pictures_is_one_entry() -> None:
    found = looked([[], [Line("Port Hale, 3 May", 0.97, BOX)], [Line("Port Hale, 3 May", 0.99, (11, 10, 200, 31))], []])
    assert [(one.text, one.start, one.end, one.looks, one.confidence) for one in found.shown] == [
        ("Port Hale, 3 May", 2.0, 4.0, 2, 0.99)
    ]


def test_the_surest_reading_of_a_line_is_taken() -> None:
    found = looked([[Line("P0rt Hale, 3 May", 0.91, BOX)], [Line("Port Hale, 3 May", 0.98, BOX)]])
    assert [one.text for one in found.shown] == ["Port Hale, 3 May"]


@pytest.mark.parametrize(
    ("text", "box"), [("Ostrel, 4 June", BOX), ("Port Hale, 3 May", (300, 200, 490, 220))], ids=["words", "place"]
)
def test_other_words_or_another_place_are_another_entry(text: str, box: Box) -> None:
    found = looked([[Line("Port Hale, 3 May", 0.97, BOX)], [Line(text, 0.97, box)]])
    assert [(one.start, one.end) for one in found.shown] == [(0.0, 0.0), (2.0, 2.0)]


def test_a_line_that_goes_and_comes_back_is_two_entries() -> None:
    line = Line("Port Hale", 0.97, BOX)
    assert [(one.start, one.end) for one in looked([[line], [], [line]]).shown] == [(0.0, 0.0), (4.0, 4.0)]


def test_an_unsure_line_is_withheld_with_its_place() -> None:
    found = looked([[Line("Prt Hle", 0.6, BOX)], [Line("Port Hl", 0.5, BOX)]])
    assert not found.shown
    assert [(one.cause, one.start, one.end) for one in found.withheld] == [("illegible", 0.0, 2.0)]
    assert "10,10 to 200,30" in found.withheld[0].detail
    assert "Hale" not in found.withheld[0].detail


def test_a_still_picture_is_read_once() -> None:
    reads: list[Grey] = []

    def read(grey: Grey) -> list[Line]:
        reads.append(grey)
        return [Line("Still", 0.99, BOX)]

    looking = Looking()
    for number in range(20):
        looking.see(Picture(2.0 * number, np.full((64, 96), 90, np.uint8)), read)
    assert len(reads) == 1
    assert [(one.start, one.end, one.looks) for one in looking.done((), 2.0).shown] == [(0.0, 38.0, 20)]


def test_looks_are_bounded_in_a_long_file() -> None:
    assert onscreen.pace(60) == 2.0
    assert 10 * 3600 / onscreen.pace(10 * 3600) <= onscreen.MOST


def test_every_shot_is_looked_at(tmp_path: Path) -> None:
    pictures = [np.full((64, 96), level, np.uint8) for level in (40, 40, 40, 200, 200, 90, 90, 90, 90, 90, 90, 90)]
    path = film(tmp_path / "shots.mp4", pictures=pictures)
    seen: list[int] = []

    def read(grey: Grey) -> list[Line]:
        seen.append(int(grey.mean()))
        return []

    onscreen.look(path, [(0, 0.75), (0.75, 1.25), (1.25, 3)], reader=read)
    assert [round(level / 10) for level in dict.fromkeys(seen)] == [5, 19, 9]  # limited range


def test_sound_alone_is_said(tmp_path: Path) -> None:
    found = onscreen.look(film(tmp_path / "tone.wav", tone(1)), reader=lambda grey: [])
    assert [one.cause for one in found.withheld] == ["no-picture"]


def test_missing_networks_are_said_with_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("purport.footage.onscreen.find_spec", lambda name: None)
    onscreen.engine.cache_clear()
    found = onscreen.look(film(tmp_path / "still.mp4", pictures=[ground()] * 2))
    onscreen.engine.cache_clear()
    assert [one.cause for one in found.withheld] == ["no-model"]
    assert "rapidocr" in found.withheld[0].detail


def moving(number: int) -> Grey:
    return np.roll(ground(seed=3), 7 * number, axis=1)


def test_a_film_with_lower_thirds(tmp_path: Path) -> None:
    """Ten seconds of a moving scene: a name from 2 to 4 s, a place from 5 s to the end, a clock that never stands."""
    pictures = []
    for number in range(40):
        picture = written(moving(number), f"18:04:{number // 4:02}", (520, 20), 20, band=20)
        if 8 <= number < 16:
            picture = written(picture, "Mira Holt, harbour office", (40, 290), 24, ink=20, band=235)
        if number >= 20:
            picture = written(picture, "The pier at Ostrel", (40, 290), 24, band=30)
        pictures.append(picture)
    found = onscreen.look(film(tmp_path / "film.mp4", tone(10), pictures), [(0, 10)])
    lines = {one.text: one for one in found.shown}
    name, place = lines["Mira Holt, harbour office"], lines["The pier at Ostrel"]
    assert 2 <= name.start <= name.end < 4
    assert 5 <= place.start < place.end <= 10
    left, top, right, bottom = place.box
    assert left == pytest.approx(40, abs=12)
    assert top == pytest.approx(292, abs=12)
    assert right > 200
    assert bottom < 330
    assert [text for text in lines if re.fullmatch(r"18:04:\d\d", text)]
    assert (found.width, found.height) == (640, 360)


def test_a_scene_without_writing_gives_no_lines(tmp_path: Path) -> None:
    found = onscreen.look(film(tmp_path / "scene.mp4", pictures=[moving(number) for number in range(12)]))
    assert not found.shown
    assert found.looks >= 2


def test_pixels_are_those_of_the_file(tmp_path: Path) -> None:
    """A picture larger than what the networks see: the box is in its own pixels."""
    large = written(ground(1920, 1080), "Council of Ostrel", (1200, 900), 60, band=20)
    (line,) = [line for line in onscreen.lines_of(large) if "Council" in line.text]
    assert line.text == "Council of Ostrel"
    assert line.box[0] == pytest.approx(1200, abs=25)
    assert line.box[1] == pytest.approx(910, abs=25)


def test_a_picture_of_one_pixel() -> None:
    assert onscreen.lines_of(np.zeros((1, 1), np.uint8)) == []
