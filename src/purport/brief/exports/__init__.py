"""What others can read: an export in each standard, a module a standard. docs/exports.md says what maps to what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, TypeAlias

from purport.brief.exports import annotations, claimreview, ftm, mediareview, prov, site, stix, table
from purport.brief.exports.parcel import Cover, Footage, Parcel, Piece

Write: TypeAlias = Callable[[Parcel, TextIO], None]


@dataclass(frozen=True, slots=True)
class Form:
    """One standard: its name for people, the ending and media type of its file, and what writes it."""

    name: str
    ending: str
    media_type: str
    write: Write


FORMS: Mapping[str, Form] = {
    "stix": Form("STIX 2.1 bundle", ".stix.json", "application/stix+json;version=2.1", stix.write),
    "claimreview": Form(
        "ClaimReview (schema.org), not rated", ".claimreview.json", "application/ld+json", claimreview.write
    ),
    "mediareview": Form("MediaReview (schema.org)", ".mediareview.json", "application/ld+json", mediareview.write),
    "annotations": Form("W3C Web Annotations", ".annotations.json", "application/ld+json", annotations.write),
    "prov": Form("PROV-JSON", ".prov.json", "application/json", prov.write),
    "ftm": Form("FollowTheMoney entities", ".ftm.json", "application/x-ndjson", ftm.write),
    "csv": Form("table for spreadsheets (CSV)", ".csv", "text/csv; charset=utf-8", table.write),
}
"""What is written into one file."""

SITE = "site"  # a folder of pages: `site.write(parcel, folder)`


def write_site(parcel: Parcel, folder: Path) -> None:
    """A site of pages in a folder that is there and empty."""
    site.write(parcel, folder)


__all__ = ["FORMS", "SITE", "Cover", "Footage", "Form", "Parcel", "Piece", "write_site"]
