"""What goes into the worker that seeks footage in the library, and what comes back. Light: it imports no codec."""

import msgspec

from purport.core.matches import Match
from purport.footage.examined import Fault

MATCHER = "match/5"  # the rules and bounds of a search; raise it when the same prints would give other matches
FIND = "footage.find"
SHEET = "footage.sheet"
HASHES = "footage.hashes"
LISTED = "footage.listed"
STILL = "footage.still"
SILENT = "footage.silent"


class Volume(msgspec.Struct, frozen=True):
    """One release's prints in the library."""

    release: str
    digest: str  # of the file that they were taken of
    prints: str  # their file
    version: str


class Order(msgspec.Struct, frozen=True):
    """Seek this file in these volumes."""

    path: str
    name: str  # what it is called in what is said of it
    index: str  # where the index is kept; it is made and grown there
    volumes: tuple[Volume, ...]
    own: str = ""  # the digest of the file itself: a volume of the same bytes is passed over


class Found(msgspec.Struct, frozen=True):
    matches: tuple[Match, ...]
    duration: float  # of the file, in seconds; 0 for a still picture
    width: int  # pixels, upright
    height: int
    faults: tuple[Fault, ...] = ()  # what of the file could not be decoded
    stale: tuple[str, ...] = ()  # releases not searched: their prints are lost, broken or of another version


class Pairing(msgspec.Struct, frozen=True):
    """A match to be drawn, with the file of the release it leads to; empty where that is not kept any more."""

    match: Match
    path: str
    name: str


class SheetOrder(msgspec.Struct, frozen=True):
    """Draw matches of this file side by side."""

    path: str
    pairings: tuple[Pairing, ...]
    clear: bool = False  # unblurred


class HashesOrder(msgspec.Struct, frozen=True):
    """Say the PDQ hashes of one release."""

    prints: str  # their file
    rate: float  # pictures a second, to number them by; 0 if it is not known


class Listed(msgspec.Struct, frozen=True):
    """A PDQ hash of somebody's list."""

    hash: str  # 64 hexadecimal digits, small letters
    line: int  # of the list, from 1


class ListedOrder(msgspec.Struct, frozen=True):
    """Find these hashes in these volumes."""

    hashes: tuple[Listed, ...]
    volumes: tuple[Volume, ...]


class Near(msgspec.Struct, frozen=True):
    """A second of a release that is near a listed hash."""

    release: str
    second: float
    hash: str
    listed: Listed
    distance: int


class Nearest(msgspec.Struct, frozen=True):
    hits: tuple[Near, ...]
    stale: tuple[str, ...] = ()  # as in Found


class StillOrder(msgspec.Struct, frozen=True):
    """One clear picture of this file."""

    path: str
    second: float  # from the first picture


class SilentOrder(msgspec.Struct, frozen=True):
    """The moving pictures of this file without the sound."""

    path: str
    to: str  # where they are to be
    form: str  # mp4 | webm | matroska
