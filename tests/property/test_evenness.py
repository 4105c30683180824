"""All parties are read alike: swapping two parties' names changes no label.

Each sentence names two parties, A and B; it is read with the names of a pair in, and with the two swapped, and the
labels must be those it has with every other pair.
"""

import re
from itertools import chain

import pytest

from purport.core.spans import Pieces
from purport.read import acts, quotes

PAIRS = [
    # invented states
    ("Varnia", "Ostrel"), ("the Republic of Helm", "the Kingdom of Orsk"), ("Mirova", "Port Sarrow"),
    ("the Varnian government", "the Ostrelian government"), ("the Sarrow authorities", "the Mirovan authorities"),
    # armed groups and armies
    ("the government", "the rebels"), ("the army", "the militants"), ("the Kelm Front", "the Varnian army"),
    ("the Ashen Brigade", "the border guard"), ("the insurgents", "the security forces"),
    ("the Free Valley Council", "the National Guard"), ("the occupation forces", "the resistance"),
    ("the separatists", "the coalition"), ("the junta", "the opposition"), ("the militia", "the peacekeepers"),
    ("fighters", "soldiers"), ("gunmen", "police"), ("the People's Army of Orsk", "the Royal Navy of Helm"),
    ("the movement", "the regime"), ("the armed wing", "the palace"), ("the guerrillas", "the air force"),
    # ministries, courts, offices
    ("the defence ministry", "the foreign ministry"), ("the president", "the prime minister"),
    ("the court", "the prosecutor"),
    ("the police", "the protesters"), ("the governor", "the mayor of Rivermark"), ("the parliament", "the cabinet"),
    ("the Grand Claims Tribunal", "the Ministry of Truth and Records"),
    # media
    ("the Sarrow Herald", "the Mirova Post"), ("state television", "the independent channel"),
    ("the broadcaster", "the website"),
    ("Kelm News Agency", "the Orsk Telegraph"), ("the Daily Reporter", "Radio Free Helm"),
    ("the Lantern Monitor", "the Valley Times"),
    # organisations
    ("Helden Relief", "the Red Lantern Society"), ("the aid agency", "the church"),
    ("the monitoring group", "the trade union"),
    ("Doctors for Orsk", "the Watch for Rights"), ("the charity", "the company"), ("the hospital", "the bank"),
    ("the United League", "the Eastern Bloc"), ("the human rights group", "the think tank"),
    # persons
    ("Odra Vail", "Tomas Kreel"), ("General Kreel", "Minister Vail"), ("Abdul Karim Orsi", "John Helmsley"),
    ("Mrs May", "Mr Will"),
    ("Wei Lan Tso", "Ivan Petrovin"), ("Fatima Mirzad", "Grace Okunle"), ("Imam Sael", "Bishop Orm"),
    ("Rabbi Tal", "Father Dunn"),
]  # fmt: skip

