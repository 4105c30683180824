"""What every blob store does: bytes under their digest, once, and never anything else for it."""

import hashlib
import stat
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from purport.core.errors import EvidenceError
from purport.core.ports import Blobs
from purport.edges import files
from purport.edges.blobs import FolderBlobs


@pytest.fixture(params=["folder"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    stores: dict[str, Callable[[], Blobs]] = {"folder": lambda: FolderBlobs(tmp_path / "kept")}
    return stores[request.param]()


def name(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("data", [b"", b"smoke above the bridge", b"\0\xff" * 100_000])
def test_bytes_come_back(blobs: Blobs, data: bytes):
    assert blobs.put(data) == name(data)
    assert blobs.put(data) == name(data)
    assert blobs.get(name(data)) == data


@pytest.mark.parametrize("data", [b"", b"smoke above the bridge", b"\0\xff" * 3_000_000])
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
