"""What is first, in the middle or at a rank, without sorting all: NumPy's own take several times as long for a few."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def firsts(numbers: NDArray[np.integer]) -> NDArray[np.int64]:
    """Where each of some small numbers [n] stands first, in the order of the numbers, as `numpy.unique` tells it."""
    at = np.full(int(numbers.max(initial=-1)) + 1, -1)
    at[numbers[::-1]] = np.arange(len(numbers))[::-1]
    return at[at >= 0]


def middle(values: Floats) -> Floats:
    """The middle value of each cell over the moments [n, cells], of two the later."""
    at = len(values) // 2
    found: Floats = np.partition(np.ascontiguousarray(values.T), at, axis=1)[:, at]
    return found


def ranked(values: NDArray[np.floating] | NDArray[np.integer], share: float) -> float:
    """The value [n] that so large a share of them lies below, none between two."""
    at = int(share * (len(values) - 1))
    return float(np.partition(values, at)[at])
