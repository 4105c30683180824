"""What goes into the worker that puts a file into words, and what comes back. Light: it imports no codec."""

import msgspec

from purport.core.transcript import Heard, Seen

STEP = "footage.words"


class Order(msgspec.Struct, frozen=True):
    """Put this file into words."""

    path: str
    name: str  # what it is called in what is said of it
    model: str = ""  # the folder of the speech model; empty: the one that is installed
    shots: tuple[tuple[float, float], ...] = ()  # seconds


class Words(msgspec.Struct, frozen=True):
    heard: Heard
    seen: Seen
