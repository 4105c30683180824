"""Reports to claims: the network finds the attributions, readable tables say what each one means.

The content of a claim is read again for claims inside it, so that "The agency says the video claims to
show …" becomes a chain.
"""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import repeat

from purport.core.explanation import Links
from purport.core.ports import Model
from purport.core.records import Claim, Gap, Reading, Report
from purport.read.build import (
    DEPTH,
    Found,
    Tree,
    by_noun,
    every,
    looked_into,
    nests,
    places,
    plant,
    reading,
    rules,
    shift,
)
from purport.read.links import links
from purport.read.tagger import tag

HURRY = 0.0005  # seconds after which a thread hands Python's lock on; Python's own is ten times that


@contextmanager
def hurried() -> Iterator[None]:
    """Threads hand Python's lock on sooner: one that is back from the network is not kept waiting."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(min(usual, HURRY))
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


class ClaimReader:
    """`core.ports.Reader` by the model in the wheel. English only: other languages are abstained from."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def version(self) -> str:
        """Names all that a reading depends on: these rules, the lexicon and the weights."""
        return f"{rules()}+model-{self._model.version}"

    @property
    def threads(self) -> int:
        """How many reports it reads side by side."""
        return self._model.threads

    def read(self, reports: Sequence[Report]) -> list[tuple[Reading, list[Gap]]]:
        """A reading for each report, in order; each report is read from end to end by one thread of the model's.

        The longest go first, so that no core waits long for the last.
        """
        version = self.version
        with hurried():
            if self.threads == 1:
                return [(self._reading(report, version), []) for report in reports]
            longest = sorted(range(len(reports)), key=lambda number: -len(reports[number].text))
            with ThreadPoolExecutor(self.threads) as threads:
                found = threads.map(self._reading, (reports[number] for number in longest), repeat(version))
                read = dict(zip(longest, found, strict=True))
        return [(read[number], []) for number in range(len(reports))]

    def _reading(self, report: Report, version: str) -> Reading:
        return reading(report, version, self._tree(report.text) if report.language == "en" else [])

    def _tree(self, text: str) -> Tree:
        """What the network finds in a text, with what it finds inside that."""
        (attributions,) = tag([text], self._model)
        tree = plant(attributions, text)
        level = list(every(tree))
        taken = {at for found in level for at in places(found.at.cue)}
        while level:
            level = self._inside([outer for outer in level if outer.depth < DEPTH], text, taken)
        return tree

    def _inside(self, level: Tree, text: str, taken: set[int]) -> Tree:
        """Read the contents of claims again for claims inside them, of cues that no claim has `taken` yet."""
        asked = [(outer, *stretch) for outer in level for stretch in looked_into(text, outer.at.content)]
        answers = tag([text[start:end] for _, start, end in asked], self._model) if asked else []
        found = [
            (outer, shift(attribution, start))
            for (outer, start, _), attributions in zip(asked, answers, strict=True)
            for attribution in attributions
        ]
        found += [(outer, told) for outer in level for told in by_noun(text, outer.at)]
        new: Tree = []
        for outer, inner in found:
            if nests(inner, outer.at, text) and taken.isdisjoint(places(inner.cue)):
                taken.update(places(inner.cue))
                outer.inner.append(Found(inner, outer.depth + 1))
                new.append(outer.inner[-1])
        return new

    def links(self, report: Report, claim: Claim, outer: Sequence[Claim] = ()) -> tuple[Links, ...]:
        """How sure the network is of a claim of this report, none or one; `outer` is the claim around it, if any."""
        around = [span for one in outer for span in looked_into(report.text, one.content)]
        return links(report.text, claim, around, self._model)
