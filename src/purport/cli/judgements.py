"""The commands `purport judgements …`: thin. What they do is in `app/reviewing.py` and `app/learning.py`."""

import sys

import click
import msgspec

from purport.app import learning, reviewing
from purport.brief import judgements as say
from purport.brief import screen
from purport.brief.screen import Screen
from purport.cli.options import house_options, opened, whom
from purport.core.reviews import STATUSES, Review

why_option = click.option("--why", default="", metavar="TEXT", help="In a few words; kept beside what was found.")
must_say_why = click.option("--why", required=True, metavar="TEXT", help="In a few words; kept beside what was found.")


@click.group(invoke_without_command=True)
@click.option("--claim", default="", metavar="CLAIM", help="Only those about this claim.")
@click.option("--json", "form", flag_value="json", help="One judgement a line (JSON Lines).")
@house_options
def judgements(ctx: click.Context, claim: str, form: str) -> None:
    """List what people decided about claims, and how far they agree; or decide something.

    A judgement stands beside what the machine found, never over it, with who, when and why. It holds on when the
    report is read again. A later one of the same person takes its place, and undo takes it back.

    \b
    Examples:
      purport judgements
      purport judgements confirm claim-3f0c
      purport judgements correct claim-3f0c --act deny --content "that the bridge fell" --why "it was refused"
      purport judgements reject claim-3f0c --why "a headline of another story"
      purport judgements note claim-3f0c --why "ask the harbour board"
      purport judgements assign claim-3f0c --to ann
      purport judgements undo review-91aa
      purport judgements export > judged.jsonl
    """
    if ctx.invoked_subcommand:
        return
    house, shown = opened(ctx), Screen()
    found = list(reviewing.about(house, claim))
    if form:
        screen.for_programs()
        for one in found:
            _print(one)
    else:
        say.listed(found, house.view.claim, shown)
        say.agreed([] if claim else learning.agreement(house), shown)


@judgements.command()
@click.argument("claim")
@why_option
@house_options
def confirm(ctx: click.Context, claim: str, why: str) -> None:
    """Say that a claim is read as it should be.

    \b
    Examples:
      purport judgements confirm claim-3f0c
    """
    _told(reviewing.confirm(opened(ctx), claim, why, whom(ctx)))


@judgements.command()
@click.argument("claim")
@click.option("--source", metavar="WORDS", help="Who says it: words of the report, or offsets as in 12-30,41-55.")
@click.option("--cue", metavar="WORDS", help="How it is put.")
@click.option("--content", metavar="WORDS", help="What is said; … stands between two pieces.")
@click.option("--speaker", metavar="WORDS", help="Whom the source refers to, by a mention in the report.")
@click.option("--act", help="As in deny or accuse.")
@click.option("--stance", type=click.Choice(reviewing.STANCES), help="The reporter's.")
@click.option("--polarity", type=click.Choice(reviewing.POLARITIES), help="Of the content as the source puts it.")
@must_say_why
@house_options
def correct(ctx: click.Context, claim: str, why: str, **given: str | None) -> None:
    """Say how a claim should be read: what is given differs, the rest is as the machine has it.

    \b
    Examples:
      purport judgements correct claim-3f0c --speaker "Oda Brell" --why "she is the harbour master"
      purport judgements correct claim-3f0c --content 120-164 --why "the day belongs to the cue"
    """
    differs = {name: value for name, value in given.items() if value is not None}
    _told(reviewing.correct(opened(ctx), claim, differs, why, whom(ctx)))


@judgements.command()
@click.argument("claim")
@must_say_why
@house_options
def reject(ctx: click.Context, claim: str, why: str) -> None:
    """Say that nobody claims this there.

    \b
    Examples:
      purport judgements reject claim-3f0c --why "a menu of the page"
    """
    _told(reviewing.reject(opened(ctx), claim, why, whom(ctx)))


@judgements.command()
@click.argument("claim")
@must_say_why
@house_options
def note(ctx: click.Context, claim: str, why: str) -> None:
    """Write something beside a claim; how it stands does not change.

    \b
    Examples:
      purport judgements note claim-3f0c --why "ask the harbour board for the survey"
    """
    _told(reviewing.note(opened(ctx), claim, why, whom(ctx)))


@judgements.command()
@click.argument("claim")
@click.option("--to", default="", metavar="NAME", help="To whom; left out, to nobody.")
@click.option("--status", type=click.Choice(STATUSES), default=STATUSES[0], show_default=True, help="How far it is.")
@why_option
@house_options
def assign(ctx: click.Context, claim: str, to: str, status: str, why: str) -> None:
    """Give a claim to somebody to judge, or say how far that is.

    \b
    Examples:
      purport judgements assign claim-3f0c --to ann
      purport judgements assign claim-3f0c --to ann --status "in hand"
    """
    _told(reviewing.assign(opened(ctx), claim, to, status, why, whom(ctx)))


@judgements.command()
@click.argument("review")
@why_option
@house_options
def undo(ctx: click.Context, review: str, why: str) -> None:
    """Take a judgement back. The row stays, and so does the one that takes it back.

    \b
    Examples:
      purport judgements undo review-91aa
    """
    _told(reviewing.undo(opened(ctx), review, why, whom(ctx)))


@judgements.command()
@click.option("--whole", is_flag=True, help="Only reports of which every claim is judged, by all alike.")
@house_options
def export(ctx: click.Context, whole: bool) -> None:
    """Print judged reports as training data, one a line (JSON Lines): docs/review.md says what is in a line.

    \b
    Examples:
      purport judgements export > judged.jsonl
      purport judgements export --whole > gold.jsonl
    """
    house = opened(ctx)
    screen.for_programs()
    for line in learning.export(house, whole):
        _print(line)


def _told(made: Review) -> None:
    Screen().print(say.told(made))


def _print(record: object) -> None:
    sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
