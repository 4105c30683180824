-- What a screen asks for each time: from when to when pages were taken, and which gaps have a cause.

CREATE INDEX captures_by_time ON captures (taken);
CREATE INDEX gaps_by_cause ON gaps (cause);
