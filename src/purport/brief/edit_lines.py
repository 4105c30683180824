"""Edits of a page in words: as a desk would say them, side by side in a terminal, and as JSON.

(What was done to *footage* is said in `edits.py`, what a second *reading* changed in `changes.py`.)
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from purport.brief import words as say
from purport.core.edits import ADDED, CERTAINTY, CHANGED, CONTENT, HEADLINE, NOTE, POLARITY, Edit, Place
from purport.core.records import Capture, Report
from purport.core.spans import Span
from purport.core.times import iso

LONG = 160  # characters of a passage in a line
AROUND = 90  # characters on either side of changed words, beside each other
NAMES = {CERTAINTY: "certainty changed: ", POLARITY: "negation changed: ", CONTENT: "claim changed: "}
_QUIET, _HEAD = Style(dim=True), Style(bold=True)
_OLD, _NEW = Style(color="red", bold=True), Style(color="green", bold=True)


def said(edit: Edit) -> str:
    """One line: `denial added: “its forces had fired” (the ministry)`."""
    line = _said(edit)
    return f"in the headline, {line}" if edit.where == "headline" and edit.kind != HEADLINE else line


def _said(edit: Edit) -> str:
    old, new = quoted(edit.before.words), quoted(edit.after.words)
    became = f"{old} became {new}"
    who = f" ({_line(edit.who)})" if edit.who else ""
    lone = new if edit.how == ADDED else old
    match edit.kind:
        case "denial" | "claim" if edit.before.claim and edit.after.claim:
            return f"{edit.kind} {edit.how}: {became}{who}"
        case "denial" | "claim":
            return f"{edit.kind} {edit.how}: {lone}{who}"
        case "attribution":
            now = "now stands" if edit.how == ADDED else "no longer stands"
            return f"attribution {edit.how}: {lone} {now} on the word of {_line(edit.who) or 'somebody unnamed'}"
        case "number":
            change = (
                f"{_line(edit.before.words)} → {_line(edit.after.words)}" if edit.how == CHANGED else lone.strip("“”")
            )
            return f"number {edit.how}: {change} {_line(edit.about)}".rstrip()
        case "source":
            change = f"from {old} to {new}" if edit.how == CHANGED else lone
            return f"source {edit.how}{' ' if edit.how == CHANGED else ': '}{change}"
        case "date":
            return f"date of publication changed: {old} became {new}"
        case "note":
            heads = {ADDED: "correction noted", CHANGED: "note of a correction changed"}
            return f"{heads.get(edit.how, 'note of a correction removed')}: {became if edit.how == CHANGED else lone}"
        case "text":
            sizes = (say.number(len(place.words.split()), "word") for place in (edit.before, edit.after))
            return "another text stands there: {}, now {}".format(*sizes)
        case "passage" if edit.how != CHANGED:
            return f"passage {edit.how}, {say.number(len(lone.split()), 'word')}: {lone}"
        case "content" if edit.how != CHANGED:
            return f"words {edit.how} in a claim: {lone}{who}"
        case "headline" | "dateline" | "passage":
            return f"{edit.kind} {edit.how}: {became if edit.how == CHANGED else lone}"
    return f"{NAMES.get(edit.kind, '')}{became}{who}"


def correction(edits: Sequence[Edit]) -> str:
    """Does the page say that it was changed? Empty where only a note changed."""
    if all(edit.kind == NOTE for edit in edits):
        return ""
    return "the page notes a correction" if any(edit.note for edit in edits) else "the page says nothing of it"


def quoted(words: str) -> str:
    return f"“{shortened(_line(words))}”"


def shortened(words: str, longest: int = LONG) -> str:
    """The beginning of long words, ended by an ellipsis."""
    return words if len(words) <= longest else words[:longest].rsplit(" ", 1)[0] + " …"


def _line(words: str) -> str:
    return " ".join(words.split())


def as_json(edit: Edit, url: str, before: Capture, after: Capture) -> dict[str, Any]:
    """One object: what is said of it, then the record, with both captures."""

    def place(at: Place, capture: Capture) -> dict[str, Any]:
        return msgspec.structs.asdict(at) | {"place": capture.place, "taken": iso(capture.taken)}

    return {
        "edit": edit.id,
        "url": url,
        "said": said(edit),
        "kind": edit.kind,
        "how": edit.how,
        "where": edit.where,
        "who": edit.who,
        "about": edit.about,
        "noted": bool(edit.note),
        "note": edit.note,
        "before": place(edit.before, before),
        "after": place(edit.after, after),
    }


def head(url: str, before: Capture, after: Capture, edits: Sequence[Edit], console: Console) -> None:
    """Print what a revision is of: the address, when it was captured, and whether the page owns to it."""
    console.print(Text(say.inert(url), style=_HEAD, overflow="fold"))
    told = [f"{when(before)} → {when(after)}", *filter(None, [correction(edits)])]
    console.print(Text(say.inert(" · ".join(told)), style=_QUIET, overflow="fold"))


def when(capture: Capture) -> str:
    return f"{capture.taken:%Y-%m-%d %H:%M}"


def lines(edits: Sequence[Edit], console: Console) -> None:
    """Print edits, one a line."""
    for edit in edits:
        console.print(Padding(Text(say.inert(said(edit)), overflow="fold"), (0, 0, 0, 2)))
    if not edits:
        console.print(Text("  only its looks changed: no words of the story", style=_QUIET))


def beside(edits: Sequence[Edit], before: Report, after: Report, console: Console) -> None:
    """Print each edit with its two passages beside each other, the changed words marked."""
    for edit in edits:
        console.print(Padding(Text(say.inert(said(edit)), style=_HEAD, overflow="fold"), (1, 0, 0, 2)))
        grid = Table.grid(padding=(0, 2, 0, 0))
        width = max(10, (min(console.width, 180) - 6) // 2)
        grid.add_column(width=width, overflow="fold")
        grid.add_column(width=width, overflow="fold")
        plain = console.color_system is None or console.no_color
        grid.add_row(
            _passage(before.text, edit.before.span, _OLD, "[-", "-]", plain),
            _passage(after.text, edit.after.span, _NEW, "{+", "+}", plain),
        )
        console.print(Padding(grid, (0, 0, 0, 4)))


def _passage(text: str, span: Span, style: Style, opening: str, closing: str, plain: bool) -> Text:
    """A span with some of the text around it; between signs where there are no colours."""
    begin, end = stretch(text, span)
    start, stop = span
    shown = Text("… " if begin else "", overflow="fold")
    shown.append(say.inert(text[begin:start]))
    if start < stop:
        words = say.inert(shortened(text[start:stop], 4 * LONG))
        shown.append(f"{opening}{words}{closing}" if plain else words, style=style)
    elif plain:
        shown.append(f"{opening}{closing}")
    shown.append(say.inert(text[stop:end]) + (" …" if end < len(text) else ""))
    return shown


def stretch(text: str, span: Span) -> Span:
    """The span with up to so many characters on either side, cut between words, within its lines."""
    begin, end = max(0, span[0] - AROUND), min(len(text), span[1] + AROUND)
    if begin:
        begin = text.find(" ", begin, span[0]) + 1 or span[0]
    if end < len(text):
        end = max(text.rfind(" ", span[1], end), span[1])
    before, after = text.rfind("\n", begin, span[0]), text.find("\n", span[1], end)
    return (before + 1 or begin), (after if after >= 0 else end)
