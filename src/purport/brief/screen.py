"""Standard output and error: tables for people, data for programs, and a bar while many items are read."""

import errno
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})  # why a disk takes no more

Thing = TypeVar("Thing")


class Screen(Console):
    """Where tables go. Rich would end the program with 1 when its reader has gone (`purport … | head`)."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def for_people() -> None:
    """A terminal that can't show a sign gets a question mark, and the program goes on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def for_programs() -> None:
    """What programs read is UTF-8 with the line ends as they are, whatever the terminal speaks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")


def silence() -> None:
    """Point standard output to nowhere, so that Python's own flush at the end can't fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def progress(
    things: Iterable[Thing], total: Callable[[], int], screen: Console, alone: bool = False
) -> Iterator[Thing]:
    """The things, with a bar while there are many and somebody looks. `total` 0: nobody knows.

    The bar stands below the tables on their screen; when they go to a file, on standard error. `alone` says that
    something other than tables is written to the screen, which then has no bar: they would overwrite each other.
    """
    shown = screen if screen.is_terminal else Screen(stderr=True)
    if not shown.is_terminal or (alone and shown is screen) or (expected := total()) == 1:
        yield from things
        return
    bar = Progress(
        SpinnerColumn(),
        TextColumn("Reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=shown,
        transient=True,
        redirect_stdout=False,  # or what goes to a file would go to the bar's screen
        redirect_stderr=False,
    )
    with bar:
        task = bar.add_task("read", total=expected or None)
        for thing in things:
            yield thing
            bar.advance(task)


class Bar:
    """How far many long things are, and the present one among them."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._done = progress, 0
        self._task = progress.add_task("files", total=total or None)

    def told(self, share: float) -> None:
        """The present one is so far, from 0 to 1."""
        self._progress.update(self._task, completed=self._done + share)

    def over(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """The things, each counted as done when the next is asked for."""
        for thing in things:
            yield thing
            self._done += 1
            self.told(0.0)


@contextmanager
def bar(total: Callable[[], int], screen: Console, alone: bool = False, doing: str = "Taking in") -> Iterator[Bar]:
    """A bar for things that take long each; nothing is shown where nobody looks (see `progress`)."""
    shown = screen if screen.is_terminal else Screen(stderr=True)
    silent = not shown.is_terminal or (alone and shown is screen)
    columns = (SpinnerColumn(), TextColumn(doing), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=shown, transient=True, redirect_stdout=False, redirect_stderr=False, disable=silent
    ) as progress:
        yield Bar(progress, 0 if silent else total())
