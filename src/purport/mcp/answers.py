"""What is answered to each question: from the use cases, bounded in size, with the ids that lead to the evidence."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

import msgspec

from purport import app
from purport.app import House, holding
from purport.brief import trace_tree
from purport.core.errors import NotFoundError
from purport.core.lines import line
from purport.core.origins import Traced
from purport.core.records import Capture, Claim, Query, Report
from purport.core.spans import cover, overlaps, words
from purport.core.times import iso
from purport.mcp.questions import Evidence, OneClaim, ReportText, Search, Trace
from purport.mcp.quoting import cut

LONG = 600  # characters of one quotation in a list
AROUND = 300  # characters before and after a claim's own
CLAIMS = 60  # of one stretch of a report
HEAD = 300  # characters of a title, an outlet, an address

Answer = dict[str, Any]


def search(house: House, asked: Search) -> Answer:
    """Claims that match, and how much was searched for them."""
    query = Query(
        asked.words, asked.act, asked.stance, asked.source_kind, asked.outlet, asked.report, limit=asked.limit + 1
    )
    found = list(house.view.claims(query))
    counts = house.view.counts()
    if not counts["reports"]:
        raise NotFoundError("The ledger is empty. Somebody has to read reports into it first: purport read FILE.")
    return {
        "claims": [_brief(house, claim, report) for claim, report in found[: asked.limit]],
        "more": len(found) > asked.limit,
        "searched": {"claims": counts["claims"], "reports": counts["reports"]},
        "not_searched": {"gaps": counts["gaps"]},
        "note": "Gaps are what could not be fetched or read: nothing found is not the same as nothing said.",
    }


def _brief(house: House, claim: Claim, report: Report) -> Answer:
    return {
        "source": cut(words(report.text, claim.source), LONG),
        "speaker": cut(next((one.text for one in claim.speaker), ""), HEAD),
        "cue": cut(words(report.text, claim.cue), LONG),
        "content": cut(words(report.text, claim.content), LONG),
        "act": claim.act,
        "stance": claim.stance,
        "polarity": claim.polarity,
        "certainty": claim.certainty,
        "quote": claim.quote,
        "source_kind": claim.source_kind,
        "confidence": round(claim.confidence, 3),
        "outlet": cut(report.outlet, HEAD),
        "published": _day(report),
        "evidence": _evidence(claim, report, house.view.capture(report.capture)),
    }


def _evidence(claim: Claim, report: Report, capture: Capture) -> Answer:
    """Where the exact words stand, and the bytes that they were taken from."""
    return {
        "claim": claim.id,
        "report": report.id,
        "pieces": {"source": claim.source, "cue": claim.cue, "content": claim.content},
        "capture": capture.id,
        "digest": capture.digest,
        "open": f"purport show {claim.id}",
    }


def claim(house: House, asked: OneClaim) -> Answer:
    """One claim with all its fields, the passage that it stands in and what it was read from."""
    one, report = house.view.claim(asked.claim)
    start, end = cover((*one.source, *one.cue, *one.content))
    passage = (max(0, start - AROUND), min(len(report.text), end + AROUND, start + 4 * LONG))
    reading = next((r for r in house.view.readings(report.id) if any(c.id == one.id for c in r.claims)), None)
    said = line(one, report)
    said["text"] = {name: cut(text, 4 * LONG) for name, text in said["text"].items()}
    del said["selector"]  # its words are in the passage
    return said | {
        "reasons": list(one.reasons[:CLAIMS]),
        "reader": reading.reader if reading else "",
        "passage": {"span": passage, "text": report.text[slice(*passage)]},
        "of_report": _head(report),
        "evidence": _evidence(one, report, house.view.capture(report.capture)),
    }


def report(house: House, asked: ReportText) -> Answer:
    """A stretch of a report's stored text, with the claims that stand in it."""
    found = app.evidence(house, house.view.report(asked.report))
    text, stretch = found.report.text, (asked.start, asked.start + asked.length)
    inside = [one for one in found.reading.claims if overlaps(cover((*one.source, *one.cue, *one.content)), stretch)]
    return _head(found.report) | {
        "report": found.report.id,
        "text": text[slice(*stretch)],
        "span": (min(asked.start, len(text)), min(stretch[1], len(text))),
        "characters": len(text),
        "rest": max(0, len(text) - stretch[1]),
        "claims": [{"claim": one.id, "act": one.act, "pieces": (*one.source, *one.cue)} for one in inside[:CLAIMS]],
        "claims_left_out": max(0, len(inside) - CLAIMS),
        "capture": found.capture.id,
        "digest": found.capture.digest,
        "open": f"purport show {found.report.id} --text",
    }


