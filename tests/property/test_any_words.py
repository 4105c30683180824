"""Both databases see the same words in a text: what SQLite's tokenizer finds, PostgreSQL's index is given."""

import sqlite3

from hypothesis import example, given
from hypothesis import strategies as st

from purport.ledger.words import LONGEST, words

fts = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
fts.executescript(
    "CREATE VIRTUAL TABLE texts USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2');"
    "CREATE VIRTUAL TABLE found USING fts5vocab (texts, 'instance');"
)


def of_sqlite(text: str) -> list[str]:
    fts.execute("DELETE FROM texts")
    fts.execute("INSERT INTO texts VALUES (?)", (text,))
    return [term for (term,) in fts.execute("SELECT term FROM found ORDER BY offset")]


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",))))
@example(
    "The Café’s “U.N.-led” naïve e\u0301tude, ÅNGSTRÖM & ſtraße №5 ǆ ½ 市の広報 橋は無事だ 🌉 \u200bzero\u00adwidth"
)
@example("\u0301 alone, a\u0301\u0302, \u0130stanbul, ﬁ, Ω Σίσυφος Ё й")
def test_words_are_those_of_sqlite(text: str):
    assert words(text).split() == of_sqlite(text)


@given(st.lists(st.text("ab \x1e\x1fé/"), min_size=1))
def test_texts_have_a_stroke_between_them(texts: list[str]):
    assert [part.split() for part in words(*texts).split("/")] == [of_sqlite(text) for text in texts]


def test_a_text_in_many_signs_is_folded_like_one_in_few():
    signs = " ".join(map(chr, range(0x80, 0x600)))
    assert words(signs).split() == of_sqlite(signs)


def test_very_long_words_are_cut():
    assert words(f"a {'b' * 5000} c") == f"a {'b' * LONGEST} c"
    assert words("é" * 5000) == "e" * LONGEST


def test_what_ends_a_text_in_sqlite_parts_words():
    assert words("bridge\0fallen \udcff") == "bridge fallen"
