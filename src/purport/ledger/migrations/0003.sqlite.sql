-- The custody log and its time stamps, beside what they vouch for. docs/custody.md

-- Each call that adds something to the ledger adds an entry here, in the same transaction. `id` is the SHA-256 of
-- `record`, byte for byte; in the record stands the id before, which is `previous`, too. No two entries can follow
-- the same one, so that the chain has no fork.
CREATE TABLE custody (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    previous TEXT NOT NULL UNIQUE,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    at TEXT NOT NULL,
    tool TEXT NOT NULL,
    outcome TEXT NOT NULL,
    record TEXT NOT NULL
);

CREATE TABLE stamps (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    root TEXT NOT NULL,
    authority TEXT NOT NULL,
    at TEXT NOT NULL,
    record TEXT NOT NULL
);

CREATE TRIGGER custody_keep BEFORE UPDATE ON custody BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER custody_stay BEFORE DELETE ON custody BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
CREATE TRIGGER stamps_keep BEFORE UPDATE ON stamps BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: add a new entry instead of changing one');
END;
CREATE TRIGGER stamps_stay BEFORE DELETE ON stamps BEGIN
    SELECT raise(ABORT, 'the ledger is append-only: entries are never removed');
END;
