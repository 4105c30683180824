"""What a second reading changed, in a terminal and as JSON."""

from typing import Any

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from purport.brief import terminal
from purport.brief import words as say
from purport.core.changes import Changes
from purport.core.records import Claim, Report
from purport.core.spans import words

_QUIET, _SIGN = Style(dim=True), Style(bold=True)


class Sums(msgspec.Struct):
    """What was read again, added up as the reports come."""

    reports: int = 0
    added: int = 0
    gone: int = 0
    changed: int = 0
    same: int = 0

    def count(self, changes: Changes) -> None:
        self.reports += 1
        self.added += len(changes.added)
        self.gone += len(changes.gone)
        self.changed += len(changes.changed)
        self.same += changes.same


def show(report: Report, changes: Changes, console: Console) -> None:
    """Print what changed in a report, one claim a line and the changed fields below; nothing if nothing did."""
    if not changes:
        return
    terminal.heading(report, console)
    for sign, claims in (("+", changes.added), ("−", changes.gone)):
        for claim in claims:
            console.print(_line(sign, claim, report))
    for one in changes.changed:
        console.print(_line("~", one.after, report))
        for field in one.fields:
            said = f"{say.kind(field.field)}: {_said(field.old)} → {_said(field.new)}"
            console.print(Padding(Text(say.inert(said), overflow="fold"), (0, 0, 0, 4)))
    console.print()


def sums(found: Sums, console: Console) -> None:
    """Print the sums, and what the signs mean."""
    parts = [
        f"{say.number(found.reports, 'report')} read again",
        f"+ {found.added:,} added",
        f"− {found.gone:,} gone",
        f"~ {found.changed:,} changed",
        f"{found.same:,} as before",
    ]
    console.print(Text(" · ".join(parts), style=_SIGN))


def as_json(report: Report, before: str, after: str, changes: Changes) -> dict[str, Any]:
    """One object a report: the versions of its two readers, counts, and the claims added, gone and changed."""
    return {
        "report": report.id,
        "before": before,
        "after": after,
        "counts": {
            "added": len(changes.added),
            "gone": len(changes.gone),
            "changed": len(changes.changed),
            "same": changes.same,
        },
        "added": [_claim(claim, report) for claim in changes.added],
        "gone": [_claim(claim, report) for claim in changes.gone],
        "changed": [
            {
                "before": one.before.id,
                "after": one.after.id,
                "fields": {field.field: {"old": field.old, "new": field.new} for field in one.fields},
            }
            for one in changes.changed
        ],
    }


def _claim(claim: Claim, report: Report) -> dict[str, Any]:
    roles = {name: words(report.text, getattr(claim, name)) for name in ("source", "cue", "content")}
    return {"claim": claim.id, "act": claim.act, "text": roles}


def _line(sign: str, claim: Claim, report: Report) -> Text:
    told = " ".join([say.source(claim, report), say.cue(claim, report), words(report.text, claim.content)])
    line = Text(f"{sign} ", style=_SIGN, overflow="fold")
    line.append(say.inert(told))
    line.append(f"  {terminal.short(claim.id)}", style=_QUIET)
    return line


def _said(value: str) -> str:
    return value or "(none)"
