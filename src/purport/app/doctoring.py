"""Whether the machine is fit to work: each check is asked, and none stops the others."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from purport.core.health import MEND, Finding

Check: TypeAlias = Callable[[], Iterable[Finding]]


def examine(checks: Mapping[str, Check]) -> Iterator[Finding]:
    """What each check finds; one that fails is a finding itself."""
    for what, check in checks.items():
        try:
            yield from check()
        except Exception as error:  # whatever it is: that is what one wants to know
            yield Finding(what, MEND, f"{type(error).__name__}: {error}", "Mend what it says and ask again.")
