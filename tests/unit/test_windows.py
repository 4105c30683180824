"""What the network is told of the look of a text: quotation, case, paragraphs, gluing."""

import pytest
from tokenizers import Tokenizer

from purport.edges.onnx import OnnxModel
from purport.read.windows import PARTY, Encoded, encode, quoted, windows


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return OnnxModel().tokenizer


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ('He said "yes" twice', '         ^^^^^      '),
        ("He said “yes” twice", "         ^^^^^      "),
        ("He said «yes» twice", "         ^^^^^      "),
        ("He said „yes“ twice", "         ^^^^^^^^^^^"),
        ('"a" b "c"', '^^^   ^^^'),
        ("“open to the end", "^^^^^^^^^^^^^^^^"),
        ("“open\nnext line”", "^^^^^            "),
        ("“one\n“two”", "^^^^ ^^^^^"),
        ("stray” mark", "           "),
        ("“in “in” out”", "^^^^^^^^     "),
        ("no marks", "        "),
        ("", ""),
    ],
)  # fmt: skip
def test_quoted(text: str, marked: str) -> None:
    marked = marked.replace("        ^", "       ^") if text.startswith("He said") else marked
    shown = "".join("^" if flag else " " for flag in quoted(text)[:-1])
    assert shown.rstrip() == marked.rstrip()


def of(encoded: Encoded, number: int) -> tuple[int, bool, bool, bool]:
    """Case, quoted, opens a paragraph, glued, of one token."""
    shape = int(encoded.shapes[number])
    return shape // 8, bool(shape // 4 % 2), bool(shape // 2 % 2), bool(shape % 2)


def test_the_look_of_words_is_kept(tokenizer: Tokenizer) -> None:
    text = 'The UN "said" 7\nMcRae'
    encoded = encode(text, tokenizer, named=True)
    look = {text[encoded.starts[n] : encoded.ends[n]]: of(encoded, n) for n in range(len(encoded))}
    lower, title, upper, mixed, none = range(5)
    assert look["The"] == (title, False, True, False)
    assert look["UN"] == (upper, False, False, False)
    assert look["said"] == (lower, True, False, True)
    assert look["7"] == (none, False, False, False)
    first = next(n for n in range(len(encoded)) if encoded.starts[n] == text.index("McRae"))
    assert of(encoded, first)[2]  # opens its paragraph
    assert not of(encoded, first)[3]
    assert mixed in {of(encoded, n)[0] for n in range(len(encoded))} or len(encoded) > first + 1


def test_all_names_are_one_token_that_looks_alike(tokenizer: Tokenizer) -> None:
    text = "The UN told Mira Tolan’s rebels no."
    encoded = encode(text, tokenizer)
    pieces = [text[a:b] for a, b in zip(encoded.starts, encoded.ends, strict=True)]
    assert pieces == ["The UN", "told", "Mira Tolan", "’", "s", "rebels", "no", "."]
    party = 5
    assert [number for number in range(len(encoded)) if of(encoded, number)[0] == party] == [0, 2, 5]
    assert encoded.ids[0] == encoded.ids[2] == encoded.ids[5] == PARTY


def test_a_block_is_read_as_it_stands_in_the_whole(tokenizer: Tokenizer) -> None:
    text = "One line.\nThe clerk said so."
    block = encode(text, tokenizer, text.index("The"))
    assert [text[a:b] for a, b in zip(block.starts, block.ends, strict=True)] == ["The", "clerk", "said", "so", "."]


def test_nothing_has_no_windows(tokenizer: Tokenizer) -> None:
    for text in ("", " ", "\n\n"):
        encoded = encode(text, tokenizer)
        assert len(encoded) == 0
        assert windows(encoded) == []
