"""Two versions of a page compared, whatever stands in them: nothing is told of what is the same, swapping swaps."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from reader_samples import report

from purport.core.edits import ADDED, CHANGED, REMOVED, Version
from purport.core.ids import make_id
from purport.core.records import Claim, Reason
from purport.trace.edits import edits
from purport.trace.wording import sentences, words_of

SWAPPED = {ADDED: REMOVED, REMOVED: ADDED, CHANGED: CHANGED}
ACTS = {"said": "say", "denied": "deny", "shows": "show"}
CLAIM = re.compile(r"(The \w+) ((?:purportedly )?(said|denied|shows)) ([^.\n]+)")
SENTENCE = st.builds(
    "The {} {} {} {} {}.".format,
    st.sampled_from(["front", "army", "mayor", "video"]),
    st.sampled_from(["said", "denied", "shows", "purportedly shows", "left", "crossed"]),
    st.sampled_from(["that 12", "30", "a few", "some"]),
    st.sampled_from(["soldiers", "villagers", "boats", "of the boats"]),
    st.sampled_from(["had gone", "had not gone", "were lost in Kelm", "", "were lost in Kelm and Ostrel", "?"]),
)
OTHER = st.sampled_from(
    ["It rained.", "Correction: it was 12.", "Updated 5 May 2031", "“A”", "e\u0301", "水位上升。", "KELM — It"]
)
TEXT = st.lists(st.tuples(st.one_of(SENTENCE, OTHER), st.sampled_from([" ", "\n"])), max_size=6).map(
    lambda found: "".join(sentence + end for sentence, end in found)
)
ANY = st.text(st.sampled_from("ab 1.\n“”\u0301\u00ad?—'A水"), max_size=60)


def version(text: str) -> Version:
    found = report(text)
    return Version(found, tuple(claim(found.id, match) for match in CLAIM.finditer(text)))


def claim(id: str, match: re.Match[str]) -> Claim:
    stance = "distanced" if "purportedly" in match[2] else "plain"
    return Claim(
        id=make_id("claim", id, match.start()),
        report=id,
        source=(match.span(1),),
        cue=(match.span(2),),
        content=(match.span(4),),
        act=ACTS[match[3]],
        stance=stance,
        polarity="-" if "not" in match[4] else "+",
        certainty="certain",
        quote="none",
        source_kind="person",
        confidence=0.9,
        reasons=(Reason("stance", stance, match[2], match.span(2), "r"), *negated(match)),
    )


def negated(match: re.Match[str]) -> list[Reason]:
    at = match.start(4) + match[4].find("not")
    return [Reason("polarity", "-", "not", (at, at + 3), "r")] if "not" in match[4] else []


def bare(text: str) -> Version:
    return Version(report(text))


@given(st.one_of(TEXT, ANY))
def test_a_version_and_itself_differ_in_nothing(text: str) -> None:
    assert edits(version(text), version(text)) == ()


@given(TEXT)
def test_what_only_looks_different_is_no_edit(text: str) -> None:
    other = (
        text.replace("“", '"')
        .replace("”", '"')
        .replace(" ", "  ")
        .replace("12", "twelve")
        .replace("\u0301", "\u0301\u00ad")
    )
    assert edits(version(text), version(other)) == ()


@settings(max_examples=200)
@given(TEXT, TEXT)
def test_swapping_the_versions_swaps_added_and_removed(before: str, after: str) -> None:
    there, back = edits(version(before), version(after)), edits(version(after), version(before))
    assert sorted((e.kind, e.how, e.before.span, e.after.span) for e in there) == sorted(
        (e.kind, SWAPPED[e.how], e.after.span, e.before.span) for e in back
    )


@given(ANY, ANY)
def test_any_text_can_be_compared_and_every_place_is_one_of_its_text(before: str, after: str) -> None:
    for edit in edits(bare(before), bare(after)):
        for place, text in ((edit.before, before), (edit.after, after)):
            assert 0 <= place.span[0] <= place.span[1] <= len(text)
            assert place.words == text[slice(*place.span)]


@settings(max_examples=200)
@given(TEXT, TEXT)
def test_no_change_stays_untold(before: str, after: str) -> None:
    """Words that stand in one version only lie in some edit's place, but for those that are cut and joined with."""
    old, new = version(before), version(after)
    found = edits(old, new)
    for mine, theirs, places in (
        (old, new, [edit.before for edit in found]),
        (new, old, [edit.after for edit in found]),
    ):
        known = {word.key for sentence in sentences(theirs) for word in sentence.words}
        for sentence in sentences(mine):
            lone = [
                word
                for word in sentence.words
                if word.key not in known and word.key not in {"a", "an", "the", "and", "that"}
            ]
            touched = any(place.span[0] < sentence.span[1] and sentence.span[0] < place.span[1] for place in places)
            assert touched or not lone


@given(st.text(max_size=80))
def test_words_stand_where_they_say_they_do(text: str) -> None:
    found = list(words_of(text, (0, len(text))))
    assert [word.span for word in found] == sorted(word.span for word in found)
    assert all(0 <= word.span[0] < word.span[1] <= len(text) and word.key for word in found)
