"""Groups of what belongs together, by average linkage: two groups are joined by the mean of all pairs between them.

By the nearest-neighbour chain (Murtagh 1983): the same groups as joining the best pair again and again, in n² steps.
"""

import numpy as np
from numpy.typing import NDArray

_NEVER = -np.inf


def linked(scores: NDArray[np.float64], least: float) -> list[list[int]]:
    """The groups of [n, n] symmetric scores, joined while the mean between two is `least` or more.

    Each group in the order of its numbers, the groups by their first.
    """
    count = len(scores)
    between = scores.astype(np.float64).copy()
    np.fill_diagonal(between, _NEVER)
    sizes = np.ones(count)
    groups: list[list[int]] = [[n] for n in range(count)]
    alive = np.ones(count, bool)
    chain: list[int] = []
    while alive.any():
        if not chain:
            chain = [int(np.argmax(alive))]
        last = chain[-1]
        best = int(np.argmax(between[last]))
        if len(chain) > 1 and between[last, chain[-2]] >= between[last, best]:
            best = chain[-2]
        if between[last, best] < least:  # nothing that is left can come nearer to it
            alive[last] = False
            between[last], between[:, last] = _NEVER, _NEVER
            chain.pop()
        elif len(chain) > 1 and best == chain[-2]:
            del chain[-2:]
            _join(between, sizes, groups, alive, *sorted((last, best)))
        else:
            chain.append(best)
    return sorted((sorted(group) for group in groups if group), key=lambda group: group[0])


def _join(
    between: NDArray[np.float64],
    sizes: NDArray[np.float64],
    groups: list[list[int]],
    alive: NDArray[np.bool_],
    kept: int,
    gone: int,
) -> None:
    mean = (sizes[kept] * between[kept] + sizes[gone] * between[gone]) / (sizes[kept] + sizes[gone])
    mean[[kept, gone]] = _NEVER
    between[kept], between[:, kept] = mean, mean
    between[gone], between[:, gone] = _NEVER, _NEVER
    sizes[kept] += sizes[gone]
    groups[kept], groups[gone] = groups[kept] + groups[gone], []
    alive[gone] = False
