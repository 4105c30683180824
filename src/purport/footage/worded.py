"""What the step that puts a file into words is given, and what it answers: plain data, so that it is quick to import."""

import msgspec

from purport.core.transcript import Heard, Seen

STEP = "footage.words"


class Order(msgspec.Struct, frozen=True):
    """A file, its name for people, the folder of the speech model (empty: the installed one), and its shots (seconds)."""

    path: str
    name: str
    model: str = ""
    shots: tuple[tuple[float, float], ...] = ()


class Words(msgspec.Struct, frozen=True):
    heard: Heard
    seen: Seen
