"""Exchanges in WARC files: every byte as on the wire, payloads once, and no half record ever read as whole."""

import hashlib
import io
import os
import random
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from wire_samples import NOON, PAGE, Shelf, Ticking, kept, raw, wire

from purport.core.errors import EvidenceError
from purport.core.watching import Exchange
from purport.preserve import Archive, Record, Torn, check, payload_of, records
from purport.preserve.http import interim, payload, read_head
from purport.preserve.reading import as_hex

SHA = "sha256:" + hashlib.sha256(PAGE).hexdigest()


def only(folder: Path) -> Path:
    """The one file of a folder."""
    (path,) = folder.iterdir()
    return path


def by_warcio(path: Path) -> list[tuple[Any, bytes]]:
    """Each record as warcio reads it, with its block; its digests checked by warcio, too."""
    with path.open("rb") as file:
        found = []
        for record in ArchiveIterator(file, no_record_parse=True, check_digests=False):
            found.append((record, record.raw_stream.read()))
        return found


def taken(folder: Path, exchange: Exchange, *others: Exchange) -> bytes:
    shelf = Shelf()
    shelf.kept = [exchange, *others]
    return b"".join(payload_of(folder, exchange, shelf.find))


# what is written


def test_the_response_and_the_request_are_kept_as_they_went_over_the_wire(tmp_path: Path) -> None:
    one = wire(chunked=True, Content_Language="en")
    (exchange,) = kept(tmp_path, one)
    info, response, request = by_warcio(only(tmp_path))
    assert [r.rec_type for r, _ in (info, response, request)] == ["warcinfo", "response", "request"]
    assert response[1] == one.response.getvalue()  # type: ignore[attr-defined]
    assert request[1] == one.request
    assert b"28;n=1\r\n" in response[1] and b"X-Trailer: yes" in response[1]
    assert taken(tmp_path, exchange) == PAGE


def test_the_fields_are_those_of_warc_1_1(tmp_path: Path) -> None:
    (exchange,) = kept(tmp_path, wire())
    _, (response, block), (request, _) = by_warcio(only(tmp_path))
    fields = response.rec_headers
    assert fields.protocol == "WARC/1.1"
    assert fields.get_header("WARC-Target-URI") == "http://kest.example/"
    assert fields.get_header("WARC-IP-Address") == "203.0.113.9"
    assert fields.get_header("WARC-Date") == "2026-09-01T12:00:00.250000Z"
    assert fields.get_header("WARC-Payload-Digest") == SHA == exchange.digest
    assert fields.get_header("WARC-Block-Digest") == "sha256:" + hashlib.sha256(block).hexdigest()
    assert fields.get_header("Content-Type") == "application/http;msgtype=response"
    assert request.rec_headers.get_header("WARC-Concurrent-To") == fields.get_header("WARC-Record-ID")
    assert (exchange.status, exchange.media_type, exchange.size) == (200, "text/html", len(PAGE))


def test_warcio_agrees_with_every_digest(tmp_path: Path) -> None:
    kept(tmp_path, wire(), wire(minute=1), wire("http://kest.example/x", b"{}", 2, Content_Type="application/json"))
    with only(tmp_path).open("rb") as file:
        checks = []
        for record in ArchiveIterator(file, no_record_parse=False, check_digests=True):
            while record.raw_stream.read(4096):
                pass
            checks.append((record.rec_type, record.digest_checker.passed))
    assert checks == [
        ("warcinfo", True),
        ("response", True),
        ("request", True),
        ("revisit", None),  # which warcio does not check
        ("request", True),
        ("response", True),
        ("request", True),
    ]


def test_each_record_is_a_gzip_member_of_its_own(tmp_path: Path) -> None:
    first, second = kept(tmp_path, wire(), wire("http://kest.example/2", b"two", 1))
    found = [one for one in records(only(tmp_path)) if isinstance(one, Record)]
    assert len(found) == 5
    assert all(a.end == b.offset for a, b in pairwise(found))
    assert (first.offset, first.end) == (found[1].offset, second.offset)
    assert second.end == only(tmp_path).stat().st_size
    data = only(tmp_path).read_bytes()
    assert all(data[one.offset : one.offset + 2] == b"\x1f\x8b" for one in found)


