"""A brief as Markdown (CommonMark): for notes, tickets and messages. Words of reports can't become markup."""

import re
from collections.abc import Iterator

from purport.brief import words as say
from purport.brief.brief import Brief, Entry, arrange, check, concerns, count
from purport.core.records import Claim, Gap, Report
from purport.core.spans import words
from purport.core.times import iso

_INSIDE = re.compile(r"([\\`*_\[\]|~$@]|(?<=www)\.|(?<=:)/(?=/))")  # also what would turn into a link by itself
_LEADING = re.compile(r"^([#+\-=]|\d+(?=[.)]))")


def render(brief: Brief) -> str:
    """The brief as Markdown. Raises EvidenceError when a line's evidence can't be opened (see `check`)."""
    check(brief)
    return "\n".join(_lines(brief)) + "\n"


def plain(text: str) -> str:
    """Words that no Markdown or HTML reader takes for markup, links included, on one line."""
    flat = " ".join(say.inert(text).split())
    flat = _INSIDE.sub(r"\\\1", flat)
    flat = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    leading = _LEADING.match(flat)
    if leading and leading[0].isdigit():
        return f"{leading[0]}\\{flat[leading.end() :]}"
    return f"\\{flat}" if leading else flat


def _lines(brief: Brief) -> Iterator[str]:
    sums = brief.counts
    yield f"# {plain(brief.title)}"
    yield ""
    yield (
        f"{say.number(sums.reports, 'report')}, {say.number(sums.claims, 'claim')}: "
        f"{sums.distanced} distanced, {say.number(sums.denials, 'denial')}; {say.number(sums.gaps, 'gap')}. "
        f"Made {iso(brief.made)} by Purport, which reports who said what and gives no verdict."
    )
    yield ""
    yield (
        f"{say.DISTANCED} distanced: the report keeps the claim at arm's length. "
        f"{say.ENDORSED} endorsed: the report puts it as known. {say.DENIAL} denial. "
        "Numbers in brackets are character offsets into the stored text."
    )
    for entry in brief.entries:
        yield ""
        yield from _entry(entry, [gap for gap in brief.gaps if concerns(gap, entry)])
    yield ""
    yield "## Gaps"
    yield ""
    if not brief.gaps:
        yield "None were written down while these reports were taken in and read."
    for gap in brief.gaps:
        yield f"- **{plain(say.kind(gap.cause))}** ({plain(gap.stage)}): {plain(gap.detail)} {_code(gap.subject)}"
    yield ""
    yield f"Brief {_code(brief.id)}"


def _entry(entry: Entry, gaps: list[Gap]) -> Iterator[str]:
    report = entry.report
    yield f"## {plain(report.title or report.id)}"
    yield ""
    about = [report.outlet, report.byline, *map(say.day, report.published)]
    about += [f"credit: {credit}" for credit in say.credits(report)]
    sums = count([entry.claims])
    about.append(f"{say.number(sums.claims, 'claim')}, {sums.distanced} distanced")
    yield " · ".join(plain(part) for part in about if part)
    yield ""
    for i, (claim, depth) in enumerate(arrange(entry.claims), 1):
        yield from _claim(i, claim, report, "    " * depth)
    if not entry.claims:
        yield "No attributed claims were found in this report."
    yield ""
    yield f"- text {_code(report.text_digest)}"
    for capture in entry.capture:
        yield f"- original {_code(capture.digest)}, taken from {_code(capture.place)} at {iso(capture.taken)}"
    yield f"- report {_code(report.id)}, read by {_code(entry.reader)}"
    if gaps:
        yield f"- {say.number(len(gaps), 'gap')}, listed below"


def _claim(number: int, claim: Claim, report: Report, indent: str) -> Iterator[str]:
    who = plain(say.source(claim, report))
    speaker = say.speaker(claim, report)
    head = f"**{who}**" + (f" ({plain(speaker)})" if speaker else "") + f" *{plain(say.cue(claim, report))}*"
    if say.act(claim, report):
        head += f" · {plain(say.act(claim, report))}"
    for sign, word in say.marks(claim):
        why = say.stance_words(claim, report) if word == "distanced" else ""
        head += f" · {sign} {word}" + (f" (“{plain(why)}”)" if why else "")
    said = words(report.text, claim.content)
    yield f"{indent}- {number}\\. {head}" + (f": {plain(said)}" if said else "")
    facts = [plain(fact) for fact in say.facts(claim)]
    places = " ".join(f"{s}–{e}" for s, e in sorted((*claim.source, *claim.cue, *claim.content)))
    facts += [plain(say.chain(claim, report)), f"\\[{places}\\]"]
    yield f"{indent}  " + " · ".join(facts)


def _code(text: str) -> str:
    """A code span that its own words can't close (CommonMark 6.1)."""
    flat = " ".join(say.inert(text).split()) or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", flat)), default=0) + 1)
    pad = " " if flat[0] == "`" or flat[-1] == "`" else ""
    return f"{fence}{pad}{flat}{pad}{fence}"
