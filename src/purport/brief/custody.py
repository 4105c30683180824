"""The custody log on the screen: a line an entry, and what was found when all of it was verified."""

from collections.abc import Iterator

from rich.text import Text

from purport.brief.screen import Screen
from purport.brief.words import inert
from purport.core.custody import Entry, Stamp, Verified


def row(entry: Entry, shown: Screen) -> None:
    """Who did what, when, and what came of it."""
    brought = [f"{one.table} {one.last - one.first + 1:,}" for one in entry.rows]
    told = " · ".join(part for part in (entry.detail, ", ".join(entry.inputs), ", ".join(brought)) if part)
    line = Text(f"{entry.number:>6}  ", style="dim")
    line.append(f"{entry.at:%Y-%m-%d %H:%M:%S}  ", style="dim")
    line.append(f"{inert(entry.who)}  ")
    line.append(f"{inert(entry.what):<8}", style="bold")
    line.append("  " if entry.outcome == "done" else f"  {inert(entry.outcome)}: ", style="yellow")
    line.append(inert(told))
    shown.print(line, soft_wrap=True)


def stamp(got: Stamp, signed: bool) -> str:
    checked = "its signature holds" if signed else "its signature was not checked, for want of --ca"
    return (
        f"Stamped: {_entries(got.first, got.last)} of the custody log, {got.at:%Y-%m-%d %H:%M:%S} UTC by "
        f"{inert(got.authority)}; {checked}."
    )


def verified(found: Verified, files: bool) -> Iterator[str]:
    """What was gone through and is as it was written, line by line; what was not looked at is told, too."""
    yield f"Custody log   {_many(found.entries, 'entry', 'entries')}, in order and unaltered"
    yield f"Ledger        {_many(found.rows, 'row', 'rows')}, each as its entry vouches for"
    if found.stamps:
        checked = "signatures hold" if found.signed else "signatures not checked, for want of --ca"
        yield f"Time stamps   {found.stamps:,}, over entries 1 to {found.stamped:,}; {checked}"
    else:
        yield "Time stamps   none yet: purport stamp --authority URL"
    if files:
        yield f"Kept files    {found.files:,}, each with the bytes of its digest"
        archives = _many(found.archives, "WARC file", "WARC files")
        yield f"Archives      {archives}, {_many(found.exchanges, 'exchange', 'exchanges')}"
    else:
        yield "Files         not looked at"
    for note in found.notes:
        yield f"Note          {inert(note)}"
    yield f"Head          {found.head}"


def _entries(first: int, last: int) -> str:
    return f"entry {first:,}" if first == last else f"entries {first:,} to {last:,}"


def _many(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
