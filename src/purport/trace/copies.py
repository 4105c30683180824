"""Which reports share words with a new one, to the passage, and what that sharing is.

Candidates come from the index of word runs; each is aligned; then the shared words are sorted into what the reporter
wrote, what is quoted, and what many unrelated reports have. A report that gives the same speech as another is no copy
of it. Shared words are never taken for shared truth, and nothing here looks at who is spoken of.

A translation shares no words with what it was made from, so nothing is said of translations.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from purport.core.copies import BOILERPLATE, COPY, FEW, KINDS, QUOTATION, REWRITTEN, Copy, Passage, Sign
from purport.core.ids import make_id
from purport.core.records import Report
from purport.core.spans import Span
from purport.trace.direction import direction
from purport.trace.passages import Run, Stretch, runs, stretches
from purport.trace.shingles import CERTAIN, RUN, STEP, Found, Index, Ints, Words, words_of
from purport.trace.shingles import VERSION as WORDS_VERSION

VERSION = f"1.{WORDS_VERSION}"  # of the rules below

# chosen on the 50 pairs for development of tests/eval/copies_labels.toml
SHARE = 0.13  # of a report's own words: from there on it is rewritten from the other, or both are from a third
MOST = 0.7  # from there on it is a copy
LEAST = 12  # words in common that are worth a record
SHORT = 40  # own words: a text with fewer is taken to have so many, or one phrase would decide

OTHERS = frozenset(KINDS) - {COPY, REWRITTEN}
AT_MOST = 64  # reports that are aligned with a new one, those with the most runs in common first
MANY = 5  # reports that have nothing else in common make a passage boilerplate
MOSTLY = 0.6  # of a passage's words must be so well known
REGION = 60  # words within which a stranger's runs lie: more is more than one passage
SMALL = 0.25  # of the shorter text: a stranger has less than that
HELD = 2048  # reports in memory, ready to be compared
SHOWN = 160  # characters of a passage in the evidence


@dataclass(frozen=True, slots=True)
class Material:
    """A report ready to be compared."""

    report: Report
    words: Words
    aside: bytes  # for each word 1 if it is quoted or stands in boilerplate that the report is marked with, else 0
    stock: bytes  # for each word 1 if it stands in such boilerplate

    own: int  # words that are not set aside


class Copies:
    """Compares reports as they arrive with all that came before.

    `report` opens one by its id. `quoted` tells for each character of a report's text, as bytes, whether it stands
    inside quotation marks or a direct quotation (1) or not (0).
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
        self._held: dict[str, Material] = {}

    def add(self, *reports: Report) -> tuple[Copy, ...]:
        """What reports share with those before them; then they are among them. Several at once take less time each."""
        words = words_of([report.text for report in reports])
        first = len(self.index)
        self.index.add([report.id for report in reports], words)
        found = self.index.find(words)
        return self._compared(reports, words, kept(found, found.reports < first + found.texts))

    def of(self, report: Report) -> tuple[Copy, ...]:
        """What a report shares with all in the index but itself."""
        words = words_of([report.text])
        found = self.index.find(words)
        ids = self.index.reports
        return self._compared([report], words, kept(found, np.array([ids[n] != report.id for n in found.reports], bool)))

    def _compared(self, reports: Sequence[Report], words: Sequence[Words], found: Found) -> tuple[Copy, ...]:
        nearest = list(near(found))
        for text, _, _ in nearest:
            self._keep(material(reports[text], words[text], self._quoted(reports[text])))
        self._open({self.index.reports[number] for _, numbers, _ in nearest for number in numbers})
        copies: list[Copy] = []
        for text, numbers, mine in nearest:
            new, others = self._held[reports[text].id], [self._held[self.index.reports[number]] for number in numbers]
            if not OTHERS.intersection(self._kinds):
                others = worth(new, mine, numbers, others)
            if others:
                strangers = strangers_of(mine, len(new.words), self.index.lengths)
                aligned = runs(new.words, [other.words for other in others])
                for other, one in zip(others, aligned, strict=True):
                    copies += judge(new, other, one, strangers, self._kinds)
        for id in list(self._held)[:-HELD]:  # those that were made first
            del self._held[id]
        return tuple(copies)

    def _open(self, ids: Iterable[str]) -> None:
        reports = [self._report(id) for id in sorted(ids) if id not in self._held]
        for report, words in zip(reports, words_of([one.text for one in reports]), strict=True):
            self._keep(material(report, words, self._quoted(report)))

    def _keep(self, made: Material) -> None:
        self._held[made.report.id] = made


