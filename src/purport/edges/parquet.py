"""Parquet files in place of a ledger: the tables of `core.columns`, written as the records come.

Zstandard, sorted as they were read, some tens of thousands of rows a group: so memory does not grow with the file, and
columns compress well. The file's metadata names Purport's version and that of the tables.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from purport import __version__
from purport.core import columns
from purport.core.bulk import FORM
from purport.core.columns import Columns, Kind, Row
from purport.core.errors import UsageError
from purport.core.ports import Written
from purport.core.records import Capture, Gap, Reading, Release, Report

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError as missing:
    raise UsageError('Parquet needs a package that is not installed: pip install "purport[bulk]".') from missing

GROUP = 20_000  # rows that are held before they are written
_TYPES = {
    "string": pa.string(),
    "binary": pa.binary(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "time": pa.timestamp("us", tz="UTC"),
}


def arrow(kind: Kind) -> Any:
    """The Arrow type of a column's kind."""
    if isinstance(kind, list):
        return pa.list_(pa.field("item", arrow(kind[0]), nullable=False))
    if isinstance(kind, dict):
        return pa.struct([pa.field(name, arrow(inner), nullable=False) for name, inner in kind.items()])
    return _TYPES[kind]


def schema(table: Columns) -> Any:
    """The Arrow schema of a table; each field says what it is."""
    fields = [pa.field(name, arrow(kind), metadata={"about": about}) for name, kind, about in table]
    return pa.schema(fields, metadata={"purport": __version__, "purport.form": str(FORM)})


class Sheet:
    """One table in one file. Rows come in batches; some are held until there are enough for a group."""

    def __init__(self, path: Path, table: Columns) -> None:
        self.path, self.rows = path, 0
        self._schema = schema(table)
        self._file = pq.ParquetWriter(path, self._schema, compression="zstd", use_dictionary=True)
        self._held: list[Any] = []

    def add(self, rows: list[Row]) -> None:
        self._held.append(pa.RecordBatch.from_pylist(rows, self._schema))
        self.rows += len(rows)
        if sum(map(len, self._held)) >= GROUP:
            self._write()

    def _write(self) -> None:
        if self._held:
            self._file.write_table(pa.Table.from_batches(self._held, self._schema))
            self._held = []

    def close(self) -> None:
        self._write()
        self._file.close()


class Sheets:
    """Implements `core.ports.Tables` for what is read: claims, reports, gaps."""

    def __init__(self, folder: Path, tables: Mapping[str, Columns] = columns.READ) -> None:
        self._sheets = {name: Sheet(folder / f"{name}.parquet", table) for name, table in tables.items()}
        self._seen = set[str]()

    def add(
        self,
        *,
        captures: Iterable[Capture] = (),
        reports: Iterable[Report] = (),
        readings: Iterable[Reading] = (),
        gaps: Iterable[Gap] = (),
        releases: Iterable[Release] = (),
        what: str = "read",
    ) -> int:
        """Rows of what was not added before; returns how many. A report comes with its capture and its reading."""
        anchors = {one.id: one for one in captures}
        read = {one.report: one for one in readings}
        fresh = self._new(reports)
        rows: dict[str, list[Row]] = {
            "reports": [
                columns.report(one, anchors[one.capture], [read[one.id]] if one.id in read else []) for one in fresh
            ],
            "claims": [row for one in fresh if one.id in read for row in columns.claims(one, read[one.id])],
            "gaps": [columns.gap(one) for one in self._new(gaps)],
        }
        return self.put(rows)

    def _new(self, records: Iterable[Any]) -> list[Any]:
        fresh = {one.id: one for one in records if one.id not in self._seen}
        self._seen.update(fresh)
        return list(fresh.values())

    def put(self, rows: Mapping[str, list[Row]]) -> int:
        """Rows by their table, of which there may be none that these sheets have not."""
        for name, some in rows.items():
            if some:
                self._sheets[name].add(some)
        return sum(map(len, rows.values()))

    def close(self) -> Written:
        for sheet in self._sheets.values():
            sheet.close()
        return {name: (sheet.path, sheet.rows) for name, sheet in self._sheets.items()}
