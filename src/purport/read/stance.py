"""The reporter's stance towards a claim: plain, distanced or endorsed, and the words that show it.

Distance is what the reporter's own words show ("purportedly", "claims", a word in scare quotes);
endorsement is a verb that takes what follows for granted ("showed", "acknowledged"). The verbs stand in
`lexicon/cues.toml`; this module reads what decides over them: adverbs near the cue or just inside an
unquoted content, and scare quotes. Words inside a quotation are the source's and decide nothing here.
The stance is the reporter's as written; it is no judgement of ours.
"""

from typing import NamedTuple

from purport.core.spans import Pieces, Span, cover
from purport.read.lexicon import Lexicon
from purport.read.lexicon.words import Words, split

GAP = 60  # characters between two roles that are looked at; what is longer is another clause
LEAD = 14  # characters before the first role: "Reportedly, the ministry said"
HEAD = 8  # words of a content in which the reporter's adverb may stand
_ARTICLES = frozenset(["a", "an", "the", "its", "their", "his", "her", "this", "these", "those", "our"])


class Stance(NamedTuple):
    """What was seen; an empty value when nothing was."""

    value: str = ""
    span: Span = (0, 0)
    rule: str = ""


def near(
    text: str,
    source: Pieces,
    cue: Pieces,
    content: Pieces,
    cue_words: Words,
    content_words: Words,
    table: bytes,
    lex: Lexicon,
) -> Stance:
    """Distance or endorsement said outright, by an adverb before all, then by scare quotes."""
    for words in (cue_words, split(text, gaps(text, source, cue, content))):
        for i, word in enumerate(words.low):
            if word in lex.context.distancing and not table[words.starts[i]]:
                return Stance("distanced", words.span(i, i), "context/distancing")
            if word in lex.context.endorsing and not table[words.starts[i]]:
                return Stance("endorsed", words.span(i, i), "context/endorsing")
    for i, word in enumerate(content_words.low):
        if i < HEAD and word in lex.context.distancing and not table[content_words.starts[i]]:
            return Stance("distanced", content_words.span(i, i), "context/distancing")
    return scare_quotes(text, content, table)


def gaps(text: str, source: Pieces, cue: Pieces, content: Pieces) -> Pieces:
    """The short stretches between the roles, and the words that lead up to the first of them."""
    roles = sorted((*source, *cue, *content))
    if not roles:
        return ()
    first = roles[0][0]
    found = [(max(text.rfind(".", 0, first), text.rfind("\n", 0, first), first - LEAD) + 1, first)]
    if found[0][0] <= 0:
        found = [(0, first)]
    last = roles[0][1]
    for start, end in roles[1:]:
        if 0 < start - last <= GAP:
            found.append((last, start))
        last = max(last, end)
    return tuple(found)


def scare_quotes(text: str, content: Pieces, table: bytes) -> Stance:
    """One quoted word used as a plain noun: 'the "liberation" of the village'.

    Kept narrow, since most partial quotations only say whose words they are: nothing else in the
    content may be quoted, an article must stand before and the sentence must run on behind.
    """
    start, end = cover(content)
    at = table.find(1, start, end)
    if at <= start:
        return Stance()
    stop = table.find(0, at, end)
    if stop < 0 or table.find(1, stop, end) >= 0:
        return Stance()
    within = text[at + 1 : stop - 1]
    before = text[max(0, at - 12) : at].lower().split()
    runs_on = text[stop] == " " and text[stop + 1 : stop + 2].islower()
    if within.isalpha() and within.islower() and runs_on and before and before[-1] in _ARTICLES:
        return Stance("distanced", (at, stop), "scare quotes")
    return Stance()
