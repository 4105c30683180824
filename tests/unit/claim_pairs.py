"""Pairs of claims from tests/golden/same_claims.toml as records."""

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from purport.core.ids import digest, make_id
from purport.core.records import Claim, Report
from purport.core.times import Moment
from purport.trace.known import Known, know

PAIRS = tomllib.loads((Path(__file__).parents[1] / "golden" / "same_claims.toml").read_text(encoding="utf-8"))["pair"]
ACTS = {
    "denied": "deny", "promised": "promise", "vowed": "promise", "threatened": "threaten", "warned": "warn",
    "cautioned": "warn", "accused": "accuse",
}  # fmt: skip


def known(pair: Mapping[str, Any], swap: tuple[str, str] = ("", "")) -> Known:
    """Two reports with one claim each, as a reader would give them."""
    days = pair.get("days", [5, 5])
    readings = [reading(pair[side], day, side, swap) for side, day in zip("ab", days, strict=True)]
    return know(readings, (), ())


def reading(said: list[str], day: int, name: str, swap: tuple[str, str] = ("", "")) -> tuple[Report, tuple[Claim, ...]]:
    who, cue, what = (swapped(part, swap) for part in said)
    text = f"{who[0].upper()}{who[1:]} {cue} {what}."
    at = datetime(2031, 5, day, 12, tzinfo=UTC)
    id = make_id("report", name, text)
    report = Report(
        id, make_id("capture", id), text, digest(text.encode()), outlet=f"Outlet {name}",
        published=(Moment(at, at + timedelta(minutes=1)),),
    )  # fmt: skip
    source, verb, content = (
        (0, len(who)),
        (len(who) + 1, len(who) + 1 + len(cue)),
        (len(text) - len(what) - 1, len(text) - 1),
    )
    act = "claim_responsibility" if "responsibility" in what else ACTS.get(cue, "say")
    kind = "person" if who[0].isupper() else "office"
    claim = Claim(
        id=make_id("claim", id), report=id, source=(source,), cue=(verb,), content=(content,), act=act, stance="plain",
        polarity="-" if act == "deny" else "+", certainty="certain", quote="indirect", source_kind=kind, confidence=0.9,
    )  # fmt: skip
    return report, (claim,)


def swapped(text: str, names: tuple[str, str]) -> str:
    one, other = names
    if not one:
        return text
    return re.sub(rf"\b({re.escape(one)}|{re.escape(other)})\b", lambda m: other if m[0] == one else one, text)
