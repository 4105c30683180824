"""Of or to whom a thing is said: "accuses THE MINISTRY of …", "told REPORTERS", "denied THE UNION's claim".

Conservative: the target must stand right after a verb of `lexicon/targets.toml` (or before it in the passive) and be
a name, a pronoun or a phrase whose head the noun tables know. Otherwise there is none.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from purport.core.records import Mention
from purport.core.spans import Pieces, Span, cover, overlaps
from purport.read.cores import Core, Cores
from purport.read.lexicon.forms import forms
from purport.read.lexicon.nouns import nouns
from purport.read.mentions import Chunker
from purport.read.naming import name_of
from purport.read.tokens import ADVERBS, Tokens, tokenise

_AHEAD = 160  # characters looked at after the cue begins
_BEFORE = 120  # characters looked at before it, in the passive
_OBJECTS = frozenset(["him", "her", "them", "it", "us", "me", "you"])
_BE = frozenset(["is", "are", "was", "were", "been", "being", "be", "stands", "stand", "stood"])
_SPOKEN_OF = frozenset(  # in the passive its subject is the target
    ("accuse", "blame", "criticise", "condemn", "praise", "denounce", "charge", "indict", "convict", "warn")
)


@dataclass(frozen=True, slots=True)
class _Table:
    after: dict[str, str]  # written form -> verb
    at: dict[str, tuple[tuple[str, ...], ...]]  # first word -> the words that follow it
    deny: frozenset[str]
    deeds: frozenset[str]
    verbs: frozenset[str]  # all of them


@cache
def _table() -> _Table:
    raw = tomllib.loads((resources.files("purport.read.lexicon") / "targets.toml").read_text(encoding="utf-8"))
    after = {form: verb for verb in raw["after"]["verbs"].split() for form in forms(verb)} | raw["after"]["irregular"]
    at: dict[str, tuple[tuple[str, ...], ...]] = {}
    for item in raw["at"]["verbs"].split():
        first, *rest = item.split(":")
        for form in forms(first) | ({"hit", "hitting"} if first == "hit" else set()):
            at[form] = (*at.get(form, ()), tuple(rest))
    deny = frozenset(form for verb in raw["deed"]["verbs"].split() for form in forms(verb))
    return _Table(after, at, deny, frozenset(raw["deed"]["nouns"].split()), deny.union(after, at))


def target(text: str, source: Pieces, cue: Pieces, content: Pieces) -> tuple[Mention, ...]:
    """The target of a claim with its span, none or one. All pieces are spans of `text`."""
    table = _table()
    if not cue:
        return ()
    first, last = cover(cue)
    window = text[first:last].lower().split()
    if table.verbs.isdisjoint(map(_bare, window)):
        return ()
    tokens = tokenise(text, frozenset(nouns().honorifics), first, min(len(text), last + _AHEAD))
    stop = next((k for k in range(len(tokens)) if tokens.starts[k] >= last), len(tokens))
    for k in range(stop - 1, -1, -1):
        low = tokens.lows[k]
        verb = table.after.get(low)
        if verb in _SPOKEN_OF and k and tokens.lows[k - 1] in _BE | ADVERBS and _BE.intersection(tokens.lows[:k]):
            return _before(text, source, first)
        found: tuple[Mention, ...] = ()
        if verb:
            found = _at(text, tokens, k + 1, source, verb == "accuse")
        if not found and low in table.deny:
            found = _owner(text, tokens, k + 1, table.deeds)
        for rest in table.at.get(low, ()):
            at = _follow(tokens, k + 1, rest)
            if not found and at:
                found = _at(text, tokens, at, source, False)
        if found:
            return found
    return ()


def _bare(word: str) -> str:
    return word.strip(".,;:-–—()“”\"'")


def _follow(tokens: Tokens, k: int, words: tuple[str, ...]) -> int:
    """The token after `words`, which may stand up to three words after k ("put the blame squarely on"); 0 if not."""
    for word in words:
        at = next((j for j in range(k, min(k + 4, len(tokens))) if tokens.lows[j] == word), -1)
        if at < 0 or any(not tokens.words[j][0].isalnum() for j in range(k, at)):
            return 0
        k = at + 1
    return k


def _at(text: str, tokens: Tokens, k: int, source: Pieces, accuses: bool) -> tuple[Mention, ...]:
    """The phrase that begins at token k."""
    while k < len(tokens) and tokens.lows[k] in ADVERBS:
        k += 1
    if k >= len(tokens):
        return ()
    low = tokens.lows[k]
    cores = Cores(tokens, nouns())
    core = cores.core(k)
    if core is None or name_of(tokens, nouns(), core.segment, core.stop).kind == "unknown":
        after = tokens.lows[k + 1] if k + 1 < len(tokens) else ""
        if low in _OBJECTS and not (low in ("her", "it") and after.isalpha() and after in nouns().heads):
            return _mention(text, (tokens.starts[k], tokens.ends[k]), source)
        return ()
    stop = _with_of(tokens, cores, core, accuses)
    if core.owner >= 0 and tokens.lows[core.stop - 1] in _table().deeds:
        return ()
    return _mention(text, (tokens.starts[core.first], tokens.ends[stop - 1]), source)


def _with_of(tokens: Tokens, cores: Cores, core: Core, accuses: bool) -> int:
    """The end of "the president of Sabel"; in "accused the ministry of theft" the "of" is the verb's."""
    k = core.stop
    if k + 1 >= len(tokens) or tokens.lows[k] != "of":
        return core.stop
    inner = cores.core(k + 1)
    if inner is None or not tokens.caps[inner.stop - 1]:
        return core.stop
    if accuses and (inner.stop >= len(tokens) or tokens.lows[inner.stop] != "of"):
        return core.stop
    return inner.stop


def _owner(text: str, tokens: Tokens, k: int, deeds: frozenset[str]) -> tuple[Mention, ...]:
    """Whose claim is denied: "the union's claim", "allegations by the union"."""
    while k < len(tokens) and tokens.lows[k] in ADVERBS:
        k += 1
    cores = Cores(tokens, nouns())
    for j in range(k, min(k + 12, len(tokens))):
        if tokens.words[j] in ",.;:\n":
            return ()
        if tokens.lows[j] in ("'s", "’s", "'", "’") and deeds.intersection(tokens.lows[j + 1 : j + 4]):
            return _mention(text, (tokens.starts[k], tokens.ends[j - 1]), ())
        if tokens.lows[j] in deeds and j + 2 < len(tokens) and tokens.lows[j + 1] in ("by", "from", "against"):
            core = cores.core(j + 2)
            return _mention(text, (tokens.starts[core.first], tokens.ends[core.stop - 1]), ()) if core else ()
    return ()


def _before(text: str, source: Pieces, first: int) -> tuple[Mention, ...]:
    """The subject of a passive: "THE MINISTRY has been accused of …"."""
    start = max(0, first - _BEFORE)
    tokens = tokenise(text, frozenset(nouns().honorifics), start, first)
    phrases = Chunker(tokens, nouns()).run()
    for phrase in reversed(phrases):
        if not phrase.inside and not phrase.owner:
            between = text[phrase.span[1] : first]
            if set(between) & set(".;\n") or len(between) > 60:
                return ()
            return _mention(text, phrase.span, source)
    return ()


def _mention(text: str, span: Span, source: Pieces) -> tuple[Mention, ...]:
    if any(overlaps(span, piece) for piece in source):
        return ()
    return (Mention(text[slice(*span)], span),)
