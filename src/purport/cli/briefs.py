"""The commands `purport briefs …`: thin. What they do is in `app/briefing.py`."""

import sys
from pathlib import Path

import click
import msgspec

from purport.app import briefing
from purport.brief import folio, screen
from purport.brief.screen import Screen
from purport.brief.terminal import short
from purport.brief.words import inert
from purport.cli.options import house_options, opened, whom
from purport.core.briefs import ANSWERS, DRAFT, ISSUED, WITHDRAWN, Edition, approach
from purport.core.errors import UsageError
from purport.core.marks import CLEAR, LEVELS


@click.group(invoke_without_command=True)
@click.option("--status", type=click.Choice([DRAFT, ISSUED, WITHDRAWN]), help="Only those.")
@click.option("--json", "form", flag_value="json", help="One brief a line (JSON Lines).")
@house_options
def briefs(ctx: click.Context, status: str | None, form: str) -> None:
    """List the briefs that are kept, what was worked on last first.

    A kept brief is a document that people assemble from the claims of a story. Each line keeps the words that it
    rests on; who was approached for comment stands in it, too. Whatever is done adds an edition, and nothing is
    changed. It is issued, and handed on, only when the evidence of every line can be opened. (purport brief PLACE
    makes a page of what it reads and keeps nothing.)

    \b
    Examples:
      purport briefs
      purport briefs begin story-3f84 --title "The video from Quillmarsh"
      purport briefs add brief-91c2 claim-1448 claim-22ab
      purport briefs asked brief-91c2 "The ministry" --when "5 March, 14:00" --how telephone --answer declined
      purport briefs issue brief-91c2
      purport briefs export brief-91c2 --as pdf --out video.pdf
    """
    if ctx.invoked_subcommand:
        return
    found, shown = list(briefing.listed(opened(ctx), status or "")), Screen()
    if form:
        screen.for_programs()
        for one in found:
            _print(one)
    elif not found:
        shown.print("No brief is kept yet. Begin one: purport briefs begin STORY.", markup=False)
    for one in found if not form else ():
        lines = folio.number(len(one.lines), "line")
        _say(shown, f"{short(one.brief)}  {inert(one.title)}")
        _say(shown, f"  {inert(folio.stands(one))}; {lines}; {short(one.story)}")


@briefs.command()
@click.argument("story")
@click.option("--title", default="", help="Its title (default: what the story is about).")
@house_options
def begin(ctx: click.Context, story: str, title: str) -> None:
    """Begin a brief of a story, named by its id or that of a report or claim in it.

    \b
    Examples:
      purport briefs begin story-3f84 --title "The video from Quillmarsh"
    """
    made = briefing.begin(opened(ctx), story, title, whom(ctx))
    _say(
        Screen(),
        f"Began {short(made.brief)}, “{inert(made.title)}”. Add claims: purport briefs add {short(made.brief)} CLAIM",
    )


@briefs.command()
@click.argument("brief")
@click.argument("evidence", nargs=-1, required=True)
@click.option("--text", default="", help="One line in these words that rests on all of it.")
@house_options
def add(ctx: click.Context, brief: str, evidence: tuple[str, ...], text: str) -> None:
    """Add lines to a brief, each resting on what is named.

    EVIDENCE is a claim, report or release by its id; report-7d10#120-180 is a place in a report's text,
    release-22ab@41-47 seconds of footage, release-22ab@41-47=release-9c01@3-9 a match of two. Without --text each
    becomes a line of its own, in its own words.

    \b
    Examples:
      purport briefs add brief-91c2 claim-1448 claim-22ab
      purport briefs add brief-91c2 claim-1448 report-7d10#120-180 --text "The ministry denies it."
    """
    _worked(briefing.add(opened(ctx), brief, evidence, text, whom(ctx)))


