"""What tracing found, as a tree in the terminal and as JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.text import Text
from rich.tree import Tree

from purport.brief import stories
from purport.brief import words as say
from purport.brief.terminal import short
from purport.core.copies import A_TO_B, B_TO_A, Copy
from purport.core.looks import Cleared, Look
from purport.core.origins import (
    Account,
    Dispute,
    Entry,
    Ground,
    LookAgain,
    Origin,
    Side,
    Thread,
    Traced,
)
from purport.core.records import Report
from purport.core.times import Moment, iso

_BOLD, _QUIET, _MARK = Style(bold=True), Style(dim=True), Style(color="magenta", bold=True)
THREADS = 5  # of a story that are shown, the widest first
GROUNDS = 3  # of an origin
MERGES = 5  # of a story
LONGEST = 110  # letters of a quotation
ORIGIN = "◆"
POINT = "◇"  # no origin of its own, but several reports can't do without it
NOTHING = "○"  # no path to anybody named

Reports = Mapping[str, Report]


def counted(account: Account) -> str:
    """`12 reports, 1 independent origin, 3 untraceable`."""
    parts = [say.number(len(account.reports), "report"), say.number(len(account.origins), "independent origin")]
    return ", ".join([*parts, f"{len(account.untraceable):,} untraceable"])


def show(traced: Traced, reports: Reports, console: Console) -> None:
    """Print a story: its count and origins with their evidence, what is claimed, the disputes, the timeline."""
    tree = Tree(_line(traced.title, _BOLD, f"  {short(traced.story)}"), guide_style=_QUIET)
    if traced.until:
        tree.add(_line(f"as of {iso(traced.until[0])}: nothing later was looked at", _QUIET))
    _account(tree.add(_line(counted(traced.account), _BOLD)), traced.account, reports)
    if traced.threads and [thread.account for thread in traced.threads] != [traced.account]:
        branch = tree.add(_line("What is claimed in several reports", _BOLD))
        for thread in traced.threads[:THREADS]:
            _thread(branch, thread, reports)
        if (rest := len(traced.threads) - THREADS) > 0:
            branch.add(_line(f"and {rest} more (--claims --json lists them all)", _QUIET))
    if reworded := [merge for merge in traced.merges if stories.reworded(merge)]:
        branch = tree.add(_line("Taken for one claim", _BOLD, "  (purport stories undo ID --why … parts two)"))
        for merge in reworded[:MERGES]:
            branch.add(stories.merged(merge, reports))
        if (rest := len(reworded) - MERGES) > 0:
            branch.add(_line(f"and {rest} more (purport stories merges {short(traced.story)})", _QUIET))
    if traced.copies:
        branch = tree.add(_line("Shared words", _BOLD))
        for copy in traced.copies:
            branch.add(_copy(copy, reports))
    if traced.disputes:
        branch = tree.add(_line("Disputes", _BOLD))
        for dispute in traced.disputes:
            _dispute(branch, dispute, reports)
    branch = tree.add(_line("Timeline", _BOLD))
    for entry in traced.timeline:
        if not entry.claim or entry.first or entry.changes:
            branch.add(_entry(entry, reports))
    console.print(tree)


def _account(branch: Tree, account: Account, reports: Reports) -> None:
    for origin in account.origins:
        _origin(branch, origin, account, reports)
    for point in account.points:
        if point.node not in {origin.id for origin in account.origins}:
            count = say.number(len(point.reports), "report")
            on = branch.add(_line(f"{POINT} {count} can't do without ", _MARK, point.name))
            on.add(_line(outlets(point.reports, reports), _QUIET))
    for id in account.untraceable:
        branch.add(_line(f"{NOTHING} untraceable: ", _MARK, outlet(id, reports)))


def _origin(branch: Tree, origin: Origin, account: Account, reports: Reports) -> None:
    every = len(origin.reports) == len(account.reports) > 1
    kind = "a report" if origin.kind == "report" else origin.kind
    how = "every path goes through it" if every else outlets(origin.reports, reports)
    on = branch.add(_line(f"{ORIGIN} {origin.name}", _MARK, f"  {kind}; {how or 'reports with other origins, too'}"))
    for ground in origin.evidence[:GROUNDS]:
        on.add(_ground(ground, reports))
    if (rest := len(origin.evidence) - GROUNDS) > 0:
        on.add(_line(f"and {say.number(rest, 'more piece')} of evidence", _QUIET))
    if origin.behind:
        on.add(_line(f"behind it: {', '.join(origin.behind)}", _QUIET))


def _ground(ground: Ground, reports: Reports) -> Text:
    said = f"“{_cut(ground.words)}”" if ground.words else ""
    where = outlet(ground.report, reports) if ground.report else ""
    record = short(ground.record) if ground.record else ""
    return _line(f"{ground.kind}: ", _QUIET, " ".join(filter(None, (said, where, record))))


def _thread(branch: Tree, thread: Thread, reports: Reports) -> None:
    on = branch.add(_line(f"“{_cut(thread.words)}”", Style(), f"  {counted(thread.account)}"))
    for origin in thread.account.origins:
        on.add(_line(f"{ORIGIN} {origin.name}", _MARK, f"  {outlets(origin.reports, reports)}"))
    for id in thread.account.untraceable:
        on.add(_line(f"{NOTHING} untraceable: ", _MARK, outlet(id, reports)))


def _copy(copy: Copy, reports: Reports) -> Text:
    said, how = copied(copy, reports)
    return _line(said, Style(), f"  {how}  {short(copy.id)}")


def copied(copy: Copy, reports: Reports) -> tuple[str, str]:
    """Who has how much of whose words; and how that is known."""
    backward = copy.direction == B_TO_A
    original, taker, share = (copy.b, copy.a, copy.share_a) if backward else (copy.a, copy.b, copy.share_b)
    if copy.direction not in (A_TO_B, B_TO_A):
        between = f"{outlet(copy.a, reports)} and {outlet(copy.b, reports)}"
        return f"{between}: {copy.kind}", f"{share:.0%}; which way: {copy.direction}"
    said = f"{outlet(taker, reports)} has {share:.0%} of its words from {outlet(original, reports)}"
    return said, copy.kind


def _dispute(branch: Tree, dispute: Dispute, reports: Reports) -> None:
    on = branch.add(_line(f"{dispute.kind}: ", _MARK, dispute.reason))
    for side in (dispute.first, *dispute.answers):
        on.add(
            _line(
                f"{side.who}: ",
                Style(),
                f"“{_cut(side.words, 200)}”  {outlet(side.report, reports)} {short(side.claim)}",
            )
        )


def _entry(entry: Entry, reports: Reports) -> Text:
    what = "reports" if not entry.claim else "first" if entry.first else "changes"
    report = reports.get(entry.report)
    title = " ".join(report.title.split()) if report and report.title else entry.words
    said = f"“{_cut(entry.words)}”" if entry.claim else title
    changes = f"  {'; '.join(entry.changes)}" if entry.changes else ""
    when = f"{say.day(entry.time)}"
    basis = "" if entry.basis == "published" else f" ({entry.basis})"
    shown = _line(f"{when}{basis}  ", _QUIET, f"{outlet(entry.report, reports)} {what}: {said}")
    return shown.append_text(Text(say.inert(changes), style=_MARK))


def heading(traced: Traced, console: Console) -> None:
    """Print a story in two lines."""
    console.print(_line(traced.title, _BOLD, f"  {short(traced.story)}"))
    console.print(_line("  " + counted(traced.account), Style()))


def again(marks: Iterable[LookAgain], console: Console) -> None:
    """Print what has to be looked at again: each reason once, and below it how it leads to what rests on it."""
    by_reason: dict[str, list[LookAgain]] = {}
    for mark in marks:
        by_reason.setdefault(mark.reason, []).append(mark)
    for reason, some in by_reason.items():
        console.print(_line(f"Look again, {say.number(len(some), 'entry', 'entries')}: ", _MARK, reason))
        for mark in some:
            console.print(_line(f"  {mark.kind} {short(mark.id)}", Style()))
            path = say.SEPARATOR.join(_cut(name, 60) for name in mark.path)
            console.print(Padding(_line(path, _QUIET), (0, 0, 0, 4)))


def booked(one: Look, console: Console, name: str = "", cleared: Sequence[Cleared] = ()) -> None:
    """Print a mark that was booked, and what cleared it."""
    called = _cut(name or (one.path[0] if one.path else one.subject), 60)
    head = "Cleared: " if cleared else "Look again: "
    console.print(
        _line(head, _QUIET if cleared else _MARK, f"{one.kind} {short(one.subject)}  {called}  {short(one.id)}")
    )
    console.print(_line("  " + one.reason, _QUIET))
    for done in cleared:
        console.print(_line(f"  {done.who}, {done.at:%Y-%m-%d %H:%M}: {done.why}", _QUIET))


def outlets(ids: Iterable[str], reports: Reports) -> str:
    """Their outlets, in the order of publication."""

    def when(id: str) -> tuple[bool, str]:
        published = reports[id].published if id in reports else ()
        return not published, published[0].start.isoformat() if published else ""

    return ", ".join(outlet(id, reports) for id in sorted(ids, key=when))


def outlet(id: str, reports: Reports) -> str:
    """The outlet, with the day where it has several reports; the title where it is not known."""
    report = reports.get(id)
    if report is None:
        return short(id)
    several = sum(one.outlet == report.outlet for one in reports.values()) > 1
    day = f" of {report.published[0].start.day} {report.published[0].start:%B}" if report.published and several else ""
    return f"{report.outlet}{day}" if report.outlet else _cut(report.title, 40) or short(id)


def _cut(words: str, longest: int = LONGEST) -> str:
    said = " ".join(words.split())
    return said if len(said) <= longest else said[: longest - 1].rstrip() + "…"


def _line(words: str, style: Style, quiet: str = "") -> Text:
    shown = Text(say.inert(words), style=style, overflow="fold")
    return shown.append(say.inert(quiet), style=_QUIET if style != _QUIET else Style()) if quiet else shown


def as_json(traced: Traced) -> dict[str, Any]:
    """A story in the shape that others build on (docs/trace.md)."""
    return _shape(traced.story, traced.account, traced) | {
        "disputes": [_of_dispute(one) for one in traced.disputes],
        "copies": list(traced.copies),
        "timeline": [_of_entry(one) for one in traced.timeline],
    }


def thread_as_json(traced: Traced, thread: Thread) -> dict[str, Any]:
    """One thing that is claimed, in the same shape: its disputes and times are those of its claims."""
    claims, ids = set(thread.claims), set(thread.account.reports)
    return _shape(traced.story, thread.account, traced) | {
        "disputes": [_of_dispute(one) for one in traced.disputes if claims & set(_claims(one))],
        "copies": [one for one in traced.copies if one.a in ids and one.b in ids],
        "timeline": [_of_entry(one) for one in traced.timeline if one.claim in claims],
        "thread": thread.id,
        "words": thread.words,
        "claims": thread.claims,
    }


def _claims(dispute: Dispute) -> Iterator[str]:
    yield from (side.claim for side in (dispute.first, *dispute.answers))


def _shape(story: str, account: Account, traced: Traced) -> dict[str, Any]:
    return {
        "story": story,
        "reports": list(account.reports),
        "origins": [{"id": one.id, "name": one.name, "evidence": list(one.evidence)} for one in account.origins],
        "untraceable": list(account.untraceable),
    }


def _of_dispute(dispute: Dispute) -> dict[str, Any]:
    def side(one: Side) -> dict[str, Any]:
        return msgspec.structs.asdict(one)

    return {
        "id": dispute.id,
        "kind": dispute.kind,
        "first": side(dispute.first),
        "answer": next((side(one) for one in dispute.answers), None),
        "reason": dispute.reason,
    }


def _of_entry(entry: Entry) -> dict[str, Any]:
    return msgspec.structs.asdict(entry) | {"time": _moment(entry.time)}


def _moment(time: Moment) -> dict[str, Any]:
    return {"words": time.words, "start": iso(time.start), "end": iso(time.end)}
