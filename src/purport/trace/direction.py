"""Which way shared words went, by credit lines and times of publication; undecidable where neither tells."""

import re
from functools import lru_cache

from purport.core.copies import A_TO_B, B_TO_A, FROM_A_THIRD, UNDECIDABLE, Sign
from purport.core.records import Note, Report
from purport.core.times import iso

# names of agencies that are written in two ways
_SAME = {
    "ap": "associated press",
    "afp": "agence france presse",
    "pa": "press association",
    "pa media": "press association",
    "aa": "anadolu",
    "anadolu agency": "anadolu",
    "dpa": "deutsche presse agentur",
    "pti": "press trust of india",
    "thomson reuters": "reuters",
    "kyodo news": "kyodo",
}
_KINDS = ("agency", "source", "republished")  # of credit lines; "with reporting by" names people


def direction(a: Report, b: Report) -> tuple[str, tuple[Sign, ...]]:
    """Which way, and what shows it. A credit line goes before the times: who prints first need not have written it."""
    ours, theirs = _credits(a), _credits(b)
    back, forth = ours.get(_name(b.outlet)), theirs.get(_name(a.outlet))
    if back and not forth:
        return B_TO_A, (_credit(a, back),)
    if forth and not back:
        return A_TO_B, (_credit(b, forth),)
    common = next((name for name in ours if name in theirs), "")
    if common:
        return FROM_A_THIRD, (_credit(a, ours[common]), _credit(b, theirs[common]))
    lone = tuple(_credit(report, note) for report, notes in ((a, ours), (b, theirs)) for note in notes.values())
    if lone:  # it names somebody else, and the other report may have it from there too
        return UNDECIDABLE, lone
    for first, second, way in ((a, b, A_TO_B), (b, a, B_TO_A)):
        for early in first.published:
            for late in second.published:
                if early.end <= late.start:
                    sentence = f"published before {iso(early.end)}, the other from {iso(late.start)} on"
                    return way, (Sign("time", first.id, sentence, early.span),)
    return UNDECIDABLE, ()


def _credits(report: Report) -> dict[str, Note]:
    found: dict[str, Note] = {}
    for note in report.credits:
        if note.kind in _KINDS:
            for name in re.split(r"[/;,]| and ", note.text):
                found.setdefault(_name(name), note)
    found.pop("", None)
    found.pop(_name(report.outlet), None)  # a credit to oneself says nothing
    return found


@lru_cache(4096)  # outlets come again and again
def _name(text: str) -> str:
    """A name as it is compared: without case, article, punctuation and the end of a domain."""
    plain = re.sub(r"^www\.|\.(?:com|org|net|co|example)(?:\.\w\w)?$", "", text.strip().casefold())
    plain = " ".join(re.findall(r"\w+", plain)).removeprefix("the ")
    return _SAME.get(plain, plain)


def _credit(report: Report, note: Note) -> Sign:
    return Sign("credit", report.id, note.text, note.span)
