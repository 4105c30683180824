"""Packages (WACZ): what the standard's own tools say of them, what pywb shows of them, and that no change hides."""

import base64
import gzip
import hashlib
import json
import random
import shutil
import subprocess
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from desk_samples import Desk
from replay_samples import indexed, needs_replay, replayed, surts, validated
from wire_samples import NOON, PAGE, Ticking, in_chunks, kept, raw, wire

from purport.app.exporting import title
from purport.core.errors import EvidenceError, NotFoundError
from purport.core.watching import Listed, Visit
from purport.edges.sqlite import open_sqlite
from purport.ledger.book import Book
from purport.preserve import Archive, Record, records, wacz
from purport.preserve.cdxj import Sorted, key
from purport.preserve.package import verify
from purport.preserve.signing import Key, fingerprint, own_key, sign
from purport.preserve.signing import verify as verify_signature
from purport.preserve.wacz import Order, Packed, export

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/5mqLdgAAAABJRU5ErkJggg=="
)
FIRST = PAGE + b'<img src="well.png"><a href="two">two</a>'
SECOND = gzip.compress("<title>Two – wells</title>".encode())
THIRD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
THIRD += in_chunks(PAGE, trailer=b"")  # pywb shows trailers as if they were part of the page
MOVED = b"HTTP/1.1 301 Moved\r\nLocation: /two\r\nContent-Length: 0\r\n\r\n"
SITE = (
    wire("http://kest.example/", FIRST),
    wire("http://kest.example/well.png", PNG, 1, Content_Type="image/png"),
    raw(MOVED, "http://kest.example/Old/", 2),
    wire("http://kest.example/two", SECOND, 2, Content_Encoding="gzip"),
    wire("http://kest.example/", FIRST, 60),
    raw(THIRD, "http://kest.example/", 120),
    wire("http://kest.example/lost", b"gone", 121, status="404 Not Found"),
    raw(b"", "http://kest.example/dead", 122, "disconnect"),
    wire("http://kest.example/film", b"\x00\x00\x00\x18ftypmp42", 123, Content_Type="video/mp4; codecs=avc1"),
)


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return own_key(tmp_path_factory.mktemp("key") / "purport.key")