def test_a_payload_that_is_there_is_not_kept_again(tmp_path: Path) -> None:
    first, again, elsewhere = kept(
        tmp_path, wire(), wire(minute=5, chunked=True), wire("http://mirror.example/", minute=6, status="404 Not Found")
    )
    assert again.same_as == elsewhere.same_as == first.id
    revisits = [(r, block) for r, block in by_warcio(only(tmp_path)) if r.rec_type == "revisit"]
    fields, block = revisits[0][0].rec_headers, revisits[0][1]
    assert fields.get_header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert fields.get_header("WARC-Refers-To-Target-URI") == "http://kest.example/"
    assert fields.get_header("WARC-Refers-To-Date") == "2026-09-01T12:00:00.250000Z"
    assert fields.get_header("WARC-Payload-Digest") == SHA
    assert block.startswith(b"HTTP/1.1 200 OK\r\n") and block.endswith(b"\r\n\r\n") and PAGE not in block
    original = next(r for r, _ in by_warcio(only(tmp_path)) if r.rec_type == "response")
    assert fields.get_header("WARC-Refers-To") == original.rec_headers.get_header("WARC-Record-ID")
    assert elsewhere.status == 404
    assert taken(tmp_path, again, first) == PAGE
    for one in (first, again, elsewhere):
        check(tmp_path, one)


def test_not_modified_refers_to_the_page_it_was_asked_about(tmp_path: Path) -> None:
    with Archive(tmp_path, Ticking()) as archive:
        first = archive.put(wire(ETag='"7"'))
        same = archive.put(raw(b'HTTP/1.1 304 Not Modified\r\nETag: "7"\r\n\r\n', minute=9), before=first)
        alone = archive.put(raw(b"HTTP/1.1 304 Not Modified\r\n\r\n", minute=10))
    kinds = [r.rec_type for r, _ in by_warcio(only(tmp_path))]
    assert kinds == ["warcinfo", "response", "request", "revisit", "request", "response", "request"]
    revisit = by_warcio(only(tmp_path))[3][0].rec_headers
    assert revisit.get_header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert revisit.get_header("WARC-Truncated") is None
    assert (same.status, same.same_as, same.digest) == (304, first.id, first.digest)
    assert (alone.status, alone.same_as) == (304, "")
    assert taken(tmp_path, same, first) == PAGE
    check(tmp_path, same)


@pytest.mark.parametrize("cut", ["length", "time", "disconnect"])
def test_a_response_that_was_cut_says_so_and_is_no_twin(tmp_path: Path, cut: str) -> None:
    whole, part, twin = kept(tmp_path, wire(), wire(minute=1, cut=cut), wire(minute=2))
    assert [r.rec_headers.get_header("WARC-Truncated") for r, _ in by_warcio(only(tmp_path))][3] == cut
    assert (part.cut, part.same_as) == (cut, "")
    assert (twin.same_as, whole.same_as) == (whole.id, "")


def test_interim_responses_are_kept_beside_the_one_that_counts(tmp_path: Path) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    final = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
    (exchange,) = kept(tmp_path, raw(early + final))
    blocks = {r.rec_type: block for r, block in by_warcio(only(tmp_path))}
    assert blocks["response"] == final
    assert blocks["metadata"] == early
    assert exchange.status == 200
    check(tmp_path, exchange)


def test_no_answer_leaves_the_request(tmp_path: Path) -> None:
    (exchange,) = kept(tmp_path, raw(b"", cut="disconnect"))
    assert [r.rec_type for r, _ in by_warcio(only(tmp_path))] == ["warcinfo", "request"]
    assert (exchange.status, exchange.digest, exchange.size) == (0, "", 0)
    assert taken(tmp_path, exchange) == b""
    check(tmp_path, exchange)


def test_a_file_that_was_not_fetched_is_a_resource(tmp_path: Path) -> None:
    with Archive(tmp_path, Ticking()) as archive:
        one = archive.resource("file:///drop/no te.txt", io.BytesIO(b"HTTP/1.1 is a word here"), "text/plain", NOON)
    record, block = by_warcio(only(tmp_path))[1]
    assert record.rec_type == "resource" and block == b"HTTP/1.1 is a word here"
    assert record.rec_headers.get_header("WARC-Target-URI") == "file:///drop/no%20te.txt"
    assert taken(tmp_path, one) == block
    check(tmp_path, one)


def test_an_address_can_add_no_field(tmp_path: Path) -> None:
    kept(tmp_path, replace(wire(), url="http://kest.example/a\r\nWARC-Type: warcinfo\r\n", address="1.2.3.4\r\nX: y"))
    record, _ = by_warcio(only(tmp_path))[1]
    assert record.rec_type == "response"
    assert record.rec_headers.get_header("WARC-Target-URI") == "http://kest.example/a%0D%0AWARC-Type:%20warcinfo"
    assert record.rec_headers.get_header("X") is None


