"""The commands `purport footage …`: thin, one function a command. What they do is in `app/footage.py`."""

import sys
from pathlib import Path
from typing import TextIO

import click
import msgspec

from purport import app
from purport.app import House, looking, working
from purport.brief import handed, releases, reuse_map, screen, sightings, terminal, trace_tree, transcripts
from purport.brief.screen import Screen
from purport.cli.options import (
    engine,
    engine_option,
    house_options,
    opened,
    scribe,
    speech_option,
    studio,
    studio_options,
)
from purport.collect import count_media
from purport.core.errors import InputError, NotFoundError, UsageError
from purport.core.findings import Findings
from purport.core.ports import Engine, Told
from purport.core.records import Gap
from purport.pipeline import Studio


@click.group()
def footage() -> None:
    """Take in footage, and find where it was seen before.

    \b
    Begin with:
      purport footage add clips/        take in what a folder holds
      purport footage list              what there is
      purport footage find clip.mp4     where it was seen before, to the second
    """


@footage.command()
@click.argument("places", nargs=-1, required=True, metavar="PLACE...")
@click.option("--json", "form", flag_value="json", help="One release a line (JSON Lines).")
@studio_options
@engine_option
@house_options
def add(ctx: click.Context, places: tuple[str, ...], form: str) -> None:
    """Take in video, images, animated GIFs and sound: facts, shots, fingerprints, blurred stills, provenance.

    A PLACE is a file or a folder of them. The bytes are kept beside the ledger and never changed. What was
    taken in before is not done again; what can't be decoded is told at the end and kept as a gap. All of it
    runs in a process of its own, so that a broken or malicious file can't take this one down. With --engine
    jobs: the bytes are kept, and workers do the rest.

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
    if (others := engine(ctx)).later:
        hand_over(house, others, places, shown, form)
        return
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
        space = app.shelf_space(house, tools)
    if not form and count:
        shown.print(releases.sums(count, known, *space), style="bold", highlight=False, soft_wrap=True)
    if missed:
        terminal.gaps(missed, Screen(stderr=True))
    if not count:
        raise InputError(f"Nothing was taken in: {missed[0].subject}: {missed[0].detail}" if missed else NOTHING)


def hand_over(house: House, others: Engine, places: tuple[str, ...], shown: Screen, form: str) -> None:
    """Keep files, and have others examine them."""
    orders, missed, captures = 0, list[Gap](), 0
    found = working.hand_over_footage(house, others, places)
    for outcome, new in screen.progress(found, lambda: count_media(places), shown, alone=bool(form)):
        orders += new
        captures += len(outcome.captures)
        missed += outcome.gaps
        for capture in outcome.captures if form else ():
            _print({"capture": capture.id, "place": capture.place})
    if missed:
        terminal.gaps(missed, Screen(stderr=True))
    if not captures:
        raise InputError(f"Nothing was taken in: {missed[0].subject}: {missed[0].detail}" if missed else NOTHING)
    click.echo(handed.said(captures, orders, "file"), err=bool(form))


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
    house, shown, count = opened(ctx), Screen(), 0
    for release, capture in app.releases(house):
        count += 1
        if form:
            _print(releases.as_json(release, capture))
        else:
            releases.row(release, capture, shown)
    if not count:
        raise NotFoundError("The ledger holds no footage. Take some in first: purport footage add FILE.")
    if not form:
        with studio(ctx) as tools:
            space = app.shelf_space(house, tools)
        shown.print(releases.sums(count, 0, *space), style="bold", highlight=False, soft_wrap=True)


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
@click.option("--json", "form", flag_value="json", help="One match a line (JSON Lines).")
@click.option("--sheet", type=click.Path(path_type=Path), help="Write a contact sheet, query beside release (.jpg).")
@click.option("--clear", is_flag=True, help="Don't blur the contact sheet.")
@studio_options
@house_options
def find(ctx: click.Context, place: str, form: str, sheet: Path | None, clear: bool) -> None:
    """Find where footage was seen before: which seconds of it are which seconds of which release.

    A FILE is not taken in by asking; what is found of a RELEASE is booked, and looked up until others are taken
    in. "Same footage" shows the same moments; "same scene" the same view at another
    time; "undecidable" is where nothing tells one from the other. What is found nowhere is told, too, and
    says nothing of footage that the library does not hold.

    \b
    Examples:
      purport footage find clip.mp4
      purport footage find clip.mp4 --sheet clip.jpg
      purport footage find release-3f0c --json
    """
    writable(sheet, (".jpg", ".jpeg"))
    house, shown = opened(ctx), Screen()
    if form:
        screen.for_programs()
    with studio(ctx) as tools, screen.bar(lambda: 1, shown, bool(form), "Looking") as bar:
        findings = app.find(house, tools, place, bar.told)
        again = looking.reused(house, findings)
        drawn = app.sheet(house, tools, findings, clear, bar.told) if sheet and findings.sightings else b""
    if form:
        for match in sightings.as_json(findings):
            _print(match)
    else:
        sightings.show(findings, shown)
        if not findings.sightings and findings.searched:
            click.echo(f"What the ledger holds was {app.scope(house)}", err=True)
    for one in again:
        trace_tree.booked(one, Screen(stderr=True))
    not_searched(findings)
    if sheet and drawn:
        write(sheet, drawn)
    elif sheet:
        click.echo(f"{sheet} was not written: there is nothing to show.", err=True)


@footage.command(name="map")
@click.argument("place", metavar="FILE|RELEASE")
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path("map.svg"), show_default=True)
@studio_options
@house_options
def map_command(ctx: click.Context, place: str, out: Path) -> None:
    """Draw where footage was seen before as one picture (SVG): its time along the top, a lane for each release.

    \b
    Examples:
      purport footage map compilation.mp4
      purport footage map release-3f0c -o reuse.svg
    """
    writable(out, (".svg",))
    house = opened(ctx)
    with studio(ctx) as tools, screen.bar(lambda: 1, Screen(), doing="Looking") as bar:
        findings = app.find(house, tools, place, bar.told)
    write(out, reuse_map.draw(findings).encode())
    not_searched(findings)


def writable(path: Path | None, suffixes: tuple[str, ...]) -> None:
    """Asked before the work begins. Raises UsageError."""
    if path and path.suffix.lower() not in suffixes:
        raise UsageError(f"{path} can't be written: the name ends in {' or '.join(suffixes)}.")
    if path and not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent} to write {path.name} to. Make it, or name another.")


def write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{path} can't be written ({error.strerror}). Name another place.") from error
    click.echo(f"Wrote {path} ({len(data) / 1000:.0f} kB).", err=True)


def not_searched(findings: Findings) -> None:
    for words in findings.missed:
        click.echo(f"Left out: {words}", err=True)


@footage.command()
@click.argument("place", metavar="[FILE|RELEASE]", default="")
@click.option(
    "--import",
    "source",
    type=click.File(encoding="utf-8", errors="replace"),
    metavar="LIST",
    help="Find the hashes of a list in the library, or in one release; - for standard input.",
)
@click.option("--json", "form", flag_value="json", help="With --import: one hit a line (JSON Lines).")
@studio_options
@house_options
def hashes(ctx: click.Context, place: str, source: TextIO | None, form: str) -> None:
    """Exchange PDQ hashes: print those of a release as vPDQ writes them, or find listed ones in the library.

    Printed are lines of number,quality,hash,seconds, one a second. A list is such lines, HMA's JSON, or any
    text with 64 hexadecimal digits a hash. A hit differs in 31 of 256 bits at most; hashes of a quality below
    50 are passed over. A FILE is taken in first.

    \b
    Examples:
      purport footage hashes clip.mp4 > clip.vpdq
      purport footage hashes --import theirs.vpdq
      purport footage hashes release-3f0c --import theirs.vpdq --json
    """
    if not place and source is None:
        raise UsageError("Name a file or release whose hashes to print, or a list with --import.")
    house, shown = opened(ctx), Screen()
    if form or source is None:
        screen.for_programs()
    with studio(ctx) as tools, screen.bar(lambda: 1, shown, alone=bool(form) or source is None) as bar:
        id = taken_in(house, tools, place, bar.told) if place else ""
        if source is None:
            sys.stdout.write(app.hashes(house, tools, id))
            return
        found = app.hits(house, tools, source.read(), id, bar.told)
    for hit in found.hits:
        if form:
            _print(sightings.hit_as_json(hit))
        else:
            sightings.hit(hit, shown)
    if not form:
        shown.print(sightings.hits_closing(found.hits, found.hashes, found.releases), highlight=False)
    for words in found.missed:
        click.echo(f"Left out: {words}", err=True)


@footage.command()
@click.argument("place", metavar="FILE|RELEASE")
@click.option("--json", "form", flag_value="json", help="One object: speech, lines on screen, what is withheld, claims")
@speech_option
@studio_options
@house_options
def words(ctx: click.Context, place: str, form: str) -> None:
    """Put a release into words: what is said and what stands on screen, with times, and who claims what in it.

    Nothing is asserted where nobody speaks, or where the model is unsure of a voice or a line: it says so, with
    the times. What is said is kept as a report, in which the narrator is a source and the release a hop; whole
    sentences on screen as another, whose source is the text on screen. A FILE is taken in first.

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
