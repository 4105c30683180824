"""Briefs, edition by edition, and marks "look again" with what cleared them: appended like all else."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Select, exists, func, select

from purport.core.briefs import Edition
from purport.core.errors import NotFoundError, UsageError
from purport.core.looks import Cleared, Look, Standing
from purport.core.times import iso
from purport.ledger import custody
from purport.ledger.faults import reading as reads
from purport.ledger.faults import writing
from purport.ledger.lookup import SHORTEST, whole_id
from purport.ledger.search import begins
from purport.ledger.tables import briefs, looks
from purport.ledger.tables import cleared as done

_editions = msgspec.json.Decoder(Edition)
_looks = msgspec.json.Decoder(Look)
_cleared = msgspec.json.Decoder(Cleared)


def _now() -> datetime:
    return datetime.now(UTC)


class Briefs:
    """Implements `core.ports.Briefs` over the ledger of an engine. `who` is whom the custody log names."""

    def __init__(self, engine: Engine, who: str = "", now: Callable[[], datetime] = _now) -> None:
        self._engine, self._who, self._now = engine, who, now

    def keep(self, edition: Edition) -> None:
        """Book an edition. Raises UsageError if somebody else has worked on the brief since the one before it."""
        row = {name: getattr(edition, name) for name in ("id", "brief", "title", "story", "status", "did", "who")}
        row |= {"edition": edition.number, "at": iso(edition.at), "record": msgspec.json.encode(edition).decode()}
        with writing(self._engine) as connection:
            last = _last(connection, edition.brief)
            if last == edition:
                return
            if (last.id if last else "") != edition.before:
                by = f"{last.who} {last.did}" if last else "it is not in this ledger"
                raise UsageError(
                    f"The brief was worked on meanwhile: {by}. Look at it as it is now, then do yours again."
                )
            before = custody.lasts(connection)
            connection.execute(briefs.insert(), row)
            custody.seal(connection, (), "brief", before, edition.who or self._who, self._now())

    def latest(self, id: str) -> Edition:
        """A brief as it stands, by its id or the beginning of it. Raises NotFoundError."""
        asked = id.strip().lower().rstrip(".…")
        beginning = asked if asked.startswith("brief-") else f"brief-{asked}"
        with reads(self._engine) as connection:
            found: list[str] = []
            if len(beginning) - len("brief-") >= SHORTEST:
                chosen = select(briefs.c.brief).where(begins(briefs.c.brief, beginning)).distinct().limit(2)
                found = [str(one) for one in connection.scalars(chosen)]
            last = _last(connection, found[0]) if len(found) == 1 else None
            if last is None:
                several = "More than one brief begins" if found else "No brief is kept whose id begins"
                raise NotFoundError(f"{several} with {id!r}. purport briefs lists them.")
            return last

    def editions(self, brief: str) -> Iterator[Edition]:
        """All editions of a brief, by its whole id, the first one first."""
        return self._stream(select(briefs.c.record).where(briefs.c.brief == brief).order_by(briefs.c.edition))

    def standing(self, status: str = "") -> Iterator[Edition]:
        """Each brief as it stands, what was worked on last first: all, or those of a status."""
        later = briefs.alias("later")
        newer = exists().where(later.c.brief == briefs.c.brief, later.c.edition > briefs.c.edition)
        chosen = select(briefs.c.record).where(~newer).order_by(briefs.c.number.desc())
        return self._stream(chosen.where(briefs.c.status == status) if status else chosen)

    def _stream(self, chosen: Select[Any]) -> Iterator[Edition]:
        with reads(self._engine) as connection:
            for record in connection.scalars(chosen):
                yield _editions.decode(record)


def _last(connection: Connection, brief: str) -> Edition | None:
    chosen = select(briefs.c.record).where(briefs.c.brief == brief).order_by(briefs.c.edition.desc()).limit(1)
    record = connection.scalar(chosen)
    return _editions.decode(record) if record else None


class Looks:
    """Implements `core.ports.Looks` over the ledger of an engine."""

    def __init__(self, engine: Engine, who: str = "", now: Callable[[], datetime] = _now) -> None:
        self._engine, self._who, self._now = engine, who, now

    def notice(self, found: Iterable[Look]) -> tuple[Look, ...]:
        """Book marks; returns those that are new."""
        new = []
        with writing(self._engine) as connection:
            before = custody.lasts(connection)
            for one in found:
                if connection.scalar(select(looks.c.number).where(looks.c.id == one.id)) is None:
                    row = {name: getattr(one, name) for name in ("id", "kind", "subject", "what", "origin", "reason")}
                    row |= {"at": iso(one.at), "record": msgspec.json.encode(one).decode()}
                    connection.execute(looks.insert(), row)
                    new.append(one)
            custody.seal(connection, (), "look again", before, self._who, self._now())
        return tuple(new)

    def clear(self, cleared: Cleared) -> None:
        """Book that a mark may go, and why. Raises UsageError if it is cleared already."""
        with writing(self._engine) as connection:
            number = connection.scalar(select(looks.c.number).where(looks.c.id == cleared.look))
            if connection.scalar(select(done.c.number).where(done.c.look == number)) is not None:
                raise UsageError(f"{cleared.look} was cleared before. purport ripple --all shows by whom and why.")
            before = custody.lasts(connection)
            row = {name: getattr(cleared, name) for name in ("id", "why", "who")}
            row |= {"look": number, "at": iso(cleared.at), "record": msgspec.json.encode(cleared).decode()}
            connection.execute(done.insert(), row)
            custody.seal(connection, (), "clear", before, cleared.who or self._who, self._now())

    def mark(self, id: str) -> Standing:
        """A mark by its id or the beginning of it. Raises NotFoundError."""
        with reads(self._engine) as connection:
            try:
                whole = whole_id(connection, looks, "look", id)
            except NotFoundError as error:
                raise NotFoundError(
                    f"There is no mark called {id!r}, or more than one. purport ripple lists them."
                ) from error
            return next(_standing(tuple(row)) for row in connection.execute(_chosen().where(looks.c.id == whole)))

    def marks(self, subjects: Sequence[str] = (), only_open: bool = False, limit: int = 0) -> Iterator[Standing]:
        """Marks of some subjects, or all; the latest first."""
        chosen = _chosen().order_by(looks.c.number.desc())
        if subjects:
            chosen = chosen.where(looks.c.subject.in_(subjects))
        if only_open:
            chosen = chosen.where(done.c.number.is_(None))
        with reads(self._engine) as connection:
            for row in connection.execute(chosen.limit(limit) if limit else chosen):
                yield _standing(tuple(row))

    def open_marks(self) -> int:
        """How many marks nobody has cleared."""
        with reads(self._engine) as connection:
            every = connection.scalar(select(func.count()).select_from(looks)) or 0
            return every - (connection.scalar(select(func.count()).select_from(done)) or 0)


def _chosen() -> Select[Any]:
    joined = looks.outerjoin(done, done.c.look == looks.c.number)
    return select(looks.c.record, done.c.record).select_from(joined)


def _standing(row: Sequence[Any]) -> Standing:
    mark, went = row
    return Standing(_looks.decode(mark), (_cleared.decode(went),) if went else ())
