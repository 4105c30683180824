"""Keeps exchanges as they went over the wire, as records of WARC 1.1 files that only ever grow.

https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1-annotated/

Digests are SHA-256 in hexadecimal, which the standard's community recommends (base 32 would need padding, for which
its grammar has no room), so that they read the same in the ledger and in the archive.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, TypeAlias

from purport import __version__
from purport.core.ids import digest, make_id
from purport.core.ports import Clock
from purport.core.times import iso
from purport.core.watching import Exchange, Wire
from purport.preserve.growing import GrowingFiles
from purport.preserve.http import interim
from purport.preserve.members import deflated
from purport.preserve.records import (
    NOT_MODIFIED,
    REQUEST,
    RESPONSE,
    SAME,
    Block,
    copied,
    examine,
    head_of,
    urn,
    written_url,
)

SIZE = 1_000_000_000  # bytes after which the next file is begun
INFO = f"""software: Purport/{__version__}\r
format: WARC File Format 1.1\r
conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r
""".encode()
_TEXT, _OTHER = 6, 1  # levels of compression

Known: TypeAlias = Callable[[str, str], Exchange | None]  # the exchange that holds a payload, by its digest and address


def nothing_known(digest: str, url: str) -> Exchange | None:
    """Every payload is kept again."""
    return None


class Archive:
    """A folder of WARC files. Processes may share it: each appends to a file of its own.

    `ended` is where the last booked exchange ends (its archive, its end), so that a file can be gone on with.
    """

    def __init__(self, folder: Path, clock: Clock, ended: tuple[str, int] = ("", 0), size: int = SIZE) -> None:
        self._files, self._clock = GrowingFiles(folder, clock, ended, size), clock

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def put(self, wire: Wire, known: Known = nothing_known, before: Exchange | None = None) -> Exchange:
        """Append a response and its request. Nothing is on the disk for certain before `flush`.

        A payload that `known` finds whole in another exchange is not kept twice: a revisit record refers to it.
        `before` is the exchange that holds the payload which the request asked about; a 304 then refers to it.
        Raises EvidenceError: what was written of this exchange until then is no entry's; the next one begins a file.
        """
        wire.response.seek(0)
        early = interim(wire.response)
        wire.response.seek(len(early))
        block = examine(wire.response)
        wire.response.seek(len(early))
        held = _held(block, wire, known, before)
        id, start = self._begin(wire.url, wire.asked)
        common = {"WARC-Target-URI": written_url(wire.url), "WARC-IP-Address": wire.address}
        if block.length:
            self._answer(id, wire, block, held, common)
            common["WARC-Concurrent-To"] = urn(id)
        self._small("request", urn(id, "request"), wire.asked, wire.request, {"Content-Type": REQUEST, **common})
        if early:
            self._small("metadata", urn(id, "interim"), wire.asked, early, {"Content-Type": RESPONSE, **common})
        return Exchange(
            id=id,
            url=wire.url,
            asked=wire.asked,
            status=block.head.status,
            archive=self._files.name,
            offset=start,
            end=self._files.end,
            digest=(held or block).digest if block.length else "",
            size=(held or block).size,
            media_type=block.head.media_type or (held.media_type if held else ""),
            same_as=held.id if held else "",
            cut=wire.cut,
            begins=self._files.begins,
            sealed=self._files.sealed,
        )

    def resource(self, url: str, data: BinaryIO, media_type: str, taken: datetime) -> Exchange:
        """Append what came in another way than over HTTP: a folder's file. Raises EvidenceError, as `put` does."""
        data.seek(0)
        block = examine(data, http=False)
        data.seek(0)
        id, start = self._begin(url, taken)
        fields = {
            "Content-Type": media_type,
            "WARC-Target-URI": written_url(url),
            "WARC-Payload-Digest": block.digest,
            "WARC-Block-Digest": block.block_digest,
        }
        head = head_of("resource", urn(id), taken, block.length, fields)
        self._append(head, copied(data, block.length), _level(media_type, ""))
        return Exchange(
            id=id,
            url=url,
            asked=taken,
            status=0,
            archive=self._files.name,
            offset=start,
            end=self._files.end,
            digest=block.digest,
            size=block.size,
            media_type=media_type,
            begins=self._files.begins,
            sealed=self._files.sealed,
        )

    def flush(self) -> None:
        """All that was put is on the disk when this returns: to be called before the ledger books it."""
        self._files.flush()

    def close(self) -> None:
        self._files.leave()
        self._files.flush()

    def _begin(self, url: str, taken: datetime) -> tuple[str, int]:
        """The id of an exchange that is to be appended, and where it will begin."""
        if self._files.begin():
            now, name = self._clock.now(), self._files.name
            fields = {"Content-Type": "application/warc-fields", "WARC-Filename": name}
            self._small("warcinfo", urn(name), now, INFO, fields)
        start = self._files.end
        return make_id("exchange", url, iso(taken), self._files.name, start), start

    def _answer(self, id: str, wire: Wire, block: Block, held: Exchange | None, common: dict[str, str]) -> None:
        """The response record, or the revisit record of one whose payload is held already."""
        fields = {"Content-Type": RESPONSE, **common, "WARC-Payload-Digest": (held or block).digest}
        if held is None:
            fields |= {"WARC-Truncated": wire.cut, "WARC-Block-Digest": block.block_digest}
            head = head_of("response", urn(id), wire.asked, block.length, fields)
            level = _level(block.head.media_type, block.head.get("content-encoding"))
            self._append(head, copied(wire.response, block.length), level)
            return
        fields |= {
            "WARC-Profile": NOT_MODIFIED if block.head.status == 304 else SAME,
            "WARC-Refers-To": urn(held.id),
            "WARC-Refers-To-Target-URI": written_url(held.url),
            "WARC-Refers-To-Date": iso(held.asked),
            # the standard wants it said of the payload that is left out, too
            "WARC-Truncated": "length" if block.head.length < block.length else "",
        }
        self._small("revisit", urn(id), wire.asked, b"".join(copied(wire.response, block.head.length)), fields)

    def _small(self, kind: str, id: str, date: datetime, block: bytes, fields: dict[str, str]) -> None:
        self._append(head_of(kind, id, date, len(block), fields | {"WARC-Block-Digest": digest(block)}), [block], _TEXT)

    def _append(self, head: bytes, block: Iterable[bytes], level: int) -> None:
        self._files.append(deflated(chain([head], block, [b"\r\n\r\n"]), level))


def _held(block: Block, wire: Wire, known: Known, before: Exchange | None) -> Exchange | None:
    """The exchange that holds this one's payload already, whole and itself."""
    if wire.cut or not block.head.status:
        return None
    if block.head.status == 304:
        return before if before and before.digest and not before.same_as else None
    found = known(block.digest, wire.url) if block.size else None
    if found and (found.digest, found.size, found.same_as, found.cut) == (block.digest, block.size, "", ""):
        return found
    return None


def _level(media_type: str, encoding: str) -> int:
    """How hard to press: what is pressed already (films, pictures, gzip) is not worth the time."""
    text = media_type.startswith("text/") or media_type.endswith(("json", "xml", "javascript"))
    return _TEXT if text and not encoding else _OTHER
