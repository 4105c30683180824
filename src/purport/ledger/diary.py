"""What the ledger holds of watching: how sources stand, what is still to be done, when something could not be had."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Engine, Select, and_, exists, func, select

from purport.core.records import Capture, Report
from purport.core.times import iso
from purport.core.watching import NEVER, Exchange, Listed, Outage, Standing, Unread, Visit
from purport.ledger.faults import reading as reads
from purport.ledger.tables import captures, exchanges, gaps, listed, reports, visits

_captures = msgspec.json.Decoder(Capture)
_exchanges = msgspec.json.Decoder(Exchange)
_listed = msgspec.json.Decoder(Listed)
_reports = msgspec.json.Decoder(Report)
_visits = msgspec.json.Decoder(Visit)

_TAKEN = ("new", "changed")


class Diary:
    """Reads what was watched from the ledger of an engine (`core.ports.Diary`)."""

    _engine: Engine

    def standings(self) -> Iterator[Standing]:
        """Each source that was ever looked at, with its last look and the sums of its items."""
        last = select(func.max(visits.c.number)).where(visits.c.item == 0).group_by(visits.c.source)
        with reads(self._engine) as connection:
            looks = [
                _visits.decode(record)
                for record in connection.scalars(
                    select(visits.c.record).where(visits.c.number.in_(last)).order_by(visits.c.source)
                )
            ]
            reached = dict(
                connection.execute(
                    select(visits.c.source, func.max(visits.c.at))
                    .where(visits.c.item == 0, visits.c.tries == 0)
                    .group_by(visits.c.source)
                ).all()
            )
            sums = {row.source: row for row in connection.execute(_sums())}
        for look in looks:
            found = sums.get(look.source)
            yield Standing(
                last=look,
                reached=(datetime.fromisoformat(reached[look.source]),) if look.source in reached else (),
                items=found.items if found else 0,
                taken=found.taken if found else 0,
                failing=found.failing if found else 0,
            )

    def agenda(self, source: str) -> Iterator[tuple[Listed, tuple[Visit, ...]]]:
        """The items of a source that are still to be looked at, each with its last visit, none or one."""
        chosen = (
            select(listed.c.record, visits.c.record)
            .select_from(listed.outerjoin(visits, visits.c.number == _last_visit()))
            .where(listed.c.source == source, func.coalesce(visits.c.next, "") != iso(NEVER))
            .order_by(listed.c.number)
        )
        with reads(self._engine) as connection:
            for item, visit in connection.execute(chosen):
                yield _listed.decode(item), (_visits.decode(visit),) if visit else ()

    def unlisted(self, ids: Sequence[str]) -> set[str]:
        """Those of some items' ids that were never listed."""
        unknown = set(ids)
        with reads(self._engine) as connection:
            for start in range(0, len(ids), 500):  # SQLite binds so many at once and not many more
                some = ids[start : start + 500]
                unknown -= set(connection.scalars(select(listed.c.id).where(listed.c.id.in_(some))))
        return unknown

    def exchanges(self, *, id: str = "", url: str = "", digest: str = "") -> Iterator[Exchange]:
        """Exchanges by what is given, the latest first; by a payload's digest those that hold it whole."""
        given = {exchanges.c.id: id, exchanges.c.url: url, exchanges.c.digest: digest}
        wanted = [column == value for column, value in given.items() if value]
        wanted += [exchanges.c.same_as == "", exchanges.c.cut == ""] if digest else []
        chosen = select(exchanges.c.record).where(*wanted).order_by(exchanges.c.number.desc())
        with reads(self._engine) as connection:
            for record in connection.scalars(chosen):
                yield _exchanges.decode(record)

    def ended(self) -> tuple[str, int]:
        """The archive that holds the last exchange, and where that ends in it; empty and 0 if there is none."""
        with reads(self._engine) as connection:
            chosen = select(exchanges.c.archive, exchanges.c.end).order_by(exchanges.c.number.desc()).limit(1)
            found = connection.execute(chosen).first()
        return (found.archive, found.end) if found else ("", 0)

    def unread(self, after: int = 0, of: Sequence[str] = ()) -> Iterator[Unread]:
        """The pages taken by watching that have no report yet, nor a gap that says why; in the order of arrival.

        `of`: only these captures, by their whole ids.
        """
        read = exists().where(reports.c.capture == captures.c.number)
        missed = exists().where(gaps.c.subject == captures.c.place)
        chosen = (
            select(visits.c.number, visits.c.record, captures.c.record, exchanges.c.record, listed.c.record)
            .select_from(visits.join(captures, captures.c.number == visits.c.capture))
            .join(exchanges, exchanges.c.id == func.json_extract(visits.c.record, "$.exchange"))
            .outerjoin(listed, listed.c.number == visits.c.item)
            .where(visits.c.outcome.in_(_TAKEN), captures.c.kind != "media", ~read, ~missed)
            .where(visits.c.number > after, *([captures.c.id.in_(of)] if of else []))
            .order_by(visits.c.number)
        )
        with reads(self._engine) as connection:
            for number, visit, capture, exchange, item in connection.execute(chosen):
                yield Unread(
                    number=number,
                    visit=_visits.decode(visit),
                    capture=_captures.decode(capture),
                    exchange=_exchanges.decode(exchange),
                    item=(_listed.decode(item),) if item else (),
                )

    def reported(self, capture: str) -> Iterator[Report]:
        """The reports of a capture, by its whole id."""
        joined = reports.join(captures, captures.c.number == reports.c.capture)
        chosen = select(reports.c.record).select_from(joined).where(captures.c.id == capture).order_by(reports.c.number)
        with reads(self._engine) as connection:
            for record in connection.scalars(chosen):
                yield _reports.decode(record)

    def versions(self, capture: str) -> Iterator[Capture]:
        """The versions of the page that a capture is a version of, the latest first."""
        of = (
            select(visits.c.source, visits.c.item)
            .join(captures, captures.c.number == visits.c.capture)
            .where(captures.c.id == capture)
            .limit(1)
            .subquery()
        )
        chosen = (
            select(captures.c.record)
            .select_from(visits)
            .join(of, and_(of.c.item == visits.c.item, of.c.source == visits.c.source))
            .join(captures, captures.c.number == visits.c.capture)
            .where(visits.c.outcome.in_(_TAKEN))
            .order_by(visits.c.number.desc())
        )
        with reads(self._engine) as connection:
            for record in connection.scalars(chosen):
                yield _captures.decode(record)

    def gone(self) -> Iterator[Visit]:
        """The looks at which a page was found gone, in order."""
        chosen = select(visits.c.record).where(visits.c.outcome == "gone").order_by(visits.c.number)
        with reads(self._engine) as connection:
            for record in connection.scalars(chosen):
                yield _visits.decode(record)

    def last_visit(self) -> int:
        """The number of the last try to look at anything; 0 if there was none."""
        with reads(self._engine) as connection:
            return connection.scalar(select(func.max(visits.c.number))) or 0

    def outages(self) -> Iterator[Outage]:
        """The times in which a source or an item could not be had: tries that failed in a row, as one."""
        later = visits.alias("later")
        mended = (
            select(func.min(later.c.number))
            .where(later.c.item == visits.c.item, later.c.source == visits.c.source)
            .where(later.c.number > visits.c.number, later.c.tries == 0)
            .scalar_subquery()
        )
        failed = select(visits.c.number, visits.c.item, visits.c.source, visits.c.at, mended.label("mended"))
        tries = failed.where(visits.c.tries > 0).subquery()
        runs = (
            select(
                func.max(tries.c.number).label("number"),
                func.min(tries.c.at).label("began"),
                func.max(tries.c.at).label("last"),
                func.count().label("tries"),
                tries.c.mended,
            )
            .group_by(tries.c.item, tries.c.source, tries.c.mended)
            .subquery()
        )
        after = visits.alias("after")
        chosen = (
            select(runs, visits.c.record, listed.c.kind, after.c.at.label("ended"))
            .select_from(runs)
            .join(visits, visits.c.number == runs.c.number)
            .outerjoin(listed, listed.c.number == visits.c.item)
            .outerjoin(after, after.c.number == runs.c.mended)
            .order_by(runs.c.began)
        )
        with reads(self._engine) as connection:
            for row in connection.execute(chosen):
                visit = _visits.decode(row.record)
                yield Outage(
                    source=visit.source,
                    item=visit.item,
                    url=visit.url,
                    kind=row.kind or "page",
                    began=datetime.fromisoformat(row.began),
                    last=datetime.fromisoformat(row.last),
                    ended=(datetime.fromisoformat(row.ended),) if row.ended else (),
                    tries=row.tries,
                    cause=visit.cause,
                    detail=visit.detail,
                )


def _last_visit() -> Any:
    later = visits.alias("later")
    return select(func.max(later.c.number)).where(later.c.item == listed.c.number).scalar_subquery()


def _sums() -> Select[Any]:
    """Of each source: items listed, taken, and failing at the last try."""
    joined = listed.outerjoin(visits, visits.c.number == _last_visit())
    return (
        select(
            listed.c.source,
            func.count().label("items"),
            func.count().filter(visits.c.capture != 0).label("taken"),
            func.count().filter(visits.c.tries > 0).label("failing"),
        )
        .select_from(joined)
        .group_by(listed.c.source)
    )
