"""Where shots begin: at a cut, or in the middle of a fade."""

import numpy as np

from purport.footage.prints import RATE, Floats, Prints

BESIDE = 3  # moments before and behind between which a fade changes the picture
FADED = 0.25  # one less the correlation of the pictures before and behind: from here on a fade
ALONE = 0.5  # seconds within which there is one beginning


def all_cuts(prints: Prints) -> Floats:
    """The cuts and the middles of fades, in order."""
    times, cuts = prints.cell_times, prints.cuts
    cells = prints.cells.reshape(len(prints.cells), -1).astype(np.float32)
    if len(cells) <= 2 * BESIDE:
        return cuts
    cells -= cells.mean(1, keepdims=True)
    cells /= np.maximum(np.linalg.norm(cells, axis=1, keepdims=True), 1.0)
    change = np.zeros(len(cells))
    change[BESIDE:-BESIDE] = 1 - (cells[2 * BESIDE :] * cells[: -2 * BESIDE]).sum(1)
    near = round(ALONE * RATE)
    fades = [
        times[at]
        for at in np.flatnonzero(change > FADED)
        if change[at] >= change[max(0, at - near) : at + near + 1].max()
        and not len(cuts[np.abs(cuts - times[at]) < ALONE])
    ]
    return np.sort(np.concatenate([cuts, np.array(fades, np.float32)]))
