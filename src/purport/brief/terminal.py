"""Claims, gaps and reports in a terminal: at 80 columns or 200, with or without colour.

All words go through `inert` and are printed as `Text`, so that neither escape sequences nor rich's own
markup in a report's words can do anything.
"""

import re
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.style import Style
from rich.table import Table
from rich.text import Text

from purport.brief import words as say
from purport.brief.brief import Counts, arrange, count
from purport.core.records import Claim, Gap, Reading, Report
from purport.core.spans import Span, cover, words
from purport.core.times import iso

_SOURCE, _CUE, _CONTENT = Style(bold=True), Style(color="yellow"), Style(underline=True)
_QUIET, _MARK = Style(dim=True), Style(color="magenta", bold=True)
_WIDE = 120  # columns from which "about whom" and "when" get columns of their own
_WIDEST = 180
_NUMBER = 4
_DEEPEST = 4  # steps of indentation; deeper claims keep the room for their words
_LONGEST = 600  # characters of context on either side of a claim


def table(readings: Iterable[tuple[Report, Reading]], console: Console, gaps: Sequence[Gap] = ()) -> Counts:
    """Print the claims of each report as they come, then what there was; returns the sums.

    `gaps` is counted after the last reading, so a list that fills while `readings` is drawn from is right.
    """
    sums = Counts(0, 0, 0, 0, 0)
    repeated = 0
    for report, reading in readings:
        heading(report, console)
        _claims(report, reading.claims, console)
        of_report = count([reading.claims])
        sums = Counts(*(getattr(sums, f) + getattr(of_report, f) for f in Counts.__struct_fields__))
        repeated += len(reading.claims) - of_report.claims
    sums = Counts(sums.reports, sums.claims, sums.distanced, sums.denials, len(gaps))
    parts = [say.number(sums.reports, "report"), say.number(sums.claims, "claim")]
    parts += [f"{sums.distanced:,} distanced", say.number(sums.denials, "denial"), say.number(sums.gaps, "gap")]
    if repeated:
        parts.append(f"{repeated:,} said before")
    console.print(Text(" · ".join(parts), style=Style(bold=True)))
    return sums


def heading(report: Report, console: Console) -> None:
    """Title, outlet, byline, date and credits of a report, and the id one asks for it by."""
    console.print(_text(report.title or "Without a headline", Style(bold=True)))
    about = [report.outlet, report.byline, *map(say.day, report.published)]
    about += [f"credit: {credit}" for credit in say.credits(report)]
    console.print(_text(" · ".join([*filter(None, about), short(report.id)]), _QUIET))


def short(id: str) -> str:
    """The beginning of an id that `purport show` takes for the whole: `claim-3f0c9a12`."""
    kind, _, digits = id.rpartition("-")
    return f"{kind}-{digits[:8]}" if kind else id


def _text(words: str, style: Style = Style()) -> Text:  # noqa: B008 (a Style never changes)
    return Text(say.inert(words), style=style, overflow="fold")


def _claims(report: Report, claims: Sequence[Claim], console: Console) -> None:
    if not claims:
        console.print(Text("No attributed claims were found.\n", style=_QUIET))
        return
    width = min(console.width, _WIDEST)
    wide = width >= _WIDE
    names = ["", "who says", "how", "what", *(["about whom", "when"] if wide else [])]
    console.print(_row([Text(name, style=_QUIET) for name in names], width))
    console.print(Rule(style=_QUIET), width=width)
    for i, (claim, depth) in enumerate(arrange(claims), 1):
        console.print(_row(_cells(claim, report, i, depth, wide), width, dim=claim.repeated))
        left = _NUMBER + 2 * min(depth, _DEEPEST)
        under = [say.chain(claim, report)]
        under += [f for f in say.facts(claim) if not wide or not _in_column(f, claim)]
        under += [f"{claim.confidence:.2f}", short(claim.id)]
        console.print(Padding(_text(" · ".join(under), _QUIET), (0, 0, 1, left)), width=width)


