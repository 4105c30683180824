"""Where bulk work takes files from and puts outputs: the same of a folder and of a bucket."""

import io
import zipfile
from pathlib import Path

import pytest
from bulk_samples import archive, rows
from desk_samples import Desk
from s3_samples import Bucket, bucket

from purport.core.bulk import Input
from purport.core.errors import InputError
from purport.core.ports import Depot, Shelf
from purport.edges import depots
from purport.edges.depots import PIECE, Depots
from purport.edges.shelves import BucketShelf, FolderShelf

__all__ = ["bucket"]
pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.usefixtures("quick")]
FILES = {"2031/03/a.warc.gz": b"a" * 10, "2031/03/b.html": b"<p>b</p>", "2031/04/c.warc.gz": b"", "note.docx": b"no"}


class Place:
    """Files in a folder or in a bucket, by the same names."""

    def __init__(self, kind: str, folder: Path, held: Bucket) -> None:
        self._kind, self._folder, self._held = kind, folder, held
        self.at = f"s3://kest/{folder.name}" if kind == "bucket" else str(folder)

    def put(self, name: str, data: bytes) -> None:
        if self._kind == "bucket":
            self._held.objects[f"/kest/{self._folder.name}/{name}"] = data
        else:
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def found(self, place: str, depot: Depot) -> list[Input]:
        return list(depot.files(f"{self.at}/{place}".rstrip("/"), (".warc.gz", ".html")))

    def names(self, place: str, depot: Depot) -> list[str]:
        return [one.place.removeprefix(f"{self.at}/") for one in self.found(place, depot)]

    def shelf(self) -> Shelf:
        return BucketShelf(f"{self.at}/out") if self._kind == "bucket" else FolderShelf(self._folder / "out")


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, bucket: Bucket) -> Place:
    made = Place(request.param, tmp_path / "crawl", bucket)
    for name, data in FILES.items():
        made.put(name, data)
    return made


def test_files_are_found_by_name_folder_and_pattern(place: Place) -> None:
    depot = Depots()
    assert place.names("", depot) == ["2031/03/a.warc.gz", "2031/03/b.html", "2031/04/c.warc.gz"]
    assert place.names("2031/03", depot) == ["2031/03/a.warc.gz", "2031/03/b.html"]
    assert place.names("2031/*/*.warc.gz", depot) == ["2031/03/a.warc.gz", "2031/04/c.warc.gz"]
    assert place.names("**/*.html", depot) == ["2031/03/b.html"]
    assert place.names("2031/0?/[ab]*", depot) == ["2031/03/a.warc.gz", "2031/03/b.html"]
    assert place.names("note.docx", depot) == ["note.docx"]
    assert place.names("2032", depot) == place.names("2031/*.gz", depot) == []


@pytest.mark.parametrize("size", [0, 7, 2 * PIECE + 5])
def test_bytes_come_as_they_are_from_anywhere(place: Place, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    place.put("big.bin", data[:size])
    depot = Depots()
    (found,) = place.found("big.bin", depot)
    assert found.size == size
    with depot.open(found) as stream:
        assert stream.read() == data[:size]
        assert stream.seek(-min(3, size), io.SEEK_END) == max(0, size - 3)
        assert stream.read() == data[:size][-3:]
        stream.seek(1)
        assert stream.read(2) == data[:size][1:3]
    with depot.near(found) as path:
        assert path.read_bytes() == data[:size]


def test_a_zip_file_can_be_opened_in_place(place: Place) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("archive/a.warc", b"x" * 1000)
    place.put("a.wacz", made.getvalue())
    depot = Depots()
    (found,) = place.found("a.wacz", depot)
    with depot.open(found) as stream, zipfile.ZipFile(stream) as file:
        assert file.read("archive/a.warc") == b"x" * 1000


def test_what_changed_or_went_since_it_was_listed_is_not_opened(place: Place) -> None:
    depot = Depots()
    (found,) = place.found("2031/03/b.html", depot)
    place.put("2031/03/b.html", b"<p>another</p>")
    with pytest.raises(InputError, match="changed since"), depot.open(found):
        pass


def test_outputs_are_put_replaced_and_removed(place: Place, tmp_path: Path) -> None:
    shelf, file = place.shelf(), tmp_path / "made"
    assert shelf.get("done/a.json") == b""
    for data in (b"one", b"two"):
        file.write_bytes(data)
        shelf.put("done/a.json", file)
        assert shelf.get("done/a.json") == data
    shelf.remove("done/a.json")
    shelf.remove("done/a.json")
    assert shelf.get("done/a.json") == b""


def test_a_bucket_is_read_into_a_bucket(desk: Desk, bucket: Bucket, tmp_path: Path) -> None:
    for name in ("a", "b"):
        bucket.objects[f"/kest/crawl/{name}.warc.gz"] = archive(tmp_path / "made.warc.gz", "Ostrel", name).read_bytes()
    said = desk.lines("bulk", "read", "s3://kest/crawl/*.warc.gz", "--out", "s3://kest/tables", "--json")
    assert [(line["place"], line["rows"]["reports"]) for line in said] == [
        ("s3://kest/crawl/a.warc.gz", 2),
        ("s3://kest/crawl/b.warc.gz", 2),
    ]
    for key, data in bucket.objects.items():
        if key.endswith(".parquet"):
            path = tmp_path / key.removeprefix("/kest/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    found = rows(tmp_path / "tables", "reports")
    assert {row["place"].partition("#")[0] for row in found} == {line["place"] for line in said}
    again = desk.lines("bulk", "read", "s3://kest/crawl/*.warc.gz", "--out", "s3://kest/tables", "--json")
    assert [line["known"] for line in again] == [True, True]


def test_a_storage_that_fails_in_the_middle_is_no_broken_archive(
    desk: Desk, bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What warcio makes of it must not be taken for what the archive holds: the file is tried again."""
    monkeypatch.setattr("purport.edges.store.TRIES", 1)
    monkeypatch.setattr(depots, "PIECE", 200)
    bucket.objects["/kest/crawl/a.warc.gz"] = archive(tmp_path / "made.warc.gz", "Ostrel", "Karrow").read_bytes()
    store = depots._Pieces._fetched
    calls = []

    def failing(self: depots._Pieces, start: int, length: int) -> bytes:
        calls.append(start)
        if len(calls) == 3:
            bucket.faults = ["500"] * 5
        return store(self, start, length)

    with monkeypatch.context() as patched:
        patched.setattr(depots._Pieces, "_fetched", failing)
        patched.setattr("stamina.retry_context", _once)
        said = desk.run("bulk", "read", "s3://kest/crawl", "--out", "tables", "--json", code=3)
    assert "can't be read on from byte" in said.stdout
    bucket.faults = []
    (again,) = desk.lines("bulk", "read", "s3://kest/crawl", "--out", "tables", "--json")
    assert again["rows"]["reports"] == 2


def _once(**_: object) -> object:
    from contextlib import nullcontext

    return [nullcontext()]
