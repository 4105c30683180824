"""Words of others are marked: whatever a report, page or file wrote stands under a key named `quoted`.

A report may hold words that are meant for the machine that reads it ("ignore your instructions …"). They are evidence,
and stay. So the rule is the safe way round: every string is quoted, but ids, and those of the fields named here,
which hold words of ours only.
"""

import re
from typing import Any

from purport.brief.words import inert

# fmt: off
OURS = frozenset({
    "act", "asked", "basis", "certainty", "counted", "cut", "digest", "direction", "end", "kind", "note", "open",
    "polarity", "published", "quote", "reader", "rule", "source_kind", "stance", "start", "taken", "type", "what",
    "where",
})
# fmt: on
_ID = re.compile(r"[a-z]+-[0-9a-f]{8,64}|sha256:[0-9a-f]{64}|")
# invisible letters that mirror ASCII: they hide whole sentences from people (U+E0000 to U+E007F), a sign each
_HIDDEN = dict.fromkeys(range(0xE0000, 0xE0080), "\ufffd")


def marked(answer: Any, key: str = "") -> Any:
    """The answer, with each string that may be somebody else's as `{"quoted": …}`."""
    if isinstance(answer, dict):
        return {name: marked(value, name) for name, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [marked(one, key) for one in answer]
    if not isinstance(answer, str) or key in OURS or _ID.fullmatch(answer):
        return answer
    return {"quoted": safe(answer)}


def safe(text: str) -> str:
    """Text without controls and hidden letters; one character stays one, so that offsets hold."""
    return inert(text, keep="\n\t").translate(_HIDDEN)


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
