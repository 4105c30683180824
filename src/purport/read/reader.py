"""Reports to claims: the network finds the attributions, readable tables say what each one means.

The content of a claim is read again for claims inside it, so that "The agency says the video claims to
show …" becomes a chain.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from purport.core.explanation import Links
from purport.core.ports import Model
from purport.core.records import Claim, Gap, Reading, Report
from purport.read import acts
from purport.read.build import DEPTH, Found, Tree, every, looked_into, nests, places, plant, reading, rules, shift
from purport.read.links import links
from purport.read.tagger import tag

GROUP = 30_000  # characters that go through the network together


class ClaimReader:
    """`core.ports.Reader` by the model in the wheel. English only: other languages are abstained from."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def version(self) -> str:
        """Names all that a reading depends on: these rules, the lexicon and the weights."""
        return f"{rules()}+model-{self._model.version}"

    def read(self, reports: Sequence[Report]) -> list[tuple[Reading, list[Gap]]]:
        """A reading for each report, in order. The network goes ahead while the rules label what it found."""
        with ThreadPoolExecutor(1) as ahead:
            groups = list(share(reports))
            return [
                (reading(report, self.version, tree), [])
                for group, trees in zip(groups, ahead.map(self._trees, groups), strict=True)
                for report, tree in zip(group, trees, strict=True)
            ]

    def _trees(self, reports: Sequence[Report]) -> list[Tree]:
        """What the network finds in each report, with what it finds inside that."""
        english = [number for number, report in enumerate(reports) if report.language == "en"]
        trees: list[Tree] = [[] for _ in reports]
        tagged = tag([reports[number].text for number in english], self._model)
        for number, found in zip(english, tagged, strict=True):
            trees[number] = plant(found, reports[number].text)
        self._look_inside(reports, trees)
        return trees

    def _look_inside(self, reports: Sequence[Report], trees: list[Tree]) -> None:
        """Read contents again, level by level: each level is one batch over all reports."""
        level = [(number, found) for number, tree in enumerate(trees) for found in every(tree)]
        taken = [{at for found in every(tree) for at in places(found.at.cue)} for tree in trees]
        while level:
            jobs = [
                (outer, reports[number], span, number)
                for number, outer in level
                if outer.depth < DEPTH
                for span in looked_into(reports[number].text, outer.at.content)
                if acts.may_attribute(reports[number].text[slice(*span)])
            ]
            if not jobs:
                return
            read = tag([report.text[slice(*span)] for _, report, span, _ in jobs], self._model)
            level = []
            for (outer, report, span, number), attributions in zip(jobs, read, strict=True):
                for attribution in attributions:
                    moved = shift(attribution, span[0])
                    if nests(moved, outer.at, report.text) and taken[number].isdisjoint(places(moved.cue)):
                        taken[number].update(places(moved.cue))
                        outer.inner.append(Found(moved, outer.depth + 1))
                        level.append((number, outer.inner[-1]))

    def links(self, report: Report, claim: Claim, outer: Sequence[Claim] = ()) -> tuple[Links, ...]:
        """How sure the network is of a claim of this report, none or one; `outer` is the claim around it, if any."""
        around = [span for one in outer for span in looked_into(report.text, one.content)]
        return links(report.text, claim, around, self._model)


def share(reports: Sequence[Report]) -> Iterator[Sequence[Report]]:
    """The reports in groups of about GROUP characters."""
    start = size = 0
    for end, report in enumerate(reports, 1):
        size += len(report.text)
        if size >= GROUP or end == len(reports):
            yield reports[start:end]
            start, size = end, 0