SENTENCES = [
    "[S A] [Q said] [C that B had left the valley].",
    "[S A] [Q said] [C B did not fire on the convoy].",
    "[S A] [Q told] reporters [C that B had broken the truce].",
    "[C B has left the town], [Q according to] [S A].",
    "[C “We do not know what B wants,”] [Q said] [S A].",
    "[C “B will come back,”] [S A] [Q said].",
    "[S A][Q :] [C “B must go.”]",
    "[S A] [Q announced] [C a meeting with B].",
    "[S A] [Q wrote] [C that B might be ready to talk].",
    "[S A] [Q added] [C that B “sold the boats”].",
    "[S A] [Q insisted] [C that B knew of the plan].",
    "[S A] [Q claimed] [C that B shelled the market].",
    "[S A] [Q claims] [C it drove B out of the pass].",
    "[S A] [Q falsely claimed] [C that B had fled].",
    "[S A] [Q alleges] [C that B took the cattle].",
    "[S A] [Q purportedly showed] [C B training in the hills].",
    "[S A] [Q reportedly asked] [C B to stay away].",
    "[S A] [Q is said to have told] friends [C that B is finished].",
    "[S A] [Q appeared to confirm] [C that B was there].",
    "[S A] [Q showed] [C that B had signed the order].",
    "[S A] [Q revealed] [C that B was paid].",
    "[S A] [Q pointed out] [C that B had no plan].",
    "[S A] [Q admitted] [C losing the town to B].",
    "[S A] [Q acknowledged] [C that B won the vote].",
    "[S A] [Q confirmed] [C that B holds nine men].",
    "[S A] [Q did not confirm] [C that B holds nine men].",
    "[S A] [Q could not confirm] [C that B made the video].",
    "[S A] [Q refused to say] [C whether B was invited].",
    "[S A] [Q declined to comment] [C on B].",
    "[S A] [Q has not denied] [C meeting B].",
    "[S A] [Q never said] [C that B was innocent].",
    "[S A] [Q denied] [C that B took part].",
    "[S A] [Q rejected] [C the accusation made by B].",
    "[S A] [Q dismissed] [C the report of B as “nonsense”].",
    "[S A] [Q said] [C the claim of B was false].",
    "[S A] [Q ruled out] [C talks with B].",
    "[S A] [Q doubts] [C that B exists].",
    "[S A] [Q cast doubt on] [C the account of B].",
    "[S A] [Q questioned] [C whether B had the right].",
    "[S A] [Q accused] [C B of burning the mill].",
    "[S A] [Q blamed] [C B for the flood].",
    "[S A] [Q said] [C B was behind the attack on the market].",
    "[S A] [Q said] [C it carried out the attack on B].",
    "[S A] [Q said] [C it was not behind the attack on B].",
    "[S A] [Q claimed responsibility for] [C the attack on B].",
    "[S A] [Q threatened] [C to strike B].",
    "[S A] [Q vowed to] [C destroy B].",
    "[S A] [Q vowed to] [C protect B].",
    "[S A] [Q said] [C it will attack B].",
    "[C “We will crush B,”] [S A] [Q said].",
    "[S A] [Q promised] [C to pay B].",
    "[S A] [Q called for] [C an inquiry into B].",
    "[S A] [Q called on] [C B to leave].",
    "[S A] [Q urged] [C B to stop].",
    "[S A] [Q demanded] [C that B free the pilots].",
    "[S A] [Q said] [C B must leave the valley].",
    "[S A] [Q ordered] [C the arrest of B].",
    "[S A] [Q estimated] [C that B has nine thousand men].",
    "[S A] [Q expects] [C B to sign].",
    "[S A] [Q believes] [C that B is weak].",
    "[S A] [Q does not believe] [C that B will sign].",
    "[S A] [Q fears] [C that B will return].",
    "[S A] [Q wants] [C B to pay].",
    "[S A] [Q warned of] [C an attack by B].",
    "[S A] [Q praised] [C B for its patience].",
    "[S A] [Q condemned] [C the raid by B].",
    "[S A] [Q described] [C the men of B as “fighters”].",
    "[S A] [Q reported] [C the “liberation” of the village by B].",
    "[S A] [Q asked] [C if B would come].",
    "[S A] [Q agreed] [C to meet B].",
]
MARK = re.compile(r"\[([SQC]) ?([^\]]*)\]")


def put(sentence: str, a: str, b: str) -> tuple[str, Pieces, Pieces, Pieces]:
    """The sentence with the names in, and the pieces of its source, cue and content."""
    text, last = "", 0
    roles: dict[str, list[tuple[int, int]]] = {"S": [], "Q": [], "C": []}
    for found in MARK.finditer(sentence):
        text += sentence[last : found.start()]
        words = re.sub(r"\bA\b", lambda _: a, re.sub(r"\bB\b", lambda _: b, found[2]))
        words = words[0].upper() + words[1:] if not text else words
        roles[found[1]].append((len(text), len(text) + len(words)))
        text += words
        last = found.end()
    return text + sentence[last:], tuple(roles["S"]), tuple(roles["Q"]), tuple(roles["C"])


def labels(sentence: str, a: str, b: str) -> tuple[str, ...]:
    text, source, cue, content = put(sentence, a, b)
    judged = acts.judge(text, source, cue, content)
    return judged.act, judged.stance, judged.polarity, judged.certainty, quotes.kind(text, content)[0]


def test_there_are_enough_of_both() -> None:
    assert len(PAIRS) >= 40
    assert len(SENTENCES) >= 60
    assert len(set(chain.from_iterable(PAIRS))) == 2 * len(PAIRS)


def test_the_sentences_differ_in_their_labels() -> None:
    """A test that reads everything as plain saying would pass the next one too."""
    found = [labels(sentence, "Varnia", "Ostrel") for sentence in SENTENCES]
    assert len({label[0] for label in found}) >= 15
    assert {label[1] for label in found} == {"plain", "distanced", "endorsed"}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_swapping_two_parties_changes_no_label(sentence: str) -> None:
    expected = labels(sentence, "Varnia", "Ostrel")
    for a, b in PAIRS:
        assert labels(sentence, a, b) == expected, (a, b)
        assert labels(sentence, b, a) == expected, (b, a)