def _head(report: Report) -> Answer:
    return {
        "title": cut(report.title, HEAD),
        "outlet": cut(report.outlet, HEAD),
        "byline": cut(report.byline, HEAD),
        "url": cut(report.url, HEAD),
        "published": _day(report),
    }


def _day(report: Report) -> str:
    return next((iso(time.start) for time in report.published), "")


def trace(house: House, asked: Trace) -> Answer:
    """The stories that there are, or one story as `purport trace --json` tells it, its lists cut to a length."""
    found = app.traced(house, (asked.id,) if asked.id else ())
    if not asked.id:
        stories = list(found)
        return {
            "stories": [_story(one) for one in stories[: asked.limit]],
            "left_out": {"stories": max(0, len(stories) - asked.limit)},
        }
    traced = next(iter(found))
    whole = trace_tree.as_json(traced)
    whole["copies"] = [msgspec.structs.asdict(one) | {"passages": len(one.passages)} for one in whole["copies"]]
    left_out: dict[str, int] = {}
    shortened: Answer = _shortened(whole, asked.limit, left_out)
    return shortened | {
        "title": cut(traced.title, HEAD),
        "counted": trace_tree.counted(traced.account),
        "left_out": left_out,
        "open": f"purport trace {traced.story}",
    }


def _story(traced: Traced) -> Answer:
    return {
        "story": traced.story,
        "title": cut(traced.title, HEAD),
        "reports": len(traced.account.reports),
        "independent_origins": len(traced.account.origins),
        "untraceable": len(traced.account.untraceable),
        "disputes": len(traced.disputes),
    }


def _shortened(value: Any, limit: int, left_out: dict[str, int], key: str = "") -> Any:
    """The value with lists of at most `limit` entries and no long quotation; `left_out` counts what went, by field."""
    if isinstance(value, msgspec.Struct):
        value = msgspec.structs.asdict(value)
    if isinstance(value, Mapping):
        return {name: _shortened(one, limit, left_out, name) for name, one in value.items()}
    if isinstance(value, list | tuple):
        if any(isinstance(one, int | list | tuple) for one in value):  # a span, or the pieces of a claim
            return value
        if len(value) > limit:
            left_out[key] = left_out.get(key, 0) + len(value) - limit
        return [_shortened(one, limit, left_out, key) for one in value[:limit]]
    return cut(value, LONG) if isinstance(value, str) else value


def evidence(house: House, asked: Evidence) -> Answer:
    """What is held of the bytes behind an id, and where."""
    held = holding.held(house.view, house.blobs, asked.id)
    return {
        **_capture(held.capture),
        "where": held.where,
        "note": held.said,
        "record": [
            {
                "exchange": one.id,
                "archive": one.archive,
                "offset": one.offset,
                "end": one.end,
                "status": one.status,
                "asked": iso(one.asked),
                "url": one.url,
                "digest": one.digest,
                "cut": one.cut,
            }
            for one in held.exchange
        ],
        "versions": [_capture(one) for one in held.versions],
        "reports": [one.id for one in islice(house.view.reported(held.capture.id), CLAIMS)],
        "open": "purport verify",
    }


def _capture(capture: Capture) -> Answer:
    return {
        "capture": capture.id,
        "digest": capture.digest,
        "size": capture.size,
        "media_type": capture.media_type,
        "kind": capture.kind,
        "taken": iso(capture.taken),
        "place": cut(capture.place, HEAD),
        "url": cut(capture.url, HEAD),
    }
