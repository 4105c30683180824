"""Counts the faults that are injected.

PURPORT_FAULTS says how many times as many as in a quick run are to be injected (1); `scripts/bench faults` makes 10.
"""

import os
from collections import Counter

TIMES = int(os.environ.get("PURPORT_FAULTS", "1"))
injected: Counter[str] = Counter()


class Tally:
    def __call__(self, fault: str, times: int = 1) -> None:
        injected[fault] += times

    def many(self, few: int) -> int:
        """So many rounds instead of a few."""
        return few * TIMES