def packed(folder: Path, signer: Key, **options: Any) -> tuple[Path, Packed]:
    target = folder / "out.wacz"
    order = Order(folder / "purport.warcs", NOON, "Kest & wells", media=options.pop("media", True))
    return target, export(order, target, signer, title, **options)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with the archives of a small site."""
    for one in SITE:
        one.response.seek(0)
    kept(tmp_path / "purport.warcs", *SITE)
    return tmp_path


def entry(package: Path, name: str) -> bytes:
    with zipfile.ZipFile(package) as file:
        return file.read(name)


def lines(package: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in entry(package, name).splitlines()]


def index(package: Path) -> list[str]:
    return gzip.decompress(entry(package, "indexes/index.cdx.gz")).decode().splitlines()


# what is in it


def test_a_package_has_what_the_standard_names(site: Path, signer: Key) -> None:
    package, found = packed(site, signer)
    with zipfile.ZipFile(package) as file:
        assert file.testzip() is None
        assert all(one.compress_type == zipfile.ZIP_STORED for one in file.infolist())
        names = file.namelist()
    (warc,) = (site / "purport.warcs").iterdir()
    assert names == [
        f"archive/{warc.name}",
        f"media/{hashlib.sha256(PNG).hexdigest()[:16]}.png",
        names[2],
        "media/media.jsonl",
        "indexes/index.cdx.gz",
        "indexes/index.idx",
        "pages/pages.jsonl",
        "datapackage.json",
        "datapackage-digest.json",
    ]
    assert names[2].endswith(".mp4")
    assert (found.exchanges, found.pages, found.media, found.missed) == (9, 4, 2, [])
    listed = json.loads(entry(package, "datapackage.json"))
    assert (listed["profile"], listed["wacz_version"], listed["title"]) == ("data-package", "1.1.1", "Kest & wells")
    assert listed["created"] == "2026-09-01T12:00:00Z"
    for one in listed["resources"]:
        data = entry(package, one["path"])
        assert (one["hash"], one["bytes"]) == ("sha256:" + hashlib.sha256(data).hexdigest(), len(data))
    assert [one["path"] for one in listed["resources"]] == names[:-2]


def test_records_are_packed_as_the_bytes_they_are(site: Path, signer: Key) -> None:
    package, _ = packed(site, signer)
    (warc,) = (site / "purport.warcs").iterdir()
    assert entry(package, f"archive/{warc.name}") == warc.read_bytes()


def test_pages_have_titles_and_times(site: Path, signer: Key) -> None:
    package, _ = packed(site, signer)
    head, *pages = lines(package, "pages/pages.jsonl")
    assert head == {"format": "json-pages-1.0", "id": "pages", "title": "All pages"}
    assert [(one["url"], one["ts"], one["title"]) for one in pages] == [
        ("http://kest.example/", "2026-09-01T12:00:00.250000Z", "The mayor of Kest & the well"),
        ("http://kest.example/two", "2026-09-01T12:02:00.250000Z", "Two – wells"),
        ("http://kest.example/", "2026-09-01T13:00:00.250000Z", "The mayor of Kest & the well"),  # a revisit
        ("http://kest.example/", "2026-09-01T14:00:00.250000Z", "The mayor of Kest & the well"),
    ]
    assert len({one["id"] for one in pages}) == 4


def test_media_lie_beside_the_pages(site: Path, signer: Key) -> None:
    package, _ = packed(site, signer)
    image, film = lines(package, "media/media.jsonl")
    assert entry(package, image["path"]) == PNG
    assert image["url"] == "http://kest.example/well.png"
    assert film["digest"] == "sha256:" + hashlib.sha256(entry(package, film["path"])).hexdigest()
    shutil.move(package, site / "with.wacz")
    package, found = packed(site, signer, media=False)
    assert found.media == 0
    assert not any(name.startswith("media/") for name in zipfile.ZipFile(package).namelist())


def test_every_line_of_the_index_leads_to_its_record(site: Path, signer: Key) -> None:
    package, _ = packed(site, signer)
    found = index(package)
    assert found == sorted(found)
    assert [line.split()[0] for line in found] == [
        "example,kest)/",
        "example,kest)/",
        "example,kest)/",
        "example,kest)/film",
        "example,kest)/lost",
        "example,kest)/old",
        "example,kest)/two",
        "example,kest)/well.png",
    ]
    for line in found:
        fields = json.loads(line.split(" ", 2)[2])
        data = entry(package, f"archive/{fields['filename']}")
        member = data[int(fields["offset"]) :][: int(fields["length"])]
        assert fields["recordDigest"] == "sha256:" + hashlib.sha256(member).hexdigest()
        record = gzip.decompress(member).decode("utf-8", "replace")
        assert f"WARC-Target-URI: {fields['url']}\r\n" in record
        assert f"WARC-Payload-Digest: {fields['digest']}\r\n" in record


def test_the_second_index_leads_to_blocks_of_the_first(tmp_path: Path, signer: Key) -> None:
    kept(tmp_path / "purport.warcs", *(wire(f"http://kest.example/{n}", b"%d" % n) for n in range(700)))
    package, _ = packed(tmp_path, signer)
    head, *blocks = entry(package, "indexes/index.idx").decode().splitlines()
    assert head == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    data, found = entry(package, "indexes/index.cdx.gz"), []
    for line in blocks:
        start, _, fields = line.partition(" {")
        where = json.loads("{" + fields)
        block = data[where["offset"] :][: where["length"]]
        assert where["digest"] == "sha256:" + hashlib.sha256(block).hexdigest()
        part = gzip.decompress(block).decode().splitlines()
        assert part[0].startswith(start + " {")
        found += part
    assert len(blocks) == 3
    assert found == index(package) == sorted(found)
    assert len(found) == 700


def test_lines_are_sorted_whatever_their_number() -> None:
    many = [f"{n * 7919 % 1000:04} {n}\n" for n in range(1000)]
    put = Sorted(run=64)
    for one in many:
        put.add(one)
    assert list(put) == sorted(many)
    assert list(put) == sorted(many)  # again
    put.close()


# what is chosen


def since(minute: int) -> wacz.Chosen:
    return lambda record: record.date >= NOON + timedelta(minutes=minute)


def test_what_a_chosen_page_repeats_comes_along(site: Path, signer: Key) -> None:
    package, found = packed(site, signer, chosen=lambda record: record.kind == "revisit")
    assert found.exchanges == 2
    assert [json.loads(line.split(" ", 2)[2])["mime"] for line in index(package)] == ["text/html", "warc/revisit"]
    (warc,) = (site / "purport.warcs").iterdir()
    (site / "part.warc.gz").write_bytes(entry(package, f"archive/{warc.name}"))
    kinds = [one.kind for one in records(site / "part.warc.gz") if isinstance(one, Record)]
    assert kinds == ["warcinfo", "response", "request", "revisit", "request"]


def test_an_archive_of_which_nothing_is_chosen_is_left_out(tmp_path: Path, signer: Key) -> None:
    with Archive(tmp_path / "purport.warcs", Ticking(), size=1) as archive:
        for minute in range(3):
            archive.put(wire(body=b"%d" % minute, minute=minute))
    package, found = packed(tmp_path, signer, chosen=since(2))
    assert found.exchanges == 1
    assert len([name for name in zipfile.ZipFile(package).namelist() if name.startswith("archive/")]) == 1


def test_nothing_chosen_is_no_package(site: Path, signer: Key) -> None:
    with pytest.raises(NotFoundError, match=r"Nothing is to be packed of what .* holds \(1 archives\)"):
        packed(site, signer, chosen=lambda record: False)
    assert sorted(path.name for path in site.iterdir()) == ["purport.warcs"]


def test_a_request_without_an_answer_is_chosen_by_its_time(site: Path, signer: Key) -> None:
    _, found = packed(site, signer, chosen=lambda record: record.url.endswith("/dead"))
    assert (found.exchanges, found.pages) == (1, 0)


def test_damage_is_left_out_and_told(site: Path, signer: Key) -> None:
    (warc,) = (site / "purport.warcs").iterdir()
    struck = next(one for one in records(warc) if isinstance(one, Record) and one.url.endswith("/two"))
    data = bytearray(warc.read_bytes())
    data[struck.end - 12] ^= 0xFF
    warc.write_bytes(bytes(data) + b"\x1f\x8b\x08half a rec")
    package, found = packed(site, signer)
    assert [(one.archive, one.offset) for one in found.missed] == [(warc.name, struck.offset), (warc.name, len(data))]
    assert (found.exchanges, found.pages) == (8, 3)
    assert "example,kest)/two" not in "\n".join(index(package))
    verify(package)


def test_not_modified_is_kept_and_not_shown(tmp_path: Path, signer: Key) -> None:
    with Archive(tmp_path / "purport.warcs", Ticking()) as archive:
        first = archive.put(wire())
        archive.put(raw(b"HTTP/1.1 304 Not Modified\r\n\r\n", minute=30), before=first)
    package, found = packed(tmp_path, signer)
    assert (found.exchanges, found.pages, len(index(package))) == (2, 1, 1)


def test_how_far_it_is_grows_to_the_end(site: Path, signer: Key) -> None:
    said: list[float] = []
    packed(site, signer, chosen=lambda record: True, told=said.append)
    assert said == sorted(said)
    assert 0 <= said[0] < 0.1 and 0.9 < said[-1] <= 1


def test_a_failure_leaves_nothing_behind(site: Path, signer: Key) -> None:
    def broken(record: Record) -> str:
        raise OSError(28, "No space left on device")

    with pytest.raises(EvidenceError, match=r"out.wacz can't be written \(No space left on device\)"):
        export(Order(site / "purport.warcs", NOON), site / "out.wacz", signer, broken)
    with pytest.raises(EvidenceError, match="can't be written"):
        export(Order(site / "purport.warcs", NOON), site / "none" / "out.wacz", signer, title)
    assert [path.name for path in site.iterdir()] == ["purport.warcs"]


def test_memory_does_not_grow_with_what_is_packed(tmp_path: Path, signer: Key) -> None:
    film = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n" + random.Random(1).randbytes(30_000_000)
    kept(tmp_path / "purport.warcs", raw(film))
    tracemalloc.start()
    package, found = packed(tmp_path, signer)
    verify(package)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.media == 1
    assert peak < 5_000_000


# titles


def page(opening: bytes, content_type: str = "text/html", encoding: str = "") -> Record:
    return Record(
        archive="", offset=0, end=0, kind="response", fields={}, opening=opening, content_type=content_type,
        encoding=encoding,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (page(PAGE), "The mayor of Kest & the well"),
        (page(b"<TITLE\nlang=en>\n A \t b </TITLE >"), "A b"),
        (page("<title>Über</title>".encode("latin-1"), "text/html; charset=iso-8859-1"), "Über"),
        (page("<meta charset=windows-1251><title>Кест</title>".encode("cp1251")), "Кест"),
        (
            page(gzip.compress(b"<title>packed</title>" + random.Random(1).randbytes(9_000))[:4_000], encoding="gzip"),
            "packed",
        ),
        (page(gzip.compress(b"\x00" * 100_000_000), encoding="gzip"), ""),
        (page(b"no gzip", encoding="gzip"), ""),
        (page(b"<p>no title"), ""),
        (page(b""), ""),
    ],
)
def test_titles(record: Record, said: str) -> None:
    assert title(record) == said


# signatures


def test_the_signature_is_the_anonymous_one_of_wacz_auth(site: Path, signer: Key) -> None:
    package, found = packed(site, signer)
    digest = json.loads(entry(package, "datapackage-digest.json"))
    hash = "sha256:" + hashlib.sha256(entry(package, "datapackage.json")).hexdigest()
    assert (digest["path"], digest["hash"]) == ("datapackage.json", hash)
    signed = digest["signedData"]
    assert set(signed) == {"hash", "created", "software", "version", "signature", "publicKey"}
    assert signed["created"] == json.loads(entry(package, "datapackage.json"))["created"]
    assert len(base64.b64decode(signed["signature"])) == 96  # r and s of P-384, as WebCrypto has them
    assert verify(package) == found.fingerprint == fingerprint(signer.public_key())


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_openssl_agrees(tmp_path: Path, signer: Key) -> None:
    signed = sign("sha256:1234", NOON, signer)
    raw_signature = base64.b64decode(signed["signature"])
    r, s = int.from_bytes(raw_signature[:48], "big"), int.from_bytes(raw_signature[48:], "big")
    config = f"asn1=SEQUENCE:s\n[s]\nr=INTEGER:{r:#x}\ns=INTEGER:{s:#x}\n"
    (tmp_path / "s.conf").write_text(config)
    (tmp_path / "data").write_text("sha256:1234")
    (tmp_path / "key.der").write_bytes(base64.b64decode(signed["publicKey"]))
    said = ""
    for command in (
        "openssl asn1parse -genconf s.conf -out s.der -noout",
        "openssl pkey -pubin -inform DER -in key.der -out key.pem",
        "openssl dgst -sha256 -verify key.pem -signature s.der data",
    ):
        done = subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True, text=True)
        said = done.stdout
    assert said == "Verified OK\n"


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "desk" / "purport.key"
    first, again = own_key(path), own_key(path)
    assert fingerprint(first.public_key()) == fingerprint(again.public_key())
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_key_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "purport.key"
    path.write_bytes(b"")
    with pytest.raises(EvidenceError, match=r"can't be used.*move it away"):
        own_key(path)
    other = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(
        other.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    with pytest.raises(EvidenceError, match="P-384"):
        own_key(path)


@pytest.mark.parametrize(
    "change",
    [
        {"signature": base64.b64encode(b"\x01" * 96).decode()},
        {"signature": base64.b64encode(b"\x00" * 96).decode()},
        {"signature": "AAAA"},
        {"signature": "!"},
        {"publicKey": ""},
        {"publicKey": base64.b64encode(b"no key").decode()},
        {"hash": "sha256:5678"},
    ],
)
def test_a_signature_that_does_not_hold_is_told(signer: Key, change: dict[str, str]) -> None:
    signed = sign("sha256:1234", NOON, signer)
    assert verify_signature(signed, "sha256:1234") == fingerprint(signer.public_key())
    with pytest.raises(EvidenceError, match="signature"):
        verify_signature(signed | change, "sha256:1234")


# changes


def rewritten(package: Path, changed: dict[str, bytes | None], added: dict[str, bytes] | None = None) -> Path:
    """The package with some entries changed, or left out, and some added."""
    target = package.with_name("changed.wacz")
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = changed.get(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name, data in (added or {}).items():
            new.writestr(name, data)
    return target


def test_every_change_shows(site: Path, signer: Key) -> None:
    package, _ = packed(site, signer)
    names = zipfile.ZipFile(package).namelist()
    for name in names[:-1]:
        data = bytearray(entry(package, name))
        data[len(data) // 2] ^= 1
        with pytest.raises(EvidenceError, match=r"is not what was packed|can't be read"):
            verify(rewritten(package, {name: bytes(data)}))
    for name in names[:-2]:
        with pytest.raises(EvidenceError, match=f"lacks {name}"):
            verify(rewritten(package, {name: None}))
    with pytest.raises(EvidenceError, match=r"holds pages/more.jsonl, which its list does not name"):
        verify(rewritten(package, {}, {"pages/more.jsonl": b"{}"}))


def test_a_list_that_was_made_anew_lacks_the_signature(site: Path, signer: Key) -> None:
    package, _ = packed(site, signer)
    listed = json.loads(entry(package, "datapackage.json")) | {"title": "Another"}
    data = json.dumps(listed).encode()
    hash = "sha256:" + hashlib.sha256(data).hexdigest()
    digest = json.loads(entry(package, "datapackage-digest.json"))
    digest["hash"] = digest["signedData"]["hash"] = hash
    with pytest.raises(EvidenceError, match="The signature does not hold"):
        verify(rewritten(package, {"datapackage.json": data, "datapackage-digest.json": json.dumps(digest).encode()}))
    assert verify(rewritten(package, {"datapackage.json": data, "datapackage-digest.json": None})) == ""  # unsigned


@pytest.mark.parametrize("content", [b"", b"PK", PAGE, b"PK\x05\x06" + b"\x00" * 18])
def test_what_is_no_package_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.wacz").write_bytes(content)
    with pytest.raises(EvidenceError, match="package"):
        verify(tmp_path / "odd.wacz")


def test_half_a_package_is_told(site: Path, signer: Key) -> None:
    package, _ = packed(site, signer)
    data = package.read_bytes()
    for share in (0.1, 0.5, 0.9, 0.99):
        package.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(EvidenceError, match="package"):
            verify(package)


# the command


def test_the_command_packs_and_tells_the_custody_log(desk: Desk) -> None:
    for one in SITE:
        one.response.seek(0)
    kept(desk.folder / "purport.warcs", *SITE)
    Book(open_sqlite("sqlite:///purport.db")).add()
    said = desk.run("export", "--wacz", "all.wacz", "--title", "Kest").stdout
    print_of = verify(desk.folder / "all.wacz")
    assert said.splitlines()[0].startswith("all.wacz: 9 exchanges, 4 pages, 2 media files; ")
    assert said.splitlines()[1] == f"Signed with the key {print_of}."
    assert (desk.folder / "purport.key").is_file()
    again = desk.run("export", "--wacz", "all.wacz", code=2)
    assert "all.wacz is there already. Give another name" in again.stderr
    (line,) = desk.lines("export", "--wacz", "late.wacz", "--since", "2026-09-01T13:30", "--json")
    assert (line["exchanges"], line["pages"], line["fingerprint"]) == (4, 1, print_of)
    (line,) = desk.lines("export", "--wacz", "day.wacz", "--until", "2026-09-01", "--json")
    assert line["exchanges"] == 9
    desk.run("export", "--wacz", "none.wacz", "--since", "2026-09-02", code=7)
    told = [one for one in desk.lines("custody", "--json") if one["what"] == "export"]
    assert [one["outcome"] for one in told] == ["done", "done", "done", "failed"]
    assert told[0]["inputs"][0] == "all.wacz" and told[0]["inputs"][-1].startswith("sha256:")


def look(number: int, source: str, url: str, item: str = "") -> Visit:
    return Visit(id=f"visit-{number}", source=source, url=url, at=NOON, outcome="same", next=NOON, item=item)


def test_a_source_s_pages_come_with_what_they_lead_to(desk: Desk) -> None:
    for one in SITE:
        one.response.seek(0)
    kept(desk.folder / "purport.warcs", *SITE)
    looked = [
        look(1, "Wells", "http://kest.example/feed"),
        look(2, "Wells", "http://kest.example/Old/", item="listed-1"),
        look(3, "Films", "http://kest.example/film"),
    ]
    listed = Listed(id="listed-1", source="Wells", key="1", url="http://kest.example/Old/", seen=NOON)
    Book(open_sqlite("sqlite:///purport.db")).add(listed=[listed], visits=looked)
    desk.run("export", "--wacz", "wells.wacz", "--source", "Wells")
    urls = [json.loads(line.split(" ", 2)[2])["url"] for line in index(desk.folder / "wells.wacz")]
    assert urls == ["http://kest.example/Old/", "http://kest.example/two"]
    wrong = desk.run("export", "--wacz", "x.wacz", "--source", "Well", code=7)
    assert "No source is called 'Well'. There are: Films, Wells." in wrong.stderr


def test_the_archives_are_enough_without_a_ledger(desk: Desk) -> None:
    empty = desk.run("export", "--wacz", "all.wacz", code=7)
    assert "There are no archives in purport.warcs yet" in empty.stderr
    kept(desk.folder / "elsewhere", wire())
    desk.run("export", "--wacz", "all.wacz", "--warcs", "elsewhere")
    assert verify(desk.folder / "all.wacz")
    assert not (desk.folder / "purport.db").exists()
    said = desk.run("export", "--wacz", "x.wacz", "--warcs", "elsewhere", "--source", "Wells", code=2)
    assert "in the ledger, and there is none" in said.stderr
    assert "is no day" in desk.run("export", "--wacz", "x.wacz", "--since", "soon", code=2).stderr
    assert "no folder none" in desk.run("export", "--wacz", "none/x.wacz", "--warcs", "elsewhere", code=2).stderr


def test_damage_is_told_by_the_command(desk: Desk) -> None:
    (exchange,) = kept(desk.folder / "purport.warcs", wire())
    with (desk.folder / "purport.warcs" / exchange.archive).open("ab") as file:
        file.write(b"\x1f\x8b")
    said = desk.run("export", "--wacz", "all.wacz")
    assert f"Left out: {exchange.archive} at byte {exchange.end}: No whole record begins" in said.stderr


# what others say of it


@needs_replay
def test_py_wacz_validates_it(site: Path, signer: Key) -> None:
    package, _ = packed(site, signer)
    assert "Validation succeeded, the passed WACZ is valid" in validated(package)
    assert "Validation succeeded" not in validated(rewritten(package, {"pages/pages.jsonl": b"{}"}))


@needs_replay
def test_the_index_is_the_one_that_the_standard_s_indexer_makes(site: Path, signer: Key) -> None:
    package, _ = packed(site, signer)
    (warc,) = (site / "purport.warcs").iterdir()

    def taken_apart(line: str) -> tuple[str, str, dict[str, str]]:
        key, time, fields = line.split(" ", 2)
        return key, time, json.loads(fields)

    ours = [taken_apart(line) for line in index(package)]
    theirs = [taken_apart(line) for line in indexed(warc)]
    assert [(one[0], one[1], {**one[2], "recordDigest": ""}) for one in ours] == [
        (one[0], one[1], {**one[2], "recordDigest": ""}) for one in theirs
    ]


@needs_replay
def test_pywb_replays_it(site: Path, signer: Key) -> None:
    package, _ = packed(site, signer)
    whole, framed, image, revisit, chunked, unpacked, moved, lost, unknown = replayed(
        package,
        "20260901120000id_/http://kest.example/",
        "20260901120000mp_/http://kest.example/",
        "20260901120000im_/http://kest.example/well.png",
        "20260901130000id_/http://kest.example/",
        "20260901140000id_/http://kest.example/",
        "20260901120200mp_/http://kest.example/two",
        "20260901120200id_/http://kest.example/Old/",
        "20260901140100id_/http://kest.example/lost",
        "20260901140200id_/http://kest.example/dead",
    )
    assert (whole.status, whole.body) == (200, FIRST)
    assert framed.status == 200 and b"/kept/20260901120000" in framed.body and b"She denied it." in framed.body
    assert (image.status, image.headers["content-type"], image.body) == (200, "image/png", PNG)
    assert (revisit.status, revisit.body) == (200, FIRST)
    assert revisit.headers["memento-datetime"] == "Tue, 01 Sep 2026 13:00:00 GMT"
    assert (chunked.status, chunked.body) == (200, PAGE)
    assert chunked.headers["memento-datetime"] == "Tue, 01 Sep 2026 14:00:00 GMT"
    assert "Two – wells".encode() in unpacked.body
    assert (moved.status, moved.headers["location"]) == (301, "/two")
    assert (lost.status, lost.body) == (404, b"gone")
    assert unknown.status == 404 and b"URL Not Found" in unknown.body


@needs_replay
def test_pywb_shows_the_page_that_was_not_modified(tmp_path: Path, signer: Key) -> None:
    with Archive(tmp_path / "purport.warcs", Ticking()) as archive:
        first = archive.put(wire())
        archive.put(raw(b"HTTP/1.1 304 Not Modified\r\n\r\n", minute=30), before=first)
    package, _ = packed(tmp_path, signer)
    (shown,) = replayed(package, "20260901123000id_/http://kest.example/")
    assert (shown.status, shown.body) == (200, PAGE)


@needs_replay
def test_pywb_opens_a_revisit_of_another_address_from_a_part(tmp_path: Path, signer: Key) -> None:
    kept(tmp_path / "purport.warcs", wire(), wire("http://mirror.example/a", minute=5), wire(body=b"x", minute=9))
    package, found = packed(tmp_path, signer, chosen=lambda record: "mirror" in record.url)
    assert found.exchanges == 2
    (shown,) = replayed(package, "20260901120500id_/http://mirror.example/a")
    assert (shown.status, shown.body) == (200, PAGE)
    assert "Validation succeeded" in validated(package)


URLS = [
    "http://kest.example",
    "http://kest.example/",
    "HTTP://Kest.Example:80/A/B/",
    "https://www.kest.example:443/a//b/./c/../d",
    "https://www2.kest.example:8443/?",
    "http://user:secret@kest.example/x",
    "http://kest.example/a?b=2&a=1&c",
    "http://kest.example/a?B=%41%2541&b=",
    "http://kest.example/%7Euser/%E2%82%AC",
    "http://kest.example/~user/€",
    "http://kest.example/a b?c d",
    "http://kést.example/",
    "http://xn--kst-bma.example/",
    "http://kest.example/#top",
    "http://kest.example/a#top?x",
    "http://kest.example/../../a",
    "http://kest.example/a/..",
    "http://kest.example/p;jsessionid=0123456789ABCDEF0123456789ABCDEF?x=1",
    "http://kest.example/p?jsessionid=0123456789abcdef0123456789abcdef&x=1",
    "http://kest.example/p?x=1&PHPSESSID=0123456789abcdef0123456789abcdef",
    "http://kest.example/p?sid=0123456789abcdef0123456789abcdef",
    "http://kest.example/p?cfid=1&cftoken=2&x",
    "http://kest.example/(a(4hqa0555fwsecu455xqckv45))/page.aspx",
    "http://kest.example/(4hqa0555fwsecu455xqckv45)/page.aspx?x",
    "http://192.0.2.1/a",
    "http://kest.example./",
    "http://kest.example/a%0D%0Ab",
    "http://kest.example/\"'<>[]{}|\\^`",
    "http://kest.example/a?u=http://other.example/?q=1&z",
    "http://kest.example/a?&&b",
    "http://kest.example/?a=1",
    "http://kest.example?a=1",
    "http://www.com/",
    "http://www.kest.example/www.html",
]


@needs_replay
def test_keys_are_those_that_pywb_looks_for() -> None:
    assert [key(url) for url in URLS] == surts(URLS)


@pytest.mark.parametrize("url", ["", "x", "http://", "http://[", "http://kest.example:port/", "file:///a b", "urn:x:y"])
def test_any_address_has_a_key(url: str) -> None:
    assert " " not in key(url)


def test_days_are_read_in_utc(desk: Desk) -> None:
    kept(desk.folder / "purport.warcs", wire())
    assert datetime(2026, 9, 1, 12, 0, 0, 250_000, UTC) == NOON
    desk.run("export", "--wacz", "a.wacz", "--since", "2026-09-01T14:00:00+02:00")
    desk.run("export", "--wacz", "b.wacz", "--since", "2026-09-01T14:01:00+02:00", code=7)
    desk.run("export", "--wacz", "c.wacz", "--until", "2026-09-01 12:00", code=7)


def test_whoever_gets_a_package_can_verify_it(desk: Desk) -> None:
    kept(desk.folder / "purport.warcs", wire())
    desk.run("export", "--wacz", "kest.wacz")
    (line,) = desk.lines("verify", "--json", "kest.wacz")
    assert line == {"holds": True, "package": "kest.wacz", "fingerprint": verify(desk.folder / "kest.wacz")}
    assert (
        "each file in it is as it was packed; it is signed with the key sha256:"
        in desk.run("verify", "kest.wacz").stdout
    )
    unsigned = rewritten(desk.folder / "kest.wacz", {"datapackage-digest.json": None})
    assert "; nobody signed it." in desk.run("verify", unsigned).stdout
    changed = rewritten(desk.folder / "kest.wacz", {"pages/pages.jsonl": b"{}"})
    assert "pages/pages.jsonl in" in desk.run("verify", changed, code=9).stderr
    assert not (desk.folder / "purport.db").exists()
