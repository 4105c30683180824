"""Packages of web archives: what their list of digests does not bear out is named, the rest is read."""

import contextlib
import hashlib
import io
import json
import random
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from input_samples import causes, taken
from test_collect_archives import HTML, PAGE, archive

from purport.collect import zips

WARC = archive(("200 OK", HTML, PAGE), ("200 OK", HTML, PAGE))
PAGES = (
    b'{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n'
    b'{"url": "https://kest.example/0#top", "title": "The bridge", "ts": "2031-03-12T08:00:00Z"}\n'
    b'{"url": "https://kest.example/1", "ts": "2031-03-12T08:00:00Z"}\n'
)


def sha(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def package(
    files: dict[str, bytes] | None = None,
    listed: dict[str, str] | None = None,
    kept: Callable[[str], bool] = lambda name: True,
    method: int = zipfile.ZIP_STORED,
) -> bytes:
    """A package of files, listed with their digests unless told otherwise; `kept` leaves files out."""
    files = {"archive/a.warc.gz": WARC, "pages/pages.jsonl": PAGES} if files is None else files
    listed = {name: sha(data) for name, data in files.items()} if listed is None else listed
    resources = [{"name": n.rpartition("/")[2], "path": n, "hash": h, "bytes": 1} for n, h in listed.items()]
    manifest = json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}).encode()
    seal = json.dumps({"path": "datapackage.json", "hash": sha(manifest)}).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in {**files, "datapackage.json": manifest, "datapackage-digest.json": seal}.items():
            if kept(name):
                made.writestr(name, data)
    return out.getvalue()


def from_bytes(tmp_path: Path, data: bytes, name: str = "a.wacz") -> tuple[list[str], list[str]]:
    """The last sign of each page's address, and the causes of the gaps."""
    (tmp_path / name).write_bytes(data)
    items, gaps = taken(tmp_path / name)
    return [i.capture.url[-1] for i in items], causes(gaps)


def _inflates(data: bytes) -> bool:
    with contextlib.suppress(zlib.error):
        zlib.decompress(data, -15)
        return True
    return False


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("name", ["a.wacz", "a.zip", "a"])
def test_the_pages_of_a_package_with_their_titles(tmp_path: Path, name: str, method: int) -> None:
    (tmp_path / name).write_bytes(package(method=method))
    (first, second), gaps = taken(tmp_path / name)
    assert not gaps
    assert first.capture.place == f"{tmp_path}/{name}/archive/a.warc.gz#offset=0"
    assert (first.data, first.title, second.title) == (PAGE, "The bridge", "")
    items, gaps = taken("-", stdin=package(method=method))
    assert (len(items), gaps) == (2, [])


def test_a_changed_archive_is_read_where_its_pages_vouch_for_themselves(tmp_path: Path) -> None:
    third = archive(("200 OK", HTML, PAGE), gzipped=False).replace(b"\r\nWARC-Block-Digest", b"\r\nX-Block")
    third = third.replace(b"\r\nWARC-Payload-Digest", b"\r\nX-Payload").replace(b"kest.example/0", b"kest.example/9")
    data = package(
        {"archive/a.warc": archive(("200 OK", HTML, PAGE), gzipped=False) + third}, {"archive/a.warc": sha(b"")}
    )
    (tmp_path / "a.wacz").write_bytes(data)
    items, gaps = taken(tmp_path / "a.wacz")
    assert [i.capture.url[-1] for i in items] == ["0"]
    assert causes(gaps) == ["digest", "digest"]
    assert gaps[0].subject.endswith("a.wacz/archive/a.warc")
    assert "#offset=" in gaps[1].subject


def test_any_flipped_byte_of_the_archive_is_named(tmp_path: Path) -> None:
    data = package()
    start = data.index(WARC)
    for at in range(start, start + len(WARC), 40):
        (tmp_path / "a.wacz").write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        items, gaps = taken(tmp_path / "a.wacz")
        assert "digest" in causes(gaps)
        assert all(i.data == PAGE for i in items)


