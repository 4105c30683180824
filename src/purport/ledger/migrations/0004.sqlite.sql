-- What is watched: what sources listed, each exchange as it went over the wire, each try. docs/watching.md

CREATE TABLE listed (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    published TEXT NOT NULL,
    seen TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX listed_by_source ON listed (source);

CREATE TABLE exchanges (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    asked TEXT NOT NULL,
    status INTEGER NOT NULL,
    archive TEXT NOT NULL,
    "offset" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    same_as TEXT NOT NULL,
    cut TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX exchanges_by_archive ON exchanges (archive, "end");
CREATE INDEX exchanges_by_url ON exchanges (url);
CREATE INDEX exchanges_by_digest ON exchanges (digest);

CREATE TABLE visits (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    item INTEGER NOT NULL,
    url TEXT NOT NULL,
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    cause TEXT NOT NULL,
    capture INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    "next" TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX visits_by_item ON visits (item, source);
CREATE INDEX visits_by_capture ON visits (capture);

-- Asked for by what is watched: which captures have no report yet, and say no gap why.
CREATE INDEX reports_by_capture ON reports (capture);
CREATE INDEX gaps_by_subject ON gaps (subject);

CREATE TRIGGER listed_keep BEFORE UPDATE ON listed BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER listed_stay BEFORE DELETE ON listed BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER exchanges_keep BEFORE UPDATE ON exchanges BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER exchanges_stay BEFORE DELETE ON exchanges BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER visits_keep BEFORE UPDATE ON visits BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER visits_stay BEFORE DELETE ON visits BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;

-- For people: what was watched, and what came of each try.
CREATE VIEW visits_plain AS
SELECT
    visits.at AS at,
    visits.source AS source,
    visits.outcome AS outcome,
    visits.cause AS cause,
    coalesce(listed.title, '') AS title,
    visits.url AS url,
    json_extract(visits.record, '$.detail') AS detail,
    visits."next" AS "next",
    coalesce(captures.place, '') AS place,
    visits.id AS visit,
    visits.number AS number
FROM visits
LEFT JOIN listed ON listed.number = visits.item
LEFT JOIN captures ON captures.number = visits.capture;
