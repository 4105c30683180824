-- Handling marks (TLP 2.0): how far a report, release, brief or source may be passed on, who said so and why. Of
-- several rows for one subject the one with the highest number holds.

CREATE TABLE marks (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('marks'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C" NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);
CREATE INDEX marks_by_subject ON marks (kind, subject);

CREATE TRIGGER marks_keep BEFORE UPDATE ON marks EXECUTE FUNCTION refuse_change();
CREATE TRIGGER marks_stay BEFORE DELETE OR TRUNCATE ON marks EXECUTE FUNCTION refuse_removal();

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
