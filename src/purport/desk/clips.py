"""A media file handed out piece by piece, so that a player may jump (RFC 9110, range requests)."""

import re
from collections.abc import Iterator
from pathlib import Path

from litestar import Response
from litestar.response import Stream

from purport.core.records import Release

PIECE = 256 * 1024
SHOWN = re.compile(r"(?:video|audio)/[\w.+-]+|image/(?:jpeg|png|gif|webp|avif|bmp)")  # never SVG: it may hold scripts
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
# whatever the bytes are, opened by themselves they may do nothing
HEADERS = {"accept-ranges": "bytes", "content-security-policy": "default-src 'none'; sandbox"}


def is_shown(release: Release) -> bool:
    """May a browser be given the file? Only what we found to be video, sound or a plain image."""
    return bool(SHOWN.fullmatch(release.media_type))


def handed_out(path: Path, media_type: str, asked: str = "") -> Response[bytes] | Stream:
    """A file or the range of it that is asked for by a Range header; a range that makes no sense is 416."""
    size = path.stat().st_size
    start, end = 0, size
    if found := _RANGE.fullmatch(asked.strip()):
        first, last = found.groups()
        if first:
            start, end = int(first), min(size, int(last) + 1 if last else size)
        elif last:
            start = max(0, size - int(last))
        if start >= end:
            return Response(b"", status_code=416, headers=HEADERS | {"content-range": f"bytes */{size}"})
    else:
        asked = ""
    headers = HEADERS | {"content-length": str(end - start)}
    if asked:
        headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    return Stream(pieces(path, start, end), media_type=media_type, status_code=206 if asked else 200, headers=headers)


def pieces(path: Path, start: int, end: int) -> Iterator[bytes]:
    """The bytes from one place to another; memory holds a piece."""
    with path.open("rb") as file:
        file.seek(start)
        left = end - start
        while left and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
