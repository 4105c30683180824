"""The same quotation in several reports: who says it in one is who says it in the other."""

import re
from collections.abc import Iterable, Iterator, Mapping

from purport.core.origins import SAME_QUOTE, Ground
from purport.core.records import Claim, Report
from purport.core.spans import words
from purport.trace.actors import Actor

LEAST = 5  # words: shorter quotations are said by many

_QUOTED = re.compile(r"[“\"](?P<said>[^“”\"]+)[”\"]")
_WORD = re.compile(r"\w[\w’'-]*")


def quotations(claim: Claim, report: Report) -> Iterator[str]:
    """What a claim quotes, in a form that is the same whatever the punctuation."""
    if claim.quote not in ("direct", "mixed"):
        return
    for match in _QUOTED.finditer(words(report.text, claim.content)):
        said = [word.lower().replace("’", "'") for word in _WORD.findall(match["said"])]
        if len(said) >= LEAST:
            yield " ".join(said)


def by_quotation(
    claims: Iterable[tuple[Claim, Report]], known: Mapping[str, Actor]
) -> tuple[dict[str, Actor], dict[str, tuple[Ground, ...]]]:
    """Actors for claims that name none but quote what a named actor says elsewhere; and the grounds, by claim.

    Where two different actors are given for the same words, nothing is concluded.
    """
    said: dict[str, list[tuple[Claim, Report]]] = {}
    for claim, report in claims:
        for quotation in quotations(claim, report):
            said.setdefault(quotation, []).append((claim, report))
    found, grounds = dict[str, Actor](), dict[str, tuple[Ground, ...]]()
    for quotation, held in sorted(said.items()):
        named = sorted({(known[claim.id].key, known[claim.id].name, known[claim.id].serves) for claim, _ in held})
        keys = {key for key, _, _ in named} - {""}
        if len({report.id for _, report in held}) < 2 or len(keys) != 1:
            continue
        key, name, serves = next(one for one in named if one[0])
        for claim, report in held:
            ground = Ground(SAME_QUOTE, f"“{quotation}”", report.id, claim.content[0], claim.id)
            grounds[claim.id] = (*grounds.get(claim.id, ()), ground)
            if not known[claim.id].key:
                found[claim.id] = Actor(key, name, serves)
    return found, grounds
