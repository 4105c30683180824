"""Acts that stand in the content of a plain cue: "said it was behind the attack", "said the claim was false".

Each rule is narrow and says nothing when in doubt; the act then stays that of the cue.
"""

import re
from typing import NamedTuple

from purport.core.spans import Span
from purport.read import firmness
from purport.read.cue import is_adverb
from purport.read.firmness import is_form
from purport.read.lexicon import Entry, Lexicon, lexicon
from purport.read.lexicon.words import Words, split

CONTENT = 45  # words of a content looked at
_BE = frozenset(["is", "are", "was", "were", "be", "been", "'s", "'re", "am", "'m"])
_MARKS = frozenset("\"“”„«»'‘’‹›,.!")
_SPEAKERS = frozenset(("we", "i", "our", "my"))
_DENIALS = ("-", "certain")


_OWNER = frozenset(["'s", "'"])
_OWNED = re.compile(r"['’]s?\s+\w+\s+that\b")


class Told(NamedTuple):
    """A claim told by a noun, "the group's | claim | that …": where its three parts stand in the text."""

    source: Span
    cue: Span
    content: Span


class Special(NamedTuple):
    """An act read from the content's words first..last; empty polarity and certainty leave the cue's."""

    act: str
    first: int
    last: int
    rule: str
    polarity: str = ""
    certainty: str = ""


def read_content(entry: Entry, act: str, rest: list[str], words: Words, quoted: bool, lex: Lexicon) -> Special | None:
    """What the content adds to a cue whose entry and act are known.

    `rest` are the words behind the cue's head; `quoted` says that the content opens in quotation marks, so
    that only "we" and "I" are the speakers themselves.
    """
    if not words.low:
        return None
    for frame in lex.frames:
        if entry.name in frame.after:
            first = firmness.opening(words, lex)
            if frame.starts and words.low[first : first + 1] == [frame.starts]:
                return Special(frame.act, first, first, f"frame/{frame.act}", "", frame.certainty)
            if frame.has and frame.has in words.low[:8]:
                at = words.low.index(frame.has)
                return Special(frame.act, at, at, f"frame/{frame.act}", "", frame.certainty)
    if act == "promise":
        return _hostile_promise(rest, words, lex)
    if act != "say" or (entry.name and entry.pattern[0] not in lex.context.plain):
        return None
    selves = _SPEAKERS if quoted else lex.context.selves
    return (
        _denial(words, lex) or _responsibility(words, selves, lex) or _threat(words, selves, lex) or _must(words, lex)
    )


def before_denial(text: str, span: Span) -> Span:
    """The stretch without the words by which it denies what it begins with: "the claim that … | was false".

    A denial that is itself told, as in "the clerk said the claim was false", belongs to whoever tells it.
    """
    words, _, denial = _denied(text, span)
    return (span[0], words.ends[denial - 1]) if denial else span


def denied_claim(text: str, span: Span) -> Told | None:
    """The claim that the stretch denies, if a noun tells it with its owner before it and "that" behind it.

    The network, which reads it without its surroundings, is seldom sure of such a claim; its form leaves no doubt.
    """
    if not _OWNED.search(text, *span):  # told sooner than by looking at each word
        return None
    words, noun, denial = _denied(text, span)
    start = firmness.opening(words, lexicon())
    if not denial or noun <= start or words.low[noun - 1] not in _OWNER or words.low[noun + 1] != "that":
        return None
    return Told(words.span(start, noun - 2), words.span(noun, noun), words.span(noun + 1, denial - 1))


def _denied(text: str, span: Span) -> tuple[Words, int, int]:
    """The words of a stretch, where the noun for what it denies stands and where the denial; 0 where it denies none."""
    lex = lexicon()
    words = split(text, (span,), CONTENT)
    found = _denial(words, lex)
    if found is None:
        return words, 0, 0
    start = firmness.opening(words, lex)
    noun = next((i for i in range(start, found.first) if is_form(lex, words.low[i], lex.context.statements)), -1)
    told = any(word == "that" or word in lex.reporting for word in words.low[start : max(noun, start)])
    return (words, 0, 0) if noun < 0 or told else (words, noun, found.first)


