"""Noun phrases that may speak or be spoken of: names with their titles and roles, offices, groups.

One walk over the words of a report. It is a chunker by rules and noun tables, not a parser: it knows only
phrases whose head is a name or a noun of `lexicon/kinds.toml`, since nobody else is a source.
"""

from dataclasses import dataclass, field

from purport.core.spans import Span
from purport.read.lexicon.nouns import Noun, Nouns
from purport.read.naming import Named, name_of
from purport.read.tokens import (
    ADJECTIVES,
    ARTICLES,
    AUXILIARIES,
    NUMBERS,
    POSSESSIVES,
    PREPOSITIONS,
    SAY,
    STOP,
    TIME_WORDS,
    VERBS_TOO,
    Tokens,
    capital,
)

WIDEST = 12  # words of a phrase's core; also bounds how often a word is looked at
_SAYS = frozenset(["said", "says", "added", "wrote", "replied", "explained", "insisted"])
_MEETS = frozenset(["met", "meets", "faced", "debated"])
_PLACING = frozenset(
    ["in", "at", "from", "near", "into", "through", "towards", "toward", "outside", "across", "around", "over"]
)
_ATTACHES = frozenset(["from", "in", "at", "near", "by", "with", "on"])
_ENDS_APPOSITION = frozenset(',.;:)—–-!?”"\n')
_ACTS = AUXILIARIES | SAY | {",", "'s", "’s"}
_CLOSES = frozenset(',”"')
_NEVER_NAMES = STOP - SAY
_OWNS = frozenset(("'s", "’s", "'", "’"))
_BODIES = frozenset(["government", "armed_group", "organisation", "outlet", "state"])


@dataclass(frozen=True, slots=True)
class Phrase:
    """One noun phrase.

    `span` covers the whole mention, `core` leaves out what is put beside it. `kind` is a source kind, or
    `name` (a capitalised name of which nothing more is known), `state` or `metonym`. `names` are the
    lower-case words of its name, `roles` the heads that describe who bears it, each as the first of its
    family, `modifiers` every lower-case word of the mention. `article` is the, a, one of the possessives, or "".
    """

    span: Span
    core: Span
    kind: str
    named: Named
    roles: frozenset[str]
    modifiers: frozenset[str]
    proper: frozenset[str]  # those of the core that are capitalised
    plural: bool
    article: str
    sentence: int
    quoted: bool
    subject: bool
    owner: bool  # "Tolan's"
    inside: bool  # part of a wider mention
    place: bool  # "in Talvar"
    opens: bool  # the first word of a sentence: its capital says nothing
    gender: str = ""
    acronym: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return self.named.names

    @property
    def personal(self) -> bool:
        """May he or she stand for it?"""
        return not self.plural and (
            self.kind in ("person", "office") or (self.kind == "name" and len(self.names) > 1 and not self.place)
        )

    @property
    def body(self) -> bool:
        """Is it a body of people or a state?"""
        return self.kind in _BODIES


@dataclass(slots=True)
class Core:
    """Token numbers of a phrase's core, half-open; `owner` is the last mark of possession in it, or -1."""

    first: int
    stop: int
    article: str
    segment: int  # where what comes after the possessor begins
    owner: int


@dataclass(slots=True)
class _Extent:
    stop: int
    modifiers: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    gender: str = ""
    acronym: str = ""
    absorbed: list[Core] = field(default_factory=list)
    name: Core | None = None  # "The prosecutor, PIA LUMEN"