def material(report: Report, words: Words, quoted: bytes) -> Material:
    aside = np.frombuffer(quoted, np.uint8).copy()
    stock = np.zeros(len(report.text), np.uint8)
    for start, end in _blocks(report.text):
        aside[start:end] = 1
    for note in (*report.credits, *(one for one in report.repeats if one.kind == BOILERPLATE)):
        stock[slice(*note.span)] = 1
    flags = (aside | stock)[words.starts].tobytes()
    return Material(report, words, flags, stock[words.starts].tobytes(), flags.count(0))


def _blocks(text: str) -> Iterator[Span]:
    """Paragraphs after a colon at the end of a line: quotations that are set apart, without marks."""
    at, opened = 0, False
    for line in text.splitlines(keepends=True) if ":" in text else ():
        if line.strip():
            if opened:
                yield at, at + len(line)
            opened = line.rstrip().endswith(":")
        at += len(line)


def kept(found: Found, some: NDArray[np.bool_]) -> Found:
    return Found(found.texts[some], found.reports[some], found.runs[some])


def near(found: Found) -> Iterator[tuple[int, list[int], Found]]:
    """For each text the reports that have two of its runs or more, the most first, and all that was found of it.

    One run in common means eleven words at most.
    """
    if not len(found.texts):
        return
    fresh = (np.diff(found.texts) != 0) | (np.diff(found.reports) != 0)
    firsts = np.flatnonzero(np.concatenate(([True], fresh)))  # of the runs of one text in one report
    counts = np.diff(np.append(firsts, len(found.texts)))
    several = counts > 1
    texts, reports, counts = found.texts[firsts][several], found.reports[firsts][several], counts[several]
    order = np.lexsort((reports, -counts, texts))
    texts, reports = texts[order], reports[order]
    for text in np.unique(texts).tolist():
        mine = slice(*np.searchsorted(found.texts, (text, text + 1)).tolist())
        best = slice(*np.searchsorted(texts, (text, text + 1)).tolist())
        yield text, reports[best][:AT_MOST].tolist(), Found(found.texts[mine], found.reports[mine], found.runs[mine])


def worth(new: Material, found: Found, numbers: Sequence[int], others: Sequence[Material]) -> list[Material]:
    """The reports of which so many runs of a text's own words were found that it may be rewritten from them."""
    aside = np.concatenate(([0], np.cumsum(np.frombuffer(new.aside, np.uint8), dtype=np.int32)))
    some = aside[found.runs + RUN] - aside[found.runs] < RUN
    own, reports = found.runs[some], found.reports[some]
    # runs that are booked one after the other are of one stretch, which may have some words more at its ends
    apart = np.concatenate(([0], np.cumsum(np.diff(own, prepend=0) != STEP)))
    first, last = (np.searchsorted(reports, numbers, side=side) for side in ("left", "right"))
    at_most = (last - first) * STEP + (apart[last] - apart[np.minimum(first + 1, last)] + 1) * (CERTAIN - 1)
    least = np.maximum(LEAST, SHARE * np.clip([min(new.own, other.own) for other in others], SHORT, None))
    return [others[n] for n in np.flatnonzero(at_most >= least).tolist()]


