"""Whom sources of different reports mean: a key that is the same for the same actor, and empty where nobody is named.

By the words alone, with one rule for everybody: a proper name, or a definite office or body ("the interior ministry").
"A resident", "sources" and "a monitoring group" can't be told from others of that sort, so they have no key.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from purport.core.records import Claim, Report
from purport.core.spans import Span, overlaps, words

BODIES = frozenset(("government", "organisation", "armed_group", "office", "outlet"))
MANY = frozenset(("collective", "unnamed"))

_RELATIVE = re.compile(r",?\s+(?:who|whom|which|that|whose|where|when)\b.*", re.DOTALL)
_CALLED = re.compile(
    r"\b(?:calls? (?:itself|themselves|himself|herself)|calling (?:itself|themselves)|called|known as)\s+"
)
_OF = re.compile(r"\s+(?:of|for|at|in|from|on|with|near|to|behind|by|against|under|within|inside|after)\s+")
_THE = re.compile(r"^(?:the|its|his|her|their|our|this|that|these|those)\s+", re.IGNORECASE)
_COUNTED = re.compile(
    r"^(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|some|several|many|most|few|other|another|both|all|any"
    r"|at least|dozens|hundreds|no|somebody|someone|anyone|\d[\d,.]*)\b",
    re.IGNORECASE,
)
_NAMELESS = re.compile(
    r"\b(?:anonym\w+|unnamed|unidentified|unverified|not (?:to )?be (?:named|identified)|not give a name"
    r"|sources?|people familiar|insiders?)\b",
    re.IGNORECASE,
)
_SPOKES = r"(?:spokes(?:man|woman|person|people)|spokesmen|spokeswomen)"
_FOR = re.compile(rf"\b{_SPOKES}\s+(?:for|of)\s+(?P<body>[^,;]+)", re.IGNORECASE)
_BEFORE = re.compile(rf"^(?:(?:the|an?|its)\s+)?(?P<body>[^,;]*?)\s+{_SPOKES}\b", re.IGNORECASE)
_INSIDE = re.compile(rf",\s+(?:the|an?)?\s*(?P<body>[^,;]*?)\s+{_SPOKES}\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_](?:[\w’'&.-]*\w)?")
_PAPER = re.compile(
    r"agency|newspaper|daily|weekly|outlet|broadcaster|wire|site|website|magazine|channel|station|paper"
)
# heads that are said of many: by themselves they name nobody
_BARE = re.compile(
    r"groups?|organi[sz]ations?|company|agency|movement|party|forces?|office|officer|official|man|woman|person"
    r"|statement|report|document|body|team|outfit|unit|source|spokesman|spokeswoman|spokesperson|director|head"
)
_PRONOUNS = re.compile(r"he|she|it|they|we|i|you|who|which|that|this|these|those|one|all")
_OWNS = re.compile(r"[’']s$")
HELD = 256  # reports whose actors are remembered
NAMES = 1 << 12  # names whose keys are remembered: a story has the same few again and again
AND = " + "  # between the keys of two who say one thing together
_JOIN = re.compile(r"of|the|and|de|la|del|der|den|van|von|al|el|bin|ibn|y")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who a source is. `key` is empty where that can't be told; `serves` is whom a spokesperson speaks for."""

    key: str
    name: str
    serves: str = ""


def actors(claims: Sequence[Claim], report: Report) -> dict[str, Actor]:
    """The actor of each claim of a report, by the claim's id.

    Mentions that the reader gave one speaker are one actor, by the fullest name that any of them has.
    """
    return dict(_actors(tuple(claims), report))


@lru_cache(maxsize=HELD)  # a story is asked about from several sides
def _actors(claims: tuple[Claim, ...], report: Report) -> Mapping[str, Actor]:
    meant = {claim.id: _meant(claim) for claim in claims}
    first: dict[Span, Span] = {}  # "by a group" and "a group" are one mention
    for span in sorted(set(meant.values()), key=lambda span: (span[0] - span[1], span)):
        first[span] = next((one for one in first if one == first[one] and overlaps(one, span)), span)
    same: dict[Span, list[tuple[str, str]]] = {}
    for claim in claims:
        same.setdefault(first[meant[claim.id]], []).extend(said(claim, report))
    found = {claim.id: _best(same[first[meant[claim.id]]], report.text) for claim in claims}
    return _unified(found, [actor.key for actor in found.values()])


