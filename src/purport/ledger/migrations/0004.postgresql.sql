-- What is watched: what sources listed, each exchange as it went over the wire, each try. docs/watching.md

CREATE TABLE listed (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('listed'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    source TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    published TEXT COLLATE "C" NOT NULL,
    seen TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);
CREATE INDEX listed_by_source ON listed (source);

CREATE TABLE exchanges (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('exchanges'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    url TEXT COLLATE "C" NOT NULL,
    asked TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL,
    archive TEXT COLLATE "C" NOT NULL,
    "offset" BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    same_as TEXT COLLATE "C" NOT NULL,
    cut TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);
CREATE INDEX exchanges_by_archive ON exchanges (archive, "end");
-- By hash, as other addresses and subjects below: an ordinary index has room for some 2,700 bytes of one.
CREATE INDEX exchanges_by_url ON exchanges USING hash (url);
CREATE INDEX exchanges_by_digest ON exchanges (digest);

CREATE TABLE visits (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('visits'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    source TEXT COLLATE "C" NOT NULL,
    item BIGINT NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    capture BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    "next" TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);
CREATE INDEX visits_by_item ON visits (item, source);
CREATE INDEX visits_by_capture ON visits (capture);

-- Asked for by what is watched: which captures have no report yet, and say no gap why.
CREATE INDEX reports_by_capture ON reports (capture);
CREATE INDEX gaps_by_subject ON gaps USING hash (subject);

CREATE TRIGGER listed_keep BEFORE UPDATE ON listed EXECUTE FUNCTION refuse_change();
CREATE TRIGGER listed_stay BEFORE DELETE OR TRUNCATE ON listed EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER exchanges_keep BEFORE UPDATE ON exchanges EXECUTE FUNCTION refuse_change();
CREATE TRIGGER exchanges_stay BEFORE DELETE OR TRUNCATE ON exchanges EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER visits_keep BEFORE UPDATE ON visits EXECUTE FUNCTION refuse_change();
CREATE TRIGGER visits_stay BEFORE DELETE OR TRUNCATE ON visits EXECUTE FUNCTION refuse_removal();

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
