"""Which reports are worth being aligned with new texts, and which words of those many unrelated reports have.

Everything here is counted from what the index found, in arrays over all texts at once, before any report is opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from purport.trace.shingles import CERTAIN, RUN, STEP, Found, Ints

MANY = 5  # reports that have nothing else in common make words boilerplate
REGION = 60  # words within which a stranger's runs lie: more is more than one passage
SMALL = 0.25  # of the shorter text: a stranger has less than that


@dataclass(frozen=True, slots=True)
class Near:
    """Texts and reports that have runs in common: arrays [pairs], by text and report."""

    texts: Ints
    reports: Ints
    firsts: NDArray[np.intp]  # where each pair's runs start among those found
    counts: NDArray[np.intp]  # how many they are


def near(found: Found) -> Near:
    fresh = (found.texts[1:] != found.texts[:-1]) | (found.reports[1:] != found.reports[:-1])
    firsts = np.concatenate(([0], np.flatnonzero(fresh) + 1))[: len(found.texts)]
    counts = np.diff(np.append(firsts, len(found.texts)))
    return Near(found.texts[firsts], found.reports[firsts], firsts, counts)


def best(pairs: Near, some: NDArray[np.bool_], count: int) -> NDArray[np.intp]:
    """Of some pairs, for each text so many with the most runs, text by text."""
    chosen = np.flatnonzero(some)
    texts = pairs.texts[chosen]
    order = np.lexsort((-pairs.reports[chosen], -pairs.counts[chosen], texts))
    rank = np.arange(len(order)) - np.searchsorted(texts, texts)  # by text they are in order already
    return chosen[order[rank < count]]


def own_words(pairs: Near, found: Found, aside: NDArray[np.uint8], offsets: Ints) -> NDArray[np.intp]:
    """For each pair how many of the text's own words the report may have, at most.

    `aside` holds 1 for words that are quoted or boilerplate, text after text from the offsets on. Runs that are booked
    one after the other are of one stretch, to which short runs may join at both ends.
    """
    if not len(found.runs):
        return pairs.counts
    sums = np.concatenate(([0], np.cumsum(aside, dtype=np.int64)))
    at = offsets[found.texts] + found.runs
    own = sums[at + RUN] - sums[at] < RUN
    follows = np.zeros(len(own), bool)
    follows[1:] = own[:-1] & (found.runs[1:] - found.runs[:-1] == STEP)
    follows[pairs.firsts] = False
    runs = np.add.reduceat(own, pairs.firsts, dtype=np.intp)
    starts = np.add.reduceat(own & ~follows, pairs.firsts, dtype=np.intp)
    at_most: NDArray[np.intp] = np.minimum(runs * (CERTAIN + STEP - 1), runs * STEP + starts * 2 * (CERTAIN - 1))
    return at_most


def strangers(pairs: Near, found: Found, offsets: Ints, lengths: Sequence[int]) -> tuple[Ints, NDArray[np.bool_]]:
    """For each word, text after text, how many reports have it in a run of words and nothing else of the text.

    A stranger's runs lie within one region, and are a small part of the shorter of the two. `lengths` are the
    reports', in words. Then which pairs have nothing in common but words of MANY strangers.
    """
    known, nothing_else = np.zeros(offsets[-1] + 1, np.int32), np.zeros(len(pairs.texts), bool)
    several = np.bincount(pairs.texts, minlength=len(offsets) - 1) >= MANY
    if not several.any():
        return known, nothing_else
    shorter = np.minimum([lengths[number] for number in pairs.reports.tolist()], np.diff(offsets)[pairs.texts])
    last = pairs.firsts + pairs.counts - 1
    region = found.runs[last] - found.runs[pairs.firsts]
    strange = (region <= REGION) & (pairs.counts * STEP + RUN < SMALL * shorter) & several[pairs.texts]
    some = np.repeat(strange, pairs.counts)
    # where a report's runs overlap, each word counts once
    room = np.full(len(some), RUN, np.int32)
    room[:-1] = np.minimum(RUN, found.runs[1:] - found.runs[:-1])
    room[last] = RUN
    at = offsets[found.texts] + found.runs
    begun, over = (np.bincount(places, minlength=len(known)) for places in (at[some], (at + room)[some]))
    known += np.cumsum(begun - over).astype(np.int32)
    return known, strange & (np.minimum.reduceat(known[at], pairs.firsts) >= MANY)
