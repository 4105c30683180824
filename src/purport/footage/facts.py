"""What a media file's container states of itself. Headers and a little more are read; nothing is believed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import av

from purport.core.errors import FootageError
from purport.core.times import Moment
from purport.footage.frames import length, opened, picture_stream, said, single

# what a container is called (by FFmpeg's name or the brand in its head), and its media type by kind
CONTAINERS = {
    "mp4": ("mp4", "video/mp4", "audio/mp4"),
    "mov": ("mov", "video/quicktime", "audio/mp4"),
    "matroska": ("matroska", "video/x-matroska", "audio/x-matroska"),
    "webm": ("webm", "video/webm", "audio/webm"),
    "avi": ("avi", "video/x-msvideo", ""),
    "mpegts": ("mpeg-ts", "video/mp2t", "audio/mp2t"),
    "mpeg": ("mpeg-ps", "video/mpeg", "audio/mpeg"),
    "asf": ("asf", "video/x-ms-asf", "audio/x-ms-wma"),
    "flv": ("flv", "video/x-flv", "video/x-flv"),
    "ogg": ("ogg", "video/ogg", "audio/ogg"),
    "gif": ("gif", "image/gif", ""),
    "mp3": ("mp3", "", "audio/mpeg"),
    "wav": ("wav", "", "audio/wav"),
    "flac": ("flac", "", "audio/flac"),
    "aac": ("aac", "", "audio/aac"),
    "aiff": ("aiff", "", "audio/aiff"),
    "amr": ("amr", "", "audio/amr"),
    "webp_anim": ("webp", "image/webp", ""),
}
STILL_BRANDS = {"avif": "image/avif", "heic": "image/heic", "heix": "image/heic", "mif1": "image/heif"}
LOOKED_AT = 600  # packets, to see whether pictures are evenly spaced
UNEVEN = 0.1  # of the usual time between pictures, by which one may be off


@dataclass(frozen=True, slots=True)
class Facts:
    """What the container states; zero and empty where it states nothing."""

    kind: str  # video | image | audio
    container: str
    media_type: str
    codecs: tuple[str, ...]
    duration: float = 0.0
    width: int = 0
    height: int = 0
    rate: float = 0.0
    variable: bool = False
    created: tuple[Moment, ...] = ()
    moving: float = 0.0  # seconds that the pictures alone last, where that is stated


def facts(path: Path, name: str) -> Facts:
    """The facts of a file, which is called `name` in what is said of it. Raises FootageError."""
    try:
        with opened(path) as container:
            return stated(container, path, name)
    except MemoryError:
        raise
    except FootageError:
        if cut_off(path):
            detail = f"{name} ends before the index that its pictures are found by. Fetch or copy it again."
            raise FootageError(detail, "truncated") from None
        raise FootageError(f"{name} can't be opened as video, image or sound.") from None
    except (av.error.FFmpegError, OSError) as error:
        raise FootageError(f"{name} breaks off in its head ({said(error)}).") from error


def stated(container: Any, path: Path, name: str) -> Facts:
    form = single(container, name)
    codecs = tuple(stream.codec_context.name for stream in container.streams if stream.type in ("video", "audio"))
    try:
        stream = picture_stream(container, path)
    except FootageError as error:
        if error.cause != "no-picture" or not container.streams.audio:
            raise
        called, media_type = named(container, path, form, "audio")
        duration = length(container, container.streams.audio[0])
        return Facts("audio", called, media_type, codecs, duration, created=created(container.metadata))
    kind = "image" if is_still(container, stream, form) else "video"
    called, media_type = named(container, path, form, kind)
    duration = 0.0 if kind == "image" else length(container, stream)
    rate = 0.0 if kind == "image" else float(stream.average_rate or 0)
    when = created(container.metadata) or created(stream.metadata)
    spaced = kind == "video" and unevenly_spaced(container, stream)
    turned, tags = first_picture(path)
    width, height = (stream.height, stream.width) if turned else (stream.width, stream.height)
    moving = float(stream.duration * stream.time_base) if stream.duration else duration
    return Facts(kind, called, media_type, codecs, duration, width, height, rate, spaced, when or created(tags), moving)


def is_still(container: Any, stream: Any, form: str) -> bool:
    """Is it one picture? A GIF may be either."""
    if form.endswith("_pipe") or form == "image2":
        return True
    if container.metadata.get("major_brand", "").strip() in STILL_BRANDS:
        return True
    if form not in ("gif", "webp_anim"):
        return False
    return sum(bool(packet.size) for packet in islice(container.demux(stream), 3)) == 1


def named(container: Any, path: Path, form: str, kind: str) -> tuple[str, str]:
    """What the container is called, and its media type."""
    if form.endswith("_pipe"):
        called = form.removesuffix("_pipe")
        return called, f"image/{ {'svg': 'svg+xml'}.get(called, called) }"
    brand = container.metadata.get("major_brand", "").strip()
    if brand in STILL_BRANDS:
        return brand, STILL_BRANDS[brand]
    if form == "mov" and brand not in ("", "qt"):
        form = "mp4"
    elif form == "matroska" and b"webm" in head(path):
        form = "webm"
    called, moving, sounding = CONTAINERS.get(form, (form, "", ""))
    return called, sounding if kind == "audio" else moving


def head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64)  # the head of a Matroska file says which kind of it this is


def unevenly_spaced(container: Any, stream: Any) -> bool:
    """Do the first pictures follow each other at different distances? Their packets are looked at, not decoded."""
    container.seek(0)
    times: list[int] = []
    try:
        for packet in container.demux(stream):
            if packet.pts is not None:
                times.append(packet.pts)
            if len(times) == LOOKED_AT:
                break
    except av.error.FFmpegError:
        pass  # what breaks off is told when it is decoded
    times.sort()
    steps = sorted(after - before for before, after in pairwise(times))
    if len(steps) < 2:
        return False
    usual = steps[len(steps) // 2]
    # time stamps are rounded to a tick, which makes steps of 33 and 34 ms of even ones
    return steps[-1] - steps[0] > max(2, UNEVEN * usual)


def first_picture(path: Path) -> tuple[bool, dict[str, str]]:
    """Is the first picture shown lying on its side, and what it states of itself (EXIF)?"""
    try:
        with opened(path) as container:
            frame = next(container.decode(picture_stream(container, path)), None)
            return (bool(frame.rotation % 180), dict(frame.metadata)) if frame else (False, {})
    except MemoryError:  # FFmpeg's is one of its errors as well; it is told as what it is, not as a broken file
        raise
    except (av.error.FFmpegError, FootageError, OSError):
        return False, {}


# where a creation time is stated, the most exact first
STATED = (
    "com.apple.quicktime.creationdate", "ExifIFD/DateTimeOriginal", "creation_time", "DateTimeOriginal", "DateTime",
    "DATE_DIGITIZED", "date", "DATE",
)  # fmt: skip
ZONES = {"ExifIFD/DateTimeOriginal": "ExifIFD/OffsetTimeOriginal", "DateTime": "ExifIFD/OffsetTime"}
TIME = re.compile(
    r"(\d{4})[-:](\d\d)[-:](\d\d)(?:[T ](\d\d):(\d\d):(\d\d)(?:\.\d+)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?\s*\Z", re.IGNORECASE
)
EPOCHS = ((1904, 1, 1), (1970, 1, 1))  # what clocks that were never set say


def created(tags: dict[str, str]) -> tuple[Moment, ...]:
    """When the file says that it was made, with its words; nothing if it doesn't or can't be read.

    A time without its zone may be any zone's: it is a stretch of 26 hours.
    """
    for key in STATED:
        words = tags.get(key, "").strip()
        if zone := tags.get(ZONES.get(key, ""), "").strip():
            words = f"{words} {zone}".replace(" +", "+").replace(" -", "-")
        if found := moment(words):
            return (found,)
    return ()


def moment(words: str) -> Moment | None:
    found = TIME.match(words)
    if not found:
        return None
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        start = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        if start.timetuple()[:3] in EPOCHS:
            return None
        end = start + (timedelta(seconds=1) if found[4] else timedelta(days=1))
        zone = (found[7] or "").upper()
        if zone in ("Z", "UTC"):
            return Moment(start, end, words)
        if zone:
            away = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])) * (-1 if zone[0] == "-" else 1)
            return Moment(start - away, end - away, words)
        return Moment(start - timedelta(hours=14), end + timedelta(hours=12), words)
    except (ValueError, OverflowError):
        return None


def cut_off(path: Path) -> bool:
    """Is it an MP4 or QuickTime file without the box that says where its pictures are?"""
    try:
        with path.open("rb") as file:
            end, at, names = file.seek(0, 2), 0, set[bytes]()
            while at + 8 <= end and len(names) < 64:
                file.seek(at)
                head = file.read(16)
                size, name = int.from_bytes(head[:4], "big"), head[4:8]
                size = int.from_bytes(head[8:16], "big") if size == 1 else size or end - at
                names.add(name)
                if size < 8:
                    break
                at += size
    except OSError:
        return False
    return b"ftyp" in names and b"moov" not in names and (at > end or b"mdat" in names)
