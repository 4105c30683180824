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
    for kind, on, instead, call in (
        ("keep", "UPDATE", "UPDATE", "refuse_change"),
        ("stay", "DELETE", "DELETE OR TRUNCATE", "refuse_removal"),
    ):
        put = rf"CREATE TRIGGER \1_{kind} BEFORE {instead} ON \2 EXECUTE FUNCTION {call}();"
        sql = re.sub(_TRIGGER.format(kind, on), put, sql)
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
