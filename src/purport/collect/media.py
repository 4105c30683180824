"""Media files to take in: video, images, sound, from files and folders. Only their digest is taken here."""

import hashlib
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from purport.collect import limits
from purport.collect.items import whole
from purport.collect.kinds import TEXTS, kind_of
from purport.collect.paths import missing, shown, unreadable, walk
from purport.core.ids import make_id
from purport.core.ports import Clock
from purport.core.records import Capture, Gap, gap

# what is taken from a folder; a file that is named itself is tried whatever its name
MOVING = ".mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .ts .mts .m2ts .3gp .flv .wmv .asf .ogv .gif"
STILL = ".jpg .jpeg .png .webp .avif .heic .bmp .tif .tiff"
SOUND = ".mp3 .m4a .aac .wav .flac .ogg .oga .opus .wma .aiff .amr"
SUFFIXES = tuple(f"{MOVING} {STILL} {SOUND}".split())
PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Medium:
    """A media file with its capture."""

    capture: Capture
    path: Path


def media(places: Iterable[str], clock: Clock) -> Iterator[Medium | Gap]:
    """Media files and gaps, in the order of the places. Never raises for what it finds in a place."""
    for place in places:
        if not place.strip():
            yield gap("collect", place, "missing", "The path is empty; name a file or folder.", clock.now())
        elif "://" in place:
            detail = "Footage is taken from files and folders; fetch it first, for example with yt-dlp."
            yield gap("collect", whole(place), "not-read", detail, clock.now())
        else:
            yield from _at(Path(place), clock)


def _at(path: Path, clock: Clock) -> Iterator[Medium | Gap]:
    try:
        mode = path.stat().st_mode
    except PermissionError as error:
        yield unreadable(path, error, clock)
    except (OSError, ValueError):  # ValueError: a NUL in the name
        yield missing(path, clock)
    else:
        if stat.S_ISDIR(mode):
            yield from _in_folder(path, clock)
        elif stat.S_ISREG(mode):
            yield medium(path, clock)
        else:
            yield gap("collect", shown(path), "not-read", "It is no ordinary file, and may have no end.", clock.now())


def count_media(places: Iterable[str]) -> int:
    """How many media files there are at most."""
    return sum(sum(map(_is_medium, walk(Path(place)))) if Path(place).is_dir() else 1 for place in places)


def _is_medium(found: Path | OSError) -> bool:
    return isinstance(found, Path) and found.suffix.lower() in SUFFIXES and found.is_file()


def _in_folder(folder: Path, clock: Clock) -> Iterator[Medium | Gap]:
    others: Counter[str] = Counter()
    for found in walk(folder):
        if isinstance(found, OSError):
            yield unreadable(Path(found.filename or folder), found, clock)
        elif _is_medium(found):
            yield medium(found, clock)
        else:
            others[found.suffix.lower() or "no suffix"] += 1
    if others:
        kinds = ", ".join(f"{n} {suffix}" for suffix, n in others.most_common(8))
        detail = f"Passed over in this folder: {kinds}. Name a file itself to have it tried."
        yield gap("collect", shown(folder), "not-read", whole(detail), clock.now())


def medium(path: Path, clock: Clock, place: str = "") -> Medium | Gap:
    """The file with its capture, or a gap: it is empty, a text, or can't be read. `place`: where it really lies."""
    place = place or shown(path)
    try:
        size, head = path.stat().st_size, _head(path)
        what = kind_of(head, path.name)
        if not size:
            return gap("collect", place, "empty", "There is nothing in it.", clock.now())
        if what in TEXTS:
            detail = "It is text, whatever its name says; footage is video, images or sound."
            return gap("collect", place, "not-footage", detail, clock.now())
        sha = digest_of(path)
    except OSError as error:
        return unreadable(path, error, clock)
    capture = Capture(make_id("capture", place, sha), place, sha, size, clock.now(), kind="media", stored=True)
    return Medium(capture, path)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(limits.HEAD)


def digest_of(path: Path) -> str:
    """The digest of a file; memory does not grow with its size."""
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            sha.update(piece)
    return f"sha256:{sha.hexdigest()}"
