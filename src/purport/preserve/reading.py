"""Reads what was kept: one exchange by its place, or a file from one end to the other, digests checked throughout."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeAlias

import msgspec

from purport.core.errors import EvidenceError
from purport.core.watching import Exchange
from purport.preserve.http import HEAD, parse_fields, payload, read_head
from purport.preserve.members import MemberError, next_member, opened
from purport.preserve.records import Digested, Record, examine

Find: TypeAlias = Callable[[str], Exchange]  # an exchange by its id

_HTTP = ("response", "revisit")
_MESSAGE = re.compile(r"application/http\b", re.IGNORECASE)


class Torn(msgspec.Struct, frozen=True):
    """A place in a file where no whole record begins: a crash's tail, or damage."""

    archive: str
    offset: int
    cause: str  # truncated | broken
    detail: str


def records(path: Path) -> Iterator[Record | Torn]:
    """Every record of a file (.warc.gz, one gzip member a record), in order; memory holds one's beginning.

    What can't be read to its end is told with its offset, and reading goes on at the next record that begins behind
    it. A record that is whole but whose digests don't hold says so in its `fault`. Raises EvidenceError for a file that
    can't be opened.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise EvidenceError(f"{path} can't be opened ({error.strerror}). Bring it back from a backup.") from error
    with file:
        size, offset = path.stat().st_size, 0
        while offset < size:
            try:
                record = _record(file, path.name, offset)
            except MemberError as error:
                yield Torn(path.name, offset, error.cause, f"No whole record begins at byte {offset}: {error}.")
                offset = next_member(file, offset + 1, lambda at: _begins(file, at))
                if offset < 0:
                    return
                continue
            yield record
            offset = record.end


def payload_of(folder: Path, exchange: Exchange, find: Find) -> Iterator[bytes]:
    """The payload of an exchange as it was sent, piece by piece; that of a revisit from the exchange it repeats.

    What is given is only to be trusted when the last piece was: then its digest held. Raises EvidenceError.
    """
    held = find(exchange.same_as) if exchange.same_as else exchange
    if not held.digest:
        return
    if held.digest != exchange.digest or held.same_as:
        raise EvidenceError(f"{exchange.id} repeats {held.id}, but that holds another payload.")
    sha = hashlib.sha256()
    for piece in payload_at(folder, held.archive, held.offset):
        sha.update(piece)
        yield piece
    if f"sha256:{sha.hexdigest()}" != held.digest:
        raise EvidenceError(f"{_place(held)} is not what was booked: its payload was {held.digest}. {_MEND}")


def payload_at(folder: Path, archive: str, offset: int) -> Iterator[bytes]:
    """The payload of the record at a place, piece by piece, its digest not checked. Raises EvidenceError."""
    with _file(folder, archive) as file:
        try:
            stream, _ = opened(file, offset)
            fields = _fields(stream)
            block = Digested(stream, _length(fields))
            http = fields.get("warc-type") == "response"
            yield from payload(block, read_head(block)) if http else iter(block.read, b"")
        except MemberError as error:
            raise EvidenceError(f"{archive}#offset={offset} can't be read: {error}. {_MEND}") from error


def check(folder: Path, exchange: Exchange) -> None:
    """Read all bytes and records of an exchange and hold them against the ledger's entry. Raises EvidenceError."""
    offset, first = exchange.offset, True
    try:
        with _file(folder, exchange.archive) as file:
            if exchange.sealed and _seal(file, exchange.begins, exchange.end) != exchange.sealed:
                raise EvidenceError(f"{_place(exchange)} is not what was booked: bytes of it were changed. {_MEND}")
            while offset < exchange.end:
                record = _record(file, exchange.archive, offset)
                if record.fault:
                    raise EvidenceError(f"{exchange.archive}#offset={offset}: {record.fault} {_MEND}")
                if first:
                    _same(exchange, record)
                first, offset = False, record.end
    except MemberError as error:
        raise EvidenceError(f"{exchange.archive}#offset={offset} can't be read: {error}. {_MEND}") from error
    if offset != exchange.end:
        raise EvidenceError(f"{_place(exchange)} ends at byte {offset}, but {exchange.end} was booked. {_MEND}")


_MEND = "Bring the archive back from a backup."


def _seal(file: BinaryIO, begins: int, end: int) -> str:
    file.seek(begins)
    digested = Digested(file, end - begins)
    while digested.read():
        pass
    return digested.digest


def _place(exchange: Exchange) -> str:
    return f"{exchange.archive}#offset={exchange.offset}"


