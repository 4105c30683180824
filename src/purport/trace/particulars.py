"""What two claims must not differ in to be one: numbers, days, names, who did what to whom, whether it is so, and when.

Each check knows only the words; names are compared with each other and with nothing else, so that swapping two parties
changes nothing. A check that can't tell says nothing, but where it finds a difference the claims stay apart: a wrong
merge puts words into somebody's mouth.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache
from importlib import resources

from purport.core.records import Claim
from purport.core.times import Moment
from purport.trace.likeness import stem
from purport.trace.nameless import CALENDAR, nameless, names
from purport.trace.wording import is_number, keys_of, table

_DAYS = CALENDAR | {"today", "yesterday", "tonight", "tomorrow"}
_ALIKE = 4  # letters that two forms of a word have in common
_ONE_DAY = timedelta(days=1)
_MORE = re.compile(r"\b(?:more|greater|higher|longer) than\b", re.IGNORECASE)
_LESS = re.compile(r"\b(?:fewer|less|lower|shorter) than\b|\bup to\b|\bat most\b", re.IGNORECASE)
_TO = re.compile(r"\s*to\s+[a-z]")


@dataclass(frozen=True, slots=True)
class Table:
    """`same_claim.toml`, ready to use."""

    negations: frozenset[str]
    ahead: frozenset[str]
    maybe: frozenset[str]
    happened: frozenset[str]
    over: frozenset[str]
    under: frozenset[str]
    own: frozenset[str]
    acts_of_oneself: frozenset[str]
    opposites: tuple[tuple[str, str], ...]


@cache
def words_apart() -> Table:
    read = tomllib.loads((resources.files("purport.trace") / "same_claim.toml").read_text("utf-8"))
    lists = {name: frozenset(read[name]) for name in Table.__annotations__ if name != "opposites"}
    return Table(**lists, opposites=tuple((a, b) for a, b in read["opposites"]))


@dataclass(frozen=True, slots=True)
class Particulars:
    """A claim as it is compared."""

    claim: Claim
    words: str  # its content
    who: str  # the key of who says it; empty: not known
    tokens: tuple[str, ...]
    numbers: frozenset[str]
    bounds: frozenset[str]
    names: tuple[str, ...]  # in order, each once
    plain: str  # the content with one and the same word for every name: what it means beside who it is about
    days: frozenset[str]
    times: tuple[Moment, ...]  # that the content speaks of, none or one
    out: tuple[Moment, ...]  # when its report came out
    negated: bool
    ahead: str  # will | maybe | happened | empty: it does not tell
    own: bool  # it speaks of the one who says it


def particulars(
    claim: Claim, words: str, who: str, times: tuple[Moment, ...] = (), out: tuple[Moment, ...] = ()
) -> Particulars:
    known = words_apart()
    found = [key for key in keys_of(words) if key[0].isalnum()]
    named = list(names(words))
    small = tuple(key.removesuffix("'s") for key in found)  # "twelve" is 12
    each = frozenset(small)
    numbers = frozenset(filter(is_number, found))
    over, under = _compared(words)
    bounds = {"over"} if over or (numbers and known.over & each) else set()
    bounds |= {"under"} if under or (numbers and known.under & each) else set()
    return Particulars(
        claim=claim,
        words=words,
        who=who,
        tokens=small,
        numbers=numbers,
        bounds=frozenset(bounds),
        names=tuple(dict.fromkeys(name for name, _ in named)),
        plain=nameless(words, [span for _, span in named]),
        days=each & _DAYS,
        times=times,
        out=out,
        negated=bool(each & known.negations) or any(token.endswith("n't") for token in each),
        ahead=_ahead(words, each, known),
        own=claim.act in known.acts_of_oneself or bool(small and small[0] in known.own),
    )


def _compared(words: str) -> tuple[bool, bool]:
    """Is something more, is something less than what stands there?"""
    low = words.lower()
    if not (" than" in low or "up to" in low or "at most" in low):  # as in most
        return False, False
    return bool(_MORE.search(words)), bool(_LESS.search(words))


def _ahead(words: str, each: frozenset[str], known: Table) -> str:
    if known.maybe & each:
        return "maybe"
    if known.ahead & each or _TO.match(words):
        return "will"
    if known.happened & each or any(token.endswith("ed") and len(token) > 4 for token in each):
        return "happened"
    return ""


def one_word_differs(a: Particulars, b: Particulars) -> bool:
    """The same words in the same order but for one: "policemen looted shops", "teenagers looted shops".

    It may be another word for the same; that can't be told, and mostly it is the point.
    """
    little = table().determiners
    mine, theirs = ([token for token in one.tokens if token not in little] for one in (a, b))
    if len(mine) != len(theirs):
        return False
    other = [(one, two) for one, two in zip(mine, theirs, strict=True) if stem(one) != stem(two)]
    return len(other) == 1 and not {*other[0]} & table().little and other[0][0][:_ALIKE] != other[0][1][:_ALIKE]


Check = Callable[[Particulars, Particulars], bool]


def numbers_differ(a: Particulars, b: Particulars) -> bool:
    """Twelve and twenty-one; more than thirty and fewer. One may leave a number out that the other gives."""
    return not (a.numbers <= b.numbers or b.numbers <= a.numbers) or bool(a.numbers and a.bounds != b.bounds)


def days_differ(a: Particulars, b: Particulars) -> bool:
    """Another day, by the calendar where it can be told, else by its name."""
    if a.days == b.days and any(abs(x.start - y.start) < _ONE_DAY for x in a.out for y in b.out):
        return False  # "on Sunday" in two reports of one day
    if a.times and b.times:
        mine, theirs = a.times[0], b.times[0]
        return mine.end <= theirs.start or theirs.end <= mine.start
    return bool(a.days and b.days) and not (a.days <= b.days or b.days <= a.days)


def names_differ(a: Particulars, b: Particulars) -> bool:
    """Each names somebody, or some place, that the other does not; who speaks may be named or not."""
    mine, theirs = (set(one.names) - set(other.names) - set(other.who.split()) for one, other in ((a, b), (b, a)))
    return bool(mine and theirs)


def roles_differ(a: Particulars, b: Particulars) -> bool:
    """Who did it to whom: the names that both have stand in another order, and not because one is in the passive."""
    shared = set(a.names) & set(b.names)
    orders = [tuple(name for name in one.names if name in shared) for one in (a, b)]
    return orders[0] != orders[1] and ("by" in a.tokens) == ("by" in b.tokens)


def speakers_differ(a: Particulars, b: Particulars) -> bool:
    """What one says of oneself is another claim when another says it."""
    return (a.own or b.own) and bool(a.who and b.who) and a.who != b.who


def denial_differs(a: Particulars, b: Particulars) -> bool:
    """Said and denied; so and not so: that is a dispute, or two things."""

    def side(one: Particulars) -> tuple[bool, bool]:
        return one.claim.act in ("deny", "doubt"), one.negated

    return side(a) != side(b) or (not a.negated and a.claim.polarity != b.claim.polarity)


def opposites_meet(a: Particulars, b: Particulars) -> bool:
    """One opened what the other closed."""
    mine, theirs = _stems(a.tokens), _stems(b.tokens)
    mine, theirs = mine - theirs, theirs - mine
    if not (mine and theirs):
        return False

    def has(stems: frozenset[str], beginning: str) -> bool:
        beginning = beginning.removesuffix("e")
        long = len(beginning) > len("low")
        return any(one.removesuffix("e") == beginning or (long and one.startswith(beginning)) for one in stems)

    return any(
        (has(mine, one) and has(theirs, other)) or (has(mine, other) and has(theirs, one))
        for one, other in words_apart().opposites
    )


def times_differ(a: Particulars, b: Particulars) -> bool:
    """It happened, it will, it may."""
    told = {a.ahead, b.ahead} - {""}
    return len(told) > 1 and not (told == {"will", "maybe"} and _foretells(a, b))


def _foretells(a: Particulars, b: Particulars) -> bool:
    return a.claim.act == b.claim.act and a.claim.act in ("warn", "threaten")


CHECKS: Mapping[str, Check] = {
    "numbers": numbers_differ,
    "days": days_differ,
    "names": names_differ,
    "roles": roles_differ,
    "speakers": speakers_differ,
    "denial": denial_differs,
    "opposites": opposites_meet,
    "one word": one_word_differs,
    "times": times_differ,
}


def apart(a: Particulars, b: Particulars) -> str:
    """What keeps two claims apart, by the name of the first check that finds something; empty: nothing does."""
    return next((name for name, differ in CHECKS.items() if differ(a, b)), "")


def telling(one: Particulars) -> tuple[str, ...]:
    """The stems that say what a claim is about, each once."""
    return _telling(one.tokens)


_AT_HAND = 1 << 12  # contents of the stories at hand: each is compared with many


@lru_cache(_AT_HAND)
def _telling(tokens: tuple[str, ...]) -> tuple[str, ...]:
    little = _little()
    return tuple(dict.fromkeys(stem(token) for token in tokens if token not in little and not token[0].isdigit()))


@lru_cache(_AT_HAND)
def _stems(tokens: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(stem, tokens))


@cache
def _little() -> frozenset[str]:
    return table().little | words_apart().ahead | words_apart().maybe
