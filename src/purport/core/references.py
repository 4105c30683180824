"""A report that speaks of footage, and which release that is."""

import msgspec

from purport.core.spans import Span
from purport.core.times import Moment

FIRM, LIKELY, POSSIBLE, UNDECIDABLE = "firm", "likely", "possible", "undecidable"


class Address(msgspec.Struct, frozen=True):
    """An address that a page or text gives."""

    url: str
    how: str  # embed | link | text
    span: Span = (0, 0)  # in the report's text; (0, 0): it stands in the page only


class Footing(msgspec.Struct, frozen=True):
    """Words in which a text speaks of footage, and what they state of it."""

    words: str
    span: Span
    kind: str  # video | audio | image
    seconds: tuple[float, float] = (0.0, 0.0)  # the stated length, from and up to; (0, 0): none is stated
    length: str = ""  # the words that state it
    date: tuple[Moment, ...] = ()  # none or one


class Evidence(msgspec.Struct, frozen=True):
    """One thing in a report that fits a release."""

    kind: str  # embed | link | text (an address), length, date
    words: str  # the report's own, or the address
    span: Span = (0, 0)  # (0, 0): in the page, not in the text
    fits: str = ""  # what of the release it fits


class Reference(msgspec.Struct, frozen=True):
    """A report refers to a release: one, or several where it can't be told which of them.

    `firmness`: firm (by an address), likely (one release alone fits length and date), possible (one alone fits one of
    them), undecidable (several fit).
    """

    id: str
    report: str
    releases: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    firmness: str
