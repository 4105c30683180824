-- Alerts: what rules found among what was booked, and whether it was told. docs/alerts.md

CREATE TABLE alerts (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    rule TEXT NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    outlet TEXT NOT NULL,
    url TEXT NOT NULL,
    said TEXT NOT NULL,
    at TEXT NOT NULL,
    record TEXT NOT NULL
);

-- Each step of telling an alert to somebody. Of an address, which may hold a secret, a digest is kept.
CREATE TABLE deliveries (
    number INTEGER NOT NULL PRIMARY KEY,
    alert INTEGER NOT NULL REFERENCES alerts (number),
    address TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX deliveries_by_address ON deliveries (address, outcome, alert);

-- Asked for by edits: which reports are versions of one page.
CREATE INDEX reports_by_url ON reports (url);

CREATE TRIGGER alerts_keep BEFORE UPDATE ON alerts BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER alerts_stay BEFORE DELETE ON alerts BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER deliveries_keep BEFORE UPDATE ON deliveries BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER deliveries_stay BEFORE DELETE ON deliveries BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;

-- For people: what was told to whom.
CREATE VIEW alerts_plain AS
SELECT
    alerts.at AS at,
    alerts.rule AS rule,
    alerts.kind AS kind,
    alerts.source AS source,
    alerts.outlet AS outlet,
    alerts.said AS said,
    alerts.url AS url,
    deliveries.outcome AS outcome,
    deliveries.at AS told,
    deliveries.detail AS detail,
    alerts.id AS alert,
    deliveries.number AS number
FROM alerts
LEFT JOIN deliveries ON deliveries.alert = alerts.number;
