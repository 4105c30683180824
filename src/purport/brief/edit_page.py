"""Edits of pages as one self-contained page of HTML: both passages beside each other, the changed words marked.

No request leaves it, and nothing in a report's words can run in it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup, escape

from purport.brief import edit_lines
from purport.brief import words as say
from purport.brief.html import asset, source_hash, templates
from purport.brief.terminal import short
from purport.core.edits import Edit, Place
from purport.core.records import Capture, Report
from purport.core.spans import Span


class Row(NamedTuple):
    """One edit as the page shows it."""

    id: str
    said: str
    old: Markup
    new: Markup
    ids: str


class Sheet(NamedTuple):
    """What was edited between two captures of a page."""

    title: str
    url: str
    about: str
    before: str
    after: str
    rows: tuple[Row, ...]


def sheet(url: str, reports: tuple[Report, Report], captures: tuple[Capture, Capture], edits: Sequence[Edit]) -> Sheet:
    before, after = (say.instant(one.taken) for one in captures)
    about = " · ".join(filter(None, [say.number(len(edits), "edit"), edit_lines.correction(edits)]))
    rows = tuple(
        Row(
            edit.id,
            edit_lines.said(edit),
            _marked(reports[0].text, edit.before.span, "del"),
            _marked(reports[1].text, edit.after.span, "ins"),
            " → ".join(_ids(place) for place in (edit.before, edit.after)),
        )
        for edit in edits
    )
    return Sheet(reports[1].title or reports[0].title or url, url, about, before, after, rows)


def render(sheets: Sequence[Sheet], made: datetime) -> str:
    """The page, complete."""
    style = asset("edits.css")
    policy = f"default-src 'none'; style-src '{source_hash(style)}'; base-uri 'none'; form-action 'none'"
    return (
        templates()
        .get_template("edits.html")
        .render(
            sheets=sheets,
            pages=len({one.url for one in sheets}),
            edits=sum(len(one.rows) for one in sheets),
            made=say.instant(made),
            policy=Markup(policy),
            style=Markup(style),
            number=say.number,
        )
    )


def _ids(place: Place) -> str:
    span = f"{place.span[0]}–{place.span[1]}"
    return " ".join(filter(None, [short(place.report), span, short(place.claim) if place.claim else ""]))


def _marked(text: str, span: Span, tag: str) -> Markup:
    begin, end = edit_lines.stretch(text, span)
    changed = edit_lines.shortened(text[slice(*span)], 4 * edit_lines.LONG)
    return Markup("{}{}<{}>{}</{}>{}{}").format(
        "… " if begin else "",
        text[begin : span[0]],
        Markup(tag),
        escape(changed),
        Markup(tag),
        text[span[1] : end],
        " …" if end < len(text) else "",
    )
