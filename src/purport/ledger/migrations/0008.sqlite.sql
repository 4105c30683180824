-- Where kept footage was seen before, as it was found: one comparison of a release with all others, and its matches.

-- Of several comparisons of one release the last one holds: others stood in the library by then, or it was sought anew.
CREATE TABLE comparisons (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    "release" INTEGER NOT NULL REFERENCES releases (number),
    matcher TEXT NOT NULL,
    library TEXT NOT NULL,
    searched INTEGER NOT NULL,
    seconds FLOAT NOT NULL,
    at TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX comparisons_by_release ON comparisons ("release");

CREATE TABLE matches (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    comparison INTEGER NOT NULL REFERENCES comparisons (number),
    reference INTEGER NOT NULL REFERENCES releases (number),
    query_start FLOAT NOT NULL,
    query_end FLOAT NOT NULL,
    reference_start FLOAT NOT NULL,
    reference_end FLOAT NOT NULL,
    speed FLOAT NOT NULL,
    mirrored INTEGER NOT NULL,
    kind TEXT NOT NULL,
    score FLOAT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX matches_by_comparison ON matches (comparison);
CREATE INDEX matches_by_reference ON matches (reference);

CREATE TRIGGER comparisons_keep BEFORE UPDATE ON comparisons BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER comparisons_stay BEFORE DELETE ON comparisons BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER matches_keep BEFORE UPDATE ON matches BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER matches_stay BEFORE DELETE ON matches BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;

-- For people: the matches of each release's last comparison, with where both came from. Times are in seconds.
CREATE VIEW matches_plain AS
SELECT
    query_captures.place AS place,
    matches.query_start AS query_start,
    matches.query_end AS query_end,
    reference_captures.place AS reference_place,
    matches.reference_start AS reference_start,
    matches.reference_end AS reference_end,
    matches.speed AS speed,
    matches.mirrored AS mirrored,
    matches.kind AS kind,
    matches.score AS score,
    comparisons.searched AS searched,
    comparisons.at AS at,
    queries.id AS "release",
    "references".id AS reference,
    matches.id AS "match",
    matches.number AS number
FROM matches
JOIN comparisons ON comparisons.number = matches.comparison
JOIN releases AS queries ON queries.number = comparisons."release"
JOIN captures AS query_captures ON query_captures.number = queries.capture
JOIN releases AS "references" ON "references".number = matches.reference
JOIN captures AS reference_captures ON reference_captures.number = "references".capture
WHERE comparisons.number = (
    SELECT max(later.number) FROM comparisons AS later WHERE later."release" = comparisons."release"
);
