"""Rows on their way into the ledger, and the digests that will vouch for them, made while they are at hand.

To read them again for it would be a fifth of the work. So the rows go into the digest as they went to the database, and
what it gives back of the last one of each table is held against that. Where it is not certain which rows were new, or
what comes back is another, all are read again (`custody.digest_over`), as `purport verify` always does.
"""

import hashlib
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Table

from purport.ledger.bulk import ROWS, append, batches
from purport.ledger.lines import encoded, line_of
from purport.ledger.rows import Row


class Intake:
    """Appends within a transaction. `before` tells the last number of each table, and nobody else adds meanwhile."""

    def __init__(self, connection: Connection, before: Mapping[str, int]) -> None:
        self.connection = connection
        self._last = dict(before)
        self._sums: dict[str, tuple[int, hashlib._Hash]] = {}  # the first number, and the digest from there on
        self._ends: dict[str, Row] = {}
        self._unknown: set[str] = set()

    def append(self, table: Table, rows: Iterable[Row]) -> int:
        """Adds the rows that are not there yet, without their numbers; returns how many that were."""
        return sum(self._append(table, some) for some in batches(rows, ROWS))

    def _append(self, table: Table, rows: list[Row]) -> int:
        name = f"{table.name}"
        count, added = append(self.connection, table, rows, self._last.get(name, 0))
        if not count:
            return 0
        first = self._last.get(name, 0) + 1
        self._last[name] = first + count - 1
        if len(added) != count:
            self._unknown.add(name)
        elif name not in self._unknown:
            _, sha = self._sums.setdefault(name, (first, hashlib.sha256()))
            numbered = [(number, *row) for number, row in enumerate(added, first)]
            for lines in encoded(table, numbered):
                sha.update(lines)
            self._ends[name] = numbered[-1]
        return count

    def digest(self, table: Table, first: int, last: int) -> str:
        """The digest over the rows from number to number; empty if they are to be read for it."""
        name = f"{table.name}"
        began, sha = self._sums.get(name, (0, hashlib.sha256()))
        if name in self._unknown or (began, self._last.get(name)) != (first, last):
            return ""
        same = line_of(self.connection, table, last) == b"".join(encoded(table, [self._ends[name]]))
        return f"sha256:{sha.hexdigest()}" if same else ""
