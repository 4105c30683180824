"""A house in a folder, with a reader that needs no network: it finds `The X said …` and `The X denied …`."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from input_samples import FixedClock, Pages

from purport import app
from purport.app import House
from purport.core.ids import make_id
from purport.core.records import Claim, Gap, Reading, Report
from purport.core.spans import select
from purport.edges.blobs import FolderBlobs
from purport.edges.sqlite import open_sqlite
from purport.ledger.book import Book
from purport.ledger.reviews import Reviews
from purport.ledger.searches import Searches
from purport.ledger.view import View
from purport.pipeline import Outcome

SAYS = re.compile(r"(The \w+) (said|denied) ([^.\n]+)")
NOW = datetime(2031, 3, 13, 9, 0, tzinfo=UTC)


class PlainReader:
    """`core.ports.Reader` by a regular expression; `spoil` is called with each report and may raise."""

    def __init__(self, version: str = "plain/1", spoil: Callable[[Report], None] = lambda _: None) -> None:
        self.version = version
        self.asked: list[list[str]] = []
        self._spoil = spoil

    def read(self, reports: Sequence[Report]) -> list[tuple[Reading, list[Gap]]]:
        self.asked.append([report.text for report in reports])
        for report in reports:
            self._spoil(report)
        return [(self._reading(report), []) for report in reports]

    def _reading(self, report: Report) -> Reading:
        claims = []
        for found in SAYS.finditer(report.text):
            source, cue, content = (found.span(n) for n in (1, 2, 3))
            claims.append(
                Claim(
                    id=make_id("claim", report.id, self.version, found.start()),
                    report=report.id,
                    source=(source,),
                    cue=(cue,),
                    content=(content,),
                    act={"said": "say", "denied": "deny"}[found[2]],
                    stance="plain",
                    polarity="+" if found[2] == "said" else "-",
                    certainty="certain",
                    quote="indirect",
                    source_kind="office",
                    confidence=0.9,
                    selector=select(report.text, found.span()),
                )
            )
        return Reading(make_id("reading", report.id, self.version), report.id, self.version, tuple(claims))


def house(folder: Path, reader: PlainReader | None = None, pages: Pages | None = None) -> House:
    engine = open_sqlite(f"sqlite:///{folder / 'purport.db'}")
    return House(
        clock=FixedClock(),
        fetcher=pages or Pages(),
        blobs=FolderBlobs(folder / "purport.blobs"),
        reader=reader or PlainReader(),
        writer=Book(engine),
        view=View(engine),
        reviews=(Reviews(engine, "ann", FixedClock().now),),
        searches=(Searches(engine, FixedClock().now),),
    )


def read(at: House, *places: object, stdin: bytes | None = None) -> list[Outcome]:
    return list(app.read(at, [str(place) for place in places], None if stdin is None else BytesIO(stdin)))


def blobs(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in (folder / "purport.blobs").rglob("*") if path.is_file())
