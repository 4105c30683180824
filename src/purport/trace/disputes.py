"""Claims with one proposition between them and opposite stances, the two passages side by side.

    accuse-deny      somebody is accused, and the accused (or who speaks for them) denies that
    claim-refute     one says it, another denies it or says that it is not so
    assert-doubt     one says it, another doubts it
    not seen         there is footage, and somebody says that they have not seen it
    declined         the accused would not comment, or could not be reached
    no reply found   the accused is named, and no answer was found in the reports looked at, or they were not asked

When in doubt nothing is paired: a wrong pair puts a denial into somebody's mouth. Two claims belong together by the
words of their contents, or, in one report, since the answer names what it answers ("the accusation", "it") and the
answerer is the one who was accused. Every party is treated alike: names are compared with each other, nothing else.
"""

import re
from collections.abc import Iterator, Sequence

from purport.core.ids import make_id
from purport.core.origins import Dispute, Side
from purport.core.records import Claim
from purport.core.spans import Span, words
from purport.trace.actors import actor
from purport.trace.court import (
    Court,
    adjoins,
    before,
    content_of,
    covers,
    cue_and_content,
    hear,
    is_accused,
    nearest,
    of_more_than_names,
    same_party,
    shared_words,
)
from purport.trace.known import Known
from purport.trace.released import MENTION
from purport.trace.routes import is_footage

ACCUSED, REFUTED, DOUBTED = "accuse-deny", "claim-refute", "assert-doubt"
NOT_SEEN, DECLINED, NO_REPLY = "not seen", "declined", "no reply found"

VERSION = "1"  # of the rules below
ASSERTS = frozenset(("say", "show", "confirm", "estimate", "claim_responsibility", "warn"))
ENOUGH = 0.5  # where the answerer is the one accused
LEAST = 2  # such words, where the answerer is not the one accused

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
_UNREACHED = re.compile(
    r"(?:could|can) ?not (?:immediately )?be (?:reached|contacted)|(?:was|were) not (?:immediately )?available"
    r"|(?:did|has|have|had)(?: not|n.t) (?:immediately )?(?:repl(?:y|ied)|respond(?:ed)?|answer(?:ed)?)"
    r"|(?:was|were|had)(?: not|n.t) (?:been )?(?:asked|approached)\b",
    re.IGNORECASE,
)
_AWAY = re.compile("reached|contacted|available", re.IGNORECASE)


def disputes(known: Known) -> tuple[Dispute, ...]:
    """The disputes of the reports that are known, in the order of their publication and text."""
    court = hear(known)
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


def _answered(answer: Claim, court: Court) -> Iterator[tuple[str, Claim, str]]:
    """What a claim answers, none or one, with what joins them."""
    said = content_of(answer, court.known)
    if answer.act == "deny":
        yield from _accusation(answer, said, court) or _assertion(answer, said, REFUTED, court)
    elif answer.act == "doubt" or (answer.act == "think" and answer.polarity == "-"):
        yield from _assertion(answer, said, DOUBTED, court)
    elif (
        answer.act in ("say", "know", "decline")
        and _UNSEEN.search(cue_and_content(answer, court.known))
        and MENTION.search(said)
    ):
        yield from _footage(answer, court)
    elif answer.act == "decline" and _SILENT.search(cue_and_content(answer, court.known)):
        yield from _silence(answer, court)
    elif answer.act == "say" and answer.polarity == "-":
        yield from _assertion(answer, said, REFUTED, court)


def _accusation(answer: Claim, said: str, court: Court) -> list[tuple[str, Claim, str]]:
    """The accusation that an accused denies: by the same words, in one report also by pointing back."""
    found = []
    for claim in nearest(answer, court):
        if claim.id not in court.targets or not is_accused(claim, answer, court):
            continue
        here = claim.report == answer.report
        shared = shared_words(claim, answer, court)
        if shared and covers(claim, answer, court, 1, ENOUGH):
            found.append((2, claim, f"the accused answers, in the same words: {_listed(shared)}"))
        elif here and before(claim, answer, court) and (_BACK.fullmatch(said) or _GUILT.match(said)):
            found.append((1, claim, f"the accused answers, with “{said}”"))
    best = max((rank for rank, _, _ in found), default=0)
    return [(ACCUSED, claim, reason) for rank, claim, reason in found if rank == best][:1]


def _assertion(answer: Claim, said: str, kind: str, court: Court) -> list[tuple[str, Claim, str]]:
    """What another said that is denied or doubted here, in the same words or in the sentence before."""
    for claim in nearest(answer, court):
        asserts = claim.act in ASSERTS or (claim.act == "accuse" and claim.id not in court.targets)
        if not asserts or same_party(claim, answer, court) or claim.id in court.passing:
            continue
        if claim.polarity == answer.polarity or is_footage(claim, court.known):
            continue
        least = LEAST + (answer.act == "say")
        if covers(claim, answer, court, least) and of_more_than_names(claim, answer, court):
            shared = shared_words(claim, answer, court)
            kind = ACCUSED if claim.act == "accuse" and answer.act == "deny" else kind
            return [(kind, claim, f"about the same, in the same words: {_listed(shared)}")]
        pointed = answer.act in ("deny", "doubt") and _BACK.fullmatch(said)
        if pointed and adjoins(claim, answer, court):
            return [(kind, claim, f"in the next sentence, with “{said}”")]
    return []


def _footage(answer: Claim, court: Court) -> list[tuple[str, Claim, str]]:
    """The footage that somebody says they have not seen: the nearest in the report that shows any."""
    for claim in nearest(answer, court):
        here = claim.report == answer.report
        if here and claim.act in _SHOWS and is_footage(claim, court.known) and not same_party(claim, answer, court):
            return [(NOT_SEEN, claim, "the report has one piece of footage before it")]
    return []


def _silence(answer: Claim, court: Court) -> list[tuple[str, Claim, str]]:
    for claim in nearest(answer, court):
        if claim.id in court.targets and before(claim, answer, court) and is_accused(claim, answer, court):
            return [(DECLINED, claim, "the accused was asked and did not answer")]
    return []


def _spoke(accusation: Claim, court: Court) -> bool:
    """Does the accused speak in the report, of whatever? Then it is not for us to say that there was no answer."""
    text, key = court.known.reports[accusation.report].text, court.targets[accusation.id]
    for claim in court.claims:
        if claim.report != accusation.report or claim.id == accusation.id or claim.act in ("accuse", "agree", "deny"):
            continue
        said = words(text, claim.source).lower()
        if is_accused(accusation, claim, court) or (key and re.search(rf"\b{re.escape(key)}\b", said)):
            return True
        if _BACK.match(content_of(claim, court.known)) and claim.act != "accuse":
            return True
    return False


def _unanswered(claim: Claim, court: Court) -> Dispute:
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


_SHOWS = frozenset(("show", "think", "say"))


def _dispute(kind: str, first: Claim, answers: Sequence[Claim], reason: str, court: Court) -> Dispute:
    ids = [one.id for one in answers]
    sides = tuple(_side(one, court) for one in answers)
    return Dispute(make_id("dispute", VERSION, kind, first.id, *ids), kind, _side(first, court), sides, reason)


def _side(claim: Claim, court: Court) -> Side:
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
