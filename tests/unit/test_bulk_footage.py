"""Fingerprints of many files into Parquet: the same as the library would hold, a broken file among good ones."""

from pathlib import Path

import pytest
from bulk_samples import rows
from desk_samples import Desk
from film_samples import picture, street, tone

from purport.footage.prints import Prints
from purport.wiring import Config, open_house, open_studio


@pytest.fixture
def footage(desk: Desk) -> Desk:
    (desk.folder / "films").mkdir()
    street(desk.folder / "films" / "street.mp4")
    picture(desk.folder / "films" / "square.png")
    tone(desk.folder / "films" / "call.m4a")
    desk.put("films/broken.mp4", b"\0\0\0\x18ftypmp42" + b"nothing" * 50)
    desk.put("films/note.txt", "no footage")
    return desk


def test_tables_hold_what_the_library_would(footage: Desk) -> None:
    said = footage.run("bulk", "fingerprint", "films", "--out", "prints").stdout
    assert "4 files done: 3 releases" in said
    out = footage.folder / "prints"
    found = {Path(row["place"]).name: row for row in rows(out, "releases")}
    assert {name: (row["kind"], bool(row["prints"])) for name, row in found.items()} == {
        "street.mp4": ("video", True),
        "square.png": ("image", True),
        "call.m4a": ("audio", False),
    }
    gaps = {Path(row["subject"]).name: row["cause"] for row in rows(out, "gaps")}
    assert gaps == {"broken.mp4": "truncated", "call.m4a": "no-picture"}

    footage.run("footage", "add", "films")
    known = {release.id: capture for release, capture in open_house(Config()).view.releases()}
    assert {row["release"] for row in found.values()} == set(known)
    street_row = found["street.mp4"]
    assert known[street_row["release"]].id == street_row["capture"]
    kept = open_studio(Config()).library.open(street_row["release"])
    (footage.folder / "from-table").write_bytes(street_row["prints"])
    ours, theirs = Prints.load(footage.folder / "from-table"), Prints.load(kept)
    assert ours.hashes.tolist() == theirs.hashes.tolist() != []
    assert ours.pdq.tolist() == theirs.pdq.tolist()

    lines = footage.run("footage", "hashes", street_row["release"]).stdout.splitlines()
    hashes = [row for row in rows(out, "hashes") if row["release"] == street_row["release"]]
    assert [f"{h['picture']},{h['quality']},{h['pdq']},{h['seconds']:.3f}" for h in hashes] == lines != []


def test_what_was_done_is_not_done_again(footage: Desk) -> None:
    footage.run("bulk", "fingerprint", "films", "--out", "prints")
    again = footage.lines("bulk", "fingerprint", "films", "--out", "prints", "--json")
    assert [line["known"] for line in again] == [True] * 4


def test_a_ledger_takes_footage_by_another_command(footage: Desk) -> None:
    assert "footage add" in footage.run("bulk", "fingerprint", "films", "--out", "ledger", code=2).stderr
