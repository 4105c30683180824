"""The words of a text as the full text indexes know them: folded, without accents, one rule for every database.

SQLite's tokenizer (`unicode61 remove_diacritics 2`, https://sqlite.org/fts5.html#unicode61_tokenizer) is the rule. A
ledger in SQLite applies it by itself; for others it is asked what it makes of each character that is met, once.
"""

import re
import sqlite3
import threading

LONGEST = 400  # characters of a word that are kept: an index has room for some 2,000 bytes

_TABLES = """
CREATE VIRTUAL TABLE met USING fts5 (sign, tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE seen USING fts5vocab (met, 'instance');
"""
_LONG = re.compile(rf"(\S{{{LONGEST}}})\S+")


class _Folding(dict[int, str]):
    """What becomes of a character by its code point: letters, nothing (an accent) or a space (what parts words)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._asked.executescript(_TABLES)

    def __missing__(self, code: int) -> str:
        if code == 0 or 0xD800 <= code < 0xE000:  # ends a text there, and no text at all
            return " "
        with self._lock:  # between an x and a y, for an accent on its own would be gone without a trace
            self._asked.execute("DELETE FROM met")
            self._asked.execute("INSERT INTO met VALUES (?)", (f"x{chr(code)}y",))
            found = [term for (term,) in self._asked.execute("SELECT term FROM seen ORDER BY offset")]
        self[code] = found[0][1:-1] if len(found) == 1 else " "
        return self[code]


_folding = _Folding()


def words(text: str) -> str:
    """The words of a text in order, with one space between them."""
    found = " ".join(text.translate(_folding).split())
    return _LONG.sub(r"\1", found) if len(found) > LONGEST else found
