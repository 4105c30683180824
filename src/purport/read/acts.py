"""What the cue of a claim means: the act, the reporter's stance, and how firmly the content is put.

Pure functions from a text and the pieces of one attribution to a judgement with its reasons. The words
and what they mean stand in `lexicon/`; the definitions, with examples, in `docs/acts.md`. All parties are read
alike: no rule looks at who the source is, but for "nobody" and its like.
"""

import re

import msgspec

from purport.core.records import Reason
from purport.core.spans import Pieces, Span
from purport.read import cue as cues
from purport.read import firmness, quotes, stance
from purport.read.content import CONTENT, read_content
from purport.read.factuality import factuality
from purport.read.lexicon import lexicon
from purport.read.lexicon.words import spare_names, split

__all__ = ["Judged", "factuality", "judge", "lexicon_version", "may_attribute"]

_WORD = re.compile(r"\w+")
_NOUNS_TOO = frozenset({"state", "states"})  # verbs only before "that"
# what the speaker says of himself ("I think") or wishes for ("to say") is no claim of somebody else
_NOT_REPORTED = frozenset({"i", "we", "you", "to"})

_Why = tuple[Span, str]


class Judged(msgspec.Struct, frozen=True):
    """What a cue means in its place; the values are those of `core.records.Claim`."""

    act: str
    stance: str  # plain | distanced | endorsed
    polarity: str  # + | -
    certainty: str  # certain | probable | possible | unknown
    reasons: tuple[Reason, ...]  # one each for act, stance, polarity and certainty, in this order


def lexicon_version() -> str:
    """The version of the tables in use: 12 hexadecimal digits of the digest of their bytes."""
    return lexicon().version


def may_attribute(text: str) -> bool:
    """Has this text a word by which it may report what somebody says or thinks? Cheap, and says yes too often.

    It spares the network a second look at contents that hold no claim of somebody else.
    """
    reporting = lexicon().reporting
    words = _WORD.findall(text.lower())
    if reporting.isdisjoint(words):  # as in most
        return False
    return any(
        word in reporting and before not in _NOT_REPORTED and (word not in _NOUNS_TOO or after == "that")
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False)
    )


def judge(text: str, source: Pieces, cue: Pieces, content: Pieces, table: bytes = b"") -> Judged:
    """Act, stance, polarity and certainty of one attribution, each with the words that decided it.

    Offsets are half-open code points of `text`; any role may be empty. `table` is `quotes.inside(text)`,
    made anew when not given, so give it when a text has several claims.
    """
    lex = lexicon()
    table = table or quotes.inside(text)
    reading = cues.read(text, source, cue, content, lex)
    inside = spare_names(text, split(text, content, CONTENT))
    words, head = reading.words, reading.head
    group = head.entry.group
    act, polarity, certainty, view = group.act, group.polarity, group.certainty, group.stance
    at = words.span(head.first, head.last) if words.low else (0, 0)
    rule = f"cue/{group.act}: {head.entry.name}" if head.entry.name else "default"
    why: dict[str, _Why] = dict.fromkeys(("act", "stance", "polarity", "certainty"), (at, rule))

    undone = _undone(text, source, reading)
    for span in undone:
        outcome = lex.negated.get(act)
        if outcome is None:
            polarity = "-" if polarity == "+" else "+"
            why["polarity"] = (span, "negated")
        else:
            why["act"] = why["polarity"] = why["certainty"] = (span, f"negated/{act}")
            act, polarity, certainty = outcome.act, outcome.polarity, outcome.certainty
        if view == "endorsed":
            view, why["stance"] = "plain", (span, "negated")
    if reading.modal >= 0 and not undone:
        modal = words.span(reading.modal, reading.modal)
        if view == "endorsed":
            view, why["stance"] = "plain", (modal, "modal")
        if reading.might and firmness.weaker("possible", certainty) != certainty:
            certainty, why["certainty"] = "possible", (modal, "modal")

    quoted = bool(inside.low) and table[inside.starts[0]] == 1
    rest = words.low[head.last + 1 :]
    special = None if undone else read_content(head.entry, act, rest, inside, quoted, lex)
    if special is not None:
        here = (inside.span(special.first, special.last), special.rule)
        act, why["act"] = special.act, here
        if special.polarity:
            polarity, why["polarity"] = special.polarity, here
        if special.certainty:
            certainty, why["certainty"] = special.certainty, here
    own = firmness.polarity(inside, lex)
    if own.value == "-" and act != "decline" and not (special is not None and special.polarity):
        polarity = "-" if polarity == "+" else "+"
        why["polarity"] = (inside.span(own.first, own.last), "content/negated")
    sure = firmness.certainty(inside, lex, quoted, _asks(text, content))
    if firmness.weaker(sure.value, certainty) != certainty:
        certainty, why["certainty"] = sure.value, (inside.span(sure.first, sure.last), f"content/{sure.value}")

    for lent in reading.lent:
        view = lent.entry.group.lends
        why["stance"] = (words.span(lent.first, lent.last), f"lends: {lent.entry.name}")
    seen = stance.near(text, source, cue, content, words, inside, table, lex)
    if seen.value:
        view, why["stance"] = seen.value, (seen.span, seen.rule)

    values = {"act": act, "stance": view, "polarity": polarity, "certainty": certainty}
    return Judged(
        act,
        view,
        polarity,
        certainty,
        tuple(
            Reason(what, value, text[why[what][0][0] : why[what][0][1]], why[what][0], why[what][1])
            for what, value in values.items()
        ),
    )


def _undone(text: str, source: Pieces, reading: cues.Reading) -> tuple[Span, ...]:
    """The words by which the act was not done, none or one: "refused to", "did not", or nobody as its source."""
    words = reading.words
    for found in reading.withheld:
        return (words.span(found.first, found.last),)
    if reading.negation >= 0:
        return (words.span(reading.negation, reading.negation),)
    if source:
        start = source[0][0]
        first = text[start : min(start + 12, source[0][1])].split(" ")[0]
        if first.lower() in lexicon().context.nobody:
            return ((start, start + len(first)),)
    return ()


def _asks(text: str, content: Pieces) -> bool:
    """Does the content end in a question mark?"""
    return bool(content) and text[max(0, content[-1][1] - 4) : content[-1][1]].rstrip(" \"”'’»,.").endswith("?")