class Chunker:
    """Finds the phrases of a tokenised text in one walk: `Chunker(tokens, nouns).run()`."""

    def __init__(self, tokens: Tokens, nouns: Nouns) -> None:
        self.t, self.nouns, self.heads = tokens, nouns, nouns.heads
        self.phrases: list[Phrase] = []
        self.stops: list[int] = []  # token after each phrase
        self._absorbed: set[int] = set()
        self._covered = 0
        self._subject = (-1, False)  # last sentence that has had its subject, and whether in a quotation

    def run(self) -> list[Phrase]:
        i, n = 0, len(self.t)
        while i < n:
            core = self.core(i)
            if core is None:
                i += 1
            elif i in self._absorbed:
                if core.owner >= 0:
                    self._emit(Core(core.first, core.owner, core.article, core.segment, -1), nested=True)
                i = core.stop
            else:
                i = self._emit(core)
        return self.phrases

    def core(self, i: int) -> Core | None:
        """The core that begins at token i: article, modifiers, possessor, heads and name; None if there is none."""
        t, heads = self.t, self.heads
        word, low = t.words[i], t.lows[i]
        article = ""
        k = i
        if low in ARTICLES or low in POSSESSIVES:
            article = "the" if low[:2] == "th" and low in ARTICLES else "a" if low in ARTICLES else low
            k += 1
        elif not (capital(word) or low in heads or low in ADJECTIVES or low in NUMBERS or low == "de"):
            return None
        segment, owner, stop, before = k, -1, -1, -1
        has_head = has_name = False
        n = min(len(t), i + WIDEST)
        while k < n:
            word, low = t.words[k], t.lows[k]
            if low in _OWNS:
                if k == segment or (low in ("'", "’") and not t.lows[k - 1].endswith("s")):
                    break
                if k + 1 < n and t.starts[k + 1] == t.ends[k]:
                    break
                owner, before, segment = k, k if has_head or has_name else -1, k + 1
                has_head = has_name = False
                k += 1
                continue
            if not word[0].isalnum() or (low in TIME_WORDS and capital(word)) or (t.opens[k] and k > i):
                break
            noun = heads.get(low)
            if noun and low in self.nouns.titles and not capital(word):
                noun = None
            if capital(word) and not self._plain(k, noun):
                if low in _NEVER_NAMES:
                    break
                has_name, stop = True, k + 1
                k += 2 if self._dotted(k) else 1
                nickname = self._nickname(k)
                k = stop = nickname or k
                continue
            if has_name and low in self.nouns.particles and k + 1 < n and capital(t.words[k + 1]):
                k += 1
                continue
            if has_name and low in ("of", "for", "and") and self._joins(k, segment):
                k += 1 + (t.lows[k + 1] == "the")
                continue
            if has_name and low in ADJECTIVES and k + 1 < n and t.lows[k + 1] in heads and not has_head:
                k += 1
                continue
            if noun and not (noun.word in VERBS_TOO and self._verb(k, noun, has_name or has_head)):
                has_head, stop = True, k + 1
                k += 1
                continue
            if low in STOP and low not in NUMBERS:
                break
            if has_head or has_name or not (article or owner >= 0 or low in ADJECTIVES or low in NUMBERS):
                break
            if k - segment > 4 or (low in NUMBERS and k > segment):
                break
            k += 1
        if stop < segment:  # nothing after the possessor
            if before < 0:
                return None
            return Core(i, before, article, i + bool(article), -1)
        return Core(i, stop, article, segment, owner)

    def _plain(self, k: int, noun: Noun | None) -> bool:
        """Is this capital only the sentence's? "Residents of …", "Police in …", "Two officials"."""
        t = self.t
        if not t.opens[k]:
            return False
        low = t.lows[k]
        following = k + 1 < len(t) and capital(t.words[k + 1])
        return (noun is not None and (noun.plural or not following)) or low in NUMBERS or low in ADJECTIVES

    def _dotted(self, k: int) -> bool:
        """An abbreviated honorific with its full stop: "Gen. Morran"."""
        t = self.t
        return k + 2 < len(t) and t.words[k + 1] == "." and t.lows[k] in self.nouns.honorifics

    def _nickname(self, k: int) -> int:
        """The token after `“the Heron”` inside a name, or 0."""
        t = self.t
        if k + 3 < len(t) and t.words[k] in "“\"'‘":
            for stop in range(k + 2, min(k + 5, len(t) - 1)):
                if t.words[stop] in "”\"'’" and capital(t.words[stop + 1]):
                    return stop + 1 if t.words[k + 1] not in "“" else 0
        return 0

    def _joins(self, k: int, segment: int) -> bool:
        """Does "of" or "for" go on with the name? "Organisation of Coastal States", "the charity Bread for Isk"."""
        t = self.t
        after = k + 1 + (k + 1 < len(t) and t.lows[k + 1] == "the")
        if after >= len(t) or not capital(t.words[after]) or t.opens[after] or t.lows[after] in TIME_WORDS:
            return False
        noun = self.heads.get(t.lows[k - 1])
        if t.lows[k] == "and":  # "Ministry of Food AND Fisheries"
            return any(t.lows[j] == "of" for j in range(segment, k)) and self.heads.get(t.lows[after]) is None
        if noun is not None and capital(t.words[k - 1]):
            return noun.table in ("organisation", "government", "armed_group", "outlet")
        led = self.heads.get(t.lows[k - 2]) if k - 2 >= segment else None
        return t.lows[k] == "for" and led is not None and led.table == "organisation"

    def _verb(self, k: int, noun: Noun, after_head: bool) -> bool:
        """Is a word of the tables the verb here? "Tolan heads the union", but "union head Mira Tolan"."""
        t = self.t
        if not after_head or k + 1 >= len(t):
            return False
        if noun.table in ("office", "person") and not noun.plural and capital(t.words[k + 1]):
            return False
        following = t.lows[k + 1]
        return following in ARTICLES or following in POSSESSIVES or following == "that" or capital(t.words[k + 1])

    def _emit(self, core: Core, nested: bool = False) -> int:
        """Add the core's phrase, and its possessor's; returns the token to go on from."""
        t = self.t
        inside = nested or core.first < self._covered
        if core.owner >= 0:
            first = Core(core.first, core.owner, core.article, core.first + bool(core.article), -1)
            self._add(first, _Extent(core.owner), inside=True, owner=True)
        named = name_of(t, self.nouns, core.segment, core.stop)
        extent = _Extent(core.stop) if nested else self._extend(core, named)
        go_on = core.stop
        if extent.name is not None:
            named = name_of(t, self.nouns, extent.name.segment, extent.name.stop).beside(named)
            go_on = extent.stop
        self._add(core, extent, inside, named=named)
        self._absorbed.update(item.first for item in extent.absorbed)
        self._covered = max(self._covered, extent.stop)
        return go_on

    def _add(self, core: Core, extent: _Extent, inside: bool, owner: bool = False, named: Named | None = None) -> None:
        t, stop = self.t, extent.stop
        named = named or name_of(t, self.nouns, core.segment, core.stop)
        if named.kind == "unknown":
            return
        sentence = t.sentences[core.first]
        previous = t.lows[core.first - 1] if core.first else ""
        following = t.lows[stop] if stop < len(t) else ""
        owner = owner or following in ("'s", "’s")
        coordinated = (
            previous == "and" and bool(self.stops) and self.stops[-1] == core.first - 1 and not self.phrases[-1].inside
        )
        clause = sentence, t.quoted[core.first]
        subject = not inside and not owner and previous not in PREPOSITIONS and self._subject != clause
        if subject:
            self._subject = clause
            subject = following not in _MEETS
        elif (
            previous in _SAYS
            and not inside
            and (following[:1] in _ENDS_APPOSITION or t.lows[core.first - 2] in _CLOSES)
        ):
            subject = True
        elif coordinated:
            subject = self.phrases[-1].subject
        gender = named.gender or extent.gender
        modifiers = {t.lows[k] for k in range(core.first, core.stop)} | extent.modifiers
        phrase = Phrase(
            span=(t.starts[core.first], t.ends[stop - 1]),
            core=(t.starts[core.first], t.ends[core.stop - 1]),
            kind=named.kind,
            named=named,
            roles=named.roles | extent.roles,
            modifiers=frozenset(modifiers),
            proper=frozenset(t.lows[k] for k in range(core.first, core.stop) if not t.opens[k] and capital(t.words[k])),
            plural=named.plural,
            article=core.article,
            sentence=sentence,
            quoted=t.quoted[core.first],
            subject=subject,
            owner=owner,
            inside=inside,
            place=previous in _PLACING,
            opens=t.opens[core.first] and core.stop == core.first + 1 and following not in _ACTS,
            gender=gender,
            acronym=extent.acronym,
        )
        self.phrases.append(phrase)
        self.stops.append(stop)

    def _extend(self, core: Core, named: Named) -> _Extent:
        """What stands beside the core and belongs to the mention: "of the …", "(FCM)", ", 61, a teacher"."""
        t = self.t
        found = _Extent(core.stop)
        self._prepositions(core, named, found)
        if named.names and found.stop + 2 < len(t) and t.words[found.stop] == "(":
            word = t.words[found.stop + 1]
            if t.words[found.stop + 2] == ")" and word[0].isalnum():
                found.acronym = word.lower() if word.isupper() and len(word) > 1 else ""
                found.stop += 3
        for _ in range(3):
            if found.stop + 1 >= len(t) or t.words[found.stop] != "," or not self._beside(core, named, found):
                break
        return found

    def _prepositions(self, core: Core, named: Named, found: _Extent) -> None:
        t = self.t
        person = named.kind in ("person", "name") and bool(named.names)
        free = t.opens[core.first] or core.article in ("a", "")
        for hop in range(2):
            k = found.stop
            low = t.lows[k] if k + 1 < len(t) else ""
            if low not in ("of", "for") and (person or hop or not free or low not in _ATTACHES):
                return
            if (person and low != "of") or (named.kind in ("state", "metonym")):
                return
            inner = self.core(k + 1)
            stop = inner.stop if inner else 0 if person else self._common(k + 1, low)
            if not stop or (person and inner and t.lows[k + 1] in STOP - ARTICLES):
                return
            found.modifiers.update(t.lows[k + 1 : stop])
            found.stop = stop

    def _common(self, k: int, preposition: str) -> int:
        """The end of a noun phrase whose head no table knows ("a grey coat", "ports"), or 0."""
        t = self.t
        first = k
        if k < len(t) and (t.lows[k] in ARTICLES or t.lows[k] in POSSESSIVES):
            k += 1
        elif preposition != "of":
            return 0
        start = k
        while k < len(t) and k - start < 4:
            low = t.lows[k]
            if not low[0].isalpha() or low in STOP or capital(t.words[k]) or (k > start and low.endswith("ed")):
                break
            k += 1
        return k if start < k < start + 4 and k > first else 0

    def _beside(self, core: Core, named: Named, found: _Extent) -> bool:
        """Take in one apposition after the comma at `found.stop`, if there is one."""
        t = self.t
        k = found.stop + 1
        if t.words[k].isdigit() and len(t.words[k]) <= 3 and self._closes(k + 1):
            found.modifiers.add(t.words[k])
            found.stop = k + 1
            return True
        inner = self.core(k)
        if inner is None or found.name is not None:
            return False
        other = name_of(t, self.nouns, inner.segment, inner.stop)
        role = named.roles and not named.names and not named.plural
        if role and other.names and other.kind in ("person", "name") and not other.roles and not inner.article:
            if not self._closes(inner.stop) or named.kind not in ("office", "person"):
                return False
            found.name, found.stop = inner, inner.stop
            return True
        if not named.names or other.names or other.plural != named.plural or not other.roles:
            return False
        personal = other.kind in ("person", "office")
        if named.kind != "name" and personal != (named.kind == "person"):
            return False
        wider = _Extent(inner.stop)
        self._prepositions(inner, other, wider)
        if not self._closes(wider.stop):
            return False
        found.stop = wider.stop
        found.roles |= other.roles
        found.gender = found.gender or other.gender
        found.modifiers |= wider.modifiers | set(t.lows[inner.first : inner.stop])
        found.absorbed.append(inner)
        return True

    def _closes(self, k: int) -> bool:
        t = self.t
        return k >= len(t) or t.words[k][0] in _ENDS_APPOSITION or t.lows[k] in ("and", "who", "which", "said", "says")
