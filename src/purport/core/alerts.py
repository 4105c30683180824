"""Alerts: rules of what somebody wants to hear of, what happened, and what a rule found among it. Words only, no media.

A rule names words; it holds for whoever is written of alike.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

import msgspec

from purport.core.ids import make_id

CLAIM, EDIT, GONE, GAP, LOOK = "claim", "edit", "gone", "gap", "look"
ON = (CLAIM, EDIT, GONE, GAP, LOOK)
TERMINAL, FEED = "terminal", "feed:"

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"  # scripts without spaces between words


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One table of `alerts.toml`. Of a field any entry may hold, of the fields all must; an empty one asks nothing."""

    name: str
    to: tuple[str, ...]  # terminal | feed:FILE | http(s)://…
    on: tuple[str, ...] = ON
    source: tuple[str, ...] = ()  # names in sources.toml
    outlet: tuple[str, ...] = ()
    act: tuple[str, ...] = ()
    stance: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()  # words in who speaks, or of whom it is said
    words: tuple[str, ...] = ()
    allow_private: bool = False  # may its webhook lie on one's own network?


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was just booked, as far as rules and people ask about it."""

    id: str  # of the claim, the edit, the gap, the visit that found a page gone
    on: str  # claim | edit | gone | gap | look
    said: str  # one line
    at: datetime
    source: str = ""  # the watched source's name
    outlet: str = ""
    url: str = ""
    title: str = ""
    language: str = ""
    acts: tuple[str, ...] = ()  # of an edit those before and after
    stances: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    words: str = ""  # to look for words in
    evidence: tuple[str, ...] = ()  # ids that `purport show` opens


class Alert(msgspec.Struct, frozen=True):
    """A rule and what it found; found again it has the same id."""

    id: str
    rule: str
    event: Event


def matched(rules: Iterable[Rule], events: Iterable[Event]) -> Iterator[Alert]:
    """What the rules find, event by event, in the order of the rules."""
    given = tuple(rules)
    for event in events:
        for rule in given:
            if holds(rule, event):
                yield Alert(make_id("alert", rule.name, event.id), rule.name, event)


def holds(rule: Rule, event: Event) -> bool:
    named = (
        (rule.source, (event.source,)),
        (rule.outlet, (event.outlet,)),
        (rule.act, event.acts),
        (rule.stance, event.stances),
        (rule.language, (event.language,)),
    )
    return (
        event.on in rule.on
        and all(not wanted or _among(wanted, found) for wanted, found in named)
        and (not rule.actor or any(_found(rule.actor, actor) for actor in event.actors))
        and (not rule.words or _found(rule.words, event.words))
    )


def _among(wanted: Sequence[str], found: Sequence[str]) -> bool:
    return not {one.casefold() for one in wanted}.isdisjoint(one.casefold() for one in found)


def _found(wanted: Sequence[str], text: str) -> bool:
    flat = folded(text)
    return any(pattern(one).search(flat) for one in wanted)


def folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().replace("’", "'")


@lru_cache(maxsize=1_000)
def pattern(phrase: str) -> re.Pattern[str]:
    """What finds a phrase in a folded text: whole words, one after the other; `*` stands for any ending."""
    given = (word for word in folded(phrase).split() if word.strip("*"))
    words = (re.escape(word.rstrip("*")) + r"\w*" * word.endswith("*") for word in given)
    found = r"\W+".join(words)
    before = rf"(?<![^\W{_UNSPACED}])" if found else ""
    return re.compile(f"{before}{found}(?![^\\W{_UNSPACED}])" if found else r"(?!)")
