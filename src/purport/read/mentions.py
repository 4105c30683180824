"""Noun phrases that may speak or be spoken of: names with their titles and roles, offices, groups.

One walk over the words of a report. It is a chunker by rules and noun tables, not a parser: it knows only
phrases whose head is a name or a noun of `lexicon/kinds.toml`, since nobody else is a source.
"""

from dataclasses import dataclass, field

import msgspec

from purport.core.spans import Span
from purport.read.cores import OPENERS, Core, Cores
from purport.read.lexicon.nouns import Nouns
from purport.read.naming import Named, name_of
from purport.read.tokens import (
    ARTICLES,
    AUXILIARIES,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    SAY,
    STOP,
    Tokens,
)

_SAYS = frozenset(["said", "says", "added", "wrote", "replied", "explained", "insisted"])
_MEETS = frozenset(["met", "meets", "faced", "debated"])
_PLACING = frozenset(
    ["in", "at", "from", "near", "into", "through", "towards", "toward", "outside", "across", "around", "over"]
)
_ATTACHES = frozenset(["from", "in", "at", "near", "by", "with", "on"])
_ENDS_APPOSITION = frozenset(',.;:)—–-!?”"\n')
_ACTS = AUXILIARIES | SAY | {",", "'s", "’s"}
_FINITE = AUXILIARIES | SAY | PRONOUNS
_SILENCE = frozenset(("reply", "respond", "reached", "comment", "answer", "nothing", "declined", "refused"))
_FALLS_SILENT = AUXILIARIES | _SILENCE
_STARTERS = OPENERS | ARTICLES | POSSESSIVES
_CLOSES = frozenset(',”"')
_BODIES = frozenset(["government", "armed_group", "organisation", "outlet", "state"])


class Phrase(msgspec.Struct, frozen=True):
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
    silent: bool = False  # "did not reply", "could not be reached"

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
class _Extent:
    stop: int
    modifiers: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    gender: str = ""
    acronym: str = ""
    absorbed: list[Core] = field(default_factory=list)
    name: Core | None = None  # "The prosecutor, PIA LUMEN"


