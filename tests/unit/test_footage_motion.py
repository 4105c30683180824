"""When two films show the same moments: found by what moves, on cells of our own making."""

import numpy as np
import pytest

from purport.footage import motion
from purport.footage.motion import Seen, Timing
from purport.footage.prints import COLUMNS, RATE, ROWS, Floats

EVERYWHERE = np.ones(ROWS * COLUMNS, bool)


def street(seconds: Floats, seed: int = 0) -> Floats:
    """Cells [n, ROWS * COLUMNS] of a still street over which four carts go to and fro."""
    chance = np.random.default_rng(seed)
    still = chance.integers(40, 200, ROWS * COLUMNS).astype(np.float32)
    rows, columns = np.divmod(np.arange(ROWS * COLUMNS), COLUMNS)
    cells = np.repeat(still[None], len(seconds), axis=0)
    for _ in range(4):
        row, pace, phase = chance.integers(2, ROWS - 2), chance.uniform(0.5, 1.6), chance.uniform(0, 6)
        at = (0.5 + 0.45 * np.sin(pace * seconds + phase)) * COLUMNS
        cells += 70 * np.exp(-((columns[None] - at[:, None]) ** 2) / 3) * (np.abs(rows - row) < 2)
    return cells.clip(0, 255).astype(np.float32)


def moments(start: float, seconds: float, speed: float = 1.0) -> Floats:
    return (start + np.arange(round(seconds * RATE)) / RATE * speed).astype(np.float32)


def asked(cells: Floats) -> Seen:
    return Seen((np.arange(len(cells)) / RATE).astype(np.float32), cells, EVERYWHERE)


TIMES = moments(0, 30)
REFERENCE = street(TIMES)


@pytest.mark.parametrize(("start", "speed"), [(3.0, 1.0), (11.3, 1.0), (7.0, 1.25), (12.0, 0.8), (4.0, 1.5)])
def test_the_time_and_the_speed_are_found(start: float, speed: float) -> None:
    query = asked(street(moments(start, 5, speed)) * 0.8 + 20)
    found = motion.timing(query, TIMES, REFERENCE, 0, 30, EVERYWHERE)
    assert found.speed == pytest.approx(speed, abs=0.03)
    middle = 2.5
    assert found.speed * middle + found.offset == pytest.approx(start + speed * middle, abs=0.1)
    assert motion.weighed(query, TIMES, REFERENCE, found, EVERYWHERE).agreement > 0.9


def test_another_day_before_the_same_street_agrees_at_no_time() -> None:
    still = np.median(REFERENCE, axis=0)
    other = street(moments(0, 5), seed=9)
    query = asked(still + other - np.median(other, axis=0))
    found = motion.timing(query, TIMES, REFERENCE, 0, 30, EVERYWHERE)
    assert motion.weighed(query, TIMES, REFERENCE, found, EVERYWHERE).agreement < 0.6


def test_where_nothing_moves_nothing_is_said() -> None:
    query = asked(np.repeat(REFERENCE[40:41], 40, axis=0))
    assert motion.still(query, EVERYWHERE)
    found = motion.timing(query, TIMES, np.repeat(REFERENCE[40:41], len(TIMES), axis=0), 0, 30, EVERYWHERE)
    assert (
        motion.weighed(query, TIMES, np.repeat(REFERENCE[40:41], len(TIMES), axis=0), found, EVERYWHERE).movement == 0
    )


def test_two_pieces_of_one_camera_are_told_apart() -> None:
    query = asked(np.concatenate([street(moments(2, 4)), street(moments(17, 5))]))
    found = sorted(motion.stretches(query, TIMES, REFERENCE, 0, 30, EVERYWHERE))
    assert [round(when.speed * first / RATE + when.offset) for first, _, when in found] == [2, 17]
    assert found[0][1] / RATE == pytest.approx(4, abs=0.6)


def test_a_bar_over_the_picture_is_seen_as_such() -> None:
    here, there = REFERENCE[0] * 1.2 - 10, REFERENCE[0].copy()
    here[-3 * COLUMNS :] = 52
    hidden = motion.covered(here, there)
    assert hidden[-3 * COLUMNS :].mean() > 0.8
    assert hidden[: -3 * COLUMNS].mean() < 0.05


def test_marks_say_which_cells_are_sure() -> None:
    sure = motion.around(np.float32([[0.1, 0.1]]), 16 / 9).reshape(ROWS, COLUMNS)
    assert sure[1, 1]
    assert not sure[-1, -1]
    assert motion.around(np.zeros((0, 2), np.float32), 16 / 9).all()


def test_values_between_moments_lie_between() -> None:
    values = np.float32([[0], [10], [30]])
    found = motion.sampled(np.float32([0, 1, 2]), values, np.float32([-1, 0.5, 1.5, 9]))
    assert found.ravel().tolist() == [0, 5, 20, 30]


def test_a_timing_is_made_finer() -> None:
    query = asked(street(moments(6.1, 5, 1.06)))
    found = motion.finer(query, TIMES, REFERENCE, Timing(1.05, 6.0, 0.0))
    assert found.speed == pytest.approx(1.06, abs=0.015)
    assert found.offset == pytest.approx(6.1, abs=0.1)


def test_pictures_drawn_together_are_as_each_alone() -> None:
    thumbs = np.random.default_rng(1).integers(0, 256, (7, 90, 160), np.uint8)
    view = np.array([[0.8, 0.05, 0.1], [-0.02, 0.9, 0.03], [0.01, 0.0, 1.0]])
    for many in (thumbs, thumbs[:, :, ::-1], thumbs[::3]):
        alone = np.concatenate([motion.drawn(thumb[None], view, 16 / 9) for thumb in many])
        assert np.array_equal(motion.drawn(many, view, 16 / 9), alone)
