"""The sound of a file in samples that stand where the file says they do."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from sound_samples import film, tone

from purport.core.errors import FootageError
from purport.footage.sound import RATE, Sound


def held(sound: Sound) -> list[tuple[float, int]]:
    return [(block.time, len(block.samples)) for block in sound]


@pytest.mark.parametrize(("name", "rate"), [("tone.wav", 16_000), ("tone.mkv", 44_100), ("tone.mp4", 48_000)])
def test_any_rate_becomes_one(tmp_path: Path, name: str, rate: int) -> None:
    blocks = list(Sound(film(tmp_path / name, tone(3.0, rate=rate), rate=rate)))
    samples = np.concatenate([block.samples for block in blocks])
    assert len(samples) / RATE == pytest.approx(3.0, abs=0.06)
    spectrum = np.abs(np.fft.rfft(samples[: 2 * RATE]))
    assert np.argmax(spectrum) / 2 == pytest.approx(440, abs=1)  # hertz
    assert blocks[0].time == 0.0


def test_blocks_follow_one_another(tmp_path: Path) -> None:
    blocks = held(Sound(film(tmp_path / "tone.mkv", tone(3.0, rate=44_100), rate=44_100)))
    assert all(
        time + count / RATE == pytest.approx(next_time, abs=1e-6) for (time, count), (next_time, _) in pairwise(blocks)
    )


def test_sound_after_a_hole_keeps_its_second(tmp_path: Path) -> None:
    blocks = held(Sound(film(tmp_path / "hole.mkv", tone(3.0), late=[(1.0, 5.0)])))
    assert sum(count for _, count in blocks) == 3 * RATE  # the hole is not filled
    after = [time for time, _ in blocks if time > 1.5]
    assert after[0] == pytest.approx(6.0, abs=0.1)
    assert blocks[-1][0] + blocks[-1][1] / RATE == pytest.approx(8.0, abs=0.1)


def test_time_counts_from_the_first_picture(tmp_path: Path) -> None:
    pictures = [np.full((64, 96), 90, np.uint8)] * 12
    sound = Sound(film(tmp_path / "late.mkv", tone(2.0), pictures, late=[(0.0, 1.5)]))
    assert held(sound)[0][0] == pytest.approx(1.5, abs=0.05)


def test_pictures_without_sound(tmp_path: Path) -> None:
    path = film(tmp_path / "mute.mp4", pictures=[np.full((64, 96), 90, np.uint8)] * 4)
    with pytest.raises(FootageError) as told:
        list(Sound(path))
    assert told.value.cause == "no-sound"


def test_cut_off_file_gives_what_is_there(tmp_path: Path) -> None:
    path = film(tmp_path / "tone.wav", tone(4.0))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert sum(count for _, count in held(Sound(path))) == pytest.approx(2 * RATE, rel=0.05)


def test_text_named_as_sound(tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_text("no sound at all\n" * 50)
    with pytest.raises(FootageError):
        list(Sound(path))