@given(body=st.binary(max_size=300), chunked=st.booleans(), head=st.binary(max_size=60))
def test_any_response_comes_back(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, chunked: bool, head: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    odd = raw(head + body, minute=1)
    good, other = kept(folder, wire(body=body, chunked=chunked), odd)
    assert taken(folder, good, good) == body
    blocks = [block for r, block in by_warcio(only(folder)) if r.rec_type in ("response", "metadata")]
    assert blocks[0] == wire(body=body, chunked=chunked).response.read()
    assert b"".join(reversed(blocks[1:])) == head + body
    check(folder, good)
    check(folder, other)


@pytest.mark.parametrize(
    ("response", "found"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b"HTTP/1.1 200 OK\nTransfer-Encoding: Chunked\n\n5\nhello\n0\n\n", b"hello"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", b"hel"),  # broken off
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX", b"hello"),  # broken framing
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>not chunked</p>", b"<p>not chunked</p>"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx", b"ffffffffffffffff\r\nx"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n5\r\nhello", b"5\r\nhello"),
        (b"HTTP/1.1 200 OK\r\nX: y", b""),  # broken off in the head
        (b"<p>old</p>\nno head\n", b"<p>old</p>\nno head\n"),  # HTTP/0.9
    ],
)
def test_the_payload_is_the_body_without_its_chunks(response: bytes, found: bytes) -> None:
    stream = io.BytesIO(response)
    assert b"".join(payload(stream, read_head(stream))) == found


def test_a_head_without_an_end_is_not_read_for_ever() -> None:
    stream = io.BytesIO(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1_000_000)
    head = read_head(stream)
    assert head.length == stream.tell() == 1024 * 1024
    assert interim(io.BytesIO(b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000)) == b""


# files


def test_files_rotate_by_size_and_are_closed_for_good(tmp_path: Path) -> None:
    with Archive(tmp_path, Ticking(), size=2_500) as archive:
        found = [archive.put(wire(body=random.Random(n).randbytes(900), minute=n)) for n in range(6)]
    names = [one.archive for one in found]
    assert names == [names[0]] * 2 + [names[2]] * 2 + [names[4]] * 2
    assert len(set(names)) == 3 == len(list(tmp_path.iterdir()))
    assert all(not os.access(tmp_path / name, os.W_OK) or os.geteuid() == 0 for name in names[:4])
    assert (tmp_path / names[0]).stat().st_mode & 0o222 == 0
    for one in found:
        check(tmp_path, one)
    assert [one.begins == 0 for one in found] == [True, False] * 3


def test_the_last_file_is_gone_on_with_if_all_of_it_is_booked(tmp_path: Path) -> None:
    (first,) = kept(tmp_path, wire())
    with Archive(tmp_path, Ticking(), ended=(first.archive, first.end)) as archive:
        second = archive.put(wire(body=b"two", minute=1))
    assert (second.archive, second.offset, second.begins) == (first.archive, first.end, first.end)
    check(tmp_path, second)


def test_an_unbooked_tail_stays_as_it_is_and_a_new_file_is_begun(tmp_path: Path) -> None:
    first, unbooked = kept(tmp_path, wire(), wire(body=b"lost", minute=1))
    before = only(tmp_path).read_bytes()
    with Archive(tmp_path, Ticking(), ended=(first.archive, first.end)) as archive:
        second = archive.put(wire(body=b"two", minute=2))
    assert second.archive != first.archive
    assert (tmp_path / first.archive).read_bytes() == before
    assert unbooked.end == len(before)


@pytest.mark.parametrize("ended", [("", 0), ("gone.warc.gz", 9), ("../elsewhere", 9)])
def test_a_file_that_is_not_there_is_not_gone_on_with(tmp_path: Path, ended: tuple[str, int]) -> None:
    (tmp_path / "elsewhere").write_bytes(b"123456789")
    with Archive(tmp_path / "warcs", Ticking(), ended=ended) as archive:
        check(tmp_path / "warcs", archive.put(wire()))
    assert (tmp_path / "elsewhere").read_bytes() == b"123456789"


def test_two_archives_in_one_folder_never_share_a_file(tmp_path: Path) -> None:
    (first,) = kept(tmp_path, wire())
    ended = (first.archive, first.end)
    with Archive(tmp_path, Ticking(), ended) as one, Archive(tmp_path, Ticking(), ended) as other:
        mine, theirs = one.put(wire(body=b"mine")), other.put(wire(body=b"theirs"))
        again = one.put(wire(body=b"mine again"))
    assert mine.archive == again.archive == first.archive != theirs.archive
    for exchange in (first, mine, theirs, again):
        check(tmp_path, exchange)


def test_neither_do_two_processes(tmp_path: Path) -> None:
    (first,) = kept(tmp_path, wire())
    code = (
        "import sys; from pathlib import Path; from wire_samples import *\n"
        "archive = Archive(Path(sys.argv[1]), Ticking(), (sys.argv[2], int(sys.argv[3])))\n"
        "print(archive.put(wire(body=b'theirs')).archive); archive.close()"
    )
    with Archive(tmp_path, Ticking(), (first.archive, first.end)) as archive:
        mine = archive.put(wire(body=b"mine"))
        theirs = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path), first.archive, str(mine.end)],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)},
        ).stdout.strip()
    assert mine.archive == first.archive != theirs
    assert all(isinstance(one, Record) for path in tmp_path.iterdir() for one in records(path))