@briefs.command()
@click.argument("brief")
@click.argument("line")
@click.argument("text")
@click.option("--also", multiple=True, metavar="EVIDENCE", help="Let it rest on this, too; repeatable.")
@house_options
def edit(ctx: click.Context, brief: str, line: str, text: str, also: tuple[str, ...]) -> None:
    """Write a line's prose anew. LINE is its number; its evidence stays.

    \b
    Examples:
      purport briefs edit brief-91c2 2 "The ministry denies holding anybody at the mill."
    """
    _worked(briefing.edit(opened(ctx), brief, line, text, whom(ctx), more=also))


@briefs.command()
@click.argument("brief")
@click.argument("line")
@click.argument("to", type=click.IntRange(1))
@house_options
def move(ctx: click.Context, brief: str, line: str, to: int) -> None:
    """Put a line at another place.

    \b
    Examples:
      purport briefs move brief-91c2 3 1
    """
    _worked(briefing.move(opened(ctx), brief, line, to, whom(ctx)))


@briefs.command()
@click.argument("brief")
@click.argument("line")
@house_options
def remove(ctx: click.Context, brief: str, line: str) -> None:
    """Take a line out. Earlier editions keep it.

    \b
    Examples:
      purport briefs remove brief-91c2 3
    """
    _worked(briefing.remove(opened(ctx), brief, line, whom(ctx)))


@briefs.command()
@click.argument("brief")
@click.argument("party")
@click.option("--answer", type=click.Choice(ANSWERS), required=True, help="What came of it.")
@click.option("--when", default="", help="When they were asked.")
@click.option("--how", default="", help="By telephone, by letter, …")
@click.option("--said", default="", help="What came back; of who was not approached, why.")
@house_options
def asked(ctx: click.Context, brief: str, party: str, answer: str, when: str, how: str, said: str) -> None:
    """Write down whom you approached for comment, and what came back; or why somebody was not approached.

    Of several entries for one party the last one holds.

    \b
    Examples:
      purport briefs asked brief-91c2 "The ministry" --when "5 March, 14:00" --how telephone --answer declined
      purport briefs asked brief-91c2 "Coast Monitor" --answer "not approached" --said "no address is known"
    """
    _worked(briefing.ask(opened(ctx), brief, approach(party, answer, when, how, said), whom(ctx)))


@briefs.command()
@click.argument("brief")
@click.argument("text")
@house_options
def note(ctx: click.Context, brief: str, text: str) -> None:
    """Say how a brief is to be handled, in words; an empty text takes the note away. purport mark sets its TLP level.

    \b
    Examples:
      purport briefs note brief-91c2 "Not before the family was told."
    """
    _worked(briefing.note(opened(ctx), brief, text, whom(ctx)))


@briefs.command()
@click.argument("brief")
@click.argument("title")
@house_options
def title(ctx: click.Context, brief: str, title: str) -> None:
    """Give a brief another title.

    \b
    Examples:
      purport briefs title brief-91c2 "What is known of the video from Quillmarsh"
    """
    _worked(briefing.rename(opened(ctx), brief, title, whom(ctx)))


@briefs.command()
@click.argument("brief")
@house_options
def issue(ctx: click.Context, brief: str) -> None:
    """Issue a brief: it stands as it is now. Refused when a line's evidence can't be opened.

    \b
    Examples:
      purport briefs issue brief-91c2
    """
    made = briefing.issue(opened(ctx), brief, whom(ctx))
    _say(
        Screen(),
        f"{short(made.brief)} is issued (edition {made.number}). "
        "When what it rests on changes, purport ripple says so.",
    )


@briefs.command()
@click.argument("brief")
@click.option("--why", required=True, metavar="TEXT", help="In a few words; it stands in the brief's history.")
@house_options
def withdraw(ctx: click.Context, brief: str, why: str) -> None:
    """Withdraw a brief that was issued.

    \b
    Examples:
      purport briefs withdraw brief-91c2 --why "the outlet took the video back"
    """
    made = briefing.withdraw(opened(ctx), brief, why, whom(ctx))
    _say(Screen(), f"{short(made.brief)} is withdrawn (edition {made.number}).")


