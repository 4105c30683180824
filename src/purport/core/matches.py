"""Where footage was seen before: one aligned interval of a query in a reference."""

from datetime import datetime

import msgspec

SAME_FOOTAGE = "same footage"
SAME_SCENE = "same scene"
UNDECIDABLE = "undecidable"


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """`query_start` to `query_end` of the query shows what `reference_start` to `reference_end` of the reference shows.

    Times in seconds from the first picture. `speed` is how many seconds of the reference pass in one of the query.
    `kind`: "same footage"; "same scene" (the same view at another time: what moves does not agree); "undecidable"
    (nothing moves that could tell).
    """

    query: str  # the file asked about
    reference: str  # a release
    query_start: float
    query_end: float
    reference_start: float
    reference_end: float
    speed: float
    mirrored: bool
    kind: str
    score: float  # 0 to 1: how well the aligned pictures agree
    marks: int = 0  # places in the picture that agree, after the discount; 0 where whole pictures were compared
    discount: float = 0.0  # share of the agreeing places' weight that was taken off since other releases have them too
    shared: int = 0  # in how many releases the commonest of them are, this one among them
    # 3 x 3, row by row: places in the query's picture, mirrored if it is, to the reference's; in units of their heights
    view: tuple[float, ...] = ()
    filled: float = 0.0  # share of the query's picture that shows the reference, nothing before it
    agreement: float = 0.0  # of what moves, -1 to 1
    movement: float = 0.0  # how much moves: cells of the coarse grid that change, a moment


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A release as it was compared with the others of a library, and what was found."""

    id: str
    release: str
    matcher: str  # names the rules and bounds by which it was compared
    library: str  # a digest of the releases that it was compared with
    searched: int  # how many they are
    seconds: float  # of video in them
    duration: float  # of the release, as its pictures were seen; 0 for a still picture
    width: int  # pixels, upright
    height: int
    at: datetime
    missed: tuple[str, ...] = ()  # what of it could not be decoded, in sentences
    matches: tuple[Match, ...] = ()  # in the order of its time
