"""Which reports have a run of words in common with new ones? An index over runs of five words, grown as reports arrive.

Of a report that is kept, each fourth run of five words is booked; of a report that is asked about, each is looked up.
So eight words in common are always found, whatever the words are: names that are swapped change nothing. (Winnowing
[Schleimer, Wilkerson, Aiken 2003] needs fewer look-ups, but which runs it keeps hangs on the words.)

Words are compared without case, accents and marks; quotation marks, dashes and spaces don't count. Everything is done
with arrays, over all texts of a call at once.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from purport.core.copies import Booked

Hashes: TypeAlias = NDArray[np.uint64]
Ints: TypeAlias = NDArray[np.int32]

VERSION = "1"  # of how words are compared and which runs are booked
RUN = 5  # words
STEP = 4  # each fourth run is booked
CERTAIN = RUN + STEP - 1  # words in common that are always found
COMMON = 64  # reports that are told of one run, the latest; more would tell nothing new

_SLOTS = 22  # bits: four million lists, of which each run's hash chooses one
_OTHER, _LETTER, _SINGLE, _MARK = 0, 1, 2, 3  # what a character is; a mark belongs to the letter before it
_SINGLES = ((0x3040, 0x3100), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x40000))  # a word each
_HALF, _TO_HALF, _TO_SLOT = np.uint64(0xFFFF_FFFF), np.uint64(32), np.uint64(64 - _SLOTS)
_BASE = 0x9E6F_8B57_D1C3_A4F5  # odd, so that it has an inverse modulo 2**64
_MIXERS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, as hashes, with the code points at which each starts and ends."""

    hashes: Hashes  # [words]
    starts: Ints
    ends: Ints
    runs: Hashes  # [words - 4], of five words each; none where there are fewer

    def __len__(self) -> int:
        return len(self.hashes)


def words_of(texts: Sequence[str]) -> list[Words]:
    """The words of each text and its runs of five. All texts go through the arrays at once."""
    joined = "\n".join(texts)
    kinds, folds = _characters()
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.intp)  # looked up twice
    kind = kinds[codes]
    places = None
    if not joined.isascii() and (kind == _MARK).any():
        places = np.flatnonzero(kind != _MARK)
        codes, kind = codes[places], kind[places]
    within = kind == _LETTER
    goes_on = np.zeros(len(kind) + 1, bool)  # from the character before
    np.logical_and(within[1:], within[:-1], out=goes_on[1:-1])
    letter = kind != _OTHER
    starts, ends = np.flatnonzero(letter & ~goes_on[:-1]), np.flatnonzero(letter & ~goes_on[1:]) + 1
    # a word's hash is the sum of its letters times powers of the base, as cheap as a sum over the whole text
    powers, inverses = _powers(len(codes).bit_length())
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(folds[codes] * powers[: len(codes)], out=sums[1:])
    hashes = mixed((sums[ends] - sums[starts]) * inverses[starts])
    if places is not None:
        starts, ends = places[starts], np.append(places, len(joined))[ends]
    return list(_apart(texts, hashes, starts.astype(np.int32), ends.astype(np.int32)))


def _apart(texts: Sequence[str], hashes: Hashes, starts: Ints, ends: Ints) -> Iterator[Words]:
    runs = _runs(hashes)
    offsets = np.cumsum([0, *(len(text) + 1 for text in texts)])
    edges = np.searchsorted(starts, offsets).tolist()
    for offset, first, last in zip(offsets.astype(np.int32), edges, edges[1:], strict=False):
        own = runs[first : max(first, last - RUN + 1)].copy()  # that it may be held without those beside it
        yield Words(hashes[first:last].copy(), starts[first:last] - offset, ends[first:last] - offset, own)


def _runs(hashes: Hashes) -> Hashes:
    count = len(hashes) - RUN + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    total = hashes[:count].copy()
    for n in range(1, RUN):
        total *= np.uint64(_BASE)
        total += hashes[n : n + count]
    return mixed(total)


def mixed(values: Hashes) -> Hashes:
    """Each bit of the result hangs on each bit of the value (the finish of splitmix64)."""
    for shift, mixer in zip((30, 27), _MIXERS, strict=True):
        values = (values ^ (values >> np.uint64(shift))) * np.uint64(mixer)
    return values ^ (values >> np.uint64(31))


@lru_cache(8)
def _powers(bits: int) -> tuple[Hashes, Hashes]:
    """Powers of the base, and their inverses, enough for texts of a length with so many bits."""
    count = (1 << max(bits, 12)) + 1
    found = []
    for factor in (_BASE, pow(_BASE, -1, 1 << 64)):
        row = np.full(count, factor, np.uint64)
        row[0] = 1
        found.append(np.cumprod(row, dtype=np.uint64))
    return found[0], found[1]


@lru_cache(1)
def _characters() -> tuple[NDArray[np.uint8], Hashes]:
    """What each code point is, and the letter it is compared as."""
    kinds, folds = np.zeros(0x110000, np.uint8), np.arange(0x110000, dtype=np.uint64)
    kinds[0x10000:0x1F000] = _LETTER  # rare scripts; above them are pictures
    for code in range(0x10000):
        character = chr(code)
        if character.isalnum():
            kinds[code] = _LETTER
            plain = unicodedata.normalize("NFKD", character).casefold()
            folds[code] = ord(next((one for one in plain if one.isalnum()), character))
        elif unicodedata.category(character) in ("Mn", "Cf", "Me"):
            kinds[code] = _MARK
    for start, end in _SINGLES:
        kinds[start:end] = np.where(kinds[start:end] == _MARK, _MARK, _SINGLE) if end < 0x10000 else _SINGLE
    return kinds, folds


