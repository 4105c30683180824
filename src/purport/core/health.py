"""How a desk's machine stands: one finding for each thing that was looked at."""

import msgspec

OK, MEND, ABSENT = "ok", "mend", "absent"  # absent: it can be done without


class Finding(msgspec.Struct, frozen=True):
    what: str  # versions, models, ledger, disk, clock, …
    state: str
    said: str
    mend: str = ""  # what to do
