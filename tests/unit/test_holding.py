"""What is held of the bytes behind an entry: each way in which they may be there, or not."""

from datetime import UTC, datetime
from pathlib import Path

import house_samples as samples
import msgspec
import pytest

from purport.app import House, holding
from purport.app.holding import ARCHIVE, CONTAINER, KEPT, LOST, held
from purport.core.errors import NotFoundError
from purport.core.records import Capture, gap
from purport.core.watching import Exchange

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
URL = "https://kest.example/pier"
FETCHED = Capture(
    "capture-00aa11bb", "kest-1.warc.gz#offset=512", "sha256:" + "1" * 64, 90, NOON, "text/html", "warc", URL
)


def exchange(id: str, offset: int, archive: str = "kest-1.warc.gz") -> Exchange:
    return Exchange(id=id, url=URL, asked=NOON, status=200, archive=archive, offset=offset, end=offset + 300, size=90)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return samples.house(tmp_path)


def test_a_page_that_was_watched_lies_in_the_record_that_its_place_names(house: House) -> None:
    others = [exchange("exchange-1", 0), exchange("exchange-3", 512, "kest-2.warc.gz")]
    house.writer.add(captures=[FETCHED], exchanges=[others[0], exchange("exchange-2", 512), others[1]])
    found = held(house.view, house.blobs, FETCHED.id)
    assert found.where == ARCHIVE
    assert [one.id for one in found.exchange] == ["exchange-2"]


def test_a_record_of_somebody_elses_archive_stays_there(house: House) -> None:
    house.writer.add(captures=[FETCHED])
    found = held(house.view, house.blobs, FETCHED.id)
    assert (found.where, found.exchange) == (CONTAINER, ())


def test_kept_bytes_are_read_through_and_large_ones_looked_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"The pier is closed."
    kept = msgspec.structs.replace(FETCHED, digest=house.blobs.put(data), size=len(data), stored=True)
    house.writer.add(captures=[kept])
    assert "read through just now" in held(house.view, house.blobs, kept.id).said
    place = house.blobs.file(kept.digest)
    place.chmod(0o600)
    place.write_bytes(b"The pier is open.")
    assert held(house.view, house.blobs, kept.id).where == LOST
    monkeypatch.setattr(holding, "CHECKED", len(data) - 1)
    large = held(house.view, house.blobs, kept.id)
    assert large.where == KEPT
    assert "were not read through" in large.said
    place.unlink()
    gone = held(house.view, house.blobs, kept.id)
    assert gone.where == LOST
    assert "Bring the blob folder back" in gone.said


def test_a_claim_and_its_report_lead_to_the_same_capture(house: House, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("The clerk said that the bridge was safe.")
    (outcome,) = samples.read(house, tmp_path / "one.txt")
    claim, report = outcome.readings[0].claims[0].id, outcome.reports[0].id
    assert holding.capture_of(house.view, claim) == holding.capture_of(house.view, report) == outcome.captures[0]


@pytest.mark.parametrize("id", ["", "sha256:00", "gap-1234", "3f0c", "claim-ffffffff"])
def test_what_names_no_evidence_is_refused(house: House, id: str) -> None:
    house.writer.add(gaps=[gap("read", "a", "empty", "Nothing is written in it.", NOON)])
    with pytest.raises(NotFoundError):
        held(house.view, house.blobs, id)


def test_words_that_nobody_made_are_none(house: House) -> None:
    assert holding.words_of(house.view, house.blobs, "release-1", "table/1") == ()
