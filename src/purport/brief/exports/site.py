"""An export as a site of pages that nobody has to serve: it opens from a folder and loads nothing from elsewhere.

index.html leads to reports (each with its text and claims), stories with the picture of what they rest on, pages of
claims, and a search by a small script that stands, with what it searches, in its page. Each page has a policy that lets
no other style or script in.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from purport.brief import html, trace_picture, trace_tree
from purport.brief import words as say
from purport.brief.brief import arrange, build
from purport.brief.exports.parcel import Parcel, Piece, heading, who
from purport.core.origins import Side, Traced
from purport.core.records import Reading, Report
from purport.core.spans import words

ROOMS = (("index.html", "Reports"), ("claims-1.html", "Claims"), ("search.html", "Search"))
AT_ONCE = 200  # entries on a page
SEARCHED = 20_000  # claims that the page with the search carries: some megabytes
ENTRIES = 400  # of a timeline


class Row(msgspec.Struct, frozen=True):
    """A report in a list."""

    id: str
    title: str
    outlet: str
    published: str
    claims: int
    level: str


class Line(msgspec.Struct, frozen=True):
    """A claim in a list."""

    report: str
    number: int  # on its report's page
    who: str
    cue: str
    content: str
    marks: tuple[tuple[str, str], ...]
    title: str
    outlet: str
    published: str


class Site:
    """Pages in a folder."""

    def __init__(self, parcel: Parcel, folder: Path) -> None:
        self._parcel, self._folder = parcel, folder

    def put(self, path: str, template: str, script: str = "", drawn: bool = False, **given: Any) -> None:
        """Write a page; `drawn`: it holds a drawing as a data URL, whose style so stays its own."""
        looks = _style()
        runs = f"script-src '{html.source_hash(script)}'; " if script else ""
        policy = f"default-src 'none'; style-src '{html.source_hash(looks)}'; {runs}{'img-src data:; ' * drawn}"
        policy += "base-uri 'none'; form-action 'none'"
        made = (
            html.templates()
            .get_template(template)
            .render(
                policy=Markup(policy),
                style=Markup(looks),
                script=Markup(script),
                cover=self._parcel.cover,
                rooms=ROOMS,
                at=path,
                up="../" * path.count("/"),
                **given,
            )
        )
        self.save(path, made)

    def save(self, path: str, page: str) -> None:
        file = self._folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(page, encoding="utf-8", errors="replace")


def write(parcel: Parcel, folder: Path) -> None:
    """All pages. Raises EvidenceError when a claim's words don't stand where it says."""
    site = Site(parcel, folder)
    inside = {id for story in parcel.stories for id in story.account.reports}
    rows: list[Row] = []
    told: dict[str, Report] = {}  # of the stories
    found: list[list[Any]] = []
    waiting: list[Line] = []
    number = 1
    for piece in parcel.pieces():
        site.save(f"report/{piece.report.id}.html", _report(piece, parcel))
        rows.append(_row(piece))
        if piece.report.id in inside:
            told[piece.report.id] = piece.report
        for line in _lines(piece):
            if len(waiting) == AT_ONCE:  # a page is written when it is known that another one comes
                site.put(f"claims-{number}.html", "site_claims.html", claims=waiting, number=number, more=True)
                waiting, number = [], number + 1
            waiting.append(line)
            if len(found) < SEARCHED:
                found.append([len(rows) - 1, line.who, line.cue, line.content, _labels(line), line.number])
    site.put(f"claims-{number}.html", "site_claims.html", claims=waiting, number=number, more=False)
    for start in range(AT_ONCE, len(rows), AT_ONCE):
        n, more = start // AT_ONCE + 1, start + AT_ONCE < len(rows)
        site.put(f"reports-{n}.html", "site_reports.html", rows=rows[start : start + AT_ONCE], number=n, more=more)
    _search(site, rows, found, parcel.counts["claims"])
    listed = {row.id: row for row in rows}
    for story in parcel.stories:
        _story(site, story, told, listed)
    stories = [
        (one.story, one.title or one.story, trace_tree.counted(one.account), len(one.disputes))
        for one in parcel.stories
    ]
    site.put(
        "index.html",
        "site_index.html",
        stories=stories,
        rows=rows[:AT_ONCE],
        more=len(rows) > AT_ONCE,
        counts=parcel.counts,
        remarks=parcel.remarks(),
    )


def _report(piece: Piece, parcel: Parcel) -> str:
    """The page of a report: what `purport brief` makes of it."""
    reading = Reading(piece.reading, piece.report.id, piece.reader, piece.claims)
    made = build([(piece.report, reading)], [piece.capture], piece.gaps, parcel.cover.made, heading(piece.report))
    return html.render(made, home="../index.html")


def _row(piece: Piece) -> Row:
    report = piece.report
    published = next(map(say.day, report.published), "")
    return Row(report.id, heading(report), report.outlet, published, len(piece.claims), piece.level)


def _lines(piece: Piece) -> Iterator[Line]:
    report = piece.report
    for number, (claim, _) in enumerate(arrange(piece.claims), 1):
        if not claim.repeated:
            yield Line(
                report=report.id,
                number=number,
                who=who(claim, report) or "(no source named)",
                cue=say.cue(claim, report),
                content=" ".join(words(report.text, claim.content).split()),
                marks=tuple(say.marks(claim)),
                title=heading(report),
                outlet=report.outlet,
                published=next(map(say.day, report.published), ""),
            )


def _labels(line: Line) -> str:
    return ", ".join(word for _, word in line.marks)


def _search(site: Site, rows: Sequence[Row], found: Sequence[Sequence[Any]], count: int) -> None:
    reports = [[row.id, row.title, row.outlet, row.published] for row in rows]
    held = msgspec.json.encode({"reports": reports if found else [], "claims": found}).decode()
    # what could end the element, or begin a comment in it, is written as JSON writes any sign
    data = held.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    more = max(0, count - SEARCHED) if len(found) == SEARCHED else 0
    site.put(
        "search.html",
        "site_search.html",
        html.asset("site.js"),
        data=Markup(data),
        searched=len(found),
        more=more,
    )


def _story(site: Site, story: Traced, reports: Mapping[str, Report], listed: Mapping[str, Row]) -> None:
    account = story.account
    drawn = trace_picture.draw(story, reports)
    entries = [one for one in story.timeline if not one.claim or one.first or one.changes]
    site.put(
        f"story/{story.story}.html",
        "site_story.html",
        drawn=True,
        story=story,
        counted=trace_tree.counted(account),
        picture=f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}",
        alt=trace_picture.told(story, reports),
        size=trace_picture.size(story, reports),
        origins=[(one.name, one.kind, trace_tree.outlets(one.reports, reports)) for one in account.origins],
        untraceable=trace_tree.outlets(account.untraceable, reports),
        disputes=[
            (one.kind, one.reason, [_side(side, reports) for side in (one.first, *one.answers)])
            for one in story.disputes
        ],
        timeline=[
            (
                say.day(one.time),
                trace_tree.outlet(one.report, reports),
                "report" if not one.claim else "first" if one.first else "; ".join(one.changes),
                (reports[one.report].title if not one.claim else one.words) or one.words or one.report,
                one.report,
            )
            for one in entries[:ENTRIES]
            if one.report in reports
        ],
        rows=[listed[id] for id in account.reports if id in listed],
    )


def _side(side: Side, reports: Mapping[str, Report]) -> dict[str, str]:
    return {
        "who": side.who,
        "words": " ".join(side.words.split()),
        "report": side.report,
        "outlet": trace_tree.outlet(side.report, reports),
    }


def _style() -> str:
    return html.asset("brief.css") + html.asset("site.css")
