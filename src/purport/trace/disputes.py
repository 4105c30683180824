"""Claims with one proposition between them and opposite stances, the two passages side by side.

    accuse-deny      somebody is accused, and the accused (or who speaks for them) denies that
    claim-refute     one says it, another denies it or says that it is not so
    assert-doubt     one says it, another doubts it
    not seen         there is footage, and somebody says that they have not seen it
    declined         the accused would not comment, or could not be reached
    no reply found   the accused is named, and no answer was found in the reports looked at

When in doubt nothing is paired: a wrong pair puts a denial into somebody's mouth. Two claims belong together by the
words of their contents, or, in one report, since the answer names what it answers ("the accusation", "it") and the
answerer is the one who was accused. Every party is treated alike: names are compared with each other, nothing else.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from purport.core.ids import make_id
from purport.core.origins import Dispute, Side
from purport.core.records import Claim
from purport.core.spans import Span, cover, words
from purport.trace.actors import AND, Actor, actor, fuller, in_full
from purport.trace.known import Known
from purport.trace.released import MENTION
from purport.trace.routes import is_footage
from purport.trace.wording import table

ACCUSED, REFUTED, DOUBTED = "accuse-deny", "claim-refute", "assert-doubt"
NOT_SEEN, DECLINED, NO_REPLY = "not seen", "declined", "no reply found"

VERSION = "1"  # of the rules below
ASSERTS = frozenset(("say", "show", "confirm", "estimate", "claim_responsibility", "warn"))
SHARE = 0.6  # of the words of the shorter content that the other has
ENOUGH = 0.5  # where the answerer is the one accused
LEAST = 2  # such words, where the answerer is not the one accused

_WORD = re.compile(r"[^\W_][\w’'-]*")
_BACK = re.compile(
    r"(?:(?:all|any|both|such|these|those|this|that|the|its|their|his|her)\s+)*(?:\w+\s+)?"
    r"(?:accusations?|allegations?|charges?|claims?|assertions?|suggestions?|reports?|accounts?|it|this|that|them|these)"
    r"\b(?:\s+(?:as|on|made|of|were|was)\b.*)?[\s.,”\"]*",
    re.IGNORECASE | re.DOTALL,
)
_GUILT = re.compile(r"(?:any|all|having any)\s+(?:\w+\s+)?(?:involvement|wrongdoing|role|responsibility|part)\b", re.I)
_UNSEEN = re.compile(
    r"\b(?:ha[sd]|have)\s+(?:not|never)\s+(?:yet\s+)?(?:seen|watched|viewed|received)\b|\bdid not see\b|\bn.t seen\b",
    re.IGNORECASE,
)
_SILENT = re.compile(
    r"\bcomment|\brespond|\breached\b|\banswer|\brepl(?:y|ied)|\brequests?\b|\bquestions?\b|\bstatement\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(r",\s+([A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*),")
_UNREACHED = re.compile(
    r"(?:could|can) ?not (?:immediately )?be (?:reached|contacted)|(?:was|were) not (?:immediately )?available"
    r"|(?:did|has|have|had)(?: not|n.t) (?:immediately )?(?:repl(?:y|ied)|respond(?:ed)?|answer(?:ed)?)",
    re.IGNORECASE,
)
_AWAY = re.compile("reached|contacted|available", re.IGNORECASE)
_ENDING = re.compile(r"(?:ing|ed|en|es|s|e)$")


def disputes(known: Known) -> tuple[Dispute, ...]:
    """The disputes of the reports that are known, in the order of their publication and text."""
    court = _court(known)
    found: dict[str, Dispute] = {}
    answered: set[str] = set()
    for answer in court.claims:
        for kind, first, reason in _answered(answer, court):
            made = _dispute(kind, first, (answer,), reason, court)
            found.setdefault(made.id, made)
            answered.add(first.id)
    for claim in court.claims:
        if claim.id in court.targets and claim.id not in answered and not _spoke(claim, court):
            made = _unanswered(claim, court)
            found.setdefault(made.id, made)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Court:
    """The claims in order, with who makes each and whom it accuses."""

    known: Known
    claims: Sequence[Claim]
    who: dict[str, Actor]
    targets: dict[str, str]  # of accusations: the key of the accused
    contents: dict[str, frozenset[str]]
    passing: frozenset[str]  # claims that pass on a denial or a doubt: "they said they doubted it"


def _court(known: Known) -> _Court:
    claims = sorted(known.claims.values(), key=lambda one: (known.rank(one.report), known.place(one), one.id))
    claims = [claim for claim in claims if not claim.repeated]
    accused = {claim.id: _target(claim, known) for claim in claims if claim.act == "accuse" and claim.target}
    whole = fuller([one.key for one in known.actors.values()] + [one.key for one in accused.values()])
    return _Court(
        known,
        claims,
        {id: Actor(in_full(one.key, whole), one.name, one.serves) for id, one in known.actors.items()},
        {id: in_full(one.key, whole) for id, one in accused.items() if one.key},
        {claim.id: _content(claim, known) for claim in claims},
        frozenset(claim.within for claim in claims if claim.act in ("deny", "doubt")),
    )


def _target(claim: Claim, known: Known) -> Actor:
    """Who is accused, by the name that stands beside it: "the landlord, Ivo Sandt,"."""
    text, target = known.reports[claim.report].text, claim.target[0]
    beside = _BESIDE.match(text, target.span[1]) if target.span[1] else None
    return actor(target.text + (f", {beside[1]}" if beside else ""), "government", text)


def _answered(answer: Claim, court: _Court) -> Iterator[tuple[str, Claim, str]]:
    """What a claim answers, none or one, with what joins them."""
    said = _said(answer, court.known)
    if answer.act == "deny":
        yield from _accusation(answer, said, court) or _assertion(answer, said, REFUTED, court)
    elif answer.act == "doubt" or (answer.act == "think" and answer.polarity == "-"):
        yield from _assertion(answer, said, DOUBTED, court)
    elif (
        answer.act in ("say", "know", "decline")
        and _UNSEEN.search(_whole(answer, court.known))
        and MENTION.search(said)
    ):
        yield from _footage(answer, court)
    elif answer.act == "decline" and _SILENT.search(_whole(answer, court.known)):
        yield from _silence(answer, court)
    elif answer.act == "say" and answer.polarity == "-":
        yield from _assertion(answer, said, REFUTED, court)


def _accusation(answer: Claim, said: str, court: _Court) -> list[tuple[str, Claim, str]]:
    """The accusation that an accused denies: by the same words, in one report also by pointing back."""
    found = []
    for claim in _nearest(answer, court):
        if claim.id not in court.targets or not _is_accused(claim, answer, court):
            continue
        here = claim.report == answer.report
        shared = _shared(claim, answer, court)
        if shared and _covers(claim, answer, court, 1, ENOUGH):
            found.append((2, claim, f"the accused answers, in the same words: {_listed(shared)}"))
        elif here and _before(claim, answer, court) and (_BACK.fullmatch(said) or _GUILT.match(said)):
            found.append((1, claim, f"the accused answers, with “{said}”"))
    best = max((rank for rank, _, _ in found), default=0)
    return [(ACCUSED, claim, reason) for rank, claim, reason in found if rank == best][:1]


def _assertion(answer: Claim, said: str, kind: str, court: _Court) -> list[tuple[str, Claim, str]]:
    """What another said that is denied or doubted here, in the same words or in the sentence before."""
    for claim in _nearest(answer, court):
        asserts = claim.act in ASSERTS or (claim.act == "accuse" and claim.id not in court.targets)
        if not asserts or _same_party(claim, answer, court) or claim.id in court.passing:
            continue
        if claim.polarity == answer.polarity or is_footage(claim, court.known):
            continue
        least = LEAST + (answer.act == "say")
        if _covers(claim, answer, court, least) and _of_more_than_names(claim, answer, court):
            shared = _shared(claim, answer, court)
            kind = ACCUSED if claim.act == "accuse" and answer.act == "deny" else kind
            return [(kind, claim, f"about the same, in the same words: {_listed(shared)}")]
        pointed = answer.act in ("deny", "doubt") and _BACK.fullmatch(said)
        if pointed and _adjoins(claim, answer, court):
            return [(kind, claim, f"in the next sentence, with “{said}”")]
    return []


def _footage(answer: Claim, court: _Court) -> list[tuple[str, Claim, str]]:
    """The footage that somebody says they have not seen: the nearest in the report that shows any."""
    for claim in _nearest(answer, court):
        here = claim.report == answer.report
        if here and claim.act in _SHOWS and is_footage(claim, court.known) and not _same_party(claim, answer, court):
            return [(NOT_SEEN, claim, "the report has one piece of footage before it")]
    return []


def _silence(answer: Claim, court: _Court) -> list[tuple[str, Claim, str]]:
    for claim in _nearest(answer, court):
        if claim.id in court.targets and _before(claim, answer, court) and _is_accused(claim, answer, court):
            return [(DECLINED, claim, "the accused was asked and did not answer")]
    return []


def _spoke(accusation: Claim, court: _Court) -> bool:
    """Does the accused speak in the report, of whatever? Then it is not for us to say that there was no answer."""
    text, key = court.known.reports[accusation.report].text, court.targets[accusation.id]
    for claim in court.claims:
        if claim.report != accusation.report or claim.id == accusation.id or claim.act in ("accuse", "agree", "deny"):
            continue
        said = words(text, claim.source).lower()
        if _is_accused(accusation, claim, court) or (key and re.search(rf"\b{re.escape(key)}\b", said)):
            return True
        if _BACK.match(_said(claim, court.known)) and claim.act != "accuse":
            return True
    return False


def _unanswered(claim: Claim, court: _Court) -> Dispute:
    """An accusation that no claim answers: the report may say itself that the accused could not be reached."""
    text, key = court.known.reports[claim.report].text, court.targets[claim.id]
    first = _side(claim, court)
    for match in _UNREACHED.finditer(text, court.known.place(claim)[1]):
        start, end = sentences(text, match.span())
        said = text[start : match.start()]
        if f" {key}".endswith(f" {actor(said, 'government', text).key or 'nobody'}"):
            who = " ".join(said.split())
            kind = DECLINED if _AWAY.search(match[0]) else NO_REPLY
            words_of = " ".join(text[start:end].split())
            side = Side("", claim.report, who, words_of, ((start, end),), (start, end))
            id = make_id("dispute", VERSION, kind, claim.id, start)
            return Dispute(id, kind, first, (side,), "the report says so itself")
    return _dispute(
        NO_REPLY, claim, (), f"no answer of {claim.target[0].text} was found in the reports looked at", court
    )


def _nearest(answer: Claim, court: _Court) -> Iterator[Claim]:
    """Other claims: of the report those before, the nearest first, then those after; then other reports."""
    rank = {claim.id: number for number, claim in enumerate(court.claims)}
    at = rank[answer.id]

    def key(claim: Claim) -> tuple[bool, bool, int]:
        other, after = claim.report != answer.report, rank[claim.id] > at
        return other, after and not other, rank[claim.id] if after or other else -rank[claim.id]

    yield from (claim for claim in sorted(court.claims, key=key) if claim.id != answer.id)


def _is_accused(accusation: Claim, answer: Claim, court: _Court) -> bool:
    """Is it the accused who answers, or who speaks for them?"""
    who = court.who[answer.id]
    return court.targets[accusation.id] in {*who.key.split(AND), who.serves} - {""}


def _same_party(a: Claim, b: Claim, court: _Court) -> bool:
    one, other = court.who[a.id], court.who[b.id]
    return bool({*one.key.split(AND), one.serves} & {*other.key.split(AND), other.serves} - {""}) or (
        bool(a.speaker and b.speaker) and a.report == b.report and a.speaker[0].span == b.speaker[0].span
    )


def _covers(a: Claim, b: Claim, court: _Court, least: int, share: float = SHARE) -> bool:
    one, other, shared = court.contents[a.id], court.contents[b.id], _shared(a, b, court)
    return len(shared) >= least and len(shared) >= share * min(len(one), len(other))


def _of_more_than_names(a: Claim, b: Claim, court: _Court) -> bool:
    """Two who speak of the same town don't yet speak of the same thing."""
    one, other = ({_root(word) for word in _WORD.findall(_said(side, court.known))} for side in (a, b))
    return bool(_shared(a, b, court) & one & other)