def _same(exchange: Exchange, record: Record) -> None:
    """Is the record the one that was booked?"""
    if record.date != exchange.asked or record.status != exchange.status:
        raise EvidenceError(f"{_place(exchange)} is another record than the one that was booked. {_MEND}")
    said = as_hex(record.fields.get("warc-payload-digest", "")) if record.kind == "revisit" else record.digest
    if record.kind != "request" and said != exchange.digest:
        raise EvidenceError(f"{_place(exchange)} holds the payload {said}, but {exchange.digest} was booked. {_MEND}")


def _file(folder: Path, name: str) -> BinaryIO:
    try:
        return (folder / Path(name).name).open("rb")
    except OSError as error:
        raise EvidenceError(f"{name} can't be opened in {folder} ({error.strerror}). {_MEND}") from error


def _record(file: BinaryIO, name: str, offset: int) -> Record:
    """The record that begins at an offset, read to its end. Raises MemberError."""
    stream, member = opened(file, offset)
    fields = _fields(stream)
    kind, length = fields.get("warc-type", ""), _length(fields)
    http = kind in _HTTP and bool(_MESSAGE.match(fields.get("content-type", "")))
    block = examine(stream, length, http)
    if block.length < length:
        raise MemberError("truncated", f"its block ends after {block.length} of {length} bytes")
    if stream.read(4) != b"\r\n\r\n" or stream.read(1):
        raise MemberError("broken", "it does not end where it says")
    payload_digest = "" if kind in ("revisit", "request", "warcinfo", "metadata") else block.digest
    checks = (("warc-block-digest", block.block_digest), ("warc-payload-digest", payload_digest))
    wrong = [key for key, found in checks if found and not _holds(fields.get(key, ""), found)]
    content_type = block.head.get("content-type") if http else fields.get("content-type", "")
    return Record(
        archive=name,
        offset=offset,
        end=member.end,
        kind=kind,
        fields=fields,
        status=block.head.status,
        media_type=content_type.partition(";")[0].strip().lower(),
        content_type=content_type,
        encoding=block.head.get("content-encoding"),
        location=block.head.get("location"),
        digest=payload_digest,
        size=block.size,
        opening=block.opening,
        fault=_fault(wrong),
    )


def _fault(wrong: list[str]) -> str:
    does = "does" if len(wrong) == 1 else "do"
    return f"Its {' and '.join(wrong)} {does} not hold: bytes were changed after they were kept." if wrong else ""


def _fields(stream: BinaryIO) -> dict[str, str]:
    """The named fields of the record that a stream begins with. Raises MemberError."""
    version = stream.readline(16)
    if not version.startswith(b"WARC/"):
        raise MemberError("broken", "it does not begin as a WARC record")
    lines, room = list[bytes](), HEAD
    while room > 0:
        line = stream.readline(room)
        if line in (b"\r\n", b"\n"):
            fields: dict[str, str] = {}
            for key, value in parse_fields(lines):
                fields.setdefault(key, value)
            return fields
        if not line:
            break
        lines.append(line)
        room -= len(line)
    raise MemberError("broken", "its header lines have no end")


def _length(fields: dict[str, str]) -> int:
    said = fields.get("content-length", "")
    if not said.isascii() or not said.isdigit() or len(said) > 15:
        raise MemberError("broken", f"its Content-Length is {said[:20]!r}")
    return int(said)


def _begins(file: BinaryIO, offset: int) -> bool:
    """Does a gzipped WARC record begin there?"""
    try:
        return opened(file, offset)[0].read(5) == b"WARC/"
    except MemberError:
        return False


def as_hex(said: str) -> str:
    """A sha256 digest in our form, from the forms that WARC files have it in; what isn't one comes back as it is."""
    label, _, value = said.partition(":")
    if label.lower() not in ("sha256", "sha-256"):
        return said
    try:
        raw = bytes.fromhex(value) if len(value) == 64 else base64.b32decode(value.upper() + "=" * (-len(value) % 8))
    except ValueError:
        return said
    return f"sha256:{raw.hex()}"


def _holds(said: str, found: str) -> bool:
    """Does a digest in a field agree with what was found? One that is absent or of another kind says nothing."""
    said = as_hex(said)
    return not said.startswith("sha256:") or said == found


def whole(found: Iterable[Record | Torn]) -> Iterator[Record]:
    """The records that are whole and whose digests hold."""
    return (one for one in found if isinstance(one, Record) and not one.fault)
