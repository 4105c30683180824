"""Claims as a table for spreadsheets: CSV as RFC 4180 has it, and no cell that a spreadsheet would run."""

import csv
from typing import TextIO

from purport.brief.exports.parcel import Parcel, Piece, selector
from purport.brief.sheet import COLUMNS as PLAIN
from purport.brief.sheet import cell, row
from purport.core.records import Claim

COLUMNS = (*PLAIN, "begins", "ends", "url", "text_digest", "capture_digest", "captured", "reviewed", "tlp", "note")


def write(parcel: Parcel, out: TextIO) -> None:
    """A header and a row a claim; then a row for each remark, with its words in `note` and nothing else."""
    table = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    for piece in parcel.pieces():
        table.writerows({name: cell(value) for name, value in _row(piece, claim).items()} for claim in piece.claims)
    table.writerows({"note": cell(remark)} for remark in parcel.remarks())


def _row(piece: Piece, claim: Claim) -> dict[str, str]:
    _, (begins, ends) = selector(claim, piece.report)
    return row(claim, piece.report) | {
        "begins": str(begins),
        "ends": str(ends),
        "url": piece.report.url,
        "text_digest": piece.report.text_digest,
        "capture_digest": piece.capture.digest,
        "captured": piece.capture.taken.isoformat(),
        "reviewed": piece.stands.get(claim.id, ""),
        "tlp": f"TLP:{piece.level}",
    }
