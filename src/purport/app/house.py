"""The house: what a use case works with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from purport import pipeline
from purport.app.grouping import Grouping
from purport.core.errors import InputError
from purport.core.ports import (
    Blobs,
    Briefs,
    Clock,
    Copybook,
    Fetcher,
    Looks,
    Marks,
    Reader,
    Reviews,
    Searches,
    Traces,
    View,
    Workshop,
    Writer,
)
from purport.core.records import Gap
from purport.core.watching import Exchange


@dataclass(frozen=True, slots=True)
class House:
    """A working house: every port with an adapter behind it. `wiring.open_house` builds one."""

    clock: Clock
    fetcher: Fetcher
    blobs: Blobs
    reader: Reader
    writer: Writer
    view: View
    reviews: tuple[Reviews, ...] = ()  # none or one: where what people decide about claims is kept
    searches: tuple[Searches, ...] = ()  # none or one: where people keep searches
    grouping: tuple[Grouping, ...] = ()  # none or one: without it stories are what plainly belongs together
    marks: tuple[Marks, ...] = ()  # none or one: without it nothing is marked
    copybook: tuple[Copybook, ...] = ()  # none or one: without it reports are compared anew each time
    briefs: tuple[Briefs, ...] = ()  # none or one: without it no brief is kept
    looks: tuple[Looks, ...] = ()  # none or one: without it nothing is booked to be looked at again
    traces: tuple[Traces, ...] = ()  # none or one: without it each story is traced anew each time
    aside: tuple[Workshop, ...] = ()  # none or one: who traces and groups for it; without one it does so itself
    archived: tuple[Callable[[Exchange], bytes], ...] = ()  # none or one: the payload of an exchange, as it was kept


def steps(house: House) -> pipeline.Steps:
    return pipeline.Steps(house.clock, house.reader, house.blobs, house.writer, house.view)


def nothing(missed: Sequence[Gap]) -> InputError:
    """What to say when not one report could be read."""
    if missed:
        return InputError(f"Nothing could be read: {missed[0].subject}: {missed[0].detail}")
    return InputError("Nothing to read there. Name a file, a folder with .txt, .html, .jsonl or .warc, a URL, or -.")
