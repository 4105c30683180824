"""Claims as rows of a table for spreadsheets (CSV, RFC 4180)."""

import csv
from collections.abc import Iterable
from typing import TextIO

from purport.brief.words import inert
from purport.core.records import Claim, Reading, Report
from purport.core.spans import words
from purport.core.times import iso

COLUMNS = (
    *("report", "claim", "within", "published", "outlet", "title", "source", "speaker", "source_kind", "act", "stance"),
    *("polarity", "certainty", "quote", "cue", "content", "target", "said_at", "chain", "confidence"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet take a cell for a formula


def write(readings: Iterable[tuple[Report, Reading]], out: TextIO) -> None:
    """A header and a row a claim, nested ones too (`within` names the claim around one)."""
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    for report, reading in readings:
        for claim in reading.claims:
            table.writerow({name: cell(value) for name, value in row(claim, report).items()})


def cell(text: str) -> str:
    """The text as a spreadsheet shows it and never runs it; controls are made visible, for it may go to a terminal."""
    shown = inert(text, keep="\n")
    return "'" + shown if text.startswith(FORMULA) else shown


def row(claim: Claim, report: Report) -> dict[str, str]:
    return {
        "report": report.id,
        "claim": claim.id,
        "within": claim.within,
        "published": next((iso(moment.start) for moment in report.published), ""),
        "outlet": report.outlet,
        "title": report.title,
        "source": words(report.text, claim.source),
        "speaker": next((speaker.text for speaker in claim.speaker), ""),
        "source_kind": claim.source_kind,
        "act": claim.act,
        "stance": claim.stance,
        "polarity": {"+": "positive", "-": "negative"}[claim.polarity],
        "certainty": claim.certainty,
        "quote": claim.quote,
        "cue": words(report.text, claim.cue),
        "content": words(report.text, claim.content),
        "target": next((target.text for target in claim.target), ""),
        "said_at": next((iso(moment.start) for moment in claim.time), ""),
        "chain": " > ".join(hop.text for hop in claim.chain),
        "confidence": f"{claim.confidence:.3f}",
    }
