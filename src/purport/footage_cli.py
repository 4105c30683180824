"""The commands `purport footage …`: thin, one function a command. What they do is in `app.py`."""

import sys
from pathlib import Path

import click
import msgspec

from purport import app
from purport.app import House
from purport.brief import releases, screen, terminal, transcripts
from purport.brief.screen import Screen
from purport.collect import count_media
from purport.core.errors import InputError, NotFoundError
from purport.core.ports import Told
from purport.core.records import Gap
from purport.options import house_options, opened, scribe, speech_option, studio, studio_options
from purport.pipeline import Studio


@click.group()
def footage() -> None:
    """Take in footage, and find where it was seen before.

    \b
    Begin with:
      purport footage add clips/        take in what a folder holds
      purport footage list              what there is
    """


@footage.command()
@click.argument("places", nargs=-1, required=True, metavar="PLACE...")
@click.option("--json", "form", flag_value="json", help="One release a line (JSON Lines).")
@studio_options
@house_options
def add(ctx: click.Context, places: tuple[str, ...], form: str) -> None:
    """Take in video, images, animated GIFs and sound: facts, shots, fingerprints, blurred stills, provenance.

    A PLACE is a file or a folder of them. The bytes are kept beside the ledger and never changed. What was
    taken in before is not done again; what can't be decoded is told at the end and kept as a gap. All of it
    runs in a process of its own, so that a broken or malicious file can't take this one down.

    \b
    Examples:
      purport footage add clip.mp4
      purport footage add downloads/ --json > releases.jsonl
      purport footage add photo.jpg --trust newsrooms.pem
    """
    house, missed, count, known = opened(ctx), list[Gap](), 0, 0
    if form:
        screen.for_programs()
    shown = Screen()
    with studio(ctx) as tools, screen.bar(lambda: count_media(places), shown, alone=bool(form)) as bar:
        for outcome in bar.over(app.add_footage(house, tools, places, bar.told)):
            missed += outcome.gaps
            known += outcome.known
            for release, capture in zip(outcome.releases, outcome.captures, strict=False):
                count += 1
                if form:
                    _print(releases.as_json(release, capture))
                else:
                    releases.row(release, capture, shown, outcome.known)
        hours, size = app.prints_an_hour(house, tools)
    if not form and count:
        shown.print(releases.sums(count, known, hours, size), style="bold", highlight=False)
    if missed:
        terminal.gaps(missed, Screen(stderr=True))
    if not count:
        raise InputError(f"Nothing was taken in: {missed[0].subject}: {missed[0].detail}" if missed else NOTHING)


NOTHING = "No footage there. Name a video, an image, a sound file or a folder with some."


@footage.command(name="list")
@click.option("--json", "form", flag_value="json", help="One release a line (JSON Lines).")
@house_options
def list_command(ctx: click.Context, form: str) -> None:
    """List the releases: the latest of each file.

    \b
    Examples:
      purport footage list
      purport footage list --json > releases.jsonl
    """
    if form:
        screen.for_programs()
    shown, count = Screen(), 0
    for release, capture in app.releases(opened(ctx)):
        count += 1
        if form:
            _print(releases.as_json(release, capture))
        else:
            releases.row(release, capture, shown)
    if not count:
        raise NotFoundError("The ledger holds no footage. Take some in first: purport footage add FILE.")


@footage.command()
@click.argument("release")
@click.option("--json", "form", flag_value="json", help="The whole record.")
@house_options
def show(ctx: click.Context, release: str, form: str) -> None:
    """Show all that is known of a release, by its id or the beginning of it.

    \b
    Examples:
      purport footage show release-3f0c
    """
    found, capture = app.release(opened(ctx), release)
    if form:
        screen.for_programs()
        _print(releases.as_json(found, capture))
    else:
        releases.whole(found, capture, Screen())


@footage.command()
@click.argument("place", metavar="FILE|RELEASE")
@click.option("--json", "form", flag_value="json", help="One object: speech, lines on screen, what is withheld, claims")
@speech_option
@studio_options
@house_options
def words(ctx: click.Context, place: str, form: str) -> None:
    """Put a release into words: what is said and what stands on screen, with times, and who claims what in it.

    Nothing is asserted where nobody speaks, or where the model is unsure of a voice or a line: it says so, with
    the times. What is said is kept as a report, in which the narrator is a source and the release a hop.
    A FILE is taken in first.

    \b
    Examples:
      purport footage words clip.mp4
      purport footage words release-3f0c --json
      PURPORT_SPEECH_MODEL=models/whisper-small purport footage words clip.mp4
    """
    house, shown = opened(ctx), Screen()
    if form:
        screen.for_programs()
    with screen.bar(lambda: 1, shown, alone=bool(form)) as bar:
        with studio(ctx) as tools:
            id = taken_in(house, tools, place, bar.told)
        with scribe(ctx) as pen:
            found = app.words(house, pen, id, bar.told)
    if form:
        _print(transcripts.as_json(found.release, found.capture, found.transcript, found.outcome.pairs()))
    else:
        transcripts.show(found.release, found.capture, found.transcript, found.outcome.pairs(), shown)
    if found.outcome.gaps:
        terminal.gaps(found.outcome.gaps, Screen(stderr=True))


def taken_in(house: House, tools: Studio, place: str, told: Told) -> str:
    """The id of the release that a file is, once it is taken in; what is no file is an id already."""
    if not Path(place).is_file():
        return place
    (outcome,) = app.add_footage(house, tools, [place], told)
    if not outcome.releases:
        raise InputError(f"Nothing was taken in: {outcome.gaps[0].subject}: {outcome.gaps[0].detail}")
    return outcome.releases[0].id


@footage.command()
@click.argument("reports", nargs=-1, metavar="[REPORT]...")
@click.option("--json", "form", flag_value="json", help="One reference a line (JSON Lines).")
@house_options
def refers(ctx: click.Context, reports: tuple[str, ...], form: str) -> None:
    """Show which releases the ledger's reports refer to, with the words or the address that say so.

    \b
    Examples:
      purport footage refers
      purport footage refers report-91aa --json
    """
    house, shown, count = opened(ctx), Screen(), 0
    if form:
        screen.for_programs()
    places = {release.id: capture.place for release, capture in app.releases(house)}
    for report, reference in app.references(house, reports):
        count += 1
        if form:
            _print(reference)
        else:
            transcripts.reference(report, reference, places, shown)
    if not count and not form:
        shown.print(f"No report refers to any of {len(places)} releases, as far as addresses, lengths and days tell.")


def _print(record: object) -> None:
    sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
