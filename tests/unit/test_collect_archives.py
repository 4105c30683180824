"""Web archives: every HTML response, digests checked, a bad record never stops the next."""

import base64
import gzip
import hashlib
import logging
import os
import random
import zlib
from pathlib import Path

import pytest
from input_samples import SAMPLES, causes, taken

from purport.collect import limits

PAGE = b"<!doctype html><html><body><p>The mayor of Kest denied it.</p></body></html>"
HTML = "text/html; charset=utf-8"


def archive(*records: tuple[str, str, bytes], gzipped: bool = True, headers: tuple[tuple[str, str], ...] = ()) -> bytes:
    """An archive of responses (status, content type, body), with their digests."""
    out = b""
    for number, (status, content_type, body) in enumerate(records):
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *(f"{k}: {v}" for k, v in headers)]
        block = "\r\n".join([*lines, "", ""]).encode() + body
        fields = {
            "WARC-Type": "response",
            "WARC-Record-ID": f"<urn:uuid:00000000-0000-0000-0000-{number:012}>",
            "WARC-Target-URI": f"https://kest.example/{number}",
            "WARC-Date": "2031-03-12T08:00:00Z",
            "WARC-Block-Digest": f"sha256:{hashlib.sha256(block).hexdigest()}",
            "WARC-Payload-Digest": f"sha1:{base64.b32encode(hashlib.sha1(body).digest()).decode()}",
            "Content-Type": "application/http; msgtype=response",
            "Content-Length": str(len(block)),
        }
        head = "WARC/1.0\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items())
        record = head.encode() + b"\r\n" + block + b"\r\n\r\n"
        out += gzip.compress(record, mtime=0) if gzipped else record
    return out


def from_bytes(tmp_path: Path, data: bytes, name: str = "a.warc.gz") -> tuple[list[str], list[str]]:
    """The addresses of the items, the causes of the gaps."""
    (tmp_path / name).write_bytes(data)
    items, gaps = taken(tmp_path / name)
    return [i.capture.url.rpartition("/")[2] for i in items], causes(gaps)


def test_a_response_is_an_item_with_its_place_address_and_time(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(archive(("200 OK", HTML, PAGE), ("200 OK", HTML, PAGE)))
    (first, second), gaps = taken(tmp_path / "a.warc.gz")
    assert not gaps
    assert first.data == second.data == PAGE
    assert first.capture.place == f"{tmp_path}/a.warc.gz#offset=0"
    assert second.capture.place != first.capture.place
    assert (first.capture.url, first.capture.kind, first.charset) == ("https://kest.example/0", "warc", "utf-8")
    assert first.capture.taken.isoformat() == "2031-03-12T08:00:00+00:00"


def test_only_pages_are_taken_and_error_pages_are_said(tmp_path: Path) -> None:
    data = archive(
        ("200 OK", "image/png", b"\x89PNG"),
        ("301 Moved", HTML, PAGE),
        ("404 Not Found", HTML, PAGE),
        ("200 OK", "application/xhtml+xml", PAGE),
        ("200 OK", "text/plain", b"The mayor denied it."),
    )
    assert from_bytes(tmp_path, data) == (["3"], ["http-status"])
    assert from_bytes(tmp_path, archive(("200 OK", "image/png", b"\x89PNG"))) == ([], ["no-page"])


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("GZIP", PAGE),  # said so, but stored unpacked
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
    ],
    ids=["gzip", "not packed", "zlib", "deflate", "twice"],  # packed bytes hold the time: no names for tests
)
def test_compressed_bodies_are_opened(tmp_path: Path, encoding: str, body: bytes) -> None:
    (tmp_path / "a.warc").write_bytes(
        archive(("200 OK", HTML, body), gzipped=False, headers=(("Content-Encoding", encoding),))
    )
    (item,), gaps = taken(tmp_path / "a.warc")
    assert (item.data, gaps) == (PAGE, [])


def test_a_chunked_body_is_joined(tmp_path: Path) -> None:
    body = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (10, PAGE[:10], len(PAGE) - 10, PAGE[10:])
    (tmp_path / "a.warc").write_bytes(
        archive(("200 OK", HTML, body), gzipped=False, headers=(("Transfer-Encoding", "chunked"),))
    )
    (item,), gaps = taken(tmp_path / "a.warc")
    assert (item.data, gaps) == (PAGE, [])


