-- The custody log and its time stamps, beside what they vouch for. docs/custody.md

-- Each call that adds something to the ledger adds an entry here, in the same transaction. `id` is the SHA-256 of
-- `record`, byte for byte; in the record stands the id before, which is `previous`, too. No two entries can follow
-- the same one, so that the chain has no fork.
CREATE TABLE custody (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('custody'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    previous TEXT COLLATE "C" NOT NULL UNIQUE,
    who TEXT COLLATE "C" NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    tool TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);

CREATE TABLE stamps (
    number BIGINT NOT NULL PRIMARY KEY DEFAULT next_number('stamps'),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    root TEXT COLLATE "C" NOT NULL,
    authority TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL
);

CREATE TRIGGER custody_keep BEFORE UPDATE ON custody EXECUTE FUNCTION refuse_change();
CREATE TRIGGER custody_stay BEFORE DELETE OR TRUNCATE ON custody EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER stamps_keep BEFORE UPDATE ON stamps EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stamps_stay BEFORE DELETE OR TRUNCATE ON stamps EXECUTE FUNCTION refuse_removal();
