"""A house that keeps briefs, over a few invented reports; the reader finds `The X said …` and `The X denied …`."""

import json
from dataclasses import replace
from pathlib import Path

from house_samples import house, read
from input_samples import FixedClock

from purport.app import House, briefing
from purport.core.briefs import Edition
from purport.edges.sqlite import open_sqlite
from purport.ledger.briefs import Briefs, Looks
from purport.ledger.marks import Marks

PIER = "https://kest.example/pier"
BEFORE = (
    "The clerk said the pier is safe. The union said two cranes are old. The ministry denied that it had been told."
)
AFTER = (
    "The clerk said the pier is closed. The union said two cranes are old. The ministry denied that it had been told."
)


def keeping(folder: Path) -> House:
    at = house(folder)
    engine = open_sqlite(f"sqlite:///{folder / 'purport.db'}")
    clock = FixedClock()
    return replace(
        at,
        briefs=(Briefs(engine, "desk@test", clock.now),),
        looks=(Looks(engine, "desk@test", clock.now),),
        marks=(Marks(engine, "desk@test", clock.now),),
    )


def page(folder: Path, name: str, text: str, **more: str) -> Path:
    """One line of JSON: a page at an address, as a watch would find it."""
    path = folder / f"{name}.jsonl"
    row = {"url": PIER, "title": "The pier at Kest", "published": "2031-03-12", "text": text}
    path.write_text(json.dumps(row | more) + "\n", encoding="utf-8")
    return path


def claims(at: House) -> dict[str, str]:
    """The claims of the ledger by who speaks: `clerk`, `union`, `ministry`."""
    return {report.text[slice(*claim.source[0])].split()[1]: claim.id for claim, report in at.view.claims()}


def begun(at: House, folder: Path) -> tuple[Edition, dict[str, str]]:
    """A brief of the pier with three lines."""
    read(at, page(folder, "pier", BEFORE))
    found = claims(at)
    first = briefing.begin(at, found["clerk"], "The pier at Kest", "kim")
    made = briefing.add(at, first.brief, [found["clerk"], found["union"], found["ministry"]], "", "kim")
    return made, found