def test_an_encoding_we_lack_and_a_bomb_are_gaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = archive(("200 OK", HTML, b"zzzz"), headers=(("Content-Encoding", "br"),))
    assert from_bytes(tmp_path, body) == ([], ["encoding"])
    monkeypatch.setattr(limits, "HTML", 100_000)
    bomb = archive(("200 OK", HTML, gzip.compress(b"<p>" * 10_000_000)), headers=(("Content-Encoding", "gzip"),))
    assert from_bytes(tmp_path, bomb) == ([], ["too-large"])
    monkeypatch.setattr(limits, "RECORD", 200_000)
    long = archive(("200 OK", HTML, b"<p>" * 1_000_000), ("200 OK", HTML, PAGE))
    assert from_bytes(tmp_path, long) == (["1"], ["too-large"])


def test_header_lines_without_end_are_given_up(tmp_path: Path) -> None:
    assert from_bytes(tmp_path, gzip.compress(b"WARC/1.0\r\n" + b"x" * 20_000_000)) == ([], ["broken-archive"])
    assert from_bytes(tmp_path, gzip.compress(b"WARC/1.0\r\n" + b"X: y\r\n" * 2_000_000)) == ([], ["broken-archive"])


def test_a_wrong_digest_is_a_gap_that_says_so_and_the_rest_is_read() -> None:
    items, gaps = taken(SAMPLES / "wrong-digest.warc")
    assert [i.capture.url[-1] for i in items] == ["1", "3"]
    assert causes(gaps) == ["digest"]
    assert "does not hold" in gaps[0].detail
    assert "#offset=" in gaps[0].subject


def test_a_cut_off_archive_gives_its_whole_records_and_says_so() -> None:
    items, gaps = taken(SAMPLES / "cut-off.warc.gz")
    assert [i.capture.url[-1] for i in items] == ["1", "2"]
    assert set(causes(gaps)) == {"truncated"}


@pytest.mark.parametrize("cut", [1, 5, 8])  # the page is whole, its gzip trailer is not
def test_a_cut_off_trailer_is_noticed(tmp_path: Path, cut: int) -> None:
    urls, gaps = from_bytes(tmp_path, archive(("200 OK", HTML, PAGE), ("200 OK", HTML, PAGE))[:-cut])
    assert urls == ["0", "1"]
    assert gaps == ["truncated"]


def test_a_record_without_an_address_does_not_stop_the_next(tmp_path: Path) -> None:
    data = archive(("200 OK", HTML, PAGE), ("200 OK", HTML, PAGE), gzipped=False)
    start = data.index(b"WARC-Target-URI: https://kest.example/0\r\n")
    data = data[:start] + data[data.index(b"\r\n", start) + 2 :]
    assert from_bytes(tmp_path, data, "a.warc") == (["", "1"], [])


def test_records_gzipped_as_one_are_a_gap_with_the_mend(tmp_path: Path) -> None:
    data = gzip.compress(archive(("200 OK", HTML, PAGE), ("200 OK", HTML, PAGE), gzipped=False))
    (tmp_path / "a.warc.gz").write_bytes(data)
    _, gaps = taken(tmp_path / "a.warc.gz")
    assert causes(gaps) == ["broken-archive"]
    assert "warcio recompress" in gaps[0].detail


def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = archive(("200 OK", HTML, PAGE), ("200 OK", HTML, PAGE), gzipped=False)
    from_bytes(tmp_path, data.replace(b"Content-Length: ", b"Content-Length: 1", 1), "a.warc")
    from_bytes(tmp_path, archive(("200 OK", HTML, PAGE))[:100] + random.Random(1).randbytes(300))
    assert capfd.readouterr() == ("", "")


def test_a_response_that_is_none_is_said(tmp_path: Path) -> None:
    data = archive(("200 OK", HTML, PAGE), ("200 OK", HTML, PAGE), gzipped=False)
    (tmp_path / "a.warc").write_bytes(data.replace(b"HTTP/1.1 200 OK", b"XTTP/1.1 200 OK", 1))
    items, gaps = taken(tmp_path / "a.warc")
    assert [i.capture.url[-1] for i in items] == ["1"]
    assert causes(gaps) == ["no-response", "digest"]


def test_wrong_digests_of_what_is_no_page_are_counted(tmp_path: Path) -> None:
    data = archive(("200 OK", "image/png", b"\x89PNG one"), ("200 OK", HTML, PAGE), gzipped=False)
    (tmp_path / "a.warc").write_bytes(data.replace(b"PNG one", b"PNG two"))
    items, gaps = taken(tmp_path / "a.warc")
    assert len(items) == 1
    assert causes(gaps) == ["digest"]
    assert gaps[0].detail.startswith("1 record that is no page")
    assert gaps[0].detail.endswith("offset=0.")


