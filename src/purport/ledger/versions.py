"""The versions of a page that the ledger holds: reports with one address and different texts."""

from collections.abc import Collection, Iterator

import msgspec
from sqlalchemy import Engine, func, select

from purport.core.records import Capture, Report
from purport.ledger.faults import reading as reads
from purport.ledger.tables import captures, reports

_captures = msgspec.json.Decoder(Capture)
_reports = msgspec.json.Decoder(Report)


class Versions:
    """Reads pages that were edited from the ledger of an engine (`core.ports.Versions`)."""

    _engine: Engine

    def edited(self) -> Iterator[str]:
        """The addresses under which there are several texts, the one that got a text last at the end."""
        chosen = (
            select(reports.c.url)
            .where(reports.c.url != "")
            .group_by(reports.c.url)
            .having(func.count(reports.c.text_digest.distinct()) > 1)
            .order_by(func.max(reports.c.number))
        )
        with reads(self._engine) as connection:
            yield from map(str, connection.scalars(chosen))

    def several(self, urls: Collection[str]) -> set[str]:
        """Those of some addresses under which there are several reports."""
        chosen = select(reports.c.url).where(reports.c.url.in_(list(urls))).group_by(reports.c.url)
        with reads(self._engine) as connection:
            return set(map(str, connection.scalars(chosen.having(func.count() > 1))))

    def page(self, url: str) -> Iterator[tuple[Report, Capture]]:
        """The reports of an address with their captures, by the time they were taken, then as they arrived."""
        chosen = (
            select(reports.c.record, captures.c.record)
            .join_from(reports, captures, captures.c.number == reports.c.capture)
            .where(reports.c.url == url)
            .order_by(captures.c.taken, reports.c.number)
        )
        with reads(self._engine) as connection:
            for report, capture in connection.execute(chosen):
                yield _reports.decode(report), _captures.decode(capture)