def _shared(a: Claim, b: Claim, court: _Court) -> frozenset[str]:
    return court.contents[a.id] & court.contents[b.id]


def _content(claim: Claim, known: Known) -> frozenset[str]:
    """The telling words of a content without their endings; not the name of the one who is accused in it."""
    about = {word.lower() for target in claim.target for word in _WORD.findall(target.text)}
    passed = table().little | _MEAGRE | about
    found = (word.lower() for word in _WORD.findall(_said(claim, known)))
    return frozenset(_root(word) for word in found if word not in passed)


def _root(word: str) -> str:
    return re.sub("y$", "i", _ENDING.sub("", word)) or word


_SHOWS = frozenset(("show", "think", "say"))
_MEAGRE = frozenset(("not", "no", "never", "any", "having", "also", "would", "could", "may", "might", "said"))


def _said(claim: Claim, known: Known) -> str:
    return " ".join(words(known.reports[claim.report].text, claim.content).split())


def _whole(claim: Claim, known: Known) -> str:
    """Cue and content as they stand."""
    start, end = cover((*claim.cue, *claim.content))
    return known.reports[claim.report].text[start:end]


def _before(claim: Claim, answer: Claim, court: _Court) -> bool:
    return claim.report == answer.report and cover(claim.cue) < cover(answer.cue)