def test_a_record_too_large_to_read_is_checked_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RECORD", 100_000)
    film = random.Random(1).randbytes(300_000)
    data = archive(("200 OK", "video/mp4", film), ("200 OK", HTML, PAGE), gzipped=False)
    assert from_bytes(tmp_path, data, "a.warc") == (["1"], [])
    at = data.index(film) + 200_000
    assert from_bytes(tmp_path, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], "a.warc") == (["1"], ["digest"])


def test_a_length_that_is_wrong_is_said(tmp_path: Path) -> None:
    data = archive(("200 OK", "image/png", b"\x89PNG"), ("200 OK", HTML, PAGE), gzipped=False)
    length = int(data.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
    harmed = data.replace(b"Content-Length: %d" % length, b"Content-Length: %d" % (length - 1), 1)
    assert from_bytes(tmp_path, harmed, "a.warc") == (["1"], ["wrong-length", "digest"])


def revisit(payload: str) -> bytes:
    return (
        "WARC/1.0\r\nWARC-Type: revisit\r\nWARC-Record-ID: <urn:uuid:9>\r\nWARC-Date: 2031-03-13T08:00:00Z\r\n"
        f"WARC-Target-URI: https://kest.example/0\r\nWARC-Payload-Digest: {payload}\r\n"
        "Content-Length: 0\r\n\r\n\r\n\r\n"
    ).encode()


def test_the_same_as_before_is_no_gap_where_it_was_before(tmp_path: Path) -> None:
    data = archive(("200 OK", HTML, PAGE), gzipped=False)
    said = data.partition(b"WARC-Payload-Digest: ")[2].partition(b"\r\n")[0].decode()
    assert from_bytes(tmp_path, data + revisit(said), "a.warc") == (["0"], [])
    assert from_bytes(tmp_path, data + revisit("sha1:AAAA") + revisit(said), "a.warc") == (["0"], ["revisit"])


@pytest.mark.parametrize("gzipped", [True, False])
@pytest.mark.parametrize("part", range(1, 20))
def test_an_archive_cut_off_anywhere_gives_its_whole_pages(tmp_path: Path, part: int, gzipped: bool) -> None:
    pages = [("200 OK", HTML, PAGE)] * 5
    data = archive(*pages, gzipped=gzipped)
    ends = [len(archive(*pages[:n], gzipped=gzipped)) for n in range(6)]
    cut = len(data) * part // 20
    urls, gaps = from_bytes(tmp_path, data[:cut], "a.warc")
    assert len(urls) >= sum(end <= cut for end in ends[1:])
    if not any(end - 4 <= cut <= end for end in ends):  # the four: a record's empty lines, of which none is missed
        assert "truncated" in gaps


@pytest.mark.skipif("PURPORT_DATA" not in os.environ, reason="PURPORT_DATA names no folder of sample data")
@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("warcio/test/data/example.warc.gz", 1),
        ("warcio/test/data/example.arc", 1),
        ("warcio/test/data/example-iana.org-chunked.warc", 1),
        ("warcio/test/data/example-resource.warc.gz", 1),
        ("warcio/test/data/example-trunc.warc", 0),
        ("pywb/sample_archive/warcs/iana.warc.gz", 16),
    ],
)
def test_archives_of_others(name: str, pages: int) -> None:
    items, _ = taken(Path(os.environ["PURPORT_DATA"]) / "archives" / name)
    assert len(items) == pages


@pytest.mark.skipif("PURPORT_DATA" not in os.environ, reason="PURPORT_DATA names no folder of sample data")
def test_no_archive_of_others_breaks_us() -> None:
    folder = Path(os.environ["PURPORT_DATA"]) / "archives"
    found = [p for p in sorted(folder.rglob("*")) if ".warc" in p.name or ".arc" in p.name]
    items, gaps = taken(*found)
    assert len(items) > 30
    assert "digest" in causes(gaps)


def test_archive_after_archive_leaves_nothing_behind(tmp_path: Path) -> None:
    """Each one had left a log handler, until fuzzing saw the memory grow."""
    held = []
    for _ in range(3):
        from_bytes(tmp_path, archive(("200 OK", HTML, PAGE)))
        held.append(len(logging.getLogger("warcio").handlers))
    assert held == held[:1] * 3
