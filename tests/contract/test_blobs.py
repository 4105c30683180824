"""What every blob store does: bytes under their digest, once, and never anything else for it."""

import hashlib
import os
import stat
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from s3_samples import Bucket, bucket

from purport.core.errors import EvidenceError, UsageError
from purport.core.ports import Blobs
from purport.edges import files
from purport.edges.blobs import FolderBlobs
from purport.edges.bucket import FRESH, PIECE, BucketBlobs

__all__ = ["bucket"]
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture(params=["folder", "bucket"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    stores: dict[str, Callable[[], Blobs]] = {
        "folder": lambda: FolderBlobs(tmp_path / "kept"),
        "bucket": lambda: in_bucket(tmp_path),
    }
    return stores[request.param]()


def in_bucket(folder: Path, **options: float) -> BucketBlobs:
    return BucketBlobs("s3://kest/desk", folder / "near", wait=0.001, **options)  # type: ignore[arg-type]


def name(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("data", [b"", b"smoke above the bridge", b"\0\xff" * 100_000])
def test_bytes_come_back(blobs: Blobs, data: bytes):
    assert blobs.put(data) == name(data)
    assert blobs.put(data) == name(data)
    assert blobs.get(name(data)) == data
    assert b"".join(blobs.pieces(name(data))) == data


@pytest.mark.parametrize("data", [b"", b"smoke above the bridge", b"\0\xff" * 5_000_000])
def test_a_files_bytes_are_kept_as_any_bytes(blobs: Blobs, tmp_path: Path, data: bytes):
    source = tmp_path / "clip.mp4"
    source.write_bytes(data)
    assert blobs.put_file(source) == name(data)
    assert blobs.put(data) == name(data)
    assert blobs.put_file(source) == name(data)
    assert blobs.get(name(data)) == data
    kept = blobs.file(name(data))
    assert kept.read_bytes() == data
    assert kept != source
    assert source.read_bytes() == data


def test_a_file_that_is_not_there_is_named(blobs: Blobs, tmp_path: Path):
    with pytest.raises(EvidenceError, match=r"clip\.mp4 can't be kept .*No such file"):
        blobs.put_file(tmp_path / "clip.mp4")
    with pytest.raises(EvidenceError, match=f"{name(b'never put')} can't be opened"):
        blobs.file(name(b"never put"))


def test_absent_bytes_are_named(blobs: Blobs):
    with pytest.raises(EvidenceError, match=f"{name(b'never put')} can't be opened"):
        blobs.get(name(b"never put"))
    with pytest.raises(EvidenceError, match=f"{name(b'never put')} can't be opened"):
        list(blobs.pieces(name(b"never put")))


@pytest.mark.parametrize("digest", ["", "sha256:", "md5:00", "sha256:../../../etc/passwd", "sha256:" + "A" * 64])
def test_what_is_no_digest_is_refused(blobs: Blobs, digest: str):
    with pytest.raises(EvidenceError, match="is not a digest"):
        blobs.get(digest)


# a folder's own


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_no_folder_until_something_is_put(tmp_path: Path):
    store = FolderBlobs(tmp_path / "deep" / "kept")
    with pytest.raises(EvidenceError):
        store.get(name(b"x"))
    assert list(tmp_path.iterdir()) == []
    store.put(b"x")
    assert (tmp_path / "deep" / "kept").is_dir()


def test_one_read_only_file_by_its_digest(tmp_path: Path):
    store = FolderBlobs(tmp_path)
    digest = store.put(b"frames").removeprefix("sha256:")
    store.put(b"frames")
    (path,) = kept(tmp_path)
    assert path == tmp_path / "sha256" / digest[:2] / digest[2:]
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


@pytest.mark.parametrize("harm", [b"", b"Frames", b"frames and more"])
def test_changed_bytes_are_refused_and_mended_by_the_good_ones(tmp_path: Path, harm: bytes):
    store = FolderBlobs(tmp_path)
    digest = store.put(b"frames")
    (path,) = kept(tmp_path)
    path.chmod(0o644)
    path.write_bytes(harm)
    with pytest.raises(EvidenceError, match="not those that were put there") as refusal:
        store.get(digest)
    assert name(harm) in str(refusal.value)
    store.put(b"frames")
    assert store.get(digest) == b"frames"


def test_a_write_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    store = FolderBlobs(tmp_path)
    with pytest.raises(EvidenceError, match=r"No space left on device.*free some space"):
        store.put(b"frames")
    assert kept(tmp_path) == []
    monkeypatch.undo()
    assert store.get(store.put(b"frames")) == b"frames"


def test_a_file_in_the_way_is_named(tmp_path: Path):
    (tmp_path / "kept").write_text("a note")
    with pytest.raises(EvidenceError, match="can't be kept in"):
        FolderBlobs(tmp_path / "kept").put(b"frames")


def test_a_file_is_kept_in_little_memory(tmp_path: Path):
    source = tmp_path / "long.mp4"
    with source.open("wb") as file:
        file.truncate(200_000_000)  # a hole: it takes no room
    tracemalloc.start()
    FolderBlobs(tmp_path / "kept").put_file(source)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000


def test_a_files_bytes_mend_what_has_gone_bad(tmp_path: Path):
    source = tmp_path / "clip.mp4"
    source.write_bytes(b"frames")
    store = FolderBlobs(tmp_path / "kept")
    store.put_file(source)
    (path,) = kept(tmp_path / "kept")
    path.chmod(0o644)
    path.write_bytes(b"Frames")
    store.put_file(source)
    assert store.get(name(b"frames")) == b"frames"


def test_what_killed_programs_began_is_cleared_away_and_what_others_write_is_not(tmp_path: Path):
    store, source = FolderBlobs(tmp_path / "kept"), tmp_path / "clip.mp4"
    source.write_bytes(b"frames")
    folder = tmp_path / "kept" / "sha256"
    folder.mkdir(parents=True)
    (folder / ".part-dead").write_bytes(b"half of")
    with files.written(folder, [b"still being written"]) as alive:
        store.put_file(source)
        assert alive.exists()
        files.settle(alive, folder / "settled")
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == ["settled"]
    assert store.get(name(b"frames")) == b"frames"


# a bucket's own


def test_one_object_by_its_digest(bucket: Bucket, tmp_path: Path):
    store = in_bucket(tmp_path)
    digest = store.put(b"frames").removeprefix("sha256:")
    store.put(b"frames")
    assert bucket.objects == {f"/kest/desk/sha256/{digest[:2]}/{digest[2:]}": b"frames"}


def test_changed_objects_are_refused_and_mended_by_the_good_ones(bucket: Bucket, tmp_path: Path):
    store = in_bucket(tmp_path)
    digest = store.put(b"frames")
    (key,) = bucket.objects
    for harm in (b"", b"Frames", b"frames and more"):
        bucket.objects[key] = harm
        with pytest.raises(EvidenceError, match="not those that were put there"):
            store.get(digest)
        with pytest.raises(EvidenceError, match="not those that were put there"):
            store.file(digest)
        assert list((tmp_path / "near").rglob("[!.]*.*")) == []
        store.put(b"frames")
        assert store.get(digest) == b"frames"


def test_what_is_needed_as_a_file_is_fetched_once_and_asked_for_each_time(bucket: Bucket, tmp_path: Path):
    digest = in_bucket(tmp_path).put(b"frames")
    store = in_bucket(tmp_path / "another")
    path = store.file(digest)
    bucket.requests.clear()
    assert store.file(digest) == path
    assert [request.split()[0] for request in bucket.requests] == ["HEAD"]
    bucket.objects.clear()
    with pytest.raises(EvidenceError, match="No such object"):  # what is only near is no evidence any more
        store.file(digest)


def test_files_near_are_removed_when_there_is_no_room(bucket: Bucket, tmp_path: Path):
    store = in_bucket(tmp_path, room=25)
    digests = [store.put(b"%d" % number * 10) for number in range(4)]
    paths = [store.file(digest) for digest in digests]
    assert all(path.is_file() for path in paths)  # each was asked for just now
    for age, path in enumerate(reversed(paths)):
        past = path.stat().st_mtime - FRESH - 10 * (age + 1)
        os.utime(path, (past, past))
    store.file(store.put(b"more"))
    assert [path.is_file() for path in paths] == [False, False, True, True]
    assert store.file(digests[0]).read_bytes() == b"0" * 10


@pytest.mark.parametrize("fault", ["503", "500", "cut", "lost"])
@pytest.mark.parametrize("times", [1, 4])
def test_what_fails_for_the_moment_is_tried_again(bucket: Bucket, tmp_path: Path, fault: str, times: int):
    store = in_bucket(tmp_path)
    bucket.faults = [fault] * times
    digest = store.put(b"frames" * 100)
    assert bucket.objects
    bucket.faults = [fault] * times
    assert store.get(digest) == b"frames" * 100


@pytest.mark.parametrize("fault", ["503", "500", "lost"])
def test_what_goes_on_failing_is_told(bucket: Bucket, tmp_path: Path, fault: str):
    store = in_bucket(tmp_path)
    bucket.faults = [fault] * 100
    with pytest.raises(EvidenceError, match=r"can't be kept in s3://kest/desk .*tried 5 times"):
        store.put(b"frames")
    assert len(bucket.requests) == 5
    with pytest.raises(EvidenceError, match=r"can't be opened in s3://kest/desk .*tried 5 times"):
        store.get(name(b"frames"))


def test_who_answers_too_late_is_not_waited_for(bucket: Bucket, tmp_path: Path):
    store = in_bucket(tmp_path, seconds=0.2)
    bucket.faults = ["slow"]
    assert store.get(store.put(b"frames")) == b"frames"
    assert len(bucket.requests) >= 3


def test_large_files_go_and_come_in_pieces(bucket: Bucket, tmp_path: Path):
    source, data = tmp_path / "long.mp4", os.urandom(2 * PIECE + 7)
    source.write_bytes(data)
    store = in_bucket(tmp_path)
    digest = store.put_file(source)
    assert len(bucket.uploads["upload-0"]) == 3
    assert [len(piece) for piece in store.pieces(digest)] == [PIECE, PIECE, 7]
    bucket.faults = ["", "503", "cut"]
    assert in_bucket(tmp_path / "another").file(digest).read_bytes() == data


def test_an_address_that_is_no_buckets_is_refused(tmp_path: Path):
    for url in ("s3://", "s3:///x", "gs://kest"):
        with pytest.raises(UsageError, match="s3://BUCKET"):
            BucketBlobs(url, tmp_path)
