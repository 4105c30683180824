-- The ledger's first form, for SQLite. What the columns hold is said in ../tables.py and docs/ledger.md.
-- Each statement ends with a semicolon at the end of a line.

CREATE TABLE ledger_versions (
    version INTEGER NOT NULL PRIMARY KEY,
    made_by TEXT NOT NULL
);

CREATE TABLE captures (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    place TEXT NOT NULL,
    url TEXT NOT NULL,
    taken TEXT NOT NULL,
    media_type TEXT NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    digest TEXT NOT NULL,
    stored INTEGER NOT NULL,
    record TEXT NOT NULL
);

CREATE TABLE reports (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    capture INTEGER NOT NULL REFERENCES captures (number),
    outlet TEXT NOT NULL,
    published TEXT NOT NULL,
    title TEXT NOT NULL,
    byline TEXT NOT NULL,
    url TEXT NOT NULL,
    language TEXT NOT NULL,
    input_id TEXT NOT NULL,
    text_digest TEXT NOT NULL,
    record TEXT NOT NULL,
    -- Virtual: read out of the record when asked for, so that the text is stored once.
    text TEXT GENERATED ALWAYS AS (json_extract(record, '$.text')) VIRTUAL
);
CREATE INDEX reports_by_date ON reports (published);
CREATE INDEX reports_by_outlet ON reports (outlet, published);

CREATE TABLE readings (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    report INTEGER NOT NULL REFERENCES reports (number),
    reader TEXT NOT NULL,
    UNIQUE (report, id)
);

CREATE TABLE claims (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    reading INTEGER NOT NULL REFERENCES readings (number),
    position INTEGER NOT NULL,
    source TEXT NOT NULL,
    speaker TEXT NOT NULL,
    cue TEXT NOT NULL,
    content TEXT NOT NULL,
    act TEXT NOT NULL,
    stance TEXT NOT NULL,
    polarity TEXT NOT NULL,
    certainty TEXT NOT NULL,
    quote TEXT NOT NULL,
    source_kind TEXT NOT NULL,
    target TEXT NOT NULL,
    said TEXT NOT NULL,
    depth INTEGER NOT NULL,
    repeated INTEGER NOT NULL,
    confidence FLOAT NOT NULL,
    record TEXT NOT NULL
);
CREATE UNIQUE INDEX claims_in_order ON claims (reading, position, act, stance, source_kind, depth);

CREATE TABLE gaps (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    stage TEXT NOT NULL,
    subject TEXT NOT NULL,
    cause TEXT NOT NULL,
    detail TEXT NOT NULL,
    seen TEXT NOT NULL,
    record TEXT NOT NULL
);

-- Full text search. The words stay in the tables above (external content); these hold the index alone and are
-- fed in the same transaction by ../search.py. Not by triggers: FTS5 writes its index out at each trigger's savepoint,
-- which is five times slower. They are derived: INSERT INTO claims_words (claims_words) VALUES ('rebuild') makes
-- one anew. https://sqlite.org/fts5.html#external_content_tables

CREATE VIRTUAL TABLE claims_words USING fts5 (
    source, speaker, cue, content,
    content = 'claims', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE reports_words USING fts5 (
    title, text,
    content = 'reports', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);
-- Finds a claim by its id or the beginning of it. Full text, though it is one word: this index is written in runs,
-- where an ordinary one over ids, which are spread evenly, would write a page for each claim.
CREATE VIRTUAL TABLE claims_ids USING fts5 (
    id, content = 'claims', content_rowid = 'number', detail = 'none', columnsize = 0
);

-- More is gathered in memory (16 MiB, of an index) before it is written out, and parts are merged in larger steps:
-- appending is a fifth faster. https://sqlite.org/fts5.html#the_automerge_configuration_option
INSERT INTO claims_words (claims_words, rank) VALUES ('hashsize', 16777216);
INSERT INTO claims_words (claims_words, rank) VALUES ('automerge', 8);
INSERT INTO claims_ids (claims_ids, rank) VALUES ('hashsize', 16777216);
INSERT INTO claims_ids (claims_ids, rank) VALUES ('automerge', 8);
INSERT INTO reports_words (reports_words, rank) VALUES ('hashsize', 16777216);
INSERT INTO reports_words (reports_words, rank) VALUES ('automerge', 8);

-- Append-only: a correction is a new entry that points at the old one.

CREATE TRIGGER captures_keep BEFORE UPDATE ON captures BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER captures_stay BEFORE DELETE ON captures BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER reports_keep BEFORE UPDATE ON reports BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER reports_stay BEFORE DELETE ON reports BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER readings_keep BEFORE UPDATE ON readings BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER readings_stay BEFORE DELETE ON readings BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER claims_keep BEFORE UPDATE ON claims BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER claims_stay BEFORE DELETE ON claims BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER gaps_keep BEFORE UPDATE ON gaps BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER gaps_stay BEFORE DELETE ON gaps BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER ledger_versions_keep BEFORE UPDATE ON ledger_versions BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER ledger_versions_stay BEFORE DELETE ON ledger_versions BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;

-- For people, in Datasette or any SQLite tool.

-- The latest reading of each report; the earlier ones are kept, but they don't speak for it any more.
CREATE VIEW newest_readings AS
SELECT readings.number, readings.id, readings.report, readings.reader
FROM readings
WHERE readings.number = (SELECT max(later.number) FROM readings AS later WHERE later.report = readings.report);

CREATE VIEW claims_plain AS
SELECT
    reports.outlet AS outlet,
    reports.published AS published,
    CASE WHEN claims.speaker <> '' THEN claims.speaker ELSE claims.source END AS speaker,
    claims.source AS source,
    claims.source_kind AS source_kind,
    claims.cue AS cue,
    claims.act AS act,
    claims.stance AS stance,
    claims.polarity AS polarity,
    claims.certainty AS certainty,
    claims.content AS content,
    claims.quote AS quote,
    claims.target AS target,
    claims.said AS said,
    claims.depth AS depth,
    claims.confidence AS confidence,
    reports.title AS title,
    claims.id AS claim,
    reports.id AS report,
    claims.number AS number
FROM reports
JOIN newest_readings ON newest_readings.report = reports.number
JOIN claims ON claims.reading = newest_readings.number;

CREATE VIEW reports_plain AS
SELECT
    reports.outlet AS outlet,
    reports.published AS published,
    reports.title AS title,
    reports.byline AS byline,
    length(reports.text) AS characters,
    (
        SELECT count(*) FROM newest_readings JOIN claims ON claims.reading = newest_readings.number
        WHERE newest_readings.report = reports.number
    ) AS claims,
    reports.url AS url,
    captures.place AS place,
    captures.taken AS taken,
    captures.digest AS digest,
    reports.id AS report,
    reports.number AS number
FROM reports
JOIN captures ON captures.number = reports.capture;
