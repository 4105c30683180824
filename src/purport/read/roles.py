"""A full mention split by role: the person, the office held, the organisation it is held in."""

import msgspec

from purport.read.cores import Core, Cores
from purport.read.lexicon.closed import closed
from purport.read.lexicon.nouns import nouns, with_compounds
from purport.read.naming import Named, name_of
from purport.read.tokens import ARTICLES, POSSESSIVES, Tokens, tokenise

_BODIES = frozenset(("government", "armed_group", "organisation", "outlet"))
_LINKS = frozenset(("of", "for", "at", "from", "with", "in"))


class Parts(msgspec.Struct, frozen=True):
    """Words of a mention by role; each is empty when the mention does not say it."""

    person: str = ""
    office: str = ""
    organisation: str = ""


def parts(mention: str) -> Parts:
    """Split a mention such as "Mira Tolan, spokeswoman for the Harbour Ministry"; articles are left out."""
    tokens = tokenise(mention, frozenset(nouns().honorifics))
    tokens.opens[:] = [False] * len(tokens)
    if tokens.lows and (noun := nouns().heads.get(tokens.lows[0])) and noun.plural:
        tokens.opens[0] = True
    cores = Cores(tokens, with_compounds(nouns(), tokens.lows))
    said: dict[str, str] = {}
    i = 0
    while i < len(tokens):
        core = cores.core(i)
        if core is None:
            i += 1
            continue
        named = name_of(tokens, cores.nouns, core.segment, core.stop)
        i = core.stop
        office = _phrase(mention, tokens, named.office)
        if named.head in closed()["kin"]:
            office = ""
        elif office or (named.roles and not named.names and named.kind in ("office", "person")):
            i, office = _linked(mention, tokens, cores, core, named, office, said)
        for role, words in (
            ("person", _phrase(mention, tokens, named.person)),
            ("office", office),
            ("organisation", _organisation(mention, tokens, cores, core, named)),
        ):
            if words and not said.get(role):
                said[role] = words
    return Parts(**said)


def _linked(
    mention: str, tokens: Tokens, cores: Cores, core: Core, named: Named, office: str, said: dict[str, str]
) -> tuple[int, str]:
    """What the office is of: an organisation goes there, a place or a matter stays with the office."""
    k = core.stop
    if named.names or k + 1 >= len(tokens) or tokens.lows[k] not in _LINKS:
        return k, office
    inner = cores.core(k + 1)
    if inner is None:
        stop = next((j for j in range(k, len(tokens)) if tokens.words[j] == ","), len(tokens))
        return stop, mention[tokens.starts[named.office[0]] : tokens.ends[stop - 1]]
    other = name_of(tokens, cores.nouns, inner.segment, inner.stop)
    if other.kind in _BODIES:
        said.setdefault("organisation", _phrase(mention, tokens, (inner.segment, inner.stop)))
        return inner.stop, office
    if tokens.lows[k] == "of":
        return inner.stop, mention[tokens.starts[named.office[0]] : tokens.ends[inner.stop - 1]]
    return inner.stop, office


def _organisation(mention: str, tokens: Tokens, cores: Cores, core: Core, named: Named) -> str:
    if core.owner >= 0 and named.head not in closed()["kin"]:
        owner = name_of(tokens, cores.nouns, core.first, core.owner)
        if (
            owner.kind in _BODIES
            or owner.kind in ("state", "metonym")
            or (owner.kind == "name" and len(owner.names) == 1)
        ):
            return _phrase(mention, tokens, (core.first, core.owner))
    return _phrase(mention, tokens, named.organisation)


def _phrase(mention: str, tokens: Tokens, span: tuple[int, int]) -> str:
    first, stop = span
    while first < stop and (tokens.lows[first] in ARTICLES or tokens.lows[first] in POSSESSIVES):
        first += 1
    return mention[tokens.starts[first] : tokens.ends[stop - 1]] if first < stop else ""
