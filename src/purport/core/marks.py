"""Handling marks (TLP 2.0, https://www.first.org/tlp/): how far something may be passed on, as a person said.

A mark is a row that is added and never changed; of several for one subject the last one holds. What nobody marked is
CLEAR: the desk takes in what is public.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import msgspec

from purport.core.errors import UsageError
from purport.core.ids import make_id

CLEAR, GREEN, AMBER, AMBER_STRICT, RED = "CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"
LEVELS = (CLEAR, GREEN, AMBER, AMBER_STRICT, RED)  # each narrower than the one before

# what may be marked
REPORT, RELEASE, BRIEF, SOURCE = "report", "release", "brief", "source"


class Mark(msgspec.Struct, frozen=True):
    """Somebody said how far something may go."""

    id: str
    kind: str  # report | release | brief | source
    subject: str  # its id; of a source its name, which is also that of an outlet
    level: str
    why: str
    who: str
    at: datetime
    url: str = ""  # of a report: where its page is, so that other versions of the page are marked, too


def mark(kind: str, subject: str, level: str, why: str, who: str, at: datetime, url: str = "") -> Mark:
    """A mark by what it says. Raises UsageError where nobody says why."""
    if not why.strip():
        raise UsageError("Say why, in a few words: it is kept beside the mark.")
    known = parsed(level)
    id = make_id("mark", kind, subject, known, why.strip(), who, at.isoformat())
    return Mark(id, kind, subject, known, why.strip(), who, at, url)


def parsed(written: str) -> str:
    """A level as people write it: `amber`, `TLP:AMBER+STRICT`. Raises UsageError."""
    level = written.strip().upper().removeprefix("TLP:").replace("_", "+").replace("-", "+").replace(" ", "+")
    if level not in LEVELS:
        raise UsageError(f"{written!r} is no level. There are {', '.join(LEVELS)} (TLP 2.0).")
    return level


def above(level: str, ceiling: str) -> bool:
    """May what has this level go no further than a ceiling allows?"""
    return LEVELS.index(level) > LEVELS.index(ceiling)


class Marked:
    """What is marked, by the last word on each subject."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        self._by: dict[tuple[str, str], str] = {}
        self._pages: dict[str, str] = {}
        for one in marks:
            self._by[one.kind, _key(one.kind, one.subject)] = one.level
            if one.url:
                self._pages[one.url] = one.level

    def report(self, id: str, url: str, sources: Collection[str]) -> str:
        """The narrowest level of a report, of its page's other versions, and of its outlet and watched sources."""
        said = [self._by.get((REPORT, id), ""), self._pages.get(url, "") if url else ""]
        return _narrowest([*said, *(self.source(name) for name in sources)])

    def release(self, id: str, sources: Collection[str] = ()) -> str:
        return _narrowest([self._by.get((RELEASE, id), ""), *(self.source(name) for name in sources)])

    def brief(self, id: str) -> str:
        return _narrowest([self._by.get((BRIEF, id), "")])

    def source(self, name: str) -> str:
        return self._by.get((SOURCE, _key(SOURCE, name)), "")

    def __bool__(self) -> bool:
        return bool(self._by)


def _key(kind: str, subject: str) -> str:
    return " ".join(subject.split()).casefold() if kind == SOURCE else subject


def _narrowest(levels: Iterable[str]) -> str:
    return max((one for one in levels if one), key=LEVELS.index, default=CLEAR)


def withheld(counts: Mapping[tuple[str, str], int], ceiling: str) -> list[str]:
    """What an export left out, in words: `2 reports are marked TLP:RED`. No word of what they hold."""
    return [
        f"{number:,} {kind}{' is' if number == 1 else 's are'} marked TLP:{level}, above this export's TLP:{ceiling}"
        for (kind, level), number in sorted(counts.items(), key=lambda one: (one[0][0], LEVELS.index(one[0][1])))
    ]
