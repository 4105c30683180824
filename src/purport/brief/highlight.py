"""A text with any number of overlapping spans as HTML whose text is, character for character, the text."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup, escape

_ROLES = ("source", "cue", "content", "copied")
_DEEPEST = 3  # shades of content inside content


class Mark(NamedTuple):
    """A stretch of text with what it is to one claim: a role and, for a cue, how it is put."""

    start: int
    end: int
    role: str  # source | cue | content, or copied: it stands in another report, too
    claim: int  # the claim's number on the page; 0: it is of none
    manner: str = ""  # more classes, for the first segment of a cue: "distanced", "denial"


def highlight(text: str, marks: Iterable[Mark], notes: Mapping[int, Sequence[Markup]]) -> Markup:
    """The text as one `<p>` a line, cut where any mark begins or ends; `notes` are set in at their offsets.

    Marks may overlap, nest and come in pieces; what lies outside the text is cut off. Notes must carry no
    text of their own. Stripping the tags and resolving the entities gives back `text`.
    """
    size = len(text)
    kept = [m._replace(start=max(0, m.start), end=min(size, m.end)) for m in marks]
    kept = sorted(m for m in kept if m.start < m.end)
    set_in: dict[int, list[Markup]] = {}
    for at, notes_there in notes.items():
        set_in.setdefault(min(max(0, at), size), []).extend(notes_there)
    lines = [i + 1 for i, char in enumerate(text) if char == "\n"]
    cuts = sorted({0, size, *lines, *set_in, *(m.start for m in kept), *(m.end for m in kept)})

    parts: list[str] = []
    active: list[Mark] = []
    upcoming = 0
    new_line = True
    for start, end in pairwise(cuts):
        # A note at the end of a line belongs to it, one at the very beginning opens the first paragraph.
        if new_line:
            blank = text[start:end].isspace() and text[end - 1] == "\n"
            parts.append('<p class="blank" dir="auto">' if blank else '<p dir="auto">')
            new_line = False
        if start == 0:
            parts += set_in.get(0, [])
        active = [m for m in active if m.end > start]
        while upcoming < len(kept) and kept[upcoming].start == start:
            active.append(kept[upcoming])
            upcoming += 1
        parts.append(_segment(text[start:end], active, start))
        parts += set_in.get(end, [])
        if text[end - 1] == "\n" or end == size:
            parts.append("</p>")
            new_line = True
    if not size:
        parts += ['<p dir="auto">', *set_in.get(0, []), "</p>"]
    return Markup("".join(parts))


def _segment(words: str, active: Sequence[Mark], start: int) -> str:
    # A carriage return written as itself would reach the reader as a line feed (HTML, preprocessing).
    shown = str(escape(words)).replace("\r", "&#13;")
    if not active:
        return shown
    roles = {m.role for m in active}
    names = [role for role in _ROLES if role in roles]
    depth = sum(m.role == "content" for m in active)
    if depth > 1:
        names.append(f"in{min(depth, _DEEPEST)}")
    names += sorted({n for m in active for n in m.manner.split() if m.role == "cue"})
    if any(m.start == start and m.role == "cue" for m in active):
        names.append("begins")
    claims = " ".join(map(str, sorted({m.claim for m in active})))
    return f'<span class="{" ".join(names)}" data-c="{claims}">{shown}</span>'
