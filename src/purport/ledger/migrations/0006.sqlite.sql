-- What was joined: reports into stories, claims into one; and what people decided about that. docs/stories.md

-- A report stands in a story from here on. Of several rows for one report the last one holds.
CREATE TABLE placed (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    report INTEGER NOT NULL REFERENCES reports (number),
    story TEXT NOT NULL,
    "how" TEXT NOT NULL,
    "before" TEXT NOT NULL,
    beside TEXT NOT NULL,
    score FLOAT NOT NULL,
    at TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX placed_by_report ON placed (report);
CREATE INDEX placed_by_story ON placed (story);

-- Two claims of different reports say the same thing, as the machine found. Claims go by their ids: see `claims`.
CREATE TABLE merges (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    score FLOAT NOT NULL,
    at TEXT NOT NULL,
    record TEXT NOT NULL
);

-- What a person decided about two claims, or about reports and their stories. Of several about two the last one holds.
CREATE TABLE judgements (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    verdict TEXT NOT NULL,
    "of" TEXT NOT NULL,
    why TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    record TEXT NOT NULL
);

CREATE TRIGGER placed_keep BEFORE UPDATE ON placed BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER placed_stay BEFORE DELETE ON placed BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER merges_keep BEFORE UPDATE ON merges BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER merges_stay BEFORE DELETE ON merges BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER judgements_keep BEFORE UPDATE ON judgements BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER judgements_stay BEFORE DELETE ON judgements BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;

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
