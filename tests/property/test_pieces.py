"""A text cut word by word, each word looked at once, has the pieces that the tokenizer gives it in one go."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from purport.edges.onnx import OnnxModel
from purport.read import pieces as cut
from purport.read.pieces import pieces

TOKENIZER = OnnxModel().tokenizer
ODD = "éßİıΣς中한·\u0301\u200b\u00a0\u0085\u001c\u00ad\ufb01😀"
SIGNS = st.sampled_from([*"abcXYZ19 \n\t\r.,'-[]’“”", *ODD, "[MASK]", "said"])


@given(st.lists(SIGNS, max_size=40).map("".join) | st.text(max_size=40))
@example("[MASK] [mask] [ABC] x[SEP]y")
@example("don't U.S. e\u0301te\u0301 x\u200b. \u0301a " + "w" * 120)
def test_pieces_are_the_tokenizers(text: str) -> None:
    whole = TOKENIZER.encode(text, add_special_tokens=False)
    ids, starts, ends = pieces(text, TOKENIZER)
    assert (ids, list(zip(starts, ends, strict=True))) == (whole.ids, whole.offsets)


def test_words_that_were_forgotten_are_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cut, "MOST", 2)
    text = "the mayor said the baker said so"
    assert pieces(text, TOKENIZER)[0] == TOKENIZER.encode(text, add_special_tokens=False).ids