class Failing(io.BytesIO):
    """A response that can be read twice to its middle and once to its end."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > 8:
            raise OSError(28, "No space left on device")
        return super().read(size)


def test_a_failure_in_the_middle_costs_that_exchange_only(tmp_path: Path) -> None:
    body = random.Random(1).randbytes(300_000)
    with Archive(tmp_path, Ticking()) as archive:
        first = archive.put(wire())
        bad = wire(body=body, minute=1)
        bad.response = Failing(bad.response.read())
        with pytest.raises(EvidenceError, match=r"No space left on device.*free some space"):
            archive.put(bad)
        after = archive.put(wire(body=b"after", minute=2))
    assert after.archive != first.archive
    check(tmp_path, first)
    check(tmp_path, after)
    torn = [one for one in records(tmp_path / first.archive) if isinstance(one, Torn)]
    assert [(one.offset, one.cause) for one in torn] == [(first.end, "truncated")]


def test_a_response_that_shrinks_is_told(tmp_path: Path) -> None:
    class Shrinking(io.BytesIO):
        def seek(self, offset: int, whence: int = 0, /) -> int:
            if self.tell() == len(self.getvalue()):  # all of it was read once
                self.truncate(50)
            return super().seek(offset, whence)

    shrinking = wire()
    shrinking.response = Shrinking(shrinking.response.read())
    with Archive(tmp_path, Ticking()) as archive, pytest.raises(EvidenceError, match="became shorter meanwhile"):
        archive.put(shrinking)


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EvidenceError, match="Nothing can be kept in"):
        Archive(tmp_path / "file", Ticking()).put(wire())


# reading


def test_half_a_record_is_never_read_as_whole(tmp_path: Path) -> None:
    """The file is cut at every byte of its last exchange."""
    first, last = kept(tmp_path / "all", wire(), wire(body=b"<p>last</p>", minute=1))
    data = (tmp_path / "all" / last.archive).read_bytes()
    path = tmp_path / last.archive
    for length in range(last.offset, last.end):
        path.write_bytes(data[:length])
        found = list(records(path))
        held = [one for one in found if isinstance(one, Record)]
        torn = [one for one in found if isinstance(one, Torn)]
        assert [one.offset for one in held][:3] == [0, first.offset, held[2].offset]
        assert all(one.end <= length and not one.fault for one in held)
        ends = held[-1].end
        assert [(one.offset, one.cause) for one in torn] == ([(ends, "truncated")] if ends < length else [])
        check(tmp_path, first)
        with pytest.raises(EvidenceError):
            check(tmp_path, last)


def test_any_changed_byte_is_noticed(tmp_path: Path) -> None:
    (exchange,) = kept(tmp_path / "all", wire(body=b"<p>one</p>"))
    data = (tmp_path / "all" / exchange.archive).read_bytes()
    for place in range(len(data)):
        (tmp_path / exchange.archive).write_bytes(data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :])
        with pytest.raises(EvidenceError):
            check(tmp_path, exchange)


def test_what_lies_behind_damage_is_read(tmp_path: Path) -> None:
    first, second, third = kept(
        tmp_path, wire(), wire(body=random.Random(1).randbytes(200_000), minute=1), wire(body=b"3", minute=2)
    )
    path = tmp_path / first.archive
    data = bytearray(path.read_bytes())
    data[second.offset + 100_000] ^= 0xFF
    path.write_bytes(bytes(data))
    found = list(records(path))
    torn = [one for one in found if isinstance(one, Torn)]
    assert [one.offset for one in torn] == [second.offset]
    assert f"No whole record begins at byte {second.offset}" in torn[0].detail
    assert {first.offset, third.offset} < {one.offset for one in found}
    assert taken(tmp_path, third) == b"3"
    with pytest.raises(EvidenceError, match="Bring the archive back from a backup"):
        taken(tmp_path, second)


def test_a_digest_that_does_not_hold_is_told(tmp_path: Path) -> None:
    import gzip

    (exchange,) = kept(tmp_path, wire())
    path = only(tmp_path)
    found = next(one for one in records(path) if isinstance(one, Record) and one.kind == "response")
    data = path.read_bytes()
    record = gzip.decompress(data[found.offset : found.end]).replace(b"denied", b"admits")
    path.write_bytes(data[: found.offset] + gzip.compress(record) + data[found.end :])
    faults = [one.fault for one in records(path) if isinstance(one, Record)]
    said = "Its warc-block-digest and warc-payload-digest do not hold: bytes were changed after they were kept."
    assert faults == ["", said, ""]
    with pytest.raises(EvidenceError, match=r"changed|booked"):
        check(tmp_path, exchange)


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"WARC/1.1\r\n\r\n", b"\x1f\x8b\x08" + b"\x00" * 50, PAGE])
def test_what_is_no_archive_is_torn_from_its_beginning(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.warc.gz"
    path.write_bytes(content)
    found = list(records(path))
    assert [one.offset for one in found] == ([0] if content else [])
    assert all(isinstance(one, Torn) for one in found)


def test_a_bomb_unpacks_to_nothing_much(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(gzip.compress(b"WARC/1.1\r\n" + b"A" * 100_000_000))
    tracemalloc.start()
    found = list(records(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(one) for one in found] == [Torn]
    assert peak < 20_000_000


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    (exchange,) = kept(tmp_path / "a", wire())
    for ask in (check, lambda folder, one: taken(folder, one)):
        with pytest.raises(EvidenceError, match="can't be opened"):
            ask(tmp_path, exchange)
    with pytest.raises(EvidenceError, match="can't be opened"):
        list(records(tmp_path / "none.warc.gz"))


def test_another_exchange_in_its_place_is_told(tmp_path: Path) -> None:
    (exchange,) = kept(tmp_path, wire())
    other = msgspec.structs.replace(exchange, asked=exchange.asked + timedelta(seconds=1))
    with pytest.raises(EvidenceError, match="another record"):
        check(tmp_path, other)
    other = msgspec.structs.replace(exchange, digest="sha256:" + "0" * 64)
    with pytest.raises(EvidenceError, match="was booked"):
        check(tmp_path, other)
    other = msgspec.structs.replace(exchange, sealed="", end=exchange.end + 1)
    with pytest.raises(EvidenceError):
        check(tmp_path, other)


def test_digests_of_other_tools_read_the_same() -> None:
    import base64

    said = base64.b32encode(hashlib.sha256(PAGE).digest()).decode()
    assert as_hex(f"sha256:{said}") == as_hex(f"SHA-256:{said.rstrip('=').lower()}") == SHA
    assert as_hex("sha1:ABC") == "sha1:ABC"
    assert as_hex("sha256:!!") == "sha256:!!"


# size


class Endless(io.RawIOBase):
    """A response of many bytes that are made as they are read."""

    def __init__(self, size: int) -> None:
        self.head = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n"
        self.size, self.at = size + len(self.head), 0
        self.piece = random.Random(1).randbytes(65_536)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self.at = offset
        return offset

    def tell(self) -> int:
        return self.at

    def readinto(self, into: Any) -> int:
        data = self.head[self.at :] or self.piece[self.at % len(self.piece) :]
        data = data[: min(len(into), self.size - self.at)]
        into[: len(data)] = data
        self.at += len(data)
        return len(data)


def test_memory_does_not_grow_with_the_response(tmp_path: Path) -> None:
    size = 40_000_000
    large = raw(b"")
    large.response, large.size = io.BufferedReader(Endless(size)), size
    tracemalloc.start()
    with Archive(tmp_path, Ticking()) as archive:
        exchange = archive.put(large)
    kept_peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    read = sum(map(len, payload_of(tmp_path, exchange, Shelf().find)))
    check(tmp_path, exchange)
    peak = max(kept_peak, tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    assert exchange.size == read == size
    assert peak < 5_000_000


@pytest.fixture(autouse=True)
def _no_open_files() -> Iterator[None]:
    """Nothing is left open: a watch runs for months."""
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0  # noqa: PTH208
    yield
    after = len(os.listdir("/proc/self/fd")) if before else 0  # noqa: PTH208
    assert after <= before
