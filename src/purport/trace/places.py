"""Where an edit stands in both versions, from the numbers of the words that changed."""

from collections.abc import Collection
from typing import NamedTuple

from purport.core.edits import ADDED, CHANGED, REMOVED, Edit, Place, Version
from purport.core.ids import make_id
from purport.core.spans import Span
from purport.trace.alignment import Difference, Text, difference
from purport.trace.wording import HEADLINE, sentences

VERSION = "1"  # of the rules by which edits are found

OLD, NEW = 0, 1  # the sides of a comparison


class Pages(NamedTuple):
    """Two versions of a page, their words, and what those have in common."""

    versions: tuple[Version, Version]
    texts: tuple[Text, Text]
    found: Difference

    def place(self, side: int, words: Collection[int], beside: Collection[int] = ()) -> Place:
        """The stretch from the first to the last of some words; where there are none, where `beside` would stand."""
        known = self.texts[side].words
        if words:
            span = known[min(words)].span[0], known[max(words)].span[1]
        else:
            span = (self._anchor(side, min(beside, default=0)),) * 2
        return self.stretch(side, span)

    def stretch(self, side: int, span: Span, words: str = "") -> Place:
        report = self.versions[side].report
        return Place(report.id, report.capture, span, words or report.text[slice(*span)])

    def _anchor(self, side: int, word: int) -> int:
        """Behind the nearest word before this one of the other side that stands in both."""
        across = (self.found.back, self.found.there)[side]
        while word > 0:
            word -= 1
            if word in across:
                return self.texts[side].words[across[word]].span[1]
        return 0

    def widened(self, old: set[int], new: set[int]) -> tuple[set[int], set[int]]:
        """With the word before or behind, where there would be nothing to show on one side."""
        if old and new:
            return old, new
        for step, edge in ((-1, min), (1, max)):
            for known, across in ((old, self.found.there), (new, self.found.back)):
                next_to = edge(known) + step if known else -1
                if next_to in across:
                    pair = (next_to, across[next_to]) if known is old else (across[next_to], next_to)
                    return old | {pair[0]}, new | {pair[1]}
        return old, new

    def matched(self, old: set[int], new: set[int]) -> tuple[set[int], set[int]]:
        """With what each side's words are on the other."""
        there, back = self.found.there, self.found.back
        return old | {back[n] for n in new if n in back}, new | {there[n] for n in old if n in there}

    def where(self, old: Collection[int], new: Collection[int]) -> str:
        parts = {self.texts[OLD].part(min(old))} if old else set()
        parts |= {self.texts[NEW].part(min(new))} if new else set()
        return HEADLINE if HEADLINE in parts else "text"

    def about(self, words: Collection[int], side: int) -> str:
        """The word behind the last of some."""
        text, last = self.texts[side], max(words)
        known = text.words
        if last + 1 >= len(known) or text.sentence(last + 1) != text.sentence(last):
            return ""
        return self.versions[side].report.text[slice(*known[last + 1].span)]


def pages(before: Version, after: Version) -> Pages:
    texts = Text(sentences(before)), Text(sentences(after))
    return Pages((before, after), texts, difference(*texts))


def edit(kind: str, how: str, before: Place, after: Place, who: str = "", about: str = "", where: str = "text") -> Edit:
    id = make_id("edit", VERSION, kind, how, before, after, where)
    return Edit(id=id, kind=kind, how=how, before=before, after=after, who=who, about=about, where=where)


def how_of(old: object, new: object) -> str:
    """Added where nothing stood, removed where nothing stands, changed otherwise."""
    return CHANGED if old and new else ADDED if new else REMOVED
