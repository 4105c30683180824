"""Words with their places, sentences and quotation marks: what the rules about who and when walk over."""

import re
from dataclasses import dataclass

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

    words: list[str]
    lows: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[int]
    opens: list[bool]  # the first word of a sentence or of a quotation
    quoted: list[bool]
    caps: list[bool]

    def __len__(self) -> int:
        return len(self.words)


def tokenise(text: str, abbreviations: frozenset[str] = frozenset(), start: int = 0, stop: int = -1) -> Tokens:
    """One pass over the text (or the part from `start` to `stop`).

    A full stop after one of `abbreviations` (lower-case: "mr", "gen") ends no sentence. Quotation marks are
    followed up to the next newline.
    """
    matches = list(_TOKEN.finditer(text, start, len(text) if stop < 0 else stop))
    words = [match.group() for match in matches]
    count = len(words)
    found = Tokens(
        words=words,
        lows=[word.lower() for word in words],
        starts=[match.start() for match in matches],
        ends=[match.end() for match in matches],
        caps=[word[0].isupper() or (len(word) > 3 and word[1] in "'’" and word[2].isupper()) for word in words],
        sentences=[0] * count,
        opens=[False] * count,
        quoted=[False] * count,
    )
    _structure(found, abbreviations)
    return found


def _structure(t: Tokens, abbreviations: frozenset[str]) -> None:
    """Fill in sentences, openings and quotations: only what follows a mark can change them."""
    words, count = t.words, len(t)
    sentence, began = 0, 0
    ended, fresh, quoted_from = False, True, -1
    for i in [-1, *(k for k, word in enumerate(words) if not word[0].isalnum())]:
        if i >= 0:
            first = words[i][0]
            if first in _OPEN or (first == _TOGGLE and quoted_from < 0):
                quoted_from = i if quoted_from < 0 else quoted_from
                fresh = True
            elif (first in _CLOSE or first == _TOGGLE or first == "\n") and quoted_from >= 0:
                t.quoted[quoted_from:i] = [True] * (i - quoted_from)
                quoted_from = -1
            if first in _ENDS:
                ended = ended or first != "." or i == 0 or t.lows[i - 1] not in abbreviations
        after = i + 1
        if after >= count or not words[after][0].isalnum():
            continue
        if ended and (words[after][0].isupper() or words[after][0].isdigit() or words[i][0] == "\n"):
            t.sentences[began:after] = [sentence] * (after - began)
            sentence, began, fresh = sentence + 1, after, True
        t.opens[after] = fresh
        ended = fresh = False
    t.sentences[began:] = [sentence] * (count - began)
    if quoted_from >= 0:
        t.quoted[quoted_from:] = [True] * (count - quoted_from)
