"""Whatever a text holds: blocks cover it, tokens lie in it, and each token has one window that answers for it."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from purport.edges.onnx import OnnxModel
from purport.read.parties import parties
from purport.read.windows import BLOCK, SHAPES, WINDOW, Encoded, blocks, encode, quoted, windows

TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from(" \n.,“”\"«»'aBcD7-é"), st.characters(exclude_categories=["Cs"])), max_size=400
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return OnnxModel().tokenizer


def of_paragraphs(lengths: list[int]) -> Encoded:
    """Tokens that matter only by the paragraph they stand in."""
    numbers = np.repeat(np.arange(len(lengths)), lengths)
    zeros = np.zeros(len(numbers), dtype=np.int64)
    return Encoded(zeros, zeros, zeros, zeros, numbers)


@given(
    lengths=st.lists(st.integers(1, 90), max_size=30),
    size=st.integers(8, 60),
    share=st.integers(2, 8),
)
def test_each_token_has_one_window_that_answers_for_it(lengths: list[int], size: int, share: int) -> None:
    encoded = of_paragraphs(lengths)
    found = windows(encoded, size, size // share)
    answered = [token for window in found for token in range(window.keep, window.until)]
    assert answered == list(range(len(encoded)))
    for window in found:
        assert window.start <= window.keep < window.until <= window.stop
        assert window.stop - window.start <= size


@given(lengths=st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_a_paragraph_that_fits_is_never_cut(lengths: list[int]) -> None:
    encoded = of_paragraphs(lengths)
    edges = {0, *np.cumsum(lengths).tolist()}
    for window in windows(encoded, 40, 10):
        assert {window.start, window.stop} <= edges
        assert (window.start, window.stop) == (window.keep, window.until)


@given(text=TEXTS, size=st.integers(1, 50))
def test_blocks_cover_the_text_once(text: str, size: int) -> None:
    found = list(blocks(text, size))
    assert "".join(text[a:b] for a, b in found) == text
    assert all(0 < b - a <= size for a, b in found)
    assert [a for a, _ in found[1:]] == [b for _, b in found[:-1]]


@given(text=st.lists(st.text("ab", min_size=1, max_size=9), max_size=40).map(" ".join))
def test_blocks_cut_between_words(text: str) -> None:
    for _, stop in blocks(text, 10):
        assert stop == len(text) or text[stop - 1] == " "


def test_blocks_cut_at_a_paragraph_before_a_sentence_before_a_word() -> None:
    assert [("One. Two."[a:b]) for a, b in blocks("One. Two.", 8)] == ["One. ", "Two."]
    text = "One. Two\nthree. Four five"
    assert [text[a:b] for a, b in blocks(text, 18)] == ["One. Two\n", "three. Four five"]
    assert [text[a:b] for a, b in blocks(text, 12)] == ["One. Two\n", "three. ", "Four five"]


@settings(deadline=None)
@given(text=TEXTS, before=st.integers(0, 20))
def test_tokens_lie_in_the_text_in_order(tokenizer: Tokenizer, text: str, before: int) -> None:
    start = min(before, len(text))
    encoded = encode(text, tokenizer, start)
    assert len({len(part) for part in (encoded.ids, encoded.shapes, encoded.starts, encoded.ends)}) == 1
    assert (encoded.starts >= start).all()
    assert (encoded.ends <= len(text)).all()
    assert (encoded.starts <= encoded.ends).all()
    assert (np.diff(encoded.starts) >= 0).all()
    assert ((encoded.shapes >= 0) & (encoded.shapes < SHAPES)).all()
    assert (np.diff(encoded.paragraphs) >= 0).all()


@settings(deadline=None)
@given(words=st.lists(st.from_regex(r"[A-Za-z]{1,12}", fullmatch=True), min_size=1, max_size=30))
def test_tokens_of_plain_words_cover_them(tokenizer: Tokenizer, words: list[str]) -> None:
    text = " ".join(words)
    encoded = encode(text, tokenizer)
    spelled = "".join(text[a:b] for a, b in zip(encoded.starts, encoded.ends, strict=True))
    assert spelled.replace(" ", "") == "".join(words)  # a name is one token, spaces and all


@given(text=TEXTS)
def test_party_spans_lie_in_one_paragraph_each_in_order(text: str) -> None:
    last = 0
    for start, end in parties(text):
        assert last <= start < end <= len(text)
        assert "\n" not in text[start:end]
        last = end


@given(text=TEXTS)
def test_a_quotation_ends_with_its_paragraph(text: str) -> None:
    inside = quoted(text)
    assert len(inside) == len(text) + 1
    assert not any(inside[at] for at, char in enumerate(text) if char == "\n")
    assert inside[:-1].tolist() == [
        bool(flag)
        for line in text.split("\n")
        for flag in (*quoted(line)[:-1], False)
    ][: len(text)]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["word " * 100_000, "a" * 100_000, "- " * 100_000, "the Name of " * 40_000, "The army and " * 40_000],
    ids=["words", "one", "marks", "names", "nouns"],
)
def test_an_endless_sentence_takes_no_endless_time(tokenizer: Tokenizer, text: str) -> None:
    started = time.process_time()
    tokens = 0
    for start, stop in blocks(text):
        encoded = encode(text, tokenizer, start, stop)
        found = windows(encoded, WINDOW)
        assert len(found) <= 2 + len(encoded) // (WINDOW // 2)
        tokens += sum(window.until - window.keep for window in found)
    assert tokens
    assert time.process_time() - started < 10


def test_five_megabytes_take_no_endless_time(tokenizer: Tokenizer) -> None:
    text = "The harbour office said that the bridge was safe.\n" * 100_000
    started = time.process_time()
    cut = list(blocks(text))
    assert len(cut) <= 2 * len(text) / BLOCK
    for start, stop in cut[:20]:  # each block is on its own: 20 of them tell the price of all
        windows(encode(text, tokenizer, start, stop))
    assert time.process_time() - started < 5
