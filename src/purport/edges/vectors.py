"""Vectors of texts that were encoded once, kept in a file beside the ledger: encoding is what costs most in tracing.

Nothing is lost with the file: it is made again, text by text. It holds digests of texts, no texts.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from purport.core.ports import Encoder

_TOGETHER = 200  # texts between two writes; what was encoded before a kill stays


class KeptEncoder:
    """`core.ports.Encoder` that asks another one for each text only once. A file that can't be used is not used."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self._encoder, self._path, self._lock = encoder, path, Lock()

    @property
    def version(self) -> str:
        return self._encoder.version

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A vector of length 1 for each text, the same whether it was kept or is new: both go through half numbers."""
        with self._lock:
            return self._encoded(texts)

    def _encoded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        keys = [hashlib.sha256(f"{self.version} {text}".encode("utf-8", "surrogatepass")).digest() for text in texts]
        known = self._kept(keys)
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        order = list(fresh)
        for start in range(0, len(order), _TOGETHER):
            some = order[start : start + _TOGETHER]
            made = self._encoder.encode([fresh[key] for key in some]).astype(np.float16)
            rows = {key: vector.tobytes() for key, vector in zip(some, made, strict=True)}
            self._keep(rows)
            known |= rows
        if not keys:
            return self._encoder.encode([])
        found = np.frombuffer(b"".join(known[key] for key in keys), np.float16).reshape(len(keys), -1)
        vectors = found.astype(np.float32)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    @cached_property
    def _file(self) -> tuple[sqlite3.Connection, ...]:
        """None or one: where there can't be a file, all is encoded each time."""
        try:
            opened = sqlite3.connect(self._path, isolation_level=None, timeout=10, check_same_thread=False)
            opened.execute("PRAGMA journal_mode = WAL")
            opened.execute(
                "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB, sum INT) WITHOUT ROWID"
            )
        except sqlite3.Error:
            return ()
        return (opened,)

    def _kept(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        for file in self._file:
            for start in range(0, len(keys), 500):
                some = keys[start : start + 500]
                marks = ", ".join("?" * len(some))
                try:
                    rows = file.execute(f"SELECT key, vector, sum FROM vectors WHERE key IN ({marks})", some)
                    found |= {key: vector for key, vector, sum in rows if crc32(vector) == sum}
                except sqlite3.Error:
                    return {}
        return found

    def _keep(self, rows: dict[bytes, bytes]) -> None:
        for file in self._file:
            try:
                file.execute("BEGIN IMMEDIATE")
                file.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", [(*row, crc32(row[1])) for row in rows.items()]
                )
                file.execute("COMMIT")
            except sqlite3.Error:
                if file.in_transaction:
                    file.execute("ROLLBACK")
