"""Draws docs/trace.svg: an invented story of thirty reports with few origins, traced.

python scripts/trace_picture.py docs/trace.svg
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "unit"))

from trace_samples import Told

from purport.app.tracing import Corpus, trace
from purport.brief import trace_picture
from purport.core.origins import Story, Traced
from purport.core.records import Report
from purport.trace.graph import build
from purport.trace.known import know
from purport.trace.together import stories

WORDS = "forty men crossed the causeway"
WIRE = {"says": [["Coast Monitor", "organisation", WORDS]]}
PAPERS = (
    "Sennet Courier", "Northlight", "Valley Times", "Evening Sun", "Morning Star", "Hale Herald", "Low Hythe Post",
    "Canal News", "Marsh Gazette", "Tide Table", "Salt Mirror", "Breakwater", "Wave",
)  # fmt: skip


def story() -> list[dict[str, Any]]:
    """A wire story and its copies; those who copied the copies; two witnesses; footage; sources and a circle."""
    told: list[dict[str, Any]] = [{"outlet": "Harbour Wire", **WIRE}]
    told += [{"outlet": name, "copies": ["Harbour Wire"], **WIRE} for name in PAPERS[:8]]
    told += [{"outlet": name, "copies": ["Northlight"], **WIRE} for name in PAPERS[8:]]
    told += [{"outlet": name, "credits": ["Ostrel Wire"], **WIRE} for name in ("Kelm Today", "Pier Review", "Dune FM")]
    told += [{"outlet": "Ellin Observer", "says": [["Oda Brell", "person", WORDS, "told Observer"]]}]
    told += [{"outlet": "Ferry Daily", "copies": ["Ellin Observer"], "says": [["Oda Brell", "person", WORDS]]}]
    told += [{"outlet": "Velmora Today", "says": [["Tamsin Orrel", "person", WORDS]]}]
    told += [
        {"outlet": name, "shows": "tide.mp4", "says": [["the video", "video", WORDS]]} for name in ("Lens", "Clip")
    ]
    told += [{"outlet": "Reel", "credits": ["Lens", "Clip"], "says": [["the video", "video", WORDS]]}]
    told += [{"outlet": name, "says": [["sources", "unnamed", WORDS]]} for name in ("Rumour Mill", "Night Owl")]
    told += [
        {"outlet": one, "credits": [other], "says": [["people", "collective", WORDS]]}
        for one, other in (("Echo", "Answer"), ("Answer", "Echo"))
    ]
    told += [{"outlet": name, "links": ["Harbour Wire"]} for name in ("Digest", "Round-up")]
    told += [
        {
            "outlet": "Grid Letter",
            "says": [
                ["Velmora Grid", "organisation", "a mast fell"],
                ["the mayor", "office", "all were safe"],
                ["Lena Orrel", "person", "the lamps went out"],
            ],
        }
    ]
    return told


def made() -> tuple[Traced, dict[str, Report]]:
    material = Told(story()).material()
    known = know(material.readings, material.copies, material.references)
    taken = {report.capture: report.published[0].start for report, _ in material.readings}
    corpus = Corpus(material, known, build(material, known), stories(known), (), taken, ())
    reports = {report.id: report for report, _ in material.readings}
    return trace(corpus, Story("story-sample", tuple(reports))), reports


def main(out: Path) -> None:
    out.write_text(trace_picture.draw(*made()), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
