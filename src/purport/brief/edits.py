"""What was done to a picture before it was seen again, in words: mirrored, cropped, picture-in-picture, 1.06×.

A match holds the view by which the two pictures lie in one another; the words follow from it and from nothing else.
"""

from collections.abc import Sequence
from math import dist
from typing import TypeAlias

from purport.core.matches import SAME_SCENE, Match

Place: TypeAlias = tuple[float, float]
Polygon: TypeAlias = list[Place]
Rows: TypeAlias = tuple[tuple[float, float, float], ...]

MOST = 0.93  # share of a picture from which it counts as all of it
SMALL = 0.75  # share of the query's picture below which the other is a picture in it
ALONG = 0.03  # of a picture's height: so near to an edge is at it
SLANTED = 0.04  # by so much opposite sides differ in what was filmed off a screen
EVEN = 0.015  # by so much a speed may differ from one


def edits(match: Match, size: tuple[int, int], other: tuple[int, int]) -> tuple[str, ...]:
    """`size` is that of the query's pictures (width, height), `other` that of the reference's."""
    found = ["mirrored"] if match.mirrored else []
    if match.view and min(*size, *other) > 0:
        found += framing(match.view, size[0] / size[1], other[0] / other[1])
    if abs(match.speed - 1) >= EVEN and match.kind != SAME_SCENE:  # another time has no speed in common
        found.append(f"{match.speed:.2f}×")
    return tuple(found)


def framing(view: Sequence[float], aspect: float, other: float) -> list[str]:
    """How the query's picture and the reference's, of these widths over their heights, frame one another."""
    to, back = rows(view), inverse(rows(view))
    there, here = through(to, corners(aspect)), through(back, corners(other))
    if not there or not here:
        return ["filmed at an angle"]
    found = []
    if area(inside(there, other)) < MOST * other:
        found.append("cropped")
    if area(inside(here, aspect)) < MOST * aspect:
        found.append(frame(here, aspect))
    if slant(there) > SLANTED:
        found.append("filmed at an angle")
    return found


def frame(here: Polygon, aspect: float) -> str:
    """What surrounds the reference's picture where it leaves a part of the query's free."""
    left, right = min(x for x, _ in here) < ALONG, max(x for x, _ in here) > aspect - ALONG
    top, bottom = min(y for _, y in here) < ALONG, max(y for _, y in here) > 1 - ALONG
    if (left and right and not top and not bottom) or (top and bottom and not left and not right):
        return "letterboxed"
    return "picture-in-picture" if area(inside(here, aspect)) < SMALL * aspect else "framed"


def corners(aspect: float) -> Polygon:
    return [(0.0, 0.0), (aspect, 0.0), (aspect, 1.0), (0.0, 1.0)]


def rows(view: Sequence[float]) -> Rows:
    a, b, c, d, e, f, g, h, i = view
    return (a, b, c), (d, e, f), (g, h, i)


def inverse(view: Rows) -> Rows:
    """Up to a factor, which places don't feel."""
    (a, b, c), (d, e, f), (g, h, i) = view
    return (
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )


def through(view: Rows, places: Polygon) -> Polygon:
    """Places through a view; none if the view folds the picture."""
    depths = [view[2][0] * x + view[2][1] * y + view[2][2] for x, y in places]
    if min(depths) * max(depths) <= 0:
        return []
    return [
        ((view[0][0] * x + view[0][1] * y + view[0][2]) / z, (view[1][0] * x + view[1][1] * y + view[1][2]) / z)
        for (x, y), z in zip(places, depths, strict=True)
    ]


def inside(shape: Polygon, aspect: float) -> Polygon:
    """The part of a shape that lies in a picture (Sutherland and Hodgman 1974)."""
    for axis, bound, sign in ((0, 0.0, 1), (0, aspect, -1), (1, 0.0, 1), (1, 1.0, -1)):
        kept: Polygon = []
        for start, end in zip(shape, [*shape[1:], *shape[:1]], strict=True):
            a, b = (sign * (place[axis] - bound) for place in (start, end))
            if a >= 0:
                kept.append(start)
            if (a >= 0) != (b >= 0):
                share = a / (a - b)
                kept.append((start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
        shape = kept
    return shape


def area(shape: Polygon) -> float:
    turned = zip(shape, [*shape[1:], *shape[:1]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in turned)) / 2


def slant(shape: Polygon) -> float:
    """By how much opposite sides of four corners differ in length, as a share."""
    sides = [dist(a, b) for a, b in zip(shape, [*shape[1:], shape[0]], strict=True)]
    return max(abs(one - other) / max(one, other, 1e-9) for one, other in zip(sides[:2], sides[2:], strict=True))
