"""Reports with their readings, as tables or as lines for programs."""

import sys
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import msgspec

from purport.brief import screen, sheet, terminal
from purport.brief.screen import Screen
from purport.core.lines import line, lines
from purport.core.records import Gap, Reading, Report

Pair: TypeAlias = tuple[Report, Reading]


def emit(form: str, nested: bool, readings: Iterable[Pair], missed: Sequence[Gap], shown: Screen) -> None:
    """Print readings in the form asked for, as they come; then the gaps, which go to standard error."""
    if form:
        screen.for_programs()
    if form == "csv":
        sheet.write(readings, sys.stdout)
    elif form == "json":
        for report, reading in readings:
            for one in [line(c, report) for c in reading.claims] if nested else lines(reading.claims, report):
                print_line(one)
    else:
        terminal.table(readings, shown, missed)
    if missed:
        terminal.gaps(missed, Screen(stderr=True))


def print_line(record: object) -> None:
    sys.stdout.write(msgspec.json.encode(record).decode() + "\n")
