"""How far the text puts an event as having happened, from -3 (did not) to +3 (did), by the words around its verb.

The scale is that of "It Happened" (Rudinger, White and Van Durme 2018, arXiv:1804.02472; de Marneffe et al.
2012), and so is its sense: what is yet to come, wished or ordered did not happen. It is used to measure how well
negation, modality and attitude are read (`bench/firmness.py`); claims carry polarity and certainty instead.

An event is described by *signs* (its form, its auxiliaries, what governs it, the mood of the sentence); each sign
has a weight in `lexicon/factuality.toml`, and the score is their sum.
"""

from purport.core.spans import Span
from purport.read.cue import is_adverb
from purport.read.lexicon import Lexicon, lexicon
from purport.read.lexicon.words import Words, split

SENTENCE = 600  # characters looked at on either side of an event
NEGATED = -0.5  # a negated event scores at most this; annotators of the training set often judged its "not" as holding
CLAUSE = 14  # words to the left in which a conjunction or an attitude still governs

_BE = frozenset(("is", "are", "was", "were", "be", "been", "being", "am", "'m", "'re", "'s", "s"))
_WAS = frozenset(("was", "were", "had", "did", "'d"))
_HAVE = frozenset(("have", "has", "had", "'ve", "having"))
_DO = frozenset(("do", "does", "did"))
_NOT = frozenset(("not", "n't", "nt", "never", "cannot", "hardly", "barely", "neither", "nor", "cant", "dont", "wont"))
_MODALS = {
    "will": "will", "'ll": "will", "wo": "will", "shall": "will", "ll": "will", "wont": "will", "would": "would",
    "'d": "would", "can": "can", "ca": "can", "cannot": "can", "cant": "can", "could": "could", "may": "might",
    "might": "might", "must": "must", "should": "should", "ought": "should", "dont": "do",
}  # fmt: skip
_PRONOUNS = frozenset(("i", "we", "he", "she", "it", "they", "you", "who", "that", "this", "which"))
_CONJUNCTIONS = frozenset(
    ("if", "unless", "whether", "when", "because", "who", "which", "that", "how", "what", "until", "before")
)
_STOPS = frozenset((".", "!", "?", ";", ":"))
_PREPOSITIONS = frozenset(
    ("of", "for", "by", "in", "on", "with", "without", "from", "after", "before", "about", "at", "as", "than")
)
_FUTURE = frozenset(("tomorrow", "soon", "tonight", "upcoming", "future"))
_PAST = frozenset(("yesterday", "ago", "last", "already", "recently", "earlier"))
_DOUBTS = frozenset(
    ("maybe", "perhaps", "possibly", "probably", "likely", "apparently", "supposedly", "allegedly", "might", "may")
)


def factuality(text: str, event: Span) -> float:
    """The score of the event whose verb stands at `event` (half-open code points), clipped to [-3, 3]."""
    weights = lexicon().factuality
    found = signs(text, event)
    score = sum(weights.get(sign, 0.0) for sign in found)
    return max(-3.0, min(NEGATED if "negated" in found else 3.0, score))


def signs(text: str, event: Span) -> list[str]:
    """What the words around an event show, as names of weights; always begins with "base"."""
    lex = lexicon()
    words = split(text, ((max(0, event[0] - SENTENCE), min(len(text), event[1] + SENTENCE)),))
    at = next((i for i, end in enumerate(words.ends) if end > event[0]), len(words.low) - 1)
    if at < 0:
        return ["base"]
    return list(dict.fromkeys(["base", *_signs(words, at, lex)]))


def _signs(words: Words, at: int, lex: Lexicon) -> list[str]:
    low = words.low
    first = next((i + 1 for i in range(at - 1, -1, -1) if low[i] in _STOPS), 0)
    last = next((i for i in range(at, len(low)) if low[i] in (".", "!", "?")), len(low) - 1)
    form = _form(low[at], lex)
    i, found = _group(low, at, first, lex)
    found.append(f"form {form}")
    helped = any(sign.startswith("aux") for sign in found)
    if not helped:
        found.append(f"bare {form}")
    before = low[i] if i >= first else ""
    if i < first or before in ("please", "just", "simply") or (before == "," and form == "plain"):
        found += [f"opens {form}", "opens with help" if helped else f"opens alone {form}"]
    elif before == "to":
        found += _infinitive(low, i, first, lex)
    elif before in _PREPOSITIONS:
        found += [f"after {before}", f"preposition {form}"]
    elif before in _PRONOUNS:
        found.append(f"subject {before} {'helped' if helped else form}")
    elif before in ("and", "or", ","):
        found.append(f"joined {form}")
        previous = next((k for k in range(i - 1, max(first, i - 10) - 1, -1) if _form(low[k], lex) == form), -1)
        if previous >= 0:
            _, earlier = _group(low, previous, first, lex)
            found += [f"joined {sign}" for sign in earlier]
            if previous > first and low[previous - 1] == "to":
                found.append("joined to")
    else:
        base = _listed(before, lex)
        if base:
            found.append(f"governed {base} {form}")
    found += _clause(low, i, first, lex)
    if last < len(low) and low[last] == "?":
        found.append("question")
    if low[last] == "!":
        found.append("exclaimed")
    sentence = low[first : last + 1]
    found += [
        name for name, listed in (("future time", _FUTURE), ("past time", _PAST)) if not listed.isdisjoint(sentence)
    ]
    if "if" in sentence and "if" not in low[max(first, at - CLAUSE) : at]:
        found.append("if elsewhere")
    if sentence and sentence[0] in ("please", "let", "if", "when", "do", "you"):
        found.append(f"sentence {sentence[0]}")
    return found


