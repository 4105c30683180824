"""The words of a cue against the lexicon: which entry is its head, what negates, softens or colours it."""

from typing import NamedTuple

from purport.core.spans import Pieces, cover
from purport.read.lexicon import Entry, Group, Lexicon
from purport.read.lexicon.words import Words, spare_names, split

BEFORE, AFTER = 60, 40  # characters looked at before and behind a cue
FILLERS = 3  # adverbs and determiners that may stand between two words of a pattern

_DEFAULT = Entry(("say",), "", Group("say", ()))
_MIGHT = frozenset(("may", "might", "could"))
_WILL = frozenset(("will", "would", "shall", "should", "can", "must", "'ll", "'d", "wo"))


class Match(NamedTuple):
    """An entry and the words that matched it, first to last, the last included."""

    entry: Entry
    first: int
    last: int


class Reading(NamedTuple):
    """What a cue says before its content is looked at. Indices are into `words`; -1 means there is none."""

    words: Words
    head: Match
    negation: int = -1
    modal: int = -1
    might: bool = False  # the modal leaves open whether it was said at all
    lent: tuple[Match, ...] = ()  # none or one that colours the head: "appears to"
    withheld: tuple[Match, ...] = ()  # none or one that undoes it: "refused to"


def read(text: str, source: Pieces, cue: Pieces, content: Pieces, lex: Lexicon) -> Reading:
    """The head of a cue is its first word or longest pattern that doesn't yield; a pattern may run on behind.

    Auxiliaries, negations and adverbs just before the cue are read with it, since where annotators and
    models let a cue begin is a matter of habit.
    """
    words, first, last = around(text, source, cue, content, lex)
    low = words.low
    weak: tuple[Match, ...] = ()
    lent: tuple[Match, ...] = ()
    withheld: tuple[Match, ...] = ()
    head: tuple[Match, ...] = ()
    i = 0
    while i < last and not head:
        found = match(words, i, lex)
        if found is None or (found.last < first and not (found.entry.group.withholds or found.entry.group.lends)):
            i += 1
            continue
        group = found.entry.group
        if group.withholds:
            withheld = withheld or (found,)
        elif group.yields:
            weak = weak or (found,)
            lent = lent or ((found,) if group.lends else ())
        else:
            head = (found,)
        i = found.last + 1
    if withheld and not (head and head[0].entry.group.act in lex.negated):
        head, withheld = withheld, ()
    if not head:
        head, lent = weak or (Match(_DEFAULT, min(first, len(low) - 1), max(first, last - 1)),), ()
    negation = modal = -1
    for k in range(max(0, head[0].first)):
        if low[k] in lex.context.negators and low[k + 1] not in lex.context.merely:
            negation = k
        elif low[k] in _MIGHT or low[k] in _WILL:
            modal = k
    return Reading(words, head[0], negation, modal, modal >= 0 and low[modal] in _MIGHT, lent, withheld)


def around(text: str, source: Pieces, cue: Pieces, content: Pieces, lex: Lexicon) -> tuple[Words, int, int]:
    """The words of a cue with what belongs to it on both sides; the cue's own are [first, last)."""
    start, end = cover(cue)
    own = split(text, cue)
    if not own.low:
        return own, 0, 0
    left = max([0, start - BEFORE, *(e for pieces in (source, content) for _, e in pieces if e <= start)])
    before = spare_names(text, split(text, ((left, start),)))
    keep = len(before.low)
    while keep and _belongs(before.low, keep - 1, lex):
        keep -= 1
    if keep == 0 and left and left == start - BEFORE:
        keep = min(1, len(before.low))  # the first word may have been cut in two
    behind = split(text, ((end, min(len(text), end + AFTER)),), 5)
    words = Words(
        before.low[keep:] + own.low + behind.low,
        before.starts[keep:] + own.starts + behind.starts,
        before.ends[keep:] + own.ends + behind.ends,
    )
    first = len(before.low) - keep
    return words, first, first + len(own.low)


def _belongs(low: list[str], i: int, lex: Lexicon) -> bool:
    """May the word before a cue belong to it: an auxiliary, a negation, an adverb, "refused to"?"""
    word = low[i]
    context = lex.context
    if word in context.auxiliaries or word in context.negators or is_adverb(word, lex):
        return True
    return low[i + 1 : i + 2] == ["to"] and any(base in lex.leaders for base in lex.bases.get(word, ()))


def is_adverb(word: str, lex: Lexicon) -> bool:
    return word in lex.context.adverbs or (len(word) > 4 and word.endswith("ly"))


def match(words: Words, i: int, lex: Lexicon) -> Match | None:
    """The longest pattern that begins at word i, or None."""
    low = words.low
    found: Match | None = None
    for base in lex.bases.get(low[i], (low[i],)):
        rests = lex.pairs.get(base)
        if rests is not None:
            for k in _next(low, i, lex):
                for second in (low[k], *lex.bases.get(low[k], ())):
                    for entry in rests.get(second, ()):
                        last = _rest(low, k, entry.pattern, lex)
                        if last >= 0 and (found is None or len(entry.pattern) > len(found.entry.pattern)):
                            found = Match(entry, i, last)
        single = lex.singles.get(base)
        if single is not None and (
            found is None or (len(found.entry.pattern) == 1 and found.entry.group.yields and not single.group.yields)
        ):
            found = Match(single, i, i)
    return found


def _next(low: list[str], i: int, lex: Lexicon) -> range:
    """Indices at which the word after word i of a pattern may stand."""
    k = i + 1
    while k < len(low) and k - i <= FILLERS and (low[k] in lex.context.determiners or is_adverb(low[k], lex)):
        k += 1
    return range(i + 1, min(k + 1, len(low)))


def _rest(low: list[str], k: int, pattern: tuple[str, ...], lex: Lexicon) -> int:
    """Index of the last word of a pattern whose second word stands at k; -1 when the rest doesn't follow."""
    for wanted in pattern[2:]:
        for j in _next(low, k, lex):
            if low[j] == wanted or wanted in lex.bases.get(low[j], ()):
                k = j
                break
        else:
            return -1
    return k
