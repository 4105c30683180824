"""Where a still picture was seen before: in which release, and around which moment of it.

Nothing moves in a still, so nothing tells the moment it shows from another that looks the same: every match of one is
undecidable, with the stretch of the release that looks most like it.
"""

from collections.abc import Iterator

import numpy as np

from purport.core.matches import UNDECIDABLE, Match
from purport.footage.align import Run, Voting
from purport.footage.index import Index
from purport.footage.judge import ALIKE, HARDLY, SURE, WHOLE
from purport.footage.motion import FEWEST, Seen, View, alike, covered, seen, sharpened
from purport.footage.prints import RATE, SIDE, Bytes, Floats, Prints
from purport.footage.sketch import LARGE, Marker, Sketch

MARKS = 500  # sought in the picture
SIDES = (
    LARGE,
    SIDE,
    LARGE // 2,
)  # pixels of its longer side: what was made larger shows its marks when it is small again
AROUND = 1.0  # seconds around the looks voted for, in which the moment is sought
STAYS = 0.02  # of agreement: moments that come so near to the best look the same


def matches(query: Sketch, index: Index) -> list[Match]:
    """The best match of each release that shows the query's first picture, the likest first."""
    best: dict[str, Match] = {}
    for match in tried(query, index):
        if match.reference not in best or match.score > best[match.reference].score:
            best[match.reference] = match
    return sorted(best.values(), key=lambda match: (-match.score, match.reference))


def tried(query: Sketch, index: Index) -> Iterator[Match]:
    """By the hash of the whole picture and by its marks, as it is and as a mirror shows it."""
    whole = index.pictures_alike(query.prints.hashes[:1])
    markers = [Marker(query, side) for side in SIDES]
    for mirrored in (False, True):
        for owner, (_, there) in whole.items():
            reference = index.prints(owner)
            view = np.diag([reference.aspect / query.prints.aspect, 1.0, 1.0])
            run = Run(0, 0, int(there.min()), int(there.max()), view)
            yield from judged(query, index.names[owner], reference, run, mirrored)
        for marker in markers:
            marks = marker.marks([0], mirrored, MARKS)
            for owner, hits in index.alike(marks.patterns).items():
                reference = index.prints(owner)
                voting = Voting(hits, marks, reference.marks, 1, len(reference.times))
                found = voting.run(0, 0) if voting.flags[0] else None
                if found:
                    yield from judged(query, index.names[owner], reference, found, mirrored)


def judged(query: Sketch, name: str, reference: Prints, run: Run, mirrored: bool) -> Iterator[Match]:
    """The match that a run is; none if its pictures don't agree."""
    thumbs = query.thumbs[:1, :, ::-1] if mirrored else query.thumbs[:1]
    low, high = (float(reference.times[at]) for at in (run.low, run.high))
    near = np.flatnonzero((reference.cell_times >= low - AROUND) & (reference.cell_times <= high + AROUND))
    times, cells = reference.cell_times[near], reference.cells.reshape(len(reference.cells), -1)[near]
    placed = compared(thumbs, run.view, reference.aspect, cells)
    if placed is None:
        return
    shown, patterns = placed
    there = cells[[int(patterns.argmax())]][:, shown.cells].astype(np.float32)
    view = sharpened(thumbs, there, shown.cells, run.view, reference.aspect)
    patterns = (compared(thumbs, view, reference.aspect, cells) or placed)[1]
    score = float(patterns.max())
    if score < (WHOLE if not run.weight else ALIKE if run.weight < SURE else HARDLY):
        return
    first, last = stretch(patterns)
    yield Match(
        query=query.name,
        reference=name,
        query_start=0.0,
        query_end=round(query.prints.duration, 3),
        reference_start=round(float(times[first]), 3),
        reference_end=round(min(reference.duration, float(times[last]) + 1 / RATE), 3),
        speed=1.0,
        mirrored=mirrored,
        kind=UNDECIDABLE,
        score=round(score, 3),
        marks=round(run.weight),
        discount=round(run.discount, 3),
        shared=run.shared,
        view=tuple(float(n) for n in view.ravel().round(5)),
    )


def compared(thumbs: Bytes, view: View, aspect: float, cells: Bytes) -> tuple[Seen, Floats] | None:
    """The picture through a view, and how well each of the reference's moments [n, cells] agrees with it."""
    shown = seen(thumbs, np.zeros(1, np.float32), view, aspect)
    if shown is None or not len(cells):
        return None

    def agreement(shown: Seen) -> Floats:
        there = cells[:, shown.cells].astype(np.float32)
        return alike(np.repeat(shown.values, len(there), axis=0), there)

    patterns = agreement(shown)
    hidden = covered(shown.values[0], cells[int(patterns.argmax())][shown.cells].astype(np.float32))
    if hidden.any() and (~hidden).sum() >= FEWEST and hidden.mean() <= 0.5:
        shown = shown.without(hidden)
        patterns = agreement(shown)
    return shown, patterns


def stretch(patterns: Floats) -> tuple[int, int]:
    """The first and the last of the moments around the best that look like it."""
    first = last = int(patterns.argmax())
    good = patterns >= patterns.max() - STAYS
    while first > 0 and good[first - 1]:
        first -= 1
    while last + 1 < len(good) and good[last + 1]:
        last += 1
    return first, last
