"""The readers that are measured side by side: one module each, with the same two-step door.

`load()` takes whatever time it takes and returns `read`, which turns documents `{"id", "text"}` into predictions
`{"id", "attributions": [{"source", "cue", "content"}]}`, each role a list of half-open code-point pieces: the form that
the scorer reads. Speed counts `read` only.
"""

import importlib
from collections.abc import Callable, Sequence
from typing import Any

Read = Callable[[Sequence[dict[str, Any]]], list[dict[str, Any]]]

YARDSTICK = "spacy_alone"

# module -> (row title, does it attribute anything?)
PEERS = {
    "purport_reader": ("**Purport**", True),
    "purport_one_process": ("Purport, threads in one process", True),
    "textacy_paragraphs": ("textacy direct quotations, paragraph by paragraph", True),
    "textacy_documents": ("textacy direct quotations, whole documents", True),
    "regex_baseline": ("regular expressions", True),
    "spacy_alone": ("spaCy `en_core_web_sm` alone (yardstick)", False),
    "spacy_two_processes": ("spaCy `en_core_web_sm` alone, `n_process=2`", False),
}


def load(name: str) -> Read:
    read: Read = importlib.import_module(f"peers.{name}").load()
    return read
