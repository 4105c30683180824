"""Ranks without sorting say what NumPy's own functions do."""

import numpy as np
import pytest

from purport.footage.ranks import firsts, middle, ranked


@pytest.mark.parametrize("numbers", [[], [3], [2, 0, 2, 5, 0, 5, 5], list(range(9, -1, -1))])
def test_where_numbers_stand_first_is_what_unique_tells(numbers: list[int]) -> None:
    some = np.array(numbers, np.int32)
    assert firsts(some).tolist() == np.unique(some, return_index=True)[1].tolist()


def test_a_rank_is_a_value_of_those_given() -> None:
    some = np.array([9.0, 1.0, 4.0, 7.0], np.float32)
    assert [ranked(some, share) for share in (0, 0.34, 0.5, 1)] == [1, 4, 4, 9]
    assert ranked(np.array([5]), 0.9) == 5


def test_the_middle_of_each_cell_is_the_later_of_two() -> None:
    assert middle(np.array([[1, 8], [3, 6], [2, 7], [4, 5]], np.float32)).tolist() == [3, 7]