class Chunker(Cores):
    """Finds the phrases of a tokenised text in one walk: `Chunker(tokens, nouns).run()`."""

    def __init__(self, tokens: Tokens, nouns: Nouns) -> None:
        super().__init__(tokens, nouns)
        self.phrases: list[Phrase] = []
        self.stops: list[int] = []  # token after each phrase
        self._absorbed: set[int] = set()
        self._covered = 0
        self._subject = (-1, False)  # last sentence that has had its subject, and whether in a quotation

    def run(self) -> list[Phrase]:
        i, n = 0, self.n
        caps, lows, heads = self.t.caps, self.t.lows, self.heads
        while i < n:
            if not caps[i] and lows[i] not in heads and lows[i] not in _STARTERS:
                i += 1
                continue
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
        following = t.lows[stop] if stop < self.n else ""
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
        if (
            named.kind == "name"
            and core.article == "the"
            and len(named.names) > 1
            and not (extent.roles or extent.name)
        ):
            named = msgspec.structs.replace(
                named, kind="organisation"
            )  # "the Open Coast": people's names have no article
        gender = named.gender or extent.gender
        modifiers = {t.lows[k] for k in range(core.first, core.stop)} | extent.modifiers
        phrase = Phrase(
            span=(t.starts[core.first], t.ends[stop - 1]),
            core=(t.starts[core.first], t.ends[core.stop - 1]),
            kind=named.kind,
            named=named,
            roles=named.roles | extent.roles,
            modifiers=frozenset(modifiers),
            proper=frozenset(t.lows[k] for k in range(core.first, core.stop) if not t.opens[k] and t.caps[k]),
            plural=named.plural,
            article=core.article,
            sentence=sentence,
            quoted=t.quoted[core.first],
            subject=subject,
            owner=owner,
            inside=inside,
            place=previous in _PLACING,
            opens=t.opens[core.first] and core.stop == core.first + 1 and not self._acts(stop),
            gender=gender,
            acronym=extent.acronym,
            silent=self._silent(stop),
        )
        self.phrases.append(phrase)
        self.stops.append(stop)

    def _acts(self, k: int) -> bool:
        """Does what follows an opening capital say that it is a name? "Keld has …", "Keld and Sabel …"."""
        t = self.t
        following = t.lows[k] if k < self.n else ""
        return following in _ACTS or (following == "and" and k + 1 < self.n and t.caps[k + 1])

    def _silent(self, k: int) -> bool:
        """ "Did not reply", "could not be reached": who is said not to have answered."""
        lows = self.t.lows
        if k < len(lows) and lows[k] == ",":
            k += 1
        if k >= len(lows) or lows[k] not in _FALLS_SILENT:
            return False
        return not _SILENCE.isdisjoint(lows[k : k + 6])

    def _extend(self, core: Core, named: Named) -> _Extent:
        """What stands beside the core and belongs to the mention: "of the …", "(FCM)", ", 61, a teacher"."""
        t = self.t
        found = _Extent(core.stop)
        self._prepositions(core, named, found)
        if named.names and found.stop + 2 < self.n and t.words[found.stop] == "(":
            word = t.words[found.stop + 1]
            if t.words[found.stop + 2] == ")" and word[0].isalnum():
                found.acronym = word.lower() if word.isupper() and len(word) > 1 else ""
                found.stop += 3
        for _ in range(3):
            if found.stop + 1 >= self.n or t.words[found.stop] != "," or not self._beside(core, named, found):
                break
        return found

    def _prepositions(self, core: Core, named: Named, found: _Extent) -> None:
        t = self.t
        person = named.kind in ("person", "name") and bool(named.names)
        free = t.opens[core.first] or core.article in ("a", "")
        for hop in range(2):
            k = found.stop
            low = t.lows[k] if k + 1 < self.n else ""
            envoy = low == "to" and named.kind == "office" and not hop and t.caps[k + 1]  # "ambassador to Keld"
            if low not in ("of", "for") and not envoy and (person or hop or not free or low not in _ATTACHES):
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
        if k < self.n and (t.lows[k] in ARTICLES or t.lows[k] in POSSESSIVES):
            k += 1
        elif preposition != "of":
            return 0
        start = k
        while k < self.n and k - start < 4:
            low = t.lows[k]
            verb = k > start and (low.endswith("ed") or low in self._cues)
            if not low[0].isalpha() or low in STOP or t.caps[k] or verb:
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
        if inner is None or found.name is not None or inner.article == "whose":
            return False
        other = name_of(t, self.nouns, inner.segment, inner.stop)
        role = named.roles and not named.names and not named.plural
        if role and other.names and other.kind in ("person", "name") and not inner.article:
            if not self._closes(inner.stop) or named.kind not in ("office", "person"):
                return False
            found.roles |= other.roles
            found.name, found.stop = inner, inner.stop
            return True
        if not named.names or other.names or other.plural != named.plural or not other.roles:
            return False
        personal = other.kind in ("person", "office")
        if named.kind != "name" and personal != (named.kind == "person"):
            return False
        wider = _Extent(inner.stop)
        self._prepositions(inner, other, wider)
        if wider.stop - inner.first == 1:
            return False  # "Mira Tolan, husband Dov Harl and …"
        if not self._closes(wider.stop):
            wider.stop = self._reduced(wider.stop) if inner.article or other.head in self._cues else 0
            if not wider.stop:
                return False
        found.stop = wider.stop
        found.roles |= other.roles
        found.gender = found.gender or other.gender
        found.modifiers |= wider.modifiers | set(t.lows[inner.first : inner.stop])
        found.absorbed.append(inner)
        return True

    def _reduced(self, k: int) -> int:
        """The comma that ends "the only journalist ALLOWED INTO THE TOWN,", or 0."""
        t = self.t
        for stop in range(k, min(k + 7, self.n)):
            if t.words[stop] == ",":
                return stop
            if not t.words[stop][0].isalnum() or t.lows[stop] in _FINITE:
                return 0
        return 0

    def _closes(self, k: int) -> bool:
        t = self.t
        return (
            k >= self.n
            or t.words[k][0] in _ENDS_APPOSITION
            or t.lows[k] in ("and", "who", "which", "that", "said", "says")
        )
