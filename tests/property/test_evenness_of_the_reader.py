"""The whole reader, network and all: swapping two parties' names changes no label, no boundary and no score.

The network is shown one sign for every name (`read/parties.py`), so this holds to the last digit wherever the
two texts differ in names and party nouns only; the test allows 0.02.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from purport.core.ids import digest, make_id
from purport.core.records import Claim, Report
from purport.core.spans import words
from purport.edges.onnx import OnnxModel
from purport.read.parties import parties
from purport.read.reader import ClaimReader

sys.path.insert(0, str(Path(__file__).parent))
from test_evenness import PAIRS, SENTENCES, put

CLOSE = 0.02  # by which a confidence may differ
OFFICES = [pair for pair in PAIRS if not all(parties(f"It was {name} again.") for name in pair)]  # "the president"
NAMED = [pair for pair in PAIRS if pair not in OFFICES]


class Swap(NamedTuple):
    first: Report
    second: Report
    names: tuple[str, str]


def report(text: str) -> Report:
    return Report(make_id("report", text), "", text, digest(text.encode()))


def shown(text: str) -> str:
    """The text as the network sees it."""
    answer, last = "", 0
    for start, end in parties(text):
        answer += text[last:start] + "*"
        last = end
    return answer + text[last:]


SWAPS = [
    Swap(report(put(sentence, a, b)[0]), report(put(sentence, b, a)[0]), (a, b))
    for sentence in SENTENCES
    for a, b in NAMED
    if a not in sentence and b not in sentence  # "fighters" stands in one of itself
]
ALIKE = [swap for swap in SWAPS if shown(swap.first.text) == shown(swap.second.text)]


@pytest.fixture(scope="module")
def read() -> dict[str, tuple[Claim, ...]]:
    reports = list({one.id: one for swap in ALIKE for one in (swap.first, swap.second)}.values())
    readings = ClaimReader(OnnxModel()).read(reports)
    return {reading.report: reading.claims for reading, _ in readings}


def labels(claims: tuple[Claim, ...]) -> list[tuple[object, ...]]:
    return [(c.act, c.stance, c.polarity, c.certainty, c.quote, c.depth, len(c.chain)) for c in claims]


def roles(claims: tuple[Claim, ...], report: Report, a: str, b: str) -> list[str]:
    """The claims in words, with the two names as letters."""

    def plain(said: str) -> str:
        return re.sub(re.escape(b), "B", re.sub(re.escape(a), "A", said, flags=re.I), flags=re.I)

    return [plain(words(report.text, pieces)) for c in claims for pieces in (c.source, c.cue, c.content)]


def test_nearly_all_swaps_look_the_same_to_the_network() -> None:
    assert len(NAMED) >= 40
    assert len(SENTENCES) >= 60
    assert len(ALIKE) > 0.97 * len(SWAPS), [swap.names for swap in SWAPS if swap not in ALIKE]


def test_there_is_something_to_compare(read: dict[str, tuple[Claim, ...]]) -> None:
    assert sum(bool(claims) for claims in read.values()) > 0.9 * len(read)


def test_swapping_two_parties_changes_no_label(read: dict[str, tuple[Claim, ...]]) -> None:
    assert not [swap.names for swap in ALIKE if labels(read[swap.first.id]) != labels(read[swap.second.id])]


def test_swapping_two_parties_moves_no_boundary(read: dict[str, tuple[Claim, ...]]) -> None:
    moved = [
        swap.names
        for swap in ALIKE
        if roles(read[swap.first.id], swap.first, *swap.names)
        != roles(read[swap.second.id], swap.second, *reversed(swap.names))
    ]
    assert not moved


def test_swapping_two_parties_changes_no_score(read: dict[str, tuple[Claim, ...]]) -> None:
    apart = [
        (abs(x.confidence - y.confidence), swap.names)
        for swap in ALIKE
        for x, y in zip(read[swap.first.id], read[swap.second.id], strict=True)
    ]
    assert apart
    assert max(apart)[0] <= CLOSE, max(apart)
