"""Actors as they are quoted: what public offices, groups, organisations, governments and outlets claim, and what is
claimed about them.

There is no page of a private person, and none of a person by name: somebody who speaks in an office is found under
the office. What is shown is a search, made when it is asked for; nobody is listed, followed or kept.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from purport.app import tracing
from purport.app.house import House
from purport.app.tracing import Corpus
from purport.core.errors import NotFoundError
from purport.core.origins import Dispute
from purport.core.records import Claim, Query, Report
from purport.trace.actors import AND, BODIES, Actor, actor, key_of
from purport.trace.disputes import disputes

LOOKED = 40  # reports that hold the name, those that match best
LONGEST = 120  # characters of a name

_THE = re.compile(r"^(?:the|its)\s+", re.IGNORECASE)
_OF = re.compile(r"\s+(?:of|for|in|at)\s+")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A public actor as reports quote it."""

    name: str
    kinds: tuple[str, ...]
    by: tuple[tuple[Claim, Report], ...]
    about: tuple[tuple[Claim, Report], ...]
    disputes: tuple[Dispute, ...]
    reports: int  # that were looked at
    more: bool  # are there more that hold the name?


def quoted(house: House, name: str, page: Callable[[Report], str]) -> Quoted:
    """A public actor by a name that sources have. Raises NotFoundError, also for a name that is a person's."""
    key = key_of(" ".join(name.split())[:LONGEST])
    found = list(house.view.reports(Query(words=f'"{key}"', limit=LOOKED + 1))) if key else []
    if not found:
        raise _none(name)
    corpus = tracing.corpus(house.view, page, wanted=[report.id for report in found[:LOOKED]])
    known = corpus.known
    by = [claim for claim in known.claims.values() if speaks(claim, known.actors[claim.id], key)]
    if not offices(by, known.actors, key):
        raise _none(name)
    ids = {claim.id for claim in by}
    about = [claim for claim in known.claims.values() if claim.id not in ids and _about(claim, corpus, key)]
    either = ids | {claim.id for claim in about}
    names = [known.actors[claim.id].name for claim in by if known.actors[claim.id].key == key] or [name]
    return Quoted(
        name=max(names, key=names.count),
        kinds=tuple(dict.fromkeys(claim.source_kind for claim in by if claim.source_kind in BODIES)),
        by=tuple((claim, known.reports[claim.report]) for claim in by),
        about=tuple((claim, known.reports[claim.report]) for claim in about),
        disputes=tuple(
            one for one in disputes(known) if any(side.claim in either for side in (one.first, *one.answers))
        ),
        reports=min(len(found), LOOKED),
        more=len(found) > LOOKED,
    )


def _none(name: str) -> NotFoundError:
    return NotFoundError(
        f"There is no page of {' '.join(name.split())[:LONGEST]!r}. Only public offices, governments, groups, "
        "organisations and outlets that reports quote have one; private persons have none."
    )


def speaks(claim: Claim, who: Actor, key: str) -> bool:
    """Is a claim this actor's, or one of somebody who speaks for it?"""
    return key in (who.key, who.serves) and not claim.repeated


def offices(by: Sequence[Claim], actors: Mapping[str, Actor], key: str) -> bool:
    """Is whoever makes these claims a body or an office, and nowhere a person? Who speaks for one is found under it."""
    own = [one for one in by if actors[one.id].key == key]
    return (
        bool(by)
        and not any(is_person(one, actors[one.id]) for one in own)
        and any(one.source_kind in BODIES or actors[one.id].serves == key for one in by)
    )


def is_person(claim: Claim, who: Actor) -> bool:
    """Is the source a person, or an office that goes by a person's name: "the mayor", but not "Mayor Dorin Vask"?

    An office is told from a name by its small letters; where that can't be told it is taken for a name.
    """
    head = _OF.split(_THE.sub("", who.name), maxsplit=1)[0]
    return claim.source_kind == "person" or (claim.source_kind == "office" and head != head.lower())


def page_of(claim: Claim, who: Actor) -> str:
    """By which name the source of a claim has a page: its own if it is a body or an office, or that of the body which
    a person speaks for; empty for everybody else.
    """
    if who.serves:
        return who.serves
    public = claim.source_kind in BODIES and AND not in who.key and not is_person(claim, who)
    return who.key if public else ""


def _about(claim: Claim, corpus: Corpus, key: str) -> bool:
    """Is the target of a claim named so?"""
    report = corpus.known.reports[claim.report]
    return not claim.repeated and any(_meant(one.text, report) == key for one in claim.target)


def _meant(said: str, report: Report) -> str:
    return next((found for kind in BODIES if (found := actor(said, kind, report.text).key)), "")
