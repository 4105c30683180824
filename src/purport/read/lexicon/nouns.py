"""The tables that say what a source is by its nouns: kinds, honorifics, families, metonyms, states.

`kinds.toml`, `names.toml`, `metonyms.toml` and `states.toml` hold them for people to read and extend; this
module turns them into dicts once a process.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from purport.core.errors import UsageError
from purport.read.lexicon.closed import closed

TABLES = ("kinds.toml", "names.toml", "metonyms.toml", "states.toml")
VERSIONED = (*TABLES, "closed.toml", "targets.toml")  # a reading of who and of whom depends on all of these
KINDS = (
    "person", "office", "government", "armed_group", "organisation", "outlet", "document", "video", "unnamed",
    "collective", "unknown",
)  # fmt: skip
_STATE_HEADS = closed()["state_heads"]


class Noun(msgspec.Struct, frozen=True):
    """One form of a noun of kinds.toml."""

    word: str  # the singular
    kind: str  # of the source when this form is its head
    table: str  # the table it stands in: what one of them is
    plural: bool
    gender: str = ""  # he | she, where the word says it


class Metonym(msgspec.Struct, frozen=True):
    """What a place's or house's name stands for; `of` and `heads` are how a fuller mention may read."""

    name: str
    stands_for: str
    of: frozenset[str]
    heads: frozenset[str]
    kind: str
    entry: str  # table and name, for the reason given


class Nouns(msgspec.Struct, frozen=True):
    """The compiled tables. Keys are lower-case; metonyms and states without their article."""

    version: str
    heads: dict[str, Noun]
    tails: tuple[str, ...]  # ends of words that are persons
    titles: frozenset[str]  # heads only when capitalised
    many: frozenset[str]  # "many", "two": people by themselves
    they: frozenset[str]  # singular forms that are spoken of as "they" too
    anonymous: tuple[str, ...]
    beside: frozenset[str]
    beside_heads: frozenset[str]
    honorifics: dict[str, str]
    abbreviations: dict[str, str]
    particles: frozenset[str]
    family: dict[str, str]  # word -> the first word of its family
    broad: dict[str, frozenset[str]]
    states: dict[str, str]  # the name of a state -> its first name as written
    peoples: frozenset[str]
    metonyms: dict[str, Metonym]


def with_compounds(table: Nouns, lows: Iterable[str]) -> Nouns:
    """The tables with the nouns of a text added that only their ends tell: "shipowner"."""
    added = {
        low: Noun(low.removesuffix("s"), "collective" if low[-1] == "s" else "person", "person", low[-1] == "s")
        for low in set(lows)
        if len(low) > 6 and low.endswith(table.tails) and low not in table.heads and low.isalpha()
    }
    return msgspec.structs.replace(table, heads={**table.heads, **added}) if added else table


def plurals(word: str) -> list[str]:
    """The regular plural of a noun: studies, boxes, members."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return [word[:-1] + "ies"]
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return [word + "es"]
    return [word + "s"]


def bare(name: str) -> str:
    """The key of a name: lower-case, straight apostrophes, no article."""
    key = " ".join(name.lower().replace("’", "'").split())
    return key.removeprefix("the ")


def read_metonyms(rows: Iterable[Mapping[str, Any]], table: str) -> dict[str, Metonym]:
    """Metonyms from `[[metonyms]]` rows. Raises UsageError naming the row that can't be read."""
    found = {}
    for row in rows:
        try:
            names, stands_for = list(row["names"]), str(row["stands_for"])
        except (KeyError, TypeError) as error:
            raise UsageError(f"{table}: each [[metonyms]] needs names and stands_for: {dict(row)!r}") from error
        for name in names:
            found[bare(name)] = Metonym(
                name=name,
                stands_for=stands_for,
                of=frozenset(str(word).lower() for word in row.get("of", ())),
                heads=frozenset(row.get("heads", _STATE_HEADS)),
                kind=str(row.get("kind", "government")),
                entry=f"{table}: {name}",
            )
    return found


@cache
def nouns() -> Nouns:
    """The tables shipped with the package."""
    raw = {name: (resources.files(__package__) / name).read_bytes() for name in VERSIONED}
    kinds, names, houses, states = (tomllib.loads(raw[name].decode()) for name in TABLES)
    gender = {word: said for said, words in names["gender"].items() for word in words.split()}
    singular = frozenset(kinds["number"]["singular"].split())

    irregular = kinds["plurals"]
    with_irregular = set(irregular.values())
    heads: dict[str, Noun] = {}
    for table in KINDS[:-1]:
        several = kinds[table]["plural"]
        for word in (kinds[table]["heads"] + " " + kinds[table].get("names", "")).split():
            heads[word] = Noun(word, table, table, False, gender.get(word, ""))
            forms = [] if word in singular or word in with_irregular else plurals(word)
            for form in forms:
                heads.setdefault(form, Noun(word, several, table, True, gender.get(word, "")))
    for form, word in irregular.items():
        one = heads[word]
        several = kinds[one.table]["plural"]
        heads[form] = Noun(word, several, one.table, True, one.gender)
    for word in kinds["number"]["plural"].split():
        if word in heads and heads[word].table == "collective":
            heads[word] = msgspec.structs.replace(heads[word], plural=True)

    rows = states["states"]
    seats = {
        bare(seat): Metonym(
            name=seat,
            stands_for=f"the government of {row['names'][0]}",
            of=frozenset(word.lower() for word in (*row["names"], *row["people"])),
            heads=_STATE_HEADS,
            kind="government",
            entry=f"states.toml: {seat}",
        )
        for row in rows
        for seat in row["seats"]
    }
    return Nouns(
        version=hashlib.sha256(b"\0".join(raw[name] for name in VERSIONED)).hexdigest()[:16],
        heads=heads,
        tails=tuple(form for tail in kinds["person"]["tails"].split() for form in (tail, tail + "s")),
        titles=frozenset(form for word in kinds["outlet"]["names"].split() for form in (word, *plurals(word))),
        many=frozenset(kinds["collective"]["words"].split()),
        they=frozenset(kinds["number"]["plural"].split()),
        anonymous=tuple(kinds["unnamed"]["words"]),
        beside=frozenset(kinds["armed_group"]["beside"].split()),
        beside_heads=frozenset(kinds["armed_group"]["beside_heads"].split()),
        honorifics=names["honorifics"],
        abbreviations=names["abbreviations"],
        particles=frozenset(names["particles"]["words"].split()),
        family={word: line.split()[0] for line in names["families"]["lines"] for word in line.split()},
        broad={word: frozenset(fits) for word, fits in names["broad"].items()},
        states={name.lower(): row["names"][0] for row in rows for name in row["names"]},
        peoples=frozenset(word.lower() for row in rows for word in row["people"]),
        metonyms=seats | read_metonyms(houses["metonyms"], "metonyms.toml"),
    )
