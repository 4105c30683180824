"""The claims of some reports as a court hears them: who says what, in which order, who is accused, what is shared."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from purport.core.records import Claim
from purport.core.spans import cover, words
from purport.trace.actors import AND, Actor, actor, fuller, in_full
from purport.trace.known import Known
from purport.trace.wording import table

SHARE = 0.6  # of the words of the shorter content that the other has

_WORD = re.compile(r"[^\W_][\w’'-]*")
_BESIDE = re.compile(r",\s+([A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*),")
_ENDING = re.compile(r"(?:ing|ed|en|es|s|e)$")
_MEAGRE = frozenset(("not", "no", "never", "any", "having", "also", "would", "could", "may", "might", "said"))


@dataclass(frozen=True, slots=True)
class Court:
    """The claims in order, with who makes each and whom it accuses."""

    known: Known
    claims: Sequence[Claim]
    who: dict[str, Actor]
    targets: dict[str, str]  # of accusations: the key of the accused
    contents: dict[str, frozenset[str]]
    passing: frozenset[str]  # claims that pass on a denial or a doubt: "they said they doubted it"
    parties: dict[str, frozenset[str]]  # the keys of who makes each, and whom they speak for
    of: dict[str, list[Claim]]  # the claims of each report, in order


def hear(known: Known) -> Court:
    claims = sorted(known.claims.values(), key=lambda one: (known.rank(one.report), known.place(one), one.id))
    claims = [claim for claim in claims if not claim.repeated]
    accused = {claim.id: _target(claim, known) for claim in claims if claim.act == "accuse" and claim.target}
    whole = fuller([one.key for one in known.actors.values()] + [one.key for one in accused.values()])
    who = {id: Actor(in_full(one.key, whole), one.name, one.serves) for id, one in known.actors.items()}
    of: dict[str, list[Claim]] = {}
    for claim in claims:
        of.setdefault(claim.report, []).append(claim)
    return Court(
        known,
        claims,
        who,
        {id: in_full(one.key, whole) for id, one in accused.items() if one.key},
        {claim.id: _content(claim, known) for claim in claims},
        frozenset(claim.within for claim in claims if claim.act in ("deny", "doubt")),
        {id: frozenset((*one.key.split(AND), one.serves)) - {""} for id, one in who.items()},
        of,
    )


def _target(claim: Claim, known: Known) -> Actor:
    """Who is accused, by the name that stands beside it: "the landlord, Ivo Sandt,"."""
    text, target = known.reports[claim.report].text, claim.target[0]
    beside = _BESIDE.match(text, target.span[1]) if target.span[1] else None
    return actor(target.text + (f", {beside[1]}" if beside else ""), "government", text)


def nearest(answer: Claim, court: Court) -> Iterator[Claim]:
    """Other claims: of the report those before, the nearest first, then those after; then other reports."""
    here = court.of[answer.report]
    at = here.index(answer)
    yield from reversed(here[:at])
    yield from here[at + 1 :]
    yield from (claim for claim in court.claims if claim.report != answer.report)


def is_accused(accusation: Claim, answer: Claim, court: Court) -> bool:
    """Is it the accused who answers, or who speaks for them?"""
    return court.targets[accusation.id] in court.parties[answer.id]


def same_party(a: Claim, b: Claim, court: Court) -> bool:
    return not court.parties[a.id].isdisjoint(court.parties[b.id]) or (
        bool(a.speaker and b.speaker) and a.report == b.report and a.speaker[0].span == b.speaker[0].span
    )


def covers(a: Claim, b: Claim, court: Court, least: int, share: float = SHARE) -> bool:
    one, other, shared = court.contents[a.id], court.contents[b.id], shared_words(a, b, court)
    return len(shared) >= least and len(shared) >= share * min(len(one), len(other))


def of_more_than_names(a: Claim, b: Claim, court: Court) -> bool:
    """Two who speak of the same town don't yet speak of the same thing."""
    one, other = ({_root(word) for word in _WORD.findall(content_of(side, court.known))} for side in (a, b))
    return bool(shared_words(a, b, court) & one & other)


def shared_words(a: Claim, b: Claim, court: Court) -> frozenset[str]:
    return court.contents[a.id] & court.contents[b.id]


def _content(claim: Claim, known: Known) -> frozenset[str]:
    """The telling words of a content without their endings; not the name of the one who is accused in it."""
    about = {word.lower() for target in claim.target for word in _WORD.findall(target.text)}
    found = set(_WORD.findall(content_of(claim, known).lower())) - _passed() - about
    return frozenset(map(_root, found))


@cache
def _passed() -> frozenset[str]:
    return table().little | _MEAGRE


@lru_cache(1 << 14)  # most words come again and again
def _root(word: str) -> str:
    return re.sub("y$", "i", _ENDING.sub("", word)) or word


def content_of(claim: Claim, known: Known) -> str:
    return " ".join(words(known.reports[claim.report].text, claim.content).split())


def cue_and_content(claim: Claim, known: Known) -> str:
    """Cue and content as they stand."""
    start, end = cover((*claim.cue, *claim.content))
    return known.reports[claim.report].text[start:end]


def before(claim: Claim, answer: Claim, court: Court) -> bool:
    return claim.report == answer.report and cover(claim.cue) < cover(answer.cue)


def adjoins(claim: Claim, answer: Claim, court: Court) -> bool:
    """Does the answer stand in the sentence behind the claim's?"""
    if not before(claim, answer, court):
        return False
    text = court.known.reports[claim.report].text
    between = text[court.known.place(claim)[1] : court.known.place(answer)[0]]
    return len(re.findall(r"[.!?][”\"]?\s", between)) <= 1 and "\n\n" not in between
