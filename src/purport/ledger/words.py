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
_BETWEEN = "\x1e"
_FEW = 40
_FOREIGN = re.compile(r"[^\x00-\x7f]")
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
_ascii = {code: _folding[code] for code in range(128)} | {ord(_BETWEEN): _BETWEEN}


def words(*texts: str) -> str:
    """The words of some texts in order, with one space between them, and a stroke between those of two texts."""
    text = _BETWEEN.join(text.replace(_BETWEEN, " ") for text in texts)
    if not text.isascii():
        foreign = set(_FOREIGN.findall(text))
        if len(foreign) > _FEW:
            text = text.translate(_folding)
        else:  # a text with some accents is folded four times as fast so
            for sign in foreign:
                text = text.replace(sign, _folding[ord(sign)])
    found = " ".join(text.translate(_ascii).replace(_BETWEEN, " / ").split())
    return _LONG.sub(r"\1", found) if len(found) > LONGEST else found