def _denial(words: Words, lex: Lexicon) -> Special | None:
    """ "The claim is false", "that is not true", "there is no truth in it", "a lie"."""
    low, context = words.low, lex.context
    start = firmness.opening(words, lex)
    real = [i for i in range(start, len(low)) if low[i] not in _MARKS]
    if 0 < len(real) <= 4 and not any(low[i] in _BE for i in real):
        for i in real:
            if low[i] in context.falsity and not any(low[k] in context.negators or low[k] == "no" for k in real):
                return Special("deny", i, i, "content/denial", *_DENIALS)
    for i in range(start, min(len(low), start + firmness.CLAUSE)):
        if low[i] in context.boundaries:
            return None
        if low[i] not in _BE or not (
            any(is_form(lex, w, context.statements) for w in low[max(0, i - 14) : i])
            or (low[i - 1] in context.pointers and i - 1 <= start)
        ):
            continue
        negated = False
        for k in range(i + 1, min(len(low), i + 6)):
            word = low[k]
            if word in context.negators or word == "no":
                negated = True
            elif (
                (word == "truth" and negated)
                or (word in context.falsity and not negated)
                or (word in context.truth and negated)
            ):
                return Special("deny", i, k, "content/denial", *_DENIALS)
            elif not (
                is_adverb(word, lex) or word in context.determiners or word in _MARKS or word in context.auxiliaries
            ):
                break
    return None


def _responsibility(words: Words, selves: frozenset[str], lex: Lexicon) -> Special | None:
    """ "It was behind the attack", "its fighters carried out the raid"; "it was not behind" is a denial,
    "the others were behind it" an accusation."""
    low, context = words.low, lex.context
    start = firmness.opening(words, lex)
    if start >= len(low):
        return None
    own = low[start] in selves
    for i in range(start + 1, min(len(low), start + 9)):
        word = low[i]
        if word in context.boundaries:
            return None
        behind = word in ("behind", "responsible") and any(w in _BE for w in low[start:i])
        done = own and is_form(lex, word, context.doing)
        if not (behind or done):
            continue
        deeds = [k for k in range(i + 1, min(len(low), i + 8)) if is_form(lex, low[k], context.deeds)]
        if not deeds or any(w in context.futures or w in ("may", "might", "could", "must") for w in low[start:i]):
            return None
        if any(w in context.negators or w in context.nobody for w in low[start:i]):
            return Special("deny", start, i, "content/responsibility", *_DENIALS) if own else None
        act = "claim_responsibility" if own else "accuse"
        return Special(act, start, deeds[0], "content/responsibility")
    return None


def _threat(words: Words, selves: frozenset[str], lex: Lexicon) -> Special | None:
    """ "We will crush them", "it would retaliate": the speakers' own hostile deed, announced and not negated."""
    low, context = words.low, lex.context
    start = firmness.opening(words, lex)
    if start >= len(low) or low[start] not in selves:
        return None
    for i in range(start + 1, min(len(low), start + 5)):
        if not (low[i] in context.futures or low[i] in _BE or is_adverb(low[i], lex)):
            return None
        if low[i] in context.futures:
            for k in range(i + 1, min(len(low), i + 5)):
                if low[k] in context.negators:
                    return None
                if _hostile(low, k, lex):
                    return Special("threaten", start, k, "content/threat")
                if not (is_adverb(low[k], lex) or low[k] in context.auxiliaries):
                    return None
    return None


def _must(words: Words, lex: Lexicon) -> Special | None:
    """ "The army must leave": a demand on another, not on oneself and not a guess ("must have left")."""
    low, context = words.low, lex.context
    start = firmness.opening(words, lex)
    if start >= len(low) or low[start] in context.selves:
        return None
    for i in range(start + 1, min(len(low) - 1, start + 9)):
        if low[i] in context.boundaries or low[i] == ",":
            return None
        if low[i] == "must":
            if low[i + 1] == "have":
                return None
            return Special("demand", i, i, "content/must", "", "unknown")
    return None


def _hostile_promise(rest: list[str], words: Words, lex: Lexicon) -> Special | None:
    """A vow "to avenge", "revenge", "that it would strike back" is a threat."""
    if any(word in lex.context.hostile for word in rest[:2]):
        return Special("threaten", 0, 0, "content/threat")
    for i, word in enumerate(words.low[:6]):
        if word in lex.context.negators:
            return None
        if _hostile(words.low, i, lex):
            return Special("threaten", i, i, "content/threat")
    return None


def _hostile(low: list[str], i: int, lex: Lexicon) -> bool:
    """A hostile verb; "strike" and its like only with an object, since a union strikes too."""
    if low[i] not in lex.context.hostile:
        return False
    following = low[i + 1] if i + 1 < len(low) else "."
    return low[i] not in lex.context.transitive or (
        following[0].isalnum()
        and following not in lex.context.prepositions
        and following not in lex.context.openers
        and not is_adverb(following, lex)
    )
