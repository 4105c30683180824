"""Archives of others: as many records and pages as warcio and the indexes beside them count, every fault named."""

import functools
import os
from pathlib import Path

import pytest

import archives

ROOT = Path(os.environ.get("PURPORT_DATA", ""))
FOUND = archives.samples(ROOT) if os.environ.get("PURPORT_DATA") and (ROOT / "archives").is_dir() else []
NAMES = [str(path.relative_to(ROOT / "archives")) for path in FOUND]

# what is wrong with a sample (by its maker's words, its index, or warcio), and what we must call it
BROKEN = {
    "example-space-in-url.arc": {"truncated"},  # its last record states 12 bytes more than there are
    "bad.arc": {"no-response"},
    "example-bad.warc.gz.bad": {"broken-archive"},
    "example-bad-non-chunked.warc.gz": {"broken-archive"},
    "example-digest.warc": {"digest"},
    "example-extra.warc": {"digest", "no-response"},
    "example-trunc.warc": {"digest", "wrong-length"},
    "example-wrong-chunks.warc.gz": {"truncated", "broken-archive"},
    "invalid_example_1.wacz": {"missing", "no-archive"},
    "pywb/sample_archive/warcs/example.warc": {"wrong-length"},  # its revisit states a byte less than there is
}
TOLD = {"revisit", "no-page"}  # what is told of good archives, too

pytestmark = pytest.mark.skipif(not FOUND, reason="PURPORT_DATA names no folder with archives/ in it")


@functools.cache
def row(name: str) -> archives.Row:
    return archives.measure(ROOT / "archives" / name, archives.read_indexes(ROOT), ROOT)


def faults(name: str) -> set[str]:
    return BROKEN.get(name, BROKEN.get(Path(name).name, set()))


def test_there_are_samples_of_both_kinds() -> None:
    assert len(NAMES) >= 35
    assert sum(bool(faults(name)) for name in NAMES) >= 10
    assert sum(row(name).listed >= 0 for name in NAMES) >= 12  # with an index beside them


@pytest.mark.parametrize("name", NAMES)
def test_every_record_is_counted(name: str) -> None:
    assert row(name).records == row(name).their_records


@pytest.mark.parametrize("name", [name for name in NAMES if not faults(name)])
def test_a_good_archive_gives_all_its_pages_and_no_fault(name: str) -> None:
    found = row(name)
    assert (found.pages, found.failed, found.stopped) == (found.their_pages, 0, "")
    assert set(found.gaps) <= TOLD
    assert found.listed in (-1, found.pages)
    assert found.offsets_agree


@pytest.mark.parametrize("name", [name for name in NAMES if faults(name)])
def test_a_broken_archive_is_refused_or_read_in_part_with_its_fault_named(name: str) -> None:
    found = row(name)
    assert set(found.gaps) - TOLD == faults(name)
    assert found.pages <= max(found.their_pages, found.listed)
    assert found.offsets_agree


@pytest.mark.parametrize("name", NAMES)
def test_no_digest_that_warcio_finds_wrong_is_let_pass(name: str) -> None:
    found = row(name)
    assert bool(found.failed) == bool(found.their_failed)
    assert ("digest" in found.gaps) == bool(found.their_failed)
    assert found.held >= found.their_held - found.warned
    assert ("wrong-length" in found.gaps) == bool(found.warned)


def test_what_stands_in_all_of_them() -> None:
    rows = [row(name) for name in NAMES]
    assert sum(one.records for one in rows) >= 477
    assert sum(one.pages for one in rows) >= 34
    assert sum(one.held for one in rows) >= 128
