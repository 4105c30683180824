"""Where a text names the sides of its story: the network sees one sign in place of each.

A network that sees names learns what the news it was trained on did with them, and reads a denial by one party a
little otherwise than the same denial by another. So it is shown none: a run of capitalised words is one token for
it, whoever is meant, and so is each noun of `lexicon/parties.toml` ("rebels", "army", "ministry"). Two texts
that differ in these only are the same to it, and get the same claims and the same confidence.

A capital tells a name except at the beginning of a sentence, where a word counts as one unless `lexicon/ordinary.txt`
knows it in lower case, and in a headline whose words all have capitals.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

from purport.core.spans import Span
from purport.read.lexicon.closed import closed, words_of

_UPPER = r"[^\W\d_a-zß-öø-ÿ]"  # a capital, or a letter without case: `_words` looks again
_WORD = re.compile(
    rf"(?<![^\W_])(?:(?:[^\W\d_]\.){{2,}}"  # U.S.
    rf"|(?:(?:[Aa]l|[Ee]l|[Aa]n|[Aa]s|[Aa]r|[Aa]sh|[Aa]d)[-‑])?(?={_UPPER})[^\W_]+"  # al-Name
    rf"(?:(?:&|[-‑](?={_UPPER})|['’](?!s\b)(?=[^\W_])|\.(?=[^\W_]))[^\W_]+)*)"  # O'Name, Name-Name, name.org, A&B
)
_LOWER = re.compile(r"[^\W\d_A-Z]{2,}")
_OPENING = frozenset(".!?:;…“‘\"'([—–-\n•*")
_SPACE = " \t\u00a0"
_NEVER = frozenset(("the", "he", "she", "it", "they", "we"))  # in no name
_OF = re.compile(rf"[{_SPACE}]of[{_SPACE}](?:the[{_SPACE}])?$")
_OWN = re.compile(rf"['’]s?[{_SPACE}]$")
_DOT = re.compile(rf"\.[{_SPACE}]+$")


_LETTERS = re.compile(r"[A-Za-z]{2,}")
_FUNCTION = (
    "articles", "possessives", "prepositions", "conjunctions", "pronouns", "auxiliaries", "adverbs", "numbers"
)  # fmt: skip


class _Word(NamedTuple):
    start: int
    end: int
    low: str
    opens: bool  # stands where a sentence may begin


class _Known(NamedTuple):
    ordinary: frozenset[str]  # words that news writes in lower case
    heads: frozenset[str]  # of a name that goes on with "of"
    function: frozenset[str]
    little: frozenset[str]  # written small in a headline
    times: frozenset[str]
    nouns: frozenset[str]  # as written: in lower case, and with a capital
    sides: frozenset[str]  # these, and words that belong to the noun they stand before
    titles: frozenset[str]


@cache
def _known() -> _Known:
    ordinary = frozenset((resources.files("purport.read.lexicon") / "ordinary.txt").read_text("utf-8").split())
    lists, sides = closed(), words_of("parties.toml")
    nouns = sides["nouns"] | {noun.capitalize() for noun in sides["nouns"]}
    function = frozenset().union(*(lists[name] for name in _FUNCTION))
    little = lists["articles"] | lists["prepositions"] | lists["conjunctions"]
    heads = ordinary | sides["nouns"] | sides["heads"]
    before = sides["before"] | {word.capitalize() for word in sides["before"]}
    return _Known(ordinary, heads, function, little, lists["times"], nouns, nouns | before, sides["titles"])


def parties(text: str) -> list[Span]:
    """The names and party nouns of a text as half-open code-point spans, in order, none within another.

    "The" before one belongs to it: "the Sarrow Herald" is no other sign than "Radio Free Helm".
    """
    found: list[Span] = []
    start = 0
    for line in text.split("\n"):
        for first, last in _of_line(line) if line else ():
            article = first - 4
            led = article >= 0 and line[article:first] in ("the ", "The ") and not line[article - 1 : article].isalnum()
            found.append((start + (article if led else first), start + last))
        start += len(line) + 1
    return found


def _of_line(line: str) -> Iterator[Span]:
    """Names, and nouns with what belongs to them: "the Varnian army", "rebel fighters", "a human rights group"."""
    known = _known()
    names = list(_names(line))
    atoms = [(*span, "name") for span in names]
    taken = {at for first, last in names for at in range(first, last)} if names else set()
    for match in _LETTERS.finditer(line):
        word = match.group()
        if word in known.sides and match.start() not in taken:
            atoms.append((*match.span(), "noun" if word in known.nouns else "before"))
    first = last = -1
    end = -1  # of the name or noun that the run has so far
    for start, stop, kind in sorted(atoms):
        if last < 0 or kind == "name" or line[last:start] != " ":
            if end > first:
                yield first, end
            first = start
            end = -1
        last = stop
        if kind != "before":
            end = stop
    if end > first:
        yield first, end


def _names(line: str) -> Iterator[Span]:
    """Runs of capitalised words in one paragraph."""
    words = list(_words(line))
    headline = _headline(words, line)
    run: list[_Word] = []
    for number, word in enumerate(words):
        after = words[number + 1] if number + 1 < len(words) else None
        titled = bool(run) and run[-1].low in _known().titles
        kind = _kind(line, word, after, headline, bool(run), titled)
        if run and (kind == "none" or not _joined(line, run, word)):
            yield run[0].start, run[-1].end
            run = []
        if kind == "name" or (kind == "more" and run):
            run.append(word)
    if run:
        yield run[0].start, run[-1].end


def _headline(words: list[_Word], line: str) -> bool:
    """Have all words capitals, but for the little ones?"""
    little = _known().little
    return len(words) > 3 and not any(
        match.group().islower() and match.group() not in little and not _inside(match, line)
        for match in _LOWER.finditer(line)
    )


def _kind(line: str, word: _Word, after: _Word | None, headline: bool, running: bool, titled: bool) -> str:
    """What a capitalised word is: a "name", "more" of the name it stands in, or "none"."""
    known = _known()
    if titled:  # "Mrs May", "Mr Will"
        return "name"
    if word.low in known.times or word.low == "i":
        return "none"
    followed = after is not None and not line[word.end : after.start].strip(_SPACE)
    if word.low in known.function:
        return "more" if running and followed and not word.opens and word.low not in _NEVER else "none"
    if word.low not in known.ordinary:
        return "name"
    if headline:
        return "none"
    if not word.opens:
        return "name"
    # "Human Rights Watch said", but "Speaking on …", "Yesterday Mira Tolan …"
    leads = followed and after is not None and after.low not in known.function and after.low not in known.times
    return "name" if leads and not word.low.endswith(("ing", "ed", "ly")) else "none"


def _inside(match: re.Match[str], line: str) -> bool:
    """Is it the tail of a longer word?"""
    return match.start() > 0 and (line[match.start() - 1].isalnum() or line[match.start() - 1] in "'’")


def _words(line: str) -> Iterator[_Word]:
    for match in _WORD.finditer(line):
        start, end = match.span()
        word = match.group()
        if not (word[0].isupper() or any(letter.isupper() for letter in word[1:4])):
            continue
        before = line[:start].rstrip(_SPACE)[-1:]
        yield _Word(start, end, word.lower(), not before or before in _OPENING)


def _joined(line: str, run: list[_Word], word: _Word) -> bool:
    """Does a capitalised word go on with the name?"""
    last, known = run[-1], _known()
    gap = line[last.end : word.start]
    if not gap.strip(_SPACE):
        return True
    if last.low in known.heads and (_OF.fullmatch(gap) or _OWN.fullmatch(gap)):  # "Ministry of …", "People's …"
        return True
    if gap == " and " and _OF.search(line[run[0].start : last.start]):  # "Ministry of Food and Fisheries"
        return True
    return bool(_DOT.fullmatch(gap)) and (last.end - last.start == 1 or last.low in known.titles)
