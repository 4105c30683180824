"""The readable tables behind act, stance, polarity and certainty, loaded once and compiled into dicts.

`cues.toml` says what cue words mean, `context.toml` lists the words around them that change it,
`negated.toml` what an act becomes when it was not done, `forms.toml` irregular inflections; `parties.toml` and
`ordinary.txt` what the network is not shown. A person who disagrees with a reading edits a table; the version of
the lexicon is a digest of them all.
"""

import hashlib
from functools import cache
from importlib import resources
from threading import Lock

import msgspec

from purport.read.lexicon.forms import forms


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cue patterns that mean the same. The fields are explained at the head of `cues.toml`."""

    act: str
    words: tuple[str, ...]
    stance: str = "plain"
    polarity: str = "+"
    certainty: str = "certain"
    yields: bool = False
    lends: str = ""
    withholds: bool = False


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    act: str
    polarity: str
    certainty: str


class Entry(msgspec.Struct, frozen=True):
    """One pattern of a group: its words in base form and what they mean."""

    pattern: tuple[str, ...]
    name: str  # the pattern as written
    group: Group


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An act read from how the content begins (`starts`) or what is among its first words (`has`)."""

    after: frozenset[str]  # names of the cue patterns it holds for
    act: str
    certainty: str
    starts: str = ""
    has: str = ""


class Implied(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    happened: frozenset[str]
    open: frozenset[str]
    unhappened: frozenset[str]


class Context(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lists of `context.toml`; each is explained there."""

    auxiliaries: frozenset[str]
    adverbs: frozenset[str]
    determiners: frozenset[str]
    negators: frozenset[str]
    nobody: frozenset[str]
    merely: frozenset[str]
    distancing: frozenset[str]
    endorsing: frozenset[str]
    possible: frozenset[str]
    probable: frozenset[str]
    unknown: frozenset[str]
    turning: frozenset[str]
    hedges: frozenset[str]
    conditionals: frozenset[str]
    withheld: frozenset[str]
    boundaries: frozenset[str]
    openers: frozenset[str]
    prepositions: frozenset[str]
    selves: frozenset[str]
    plain: frozenset[str]
    falsity: frozenset[str]
    truth: frozenset[str]
    statements: frozenset[str]
    pointers: frozenset[str]
    deeds: frozenset[str]
    doing: frozenset[str]
    hostile: frozenset[str]
    transitive: frozenset[str]
    futures: frozenset[str]
    reporting: frozenset[str]
    factuality: Implied


class _Cues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cue: tuple[Group, ...]
    frame: tuple[Frame, ...]


class _Forms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    irregular: dict[str, tuple[str, ...]]


class Lexicon(msgspec.Struct, frozen=True):
    """The compiled tables.

    `bases` gives the base forms a written word may have; `singles` the patterns of one word, `pairs` the longer
    ones by their first and second word; `leaders` the words that colour or undo a cue they stand before;
    `pasts` irregular verb forms, by which a clause is known to have had its verb; `reporting` the written
    forms of the words of that name in `context.toml`.
    """

    version: str
    bases: dict[str, tuple[str, ...]]
    singles: dict[str, Entry]
    pairs: dict[str, dict[str, tuple[Entry, ...]]]
    leaders: frozenset[str]
    frames: tuple[Frame, ...]
    negated: dict[str, Outcome]
    context: Context
    pasts: frozenset[str]
    reporting: frozenset[str]
    factuality: dict[str, float]
    groups: tuple[Group, ...]


_LOADING = Lock()  # msgspec 0.22 crashes the process where two threads are the first to decode into one kind of record


@cache
def lexicon() -> Lexicon:
    """The tables shipped with the package; loading takes some 20 ms, once a process."""
    with _LOADING:
        return _load()


def _load() -> Lexicon:
    folder = resources.files(__name__)
    raw = {table.name: table.read_bytes() for table in folder.iterdir() if table.name.endswith((".toml", ".txt"))}
    cues = msgspec.toml.decode(raw["cues.toml"], type=_Cues)
    context = msgspec.toml.decode(raw["context.toml"], type=Context)
    irregular = msgspec.toml.decode(raw["forms.toml"], type=_Forms).irregular
    negated = msgspec.toml.decode(raw["negated.toml"], type=dict[str, Outcome])

    singles: dict[str, Entry] = {}
    pairs: dict[str, dict[str, tuple[Entry, ...]]] = {}
    leaders: set[str] = set()
    vocabulary: set[str] = set(irregular)
    for group in cues.cue:
        for words in group.words:
            pattern = tuple(words.split())
            entry = Entry(pattern, words, group)
            vocabulary.update(pattern)
            if len(pattern) == 1:
                if words not in singles or singles[words].group.yields:
                    singles[words] = entry
            else:
                longer = pairs.setdefault(pattern[0], {})
                longer[pattern[1]] = (*longer.get(pattern[1], ()), entry)
            if group.withholds or group.lends:
                leaders.update(word for word in pattern[:2] if word not in ("be", "to"))
    for field in ("possible", "probable", "unknown", "withheld", "plain", "falsity", "statements", "deeds", "doing"):
        vocabulary |= getattr(context, field)
    vocabulary |= context.hostile | context.reporting
    vocabulary |= context.factuality.happened | context.factuality.open | context.factuality.unhappened

    bases: dict[str, list[str]] = {}
    for word in sorted(vocabulary):
        for form in forms(word, irregular.get(word, ())):
            bases.setdefault(form, []).append(word)
    return Lexicon(
        version=_version(raw),
        # a pattern written just so ("convinced") goes before one it is a form of ("convince")
        bases={form: tuple(sorted(words, key=lambda word: word != form)) for form, words in bases.items()},
        singles=singles,
        pairs=pairs,
        leaders=frozenset(leaders),
        frames=cues.frame,
        negated=negated,
        context=context,
        pasts=frozenset(form for words in irregular.values() for form in words),
        reporting=frozenset(form for word in context.reporting for form in forms(word, irregular.get(word, ()))),
        factuality=msgspec.toml.decode(raw["factuality.toml"], type=dict[str, float]),
        groups=cues.cue,
    )


def _version(raw: dict[str, bytes]) -> str:
    """12 digits of the digest of all tables of the folder, so that an edit of any is a new version."""
    whole = hashlib.sha256()
    for name in sorted(raw):
        whole.update(name.encode() + b"\0" + raw[name] + b"\0")
    return whole.hexdigest()[:12]
