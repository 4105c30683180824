"""What the network is shown in place of names: each expected text has ⟦ ⟧ around what is one sign."""

import pytest

from purport.read.parties import parties

CASES = [
    # names in a sentence
    "She told ⟦Orla Penwick⟧ that ⟦the Sarrow Herald⟧ had lied.",
    "It was ⟦the Varnian army⟧, ⟦Reuters⟧ wrote, and not ⟦the rebels⟧.",
    "In a letter ⟦O'Hara-Venn⟧ of ⟦AT&T⟧ thanked ⟦the U.S.⟧ for it.",
    "The claim by ⟦George W. Tolan⟧ and ⟦Sen. Vail⟧ was read out.",
    "A ⟦fighter⟧ of ⟦al-Nahr⟧ and one of ⟦the Popular Front⟧ fled.",
    "It shows ⟦the Republic of Helm⟧ and ⟦the People's Army of Orsk⟧.",
    "A clerk at ⟦the Ministry of Food and Fisheries⟧ said so.",
    # a possessor is a name of its own; a day, a month and "I" are none
    "He read ⟦Tolan⟧’s ⟦Herald⟧ on Monday, 4 May.",
    "She and I saw ⟦Mrs May⟧ there.",
    # the beginning of a sentence
    "⟦Hamlin⟧ said no.",
    "Critics said no.",
    "⟦Human Rights Watch⟧ said no.",
    "Speaking on ⟦Radio Free Helm⟧, she said no. Yesterday ⟦Vail⟧ said no.",
    "But ⟦Vail⟧ said: “People know ⟦Ostrel⟧.”",
    # nouns, with what belongs to them
    "⟦Police⟧ and ⟦the security forces⟧ met ⟦rebel fighters⟧ and a ⟦human rights group⟧.",
    "⟦State television⟧ showed ⟦the Orsk government⟧.",
    "The national mood was human.",
    # a headline
    "Video Purportedly Shows ⟦Fighters⟧ Near ⟦Velmora⟧ in the Night",
    # letters of other scripts, and none
    "“⟦Émile Ørsted⟧ est là”, dit-elle.",
    "",
    "…",
]  # fmt: skip


@pytest.mark.parametrize("marked", CASES)
def test_names_and_party_nouns_are_one_sign_each(marked: str) -> None:
    text = marked.replace("⟦", "").replace("⟧", "")
    shown, last = "", 0
    for start, end in parties(text):
        shown += text[last:start] + "⟦" + text[start:end] + "⟧"
        last = end
    assert shown + text[last:] == marked


def test_offsets_run_on_over_paragraphs() -> None:
    text = "One line.\n\nThen Mira Tolan\nspoke."
    assert [text[start:end] for start, end in parties(text)] == ["Mira Tolan"]
