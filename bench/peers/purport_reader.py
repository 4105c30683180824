"""Purport's own reader, by the port that the application uses. Claims within claims are not in the gold: left out."""

from collections.abc import Sequence
from typing import Any

from peers import Read
from purport.core.ids import digest, make_id
from purport.core.ports import Reader
from purport.core.records import Report
from purport.wiring import open_reader


def load() -> Read:
    return reading_by(open_reader())


def reading_by(reader: Reader) -> Read:
    def read(documents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        answers = reader.read([report(d["text"]) for d in documents])
        return [
            {
                "id": document["id"],
                "attributions": [
                    {"source": claim.source, "cue": claim.cue, "content": claim.content}
                    for claim in reading.claims
                    if claim.depth == 0
                ],
            }
            for document, (reading, _) in zip(documents, answers, strict=True)
        ]

    return read


def report(text: str) -> Report:
    text_digest = digest(text.encode())
    return Report(make_id("report", text_digest), "", text, text_digest)
