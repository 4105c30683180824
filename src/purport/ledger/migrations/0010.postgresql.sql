-- Briefs that people keep, edition by edition, and marks "look again" with what cleared them.

-- Of the rows of a brief the one with the highest edition is the brief as it stands.
CREATE TABLE briefs (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('briefs'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    brief TEXT COLLATE "C" NOT NULL,
    edition BIGINT NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    story TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    did TEXT COLLATE "C" NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX briefs_by_brief ON briefs (brief, edition);

CREATE TABLE looks (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('looks'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);
CREATE INDEX looks_by_subject ON looks (subject);

CREATE TABLE cleared (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('cleared'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    look BIGINT NOT NULL UNIQUE REFERENCES looks (number),
    why TEXT COLLATE "C" NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);

CREATE TRIGGER briefs_keep BEFORE UPDATE ON briefs EXECUTE FUNCTION refuse_change();
CREATE TRIGGER briefs_stay BEFORE DELETE OR TRUNCATE ON briefs EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER looks_keep BEFORE UPDATE ON looks EXECUTE FUNCTION refuse_change();
CREATE TRIGGER looks_stay BEFORE DELETE OR TRUNCATE ON looks EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER cleared_keep BEFORE UPDATE ON cleared EXECUTE FUNCTION refuse_change();
CREATE TRIGGER cleared_stay BEFORE DELETE OR TRUNCATE ON cleared EXECUTE FUNCTION refuse_removal();

-- Each brief as it stands.
CREATE VIEW briefs_plain AS
SELECT
    briefs.title AS title,
    briefs.status AS status,
    briefs.edition AS edition,
    briefs.story AS story,
    briefs.did AS did,
    briefs.who AS who,
    briefs.at AS at,
    briefs.brief AS brief,
    briefs.number AS number
FROM briefs
WHERE NOT EXISTS (
    SELECT 1 FROM briefs AS later WHERE later.brief = briefs.brief AND later.edition > briefs.edition
);

-- Each mark, with what cleared it: empty while it is open.
CREATE VIEW looks_plain AS
SELECT
    looks.kind AS kind,
    looks.subject AS subject,
    looks.what AS what,
    looks.origin AS origin,
    looks.reason AS reason,
    looks.at AS at,
    coalesce(cleared.at, '') AS cleared_at,
    coalesce(cleared.who, '') AS cleared_by,
    coalesce(cleared.why, '') AS cleared_why,
    looks.id AS look,
    looks.number AS number
FROM looks
LEFT JOIN cleared ON cleared.look = looks.number;
