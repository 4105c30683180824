"""What came of asking where footage was seen before: matches with the releases that they lead to."""

from datetime import datetime

import msgspec

from purport.core.matches import Match
from purport.core.records import Capture, Release


class Sighting(msgspec.Struct, frozen=True):
    """One match, with the release it leads to and where that came from."""

    match: Match
    release: Release
    capture: Capture
    same_bytes: bool = False  # the file asked about is this release, byte by byte: nothing was compared


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """All sightings of one file or release in the library, in the order of its time, and what was searched."""

    query: str  # the file as named, or the id of a release
    title: str  # for people: the file, or where the release came from
    file: str  # where its bytes are on this machine
    duration: float  # seconds; 0 for a still picture
    width: int  # pixels, as shown upright
    height: int
    sightings: tuple[Sighting, ...] = ()
    searched: int = 0  # releases, each once whatever the number of its copies
    seconds: float = 0.0  # of video in them
    missed: tuple[str, ...] = ()  # what could not be decoded or searched, in sentences
    compared: tuple[datetime, ...] = ()  # when, if that is looked up in the ledger; else none


class Hit(msgspec.Struct, frozen=True):
    """A second of a release whose PDQ hash is near one of a list."""

    release: Release
    capture: Capture
    second: float
    hash: str  # 64 hexadecimal digits
    listed: str  # the list's, likewise
    line: int  # of the list, from 1
    distance: int  # bits in which they differ, of 256


class Hits(msgspec.Struct, frozen=True):
    """All hits of a list, and what was compared."""

    hits: tuple[Hit, ...]
    hashes: int  # of the list
    releases: int
    missed: tuple[str, ...] = ()  # what could not be compared, in sentences
