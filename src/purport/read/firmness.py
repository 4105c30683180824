"""Polarity and certainty of a content's main clause, read without a parser from its first words.

Polarity is of the proposition in the content once its own negation is taken out: "+" if the source puts
it as holding, "-" if as not holding. "said it did not leave" and "denied that it left" are both "-" of
*it left*; "denied that it did not leave" is "+". Certainty is how sure the source puts it to be, whichever
way: certain, probable, possible or unknown (asked, demanded, conditional, undecided), the scale of FactBank
(Saurí and Pustejovsky 2009, doi:10.1007/s10579-009-9089-9).
"""

from typing import NamedTuple

from purport.read.lexicon import Lexicon
from purport.read.lexicon.words import Words

RANK = {"unknown": 0, "possible": 1, "probable": 2, "certain": 3}
CLAUSE = 30  # words of a content that are looked at
NEAR = 10  # words into a clause in which "whether" is about the clause itself
REACH = 4  # words after the clause's first verb in which its negation or modal must stand

_BE_DO_HAVE = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "am",
        "be",
        "been",
        "'s",
        "'re",
        "'m",
        "has",
        "have",
        "had",
        "'ve",
        "do",
        "does",
        "did",
    ]
)
_MODALS = frozenset(
    ["will", "would", "shall", "should", "can", "could", "may", "might", "must", "'ll", "'d", "wo", "ca", "cannot"]
)
_MARKS = frozenset("\"“”„«»'‘’‹›(")


class Found(NamedTuple):
    """What the words say, and which (index of the first and last; -1 when nothing was said)."""

    value: str
    first: int = -1
    last: int = -1


def weaker(a: str, b: str) -> str:
    return a if RANK[a] <= RANK[b] else b


def opening(words: Words, lex: Lexicon) -> int:
    """Index of the first word of the main clause: after marks, "that", and a clause such as "if …,"."""
    low, i = words.low, 0
    while i < len(low) and (low[i] in _MARKS or low[i] in ("that", "and", "but", "how")):
        i += 1
    if i < len(low) and low[i] in lex.context.openers:
        for j in range(i, min(len(low), i + 20)):
            if low[j] == ",":
                return j + 1
            if low[j] in ".?!":
                break
    return i


def clause(words: Words, lex: Lexicon) -> tuple[int, int, int]:
    """The main clause as word indices: where it opens, its first verb (-1 if none was seen), where it ends."""
    low, context = words.low, lex.context
    start = opening(words, lex)
    verb = -1
    for i in range(start, min(len(low), start + CLAUSE)):
        word = low[i]
        if i > start and (word in context.boundaries or word == "that"):
            return start, verb, i
        if verb >= 0 and (word in ("and", "or") or i > verb + REACH + 1):
            return start, verb, i
        if verb >= 0 and word == "," and not (i + 1 < len(low) and low[i + 1] in _MARKS):
            return start, verb, i  # a comma within the marks may only say that "he said" comes between
        if verb < 0 and (
            word in _BE_DO_HAVE
            or word in _MODALS
            or word in lex.pasts
            or (i > start and len(word) > 4 and word.endswith("ed"))
        ):
            verb = i
    return start, verb, min(len(low), start + CLAUSE)


def polarity(words: Words, lex: Lexicon) -> Found:
    """ "+" or "-" of the content's own main clause, before the act is taken into account."""
    low, context = words.low, lex.context
    start, verb, end = clause(words, lex)
    if start < end and low[start] in context.nobody and low[start + 1 : start + 2] != ["doubt"]:
        return Found("-", start, start)
    for i in range(start, end):
        word = low[i]
        following = low[i + 1] if i + 1 < end else ""
        if word in context.negators:
            if following in context.merely or (word in ("neither", "nor", "without") and i > start):
                continue
            return Found("-", i, i)
        if word == "no" or (word in context.nobody and verb >= 0):
            if following != "doubt" and low[i - 1] not in context.prepositions and low[i - 1] != ",":
                return Found("-", i, i)
        elif word in context.turning or (
            following == "to" and not word.endswith("ing") and is_form(lex, word, context.withheld)
        ):
            return Found("-", i, i)
    return Found("+")


def certainty(words: Words, lex: Lexicon, quoted: bool, question: bool) -> Found:
    """How sure the content's own words are; `quoted`: they are the source's, so its hedges count too."""
    low, context = words.low, lex.context
    if not low:
        return Found("certain")
    if question:
        return Found("unknown", 0, len(low) - 1)
    start, _, end = clause(words, lex)
    found = Found("certain")
    for i, word in enumerate(low[: start + CLAUSE]):
        if word in ".!?;" and i > start:
            break
        if (word == "whether" and i < max(end, start + NEAR)) or (
            word in context.conditionals and (i == 0 or low[i - 1] not in ("even", "as", "only", "what"))
        ):
            return Found("unknown", i, i)
        if not start <= i < end:
            continue
        if word in context.unknown:
            return Found("unknown", i, i)
        if word in context.possible or (quoted and word in context.hedges):
            if i == start and word in _MODALS:
                continue  # "May resigned": the name, since a statement opens with no modal
            if word == "could" and low[i + 1 : i + 2] in (["not"], ["n't"]):
                continue  # "could not open it": inability, not doubt
            found = Found("possible", i, i)
        elif found.value == "certain" and is_form(lex, word, context.probable) and not _noun(low, i, lex):
            found = Found("probable", i, i)
        elif found.value == "certain" and word == "must" and low[i + 1 : i + 2] == ["have"]:
            found = Found("probable", i, i + 1)
    return found


def _noun(low: list[str], i: int, lex: Lexicon) -> bool:
    """Is a word behind an article, as in "the think tank" and "the suspected leak"?"""
    return i > 0 and low[i - 1] in lex.context.determiners and low[i - 1] not in ("that", "all", "this")


def is_form(lex: Lexicon, word: str, listed: frozenset[str]) -> bool:
    """Is the word, or one it may be a form of, listed?"""
    return word in listed or (word in lex.bases and not listed.isdisjoint(lex.bases[word]))