@pytest.mark.parametrize("listed", [True, False])
def test_a_flipped_byte_in_a_compressed_file_loses_no_page_before_it(tmp_path: Path, listed: bool) -> None:
    """An archive of two pages that the package squeezed; damage anywhere behind the first page leaves that page."""
    second = random.Random(7).randbytes(3000).hex().encode()
    plain = archive(("200 OK", HTML, PAGE), ("200 OK", HTML, second), gzipped=False)
    kept = (lambda name: True) if listed else (lambda name: not name.startswith("datapackage"))
    data = package({"archive/a.warc": plain}, kept=kept, method=zipfile.ZIP_DEFLATED)
    info = zipfile.ZipFile(io.BytesIO(data)).getinfo("archive/a.warc")
    start = info.header_offset + 30 + len(info.filename)
    refused = 0
    for at in range(start + info.compress_size // 2, start + info.compress_size, 10):
        damaged = data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]
        refused += not _inflates(damaged[start : start + info.compress_size])
        urls, gaps = from_bytes(tmp_path, damaged)
        assert urls[:1] == ["0"]
        assert {"digest", "truncated"} & set(gaps)
    assert refused, "in no place did the damage break the compression itself"


def test_what_is_listed_and_not_there_and_what_is_there_and_not_listed(tmp_path: Path) -> None:
    files = {"archive/a.warc.gz": WARC, "archive/b.warc.gz": WARC}
    assert from_bytes(tmp_path, package(files, kept=lambda n: "b.warc" not in n)) == (["0", "1"], ["missing"])
    listed = {"archive/a.warc.gz": sha(WARC)}
    assert from_bytes(tmp_path, package(files, listed)) == (["0", "1", "0", "1"], ["unlisted"])
    many = {f"archive/{n}.warc.gz": sha(b"") for n in range(500)}
    (tmp_path / "a.wacz").write_bytes(package({"archive/a.warc.gz": WARC}, many | {"archive/a.warc.gz": sha(WARC)}))
    _, gaps = taken(tmp_path / "a.wacz")
    assert causes(gaps) == ["missing"] * 21
    assert "480 more" in gaps[-1].detail


def test_a_list_that_is_missing_broken_or_changed(tmp_path: Path) -> None:
    assert from_bytes(tmp_path, package(kept=lambda n: n != "datapackage.json")) == (["0", "1"], ["no-manifest"])
    files = {"archive/a.warc.gz": WARC}
    for broken in (b"", b"[", b"[" * 100_000, b'{"resources": 7}', b"\xff\xfe"):
        assert from_bytes(tmp_path, _with_manifest(files, broken)) == (["0", "1"], ["bad-manifest"])
    manifest = json.dumps({"resources": [{"path": "archive/a.warc.gz", "hash": sha(WARC)}]}).encode()
    assert from_bytes(tmp_path, _with_manifest(files | {"datapackage-digest.json": b"{}"}, manifest))[1] == []
    seal = json.dumps({"hash": sha(b"other")}).encode()
    assert from_bytes(tmp_path, _with_manifest(files | {"datapackage-digest.json": seal}, manifest))[1] == ["digest"]
    early = {"path": "archive/a.warc.gz", "stats": {"hash": "0" * 64, "bytes": 1}, "hashing": "sha256"}
    assert from_bytes(tmp_path, _with_manifest(files, json.dumps({"resources": [early]}).encode()))[1] == ["digest"]