def _form(word: str, lex: Lexicon) -> str:
    if word.endswith("ing") and len(word) > 4:
        return "ing"
    if word in lex.pasts or (word.endswith("ed") and len(word) > 3):
        return "past"
    if word in _BE or word in _HAVE or word in _DO:
        return "helper"
    return "s" if word.endswith("s") and not word.endswith("ss") else "plain"


def _group(low: list[str], at: int, first: int, lex: Lexicon) -> tuple[int, list[str]]:
    """The auxiliaries and negations before a verb, and the index of the word before them all."""
    found: list[str] = []
    negated = False
    i = at - 1
    while i >= first:
        word = low[i]
        if word in _MODALS:
            found.append(f"aux {_MODALS[word]}")
        elif word in _HAVE:
            found.append("aux had" if word == "had" else "aux have")
        elif word in _BE:
            found.append("aux was" if word in _WAS else "aux be")
        elif word in _DO:
            found.append("aux did" if word == "did" else "aux do")
        elif word not in _NOT and not is_adverb(word, lex):
            break
        negated = negated or word in _NOT
        i -= 1
    if low[at] in _BE or low[at] in _HAVE:
        negated = negated or low[at + 1 : at + 2] in (["not"], ["n't"], ["no"], ["never"])
    if negated:
        found += ["negated", *[f"negated {sign}" for sign in found]]
    elif low[at + 1 : at + 2] in (["no"], ["nothing"], ["nobody"], ["none"]):
        found.append("object negated")
    return i, found


def _infinitive(low: list[str], to: int, first: int, lex: Lexicon) -> list[str]:
    """What governs "to do": the word before, its class, and whether it was itself negated or modal."""
    k = to - 1
    while k >= first and (is_adverb(low[k], lex) or low[k] in _NOT):
        k -= 1
    found = ["to", *(["negated to"] if to > first and low[to - 1] in _NOT else [])]
    if k < first:
        return [*found, "opens to"]
    base = _listed(low[k], lex)
    for back in range(k - 1, max(first, k - 3) - 1, -1):
        if base:
            break
        base = _listed(low[back], lex)  # "told the men to leave"
        k = back if base else k
    kind = base or "other"
    _, helped = _group(low, k, first, lex)
    return [*found, f"to {kind} {_form(low[k], lex)}", *[f"governor {sign}" for sign in helped if sign != "aux be"]]


def _listed(word: str, lex: Lexicon) -> str:
    """happened, open or unhappened: what a governing word makes of the event; "" for others."""
    classes = lex.context.factuality
    for base in (word, *lex.bases.get(word, ())):
        if base in classes.unhappened:
            return "unhappened"
        if base in classes.open:
            return "open"
        if base in classes.happened:
            return "happened"
    return ""


def _clause(low: list[str], start: int, first: int, lex: Lexicon) -> list[str]:
    """Conjunctions, attitudes, doubts and negated subjects between the clause's start and the verb."""
    found: list[str] = []
    for k in range(start, max(first, start - CLAUSE) - 1, -1):
        word = low[k]
        if word in ("if", "unless", "whether"):
            found.append("if")
            break
        if word in _CONJUNCTIONS:
            found.append(f"clause {word}")
        elif word in _DOUBTS:
            found.append("doubted")
        elif word in lex.context.nobody:
            found.append("nobody")
        elif word in _NOT:
            found.append("negation left")
        elif word in ("will", "'ll", "would", "should", "can", "could"):
            found.append("modal left")
        else:
            for base in lex.bases.get(word, ()):
                entry = lex.singles.get(base)
                if entry is not None and not entry.group.yields:
                    found.append(f"act {entry.group.act}")
                    break
        if word == ",":
            break
    return found
