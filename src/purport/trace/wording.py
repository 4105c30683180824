"""The words of a text as two versions of it are compared: what only looks different is the same.

White space, capitals, kinds of quotation marks and dashes, "12" and "twelve", commas and full stops tell nothing;
that there *are* quotation marks around a word, or a question mark behind it, does.
"""

import re
import tomllib
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from purport.core.edits import Version
from purport.core.spans import Span, overlaps

LONGEST = 300  # words of a sentence; a text without full stops is cut there
STAMP = 15  # words of a line such as "Updated 5 May, 10:20"
HEADLINE, NOTE, TEXT = "headline", "note", "text"

_QUOTE, _QUESTION = '"', "?"
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u200b-\u200d\u2060\u00ad"
_ONE_BY_ONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # scripts without spaces between words
_LETTERS = rf"(?:[^\W{_ONE_BY_ONE}]++|[{_MARKS}]++)++"
_WORD = re.compile(
    r"\d+(?:[.,:]\d+)*"
    r"|\b(?i:per\s+cent)\b"
    rf"|{_LETTERS}(?:['’‑-]{_LETTERS})*"
    rf"|[{_ONE_BY_ONE}]"
    r"|[\"“”„‟«»?？؟%$€£¥₽]"
    r"|(?<!\w)['‘’](?=\w)|(?<=[\w.,!?…])['’](?!\w)"
)
_STRIPPED = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\u00ad"))
_SIGNS = dict.fromkeys("\"“”„‟«»'‘’", _QUOTE) | dict.fromkeys("?？؟", _QUESTION) | {"%": "percent"}
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_END = re.compile(r"[.!?…؟।][\"'”’»)\]]*(?=\s+[\"'“‘«(\[]?[^\Wa-zß-öø-ÿ])|[。！？][”’」』)]*")
_SHORT = re.compile(
    r"\b(?:[^\W\d_]|Mr|Mrs|Ms|Dr|Gen|Col|Lt|Sgt|Capt|Maj|St|No|Sen|Rep|Gov|Prof|vs|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.$"
)
_DATELINE = re.compile(r"[^\n.!?]{2,80}?(?:\([^()\n]{2,40}\)\s*)?[ \u00a0](?:—|–|--|-)[ \u00a0]")


class Word(NamedTuple):
    """A word with the form it is compared by."""

    key: str
    span: Span


class Sentence(NamedTuple):
    """A sentence, or what stands for one: a headline, a note of a correction."""

    span: Span
    words: tuple[Word, ...]
    part: str = TEXT  # headline | note | text
    dateline: int = 0  # where its dateline ends; 0: it has none

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(word.key for word in self.words)


class Table(NamedTuple):
    """`wording.toml`, ready to use."""

    notes: re.Pattern[str]
    within: re.Pattern[str]
    stamps: re.Pattern[str]
    stamp_words: frozenset[str]
    little: frozenset[str]
    determiners: frozenset[str]
    slight: frozenset[str]
    numbers: dict[str, str]
    amounts: frozenset[str]


@cache
def table() -> Table:
    read = tomllib.loads((resources.files("purport.trace") / "wording.toml").read_text("utf-8"))

    def either(patterns: Sequence[str]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)

    return Table(
        either(read["notes"]),
        either(read["notes_within"]),
        either(read["stamps"]),
        frozenset(read["stamp_words"]),
        frozenset(read["little"]),
        frozenset(read["determiners"]),
        frozenset(read["slight"]),
        {word: str(number) for word, number in read["numbers"].items()},
        frozenset(read["amounts"]["words"]),
    )


def words_of(text: str, span: Span) -> Iterator[Word]:
    """The words of a stretch of a text, in order."""
    for found in _WORD.finditer(text, *span):
        if key := _key(found[0]):
            yield Word(key, found.span())


@lru_cache(1 << 14)  # most words come again and again
def _key(shown: str) -> str:
    """The form that a word is compared by; empty where nothing of it can be seen."""
    key = _SIGNS.get(shown) or unicodedata.normalize("NFC", shown.translate(_STRIPPED)).casefold()
    key = key.replace("’", "'").replace("‑", "-")
    if _THOUSANDS.fullmatch(key):
        key = key.replace(",", "")
    elif key.startswith("per") and key.endswith("cent"):
        key = "percent"
    return table().numbers.get(key, key)


def keys_of(text: str) -> list[str]:
    """What the words of a text are compared by, in order."""
    return [key for shown in _WORD.findall(text) if (key := _key(shown))]


def is_number(key: str) -> bool:
    return key[0].isdigit() or key in table().amounts


def telling(keys: Sequence[str]) -> list[str]:
    """The words that say what a sentence is about; all of them where there are no others."""
    little = table().little
    return [key for key in keys if key not in little] or list(keys)


def sentences(version: Version) -> list[Sentence]:
    """The sentences of a report in order, the headline first, without what belongs to the page and not the story."""
    report = version.report
    found: list[Sentence] = []
    left_out = [note.span for note in report.repeats]
    for line in re.finditer(r"[^\r\n]+", report.text):
        words = tuple(words_of(report.text, line.span()))
        if not words or any(overlaps(line.span(), span) for span in left_out) or _is_stamp(line[0], words):
            continue
        if not found and report.title and [w.key for w in words] == [w.key for w in _all(report.title)]:
            found.append(Sentence(line.span(), words, HEADLINE))
        elif _is_note(line[0]):
            found.append(Sentence(line.span(), words, NOTE))
        else:
            first = all(sentence.part != TEXT for sentence in found)
            found += _in_line(report.text, line.span(), words, first)
    return found


def _all(text: str) -> Iterator[Word]:
    return words_of(text, (0, len(text)))


def _in_line(text: str, line: Span, words: tuple[Word, ...], first: bool) -> Iterator[Sentence]:
    """The sentences of a paragraph; the first one of a report may begin with a dateline."""
    opening = _DATELINE.match(text, *line) if first else None
    dateline = opening.end() if opening and opening[0][:3].isupper() else 0
    ends = [found.end() for found in _END.finditer(text, max(line[0], dateline), line[1]) if _ends(text, found)]
    starts = [word.span[0] for word in words]
    done = 0
    for end in [*ends, line[1]]:
        until = bisect_left(starts, end)
        if until > done and _is_note(text[words[done].span[0] : end]):  # what follows in the paragraph belongs to it
            yield Sentence((words[done].span[0], words[-1].span[1]), words[done:], NOTE)
            return
        for start in range(done, until, LONGEST):
            some = words[start : min(until, start + LONGEST)]
            yield Sentence((some[0].span[0], some[-1].span[1]), some, TEXT, dateline)
            dateline = 0
        done = until


def _ends(text: str, found: re.Match[str]) -> bool:
    """Does a sentence end there, rather than an initial or "Gen."?"""
    return not _SHORT.search(text[max(0, found.start() - 8) : found.start() + 1])


def _is_note(line: str) -> bool:
    known, said = table(), line.strip(" \t*_()[]•·–—-")
    return bool(known.notes.match(said) or known.within.search(line))


def _is_stamp(line: str, words: Sequence[Word]) -> bool:
    """Does the line only tell when the page was touched, or how many people did what with it?"""
    known = table()
    if len(words) > STAMP or not known.stamps.search(line):
        return False
    return all(word.key[0].isdigit() or word.key in known.stamp_words for word in words)
