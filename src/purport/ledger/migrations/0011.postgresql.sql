-- What people decide about claims, one by one, and the searches that they keep. docs/review.md

CREATE TABLE reviews (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('reviews'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    report BIGINT NOT NULL REFERENCES reports (number),
    claim BIGINT NOT NULL REFERENCES claims (number),
    what TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C" NOT NULL,
    assigned TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    "of" TEXT COLLATE "C" NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);
CREATE INDEX reviews_by_report ON reviews (report);

-- How a claim stands by all that was decided about it. Of several rows for one claim the last one holds. When a report
-- is read again, the claim that is at the same place gets a row of its own.
CREATE TABLE standings (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('standings'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    claim BIGINT NOT NULL REFERENCES claims (number),
    review BIGINT NOT NULL REFERENCES reviews (number),
    state TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL
);
CREATE INDEX standings_by_claim ON standings (claim);

-- Of several rows with one name and person the last one holds.
CREATE TABLE searches (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('searches'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    who TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    seen BIGINT NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);
CREATE INDEX searches_by_who ON searches (who, name);

CREATE TRIGGER reviews_keep BEFORE UPDATE ON reviews EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reviews_stay BEFORE DELETE OR TRUNCATE ON reviews EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER standings_keep BEFORE UPDATE ON standings EXECUTE FUNCTION refuse_change();
CREATE TRIGGER standings_stay BEFORE DELETE OR TRUNCATE ON standings EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER searches_keep BEFORE UPDATE ON searches EXECUTE FUNCTION refuse_change();
CREATE TRIGGER searches_stay BEFORE DELETE OR TRUNCATE ON searches EXECUTE FUNCTION refuse_removal();

-- For people: what was decided about claims, each row beside the machine's entry as it was then.
CREATE VIEW judgements_plain AS
SELECT
    reviews.at AS at,
    reviews.who AS who,
    reviews.what AS what,
    reviews.why AS why,
    reviews.assigned AS assigned,
    reviews.status AS status,
    CAST(EXISTS (SELECT 1 FROM reviews AS later WHERE later."of" = reviews.id) AS integer) AS undone,
    coalesce((
        SELECT standings.state FROM standings WHERE standings.claim = reviews.claim
        ORDER BY standings.number DESC LIMIT 1
    ), '') AS state,
    reports.outlet AS outlet,
    reports.title AS title,
    claims.source AS source,
    claims.cue AS cue,
    claims.content AS content,
    claims.act AS act,
    claims.stance AS stance,
    claims.id AS claim,
    reports.id AS report,
    reviews.id AS review,
    reviews.number AS number
FROM reviews
JOIN claims ON claims.number = reviews.claim
JOIN reports ON reports.number = reviews.report;

CREATE VIEW searches_plain AS
SELECT
    searches.who AS who,
    searches.name AS name,
    json_extract(searches.record, '$.asked') AS asked,
    searches.seen AS seen,
    searches.at AS at,
    searches.number AS number
FROM searches
WHERE searches.number = (
    SELECT max(later.number) FROM searches AS later WHERE later.who = searches.who AND later.name = searches.name
) AND json_extract(searches.record, '$.asked') <> '[]';
