"""What kind of party a source is, by the noun at its head and the shape of its words.

The tables are `lexicon/kinds.toml`, `states.toml` and `metonyms.toml`; no name of a person, group or party
decides anything, so swapping two parties' names changes no kind.
"""

import re
from functools import lru_cache

from purport.core.records import Reason
from purport.core.spans import Pieces, Span, cover, words
from purport.read.cores import Core, Cores
from purport.read.lexicon.nouns import bare, nouns
from purport.read.naming import Named, name_of
from purport.read.tokens import CONJUNCTIONS, HE_SHE, IT, PREPOSITIONS, STOP, THEY, Tokens, tokenise

_PRONOUNS = {
    **dict.fromkeys(HE_SHE, "person"),
    **dict.fromkeys(("i", "me", "my", "mine", "myself", "you", "your", "who", "whom", "whose"), "person"),
    **dict.fromkeys(IT | THEY | {"we", "us", "our", "that", "which", "this", "these", "those"}, "unknown"),
}
_OF = re.compile(
    r"^(?:the |about |some |at least |more than |nearly |up to )*([\w-]+)(?: percent| per cent)? of ", re.I
)
_SHARE = re.compile(r"(?:only |about |nearly |some )*[\d.,]+(?: ?%| percent| per cent)?|[\w-]+ per ?cent")
_BEHIND = PREPOSITIONS | CONJUNCTIONS
_INSIDE = frozenset("/-–“”\"'.")
_NAMED_RULES = frozenset(
    (
        "shape: a name with a title",
        "shape: a name with a role",
        "shape: a name of several words",
        "shape: one capitalised word",
    )
)
_NEAR = 2_000  # characters around in which a lone capitalised word may be a fuller name's


def kind(text: str, source: Pieces) -> tuple[str, tuple[Reason, ...]]:
    """The kind of a source and the words that say so.

    One of person, office, government, armed_group, organisation, outlet, document, video, unnamed,
    collective, unknown (no source, or a pronoun that could be anyone's: ask the resolver first).
    """
    if not source:
        return "unknown", ()
    span = cover(source)
    said = words(text, source)
    found, decisive, rule = _kind(said)
    if found == "name" or rule == "shape: acronym":
        found, rule = _lone_name(text, span, decisive, found, rule)
    start = text.find(decisive, span[0], span[1]) if decisive else -1
    where = (start, start + len(decisive)) if start >= 0 else span
    return found, (Reason("source kind", found, text[where[0] : where[1]], where, rule),)


@lru_cache(maxsize=4_096)
def _kind(said: str) -> tuple[str, str, str]:
    """Kind (or `name` for a lone capitalised word), the words that decide, the rule."""
    table = nouns()
    low = bare(said)
    if low in _PRONOUNS:
        return _PRONOUNS[low], said, "pronoun"
    if low in table.metonyms:
        return table.metonyms[low].kind, said, table.metonyms[low].entry
    if low in table.states:
        return "government", said, "states.toml"
    if low in table.many:
        return "collective", said, "kinds.toml [collective]"
    counted = _OF.match(said)
    if counted and (counted.group(1).lower() in table.many or counted.group(1).isdigit()):
        inner, decisive, rule = _kind(said[counted.end() :])
        return ("collective" if inner in ("person", "office", "name") else inner), decisive, rule
    if _SHARE.fullmatch(low):
        return "collective", said, "a number of people"
    found, decisive, rule = _headed(said)
    if rule not in _NAMED_RULES:
        for phrase in table.anonymous:
            if phrase in low:
                return "unnamed", "", f"kinds.toml [unnamed]: {phrase}"
    if found in ("name", "person", "unknown") and low.split()[0] in table.many:
        return "collective", decisive, rule
    return found, decisive, rule


def _headed(said: str) -> tuple[str, str, str]:
    """The kind by the last head before anything is put behind it: "Keld Radio HOST …", "a spokesman | for …"."""
    table = nouns()
    tokens = tokenise(said, frozenset(table.honorifics))
    tokens.opens[:] = [False] * len(tokens)  # a source stands anywhere: its first capital may be a name's
    first = tokens.lows[0] if tokens.lows else ""
    if first in table.heads and table.heads[first].plural:
        tokens.opens[0] = True
    cores = Cores(tokens, table)
    found = ("unknown", "", "no known head")
    i, begun = 0, False
    while i < len(tokens):
        core = cores.core(i)
        if core is None:
            if (
                begun
                and tokens.words[i] not in _INSIDE
                and (not tokens.words[i][0].isalnum() or tokens.lows[i] in _BEHIND)
            ):
                break
            begun = begun or tokens.lows[i] not in STOP
            i += 1
            continue
        i, begun = core.stop, True
        named = name_of(tokens, table, core.segment, core.stop)
        if named.kind != "unknown":
            found = _named(said, tokens, core, named)
            if found[2] in _NAMED_RULES and named.rule in ("title", "role"):
                break
    return found


def _named(said: str, tokens: Tokens, core: Core, named: Named) -> tuple[str, str, str]:
    table = nouns()
    end = tokens.ends[core.stop - 1]
    decisive = said[tokens.starts[core.segment] : end]
    if named.kind in ("state", "metonym"):
        metonym = table.metonyms.get(bare(decisive)) if named.kind == "metonym" else None
        return (metonym.kind, decisive, metonym.entry) if metonym else ("government", decisive, "states.toml")
    if named.kind == "name":
        beside = _beside(said, end)
        if beside:
            return beside
        if core.article == "the" and (len(named.names) > 1 or decisive.endswith("s")):
            return "organisation", decisive, "shape: a name with an article"
        if len(named.names) > 1:
            return "person", decisive, "shape: a name of several words"
        return "name", decisive, "shape: one capitalised word"
    if named.rule in ("title", "role"):
        return named.kind, decisive, f"shape: a name with a {named.rule}"
    if named.head and not named.names:
        decisive = tokens.words[core.stop - 1]
    return named.kind, decisive, f"kinds.toml: {named.head}" if named.head else f"shape: {named.rule}"


def _beside(said: str, end: int) -> tuple[str, str, str] | None:
    """What stands after a name's comma says what bears it: "Open Coast, a monitoring group"."""
    rest = said[end:]
    if not rest.startswith(", ") or len(rest) < 5:
        return None
    inner, decisive, rule = _kind(rest[2:])
    if inner in ("person", "office"):
        return "person", decisive, rule
    return (inner, decisive, rule) if inner in ("organisation", "armed_group", "outlet", "government") else None


def _lone_name(text: str, span: Span, word: str, found: str, rule: str) -> tuple[str, str]:
    """The kind of one capitalised word, by how the text near it uses the word."""
    around = text[max(0, span[0] - _NEAR) : span[1] + _NEAR]
    word = word.split()[-1].removesuffix("'s").removesuffix("’s")
    if rule == "shape: acronym":
        shouted = f" {word.title()}" in around
        return ("person", "shape: a name in capitals") if shouted else (found, rule)
    if word.endswith("s") and word.lower() not in nouns().honorifics and f" {word[:-1]} " in around:
        return "collective", "shape: the plural of a name for people"
    return "person", "shape: one capitalised word"
