"""What was done to a picture, in words, from how two pictures lie in one another."""

import msgspec
import pytest

from purport.brief.edits import edits
from purport.core.matches import SAME_FOOTAGE, SAME_SCENE, Match

WIDE, TALL, OLD = (320, 180), (180, 320), (320, 240)
ASPECT = 320 / 180


def match(view: tuple[float, ...] = (), speed: float = 1.0, mirrored: bool = False, kind: str = SAME_FOOTAGE) -> Match:
    return Match(
        query="q",
        reference="r",
        query_start=0,
        query_end=1,
        reference_start=0,
        reference_end=1,
        speed=speed,
        mirrored=mirrored,
        kind=kind,
        score=1,
        view=view,
    )


def view(scale: float, x: float = 0.0, y: float = 0.0) -> tuple[float, ...]:
    return (scale, 0, x, 0, scale, y, 0, 0, 1)


@pytest.mark.parametrize(
    ("lies", "size", "other", "words"),
    [
        (view(1), WIDE, WIDE, ()),
        (view(0.99, 0.01, 0.005), WIDE, WIDE, ()),  # as near as marks place it
        (view(0.8, 0.1 * ASPECT, 0.1), WIDE, WIDE, ("cropped",)),
        (view(1.0, (ASPECT - 9 / 16) / 2), TALL, WIDE, ("cropped",)),
        (view(4 / 3, 0, -1 / 6), OLD, WIDE, ("letterboxed",)),
        (view(9 / 16 * 9 / 16 * ASPECT * ASPECT), TALL, TALL, ()),
        (view(2.5, -0.75 * ASPECT, -0.75), WIDE, WIDE, ("picture-in-picture",)),
        (view(1.1, -0.05 * ASPECT, -0.05), WIDE, WIDE, ("framed",)),
        (view(1 / 0.85), WIDE, WIDE, ("picture-in-picture",)),  # bars at two sides that meet
        ((1, 0, 0, 0, 1, 0, 0.08, 0, 1), WIDE, WIDE, ("cropped", "filmed at an angle")),
        ((1, 0, 0, 0, 1, 0, -1, 0, 1), WIDE, WIDE, ("filmed at an angle",)),  # it folds
        ((), WIDE, WIDE, ()),
        (view(0.5), (0, 0), WIDE, ()),
    ],
)
def test_the_view_is_said_in_words(
    lies: tuple[float, ...], size: tuple[int, int], other: tuple[int, int], words: tuple[str, ...]
) -> None:
    assert edits(match(lies), size, other) == words


def test_mirrored_comes_first_and_speed_last() -> None:
    made = match(view(0.8, 0.1 * ASPECT, 0.1), 1.06, True)
    assert edits(made, WIDE, WIDE) == ("mirrored", "cropped", "1.06×")


def test_another_time_has_no_speed() -> None:
    assert edits(msgspec.structs.replace(match(speed=1.5), kind=SAME_SCENE), WIDE, WIDE) == ()