def said(claim: Claim, report: Report) -> list[tuple[str, str]]:
    """The words that a claim has for its source, fullest first, with the kind they are."""
    texts = [speaker.text for speaker in claim.speaker] + [words(report.text, claim.source)]
    return [(text, claim.source_kind) for text in texts if text]


def _meant(claim: Claim) -> Span:
    spans = [speaker.span for speaker in claim.speaker] or list(claim.source)
    return spans[0] if spans else (-claim.cue[0][0] - 1 if claim.cue else 0, 0)


def _best(texts: Iterable[tuple[str, str]], text: str) -> Actor:
    found = [actor(said, kind, text) for said, kind in dict.fromkeys(texts)]
    named = [one for one in found if one.key]
    return named[0] if named else next(iter(found), Actor("", ""))


def named_near(span: Span, claims: Sequence[Claim], known: Mapping[str, Actor]) -> tuple[Actor, ...]:
    """The actor that the mention at a span is, none or one: "a monitoring group" may be named elsewhere."""
    return tuple(
        known[claim.id]
        for claim in claims
        if known[claim.id].key and any(overlaps(span, one) for one in (*claim.source, *(s.span for s in claim.speaker)))
    )[:1]


@lru_cache(4 * HELD)  # a report says most names again and again
def actor(said: str, kind: str = "", text: str = "") -> Actor:
    """Who some words name. `text` is the report's, which shows what is a name and what begins a sentence."""
    clean = " ".join(said.split()).strip(" ,.;:“”\"'‘’")
    clean = re.sub(r"^by\s+", "", clean, flags=re.IGNORECASE)
    if kind == "unnamed" or _NAMELESS.search(clean) or _PRONOUNS.fullmatch(clean.lower()):
        return Actor("", clean)
    if both := _both(clean, text, kind):
        return both
    body = _served(clean, text)
    if called := _CALLED.search(clean):
        clean = clean[called.end() :]
    clean = _RELATIVE.sub("", clean)
    parts = [part.strip() for part in clean.split(",")]
    for part in parts:  # "the harbour master, Oda Brell": a part that is a name and nothing else
        if part and _is_name(part, text, kind):
            return Actor(key_of(part), _THE.sub("", part), "" if body == key_of(part) else body)
    core, joint, rest = _cut(parts[0])
    name = _name_in(core, text, kind)
    if name:
        return Actor(key_of(name), name, "" if body == key_of(name) else body)
    if body:
        return Actor(body, clean)
    return _office(core, rest if _belongs(joint, rest) else "", kind, clean)


def _both(said: str, text: str, kind: str) -> Actor | None:
    """Two names side by side ("Fairwater Rights and Open Docket") are two actors in one key."""
    parts = re.split(r"\s+and\s+", said)
    if len(parts) != 2 or not all(_is_name(part, text, kind) for part in parts):
        return None
    if any(len(_tokens(_THE.sub("", part))) < 2 for part in parts):  # "Salt and Sail" may be one name
        return None
    return Actor(AND.join(key_of(part) for part in parts), said)


def _served(said: str, text: str) -> str:
    """The key of the body that a spokesperson speaks for; empty for others."""
    for pattern in (_FOR, _INSIDE, _BEFORE):
        if (match := pattern.search(said)) and (body := match["body"].strip()):
            core, joint, rest = _cut(_RELATIVE.sub("", body))
            name = _name_in(core, text, "organisation")
            if not name and _COUNTED.match(core):
                return ""
            return key_of(name) if name else key_of(f"{core} of {rest}" if _belongs(joint, rest) else core)
    return ""


def _cut(said: str) -> tuple[str, str, str]:
    """What stands before the first "of", "for", "at", that word, and what stands after it."""
    match = _OF.search(said)
    return (said[: match.start()], match[0], said[match.end() :]) if match else (said, "", "")


def _belongs(joint: str, rest: str) -> bool:
    """Is it part of what the body is called: "ministry of defence", but not "accused the ministry of hiding it"?"""
    first = rest.split(" ")[0].lower()
    return (joint.strip() == "of" and not first.endswith("ing")) or (joint.strip() == "for" and not _THE.match(rest))


def _tokens(said: str) -> list[str]:
    return [match[0] for match in _WORD.finditer(said)]


