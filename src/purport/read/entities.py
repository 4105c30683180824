"""Who is who in one report: phrases that name or describe the same one, put together.

A name joins the name it fits ("Tolan", "Mira Tolan"), an abbreviation the name it is short for, a definite
description ("the mayor") the one it describes, if only one can be meant. Nothing is known but the report:
no list of persons or groups, and no name says he or she.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import msgspec

from purport.core.spans import Span
from purport.read.lexicon.closed import closed
from purport.read.lexicon.nouns import Nouns
from purport.read.mentions import Phrase
from purport.read.tokens import ARTICLES, POSSESSIVES

REACH = 6_000  # characters looked back
NEAR = 60  # mentions looked back
CROWD = 12  # bearers of one name looked at
LONGEST = 200  # characters of a mention taken as the fullest
MARGIN = 0.5  # by which a description must fit one better than the next
FITS = 0.8

_FIRST_NAMED = closed()["first_named"]
_FILLERS = ARTICLES | POSSESSIVES | {"of", "for", "in", "at", "from", "and", "'s", "’s"}


@dataclass(slots=True)
class Entity:
    """One party of the report, growing as the walk meets its mentions; `best` is the fullest."""

    best: Phrase
    names: tuple[str, ...]
    kind: str
    gender: str
    plural: bool
    roles: set[str] = field(default_factory=set)
    modifiers: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)  # of the modifiers
    heads: set[str] = field(default_factory=set)
    mentions: int = 0
    placed: bool = True  # met only as a place so far: "in Low Quay"

    @property
    def personal(self) -> bool:
        return not self.plural and (
            self.kind in ("person", "office") or (self.kind == "name" and (len(self.names) > 1 or bool(self.gender)))
        )

    @property
    def body(self) -> bool:
        return self.kind in ("government", "armed_group", "organisation", "outlet", "state")


class Touch(msgspec.Struct, frozen=True):
    """A place where the report speaks of an entity; `phrase` is its index, -1 for a pronoun."""

    span: Span
    entity: int
    sentence: int
    subject: bool
    quoted: bool
    aside: bool  # inside another mention, or as an owner
    silent: bool  # said there not to have answered
    phrase: int


def fullness(phrase: Phrase) -> tuple[int, int, int]:
    """How much a mention says: names first, then titles and roles, then length."""
    length = phrase.span[1] - phrase.span[0]
    if length > LONGEST:
        return 0, 0, 0
    named = len(phrase.names) + bool(phrase.acronym)
    return named, length if phrase.article != "the" else length - 4, -phrase.span[0]


class Register:
    """The entities of a report. Phrases and pronouns are added in text order."""

    def __init__(self, nouns: Nouns, known: set[str]) -> None:
        """`known`: words that are names elsewhere in the report than at the opening of a sentence."""
        self.known = known
        self.nouns = nouns
        self.entities: list[Entity] = []
        self.touches: list[Touch] = []
        self.of_phrase: dict[int, int] = {}  # phrase index -> entity index; absent: not decided
        self._by_name: defaultdict[str, list[int]] = defaultdict(list)
        self._by_acronym: dict[str, int] = {}
        self.by_head: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, index: int, phrase: Phrase) -> None:
        """Take in the next phrase of the text."""
        if not (phrase.names or phrase.article or phrase.plural) and phrase.kind in ("person", "office"):
            return  # "criminal justice", "ran for mayor"
        lone = phrase.opens and phrase.kind == "name" and len(phrase.names) == 1
        if lone and phrase.names[0] not in self.known:
            return  # "Snow fell": the capital is only the sentence's
        found = self._named(phrase) if phrase.names else self._described(phrase)
        if found == -2:
            return  # several may be meant
        if found < 0:
            found = len(self.entities)
            self.entities.append(Entity(phrase, phrase.names, phrase.kind, phrase.gender, phrase.plural))
        self._join(found, phrase)
        self.of_phrase[index] = found
        aside = phrase.inside or phrase.owner
        self.touches.append(
            Touch(phrase.span, found, phrase.sentence, phrase.subject, phrase.quoted, aside, phrase.silent, index)
        )

    def agree(self, span: Span, sentence: int, gender: str, quoted: bool) -> None:
        """Take in a he or a she: when only one person can be meant, that one is a he or a she."""
        seen: list[int] = []
        for touch in reversed(self.touches[-NEAR:]):
            if sentence - touch.sentence > 2 or span[0] - touch.span[1] > REACH:
                break
            if touch.quoted != quoted and touch.phrase >= 0:
                continue
            entity = self.entities[touch.entity]
            if entity.personal and entity.gender in ("", gender) and touch.entity not in seen:
                if touch.sentence < sentence and seen and self.entities[seen[0]].gender == gender:
                    break
                seen.append(touch.entity)
        if len(seen) == 1:
            entity = self.entities[seen[0]]
            entity.gender = gender
            self.touches.append(Touch(span, seen[0], sentence, True, quoted, False, False, -1))

    def _join(self, index: int, phrase: Phrase) -> None:
        entity = self.entities[index]
        entity.mentions += 1
        entity.placed = entity.placed and phrase.place
        if len(phrase.names) > len(entity.names):
            entity.names = phrase.names
        if phrase.names and (entity.kind == "name" or not entity.best.names):
            place = phrase.kind in ("metonym", "state") and len(entity.names) > len(phrase.names)
            entity.kind = entity.kind if phrase.kind == "name" or place else phrase.kind
        if entity.kind == "name" and phrase.kind == "name" and phrase.roles and len(phrase.names) > 1:
            entity.kind = self._kind_by_role(phrase)
        entity.gender = entity.gender or phrase.gender
        entity.roles |= phrase.roles
        if len(entity.modifiers) < 60 and not phrase.modifiers <= entity.modifiers:
            entity.modifiers |= phrase.modifiers
            entity.stems.update(map(_stem, phrase.modifiers))
        if fullness(phrase) > fullness(entity.best) and not (phrase.inside and not entity.best.inside):
            entity.best = phrase
        for word in phrase.names:
            if index not in self._by_name[word][-CROWD:]:
                self._by_name[word].append(index)
        if phrase.acronym:
            self._by_acronym[phrase.acronym] = index
        if len(phrase.names) > 1 and entity.body:
            letters = "".join(word[0] for word in phrase.names if word not in _FILLERS)
            self._by_acronym.setdefault(letters, index)
        for role in phrase.roles:
            if role not in entity.heads:
                entity.heads.add(role)
                self.by_head[role].append(index)

    def _kind_by_role(self, phrase: Phrase) -> str:
        for role in sorted(phrase.roles):
            noun = self.nouns.heads.get(role)
            if noun is not None and noun.table not in ("office", "person"):
                return noun.table
        return "person"

    def _named(self, phrase: Phrase) -> int:
        """The entity of this name; -1 for a new one, -2 when several bear it."""
        names = phrase.names
        if phrase.kind in ("organisation", "name", "government") and len(names) == 1 and names[0] in self._by_acronym:
            return self._by_acronym[names[0]]
        fits = [i for i in self._by_name[names[-1]][-CROWD:] if self._same_name(self.entities[i], phrase)]
        if len(fits) > 1 and phrase.gender:
            fits = [i for i in fits if self.entities[i].gender == phrase.gender] or fits
        if len(fits) > 1 and not phrase.place:
            fits = [i for i in fits if not self.entities[i].placed] or fits
        if len(fits) > 1 and not phrase.body:
            fits = [i for i in fits if self.entities[i].kind == "person" or self.entities[i].gender] or fits
        if len(fits) > 1:
            exact = [i for i in fits if self.entities[i].names == names]
            fits = exact or fits
        if len(fits) > 1:
            return fits[-1] if len(names) > 1 else self._usual(fits)
        return fits[0] if fits else self._announced(phrase)

    def _usual(self, fits: list[int]) -> int:
        """The one of several bearers of a surname whom the report keeps speaking of, or -2."""
        ranked = sorted(fits, key=lambda number: -self.entities[number].mentions)
        most, next_most = (self.entities[number].mentions for number in ranked[:2])
        return ranked[0] if most >= 3 * next_most else -2

    def _announced(self, phrase: Phrase) -> int:
        """An office spoken of before its holder was named: "the minister … Foreign Minister Lio Ferrant"."""
        if phrase.kind not in ("person", "name") or not phrase.roles:
            return -1
        fits = []
        for role in sorted(phrase.roles):
            for number in self.by_head.get(role, ())[-4:]:
                entity = self.entities[number]
                extra = entity.modifiers - phrase.modifiers - _FILLERS - {role}
                agrees = entity.gender in ("", phrase.gender) or not phrase.gender
                if agrees and not (entity.names or entity.plural or extra) and entity.best.article == "the":
                    fits.append(number)
        if len(fits) != 1 or self.touches[-1].span[0] - self.entities[fits[0]].best.span[0] > REACH:
            return -1
        return fits[0]

    def _same_name(self, entity: Entity, phrase: Phrase) -> bool:
        mine, theirs = phrase.names, entity.names
        if not theirs or (phrase.gender and entity.gender and phrase.gender != entity.gender):
            return False
        bodies = phrase.body, entity.body
        if mine == theirs:
            return True
        if bodies[0] != bodies[1] and "name" not in (phrase.kind, entity.kind):
            return False
        short, long = (mine, theirs) if len(mine) <= len(theirs) else (theirs, mine)
        if bodies[0] or bodies[1]:
            if phrase.place and len(mine) == 1 and not bodies[0]:
                return False
            if len(short) == 1 and (not phrase.article and short is mine) and long[0] not in short:
                return False
            return any(long[i : i + len(short)] == short for i in range(len(long))) and (
                len(short) > 1 or long[-1] == short[0] or (long[0] == short[0] and len(long) > 2)
            )
        if phrase.place and len(mine) == 1:
            return False
        if entity.placed and not phrase.place:
            return False
        if len(short) == 1:
            by_first = not phrase.gender or bool(phrase.roles & _FIRST_NAMED)
            return long[-1] == short[0] or (long[0] == short[0] and by_first)
        return long[-1] == short[-1] and (long[0] == short[0] or set(short) <= set(long))

    def _described(self, phrase: Phrase) -> int:
        if phrase.article in ("the",) or (not phrase.article and phrase.kind == "government"):
            found, _ = self.describes(phrase, len(self.touches))
            return found
        if phrase.inside or phrase.article:
            return -1
        for touch in self.touches[-12:]:
            entity = self.entities[touch.entity]
            if not entity.names and entity.modifiers == phrase.modifiers:
                return touch.entity
        return -1

    def describes(self, phrase: Phrase, before: int) -> tuple[int, float]:
        """Whom a definite description means among the touches before one: entity (-1: nobody, -2: several), score."""
        role = min(phrase.roles, default="")
        wanted = {_stem(word) for word in phrase.modifiers - _FILLERS} - {_stem(phrase.named.head)}
        wanted.discard(_stem(role))
        proper = {_stem(word) for word in phrase.proper}
        missing = -1.0 if phrase.span == phrase.core else -3.0  # "the ministry of works" is not that of health
        scores: dict[int, float] = {}
        people, seen = set[int](), set[int]()
        for touch in reversed(self.touches[max(0, before - NEAR) : before]):
            if phrase.span[0] - touch.span[0] > REACH:
                break
            if touch.entity in seen:
                continue
            seen.add(touch.entity)
            entity = self.entities[touch.entity]
            if entity.personal and entity.names:
                people.add(touch.entity)
            fit = self._fit(entity, phrase, role)
            if not fit:
                continue
            fit += sum(1.0 if word in entity.stems else -3.0 if word in proper else missing for word in wanted)
            fit -= min(1.0, 0.1 * (phrase.sentence - touch.sentence)) + 0.4 * (touch.aside and touch.phrase >= 0)
            scores[touch.entity] = fit + 0.3 * touch.subject
        if not scores and phrase.kind in ("office", "person") and len(people) == 1:
            only = next(iter(people))
            if not self.entities[only].roles - {"mr", "mrs", "ms"} and not phrase.inside:
                return only, 0.0
        ranked = sorted(scores.items(), key=lambda item: -item[1])
        ranked = [item for item in ranked if item[1] >= FITS]
        if not ranked:
            return -1, 0.0
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < MARGIN:
            return -2, 0.0
        return ranked[0][0], ranked[0][1]

    def _fit(self, entity: Entity, phrase: Phrase, role: str) -> float:
        """How well the head of a description fits an entity: 3 the same noun, 1.5 a broader one, else 0."""
        if phrase.gender and entity.gender and phrase.gender != entity.gender:
            return 0.0
        if phrase.plural and entity.kind == "armed_group" and entity.names and phrase.kind == "armed_group":
            return 1.6  # "the Sabel Liberation Army … the rebels"
        if phrase.plural != entity.plural:
            return 0.0
        if role in entity.roles and (entity.kind == phrase.kind or not (entity.body and phrase.body)):
            return 3.0
        broad = self.nouns.broad.get(phrase.named.head, frozenset())
        if entity.names and entity.kind in broad:
            weak = entity.kind == "name" and entity.gender
            return 0.0 if weak else 1.0 if entity.kind == "name" else 1.6
        return 0.0


def _stem(word: str) -> str:
    """Enough of a word to meet its other forms: "union", "unions"; "defence", "defense"."""
    return word[:5].removesuffix("s") if len(word) > 3 else word
