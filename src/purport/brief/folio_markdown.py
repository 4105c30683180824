"""A kept brief as Markdown (CommonMark): for notes, tickets and messages."""

from collections.abc import Iterator

from purport.brief import folio
from purport.brief.folio import Shown, Source
from purport.brief.markdown import plain


def render(made: Shown) -> str:
    return "\n".join(_lines(made)) + "\n"


def _lines(made: Shown) -> Iterator[str]:
    edition = made.edition
    yield f"# {plain(edition.title)}"
    yield ""
    yield f"{plain(folio.stands(edition))}. TLP:{made.level}. {plain(folio.sums(made))}."
    if edition.note:
        yield ""
        yield f"**Handling:** {plain(edition.note)}"
    for one in made.open_looks:
        yield ""
        yield f"**Look again:** {plain(one.look.reason)}"
    for line, found in folio.numbered(made):
        yield ""
        numbers = "".join(rf"\[{number}\]" for number, _ in found)
        yield f"{plain(line.text)} {numbers}"
    yield ""
    yield "## Approached for comment"
    yield ""
    if not made.approaches:
        yield "Nobody was approached, as far as this brief says."
    for approach in made.approaches:
        yield f"- **{plain(approach.party)}**: {plain(folio.asked(approach))}"
    yield ""
    yield "## By party"
    yield ""
    yield "| party | claims | denials | claims about them | asked for comment |"
    yield "|---|---|---|---|---|"
    for party in folio.parties(made):
        sums = f"{party.claims} | {party.denials} | {party.of_them}"
        yield f"| {plain(party.name)} | {sums} | {party.asked} |"
    yield ""
    yield "## Evidence"
    seen: set[int] = set()
    for _, found in folio.numbered(made):
        for number, source in found:
            if number not in seen:
                seen.add(number)
                yield ""
                yield from _evidence(number, source)
    yield ""
    yield f"{folio.VERDICT} Brief `{edition.brief}`, edition `{edition.id}`."


def _evidence(number: int, source: Source) -> Iterator[str]:
    marks = f" ({', '.join(source.marks)})" if source.marks else ""
    title = f": {plain(source.title)}" if source.title else ""
    yield f"\\[{number}\\] **{plain(source.heading)}**{title}{marks}"
    if source.quoted:
        yield ""
        yield f"> {plain(source.quoted)}"
    yield ""
    if source.url:
        yield f"- <{source.url.replace('<', '%3C').replace('>', '%3E').replace(' ', '%20')}>"
    for name, value in source.facts:
        yield f"- {name} `{value}`"
