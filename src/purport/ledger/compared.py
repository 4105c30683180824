"""Where kept footage was seen before, as it was booked."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Engine, func, select

from purport.core.matches import Comparison, Match
from purport.ledger.faults import reading as reads
from purport.ledger.tables import comparisons, matches, releases

_comparisons = msgspec.json.Decoder(Comparison)
_matches = msgspec.json.Decoder(Match)


class Compared:
    """Reads comparisons of footage from the ledger of an engine (`core.ports.Compared`)."""

    _engine: Engine

    def compared(self, release: str) -> Iterator[Comparison]:
        """The last comparison of a release (by its whole id) with all others, none or one."""
        last = (
            select(comparisons.c.number, comparisons.c.record)
            .join_from(comparisons, releases, releases.c.number == comparisons.c.release)
            .where(releases.c.id == release)
            .order_by(comparisons.c.number.desc())
            .limit(1)
        )
        with reads(self._engine) as connection:
            for number, record in connection.execute(last).all():
                own = select(matches.c.record).where(matches.c.comparison == number).order_by(matches.c.number)
                found = tuple(map(_matches.decode, connection.scalars(own)))
                yield msgspec.structs.replace(_comparisons.decode(record), matches=found)

    def last_comparison(self) -> int:
        """A number that grows with each comparison."""
        with reads(self._engine) as connection:
            return connection.scalar(select(func.max(comparisons.c.number))) or 0
