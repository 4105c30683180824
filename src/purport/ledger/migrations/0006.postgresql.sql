-- What was joined: reports into stories, claims into one; and what people decided about that. docs/stories.md

-- A report stands in a story from here on. Of several rows for one report the last one holds.
CREATE TABLE placed (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('placed'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    report BIGINT NOT NULL REFERENCES reports (number),
    story TEXT COLLATE "C" NOT NULL,
    "how" TEXT COLLATE "C" NOT NULL,
    "before" TEXT COLLATE "C" NOT NULL,
    beside TEXT COLLATE "C" NOT NULL,
    score FLOAT NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);
CREATE INDEX placed_by_report ON placed (report);
CREATE INDEX placed_by_story ON placed (story);

-- Two claims of different reports say the same thing, as the machine found. Claims go by their ids: see `claims`.
CREATE TABLE merges (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('merges'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    a TEXT COLLATE "C" NOT NULL,
    b TEXT COLLATE "C" NOT NULL,
    score FLOAT NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);

-- What a person decided about two claims, or about reports and their stories. Of several about two the last one holds.
CREATE TABLE judgements (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('judgements'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    verdict TEXT COLLATE "C" NOT NULL,
    "of" TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C" NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);

CREATE TRIGGER placed_keep BEFORE UPDATE ON placed EXECUTE FUNCTION refuse_change();
CREATE TRIGGER placed_stay BEFORE DELETE OR TRUNCATE ON placed EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER merges_keep BEFORE UPDATE ON merges EXECUTE FUNCTION refuse_change();
CREATE TRIGGER merges_stay BEFORE DELETE OR TRUNCATE ON merges EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER judgements_keep BEFORE UPDATE ON judgements EXECUTE FUNCTION refuse_change();
CREATE TRIGGER judgements_stay BEFORE DELETE OR TRUNCATE ON judgements EXECUTE FUNCTION refuse_removal();

-- For people: each report in the story that it stands in.
CREATE VIEW stories_plain AS
SELECT
    placed.story AS story,
    reports.outlet AS outlet,
    reports.published AS published,
    reports.title AS title,
    placed."how" AS "how",
    placed."before" AS "before",
    placed.at AS since,
    reports.id AS report,
    placed.number AS number
FROM placed
JOIN reports ON reports.number = placed.report
WHERE placed.number = (SELECT max(later.number) FROM placed AS later WHERE later.report = placed.report);
