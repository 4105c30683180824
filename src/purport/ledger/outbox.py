"""What was told to whom: alerts and their deliveries, appended like all else, so that nothing is told twice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection, Engine, exists, func, select

from purport.core import journal
from purport.core.alerts import Alert
from purport.core.times import iso
from purport.ledger import custody
from purport.ledger.faults import reading as reads
from purport.ledger.faults import writing
from purport.ledger.tables import alerts, deliveries

DUE, SENT, FAILED = "due", "sent", "failed"

_alerts = msgspec.json.Decoder(Alert)


def _now() -> datetime:
    return datetime.now(UTC)


class Outbox:
    """Implements `core.ports.Outbox` over the ledger of an engine. `who` is whom the custody log names."""

    def __init__(self, engine: Engine, who: str = "", now: Callable[[], datetime] = _now) -> None:
        self._engine, self._who, self._now = engine, who, now

    def put(self, found: Iterable[tuple[Alert, Sequence[str]]]) -> int:
        """Keep alerts, each due at some addresses; returns how many deliveries that are new."""
        with writing(self._engine) as connection:
            before, new = custody.lasts(connection), 0
            for alert, addresses in found:
                number = _number(connection, alert)
                for address in dict.fromkeys(addresses):
                    known = select(deliveries.c.number).where(
                        deliveries.c.alert == number, deliveries.c.address == address, deliveries.c.outcome == DUE
                    )
                    if connection.scalar(known.limit(1)) is None:
                        self._step(connection, number, address, DUE, "")
                        new += 1
            custody.seal(connection, (), "alert", before, self._who, self._now())
            return new

    def due(self, address: str, since: datetime) -> Iterator[Alert]:
        """What is still to be told at an address, oldest first, of what was put there no earlier than `since`."""
        sent = deliveries.alias("sent")
        told = exists().where(sent.c.alert == alerts.c.number, sent.c.address == address, sent.c.outcome == SENT)
        chosen = (
            select(alerts.c.record)
            .join_from(deliveries, alerts, alerts.c.number == deliveries.c.alert)
            .where(deliveries.c.address == address, deliveries.c.outcome == DUE, deliveries.c.at >= iso(since), ~told)
            .order_by(deliveries.c.number)
        )
        with reads(self._engine) as connection:
            for record in connection.scalars(chosen):
                yield _alerts.decode(record)

    def done(self, told: Sequence[Alert], address: str, outcome: str, detail: str = "") -> None:
        """Write down what came of telling some alerts at an address: sent or failed."""
        with writing(self._engine) as connection:
            before = custody.lasts(connection)
            for alert in told:
                self._step(connection, _number(connection, alert), address, outcome, detail)
            custody.seal(connection, (), "alert", before, self._who, self._now())
        for alert in told:
            journal.tell("delivery", alert=alert.id, place=address, outcome=outcome)

    def told(self, address: str, limit: int) -> Iterator[Alert]:
        """What was told at an address, or is due there, the latest first; at any address if it is empty."""
        chosen = select(alerts.c.record).order_by(alerts.c.number.desc())
        if address:
            chosen = chosen.where(
                exists().where(deliveries.c.alert == alerts.c.number, deliveries.c.address == address)
            )
        with reads(self._engine) as connection:
            for record in connection.scalars(chosen.limit(limit) if limit else chosen):
                yield _alerts.decode(record)

    def _step(self, connection: Connection, number: int, address: str, outcome: str, detail: str) -> None:
        row = {"alert": number, "address": address, "outcome": outcome, "at": iso(self._now()), "detail": detail}
        connection.execute(deliveries.insert(), row)


def _number(connection: Connection, alert: Alert) -> int:
    """The number of an alert, which is kept if it is new."""
    known = connection.scalar(select(alerts.c.number).where(alerts.c.id == alert.id))
    if known is not None:
        return int(known)
    event = alert.event
    row = {
        "id": alert.id,
        "rule": alert.rule,
        "kind": event.on,
        "source": event.source,
        "outlet": event.outlet,
        "url": event.url,
        "said": event.said,
        "at": iso(event.at),
        "record": msgspec.json.encode(alert).decode(),
    }
    connection.execute(alerts.insert(), row)
    return connection.scalar(select(func.max(alerts.c.number))) or 0
