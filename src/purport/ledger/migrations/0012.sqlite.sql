-- Handling marks (TLP 2.0): how far a report, release, brief or source may be passed on, who said so and why. Of
-- several rows for one subject the one with the highest number holds.

CREATE TABLE marks (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    url TEXT NOT NULL,
    level TEXT NOT NULL,
    why TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX marks_by_subject ON marks (kind, subject);

CREATE TRIGGER marks_keep BEFORE UPDATE ON marks BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER marks_stay BEFORE DELETE ON marks BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;

-- The marks that hold.
CREATE VIEW marks_plain AS
SELECT
    marks.level AS level,
    marks.kind AS kind,
    marks.subject AS subject,
    marks.why AS why,
    marks.who AS who,
    marks.at AS at,
    marks.number AS number
FROM marks
WHERE NOT EXISTS (
    SELECT 1 FROM marks AS later
    WHERE later.kind = marks.kind AND later.subject = marks.subject AND later.number > marks.number
);