def _in_column(fact: str, claim: Claim) -> bool:
    return fact.startswith("about ") or fact in {say.when(t) for t in claim.time}


def _row(cells: Sequence[Text | Padding], width: int, dim: bool = False) -> Table:
    shares = (24, 20, 48, 18, 18) if len(cells) > 4 else (26, 28, 46)
    room = width - _NUMBER - 2 * (len(cells) - 2)
    row = Table.grid(padding=(0, 2, 0, 0))
    row.add_column(width=_NUMBER - 2)
    for share in shares:
        row.add_column(width=max(6, room * share // sum(shares)), overflow="fold")
    row.add_row(*cells, style=_QUIET if dim else None)
    return row


def _cells(claim: Claim, report: Report, number: int, depth: int, wide: bool) -> list[Text | Padding]:
    step = min(depth, _DEEPEST)
    who = Text("└ " if depth else "", style=_QUIET, overflow="fold")
    who.append_text(_text(say.source(claim, report), _SOURCE))
    if say.speaker(claim, report):
        who.append_text(_text(f" ({say.speaker(claim, report)})"))
    cells: list[Text | Padding] = [
        Text(str(number), style=_QUIET),
        Padding(who, (0, 0, 0, 2 * (step - 1))) if step > 1 else who,
        _how(claim, report),
        _text(words(report.text, claim.content)),
    ]
    if wide:
        cells.append(_text(", ".join(t.text for t in claim.target)))
        cells.append(_text(", ".join(say.when(t) for t in claim.time)))
    return cells


def _how(claim: Claim, report: Report) -> Text:
    marks = say.marks(claim)
    how = Text(" ".join([*(sign for sign, _ in marks), ""]) if marks else "", style=_MARK, overflow="fold")
    how.append_text(_text(say.cue(claim, report), _CUE))
    tags = [Text(word, style=_MARK) for _, word in marks]
    act = say.act(claim, report)
    if act:
        tags.append(_text(act))
    if tags:
        how.append("\n").append_text(Text(" · ").join(tags))
    return how


def gaps(found: Iterable[Gap], console: Console) -> None:
    """Print what could not be fetched, read or decided, each with its mend."""
    listed = list(found)
    if not listed:
        console.print(Text("No gaps were written down."))
        return
    for gap in listed:
        head = Text("gap ", style=_MARK)
        head.append_text(_text(f"{say.kind(gap.cause)} ({say.kind(gap.stage)}) ", Style(bold=True)))
        head.append_text(_text(gap.subject, _QUIET))
        head.overflow = "fold"
        console.print(head)
        console.print(Padding(_text(gap.detail), (0, 0, 0, 4)))


def one(claim: Claim, report: Report, console: Console) -> None:
    """Print all of a claim: its sentence with the roles marked, each field, and the words that decided it."""
    sentence(claim, report, console)
    console.print()
    console.print(_fields(claim, report))
    if claim.reasons:
        console.print()
        console.print(Text("Read so because of", style=_QUIET))
        because = Table.grid(padding=(0, 2, 0, 0))
        for r in claim.reasons:
            cells = (r.value, f"“{r.words}”", f"{r.span[0]}–{r.span[1]}", r.rule)
            because.add_row(_text(say.kind(r.what), _QUIET), *map(_text, cells))
        console.print(Padding(because, (0, 0, 0, 2)))


def sentence(claim: Claim, report: Report, console: Console) -> None:
    """Print the heading of a claim's report and its sentence with the roles marked."""
    heading(report, console)
    console.print()
    console.print(_marked(report, (claim,), around(report.text, claim), console))
    if not _colours(console):
        console.print(Text("(_source_ *cue* [content])"))


def _fields(claim: Claim, report: Report) -> Table:
    def role(name: str, pieces: Sequence[Span]) -> tuple[str, str]:
        places = " ".join(f"{s}–{e}" for s, e in pieces)
        return name, f"{words(report.text, tuple(pieces))}  [{places}]" if pieces else "(none)"

    marks = " ".join(f"{sign} {word}" for sign, word in say.marks(claim))
    quoted = claim.selector
    rows = [
        ("claim", claim.id),
        ("report", report.id),
        role("source", claim.source),
        *(("speaker", f"{s.text}  [{s.span[0]}–{s.span[1]}]  confidence {s.confidence:.2f}") for s in claim.speaker),
        ("source kind", say.kind(claim.source_kind)),
        role("cue", claim.cue),
        role("content", claim.content),
        ("act", claim.act.replace("_", " ")),
        ("stance", f"{claim.stance} (of the reporter)" + (f"  {marks}" if marks else "")),
        ("polarity", claim.polarity),
        ("certainty", f"{claim.certainty} (of the source)"),
        ("quotation", claim.quote),
        *(("about whom", f"{t.text}  [{t.span[0]}–{t.span[1]}]") for t in claim.target),
        *(("when", f"{say.when(t)}  {iso(t.start)} – {iso(t.end)}") for t in claim.time),
        ("chain", say.chain(claim, report)),
        ("inside", claim.within or "no other claim"),
        ("confidence", f"{claim.confidence:.2f}"),
        ("selector", f"{quoted.type}: …{quoted.prefix}⟦{quoted.exact}⟧{quoted.suffix}…"),
        ("text digest", report.text_digest),
        ("capture", report.capture),
    ]
    if claim.repeated:
        rows.append(("repeated", "said before in this report: not counted again"))
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in rows:
        grid.add_row(Text(name, style=_QUIET), _text(value))
    return grid


def whole(report: Report, console: Console, claims: Sequence[Claim] = ()) -> None:
    """Print a report: its heading, where it came from, and its text with the roles of its claims marked."""
    heading(report, console)
    grid = Table.grid(padding=(0, 2, 0, 0))
    for name, value in (
        ("report", report.id),
        ("capture", report.capture),
        ("text digest", report.text_digest),
        ("url", report.url),
        ("language", report.language),
        ("input id", report.input_id),
    ):
        if value:
            grid.add_row(Text(name, style=_QUIET), _text(value))
    console.print(grid)
    console.print()
    console.print(_marked(report, claims, (0, len(report.text)), console))
    if claims and not _colours(console):
        console.print(Text("(_source_ *cue* [content])"))


_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*\s+|\n")


def around(text: str, claim: Claim) -> Span:
    """The sentence or sentences that hold a claim, at most 600 characters to either side."""
    first, last = cover((*claim.source, *claim.cue, *claim.content))
    begin, end = max(0, first - _LONGEST), min(len(text), last + _LONGEST)
    for found in _SENTENCE_END.finditer(text, begin, first):
        begin = found.end()
    # From one character back, so that a full stop that the claim itself holds ends the sentence.
    found_end = _SENTENCE_END.search(text, max(first, last - 2), end)
    return begin, max(last, found_end.end()) if found_end else end


def _colours(console: Console) -> bool:
    return console.color_system is not None and not console.no_color


def _marked(report: Report, claims: Sequence[Claim], where: Span, console: Console) -> Text:
    """The text of a stretch with the roles of some claims in it: styled, or set off by signs without colour."""
    begin, end = where
    shown = Text(say.inert(report.text[begin:end], keep="\n"), overflow="fold")
    signs: list[tuple[int, str]] = []
    for claim in claims:
        for pieces, style, (opening, closing) in (
            (claim.content, _CONTENT, "[]"),
            (claim.source, _SOURCE, "__"),
            (claim.cue, _CUE, "**"),
        ):
            for s, e in pieces:
                s, e = max(s, begin) - begin, min(e, end) - begin
                if s < e:
                    shown.stylize(style, s, e)
                    signs += [(s, opening), (e, closing)]
    if _colours(console):
        return shown
    plain, last = [], 0
    for at, sign in sorted(signs, key=lambda p: (p[0], p[1] not in "]")):
        plain += [shown.plain[last:at], sign]
        last = at
    return Text("".join([*plain, shown.plain[last:]]), overflow="fold")
