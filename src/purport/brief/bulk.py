"""Bulk work on the screen: a line a file, the sums, what could not be done."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import msgspec
from rich.text import Text

from purport.brief.words import inert, number
from purport.core.bulk import Receipt

ROWS = {"reports": "report", "claims": "claim", "gaps": "gap", "releases": "release", "hashes": "hash"}


@dataclass(slots=True)
class Sums:
    """What all files came to, counted as they come."""

    files: int = 0
    known: int = 0
    failed: int = 0
    rows: Counter[str] = field(default_factory=Counter)

    def count(self, receipt: Receipt) -> None:
        self.files += 1
        self.known += receipt.known
        self.failed += bool(receipt.faults)
        if not receipt.known:
            self.rows.update(receipt.rows)


def line(receipt: Receipt) -> Text:
    """`crawl-0007.warc.gz  31 reports, 902 claims, 2 gaps  4.1 s`."""
    told = Text(inert(receipt.input.place), overflow="fold")
    for fault in receipt.faults:
        return told.append(f"  {inert(fault.detail)}", style="yellow")
    if receipt.known:
        return told.append("  was done before", style="dim")
    return told.append(f"  {said(receipt.rows)}").append(f"  {receipt.seconds:.1f} s", style="dim")


def said(rows: dict[str, int] | Counter[str]) -> str:
    counted = [number(count, ROWS[name], "hashes" * (name == "hashes")) for name, count in rows.items() if name in ROWS]
    if "new" in rows:
        counted.append(f"{number(rows['new'], 'new entry', 'new entries')} in the ledger")
    return ", ".join(counted)


def sums(made: Sums, out: str, seconds: float) -> str:
    """What the run came to."""
    done = made.files - made.known - made.failed
    counts = [f"{number(done, 'file')} done"]
    counts += [f"{made.known:,} done before"] * bool(made.known) + [f"{made.failed:,} failed"] * bool(made.failed)
    what = f": {said(made.rows)}" if made.rows else ""
    return f"{', '.join(counts)}{what}. {seconds:.1f} s. In {inert(out)}."


def as_json(receipt: Receipt) -> dict[str, Any]:
    """One line of `--json`."""
    return {
        "place": receipt.input.place,
        "name": receipt.input.name,
        "rows": receipt.rows,
        "version": receipt.version,
        "seconds": round(receipt.seconds, 3),
        "processor": round(receipt.processor, 3),
        "known": receipt.known,
        "faults": [msgspec.to_builtins(one) for one in receipt.faults],
    }
