"""The words of a release, line by line with their seconds, in a terminal and as JSON; and who refers to a release."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from purport.brief import releases
from purport.brief import words as say
from purport.core.lines import line
from purport.core.records import Capture, Claim, Reading, Release, Report
from purport.core.references import FIRM, UNDECIDABLE, Reference
from purport.core.spans import cover, words
from purport.core.transcript import SCREEN, Said, Shown, Transcript, Withheld, clock, second, second_shown

Pair = tuple[Report, Reading]

_QUIET, _NAME, _DOUBT = Style(dim=True), Style(bold=True), Style(color="yellow")


def show(release: Release, capture: Capture, made: Transcript, pairs: Iterable[Pair], console: Console) -> None:
    """What is said and shown, in the order of time, and then who claims what in it."""
    console.print(_text(capture.place, _NAME))
    about = [releases.short(release.id), clock(release.duration), spoken(made)]
    console.print(_text(" · ".join(about), _QUIET))
    _section("Said", sorted((*made.heard.said, *_stretches(made.heard.withheld)), key=_start), console)
    _section("On screen", sorted((*made.seen.shown, *_stretches(made.seen.withheld)), key=_start), console)
    for report, reading in pairs:
        console.print(_text(f"{say.number(len(reading.claims), 'claim')} in {releases.short(report.id)}", _NAME))
        for claim in reading.claims:
            _print(clock(start_of(claim, report, made)), _claim(claim, report), console)


def spoken(made: Transcript) -> str:
    """The language, and how it is known."""
    heard = made.heard
    if not heard.said:
        return "nothing put into words" if heard.voiced else "no voice"
    known = f"{heard.language_confidence:.2f}" if heard.language_confidence else "the model's only one, not detected"
    return f"language {heard.language} ({known})"


def _stretches(withheld: Iterable[Withheld]) -> Iterator[Withheld]:
    """Those with a time of their own; what holds for the whole file is among the gaps."""
    return (one for one in withheld if one.end > one.start or (one.what == "screen" and one.cause == "illegible"))


def _start(one: Said | Shown | Withheld) -> float:
    return one.start


def _section(name: str, entries: Iterable[Said | Shown | Withheld], console: Console) -> None:
    for number, one in enumerate(entries):
        if not number:
            console.print(_text(name, _NAME))
        if isinstance(one, Withheld):
            _print(between(one), f"[not put into words: {one.cause}]", console, _DOUBT)
        else:
            _print(between(one), one.text, console)


def between(one: Said | Shown | Withheld) -> str:
    """`0:41–0:47`, and `0:41` within one second."""
    start, end = clock(one.start), clock(one.end)
    return start if start == end else f"{start}–{end}"


def _claim(claim: Claim, report: Report) -> str:
    who = " › ".join(say.inert(hop.text) for hop in claim.chain[1:])  # the first is the release itself
    about = f" ({say.act(claim, report)})" if say.act(claim, report) else ""
    return f"{who}{about}: {words(report.text, claim.content)}"


def start_of(claim: Claim, report: Report, made: Transcript) -> float:
    """The second at which a claim's words begin, heard or on screen."""
    at = cover((*claim.source, *claim.cue, *claim.content))[0]
    on_screen = any(note.kind == SCREEN for note in report.credits)
    return second_shown(made, at) if on_screen else second(made, at)


def _print(time: str, words: str, console: Console, style: Style = Style()) -> None:  # noqa: B008 (it never changes)
    shown = Text(f"{time:>11}  ", style=_QUIET)
    shown.append(say.inert(words), style=style)
    console.print(Padding(shown, (0, 0, 0, 2)) if console.is_terminal else shown, soft_wrap=not console.is_terminal)


def _text(words: str, style: Style) -> Text:
    return Text(say.inert(words), style=style, overflow="fold")


def as_json(release: Release, capture: Capture, made: Transcript, pairs: Iterable[Pair]) -> dict[str, Any]:
    """The shape is described in docs/json.md."""
    heard, seen = made.heard, made.seen
    return {
        "release": release.id,
        "place": capture.place,
        "transcript": made.id,
        "text": made.text,
        "language": heard.language,
        "language_confidence": round(heard.language_confidence, 3),
        "duration": round(heard.duration, 2),
        "voiced": round(heard.voiced, 2),
        "speech": [
            {
                "start": round(one.start, 2),
                "end": round(one.end, 2),
                "text": one.text,
                "confidence": round(one.confidence, 3),
                "language": one.language,
                "beats": one.beats,
            }
            for one in heard.said
        ],
        "screen": [
            {
                "start": round(one.start, 2),
                "end": round(one.end, 2),
                "text": one.text,
                "confidence": round(one.confidence, 3),
                "box": one.box,
            }
            for one in seen.shown
        ],
        "picture": [seen.width, seen.height],
        "looked_every": round(seen.every, 2),
        "withheld": [
            {"start": round(o.start, 2), "end": round(o.end, 2), "what": o.what, "cause": o.cause, "detail": o.detail}
            for o in (*heard.withheld, *seen.withheld)
        ],
        "claims": [
            line(claim, report) | {"second": round(start_of(claim, report, made), 2)}
            for report, reading in pairs
            for claim in reading.claims
        ],
        "models": [heard.model, seen.model],
    }


def reference(report: Report, one: Reference, places: Mapping[str, str], console: Console) -> None:
    """Which release a report refers to, how firmly, and by which of its words."""
    named = [f"{places.get(id, '')} ({releases.short(id)})" for id in one.releases]
    which = " or ".join(named) if one.firmness == UNDECIDABLE else ", ".join(named)
    console.print(_text(f"{report.title or report.id} › {which}", _NAME))
    console.print(_text(f"  {one.firmness} · {releases.short(report.id)}", Style() if one.firmness == FIRM else _DOUBT))
    for evidence in one.evidence:
        where = f" at {evidence.span[0]}–{evidence.span[1]}" if evidence.span != (0, 0) else " in the page"
        console.print(_text(f"  {evidence.kind}: “{evidence.words}”{where}: {evidence.fits}", _QUIET))
