"""Marks "look again": something that a claim, report or issued brief rests on was edited, gone, denied or found reused.

The machine books a mark; a person clears it with a word why. Both stay.
"""

from datetime import datetime

import msgspec

from purport.core.ids import make_id
from purport.core.origins import Event, LookAgain


class Look(msgspec.Struct, frozen=True):
    """Something is to be looked at again, and why."""

    id: str
    subject: str  # the claim, report or brief
    kind: str  # claim | report | brief
    what: str  # edited | deleted | denied | reused
    origin: str  # the node to which it happened
    reason: str  # in words
    alone: bool  # it has nothing else to rest on
    path: tuple[str, ...]  # names, from it down to the origin
    at: datetime  # when it was noticed


class Cleared(msgspec.Struct, frozen=True):
    """A person looked, and said why the mark may go."""

    id: str
    look: str
    why: str
    who: str
    at: datetime


class Standing(msgspec.Struct, frozen=True):
    """A mark, with what cleared it: none or one."""

    look: Look
    cleared: tuple[Cleared, ...] = ()


def look(event: Event, mark: LookAgain, at: datetime) -> Look:
    """A mark of what rests on something that happened. Noticed again it has the same id, whatever its path is then."""
    id = make_id("look", mark.kind, mark.id, event.what, event.node, event.detail)
    return Look(id, mark.id, mark.kind, event.what, event.node, mark.reason, mark.alone, mark.path, at)


def cleared(one: Look, why: str, who: str, at: datetime) -> Cleared:
    return Cleared(make_id("cleared", one.id, why, who, at.isoformat()), one.id, why, who, at)
