-- Releases: published media items, beside the reports.

CREATE TABLE releases (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('releases'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    capture BIGINT NOT NULL REFERENCES captures (number),
    version TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    container TEXT COLLATE "C" NOT NULL,
    codecs TEXT COLLATE "C" NOT NULL,
    duration FLOAT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    created TEXT COLLATE "C" NOT NULL,
    provenance TEXT COLLATE "C" NOT NULL,
    prints TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);
CREATE INDEX releases_by_capture ON releases (capture);

CREATE TRIGGER releases_keep BEFORE UPDATE ON releases EXECUTE FUNCTION refuse_change();
CREATE TRIGGER releases_stay BEFORE DELETE OR TRUNCATE ON releases EXECUTE FUNCTION refuse_removal();

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
