"""What holds for any text and any pieces."""

from hypothesis import given
from hypothesis import strategies as st

from purport.read import acts, quotes

WORDS = ("said ", "not ", "denied ", "that ", "if ", "to ", "n't ", "may ")
ALPHABET = st.sampled_from([*"ab .,\n'\"“”‘’«»?!İ", *WORDS])
TEXTS = st.lists(ALPHABET, max_size=40).map("".join)


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, list[tuple[tuple[int, int], ...]]]:
    text = draw(TEXTS)
    edges = sorted(draw(st.lists(st.integers(0, len(text)), min_size=6, max_size=6)))
    spans = [(edges[0], edges[1]), (edges[2], edges[3]), (edges[4], edges[5])]
    order = draw(st.permutations(spans))
    return text, [(span,) if draw(st.booleans()) else () for span in order]


@given(cases())
def test_any_pieces_are_judged_with_reasons_that_point_into_the_text(
    case: tuple[str, list[tuple[tuple[int, int], ...]]],
) -> None:
    text, (source, cue, content) = case
    judged = acts.judge(text, source, cue, content)
    for reason in judged.reasons:
        assert 0 <= reason.span[0] <= reason.span[1] <= len(text)
        assert text[slice(*reason.span)] == reason.words
    assert {reason.what: reason.value for reason in judged.reasons} == {
        "act": judged.act,
        "stance": judged.stance,
        "polarity": judged.polarity,
        "certainty": judged.certainty,
    }


@given(TEXTS)
def test_the_table_of_quotations_is_as_long_as_the_text(text: str) -> None:
    table = quotes.inside(text)
    assert len(table) == len(text)
    assert set(table) <= {0, 1}
    kind, reasons = quotes.kind(text, ((0, len(text)),), table)
    assert kind in {"direct", "indirect", "mixed", "none"}
    assert bool(reasons) == (kind in {"direct", "mixed"})
