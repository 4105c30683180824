"""Which addresses were looked at for a source: what a package of that source is made of."""

from collections.abc import Iterator

from sqlalchemy import Engine, select

from purport.ledger.faults import reading as reads
from purport.ledger.tables import visits


class Addresses:
    """Reads the addresses of visits from the ledger of an engine (`purport.app.exporting.Addresses`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sources(self) -> Iterator[str]:
        """The names of all sources that were ever looked at."""
        with reads(self._engine) as connection:
            yield from connection.scalars(select(visits.c.source).distinct().order_by(visits.c.source))

    def looked_at(self, source: str) -> Iterator[str]:
        """Each address that was looked at for a source, its own among them."""
        with reads(self._engine) as connection:
            yield from connection.scalars(select(visits.c.url).where(visits.c.source == source).distinct())
