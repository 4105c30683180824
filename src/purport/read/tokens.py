"""Words with their places, sentences and quotation marks: what the rules about who and when walk over."""

import re
from dataclasses import dataclass, field

from purport.read.lexicon.closed import closed

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[A-Z]\.(?=\s[A-Z])"  # an initial
    r"|['’]s\b"  # the mark of possession stands alone
    r"|[^\W_]+(?:(?:[-&‑]|['’](?!s\b)|\.(?=[^\W_]))[^\W_]+)*"
    r"|\n+|[^\w\s]|_+"
)
_ENDS = frozenset(".!?…\n")
_OPEN, _CLOSE, _TOGGLE = "“«„", "”»", '"'

_CLOSED = closed()
ARTICLES, POSSESSIVES = _CLOSED["articles"], _CLOSED["possessives"]
PREPOSITIONS, CONJUNCTIONS = _CLOSED["prepositions"], _CLOSED["conjunctions"]
PRONOUNS, AUXILIARIES, NUMBERS = _CLOSED["pronouns"], _CLOSED["auxiliaries"], _CLOSED["numbers"]
ADVERBS, SUBORDINATE, SAY, TIME_WORDS = (
    _CLOSED["adverbs"],
    _CLOSED["subordinate"],
    _CLOSED["say"],
    _CLOSED["times"],
)
ADJECTIVES, VERBS_TOO, SURNAMES = _CLOSED["adjectives"], _CLOSED["verbs_too"], _CLOSED["surnames"]
STOP = (  # words that end a noun phrase
    ARTICLES
    | POSSESSIVES
    | PREPOSITIONS
    | CONJUNCTIONS
    | PRONOUNS
    | AUXILIARIES
    | SAY
    | (_CLOSED["adverbs"] - _CLOSED["ordinals"])
)

HE_SHE = {
    "he": "he", "him": "he", "his": "he", "himself": "he",
    "she": "she", "her": "she", "hers": "she", "herself": "she",
}  # fmt: skip
IT = frozenset(["it", "its", "itself"])
THEY = frozenset(["they", "them", "their", "theirs", "themselves"])


@dataclass(slots=True)
class Tokens:
    """Aligned lists over the words and marks of a text; offsets are half-open code points."""

    words: list[str] = field(default_factory=list)
    lows: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    opens: list[bool] = field(default_factory=list)  # the first word of a sentence or of a quotation
    quoted: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.words)


def capital(word: str) -> bool:
    return word[0].isupper() or (len(word) > 3 and word[1] in "'’" and word[2:3].isupper())


def tokenise(text: str, abbreviations: frozenset[str] = frozenset(), start: int = 0, stop: int = -1) -> Tokens:
    """One pass over the text (or the part from `start` to `stop`).

    A full stop after one of `abbreviations` (lower-case: "mr", "gen") ends no sentence. Quotation marks are
    followed up to the next newline.
    """
    found = Tokens()
    words, lows, starts, ends = found.words, found.lows, found.starts, found.ends
    sentences, opens, quoted = found.sentences, found.opens, found.quoted
    sentence, ended, fresh, inside = 0, True, True, False
    last = ""
    for match in _TOKEN.finditer(text, start, len(text) if stop < 0 else stop):
        word = match.group()
        first = word[0]
        if first.isalnum():
            if ended and words and (first.isupper() or first.isdigit() or last == "\n"):
                sentence += 1
                fresh = True
            ended = False
            opens.append(fresh)
            fresh = False
        else:
            if first in _OPEN or (word == _TOGGLE and not inside):
                inside = fresh = True
            elif first in _CLOSE or word == _TOGGLE:
                inside = False
            elif first in _ENDS:
                ended = first != "." or last not in abbreviations
                if first == "\n":
                    inside = False
            opens.append(False)
        last = "\n" if first == "\n" else word.lower()
        words.append(word)
        lows.append(last)
        starts.append(match.start())
        ends.append(match.end())
        sentences.append(sentence)
        quoted.append(inside)
    return found
