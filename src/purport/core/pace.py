"""When something is looked at again: soon after a failure and less and less often, by the clock where all is well.

All of it is arithmetic on what the last visit says, so that a watch that was killed goes on as if it had not been.
"""

import hashlib
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from purport.core.times import utc
from purport.core.watching import NEVER, Source

FIRST, SLOW = 5.0, 3600.0  # seconds until the first try again: after a passing fault, after a refusal
STEP = 4.0  # each time so many times longer
LONGEST = 6 * 3600.0  # seconds between two tries at most, after passing faults
SLOWEST = 7 * 86400.0  # and after refusals
TRIES = 8  # at an item; then it is given up
FOLLOWED = 30 * 86400.0  # seconds between two looks at an item's page, beyond which it is not looked at again
ASKED = 7 * 86400.0  # the longest time that a server may ask us to wait
_PASSING = frozenset({408, 425, 429})  # refusals that are none


def passing(status: int) -> bool:
    """Does a failure look as if it would pass by itself? 0: there was no response."""
    return status < 400 or status in _PASSING or status >= 500


def after_failure(at: datetime, tries: int, url: str, status: int = 0, asked: float = 0.0) -> datetime:
    """When to try again after so many failures in a row; `asked`: the seconds that the server asks us to wait."""
    first, longest = (FIRST, LONGEST) if passing(status) else (SLOW, SLOWEST)
    seconds = min(longest, first * STEP ** min(tries - 1, 20)) * jitter(url, tries)
    return at + timedelta(seconds=max(seconds, min(asked, ASKED)))


def after_look(at: datetime, source: Source, looks: int) -> datetime:
    """When to look at an item's page again after so many looks that went well; NEVER when that is enough."""
    seconds = source.again * 2.0 ** min(looks - 1, 40)
    return at + timedelta(seconds=seconds) if 0 < seconds <= FOLLOWED else NEVER


def jitter(what: str, number: int) -> float:
    """From 0.75 to 1.25, evenly spread over addresses, and always the same for one: no two come back at once."""
    found = hashlib.sha256(f"{what} {number}".encode("utf-8", "replace")).digest()
    return 0.75 + int.from_bytes(found[:4], "big") / 2**33


def retry_after(header: str, now: datetime) -> float:
    """The seconds that a Retry-After header asks for: a number or a date (RFC 9110 10.2.3); 0 if it says nothing."""
    said = header.strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        return max(0.0, (utc(parsedate_to_datetime(said)) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0
