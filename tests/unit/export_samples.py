"""A house with invented reports to export, marks in its ledger, and a parcel of it."""

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import house_samples as samples
import pytest

from purport.app import House
from purport.app.parcels import Wanted, parcel
from purport.brief.exports import FORMS, Parcel
from purport.ledger.marks import Marks

# followthemoney wants ICU and a compiler, which not every machine has; CI installs it (.ci/run)
HAS_FTM = find_spec("followthemoney") is not None
needs_ftm = pytest.mark.skipif(not HAS_FTM, reason='pip install "purport[ftm]" checks exports to FollowTheMoney')
HERE = tuple(
    pytest.param(form, marks=needs_ftm) if form == "ftm" else form for form in FORMS
)  # the forms, to test each
INSTALLED = tuple(form for form in FORMS if form != "ftm" or HAS_FTM)

ROWS = (
    {
        "url": "https://kest.example/crane",
        "title": "Crane falls at Kest",
        "outlet": "kest.example",
        "byline": "Ona Vell",
        "published": "2031-03-12",
        "text": "🏗️ The union said 14 dockers were hurt. The ministry denied the crane had been repaired badly.",
    },
    {
        "url": "https://sailor.example/1",
        "title": "=A crane, again",
        "outlet": "sailor.example",
        "published": "2031-03-12",
        "text": "The clerk said =HYPERLINK(1) </script><b>ñandú</b> was seen. The mayor said she knew of nothing.",
    },
    {"title": "Nobody claims", "outlet": "sailor.example", "text": "Nothing of note happened at the pier on Monday."},
)


def stocked(folder: Path) -> House:
    """Three reports, four claims."""
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    house = samples.house(folder)
    house = replace(house, marks=(Marks(house.view._engine, "lead@test", house.clock.now),))  # type: ignore[attr-defined]
    samples.read(house, path)
    return house


def packed(house: House, form: str = "csv", **asked: object) -> Parcel:
    return parcel(house, Wanted(form, **asked), tool="purport 9.9")  # type: ignore[arg-type]
