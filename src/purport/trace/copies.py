"""Which reports share words with a new one, to the passage, and what that sharing is.

Candidates come from the index of word runs; each is aligned; then the shared words are sorted into what the reporter
wrote, what is quoted, and what many unrelated reports have. A report that gives the same speech as another is no copy
of it. Shared words are never taken for shared truth, and nothing here looks at who is spoken of.

A translation shares no words with what it was made from, so nothing is said of translations.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from purport.core.copies import BOILERPLATE, COPY, FEW, KINDS, QUOTATION, REWRITTEN, Booked, Copy, Passage, Sign
from purport.core.ids import make_id
from purport.core.records import Report
from purport.core.spans import Span
from purport.trace.candidates import MANY, Near, best, near, own_words, strangers
from purport.trace.direction import direction
from purport.trace.material import Material, material
from purport.trace.passages import Run, Stretch, runs, stretches
from purport.trace.shingles import CERTAIN, Found, Index, Ints, Words, words_of
from purport.trace.shingles import VERSION as WORDS_VERSION

VERSION = f"1.{WORDS_VERSION}"  # of the rules below

# chosen on the 50 pairs for development of tests/eval/copies_labels.toml
SHARE = 0.13  # of a report's own words: from there on it is rewritten from the other, or both are from a third
MOST = 0.7  # from there on it is a copy
LEAST = 12  # words in common that are worth a record
SHORT = 40  # own words: a text with fewer is taken to have so many, or one phrase would decide

AT_ONCE = 64  # reports that go through the arrays together: more take no less time each, and more memory
AT_MOST = 64  # reports that are aligned with a new one, those with the most runs in common
MOSTLY = 0.6  # of a passage's words must be known from elsewhere to make it boilerplate
HELD = 2048  # reports in memory, ready to be compared
SHOWN = 160  # characters of a passage in the evidence


class Copies:
    """Compares reports as they arrive with all that came before.

    `report` opens one by its id. `quoted` tells for each character of a report's text, as bytes, whether it stands
    inside quotation marks or a direct quotation (1) or not (0). `kinds`: of which kinds records are wanted; with
    copies and rewritten ones alone it takes about half the time.
    """

    def __init__(
        self,
        report: Callable[[str], Report],
        quoted: Callable[[Report], bytes],
        kinds: Collection[str] = KINDS,
        index: Index | None = None,
    ) -> None:
        self.index = Index() if index is None else index
        self._report, self._quoted, self._kinds = report, quoted, kinds
        self._narrow = set(kinds) <= {COPY, REWRITTEN}
        self._held: dict[str, Material] = {}
        self._words: dict[str, Words] = {}  # of the latest, most of which are never compared

    def add(self, *reports: Report) -> tuple[Copy, ...]:
        """What reports share with those before them; then they are among them. Several at once take less time each.

        A report that was added before adds nothing.
        """
        return tuple(copy for _, found in self.batches(reports) for copy in found)

    def batches(self, reports: Iterable[Report]) -> Iterator[tuple[Booked, tuple[Copy, ...]]]:
        """The same, batch by batch, with what it takes to book the reports of each again."""
        coming = iter(reports)
        while some := list(islice(coming, AT_ONCE)):
            fresh = list({report.id: report for report in some if report.id not in self.index}.values())
            if fresh:
                yield self._added(fresh)

    def _added(self, reports: Sequence[Report]) -> tuple[Booked, tuple[Copy, ...]]:
        words = words_of([report.text for report in reports])
        self._words |= {report.id: one for report, one in zip(reports, words, strict=True)}
        for id in list(self._words)[:-HELD]:
            del self._words[id]
        first = len(self.index)
        booked = self.index.add([report.id for report in reports], words)
        found = self.index.find(words)
        return booked, self._compared(reports, words, found.some(found.reports < first + found.texts))

    def of(self, report: Report) -> tuple[Copy, ...]:
        """What a report shares with all in the index but itself."""
        words = words_of([report.text])
        found = self.index.find(words)
        others = [self.index.reports[number] != report.id for number in found.reports.tolist()]
        return self._compared([report], words, found.some(np.array(others, bool)))

    def _compared(self, reports: Sequence[Report], words: Sequence[Words], found: Found) -> tuple[Copy, ...]:
        pairs = near(found)
        some = pairs.counts > 1  # one run in common means eleven words at most
        for text in np.unique(pairs.texts[some]).tolist():
            self._hold(reports[text], words[text])
        offsets = np.cumsum([0, *map(len, words)], dtype=np.int32)
        known, nothing_else = strangers(pairs, found, offsets, self.index.lengths)
        at_most = self._at_most(pairs, found, reports, offsets)
        some &= at_most >= LEAST
        # of reports with the same boilerplate and nothing else there may be thousands: a few of them show it
        few = 0 if self._narrow else MANY
        chosen = np.concatenate([best(pairs, some & ~nothing_else, AT_MOST), best(pairs, some & nothing_else, few)])
        chosen.sort()  # by text again
        texts, numbers = pairs.texts[chosen].tolist(), pairs.reports[chosen].tolist()
        self._open([self.index.reports[number] for number in numbers])
        famous = [_famous(known[start:end]) for start, end in pairwise(offsets.tolist())]
        sides = []
        for text, number, most in zip(texts, numbers, at_most[chosen].tolist(), strict=True):
            new, other = self._held[reports[text].id], self._held[self.index.reports[number]]
            if most >= SHARE * max(SHORT, min(new.own, other.own)):
                sides.append((new, other, known[offsets[text] : offsets[text + 1]], famous[text]))
        aligned = runs([(new.words, other.words) for new, other, *_ in sides])
        copies = [copy for side, one in zip(sides, aligned, strict=True) for copy in judge(*side, one, self._kinds)]
        for id in list(self._held)[:-HELD]:  # those that were made first
            del self._held[id]
        return tuple(copies)

    def _at_most(self, pairs: Near, found: Found, reports: Sequence[Report], offsets: Ints) -> NDArray[np.intp]:
        """How many words a pair may share that count for the kinds that are wanted."""
        if not self._narrow:
            return np.full(len(pairs.counts), np.iinfo(np.intp).max)
        aside = np.zeros(offsets[-1], np.uint8)
        for text in np.unique(pairs.texts).tolist():
            if reports[text].id in self._held:
                aside[offsets[text] : offsets[text + 1]] = np.frombuffer(self._held[reports[text].id].aside, np.uint8)
        return own_words(pairs, found, aside, offsets)

    def _open(self, ids: Sequence[str]) -> None:
        opened = [self._report(id) for id in dict.fromkeys(ids) if id not in self._held]
        fresh = [one for one in opened if one.id not in self._words]
        made = dict(zip([one.id for one in fresh], words_of([one.text for one in fresh]), strict=True))
        for report in opened:
            self._hold(report, made[report.id] if report.id in made else self._words[report.id])

    def _hold(self, report: Report, words: Words) -> None:
        self._held[report.id] = material(report, words, self._quoted(report))


def _famous(known: Ints) -> bytes:
    """For each word 1 if many strangers have it, else 0; nothing where none is so."""
    many = known >= MANY
    return many.tobytes() if many.any() else b""


def judge(
    new: Material, other: Material, known: Ints, famous: bytes, found: Sequence[Run], wanted: Collection[str]
) -> Iterator[Copy]:
    """What two reports are to each other, if it is of a kind that is wanted: none or one.

    Runs are of the new one (a) and the other (b); `known`: how many strangers have each word of the new one.
    """
    if sum([run.length for run in found]) < LEAST:
        return
    totals, own = dict.fromkeys((COPY, QUOTATION, BOILERPLATE), 0), [new.own, other.own]
    told = list[tuple[Stretch, str, int]]()
    for stretch in stretches(found):
        if stretch.words < CERTAIN:
            continue
        aside = _aside(stretch, new.aside, other.aside)
        stock = _aside(stretch, new.stock, other.stock) if aside else 0  # which is part of what is set aside
        written = stretch.words - aside
        often = _strangers(stretch, known, famous) if famous else 0
        if 2 * stock > stretch.words or (often and 2 * written > stretch.words):
            told.append((stretch, BOILERPLATE, often))
            totals[BOILERPLATE] += stretch.words
            own = [one - written for one in own]
        else:
            told.append((stretch, COPY if 2 * written > stretch.words else QUOTATION, often))
            totals[COPY] += written if written >= CERTAIN else 0  # fewer are a set phrase, or who said it
            totals[QUOTATION] += stretch.words - written
    shares = [min(1.0, totals[COPY] / max(one, SHORT)) for one in own]
    kind = _kind(max(shares), totals)
    if kind in wanted:
        yield _copy(new, other, kind, told, shares, totals)


def _strangers(stretch: Stretch, known: Ints, famous: bytes) -> int:
    """How many strangers have a stretch, if enough have most of it, else 0."""
    if sum([famous.count(1, run.a, run.a + run.length) for run in stretch.runs]) < MOSTLY * stretch.words:
        return 0
    often = np.concatenate([known[run.a : run.a + run.length] for run in stretch.runs])
    return int(np.median(often[often >= MANY]))


def _kind(share: float, totals: dict[str, int]) -> str:
    if totals[COPY] >= LEAST and share >= SHARE:
        return COPY if share >= MOST else REWRITTEN
    kind = max(totals, key=lambda one: totals[one])
    return (FEW if kind == COPY else kind) if totals[kind] >= LEAST else ""


def _aside(stretch: Stretch, ours: bytes, theirs: bytes) -> int:
    """How many words of a stretch are set aside in one text or the other."""
    found = 0
    for a, b, length in stretch.runs:
        if ours.find(1, a, a + length) >= 0:
            one, two = ours[a : a + length], theirs[b : b + length]
            found += (int.from_bytes(one) | int.from_bytes(two)).bit_count()
        else:
            found += theirs.count(1, b, b + length)
    return found


def _copy(
    new: Material,
    other: Material,
    kind: str,
    told: list[tuple[Stretch, str, int]],
    shares: list[float],
    totals: dict[str, int],
) -> Copy:
    passages = [
        Passage(_span(new, stretch.a), _span(other, stretch.b), stretch.words, one, often)
        for stretch, one, often in told
    ]
    a, b = new.report, other.report
    if b.id < a.id:
        a, b, shares = b, a, shares[::-1]
        passages = [Passage(one.b, one.a, one.words, one.kind, one.strangers) for one in passages]
    passages.sort(key=lambda one: one.a)
    way, signs = direction(a, b)
    return Copy(
        id=make_id("copy", VERSION, a.id, b.id, kind, passages),
        a=a.id,
        b=b.id,
        kind=kind,
        passages=tuple(passages),
        share_a=round(shares[0], 4),
        share_b=round(shares[1], 4),
        direction=way,
        evidence=(*_evidence(a, passages, max(shares), totals), *signs),
    )


def _span(side: Material, words: tuple[int, int]) -> Span:
    return int(side.words.starts[words[0]]), int(side.words.ends[words[1] - 1])


def _evidence(a: Report, passages: list[Passage], share: float, totals: dict[str, int]) -> Iterator[Sign]:
    longest = max(passages, key=lambda one: one.words)
    if totals[COPY]:
        yield Sign("share", "", f"{totals[COPY]} of the reporters' own words, {share:.0%} of those of the shorter text")
    yield Sign("passage", a.id, a.text[longest.a[0] : longest.a[1]][:SHOWN], longest.a)
    if totals[QUOTATION]:
        yield Sign("quotation", "", f"{totals[QUOTATION]} words left out: both quote them")
    if totals[BOILERPLATE]:
        others = max((one.strangers for one in passages if one.kind == BOILERPLATE), default=0)
        why = f"{others} other reports have them and nothing else" if others else "a line of the page, not of the story"
        yield Sign("boilerplate", "", f"{totals[BOILERPLATE]} words left out: {why}")
