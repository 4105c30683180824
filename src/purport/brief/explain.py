"""An explanation in a terminal and as JSON: what decided each label, and how sure the network was of the links."""

from collections.abc import Iterator
from typing import Any

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from purport.brief import terminal
from purport.brief import words as say
from purport.brief.reasons import quoted, told
from purport.core.explanation import Explanation, Links
from purport.core.records import Claim, Report
from purport.core.spans import words

_HEAD, _QUIET = Style(bold=True), Style(dim=True)


def show(found: Explanation, console: Console) -> None:
    """Print an explanation: the claim's sentence, each label with its reason, and the beliefs behind the links."""
    claim, report = found.claim, found.report
    terminal.sentence(claim, report, console)
    console.print(Text("\nWhy it is read so", style=_QUIET))
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(max_width=24, overflow="fold")
    grid.add_column(overflow="fold")
    for one in told(claim, report):
        grid.add_row(Text(one.what, style=_QUIET), _text(one.value.replace("_", " "), _HEAD), _text(one.sentence))
    console.print(Padding(grid, (0, 0, 0, 2)))
    console.print(Text("\nHow sure the network was", style=_QUIET))
    for sentence in sure(found):
        console.print(Padding(_text(sentence), (0, 0, 0, 2)))
    console.print(_text(f"\nRead by {found.reader}", _QUIET))


def sure(found: Explanation) -> Iterator[str]:
    """The sentences about the links of a claim, or why there are none."""
    if found.withheld:
        yield found.withheld
    for links in found.links:
        yield from _links(links, found.claim, found.report)
    yield f"Confidence of the whole claim: {found.claim.confidence:.2f}."


def _links(links: Links, claim: Claim, report: Report) -> Iterator[str]:
    cue = words(report.text, claim.cue)
    yield f"Cue: {links.cue:.2f} for “{' '.join(cue.split())}”; it is taken up from {links.cue_from:.2f}."
    weakest = "".join(
        f"; the least sure word is {quoted(one.words.text, one.words.span)} with {one.belief:.2f}"
        for one in links.weakest
    )
    yield f"Content: {links.content:.2f} on average{weakest}." if links.weakest else "Content: there is none."
    nearest = next((f"{quoted(o.words.text, o.words.span)} with {o.belief:.2f}" for o in links.rival), "")
    if claim.source:
        rival = f"next came {nearest}" if nearest else "no other words came near"
        yield f"Source: {links.source:.2f} on average, a word needs {links.source_from:.2f}; {rival}."
    else:
        rival = f"the nearest was {nearest}" if nearest else "none came near"
        yield f"Source: no words reached the {links.source_from:.2f} that a source needs; {rival}."
    if links.inside:
        yield "These numbers are from reading the content of the claim around it, without its surroundings."


def as_json(found: Explanation) -> dict[str, Any]:
    """One object: the claim's id, its labels with their reasons, and the links' numbers (null where withheld)."""
    return {
        "claim": found.claim.id,
        "report": found.report.id,
        "reader": found.reader,
        "confidence": round(found.claim.confidence, 3),
        "labels": [msgspec.structs.asdict(one) for one in told(found.claim, found.report)],
        "links": next(map(_numbers, found.links), None),
        "withheld": found.withheld,
    }


def _numbers(links: Links) -> dict[str, Any]:
    def believed(pairs: Any) -> dict[str, Any] | None:
        return next(
            ({"text": p.words.text, "span": p.words.span, "belief": round(p.belief, 3)} for p in pairs),
            None,
        )

    return {
        "cue": round(links.cue, 3),
        "cue_from": links.cue_from,
        "content": round(links.content, 3),
        "weakest": believed(links.weakest),
        "source": round(links.source, 3),
        "source_from": links.source_from,
        "rival": believed(links.rival),
        "inside": links.inside,
    }


def _text(said: str, style: Style = Style()) -> Text:  # noqa: B008 (a Style never changes)
    return Text(say.inert(said, keep="\n"), style=style, overflow="fold")
