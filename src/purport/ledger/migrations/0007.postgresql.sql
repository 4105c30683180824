-- More for people, in psql or any PostgreSQL tool: what could not be done, what pages said before, what was fetched.

CREATE VIEW gaps_plain AS
SELECT
    gaps.seen AS seen,
    gaps.stage AS stage,
    gaps.cause AS cause,
    gaps.subject AS subject,
    gaps.detail AS detail,
    gaps.id AS gap,
    gaps.number AS number
FROM gaps;

-- Addresses under which another text stood before, each text beside the one that it came after. As texts arrive: what
-- `purport edits` tells of them goes by when they were taken.
CREATE VIEW edits_plain AS
SELECT
    later.url AS url,
    later.outlet AS outlet,
    earlier_captures.taken AS taken_before,
    later_captures.taken AS taken_after,
    earlier.title AS title_before,
    later.title AS title_after,
    length(earlier.text) AS characters_before,
    length(later.text) AS characters_after,
    earlier.id AS report_before,
    later.id AS report_after,
    later.number AS number
FROM reports AS later
JOIN reports AS earlier ON earlier.number = (
    SELECT max(other.number) FROM reports AS other WHERE other.url = later.url AND other.number < later.number
)
JOIN captures AS earlier_captures ON earlier_captures.number = earlier.capture
JOIN captures AS later_captures ON later_captures.number = later.capture
WHERE later.url <> '' AND earlier.text_digest <> later.text_digest;

CREATE VIEW exchanges_plain AS
SELECT
    exchanges.asked AS asked,
    exchanges.url AS url,
    exchanges.status AS status,
    exchanges.media_type AS media_type,
    exchanges.size AS size,
    exchanges.cut AS cut,
    exchanges.archive AS archive,
    exchanges."offset" AS "offset",
    exchanges.digest AS digest,
    exchanges.same_as AS same_as,
    exchanges.id AS exchange,
    exchanges.number AS number
FROM exchanges;
