-- The ledger's first form, for PostgreSQL: as in 0001.sqlite.sql but for what is said here. What the columns hold is
-- said in ../tables.py and docs/ledger.md. Texts are compared byte by byte (COLLATE "C"), as SQLite does, whatever the
-- database's own language is: ids sort alike everywhere, and an index serves the beginning of one.

-- Rows are numbered without a hole, which no sequence does: of a call that fails the numbers are given again. One
-- writer at a time holds the ledger's lock (purport.edges.postgres), so that no two are given the same.
CREATE FUNCTION next_number(name text) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    found bigint;
BEGIN
    EXECUTE format('SELECT coalesce(max(number), 0) + 1 FROM %I', name) INTO found;
    RETURN found;
END
$$;

-- A value out of a record by its path, as SQLite's function of this name gives it ('$.text', '$.cue[0][0]'); always as
-- text. The sign of number 0 can't stand in a text here: two others (U+FDD0, U+FDD1) stand for it, see ../bulk.py.
CREATE FUNCTION json_extract(record text, path text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (
        CASE WHEN position('\u0000' IN record) = 0 THEN record
        ELSE regexp_replace(record, '(?<!\\)((?:\\\\)*)\\u0000', E'\\1\uFDD0\uFDD1', 'g') END
    )::json #>> string_to_array(regexp_replace(substr(path, 3), '\[(\d+)\]', '.\1', 'g'), '.')
$$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: add a new entry instead of changing one'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: entries are never removed'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TABLE ledger_versions (
    version BIGINT NOT NULL PRIMARY KEY,
    made_by TEXT COLLATE "C" NOT NULL
);

CREATE TABLE captures (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('captures'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    place TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    taken TEXT COLLATE "C" NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    stored BIGINT NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);

CREATE TABLE reports (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('reports'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    capture BIGINT NOT NULL REFERENCES captures (number),
    outlet TEXT COLLATE "C" NOT NULL,
    published TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    byline TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    input_id TEXT COLLATE "C" NOT NULL,
    text_digest TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL,
    -- Stored: PostgreSQL reads a column out of another when asked for from version 18 on only.
    text TEXT COLLATE "C" GENERATED ALWAYS AS (json_extract(record, '$.text')) STORED
);
CREATE INDEX reports_by_date ON reports (published);
CREATE INDEX reports_by_outlet ON reports (outlet, published);

CREATE TABLE readings (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('readings'),
    id TEXT COLLATE "C" NOT NULL,
    report BIGINT NOT NULL REFERENCES reports (number),
    reader TEXT COLLATE "C" NOT NULL,
    UNIQUE (report, id)
);

CREATE TABLE claims (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('claims'),
    id TEXT COLLATE "C" NOT NULL,
    reading BIGINT NOT NULL REFERENCES readings (number),
    position BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    speaker TEXT COLLATE "C" NOT NULL,
    cue TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    act TEXT COLLATE "C" NOT NULL,
    stance TEXT COLLATE "C" NOT NULL,
    polarity TEXT COLLATE "C" NOT NULL,
    certainty TEXT COLLATE "C" NOT NULL,
    quote TEXT COLLATE "C" NOT NULL,
    source_kind TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    said TEXT COLLATE "C" NOT NULL,
    depth BIGINT NOT NULL,
    repeated BIGINT NOT NULL,
    confidence FLOAT NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX claims_in_order ON claims (reading, position, act, stance, source_kind, depth);

CREATE TABLE gaps (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('gaps'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    stage TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    seen TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);

-- A claim is found by its id or the beginning of it.
CREATE INDEX claims_by_id ON claims (id);

-- Full text search. `words` holds the words of an entry as ../words.py makes them (lower case, no accents), each between
-- spaces; " / " parts what was in different columns, so that no phrase goes over it. `each` holds a number for each word
-- (word_numbers), by which the index leads to the rows; whether the words and phrases themselves are there is then looked
-- for in `words`. ../gin.py adds and asks for them. `rowid` is the number in the table above, as SQLite calls it.
-- Not PostgreSQL's own parser and type of text: they find other words, know no phrases beyond the 16,383rd word, and
-- refuse a text of very many words. They are derived from the tables above.
-- https://www.postgresql.org/docs/current/gin.html

CREATE TABLE claims_words (
    rowid BIGINT NOT NULL PRIMARY KEY,
    words TEXT COLLATE "C" NOT NULL,
    each INTEGER[] NOT NULL
);
CREATE INDEX claims_words_each ON claims_words USING gin (each);
CREATE TABLE reports_words (
    rowid BIGINT NOT NULL PRIMARY KEY,
    words TEXT COLLATE "C" NOT NULL,
    each INTEGER[] NOT NULL
);
CREATE INDEX reports_words_each ON reports_words USING gin (each);

-- The numbers of some words, for people's own queries: each @> word_numbers('bridge fallen'). A word's number is its
-- CRC-32 (ISO 3309, as in zip files) in UTF-8, less 2^31.
CREATE FUNCTION word_numbers(words text) RETURNS integer[] LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    found integer[] := '{}';
    word text;
    bytes bytea;
    sum bigint;
BEGIN
    FOREACH word IN ARRAY regexp_split_to_array(trim(words), '\s+') LOOP
        bytes := convert_to(word, 'UTF8');
        sum := 4294967295;
        FOR place IN 0 .. length(bytes) - 1 LOOP
            sum := sum # get_byte(bytes, place);
            FOR bit IN 1 .. 8 LOOP
                sum := (sum >> 1) # (CASE WHEN sum & 1 = 1 THEN 3988292384 ELSE 0 END);
            END LOOP;
        END LOOP;
        found := found || ((sum # 4294967295) - 2147483648)::integer;
    END LOOP;
    RETURN found;
END
$$;

-- Append-only: a correction is a new entry that points at the old one.

CREATE TRIGGER captures_keep BEFORE UPDATE ON captures EXECUTE FUNCTION refuse_change();
CREATE TRIGGER captures_stay BEFORE DELETE OR TRUNCATE ON captures EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER reports_keep BEFORE UPDATE ON reports EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reports_stay BEFORE DELETE OR TRUNCATE ON reports EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER readings_keep BEFORE UPDATE ON readings EXECUTE FUNCTION refuse_change();
CREATE TRIGGER readings_stay BEFORE DELETE OR TRUNCATE ON readings EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER claims_keep BEFORE UPDATE ON claims EXECUTE FUNCTION refuse_change();
CREATE TRIGGER claims_stay BEFORE DELETE OR TRUNCATE ON claims EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER gaps_keep BEFORE UPDATE ON gaps EXECUTE FUNCTION refuse_change();
CREATE TRIGGER gaps_stay BEFORE DELETE OR TRUNCATE ON gaps EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER ledger_versions_keep BEFORE UPDATE ON ledger_versions EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_versions_stay BEFORE DELETE OR TRUNCATE ON ledger_versions EXECUTE FUNCTION refuse_removal();

-- For people, in psql or any PostgreSQL tool.

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
