"""What answers under /api have in common: JSON, read in a thread, and one shape for all that can't be answered."""

from functools import partial
from typing import Any

import msgspec
from litestar import get
from litestar.openapi import ResponseSpec


class Wrong(msgspec.Struct, frozen=True):
    """Why something can't be answered, in a sentence that names the mend."""

    error: str


def _said(description: str) -> ResponseSpec:
    return ResponseSpec(Wrong, generate_examples=False, description=description)


WRONG: dict[int, Any] = {
    400: _said("That can't be asked so."),
    401: _said("Nobody is signed in, and this desk has accounts."),
    403: _said("Whoever is signed in may not."),
    404: _said("Not in the ledger."),
    429: _said("That was too often."),
    503: _said("The ledger, or what is asked beside it, can't answer now."),
}

address = partial(get, sync_to_thread=True, responses=WRONG)  # an address for programs
