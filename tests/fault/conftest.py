"""What the tests of faults share: a process that does work and dies, and a tally that is printed at the end."""

from collections.abc import Iterator

import pytest
from faults import Tally, injected
from victims import Victims


@pytest.fixture
def tally() -> Tally:
    return Tally()


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    with Victims() as made:
        yield made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if injected:
        terminalreporter.section("faults injected")
        for fault, times in sorted(injected.items()):
            terminalreporter.line(f"{times:>6}  {fault}")
        terminalreporter.line(f"{injected.total():>6}  in all")
