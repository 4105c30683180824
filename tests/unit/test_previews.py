"""Stills are small, grey and blurred, one of each shot; what can't be decoded has none."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from film_samples import cut, film, picture, street, tone, town, with_index_first
from numpy.typing import NDArray

from purport.core.errors import FootageError
from purport.footage import previews as room
from purport.footage.previews import SIDE, previews


def seen(still: bytes) -> NDArray[np.uint8]:
    return cv2.imdecode(np.frombuffer(still, np.uint8), cv2.IMREAD_UNCHANGED).astype(np.uint8)


def sharpness(grey: NDArray[np.uint8]) -> float:
    return float(np.abs(np.diff(grey.astype(float), axis=1)).max())


def test_a_still_is_small_grey_and_blurred(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png", size=(1280, 720))
    (still,) = previews(path, [(0.0, 0.04)])
    grey = seen(still)
    assert grey.ndim == 2
    assert max(grey.shape) == SIDE
    sharp = cv2.resize(cv2.cvtColor(town(1.0, size=(1280, 720)), cv2.COLOR_RGB2GRAY), (160, 90))
    assert sharpness(grey) < sharpness(sharp) / 4
    assert len(still) < 5_000


def test_each_shot_has_a_still_of_its_own(tmp_path: Path) -> None:
    path = street(tmp_path / "a.mp4", 12.0, cuts=3)  # key pictures each second, as ultrafast makes them
    stills = previews(path, [(n * 3.0, n * 3.0 + 3.0) for n in range(4)])
    for number, still in enumerate(stills):
        whole = cv2.cvtColor(town(0, number), cv2.COLOR_RGB2GRAY)
        errors = [np.abs(seen(still).astype(float) - blurred(town(0, other))).mean() for other in range(4)]
        assert whole.shape == seen(still).shape
        assert int(np.argmin(errors)) == number


def blurred(shown: NDArray[np.uint8]) -> NDArray[np.float64]:
    return cv2.GaussianBlur(cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY), (0, 0), room.BLUR).astype(np.float64)


def test_a_shot_that_is_far_from_a_key_picture_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "FAR", 3)
    path = street(tmp_path / "a.mp4", 4.0)  # a key picture each second
    assert previews(path, [(2.5, 2.9)]) == [b""]
    assert previews(path, [(3.0, 4.0)]) != [b""]


def test_a_shot_beyond_what_decodes_has_none(tmp_path: Path) -> None:
    path = cut(with_index_first(tmp_path / "a.mp4"), 0.4)
    first, last = previews(path, [(0.0, 1.0), (8.0, 10.0)])
    assert first
    assert last == b""


@pytest.mark.parametrize("size", [(2, 2), (2, 1200), (640, 2)])
def test_any_shape(tmp_path: Path, size: tuple[int, int]) -> None:
    (still,) = previews(picture(tmp_path / "a.png", size=size), [(0.0, 0.04)])
    assert 1 <= min(seen(still).shape) <= max(seen(still).shape) <= SIDE


def test_moving_gifs_have_stills(tmp_path: Path) -> None:
    path = film(tmp_path / "a.gif", (town(n / 5) for n in range(5)), 5, "gif")
    assert all(previews(path, [(0.0, 1.0)]))


def test_sound_has_no_still(tmp_path: Path) -> None:
    with pytest.raises(FootageError, match="no pictures"):
        previews(tone(tmp_path / "a.m4a"), [(0.0, 1.0)])
