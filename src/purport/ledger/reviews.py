"""What people decided about claims, and how claims stand since; appended like all else."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, and_, exists, func, or_, select

from purport.core.errors import NotFoundError
from purport.core.ids import make_id
from purport.core.records import Claim
from purport.core.reviews import Review, reviewed, settled
from purport.core.times import iso
from purport.ledger import custody, tables
from purport.ledger.faults import reading as reads
from purport.ledger.faults import writing
from purport.ledger.joins import Clock, now
from purport.ledger.lookup import has_id, whole_id
from purport.ledger.screens import newest
from purport.ledger.tables import captures, claims, readings, reviews, standings

_reviews = msgspec.json.Decoder(Review)
_claims = msgspec.json.Decoder(Claim)


class Reviews:
    """Implements `core.ports.Reviews` over the ledger of an engine. `who` is whom the custody log names for its own."""

    def __init__(self, engine: Engine, who: str = "", now: Clock = now) -> None:
        self._engine, self._who, self._now = engine, who, now
        self._carried = -1  # the last reading when claims were last looked for in new readings

    def review(self, made: Sequence[Review]) -> int:
        """Book what a person decided, and how each claim stands since; returns how many rows were new.

        Raises NotFoundError for a claim that is not there.
        """
        with writing(self._engine) as connection:
            before, new, touched = custody.lasts(connection), 0, dict[tuple[int, int], None]()
            for one in made:
                if connection.scalar(select(reviews.c.number).where(reviews.c.id == one.id)) is None:
                    report, reading, claim = _numbers(connection, one.claim)
                    connection.execute(reviews.insert(), _row(one, report, claim))
                    touched |= {(report, reading): None, (report, _last_reading(connection, report)): None}
                    new += 1
            for report, reading in touched:
                self._stand(connection, report, reading)
            custody.seal(connection, (), "review", before, made[0].who if made else self._who, self._now())
            return new

    def reviews(self, reports: Sequence[str] = (), to: str = "") -> Iterator[Review]:
        """What was decided about claims of some reports, of those with something assigned to somebody, or of all."""
        chosen = select(reviews.c.record).order_by(reviews.c.number)
        if reports:
            among = select(tables.reports.c.number).where(tables.reports.c.id.in_(reports))
            chosen = chosen.where(reviews.c.report.in_(among))
        if to:
            held = reviews.alias("held")
            chosen = chosen.where(reviews.c.report.in_(select(held.c.report).where(held.c.assigned == to)))
        with reads(self._engine) as connection:
            for record in connection.scalars(chosen):
                yield _reviews.decode(record)

    def one_review(self, id: str) -> Review:
        """A review by its id or the beginning of it. Raises NotFoundError."""
        with reads(self._engine) as connection:
            whole = whole_id(connection, reviews, "review", id)
            return _reviews.decode(connection.scalar(select(reviews.c.record).where(reviews.c.id == whole)) or "")

    def before(self, reports: Sequence[str]) -> dict[str, list[str]]:
        """Of some reports the earlier texts of the same page in which claims were judged, the latest first."""
        mine, other = tables.reports.alias("mine"), tables.reports.alias("other")
        taken, took = captures.alias("taken"), captures.alias("took")
        joined = mine.join(other, and_(other.c.url == mine.c.url, mine.c.url != ""))
        joined = joined.join(taken, taken.c.number == mine.c.capture).join(took, took.c.number == other.c.capture)
        first = and_(took.c.taken == taken.c.taken, other.c.number < mine.c.number)
        chosen = select(mine.c.id, other.c.id).select_from(joined)
        chosen = chosen.where(mine.c.id.in_(reports), or_(took.c.taken < taken.c.taken, first))
        chosen = chosen.where(exists().where(reviews.c.report == other.c.number))
        found: dict[str, list[str]] = {}
        with reads(self._engine) as connection:
            ordered = chosen.order_by(took.c.taken.desc(), other.c.number.desc())
            for report, earlier in connection.execute(ordered) if reports else ():
                found.setdefault(report, []).append(earlier)
        return found

    def carry(self) -> int:
        """Book how claims stand in readings that came since they were judged; returns how many."""
        with reads(self._engine) as connection:
            last = connection.scalar(select(func.max(readings.c.number))) or 0
            if last == self._carried:
                return 0
            stale = list(connection.execute(_stale()))
        made = 0
        if stale:
            with writing(self._engine) as connection:
                before = custody.lasts(connection)
                made = sum(self._stand(connection, report, reading) for report, reading in stale)
                custody.seal(connection, (), "carry", before, self._who, self._now())
        self._carried = last
        return made

    def counts(self) -> dict[str, int]:
        """How many claims of latest readings stand in which state, of those of which anything was decided."""
        later = standings.alias("later")
        newer = exists().where(later.c.claim == standings.c.claim, later.c.number > standings.c.number)
        joined = standings.join(claims, claims.c.number == standings.c.claim)
        joined = joined.join(readings, readings.c.number == claims.c.reading)
        chosen = select(standings.c.state, func.count()).select_from(joined)
        chosen = chosen.where(~newer, claims.c.reading == newest()).group_by(standings.c.state)
        with reads(self._engine) as connection:
            return {str(state): int(many) for state, many in connection.execute(chosen)}

    def _stand(self, connection: Connection, report: int, reading: int) -> int:
        """Book how claims of a reading stand, where that is not booked yet."""
        rows = connection.execute(
            select(reviews.c.number, reviews.c.record).where(reviews.c.report == report).order_by(reviews.c.number)
        ).all()
        decided = {one.id: (number, one) for number, one in ((number, _reviews.decode(row)) for number, row in rows)}
        read = connection.execute(select(claims.c.number, claims.c.record).where(claims.c.reading == reading)).all()
        numbers = {claim.id: number for number, claim in ((number, _claims.decode(row)) for number, row in read)}
        made = 0
        about = settled((one for _, one in decided.values()), [_claims.decode(row) for _, row in read])
        for id, found in about.items():
            state, claim = reviewed(found).state, numbers[id]
            held = select(standings.c.state).where(standings.c.claim == claim).order_by(standings.c.number.desc())
            if connection.scalar(held.limit(1)) != state:
                review = max(decided[one.id][0] for one in found)
                values = {"id": make_id("standing", claim, review), "claim": claim, "review": review, "state": state}
                connection.execute(standings.insert(), values | {"at": iso(self._now())})
                made += 1
        return made


def _row(one: Review, report: int, claim: int) -> dict[str, Any]:
    named = {name: getattr(one, name) for name in ("id", "what", "why", "status", "of", "who")}
    more = {"report": report, "claim": claim, "assigned": one.to, "at": iso(one.at)}
    return named | more | {"record": msgspec.json.encode(one).decode()}


def _numbers(connection: Connection, claim: str) -> tuple[int, int, int]:
    """The numbers of a claim's report, reading and itself. Raises NotFoundError."""
    joined = claims.join(readings, readings.c.number == claims.c.reading)
    chosen = select(readings.c.report, claims.c.reading, claims.c.number).select_from(joined)
    found = connection.execute(chosen.where(has_id(connection, claims, claim)).order_by(claims.c.number.desc())).first()
    if found is None:
        raise NotFoundError(f"Nothing was booked: there is no claim {claim} in the ledger.")
    return int(found[0]), int(found[1]), int(found[2])


def _last_reading(connection: Connection, report: int) -> int:
    return connection.scalar(select(func.max(readings.c.number)).where(readings.c.report == report)) or 0


def _stale() -> Any:
    """The reports with reviews in whose latest reading no claim stands yet, with that reading."""
    latest = func.max(readings.c.number)
    stood = select(claims.c.reading).join_from(standings, claims, claims.c.number == standings.c.claim)
    return (
        select(readings.c.report, latest)
        .where(readings.c.report.in_(select(reviews.c.report)))
        .group_by(readings.c.report)
        .having(latest.not_in(stood))
    )
