"""What of a content is looked into for claims inside it."""

import pytest

from purport.read.content import before_denial, denied_claim


@pytest.mark.parametrize(
    ("before", "denial"),
    [
        ("the group's claim that its fighters had left", " was false"),
        ("that the group's claim that its fighters had left", " was simply untrue"),
        ("reports that soldiers burned the mill", " were not true"),
        ("the clerk had told them that the authority's claim was false", ""),
        ("that two boats had sunk", ""),
        ("that is a lie", ""),
        ("", ""),
    ],
)
def test_a_denial_is_no_part_of_what_it_denies(before: str, denial: str) -> None:
    text = f"She said {before}{denial}, he said."
    span = (9, 9 + len(before) + len(denial))
    assert before_denial(text, span) == (9, 9 + len(before))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "the group's claim that its fighters had left was false",
            ("the group", "claim", "that its fighters had left"),
        ),
        ("that the rebels’ report that a camp burned is untrue", ("the rebels", "report", "that a camp burned")),
        ("the claim that its fighters had left was false", ()),  # nobody's
        ("the group's claim was false", ()),  # of what?
        ("the group's claim that its fighters had left was bold", ()),  # not denied
        ("the clerk said the group's claim that its fighters had left was false", ()),  # the clerk denies it
    ],
)
def test_a_denied_claim_told_by_a_noun(text: str, told: tuple[str, ...]) -> None:
    found = denied_claim(text, (0, len(text)))
    assert tuple(text[slice(*span)] for span in found or ()) == told
