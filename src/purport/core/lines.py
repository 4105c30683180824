"""A claim as one line of JSON: what `purport read --json` and `purport claims --json` print.

The shape is a promise to those who build on it; it is described in docs/json.md.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from purport.core.records import Claim, Report
from purport.core.spans import words
from purport.core.times import Moment, iso


def line(claim: Claim, report: Report, inner: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """The line of one claim; `inner` holds the lines of the claims inside its content."""
    shown: dict[str, Any] = {"id": report.input_id} if report.input_id else {}
    shown |= {
        "report": report.id,
        "claim": claim.id,
        "source": claim.source,
        "cue": claim.cue,
        "content": claim.content,
        "act": claim.act,
        "stance": claim.stance,
        "polarity": claim.polarity,
        "certainty": claim.certainty,
        "quote": claim.quote,
        "source_kind": claim.source_kind,
        "speaker": next(
            ({"text": s.text, "span": s.span, "confidence": round(s.confidence, 3)} for s in claim.speaker),
            None,
        ),
        "target": next(({"text": t.text, "span": t.span} for t in claim.target), None),
        "time": next((moment(t) for t in claim.time), None),
        "chain": [{"kind": hop.kind, "text": hop.text, "span": hop.span, "claim": hop.claim} for hop in claim.chain],
        "confidence": round(claim.confidence, 3),
        "text": {
            "source": words(report.text, claim.source),
            "cue": words(report.text, claim.cue),
            "content": words(report.text, claim.content),
        },
        "selector": claim.selector,
    }
    if claim.repeated:
        shown["repeated"] = True
    if claim.within:
        shown["within"] = claim.within
    if inner:
        shown["inner"] = list(inner)
    return shown


def moment(time: Moment) -> dict[str, Any]:
    return {"words": time.words, "span": time.span, "start": iso(time.start), "end": iso(time.end)}


def lines(claims: Iterable[Claim], report: Report) -> list[dict[str, Any]]:
    """A line for each claim that is not inside another of those given, in order; the others are in an "inner"."""
    given = list(claims)
    known = {claim.id for claim in given}
    held: dict[str, list[Claim]] = {}
    for claim in given:  # the ledger may give an inner claim without the one around it
        held.setdefault(claim.within if claim.within in known else "", []).append(claim)

    def tree(claim: Claim) -> dict[str, Any]:
        return line(claim, report, [tree(inner) for inner in held.get(claim.id, ())])

    return [tree(claim) for claim in held.get("", ())]
