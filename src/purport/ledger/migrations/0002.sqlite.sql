-- Releases: published media items, beside the reports.

CREATE TABLE releases (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    capture INTEGER NOT NULL REFERENCES captures (number),
    version TEXT NOT NULL,
    kind TEXT NOT NULL,
    container TEXT NOT NULL,
    codecs TEXT NOT NULL,
    duration FLOAT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created TEXT NOT NULL,
    provenance TEXT NOT NULL,
    prints TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX releases_by_capture ON releases (capture);

CREATE TRIGGER releases_keep BEFORE UPDATE ON releases BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER releases_stay BEFORE DELETE ON releases BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;

-- For people. The latest release of each capture speaks for it; the earlier ones are kept.
CREATE VIEW releases_plain AS
SELECT
    releases.kind AS kind,
    captures.place AS place,
    releases.duration AS duration,
    releases.width AS width,
    releases.height AS height,
    releases.container AS container,
    releases.codecs AS codecs,
    releases.created AS created,
    releases.provenance AS provenance,
    captures.size AS size,
    captures.taken AS taken,
    captures.digest AS digest,
    releases.id AS release,
    releases.number AS number
FROM releases
JOIN captures ON captures.number = releases.capture
WHERE releases.number = (SELECT max(later.number) FROM releases AS later WHERE later.capture = releases.capture);
