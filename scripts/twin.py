"""Writes the PostgreSQL form of a ledger's migration from its SQLite form: src/purport/ledger/migrations/NNNN.*.sql.

    python scripts/twin.py 0014

Read it afterwards: what it does not know (a full text index, an index over long texts, SQLite's own functions) it
leaves as it is. A test holds that each migration has its twin and that both make the same tables, views and triggers.
"""

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src/purport/ledger/migrations"
_TRIGGER = r"CREATE TRIGGER (\w+)_{} BEFORE {} ON (\w+) BEGIN\n.*\nEND;"


def twin(sql: str) -> str:
    sql = re.sub(_TRIGGER.format("keep", "UPDATE"),
                 r"CREATE TRIGGER \1_keep BEFORE UPDATE ON \2 EXECUTE FUNCTION refuse_change();", sql)  # fmt: skip
    sql = re.sub(_TRIGGER.format("stay", "DELETE"),
                 r"CREATE TRIGGER \1_stay BEFORE DELETE OR TRUNCATE ON \2 EXECUTE FUNCTION refuse_removal();", sql)  # fmt: skip
    sql = re.sub(r"\bTEXT NOT NULL\b", 'TEXT COLLATE "C" NOT NULL', sql)
    lines, table = [], ""
    for line in re.sub(r"\bINTEGER\b", "BIGINT", sql).splitlines():
        if made := re.match(r"CREATE TABLE (\w+)", line):
            table = made[1]
        if line.startswith("    number BIGINT NOT NULL PRIMARY KEY"):
            line = line.replace("KEY", f"KEY DEFAULT next_number('{table}')")
        lines.append(line)
    return "\n".join(lines).replace("in Datasette or any SQLite tool", "in psql or any PostgreSQL tool") + "\n"


if __name__ == "__main__":
    for number in sys.argv[1:]:
        text = (FOLDER / f"{number}.sqlite.sql").read_text(encoding="utf-8")
        (FOLDER / f"{number}.postgresql.sql").write_text(twin(text), encoding="utf-8")
