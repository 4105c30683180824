"""Judgements as people get them: the list, one as it was booked, how far people agree, and how a correction differs."""

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.style import Style
from rich.text import Text

from purport.brief import words as say
from purport.brief.terminal import short
from purport.core.records import Claim, Report
from purport.core.reviews import (
    ASSIGNED,
    ENOUGH,
    UNDONE,
    Agreement,
    Review,
    Reviewed,
    Said,
    changed,
    machine,
    taken_back,
)
from purport.core.spans import words

_BOLD, _QUIET = Style(bold=True), Style(dim=True)
LONGEST = 70  # characters of a claim


def listed(found: Sequence[Review], claim: Callable[[str], tuple[Claim, Report]], console: Console) -> None:
    """Judgements in order; those that were taken back say so."""
    if not found:
        console.print("Nothing was judged yet. purport judgements confirm CLAIM begins; the desk's Review has a queue.")
        return
    back = taken_back(found)
    for one in found:
        console.print(Text.assemble(*_head(one, one.id in back)))
        console.print(Text(f"  {say.inert(said(*claim(one.claim)))}  ").append(short(one.claim), _QUIET))
        if one.why:
            console.print(Text(f"  “{say.inert(' '.join(one.why.split()))}”"))


def _head(one: Review, back: bool) -> list[tuple[str, Style]]:
    done = say.inert(did(one)) + (" (taken back)" if back else "")
    return [(done, _BOLD), (f"  {say.inert(one.who)}, {one.at:%Y-%m-%d %H:%M} UTC  {short(one.id)}", _QUIET)]


def did(one: Review) -> str:
    """`confirmed`, `assigned to ann, in hand`, `took review-91aa back`."""
    if one.what == UNDONE:
        return f"took {short(one.of)} back"
    if one.what == ASSIGNED:
        return f"assigned to {one.to or 'nobody'}, {one.status}"
    return one.what


def said(claim: Claim, report: Report) -> str:
    """`The ministry denied: that its fighters had left`."""
    content = " ".join(words(report.text, claim.content).split())
    cut = content if len(content) <= LONGEST else content[: LONGEST - 1].rstrip() + "…"
    return f"{say.source(claim, report)} {say.cue(claim, report)}" + (f": {cut}" if cut else "")


def told(made: Review) -> Text:
    """What was just booked."""
    return Text(say.inert(f"{short(made.claim)}: {did(made)} by {made.who} ({short(made.id)})."))


def agreed(found: Sequence[Agreement], console: Console) -> None:
    """How far each two people agree who judged the same claims."""
    for one in found:
        console.print(Text(say.inert(agreement(one)), _QUIET))


def agreement(one: Agreement) -> str:
    counted = f"{one.a} and {one.b} judged {say.number(one.both, 'claim')} both: {one.same} alike ({one.share:.0%})"
    kappa = "".join(f", Cohen's kappa {value:.2f}" for value in one.kappa)
    return counted + (kappa or ("" if one.both >= ENOUGH else f"; a kappa is told from {ENOUGH} on")) + "."


def differs(claim: Claim, report: Report, said: Said) -> list[tuple[str, str, str]]:
    """Of a correction what differs: the field, the machine's value and the person's, in words."""
    old = machine(claim)
    return [(name, _value(name, old, report), _value(name, said, report)) for name in changed(old, said)]


def _value(name: str, said: Said, report: Report) -> str:
    if name in ("source", "cue", "content"):
        return " ".join(words(report.text, getattr(said, name)).split()) or "none"
    if name == "speaker":
        return next((" ".join(one.text.split()) for one in said.speaker), "none")
    return say.kind(str(getattr(said, name)))


def stands(now: Reviewed) -> str:
    """How a claim stands in a few words: `confirmed by ann and ben`, `ann: confirmed, ben: rejected`."""
    if len({one.what for one in now.words}) == 1:
        names = [one.who for one in now.words]
        return f"{now.words[0].what} by {' and '.join([', '.join(names[:-1]), names[-1]] if names[1:] else names)}"
    return ", ".join(f"{one.who}: {one.what}" for one in now.words)
