"""Reads `alerts.toml`: the rules by which people are told what was just booked. Errors name the rule and the mend."""

import tomllib
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from purport.core.alerts import FEED, ON, TERMINAL, Rule
from purport.core.errors import UsageError

STANCES = ("plain", "distanced", "endorsed")
LISTS = ("source", "outlet", "act", "stance", "language", "actor", "words")
KEYS = ("name", "to", "on", "allow_private", *LISTS)

EXAMPLE = """\
# Rules by which Purport tells you what it has just booked. One [[alerts]] table a rule.
# Of the entries of a list any may hold; of the lines of a rule all must. What is not written asks nothing.

[[alerts]]
name = "denials at the dam"
on = ["claim", "edit"]        # claim, edit, gone (a page was taken down), gap, look (again); or all
act = "deny"                  # any of the acts in docs/acts.md: say, show, deny, doubt, accuse, threaten …
actor = ["ministry", "army"]  # words in who speaks, or of whom it is said
words = ["dam", "reservoir*"] # whole words in the claim; * stands for any ending; "two words" must follow one another
to = ["terminal", "feed:alerts.xml"]

[[alerts]]
name = "edits of the Harbour Wire"
on = ["edit", "gone"]
outlet = "Harbour Wire"
to = "feed:alerts.xml"

[[alerts]]
name = "videos at a distance"
stance = "distanced"          # plain, distanced ("purportedly"), endorsed ("showed")
act = "show"
language = "en"
to = "https://hooks.example/purport"  # a POST of JSON; the address is kept out of the ledger

[[alerts]]
name = "what was missed of one source"
source = "harbour"            # its name in sources.toml
on = "gap"
to = "http://127.0.0.1:8080/hook"
allow_private = true          # that webhook lies on my own network
"""


def read_rules(text: str, acts: Collection[str] = ()) -> tuple[Rule, ...]:
    """The rules of an `alerts.toml`, in order. `acts`: those there are; empty: any word passes. Raises UsageError."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"The rules are not TOML: {error}. purport alerts --example shows how they are written."
        ) from None
    if unknown := sorted(tables.keys() - {"alerts"}):
        raise UsageError(f"The rules hold {unknown[0]!r}; all there may be are tables named [[alerts]].")
    given = tables.get("alerts", [])
    if not isinstance(given, list) or not given or not all(isinstance(table, dict) for table in given):
        raise UsageError("The rules hold no [[alerts]] table. purport alerts --example shows some.")
    rules = tuple(_rule(table, number, acts) for number, table in enumerate(given, 1))
    names = [rule.name for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"Two rules are named {name!r}; what was told is kept by rule, so give each its own name.")
    return rules


def _rule(table: dict[str, Any], number: int, acts: Collection[str]) -> Rule:
    name = table.get("name", "")
    if not isinstance(name, str) or not name.strip():
        raise UsageError(f'Rule {number} has no name. Write name = "…" below its [[alerts]].')
    if unknown := sorted(table.keys() - set(KEYS)):
        raise _wrong(name, f"{unknown[0]!r} means nothing here; there are {', '.join(KEYS)}")
    lists = {key: _words(table[key], key, name) for key in LISTS if key in table}
    _known(lists.get("act", ()), acts, "act", name)
    _known(lists.get("stance", ()), STANCES, "stance", name)
    on = _words(table.get("on", list(ON)), "on", name)
    _known(on, ON, "on", name)
    private = table.get("allow_private", False)
    if not isinstance(private, bool):
        raise _wrong(name, "allow_private is true or false, without quotation marks")
    to = _words(table.get("to", TERMINAL), "to", name)
    for place in to:
        _place(place, name)
    return Rule(name=name.strip(), to=tuple(dict.fromkeys(to)), on=on, allow_private=private, **lists)


def _wrong(name: str, fault: str) -> UsageError:
    return UsageError(f"Rule {name!r}: {fault}.")


def _words(value: object, key: str, name: str) -> tuple[str, ...]:
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not found or not all(isinstance(one, str) and one.strip(" *") for one in found):
        raise _wrong(name, f'{key} is a text or a list of texts, as in {key} = ["one", "another"], none of them empty')
    return tuple(one.strip() for one in found)


def _known(found: Collection[str], known: Collection[str], key: str, name: str) -> None:
    for one in found:
        if known and one not in known:
            raise _wrong(name, f"{key} {one!r} is none of {', '.join(sorted(known))}")


def _place(place: str, name: str) -> None:
    if place == TERMINAL or (place.startswith(FEED) and place != FEED):
        return
    try:
        parts = urlsplit(place)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        shown = place.partition(":")[0] + (":…" if ":" in place else "")  # what follows may hold a password
        raise _wrong(name, f"to {shown!r} is none of terminal, feed:FILE.xml and an http(s) address")
