"""Which claims are merged, on invented pairs: half of them near misses. The floors may rise, never sink.

Thresholds were chosen on the half called "choose"; on its first run the other half gave 16 of 16 merges right, and 16
of the 18 pairs that are one claim were merged. Whoever wrote the pairs wrote the rules, too, and knew
both halves: real news is harder.
"""

import pytest
from claim_pairs import PAIRS, known

from purport.core.origins import SameClaim
from purport.core.ports import Encoder
from purport.core.records import Claim, Report
from purport.core.spans import cover
from purport.core.times import Moment
from purport.edges.onnx import OnnxEncoder
from purport.read.dates import spoken_of
from purport.trace.same_claim import SURE, same_claims

FLOORS = {"choose": (1.0, 0.95), "report": (1.0, 0.88)}  # precision, recall
NAMES = [
    ("Norland", "Sudmark"), ("Norland", "Velmora"), ("Reed Column", "Kelp Front"), ("Coast Monitor", "Open Docket"),
    ("Quillmarsh", "Sennet"), ("Tolby", "Helby"), ("Brackford", "Ostby"), ("Brell", "Penn"),
    ("Sandt", "Finlow"), ("Marnet", "Ostermar"),
]  # fmt: skip


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return OnnxEncoder()


def about(report: Report, claim: Claim) -> tuple[Moment, ...]:
    return spoken_of(report.text, cover(claim.content), report.published)


def merges(pair: dict, encoder: Encoder, swap: tuple[str, str] = ("", "")) -> tuple[SameClaim, ...]:  # type: ignore[type-arg]
    return same_claims(known(pair, swap), encoder, about)


@pytest.mark.parametrize("half", FLOORS)
def test_claims_that_say_the_same_are_merged_and_no_others(half: str, encoder: Encoder) -> None:
    chosen = [pair for pair in PAIRS if pair["set"] == half]
    merged = [bool(merges(pair, encoder)) for pair in chosen]
    right = sum(pair["same"] for pair, found in zip(chosen, merged, strict=True) if found)
    wrong = [pair["a"][2] for pair, found in zip(chosen, merged, strict=True) if found and not pair["same"]]
    precision, recall = FLOORS[half]
    assert right / (right + len(wrong)) >= precision, wrong
    assert right / sum(pair["same"] for pair in chosen) >= recall


@pytest.mark.parametrize("names", NAMES, ids=str)
def test_swapping_two_parties_changes_no_merge_and_no_score(names: tuple[str, str], encoder: Encoder) -> None:
    for pair in PAIRS:
        if any(name in part for name in names for side in "ab" for part in pair[side]):
            before, after = ([one.score for one in merges(pair, encoder, swap)] for swap in (("", ""), names))
            assert before == after, pair


def test_a_merge_tells_what_agreed_in_the_words_of_both(encoder: Encoder) -> None:
    (merge,) = merges(PAIRS[0], encoder)
    told = {(ground.kind, ground.words) for ground in merge.evidence}
    assert ("same meaning", "twelve people were killed in the fire at the grain store") in told
    assert ("same meaning", "12 people died in the grain store fire") in told
    assert ("same numbers", "12") in told
    assert ("same source", "harbour master") in told
    assert merge.score >= SURE


def test_the_sets_are_large_and_half_of_them_near_misses() -> None:
    assert len(PAIRS) >= 70
    assert sum(not pair["same"] for pair in PAIRS) >= len(PAIRS) // 2
    kinds = {pair["differs"] for pair in PAIRS if not pair["same"]}
    assert kinds >= {"number", "negation", "place", "day", "actor", "opposite", "matter", "time"}
