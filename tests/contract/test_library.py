"""What every library of fingerprints does: a file a release, whole or not at all."""

from collections.abc import Callable
from pathlib import Path

import pytest

from purport.core.errors import EvidenceError, NotFoundError
from purport.core.ports import Library
from purport.edges.library import FolderLibrary

BRIDGE, MARKET = "release-b00b", "release-a11a"


@pytest.fixture(params=["folder"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    libraries: dict[str, Callable[[], Library]] = {"folder": lambda: FolderLibrary(tmp_path / "prints")}
    return libraries[request.param]()


@pytest.fixture
def prints(tmp_path: Path) -> Path:
    path = tmp_path / "fresh"
    path.write_bytes(b"marks and cells")
    return path


def test_an_empty_library_has_nothing(library: Library):
    assert list(library.ids()) == []
    assert library.size() == library.size(BRIDGE) == 0
    with pytest.raises(NotFoundError, match=f"no prints of {BRIDGE}.*Add its file again"):
        library.open(BRIDGE)


def test_prints_come_back(library: Library, prints: Path):
    library.put(BRIDGE, prints)
    library.put(MARKET, prints)
    assert list(library.ids()) == [MARKET, BRIDGE]
    assert library.open(BRIDGE).read_bytes() == b"marks and cells"
    assert library.size(BRIDGE) == 15
    assert library.size() == 30


def test_new_prints_take_the_place_of_old_ones(library: Library, prints: Path):
    library.put(BRIDGE, prints)
    prints.write_bytes(b"other marks")
    library.put(BRIDGE, prints)
    assert library.open(BRIDGE).read_bytes() == b"other marks"
    assert list(library.ids()) == [BRIDGE]


# a folder's own


def test_what_was_begun_and_killed_is_no_print_and_goes(tmp_path: Path, prints: Path):
    folder = tmp_path / "prints"
    folder.mkdir()
    (folder / ".part-dead").write_bytes(b"half")
    library = FolderLibrary(folder)
    assert list(library.ids()) == []
    library.put(BRIDGE, prints)
    assert [path.name for path in folder.iterdir()] == [f"{BRIDGE}.prints"]


def test_a_file_in_the_way_is_named(tmp_path: Path, prints: Path):
    (tmp_path / "prints").write_text("a note")
    with pytest.raises(EvidenceError, match="can't be kept in"):
        FolderLibrary(tmp_path / "prints").put(BRIDGE, prints)
