-- Briefs that people keep, edition by edition, and marks "look again" with what cleared them.

-- Of the rows of a brief the one with the highest edition is the brief as it stands.
CREATE TABLE briefs (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    brief TEXT NOT NULL,
    edition INTEGER NOT NULL,
    title TEXT NOT NULL,
    story TEXT NOT NULL,
    status TEXT NOT NULL,
    did TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE UNIQUE INDEX briefs_by_brief ON briefs (brief, edition);

CREATE TABLE looks (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    what TEXT NOT NULL,
    origin TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX looks_by_subject ON looks (subject);

CREATE TABLE cleared (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    look INTEGER NOT NULL UNIQUE REFERENCES looks (number),
    why TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    record TEXT NOT NULL
);

CREATE TRIGGER briefs_keep BEFORE UPDATE ON briefs BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER briefs_stay BEFORE DELETE ON briefs BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER looks_keep BEFORE UPDATE ON looks BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER looks_stay BEFORE DELETE ON looks BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER cleared_keep BEFORE UPDATE ON cleared BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER cleared_stay BEFORE DELETE ON cleared BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;

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