def strangers_of(found: Found, words: int, lengths: Sequence[int]) -> Ints:
    """For each word of a text how many reports have it in a run of words, and nothing else of the text.

    A stranger's runs lie within one region, and are a small part of the shorter of the two. Empty: there are too few.
    """
    firsts = np.flatnonzero(np.concatenate(([True], np.diff(found.reports) != 0)))
    if len(firsts) < MANY:
        return found.runs[:0]
    shorter = np.minimum([lengths[number] for number in found.reports[firsts].tolist()], words)
    counts = np.diff(np.append(firsts, len(found.reports)))
    region = np.maximum.reduceat(found.runs, firsts) - np.minimum.reduceat(found.runs, firsts)
    strange = np.repeat((region <= REGION) & (counts * STEP + RUN < SMALL * shorter), counts)
    covered = found.reports[strange, None].astype(np.int64) * words + found.runs[strange, None] + np.arange(RUN)
    known = np.bincount(np.unique(covered) % words, minlength=words).astype(np.int32)
    return known if known.max() >= MANY else known[:0]


def judge(
    new: Material, other: Material, found: Sequence[Run], strangers: Ints, kinds_wanted: Collection[str]
) -> Iterator[Copy]:
    """What two reports are to each other: none or one. Runs are of the new one (a) and the other (b)."""
    kinds, totals, own = [], dict.fromkeys((COPY, QUOTATION, BOILERPLATE), 0), [new.own, other.own]
    joined = [one for one in stretches(found) if one.words >= CERTAIN]
    for stretch in joined:
        written = stretch.words - sum(_aside(run, new.aside, other.aside) for run in stretch.runs)
        if often := _known(stretch, strangers):
            kinds.append((BOILERPLATE, often))
            totals[BOILERPLATE] += stretch.words
            own = [one - written for one in own]
        elif written >= CERTAIN:
            kinds.append((COPY, 0))
            totals[COPY] += written
        else:
            stock = sum(_aside(run, new.stock, other.stock) for run in stretch.runs)
            kinds.append((BOILERPLATE if 2 * stock > stretch.words else QUOTATION, 0))
            totals[kinds[-1][0]] += stretch.words - written
    shares = [min(1.0, totals[COPY] / max(one, SHORT)) for one in own]
    kind = _kind(max(shares), totals)
    if kind in kinds_wanted:
        yield _copy(new, other, kind, list(zip(joined, kinds, strict=True)), shares, totals)


def _known(stretch: Stretch, strangers: Ints) -> int:
    """How many strangers have a passage, if enough have most of it, else 0."""
    if not len(strangers):
        return 0
    known = np.concatenate([strangers[run.a : run.a + run.length] for run in stretch.runs])
    often = known[known >= MANY]
    return int(np.median(often)) if len(often) >= MOSTLY * len(known) else 0


def _kind(share: float, totals: dict[str, int]) -> str:
    if totals[COPY] >= LEAST and share >= SHARE:
        return COPY if share >= MOST else REWRITTEN
    kind = max(totals, key=lambda one: totals[one])
    return (FEW if kind == COPY else kind) if totals[kind] >= LEAST else ""


def _aside(run: Run, ours: bytes, theirs: bytes) -> int:
    """How many words of a run are set aside in one text or the other."""
    one, two = ours[run.a : run.a + run.length], theirs[run.b : run.b + run.length]
    return (int.from_bytes(one) | int.from_bytes(two)).bit_count()


def _copy(
    new: Material,
    other: Material,
    kind: str,
    joined: list[tuple[Stretch, tuple[str, int]]],
    shares: list[float],
    totals: dict[str, int],
) -> Copy:
    passages = [
        Passage(_span(new, stretch.a), _span(other, stretch.b), stretch.words, *told) for stretch, told in joined
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
        told = f"{totals[COPY]} of the reporters' own words are the same, {share:.0%} of the text that has fewer of them"
        yield Sign("share", "", told)
    yield Sign("passage", a.id, a.text[longest.a[0] : longest.a[1]][:SHOWN], longest.a)
    if totals[QUOTATION]:
        yield Sign("quotation", "", f"{totals[QUOTATION]} words left out: both quote them")
    if totals[BOILERPLATE]:
        others = max((one.strangers for one in passages if one.kind == BOILERPLATE), default=0)
        why = f"{others} other reports have them and nothing else" if others else "a line of the page, not of the story"
        yield Sign("boilerplate", "", f"{totals[BOILERPLATE]} words left out: {why}")
