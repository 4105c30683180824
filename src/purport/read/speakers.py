"""Who a source refers to: "he", "Tolan", "the spokesman", "the group", "the Kremlin", by the report's own words.

The answer is the fullest mention in the same report, with its span and a confidence; below `ABSTAIN`
the answer is none, and a reason says so. What makes one candidate for a pronoun likelier than another is in
`salience.py`.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from math import exp
from typing import TypeAlias

import msgspec

from purport.core.records import Reason, Speaker
from purport.core.spans import Pieces, Span, cover, move, overlaps, words
from purport.read.entities import NEAR, REACH, Entity, Register, Touch, fullness
from purport.read.lexicon.nouns import Metonym, Nouns, bare, nouns, with_compounds
from purport.read.mentions import Chunker, Phrase
from purport.read.salience import SHARPNESS, SOURCED, may_mean, salience
from purport.read.tokens import HE_SHE, IT, SAY, SUBORDINATE, THEY, Tokens, tokenise

BLOCK = 200_000  # characters of a longer text that are held in mind at a time
ABSTAIN = 0.5  # below this confidence nobody is named
WHO = frozenset(["who", "which", "that", "whom", "whose"])
SELF = frozenset(["i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"])


Answer: TypeAlias = tuple[Phrase | Span | None, float, str]  # mention, confidence, rule

_AGED = re.compile(r"[Tt]he (\d{1,3})[- ]year[- ]old")


class Resolver:
    """The mentions of one report and who they mean, found once, when first asked.

    `sources` are those of the report's attributions: who was a source just before is likelier to speak again.
    `metonyms` are added to the shipped table (see `lexicon.nouns.read_metonyms`).
    """

    def __init__(
        self, text: str, sources: Sequence[Pieces] = (), metonyms: Mapping[str, Metonym] | None = None
    ) -> None:
        self.text = text
        self.sources = sorted(cover(pieces) for pieces in sources if pieces)
        table = nouns()
        if metonyms:
            table = msgspec.structs.replace(table, metonyms={**table.metonyms, **metonyms})
        self.nouns: Nouns = table
        self._part: tuple[Resolver, int] | None = None
        self._answers: dict[Pieces, tuple[tuple[Speaker, ...], tuple[Reason, ...]]] = {}

    @cached_property
    def _tokens(self) -> Tokens:
        return tokenise(self.text, frozenset(self.nouns.honorifics))

    @cached_property
    def _phrases(self) -> list[Phrase]:
        return sorted(
            Chunker(self._tokens, with_compounds(self.nouns, self._tokens.lows)).run(),
            key=lambda p: (p.core[0], -p.core[1]),
        )

    @cached_property
    def _register(self) -> Register:
        known = {word for phrase in self._phrases if not phrase.opens for word in phrase.names}
        register, t = Register(self.nouns, known), self._tokens
        waiting = [k for k, low in enumerate(t.lows) if low in HE_SHE]
        at = 0
        for index, phrase in enumerate(self._phrases):
            while at < len(waiting) and t.starts[waiting[at]] <= phrase.core[0]:
                k = waiting[at]
                register.agree((t.starts[k], t.ends[k]), t.sentences[k], HE_SHE[t.lows[k]], t.quoted[k])
                at += 1
            register.add(index, phrase)
        for k in waiting[at:]:
            register.agree((t.starts[k], t.ends[k]), t.sentences[k], HE_SHE[t.lows[k]], t.quoted[k])
        return register

    @cached_property
    def _starts(self) -> list[int]:
        return [phrase.core[0] for phrase in self._phrases]

    @cached_property
    def _touched(self) -> list[int]:
        return [touch.span[0] for touch in self._register.touches]

    def resolve(self, source: Pieces) -> tuple[Speaker, ...]:
        """Who the source refers to, none or one. A full mention is itself, or a fuller mention of the same name."""
        return self._resolve(source)[0]

    def reasons(self, source: Pieces) -> tuple[Reason, ...]:
        """Why `resolve` answers as it does; also why it abstains."""
        return self._resolve(source)[1]

    def _block(self, source: Pieces) -> tuple["Resolver", int]:
        """The resolver of the part of a very long text around a source, and where that part begins."""
        middle = cover(source)[0] // BLOCK * BLOCK
        if self._part is None or self._part[1] != max(0, middle - REACH):
            start = max(0, middle - REACH)
            stop = middle + BLOCK + REACH
            near = [((s - start, e - start),) for s, e in self.sources if start <= s and e <= stop]
            part = Resolver(self.text[start:stop], near)
            part.nouns = self.nouns
            self._part = part, start
        return self._part

    def _resolve(self, source: Pieces) -> tuple[tuple[Speaker, ...], tuple[Reason, ...]]:
        if source not in self._answers and source and len(self.text) > BLOCK + 2 * REACH:
            part, start = self._block(source)
            speakers, reasons = part._resolve(move(source, -start))
            self._answers[source] = (
                tuple(msgspec.structs.replace(item, span=move((item.span,), start)[0]) for item in speakers),
                tuple(msgspec.structs.replace(item, span=move((item.span,), start)[0]) for item in reasons),
            )
        if source not in self._answers:
            said = words(self.text, source).strip()
            span = cover(source)
            self._answers[source] = self._answer(self._find(span, said), said, span) if said else ((), ())
        return self._answers[source]

    def _find(self, span: Span, said: str) -> Answer:
        low = bare(said)
        if low in HE_SHE or low in IT or low in THEY:
            return self._pronoun(span, low)
        if low in WHO:
            return self._relative(span)
        if low in SELF:
            return self._quoted(span)
        if low in self.nouns.metonyms and not self._is_name(low):
            return self._metonym(span, self.nouns.metonyms[low])
        return self._phrase(span, said)

    def _answer(self, found: Answer, said: str, span: Span) -> tuple[tuple[Speaker, ...], tuple[Reason, ...]]:
        mention, confidence, rule = found
        if mention is None or confidence < ABSTAIN:
            return (), (Reason("speaker", "not decided", said, span, rule),)
        where = mention.span if isinstance(mention, Phrase) else mention
        text = self.text[where[0] : where[1]]
        return (Speaker(text, where, round(confidence, 3)),), (Reason("speaker", text, said, span, rule),)

    # -- names, offices, groups ------------------------------------------------------------------------

    def _phrase_at(self, span: Span) -> int:
        """The first phrase that begins in the span, else the one around it; -1 when there is none."""
        at = bisect_left(self._starts, span[0])
        for index in range(at, min(at + 4, len(self._phrases))):
            if self._phrases[index].core[0] >= span[1]:
                break
            if not self._phrases[index].owner or self._phrases[index].core[1] >= span[1] - 2:
                return index
        for index in range(at - 1, max(-1, at - 4), -1):
            if self._phrases[index].span[1] >= span[1]:
                return index
        return -1

    def _phrase(self, span: Span, said: str) -> Answer:
        aged = _AGED.fullmatch(said)
        if aged:
            return self._aged(span, aged.group(1))
        index = self._phrase_at(span)
        if index < 0:
            full = len(said.split()) > 1
            return (span, 0.9, "itself") if full else (None, 0.0, "no mention of it is known")
        phrase, register = self._phrases[index], self._register
        number = register.of_phrase.get(index, -2)
        if number < 0:
            return None, 0.0, "several are called so"
        best = register.entities[number].best
        if best is not phrase and best.span != phrase.span:
            if phrase.names:
                return best, 0.97 if len(phrase.names) == 1 else 1.0, "name"
            if phrase.article in ("the", "") and (best.names or not phrase.plural):
                sure = 0.9 if phrase.roles & register.entities[number].roles else 0.75
                return best, sure, "description"
        if self._short(phrase):
            return None, 0.0, "no fuller mention"
        wider = span if span[0] <= phrase.core[0] and span[1] > phrase.span[1] else phrase
        if isinstance(wider, Phrase) and wider.span[0] > span[0]:
            wider = span
        return wider, 1.0 if phrase.names else 0.9, "itself"

    def _aged(self, span: Span, age: str) -> Answer:
        """ "The 54-year-old": the one person of that age."""
        last = bisect_left(self._touched, span[0])
        seen = {touch.entity for touch in self._register.touches[max(0, last - NEAR) : last]}
        fits = [i for i in seen if age in self._register.entities[i].modifiers]
        return (self._register.entities[fits[0]].best, 0.9, "age") if len(fits) == 1 else (None, 0.0, "age")

    def _short(self, phrase: Phrase) -> bool:
        """Does the mention only point at someone named elsewhere? "Tolan", "the spokesman", "the group"."""
        if phrase.names:
            return (
                phrase.kind in ("name", "person") and len(phrase.names) == 1 and not phrase.roles - {"mr", "mrs", "ms"}
            )
        return phrase.article == "the" and phrase.span == phrase.core and len(phrase.modifiers) <= 2

    def _is_name(self, low: str) -> bool:
        """Is a word that may be a metonym the name of somebody in this report?"""
        return any(self._register.entities[i].personal for i in self._register._by_name.get(low, ()))

    def _metonym(self, span: Span, metonym: Metonym) -> Answer:
        register = self._register
        best: tuple[float, Phrase] | None = None
        for head in sorted(metonym.heads):
            for number in register.by_head.get(head, ())[-NEAR:]:
                entity = register.entities[number]
                phrase = entity.best
                said = self.text[phrase.span[0] : phrase.span[1]].lower()
                if overlaps(phrase.span, span) or (metonym.of and not any(word in said for word in metonym.of)):
                    continue
                if not metonym.of and phrase.span == phrase.core and not phrase.names:
                    continue
                gap = span[0] - phrase.span[0]
                near = -abs(gap) / REACH - (gap < 0)
                if best is None or near > best[0]:
                    best = near, phrase
        rule = f"{metonym.entry} stands for {metonym.stands_for}"
        return (best[1], 0.85, rule) if best else (None, 0.0, rule)

    # -- pronouns --------------------------------------------------------------------------------------

    def _token_at(self, place: int) -> int:
        return bisect_left(self._tokens.starts, place)

    def _pronoun(self, span: Span, low: str) -> Answer:
        t = self._tokens
        k = min(self._token_at(span[0]), len(t) - 1)
        ahead = self._ahead(k, low)
        if ahead is not None:
            return ahead.best, 0.8, "the name follows"
        sourced = self._sources(span)
        register = self._register
        latest: dict[int, list[Touch]] = {}
        last = bisect_left(self._touched, span[0])
        for touch in reversed(register.touches[max(0, last - NEAR) : last]):
            if span[0] - touch.span[0] > REACH:
                break
            latest.setdefault(touch.entity, []).append(touch)
        scores: dict[int, float] = {}
        for number, touches in latest.items():
            entity = register.entities[number]
            if may_mean(entity, low):
                scores[number] = salience(entity, touches, low, t.sentences[k], t.quoted[k])
                scores[number] += SOURCED * (number in sourced)
        pair = self._pair(k) if low in THEY else None
        if pair is not None and all(score < 1.0 for score in scores.values()):
            return pair, 0.7, "two together"
        return self._choose(scores, low)

    def _choose(self, scores: dict[int, float], low: str) -> Answer:
        if not scores:
            return None, 0.0, f"nobody before {low!r} can be meant"
        ranked = sorted(scores.items(), key=lambda item: -item[1])
        top = ranked[0][1]
        confidence = 1.0 / sum(exp(SHARPNESS * (score - top)) for _, score in ranked)
        confidence *= 0.95 if top > -3 else 0.6
        if len(ranked) > 1 and top - ranked[1][1] < 0.2:
            return None, confidence, f"several may be meant by {low!r}"
        return self._register.entities[ranked[0][0]].best, confidence, f"pronoun {low!r}"

    def _sources(self, span: Span) -> set[int]:
        """Entities that were sources just before."""
        found = set[int]()
        last = bisect_left(self.sources, span)
        for where in self.sources[max(0, last - 8) : last]:
            if span[0] - where[1] < REACH:
                index = self._phrase_at(where)
                if index >= 0 and index in self._register.of_phrase:
                    found.add(self._register.of_phrase[index])
        return found

    def _ahead(self, k: int, low: str) -> Entity | None:
        """The name after a subordinate clause that opens the sentence: "When she spoke, Tamsin Ode …"."""
        t = self._tokens
        first = k
        while first > 0 and not t.opens[first] and k - first < 4:
            first -= 1
        if t.lows[first] not in SUBORDINATE or k - first > 3:
            return None
        at = bisect_left(self._starts, t.starts[k])
        for index in range(at, min(at + 12, len(self._phrases))):
            phrase = self._phrases[index]
            if phrase.sentence != t.sentences[k]:
                return None
            before = t.words[self._token_at(phrase.core[0]) - 1]
            if before == "," and index in self._register.of_phrase:
                entity = self._register.entities[self._register.of_phrase[index]]
                return entity if may_mean(entity, low) and entity.names else None
        return None

    def _pair(self, k: int) -> Span | None:
        """Two named together just before: "Mira Tolan and Dov Harl stood … they"."""
        t = self._tokens
        at = bisect_left(self._starts, t.starts[k])
        for index in range(at - 1, max(0, at - 10), -1):
            one, two = self._phrases[index - 1], self._phrases[index]
            if t.sentences[k] - two.sentence > 1:
                return None
            between = self.text[one.span[1] : two.span[0]].strip(" ,")
            if between == "and" and one.personal and two.personal and not one.inside:
                return one.span[0], two.span[1]
        return None

    def _relative(self, span: Span) -> Answer:
        """The mention that "who" or "which" follows at once."""
        t = self._tokens
        k = self._token_at(span[0]) - 1
        while k > 0 and t.words[k] in ",(—–-":
            k -= 1
        if k < 0:
            return None, 0.0, "nothing before it"
        if t.lows[k] in HE_SHE or t.lows[k] in THEY:
            return self._pronoun((t.starts[k], t.ends[k]), t.lows[k])
        end = t.ends[k]
        at = bisect_left(self._starts, span[0])
        for index in range(at - 1, max(-1, at - 8), -1):
            phrase = self._phrases[index]
            if phrase.span[1] == end and not (phrase.inside and index > 0 and self._phrases[index - 1].span[1] == end):
                number = self._register.of_phrase.get(index, -1)
                best = self._register.entities[number].best if number >= 0 else phrase
                if not phrase.names and fullness(best)[0] == 0:
                    best = phrase
                counted = self._counted(phrase)
                return counted or best, 0.95, "relative pronoun"
        return None, 0.0, "what stands before it is no known mention"

    def _counted(self, phrase: Phrase) -> Span | None:
        """ "TWO OF the drivers": the span with its count."""
        k = self._token_at(phrase.span[0])
        t = self._tokens
        if k >= 2 and t.lows[k - 1] == "of" and t.lows[k - 2] in self.nouns.many:
            return t.starts[k - 2], phrase.span[1]
        return None

    def _quoted(self, span: Span) -> Answer:
        """The speaker of the quotation around "I" or "we"."""
        t = self._tokens
        k = min(self._token_at(span[0]), len(t) - 1)
        if not t.quoted[k]:
            return None, 0.0, "the writer of the report"
        stop = k
        while stop < len(t) and t.quoted[stop] and stop - k < 200:
            stop += 1
        start = k
        while start > 0 and t.quoted[start - 1] and k - start < 200:
            start -= 1
        return (
            self._sayer(stop + 1, 1)
            or self._sayer(start - 1, -1)
            or (self._sayer(start - 2, -1) if start > 2 and t.words[start - 1] == "." else None)
            or (None, 0.0, "no speaker of the quotation is known")
        )

    def _sayer(self, k: int, step: int) -> Answer | None:
        """The source beside a verb of saying, on one side of a quotation and in its sentence."""
        t = self._tokens
        low, high = (k, min(len(t), k + 14)) if step > 0 else (max(0, k - 14), k + 1)
        if step > 0:
            high = next((j for j in range(low, high) if t.words[j] in ".\n" or t.quoted[j]), high)
        else:
            low = next((j + 1 for j in range(high - 1, low, -1) if t.words[j] in ".\n”" or t.quoted[j]), low)
        if not any(t.lows[j] in SAY for j in range(low, high)):
            return None
        for j in range(low, high):
            if t.lows[j] in HE_SHE or t.lows[j] in THEY or t.lows[j] in IT:
                return self._pronoun((t.starts[j], t.ends[j]), t.lows[j])
            at = bisect_left(self._starts, t.starts[j])
            if at < len(self._phrases) and self._starts[at] == t.starts[j]:
                number = self._register.of_phrase.get(at, -1)
                if number >= 0 and not self._phrases[at].owner:
                    return self._register.entities[number].best, 0.9, "speaker of the quotation"
        return None