@briefs.command()
@click.argument("brief")
@click.option("--editions", is_flag=True, help="All that was done to it, by whom and when.")
@click.option("--json", "form", flag_value="json", help="One object; with --editions one a line.")
@house_options
def show(ctx: click.Context, brief: str, editions: bool, form: str) -> None:
    """Show a brief as it stands, with its evidence, and what of that can't be opened.

    \b
    Examples:
      purport briefs show brief-91c2
      purport briefs show brief-91c2 --editions
    """
    house, shown = opened(ctx), Screen()
    found = briefing.editions(house, brief) if editions else (briefing.opened(house, brief),)
    if form:
        screen.for_programs()
        for one in found:
            _print(one)
        return
    if editions:
        for one in found:
            _say(shown, f"{one.number}  {one.at:%Y-%m-%d %H:%M}  {inert(one.who)} {inert(one.did)}")
        return
    made = briefing.shown(house, found[0])
    _say(shown, f"{inert(found[0].title)}  {short(found[0].brief)}")
    _say(shown, f"{inert(folio.stands(found[0]))}. TLP:{made.level}. {folio.sums(made)}.")
    for look in made.open_looks:
        _say(shown, f"Look again: {inert(look.look.reason)}  {short(look.look.id)}")
    for at, (line, sources) in enumerate(folio.numbered(made), 1):
        _say(shown, f"{at}. {inert(line.text)}")
        for number, source in sources:
            _say(shown, f"   [{number}] {inert(source.heading)}  {short(source.facts[0][1])}")
        for fault in made.faults[line.id]:
            _say(shown, f"   can't go out: {inert(fault)}")
    for one_asked in made.approaches:
        _say(shown, f"{inert(one_asked.party)}: {inert(folio.asked(one_asked))}")
    for party in folio.parties(made):
        _say(
            shown,
            f"{inert(party.name)}: {folio.number(party.claims, 'claim')}, {folio.number(party.denials, 'denial')}, "
            f"{party.of_them} about them; {party.asked}",
        )


@briefs.command()
@click.argument("brief")
@click.option("--as", "form", type=click.Choice(list(folio.FORMS)), required=True, help="In which form.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to; - is standard output.")
@click.option("--edition", type=click.IntRange(1), default=None, help="An earlier edition, by its number.")
@click.option("--tlp", type=click.Choice(LEVELS, case_sensitive=False), default=CLEAR, show_default=True,
              help="Refused if the brief or what it rests on is marked higher (TLP 2.0).")  # fmt: skip
@click.option("--font", "fonts", type=click.Path(path_type=Path), multiple=True,
              help="With pdf: a font file for signs that ours have not; repeatable.")  # fmt: skip
@house_options
def export(
    ctx: click.Context, brief: str, form: str, out: Path, edition: int | None, tlp: str, fonts: tuple[Path, ...]
) -> None:
    """Write a brief as a page, Markdown, PDF or Word document. The custody log tells of it.

    Refused when the evidence of a line can't be opened: the report, the claim, the exact words and the bytes they were
    taken from. The message names the line and the mend.

    \b
    Examples:
      purport briefs export brief-91c2 --as pdf --out video.pdf
      purport briefs export brief-91c2 --as docx --out video.docx --tlp amber
      purport briefs export brief-91c2 --as md --out -
    """
    if str(out) != "-" and not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent} to write {out.name} to. Make it, or name another.")
    data, made = briefing.export(opened(ctx), brief, form, tlp, whom(ctx), fonts, edition or 0)
    if str(out) == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{out} can't be written ({error.strerror}). Name another place.") from error
    click.echo(f"Wrote {out}: edition {made.number}, {made.status} ({len(data) / 1000:.0f} kB).", err=True)


def _worked(made: Edition) -> None:
    _say(Screen(), f"{short(made.brief)}, edition {made.number}: {inert(made.did)}.")


def _say(shown: Screen, text: str) -> None:
    shown.print(text, highlight=False, markup=False, soft_wrap=True)


def _print(record: object) -> None:
    sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
