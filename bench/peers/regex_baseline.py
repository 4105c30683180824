"""What a page of regular expressions gives: quotations beside a reporting verb, X said that …, according to X.

Our own writing, the usual verbs and constructions; not tuned on any corpus.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from peers import Read

VERB = (
    r"(?:has |had |have )?(?:also |later |then )?"
    r"(?:said|says|say|told \w+|tells \w+|added|adds|noted|notes|argued|argues|claimed|claims|announced|announces"
    r"|reported|reports|wrote|writes|insisted|insists|warned|warns|explained|explains|believes|believe|stated|states"
    r"|declared|declares|denied|denies|suggested|suggests|acknowledged|admitted|alleged|asserted|tweeted|asked)"
)
WORD = r"[\w’'.$-]+"
NAME = rf"(?:{WORD} ){{0,6}}?{WORD}"  # a few words without a comma; the verb or the comma beside it bounds them
ASIDE = r"(?:, [^,“”]{1,80},)?"  # ", a spokesman for the ministry,"
QUOTE = r"“[^“”\n]{3,600}”"
SENTENCE = re.compile(r"(?:“[^“”\n]*”|[^.!?\n“]|[.!?](?![”\s])|“)+[.!?]*”?")

PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<content>{QUOTE}),? (?P<source>{NAME}) (?P<cue>{VERB})\b",
        rf"(?P<content>{QUOTE}),? (?P<cue>{VERB}) (?P<source>{NAME}{ASIDE})(?=[.,;]|$)",
        rf"^(?P<source>{NAME}{ASIDE}) (?P<cue>{VERB}),?:? (?P<content>{QUOTE})",
        rf"^(?P<source>{NAME}{ASIDE}) (?P<cue>{VERB}) (?P<content>(?:that )?.{{8,}}?)[.]?$",
        rf"^(?P<content>.{{15,}}?), (?P<source>{NAME}) (?P<cue>{VERB})[.]?$",
        r"^(?P<content>.{15,}?), (?P<cue>according to) (?P<source>[^,]{2,80}?)[.]?$",
        r"^(?P<cue>[Aa]ccording to) (?P<source>[^,]{2,80}), (?P<content>.{8,}?)[.]?$",
    )
)


def load() -> Read:
    def read(documents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{"id": d["id"], "attributions": list(attributions(d["text"]))} for d in documents]

    return read


def attributions(text: str) -> Iterator[dict[str, list[tuple[int, int]]]]:
    """At most one attribution a sentence: the first pattern that fits it."""
    for sentence in SENTENCE.finditer(text):
        lead = len(sentence[0]) - len(sentence[0].lstrip())
        start = sentence.start() + lead
        for pattern in PATTERNS:
            if match := pattern.search(sentence[0].strip()):
                yield {
                    role: [(match.start(role) + start, match.end(role) + start)]
                    for role in ("source", "cue", "content")
                }
                break
