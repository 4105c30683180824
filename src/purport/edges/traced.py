"""What tracing found, kept in a file beside the ledger: a story that many look at is traced once.

Nothing is lost with the file: stories are traced again. It holds words of reports and is readable by its owner alone.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from threading import Lock
from zlib import compress, decompress
from zlib import error as Broken

import msgspec

from purport.core.origins import Traced
from purport.edges.files import make_private

_WAIT = 5.0  # seconds for another one that writes
_QUICK = 1  # of zlib's levels
_TABLE = "CREATE TABLE IF NOT EXISTS traced (subject TEXT PRIMARY KEY, key BLOB, record BLOB) WITHOUT ROWID"
_traced: msgspec.msgpack.Decoder[Traced] = msgspec.msgpack.Decoder(Traced)


class FileTraces:
    """`core.ports.Traces` in a file; of each story or claim the latest is kept. A file that can't be used is not used.

    `version` names the program that traces: what another one found is not given. It is asked when it is first needed.
    """

    def __init__(self, path: Path, version: Callable[[], str]) -> None:
        self._path, self._of, self._lock = path, version, Lock()

    def get(self, subject: str, key: str) -> Iterator[Traced]:
        """What was kept under a key: none or one."""
        found: list[tuple[bytes]] = []
        with self._lock:
            for file in self._file:
                try:
                    asked = (subject, self._key(key))
                    found = file.execute("SELECT record FROM traced WHERE subject = ? AND key = ?", asked).fetchall()
                except sqlite3.Error:
                    return
        for (record,) in found:
            try:
                traced = _traced.decode(decompress(record))
            except (Broken, TypeError, msgspec.DecodeError):  # damaged
                return
            yield traced

    def put(self, subject: str, key: str, traced: Traced) -> None:
        row = (subject, self._key(key), compress(msgspec.msgpack.encode(traced), _QUICK))
        with self._lock:
            for file in self._file:
                try:
                    file.execute("INSERT OR REPLACE INTO traced VALUES (?, ?, ?)", row)
                except sqlite3.Error:
                    return

    def _key(self, key: str) -> bytes:
        return hashlib.sha256(f"{self._version} {key}".encode()).digest()

    @cached_property
    def _version(self) -> str:
        return self._of()

    @cached_property
    def _file(self) -> tuple[sqlite3.Connection, ...]:
        """None or one: where there can't be a file, stories are traced each time."""
        try:
            make_private(self._path)
            opened = sqlite3.connect(self._path, isolation_level=None, timeout=_WAIT, check_same_thread=False)
            opened.execute("PRAGMA journal_mode = WAL")
            opened.execute("PRAGMA synchronous = OFF")  # what a power cut takes along is traced again
            opened.execute(_TABLE)
        except (sqlite3.Error, OSError):
            return ()
        return (opened,)


def sources() -> str:
    """A digest of the program: of all its modules and tables."""
    folder, summed = Path(__file__).parent.parent, hashlib.sha256()
    for path in sorted(one for end in ("*.py", "*.toml", "*.tsv") for one in folder.rglob(end)):
        summed.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return summed.hexdigest()
