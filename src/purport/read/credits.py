"""On whose word a report stands, where it says so about itself: "(AFP) —", "Source: …", "with reporting by …".

A readable table of patterns, each tried on the first and last few paragraphs only; `name` is the credited
name. An agency is known by the place it is named in, not by a list, so that every agency is treated alike;
the list of names serves the bare sign-off alone ("— AFP"), where place alone would take in anything.
"""

import re
from collections.abc import Iterator

from purport.core.records import Note
from purport.core.spans import Span

_TOP, _END = 8, 8  # paragraphs looked at
_LONG = 600  # characters of a paragraph looked at, from each end

AGENCIES = (
    "AAP|AFP|Agence France-Presse|AA|Anadolu|Anadolu Agency|ANI|ANSA|Antara|AP|APA|Associated Press"
    "|The Associated Press|Belga|Bernama|Bloomberg|BNS|CTK|dpa|DPA|EFE|Europa Press|IANS|Interfax|IRNA|Jiji|KUNA"
    "|Kyodo|Kyodo News|Lusa|MENA|MTI|NAN|NTB|PA|PA Media|PAP|Press Association|PTI|Reuters|RIA|Ritzau|SANA|SPA|STT"
    "|Tanjug|TASS|Thomson Reuters|Ukrinform|UPI|VOA|WAFA|Xinhua|Yonhap"
)
_NAME = r"[“\"'‘]?(?P<name>[^\W\d_][^()\[\]\n;|]{0,78}?)"  # starts with a letter, within one line
_PEOPLE = r"(?P<name>[A-Z][^()\[\]\n;|]{1,118}?)"
_STOP = r"\s*(?:[.;|)\]]|$)"
_PLACE = r"[A-Z][A-Z.'’ -]{1,30}(?:,\s*[A-Z][\w.'’ -]{1,30})?"
_DAY = r"(?:,?\s+[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:,\s*\d{4})?|,?\s+\d{1,2}\s+[A-Z][a-z]{2,8}\.?(?:\s+\d{4})?)?"

# (kind, where, pattern): where is "top" or "end" of the text, or "any" of both
_TABLE: tuple[tuple[str, str, str], ...] = (
    # LONDON (Reuters) - …   PORT HALE, Norland, March 12 (Northwire) — …
    ("agency", "top", rf"^{_PLACE}{_DAY}\s*\((?P<name>[A-Z][^()\n]{{1,40}})\)\s*[-–—:]"),
    # (AFP) — …   AFP - …   PORT HALE: (AFP)
    ("agency", "top", r"^\((?P<name>[A-Z][^()\n]{1,40})\)\s*[-–—]"),
    ("agency", "top", rf"^(?P<name>{AGENCIES})\s+[-–—]\s"),
    # … was open as usual. — AFP   (AP/Reuters)
    (
        "agency",
        "end",
        rf"(?:^|[.!?”\")]\s*)[-–—]*\s*[(\[]?(?P<name>(?:{AGENCIES})(?:[/, ]+(?:{AGENCIES}))*)[)\]]?\.?$",
    ),
    ("agency", "any", rf"^\W*[Ww]ith (?:agency )?inputs? from {_NAME}{_STOP}"),
    ("agency", "any", rf"^\W*[Ww]ith (?:material|files|information) from {_NAME}{_STOP}"),
    ("source", "any", rf"^\W*(?i:sources?|credits?|photo credit)\s*[:：]\s*{_NAME}{_STOP}"),
    ("source", "any", r"^\W*[Vv]ia (?P<name>[A-Z@][\w@.'’& -]{1,50})$"),
    ("source", "any", rf"\((?i:source|via)\s*:?\s+{_NAME}\)"),
    ("reporting", "any", rf"^\W*(?i:with )?(?i:additional |further )?(?i:reporting) by {_PEOPLE}{_STOP}"),
    ("reporting", "any", rf"\b(?i:with|additional|further) (?i:additional )?reporting by {_PEOPLE}{_STOP}"),
    ("reporting", "any", rf"^\W*{_PEOPLE} (?:also )?contributed (?:reporting|to this (?:report|article|story))"),
    (
        "republished",
        "any",
        r"(?i:this (?:(?:article|story|report|piece) (?:was |has been )?(?:first|originally) (?:published|appeared)"
        r"|(?:article|story|piece|text) (?:was |is |has been )?(?:re)?(?:published|appeared)(?: first| originally)?)"
        rf" (?:by|on|in|at|from)) {_NAME}(?= (?:on|and|under|with|in)\b|\s*[.,;|)\]]|$)",
    ),
    (
        "republished",
        "any",
        r"^\W*(?i:(?:re-?published|reprinted|reproduced) (?:here )?(?:(?:with|by) (?:kind )?permission )?"
        rf"(?:from|of|by)) {_NAME}{_STOP}",
    ),
    ("republished", "any", rf"^\W*(?i:originally published (?:by|on|in|at)) {_NAME}{_STOP}"),
)
_LISTS = ("agency", "source")  # whose names may be several: "AP/Reuters", "Northwire, Kest Gazette"
_BETWEEN = re.compile(r"\s*[,/]\s*(?:and\s+)?")
_PATTERNS = tuple((kind, where, re.compile(pattern)) for kind, where, pattern in _TABLE)


def credits_of(text: str, paragraphs: list[Span]) -> tuple[Note, ...]:
    """The credit lines as notes (the credited name, where it stands, agency|source|reporting|republished)."""
    found: dict[Span, Note] = {}
    for start, end, where in _near_the_edges(paragraphs):
        piece = text[start:end]
        for kind, place, pattern in _PATTERNS:
            if place not in ("any", where) and where != "any":
                continue
            for match in pattern.finditer(piece):
                whole = _tidy(text, start + match.start("name"), start + match.end("name"))
                if whole[0] < whole[1] and not any(s < whole[1] and whole[0] < e for s, e in found):
                    for span in _each(text, whole) if kind in _LISTS else [whole]:
                        found[span] = Note(text[span[0] : span[1]], span, kind)
    return tuple(found[span] for span in sorted(found))


def _each(text: str, span: Span) -> Iterator[Span]:
    """The names of a list."""
    start = span[0]
    for between in _BETWEEN.finditer(text, *span):
        yield start, between.start()
        start = between.end()
    yield start, span[1]


def _near_the_edges(paragraphs: list[Span]) -> Iterator[tuple[int, int, str]]:
    """Bounded slices of the first and last paragraphs, with the edge they belong to ("any": to both)."""
    last = len(paragraphs) - _END
    for i in sorted({*range(min(_TOP, len(paragraphs))), *range(max(0, last), len(paragraphs))}):
        start, end = paragraphs[i]
        where = "any" if last <= i < _TOP else "top" if i < _TOP else "end"
        if end - start <= _LONG:
            yield start, end, where
            continue
        if i < _TOP:
            yield start, start + _LONG, "top"
        if i >= last:
            yield end - _LONG, end, "end"


def _tidy(text: str, start: int, end: int) -> Span:
    """Without what a greedy or shy pattern leaves at the edges: spaces, quotation marks, an "Editing by" tail."""
    cut = re.search(r"\s*[;,]?\s*\b(?:[Ee]diting|[Ww]riting|[Ee]dited) by\b", text[start:end])
    if cut:
        end = start + cut.start()
    while start < end and text[start] in " \t“”\"'‘’":
        start += 1
    while start < end and text[end - 1] in " \t“”\"'‘’,.;:":
        end -= 1
    return start, end