def _with_manifest(files: dict[str, bytes], manifest: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in {**files, "datapackage.json": manifest}.items():
            made.writestr(name, data)
    return out.getvalue()


def test_pages_that_are_listed_and_nowhere_are_told(tmp_path: Path) -> None:
    pages = PAGES + b'{"url": "https://kest.example/lost"}\nno json\n{"url": 7}\n'
    (tmp_path / "a.wacz").write_bytes(package({"archive/a.warc.gz": WARC, "pages/pages.jsonl": pages}))
    items, gaps = taken(tmp_path / "a.wacz")
    assert (len(items), causes(gaps)) == (2, ["page-missing"])
    assert "https://kest.example/lost" in gaps[0].detail


@pytest.mark.parametrize(
    "name", ["../a.warc.gz", "/etc/a.warc.gz", "archive/../../a.warc.gz", "C:\\a.warc.gz", "archive\\..\\a"]
)
def test_names_that_lead_out_are_not_opened(tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.parent.iterdir())
    urls, gaps = from_bytes(tmp_path, package({"archive/a.warc.gz": WARC, name: WARC}))
    assert (urls, gaps) == (["0", "1"], ["unsafe-name"])
    assert sorted(tmp_path.parent.iterdir()) == before


def test_a_bomb_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "_SMALL", 1_000_000)
    bomb = {"archive/a.warc.gz": WARC, "archive/b.warc": bytes(8_000_000)}
    data = package(bomb, {"archive/a.warc.gz": sha(WARC)}, method=zipfile.ZIP_DEFLATED)
    assert from_bytes(tmp_path, data) == ([], ["too-large"])  # the whole: its files grow beyond any archive
    notes = random.Random(1).randbytes(100_000)  # room for the whole
    out = io.BytesIO(package({"archive/a.warc.gz": WARC, "notes.bin": notes}))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr("archive/c.warc", bytes(8_000_000))
    assert from_bytes(tmp_path, out.getvalue()) == (["0", "1"], ["too-large"])


def test_packages_in_packages_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.wacz").write_bytes(package({"one.wacz": package(), "two.wacz": package()}))
    items, gaps = taken(tmp_path / "a.wacz")
    assert (items, causes(gaps)) == ([], ["nested"])
    assert ": 2, as one.wacz" in gaps[0].detail
    assert from_bytes(tmp_path, package({"notes.txt": b"x"})) == ([], ["no-archive"])


def test_a_zip_of_other_things_is_none(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("word/document.xml", b"<x/>")
    assert from_bytes(tmp_path, out.getvalue(), "a.docx") == ([], ["binary"])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mail/letters.mbox", b"From ")
    assert from_bytes(tmp_path, out.getvalue(), "export.zip") == ([], ["nested"])


def test_an_encrypted_file_is_told(tmp_path: Path) -> None:
    data = bytearray(package())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert from_bytes(tmp_path, bytes(data))[1] == ["encrypted", "no-archive"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("part", range(20))
def test_a_package_cut_off_anywhere_gives_its_whole_pages_and_says_so(
    tmp_path: Path, part: int, method: int, streamed: bool
) -> None:
    data = _streamed(method) if streamed else package(method=method)
    cut = len(data) * part // 20
    (tmp_path / "a.wacz").write_bytes(data[:cut])
    items, gaps = taken(tmp_path / "a.wacz")
    assert gaps
    assert all(i.data == PAGE for i in items)
    if method == zipfile.ZIP_STORED:
        first = data.index(WARC)
        whole = [first + WARC.index(b"\x1f\x8b\x08", 10), first + len(WARC)]
        assert len(items) >= sum(cut >= at for at in whole)


class _OneWay(io.BytesIO):
    """A pipe: what a ZIP file is streamed to has its sizes behind each file."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError

    def seek(self, *_: object) -> int:
        raise OSError


def _streamed(method: int) -> bytes:
    out = _OneWay()
    with zipfile.ZipFile(out, "w", method) as made:
        made.writestr("archive/a.warc.gz", WARC)
        made.writestr("archive/b.warc.gz", WARC)
        made.writestr("datapackage.json", b"{}")
    return out.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_without_its_directory_every_archive_is_still_found(tmp_path: Path, method: int) -> None:
    data = _streamed(method)
    urls, gaps = from_bytes(tmp_path, data[: data.index(b"PK\x01\x02")])
    assert (urls, gaps) == (["0", "1", "0", "1"], ["truncated"])
