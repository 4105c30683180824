"""What goes into the worker that examines a file, and what comes back. Light: it imports no codec."""

import msgspec

from purport.core.records import Release

STEP = "footage.examine"


class Order(msgspec.Struct, frozen=True):
    """Examine this file."""

    path: str
    name: str  # what it is called in what is said of it
    release: str  # the id it will have
    capture: str
    version: str
    prints: str  # where to write them
    trust: str = ""  # certificates (PEM) that the user vouches for


class Fault(msgspec.Struct, frozen=True):
    """What could not be decoded: a gap without its subject and time."""

    cause: str
    detail: str


class Examined(msgspec.Struct, frozen=True):
    release: Release
    stills: tuple[bytes, ...]  # of its shots, JPEG
    faults: tuple[Fault, ...]
