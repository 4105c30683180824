"""How likely a pronoun means one party of the report rather than another, by a few weights that are meant to be read.

A mention counts more when it is near, when it is the subject of its sentence, when it agrees ("she" with "Ms",
"spokeswoman", "her"), when it is spoken of often, and when it was a source before. The idea is that of centering
theory (Grosz, Joshi & Weinstein 1995, https://aclanthology.org/J95-2003/). No name says he or she.
"""

from collections.abc import Sequence

from purport.read.entities import Entity, Touch
from purport.read.tokens import HE_SHE, IT, POSSESSIVES, THEY

SUBJECT = 1.1
AGREES = 2.0  # known to be a he or a she, as the pronoun is
NAMED = 0.7
SENTENCE_AWAY = -0.7  # each sentence between, the first four
ASIDE = -1.6  # inside another mention, or an owner: "Tolan's lawyer"
SILENT = -1.0  # "did not reply", "could not be reached"
IN_QUOTE = -1.2  # spoken of inside a quotation, the pronoun outside it
SOURCED = 0.9  # was a source before
OFTEN = 0.25  # each further mention, the first three
RELATED = -0.8  # "her brother", "his lawyer"
ONE_FOR_THEY = -1.6  # "they" of one body
SPEAKS = {"document": -0.7, "video": -0.7, "name": -0.9, "state": 0.0}  # less likely sources of "it said"
_NEVER_IT = frozenset(("person", "office", "collective", "unnamed", "metonym"))
SHARPNESS = 1.5  # how fast a lead becomes confidence


def may_mean(entity: Entity, pronoun: str) -> bool:
    """May this pronoun stand for the entity at all?"""
    if pronoun in HE_SHE:
        return entity.personal and entity.gender in ("", HE_SHE[pronoun])
    if pronoun in IT:
        return not (entity.plural or entity.personal) and entity.kind not in _NEVER_IT
    return entity.kind not in ("document", "video") and (entity.plural or entity.body)


def salience(entity: Entity, touches: Sequence[Touch], pronoun: str, sentence: int, quoted: bool) -> float:
    """The weight of an entity spoken of at `touches` (latest first) for a pronoun in that sentence."""
    weight = max(_prominence(touch, sentence, quoted) for touch in touches[:3])
    weight += NAMED * bool(entity.names) + OFTEN * min(3, len(touches) - 1)
    weight += RELATED * (not entity.names and entity.best.article in POSSESSIVES)
    if pronoun in HE_SHE:
        return weight + AGREES * (entity.gender == HE_SHE[pronoun])
    weight += SPEAKS.get(entity.kind, 0.0)
    return weight + ONE_FOR_THEY * (pronoun in THEY and not entity.plural)


def _prominence(touch: Touch, sentence: int, quoted: bool) -> float:
    weight = SENTENCE_AWAY * min(4, max(0, sentence - touch.sentence - 1))
    weight += SUBJECT * touch.subject + ASIDE * (touch.aside and touch.phrase >= 0) + SILENT * touch.silent
    return weight + IN_QUOTE * (touch.quoted and not quoted)
