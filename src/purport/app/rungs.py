"""Looking at footage, a rung at a time; and what is kept of who looked at what.

words > blurred grey still > still > silent clip > sound

How much somebody opened on a day is theirs alone: it is counted beside the ledger, by name and day, and no other page
or command shows it. Which releases were opened, and which entries were looked at, is in the custody log.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from purport.app.admitting import Staff
from purport.app.house import House
from purport.core.custody import Deed
from purport.core.errors import FootageError, NotFoundError
from purport.core.people import acting
from purport.core.records import Capture, Release
from purport.footage.found import SILENT, STILL, SilentOrder, StillOrder
from purport.pipeline import Studio

LATER = 40  # silent copies that are kept; the one that was asked for least lately goes first
TOGETHER = 200  # entries looked at that one entry of the log tells of
FORMS = {"video/webm": "webm", "video/x-matroska": "matroska"}  # others become mp4


def day(now: datetime) -> str:
    return f"{now:%Y-%m-%d}"


def opened(staff: Staff, name: str, rung: str) -> Mapping[str, int]:
    """Count what somebody opens; returns what they opened today (UTC), this included."""
    today = day(staff.clock.now())
    staff.tallies.count(name, today, rung)
    return staff.tallies.counts(name, today)


def today(staff: Staff, name: str) -> Mapping[str, int]:
    """What somebody opened today, by its rung."""
    return staff.tallies.counts(name, day(staff.clock.now()))


def asked_for(staff: Staff, name: str, rung: str, release: str) -> None:
    """The custody log tells that somebody had a release shown on a rung: once a day, however often it is loaded."""
    if staff.tallies.see(name, day(staff.clock.now()), f"{rung} {release}"):
        with acting(name):
            staff.writer.add(entries=[Deed(f"open {rung}", (release,))])
        staff.tallies.booked(name, [f"{rung} {release}"])


def looked_at(staff: Staff, name: str, entry: str) -> None:
    """Somebody looked at an entry; it waits with others until `book_views`."""
    staff.tallies.see(name, day(staff.clock.now()), entry)


def book_views(staff: Staff, name: str = "") -> int:
    """Tell the custody log what was looked at since it was told last, by one person or by all; returns how much.

    What was counted on earlier days is forgotten.
    """
    count = 0
    for one, entries in staff.tallies.unbooked(name).items():
        for start in range(0, len(entries), TOGETHER):
            some = entries[start : start + TOGETHER]
            with acting(one):
                staff.writer.add(entries=[Deed("look at", some)])
            staff.tallies.booked(one, some)
        count += len(entries)
    staff.tallies.forget(day(staff.clock.now()))
    return count


def still(house: House, studio: Studio, release: Release, capture: Capture, number: int) -> bytes:
    """A clear still of a shot, from its middle, as a JPEG. Raises NotFoundError, EvidenceError, FootageError."""
    if not 0 <= number < len(release.shots):
        raise NotFoundError(f"{release.id} has no shot {number}.")
    shot = release.shots[number]
    order = StillOrder(str(house.blobs.file(capture.digest)), (shot.start + shot.end) / 2)
    return studio.workshop.do(STILL, msgspec.msgpack.encode(order), lambda share: None)


def silent(house: House, studio: Studio, release: Release, capture: Capture) -> tuple[Path, str]:
    """A file with the moving pictures and no sound, made when first asked for, and its media type.

    Raises EvidenceError, FootageError.
    """
    file = house.blobs.file(capture.digest)
    if len(release.codecs) == 1:  # there is no sound in it
        return file, release.media_type
    room = studio.index.with_suffix(".silent")
    room.mkdir(mode=0o700, exist_ok=True)
    made = room / capture.digest.replace(":", "-")
    kind = release.media_type if release.media_type in FORMS else "video/mp4"
    if made.is_file():
        os.utime(made)
        return made, kind
    part = room / f".{made.name}-{os.getpid()}"
    order = SilentOrder(str(file), str(part), FORMS.get(kind, "mp4"))
    try:
        studio.workshop.do(SILENT, msgspec.msgpack.encode(order), lambda share: None)
        part.replace(made)
    except OSError as error:
        raise FootageError(f"The silent copy can't be kept in {room} ({error.strerror}). Free some space.") from error
    finally:
        part.unlink(missing_ok=True)
    _make_room(room)
    return made, kind


def _make_room(room: Path) -> None:
    held = sorted(
        (path for path in room.iterdir() if not path.name.startswith(".")), key=lambda one: one.stat().st_mtime
    )
    for path in held[:-LATER]:
        with suppress(OSError):
            path.unlink()