def _adjoins(claim: Claim, answer: Claim, court: _Court) -> bool:
    """Does the answer stand in the sentence behind the claim's?"""
    if not _before(claim, answer, court):
        return False
    text = court.known.reports[claim.report].text
    between = text[court.known.place(claim)[1] : court.known.place(answer)[0]]
    return len(re.findall(r"[.!?][”\"]?\s", between)) <= 1 and "\n\n" not in between


def _dispute(kind: str, first: Claim, answers: Sequence[Claim], reason: str, court: _Court) -> Dispute:
    ids = [one.id for one in answers]
    sides = tuple(_side(one, court) for one in answers)
    return Dispute(make_id("dispute", VERSION, kind, first.id, *ids), kind, _side(first, court), sides, reason)


def _side(claim: Claim, court: _Court) -> Side:
    text, place = court.known.reports[claim.report].text, court.known.place(claim)
    said = " ".join(words(text, tuple(sorted({*claim.source, *claim.cue, *claim.content}))).split())
    who = court.who[claim.id].name or "no source named"
    pieces = tuple(sorted((*claim.source, *claim.cue, *claim.content)))
    return Side(claim.id, claim.report, who, said, pieces, sentences(text, place))


def sentences(text: str, place: Span) -> Span:
    """The sentence or sentences around a place, within its paragraph."""
    start, end = place
    before = [match.end() for match in re.finditer(r"[.!?][”\"’)]?\s+|\n", text[:start])]
    behind = re.search(r"[.!?][”\"’)]?(?=\s|$)|\n", text[max(start, end - 1) :])
    return (before[-1] if before else 0), (max(start, end - 1) + behind.end() if behind else len(text))


def _listed(shared: frozenset[str]) -> str:
    return ", ".join(sorted(shared))
