"""The core of a noun phrase: article, modifiers, possessor, heads and name, without what is put behind or beside it."""

from dataclasses import dataclass

from purport.read.lexicon import lexicon
from purport.read.lexicon.nouns import Noun, Nouns
from purport.read.tokens import (
    ADJECTIVES,
    ARTICLES,
    NUMBERS,
    POSSESSIVES,
    SAY,
    STOP,
    TIME_WORDS,
    VERBS_TOO,
    Tokens,
)

WIDEST = 12  # words of a phrase's core; also bounds how often a word is looked at
_OWNS = frozenset(("'s", "’s", "'", "’"))
_NEVER_NAMES = STOP - SAY
_ADJECTIVAL = ("al", "ic", "ive", "an", "ese", "ary", "ous", "ish")
OPENERS = ADJECTIVES | NUMBERS | {"de"}


@dataclass(slots=True)
class Core:
    """Token numbers of a phrase's core, half-open; `owner` is the last mark of possession in it, or -1."""

    first: int
    stop: int
    article: str
    segment: int  # where what comes after the possessor begins
    owner: int


class Cores:
    """Reads cores off a tokenised text: `Cores(tokens, nouns).core(i)`."""

    def __init__(self, tokens: Tokens, nouns: Nouns) -> None:
        self.t, self.nouns, self.heads = tokens, nouns, nouns.heads
        self.n = len(tokens)
        self._cues = lexicon().bases  # forms of the verbs that open a claim

    def core(self, i: int) -> Core | None:
        """The core that begins at token i: article, modifiers, possessor, heads and name; None if there is none."""
        t, heads = self.t, self.heads
        words, lows, caps, opens = t.words, t.lows, t.caps, t.opens
        low = lows[i]
        article = ""
        k = i
        if low in ARTICLES or low in POSSESSIVES:
            if low == "that" and i + 1 < self.n and caps[i + 1]:
                return None  # "said that Mira Tolan"
            article = "the" if low[:2] == "th" and low in ARTICLES else "a" if low in ARTICLES else low
            k += 1
        elif not (caps[i] or low in heads or low in OPENERS):
            return None
        segment, owner, stop, before = k, -1, -1, -1
        has_head = has_name = joined = False
        n = min(self.n, i + WIDEST)
        while k < n:
            word, low = words[k], lows[k]
            if low in _OWNS:
                if k == segment or (low in ("'", "’") and not lows[k - 1].endswith("s")):
                    break
                if k + 1 < n and t.starts[k + 1] == t.ends[k]:
                    break
                if joined and k + 1 < n and caps[k + 1]:
                    k += 1  # "Association of Miners' Widows"
                    continue
                owner, before, segment = k, k if has_head or has_name else -1, k + 1
                has_head = has_name = False
                k += 1
                continue
            if not word[0].isalnum() or (caps[k] and low in TIME_WORDS) or (opens[k] and k > i):
                break
            noun = heads.get(low)
            cap = caps[k]
            if noun and not cap and low in self.nouns.titles:
                noun = None
            if cap and not self._plain(k, noun):
                if low in _NEVER_NAMES or (k > segment and not (has_name or has_head) and not self._describing(k - 1)):
                    break
                if has_head and not self._bears_name(heads.get(lows[k - 1])):
                    break  # "according to the indictment Jan Rook …"
                has_name, stop = True, k + 1
                k += 2 if self._dotted(k) else 1
                nickname = self._nickname(k)
                k = stop = nickname or k
                continue
            if has_name and low in self.nouns.particles and k + 1 < n and caps[k + 1]:
                k += 1
                continue
            if has_name and low in ("of", "for", "and") and self._joins(k, segment):
                k += 1 + (lows[k + 1] == "the")
                joined = True
                continue
            if has_name and not has_head and k + 1 < n and self._between(k, bool(article)):
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
        following = k + 1 < self.n and t.caps[k + 1]
        return (noun is not None and (noun.plural or not following)) or low in NUMBERS or low in ADJECTIVES

    def _dotted(self, k: int) -> bool:
        """An abbreviated honorific with its full stop: "Gen. Morran"."""
        t = self.t
        return k + 2 < self.n and t.words[k + 1] == "." and t.lows[k] in self.nouns.honorifics

    def _nickname(self, k: int) -> int:
        """The token after `“the Heron”` inside a name, or 0."""
        t = self.t
        if k + 3 < self.n and t.words[k] in "“\"'‘":
            for stop in range(k + 2, min(k + 5, self.n - 1)):
                if t.words[stop] in "”\"'’" and t.caps[stop + 1]:
                    return stop + 1 if t.words[k + 1] not in "“" else 0
        return 0

    def _joins(self, k: int, segment: int) -> bool:
        """Does "of" or "for" go on with the name? "Organisation of Coastal States", "the charity Bread for Isk"."""
        t = self.t
        after = k + 1 + (k + 1 < self.n and t.lows[k + 1] == "the")
        if after >= self.n or not t.caps[after] or t.opens[after] or t.lows[after] in TIME_WORDS:
            return False
        noun = self.heads.get(t.lows[k - 1])
        if t.lows[k] == "and":  # "Ministry of Food AND Fisheries"
            return any(t.lows[j] == "of" for j in range(segment, k)) and self.heads.get(t.lows[after]) is None
        if noun is not None and t.caps[k - 1]:
            return noun.table in ("organisation", "government", "armed_group", "outlet")
        led = self.heads.get(t.lows[k - 2]) if k - 2 >= segment else None
        return t.lows[k] == "for" and led is not None and led.table == "organisation"

    def _verb(self, k: int, noun: Noun, after_head: bool) -> bool:
        """Is a word of the tables the verb here? "Tolan heads the union", but "union head Mira Tolan"."""
        t = self.t
        if not after_head or k + 1 >= self.n:
            return False
        if noun.table in ("office", "person") and not noun.plural and t.caps[k + 1]:
            return False
        following = t.lows[k + 1]
        leads = following in ARTICLES or following in POSSESSIVES or following in ("that", "to")
        return leads or t.caps[k + 1]

    def _describing(self, k: int) -> bool:
        """May it stand between an article and a name? "the FORMER Keld Radio", not "an ADDRESS Tolan gave"."""
        low = self.t.lows[k]
        return low in ADJECTIVES or low in NUMBERS or self.t.words[k][0].isdigit() or self.t.caps[k]

    def _bears_name(self, noun: Noun | None) -> bool:
        """May a name follow this lower-case head? "the group Open Coast", not "the report Jan Rook wrote"."""
        return noun is None or (not noun.plural and noun.table not in ("document", "video", "unnamed", "collective"))

    def _between(self, k: int, led: bool) -> bool:
        """Is it an adjective between a name and its head? "Keldish FOREIGN ministry"."""
        t = self.t
        noun = self.heads.get(t.lows[k + 1])
        if noun is None or t.caps[k + 1]:
            return False
        if t.lows[k] in ADJECTIVES:
            return True
        if led and noun.table == "government" and not noun.plural:  # "the Keldish INTERIOR ministry"
            return t.lows[k] not in STOP and t.lows[k] not in self._cues and not t.lows[k].endswith("ed")
        named = k + 2 < self.n and t.caps[k + 2]
        return named and not noun.plural and t.lows[k].endswith(_ADJECTIVAL) and t.lows[k] not in STOP
