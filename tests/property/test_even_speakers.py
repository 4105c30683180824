"""Swapping two parties' names changes no source kind, no target and no resolution."""

import pytest

from purport.core.spans import Pieces, Span
from purport.read.sources import kind
from purport.read.speakers import Resolver
from purport.read.targets import target

PERSONS = [
    ("Mira Tolan", "Dov Harl"), ("Fatima Mirzad", "Grace Okunle"), ("Wei Lan", "Ivan Petrovin"),
    ("Abdul Orsi", "John Helmsley"), ("Odra Vail", "Tomas Kreel"), ("Yusuf Demirel", "Anselm Quay"),
    ("Noor Teslin", "Brin Adair"), ("Amara Diallo", "Pia Lumen"), ("Jesus Ortega", "Sven Lund"),
    ("Ali Hassani", "David Rosen"), ("Olena Koval", "Sergei Volkov"), ("Min Park", "Hiro Tanaka"),
]  # fmt: skip
GROUPS = [
    ("the Coast Union", "the Harbour Union"), ("the Salt Brigade", "the Northern Brigade"),
    ("the Upland Ministry", "the Lowland Ministry"), ("the Kelm Herald", "the Orsk Herald"),
    ("the Free Valley Movement", "the Red Coast Movement"), ("the Sabel Army", "the Keld Army"),
    ("the Hill Rebels", "the River Rebels"), ("the Lantern Foundation", "the Anchor Foundation"),
    ("the Varnia Liberation Army", "the Ostrel Liberation Army"), ("the Kelm Police", "the Orsk Police"),
    ("the Catholic Council", "the Muslim Council"), ("the Eastern Party", "the Western Party"),
]  # fmt: skip
STATES = [
    ("Russia", "Ukraine"), ("Israel", "Palestine"), ("China", "Taiwan"), ("India", "Pakistan"),
    ("Iran", "France"), ("North Korea", "South Korea"), ("Turkey", "Armenia"), ("Serbia", "Kosovo"),
    ("Mongolia", "Bolivia"), ("Ethiopia", "Eritrea"),
]  # fmt: skip
SEATS = [
    ("Moscow", "Kyiv"), ("Jerusalem", "Ramallah"), ("Beijing", "Taipei"), ("Tehran", "Paris"),
    ("Pyongyang", "Seoul"), ("Ankara", "Yerevan"), ("Belgrade", "Pristina"), ("Khartoum", "Juba"),
]  # fmt: skip
OFFICES = [
    ("Prime Minister Alma Reyd", "President Kaj Berg"), ("General Udd", "Colonel Frisk"),
    ("Bishop Olan Reth", "Imam Karim Sael"), ("Rabbi Tal Oren", "Father Cass Ruvane"),
]  # fmt: skip
PAIRS = PERSONS + GROUPS + STATES + SEATS + OFFICES

# [[…]] is the source that is asked for
PERSONAL = [
    "A met B on the bridge. Later [[she]] said no.",
    "[[A]] said that B had lied.",
    "A accused B of theft. [[He]] denied it.",
    "“No,” A said. B was not there. [[She]] said it twice.",
    "B gave the list to A, [[who]] denied having read it.",
    "When [[he]] left, A had not yet met B.",
    "“[[I]] saw B,” A said.",
]
SAID = [
    "[[A]] said that B had lied.",
    "[[A]] denied that B held the pass. It said so twice.",
    "A closed the road to B. [[It]] said the road was mined.",
    "A accused B of theft. [[It]] asked for an inquiry.",
    "A and B met. [[It]] said no.",
    "The letter was sent to A, [[which]] said nothing of B.",
    "According to [[A]], B fired first.",
    "[[They]] said A and B were gone.",
]


def fill(template: str, a: str, b: str) -> tuple[str, Span]:
    """The template with names in; capital at the opening."""
    named = template.replace("A", "\0").replace("B", "\1").replace("\1", b)
    # what begins with an A of its own ("According") has its letter back
    named = named.replace("\0ccording", "According").replace("\0", a)
    if named.startswith("[["):
        named = "[[" + named[2].upper() + named[3:]
    named = named[0].upper() + named[1:]
    start = named.index("[[")
    stop = named.index("]]") - 2
    return named.replace("[[", "").replace("]]", ""), (start, stop)


def reading(template: str, a: str, b: str) -> tuple[str, str, str, tuple[float, ...]]:
    """Kind, speaker and target of the marked source, with the names taken out again, and the confidence."""
    text, span = fill(template, a, b)
    source: Pieces = (span,)
    resolver = Resolver(text)
    found = resolver.resolve(source)
    cue: Pieces = ()
    for word in ("accused", "denied", "said"):
        if word in text:
            cue = ((text.index(word), text.index(word) + len(word)),)
            break
    aimed = target(text, (), cue, ())

    def nameless(words: str) -> str:
        return words.lower().replace(a.lower(), "A").replace(b.lower(), "B").removeprefix("the ")

    spoken = nameless(found[0].text) if found else ""
    aim = nameless(aimed[0].text) if aimed else ""
    return kind(text, source)[0], spoken, aim, tuple(s.confidence for s in found)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_swapping_names_changes_nothing(a: str, b: str) -> None:
    templates = PERSONAL if (a, b) in PERSONS else SAID
    for template in templates:
        assert reading(template, a, b) == reading(template, b, a), template


def test_there_are_enough_pairs() -> None:
    assert len(PAIRS) >= 40


def test_the_comparison_can_fail() -> None:
    assert (
        reading("[[A]] said that B had lied.", "the Coast Union", "Mira Tolan")[0]
        != (reading("[[A]] said that B had lied.", "Mira Tolan", "the Coast Union")[0])
    )


@pytest.mark.parametrize("pairs", [PERSONS, GROUPS, STATES, SEATS])
def test_all_parties_of_a_sort_are_read_alike(pairs: list[tuple[str, str]]) -> None:
    if pairs is GROUPS:
        pairs = [pair for pair in pairs if pair[0].split()[-1] in ("Union", "Brigade", "Foundation")]
        kinds = {
            pair[0].split()[-1]: {reading("[[A]] said B lied.", *p)[0] for p in (pair, pair[::-1])} for pair in pairs
        }
        assert all(len(found) == 1 for found in kinds.values())
    else:
        assert len({reading("[[A]] said B lied.", *p)[:3] for pair in pairs for p in (pair, pair[::-1])}) == 1