def _proper(tokens: Sequence[str], text: str) -> list[bool]:
    """Which words are written large, and not only since they begin a sentence: "Ministry" beside "the ministry"."""
    large = [token[:1].isupper() for token in tokens]
    beside = zip([False, *large], [*large[1:], False], strict=False)
    return [
        this and (before or behind or token.isupper() or not _has(text, token.lower()))
        for token, this, (before, behind) in zip(tokens, large, beside, strict=True)
    ]


def _has(text: str, word: str) -> bool:
    # mostly it has not, and no expression needs to be made for that word
    return word in text and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def _is_name(part: str, text: str, kind: str) -> bool:
    tokens = _tokens(_THE.sub("", part))
    proper = _proper(tokens, text)
    if not tokens or not proper[0] or not proper[-1] or (len(tokens) == 1 and kind in MANY):
        return False
    return all(large or _JOIN.fullmatch(token.lower()) for large, token in zip(proper, tokens, strict=True))


def _name_in(core: str, text: str, kind: str) -> str:
    """The proper name in a phrase, with the noun behind it ("Velmoran army"); none in "two Velmoran officers"."""
    tokens = _tokens(_THE.sub("", core))
    if _COUNTED.match(core) or not tokens:
        return ""
    proper = _proper(tokens, text)
    large = [number for number, found in enumerate(proper) if found]
    if not large or (len(tokens) == 1 and kind in MANY):
        return ""
    last = first = large[-1]
    while first and proper[first - 1]:
        first -= 1
    behind = [token for token in tokens[last + 1 :] if not _PAPER.fullmatch(token.lower())]
    if behind and kind in (*MANY, "person"):  # "Marsh fighters", "the Ostrel fishermen"
        return ""
    if behind and behind[-1].endswith("s") and not _THE.match(core) and kind != "government":
        return ""
    return " ".join([*tokens[first : last + 1], *behind])


def _office(core: str, rest: str, kind: str, clean: str) -> Actor:
    """A definite body or office without a proper name: "the interior ministry", "the mayor of the town"."""
    if kind not in BODIES or _COUNTED.match(core):
        return Actor("", clean)
    definite = bool(re.match(r"the\b", core, re.IGNORECASE))
    tokens = _tokens(_THE.sub("", core))
    plural = bool(tokens) and tokens[-1].endswith("s") and not tokens[-1].endswith(("ss", "us"))
    if not tokens or (not definite and (plural or kind in ("office", "organisation"))):
        return Actor("", clean)
    if _BARE.fullmatch(tokens[-1].lower()) and ((len(tokens) == 1 and not rest) or not definite):
        return Actor("", clean)
    return Actor(key_of(" ".join(tokens) + (f" of {rest}" if rest else "")), clean)


@lru_cache(NAMES)
def key_of(name: str) -> str:
    return " ".join(_OWNS.sub("", token.lower()) for token in _tokens(_THE.sub("", name)))


def _unified(found: Mapping[str, Actor], keys: Iterable[str]) -> dict[str, Actor]:
    whole = fuller(keys)
    return {id: Actor(in_full(one.key, whole), one.name, in_full(one.serves, whole)) for id, one in found.items()}


def in_full(key: str, whole: Mapping[str, str]) -> str:
    return AND.join(whole.get(part, part) for part in key.split(AND))


def fuller(keys: Iterable[str]) -> dict[str, str]:
    """Short keys with the one fuller key that ends in them: "finlow" is "dara finlow" where no other one is named."""
    known = sorted({part for key in keys if key for part in key.split(AND)})
    ends: dict[str, set[str]] = {}
    for key in known:
        tokens = key.split()
        for begin in range(1, len(tokens)):
            ends.setdefault(" ".join(tokens[begin:]), set()).add(key)
    answer = {}
    for key in known:
        longer = ends.get(key, set())
        top = {one for one in longer if not ends.get(one, set()) & longer}
        if len(top) == 1:
            answer[key] = top.pop()
    return answer


@lru_cache(NAMES)
def outlet_key(name: str) -> str:
    """One key for "Harbour Wire", "The Harbour Wire" and "www.harbourwire.example"."""
    host = re.fullmatch(r"(?:www\.)?([\w-]+(?:\.[\w-]+)*?)(?:\.(?:co|com|org|net|ac|gov))?\.[a-z]{2,12}", name.strip())
    return re.sub(r"[\W_]", "", key_of(host[1] if host else name))
