"""Which stand some words take towards a claim, about invented matters."""

import pytest

from purport.trace.stance_words import AGAINST, FOR, OBSERVING, stand, table

CLAIM = "The Sennet bridge will close in May"


@pytest.mark.parametrize(
    ("words", "value", "decided"),
    [
        ("Sennet bridge closes in May", FOR, ""),
        ("No, the Sennet bridge will not close", AGAINST, "No"),
        ("Council denies that Sennet bridge will close", AGAINST, "denies"),
        ("Story of the closing bridge is a hoax", AGAINST, "hoax"),
        ("Sennet bridge isn’t closing in May", AGAINST, "isn't"),
        ("Will the Sennet bridge close in May?", OBSERVING, "?"),
        ("Sennet bridge may close", FOR, ""),  # "May" stands in the claim: as a month, but who can tell
        ("Sennet bridge reportedly to close", OBSERVING, "reportedly"),
        ("Bridge to close, union says", OBSERVING, "says"),
        ("Bridge to close, says union: “not true”, replies council", AGAINST, "not true"),
        ("", FOR, ""),
    ],
)
def test_words_decide(words: str, value: str, decided: str) -> None:
    found = stand(CLAIM, words)
    assert (found.value, found.words) == (value, decided)
    assert words.replace("’", "'")[slice(*found.span)] == decided


def test_words_of_the_claim_itself_do_not_count() -> None:
    assert stand("The video of the bridge is a hoax", "Bridge video a hoax").value == FOR
    assert stand("The video shows the bridge", "Bridge video a hoax").value == AGAINST


def test_names_decide_nothing() -> None:
    said = "{a} denies that {b} closed the bridge"
    assert stand("{b} closed the bridge".format(b="Norland"), said.format(a="Sudmark", b="Norland")).value == AGAINST
    assert stand("{b} closed the bridge".format(b="Sudmark"), said.format(a="Norland", b="Sudmark")).value == AGAINST


def test_what_refutes_is_looked_at_before_what_keeps_its_distance() -> None:
    read = [(value, name) for value, groups in table().items() for name in groups]
    assert read == [
        (AGAINST, "refuted"),
        (AGAINST, "denied"),
        (AGAINST, "negated"),
        (OBSERVING, "asked"),
        (OBSERVING, "hedged"),
        (OBSERVING, "attributed"),
    ]
