"""Two readings compared: nothing changed of what is the same, and swapping them swaps added and gone."""

from dataclasses import dataclass

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from purport.core.changes import compare
from purport.core.ids import make_id
from purport.core.records import Claim, Mention, Speaker
from purport.core.spans import Pieces

TEXT = "The warden of Ostrel said the sluice was shut. A leaflet denies that. " * 40


def claim(source: Pieces, cue: Pieces, content: Pieces, act: str = "say", **fields: object) -> Claim:
    values = {"stance": "plain", "polarity": "+", "certainty": "certain", "quote": "none", "source_kind": "person"}
    made = {"id": make_id("claim", source, cue, content), "report": "report-1", "confidence": 0.8, **values, **fields}
    return Claim(source=source, cue=cue, content=content, act=act, **made)  # type: ignore[arg-type]


@st.composite
def pieces(draw: st.DrawFn, least: int = 0) -> Pieces:
    count = draw(st.integers(least, 2))
    edges = sorted(draw(st.lists(st.integers(0, 120), min_size=2 * count, max_size=2 * count, unique=True)))
    return tuple(zip(edges[::2], edges[1::2], strict=True))


CLAIMS = st.lists(
    st.builds(claim, pieces(), pieces(1), pieces(), st.sampled_from(["say", "deny"]), confidence=st.floats(0, 1)),
    max_size=7,
)


@given(CLAIMS)
def test_a_reading_and_itself_differ_in_nothing(claims: list[Claim]) -> None:
    found = compare(claims, claims, TEXT)
    assert not found
    assert (found.added, found.gone, found.changed) == ((), (), ())


@given(CLAIMS, CLAIMS)
def test_swapping_the_readings_swaps_added_and_gone(before: list[Claim], after: list[Claim]) -> None:
    there, back = compare(before, after, TEXT), compare(after, before, TEXT)
    assert sorted(c.id for c in there.added) == sorted(c.id for c in back.gone)
    assert sorted(c.id for c in there.gone) == sorted(c.id for c in back.added)
    assert (len(there.changed), there.same) == (len(back.changed), back.same)
    old = {(one.before.id, one.after.id): {(f.field, f.old, f.new) for f in one.fields} for one in there.changed}
    new = {(one.after.id, one.before.id): {(f.field, f.new, f.old) for f in one.fields} for one in back.changed}
    assert old == new


@given(CLAIMS, CLAIMS)
def test_every_claim_is_told_of_once(before: list[Claim], after: list[Claim]) -> None:
    found = compare(before, after, TEXT)
    paired = len(found.changed) + found.same
    assert len(found.gone) + paired == len({c.id for c in before})
    assert len(found.added) + paired == len({c.id for c in after})


@given(CLAIMS)
def test_of_nothing_all_is_added(claims: list[Claim]) -> None:
    assert len(compare([], claims, TEXT).added) == len({c.id for c in claims})
    assert compare(claims, [], TEXT).changed == ()


WARDEN, SAID, SHUT = ((0, 20),), ((21, 25),), ((26, 45),)


@dataclass
class Case:
    name: str
    before: Claim
    after: Claim
    fields: list[tuple[str, str, str]]


def test_what_changed_is_told_field_by_field() -> None:
    was = claim(WARDEN, SAID, SHUT)
    cases = [
        Case("a label", was, claim(WARDEN, SAID, SHUT, "deny"), [("act", "say", "deny")]),
        Case(
            "a boundary",
            was,
            claim(WARDEN, SAID, ((30, 45),)),
            [("content", "the sluice was shut", "sluice was shut")],
        ),
        Case("a source gone", was, claim((), SAID, SHUT), [("source", "The warden of Ostrel", "")]),
        Case(
            "the same words elsewhere",
            claim(((5, 7),), SAID, SHUT),
            claim(((75, 77),), SAID, SHUT),
            [("source", "ar [5–7]", "ar [75–77]")],
        ),
        Case(
            "a speaker",
            was,
            claim(WARDEN, SAID, SHUT, speaker=(Speaker("Ena", (4, 7), 0.9),)),
            [("speaker", "", "Ena [4–7]")],
        ),
        Case(
            "a target",
            claim(WARDEN, SAID, SHUT, target=(Mention("A", (47, 48)),)),
            was,
            [("target", "A [47–48]", "")],
        ),
        Case("a small move", was, claim(WARDEN, SAID, SHUT, confidence=0.85), []),
        Case("a large move", was, claim(WARDEN, SAID, SHUT, confidence=0.5), [("confidence", "0.80", "0.50")]),
        Case("its place", was, claim(WARDEN, SAID, SHUT, within="claim-9"), [("inside another claim", "no", "yes")]),
    ]
    for case in cases:
        found = compare([case.before], [case.after], TEXT)
        told = [(f.field, f.old, f.new) for one in found.changed for f in one.fields]
        assert told == case.fields, case.name
        assert (found.added, found.gone) == ((), ()), case.name


def test_claims_about_other_words_are_no_change_of_one_another() -> None:
    found = compare([claim(WARDEN, SAID, SHUT)], [claim(WARDEN, SAID, ((60, 68),))], TEXT)
    assert (len(found.added), len(found.gone), found.changed) == (1, 1, ())


def test_the_closest_content_is_the_pair_and_the_outer_claim_is_no_inner_one() -> None:
    outer, inner = claim(WARDEN, SAID, ((26, 300),)), claim(((30, 36),), ((37, 40),), ((41, 90),))
    moved_outer, moved_inner = claim(WARDEN, SAID, ((26, 290),)), claim(((30, 36),), ((37, 40),), ((41, 88),))
    found = compare([outer, inner], [moved_inner, moved_outer], TEXT)
    assert {(one.before.id, one.after.id) for one in found.changed} == {
        (outer.id, moved_outer.id),
        (inner.id, moved_inner.id),
    }


def test_claims_without_content_are_paired_by_their_cues() -> None:
    found = compare([claim(WARDEN, SAID, ())], [claim((), ((20, 25),), ())], TEXT)
    assert [f.field for one in found.changed for f in one.fields] == ["source", "cue"]


def test_ids_and_reasons_alone_are_no_change() -> None:
    one = claim(WARDEN, SAID, SHUT)
    other = msgspec.structs.replace(one, id="claim-of-another-reader", within="")
    assert not compare([one], [other], TEXT)
    assert compare([one], [other], TEXT).same == 1


def test_a_long_report_is_compared_in_one_go() -> None:
    text = TEXT * 100
    many = [claim(((n, n + 3),), ((n + 4, n + 8),), ((n + 9, n + 40),)) for n in range(0, 100_000, 50)]
    moved = [claim(c.source, c.cue, ((c.content[0][0], c.content[0][1] - 2),)) for c in many]
    assert len(compare(many, moved, text).changed) == len(many)