@dataclass(frozen=True, slots=True)
class Found:
    """Runs of texts that reports have, in three arrays of one length, ordered by text and report."""

    texts: Ints  # which text, by its place among those asked about
    reports: Ints  # which report, by its number
    runs: Ints  # the run's first word in the text

    def some(self, which: NDArray[np.bool_]) -> "Found":
        return Found(self.texts[which], self.reports[which], self.runs[which])


class Index:
    """Which reports have which runs. Reports go by numbers, in the order in which they came.

    Each booked run is an entry of 12 bytes: half of its hash, the report, and the entry before it in the same list.
    """

    def __init__(self) -> None:
        self.reports: list[str] = []  # their ids
        self.lengths: list[int] = []  # in words
        self._numbers: dict[str, int] = {}
        self._latest = np.zeros(1 << _SLOTS, np.int32)  # of each list; 0: it is empty
        self._before = np.zeros(1 << 12, np.int32)
        self._entries = np.zeros(1 << 12, np.uint64)  # half a hash, then the report
        self._count = 1

    def __len__(self) -> int:
        return len(self.reports)

    def __contains__(self, report: str) -> bool:
        return report in self._numbers

    @property
    def size(self) -> int:
        """Bytes of memory that it takes, its reports' ids left out."""
        return self._latest.nbytes + self._before.nbytes + self._entries.nbytes

    def find(self, texts: Sequence[Words]) -> Found:
        """Runs of some texts that reports have; of a run in very many the latest COMMON."""
        runs = np.concatenate([np.zeros(0, np.uint64), *(text.runs for text in texts)])
        halves = runs & _HALF
        lanes = np.arange(len(runs), dtype=np.int32)
        entries_at = self._latest[(runs >> _TO_SLOT).astype(np.intp)]
        often = np.zeros(len(runs), np.int32)
        found_lanes, found_reports = [lanes[:0]], [lanes[:0]]
        while len(live := np.flatnonzero(entries_at)):
            at, lanes = entries_at[live], lanes[live]
            entries = self._entries[at]
            same = np.flatnonzero(entries >> _TO_HALF == halves[lanes])
            entries_at = self._before[at]
            if len(same):
                hit = lanes[same]
                found_lanes.append(hit)
                found_reports.append((entries[same] & _HALF).astype(np.int32))
                often[hit] += 1
                entries_at[same[often[hit] >= COMMON]] = 0
        return _ordered(texts, np.concatenate(found_lanes), np.concatenate(found_reports))

    def add(self, reports: Sequence[str], texts: Sequence[Words]) -> Booked:
        """Book reports by their ids and words; returns what it takes to book them again."""
        chosen = [text.runs[::STEP] for text in texts]
        lengths, counts = tuple(map(len, texts)), tuple(map(len, chosen))
        runs = np.concatenate([np.zeros(0, np.uint64), *chosen])
        booked = Booked(len(self), tuple(reports), lengths, counts, runs.astype("<u8").tobytes())
        self.take(booked)
        return booked

    def take(self, booked: Booked) -> None:
        """Book reports as they were booked before. Raises ValueError for those that do not come next."""
        if booked.first != len(self):
            raise ValueError(f"report {booked.first} does not come next after {len(self)}")
        numbers = np.arange(len(self), len(self) + len(booked.reports), dtype=np.uint64)
        runs = np.frombuffer(booked.runs, "<u8").astype(np.uint64, copy=False)
        self._book(runs, np.repeat(numbers, booked.counts))
        self._numbers.update(zip(booked.reports, numbers.tolist(), strict=True))
        self.reports.extend(booked.reports)
        self.lengths.extend(booked.lengths)

    def _book(self, hashes: Hashes, numbers: Hashes) -> None:
        first, self._count = self._count, self._count + len(hashes)
        if self._count > len(self._entries):
            room = self._count + (self._count >> 2)
            self._entries.resize(room, refcheck=False)  # moves pages, not bytes, once it is large
            self._before.resize(room, refcheck=False)
        self._entries[first : self._count] = ((hashes & _HALF) << _TO_HALF) | numbers
        # where two of these fall into one list, the second follows the first; sorted as one number each
        both = np.sort((hashes >> _TO_SLOT << _TO_HALF) | np.arange(len(hashes), dtype=np.uint64))
        slots, entries = (both >> _TO_HALF).astype(np.intp), (both & _HALF).astype(np.int32) + np.int32(first)
        follows = np.flatnonzero(slots[1:] == slots[:-1]) + 1
        self._before[entries] = self._latest[slots]
        self._before[entries[follows]] = entries[follows - 1]
        self._latest[slots] = entries  # of entries for one slot the last one stays


def _ordered(texts: Sequence[Words], lanes: Ints, reports: Ints) -> Found:
    firsts = np.cumsum([0, *(len(text.runs) for text in texts)])
    owners = np.searchsorted(firsts, lanes, side="right") - 1
    # one number for each, by text, report and run: sorted sooner than three
    many, lanes_of_all = int(reports.max(initial=0)) + 1, max(1, int(firsts[-1]))
    both, lanes = np.divmod(np.sort((owners * many + reports) * lanes_of_all + lanes), lanes_of_all)
    owners, reports = np.divmod(both, many)
    return Found(owners.astype(np.int32), reports.astype(np.int32), (lanes - firsts[owners]).astype(np.int32))
