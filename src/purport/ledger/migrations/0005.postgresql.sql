-- Alerts: what rules found among what was booked, and whether it was told. docs/alerts.md

CREATE TABLE alerts (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('alerts'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    rule TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    outlet TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    said TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);

-- Each step of telling an alert to somebody. Of an address, which may hold a secret, a digest is kept.
CREATE TABLE deliveries (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('deliveries'),
    alert BIGINT NOT NULL REFERENCES alerts (number),
    address TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL
);
CREATE INDEX deliveries_by_address ON deliveries (address, outcome, alert);

-- Asked for by edits: which reports are versions of one page.
CREATE INDEX reports_by_url ON reports USING hash (url);

CREATE TRIGGER alerts_keep BEFORE UPDATE ON alerts EXECUTE FUNCTION refuse_change();
CREATE TRIGGER alerts_stay BEFORE DELETE OR TRUNCATE ON alerts EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER deliveries_keep BEFORE UPDATE ON deliveries EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deliveries_stay BEFORE DELETE OR TRUNCATE ON deliveries EXECUTE FUNCTION refuse_removal();

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
