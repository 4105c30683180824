"""What is tried again is told in the journal: stamina's own ways would print it, or count it where nobody looks."""

import stamina.instrumentation
from stamina.instrumentation import RetryDetails

from purport.core import journal


def _told(details: RetryDetails) -> None:
    journal.tell("retry", of=type(details.caused_by).__name__, tries=details.retry_num, wait=round(details.wait_for, 3))


def tell_retries() -> None:
    stamina.instrumentation.set_on_retry_hooks([_told])
