"""Releases: words first, then blurred grey stills; nothing clear, moving or sounding before it is asked for."""

import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import film_samples as films
import ledgers
import msgspec
import numpy as np
import pytest
from litestar.testing import TestClient

from purport import app
from purport.desk.app import build
from purport.desk.clips import is_shown
from purport.desk.premises import Premises
from purport.wiring import Config, open_studio

AT = "http://127.0.0.1"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    yield from ledgers.filmed(tmp_path_factory.mktemp("footage"))


@pytest.fixture(scope="module")
def desk(here: Premises) -> Iterator[TestClient]:
    with TestClient(build(here), base_url=AT) as client:
        yield client


@pytest.fixture(scope="module")
def ids(desk: TestClient) -> dict[str, str]:
    found = {one["place"].rpartition("/")[2]: one["release"] for one in desk.get("/api/releases").json()}
    assert tuple(found) == ledgers.FILMS
    return found


def test_the_list_shows_facts_and_blurred_stills(desk: TestClient, ids: dict[str, str]) -> None:
    page = desk.get("/releases").text
    for name, id in ids.items():
        assert name in page
        assert f'href="/release/{id}"' in page
    assert "video · 0:16.0 · 320×180" in page
    assert f'src="/release/{ids["pier.mp4"]}/still/0"' in page


def test_no_page_but_the_clear_one_leads_a_browser_to_the_file_itself(desk: TestClient, ids: dict[str, str]) -> None:
    pier = ids["pier.mp4"]
    for address in ("/releases", f"/release/{pier}", f"/release/{pier}/reuse", f"/release/{pier}/referred"):
        page = desk.get(address).text
        assert "/original" not in page
        assert "<video" not in page
        assert "<audio" not in page
    for name in ("pier.mp4", "radio.m4a"):
        page = desk.get(f"/release/{ids[name]}/clear").text
        (player,) = re.findall(r"<(?:video|audio)[^>]*>", page)
        assert 'preload="none"' in player
        assert "autoplay" not in page
    assert "muted" in re.findall(r"<video[^>]*>", desk.get(f"/release/{pier}/clear").text)[0]


def test_stills_are_small_grey_and_blurred(desk: TestClient, ids: dict[str, str]) -> None:
    answer = desk.get(f"/release/{ids['pier.mp4']}/still/0")
    assert answer.headers["content-type"] == "image/jpeg"
    picture = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
    assert max(picture.shape) <= 160
    assert np.ptp(picture.astype(int), axis=2).max() == 0, "grey"
    for beyond in ("99", "-1", "4294967296", "x"):
        assert desk.get(f"/release/{ids['pier.mp4']}/still/{beyond}").status_code in (400, 404)


def test_every_link_of_a_release_leads_somewhere(desk: TestClient, ids: dict[str, str]) -> None:
    for id in ids.values():
        for link in set(re.findall(r'(?:href|src)="(/[^"]*)"', desk.get(f"/release/{id}").text)):
            assert desk.get(link.replace("&amp;", "&")).status_code == 200, link


def test_where_it_was_seen_is_told_in_words_and_drawn(desk: TestClient, ids: dict[str, str]) -> None:
    page = desk.get(f"/release/{ids['pier.mp4']}/reuse").text
    assert "again.mp4" in page
    assert "same footage" in page
    assert "0:08" in page
    picture = desk.get(f"/release/{ids['pier.mp4']}/reuse.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "again.mp4" in picture.text


def test_a_report_that_refers_to_it_is_named_with_its_words(desk: TestClient, ids: dict[str, str]) -> None:
    page = desk.get(f"/release/{ids['pier.mp4']}/referred").text
    assert "Crane at Kest" in page
    assert "16-second" in page
    assert "refers to it" in desk.get(f"/release/{ids['radio.m4a']}/referred").text


def test_words_come_with_times_once_they_were_made(here: Premises, desk: TestClient, ids: dict[str, str]) -> None:
    address = f"/release/{ids['pier.mp4']}"
    before = desk.get(address).text
    assert "Not put into words yet" in before
    (pen,) = here.scribe
    app.words(here.house, pen, ids["pier.mp4"])
    after = desk.get(address).text
    assert "We will &lt;b&gt;come&lt;/b&gt; back." in after
    assert after.index("Port Hale") < after.index("Not put into words: unsure") < after.index("We will")
    assert re.search(r'href="/report/report-[0-9a-f]+">Who claims what in it', after)


def test_provenance_is_put_in_words_and_never_as_truth(desk: TestClient, ids: dict[str, str]) -> None:
    page = desk.get(f"/release/{ids['pier.mp4']}").text
    assert "carries no signed statement of where it came from" in page


def test_a_player_may_jump(desk: TestClient, here: Premises, ids: dict[str, str]) -> None:
    address = f"/release/{ids['pier.mp4']}/original"
    whole = desk.get(address)
    data = here.house.blobs.get(app.release(here.house, ids["pier.mp4"])[1].digest)
    assert whole.status_code == 200
    assert whole.content == data
    assert whole.headers["accept-ranges"] == "bytes"
    for asked, start, end in (
        ("bytes=0-9", 0, 10),
        ("bytes=100-", 100, len(data)),
        ("bytes=-7", len(data) - 7, len(data)),
        ("bytes=5-99999999999", 5, len(data)),
    ):
        part = desk.get(address, headers={"range": asked})
        assert part.status_code == 206
        assert part.content == data[start:end]
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{len(data)}"
    assert desk.get(address, headers={"range": f"bytes={len(data)}-"}).status_code == 416
    assert desk.get(address, headers={"range": "bytes=9-1"}).status_code == 416
    for odd in ("bytes=", "bytes=-", "chapters=1-2", "bytes=1-2,5-6", "bytes=a-b"):
        assert desk.get(address, headers={"range": odd}).content == data, odd


def test_a_file_opened_by_itself_may_do_nothing(desk: TestClient, ids: dict[str, str]) -> None:
    answer = desk.get(f"/release/{ids['quay.jpg']}/original")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("media_type", "shown"),
    [("video/mp4", True), ("image/jpeg", True), ("audio/mpeg", True), ("image/svg+xml", False), ("text/html", False)],
)
def test_only_video_sound_and_plain_images_are_handed_out(
    here: Premises, ids: dict[str, str], media_type: str, shown: bool
) -> None:
    release, _ = app.release(here.house, ids["pier.mp4"])
    assert is_shown(msgspec.structs.replace(release, media_type=media_type)) is shown


def test_bytes_that_are_gone_are_said_to_be_gone(tmp_path: Path) -> None:
    made = ledgers.premises(tmp_path)
    studio = open_studio(Config(ledger=f"sqlite:///{tmp_path / 'purport.db'}"))
    films.picture(tmp_path / "quay.jpg", 3)
    try:
        (outcome,) = app.add_footage(made.house, studio, [str(tmp_path / "quay.jpg")])
    finally:
        studio.workshop.close()
    id = outcome.releases[0].id
    for blob in (tmp_path / "purport.blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()
    with TestClient(build(made), base_url=AT) as client:
        assert client.get(f"/release/{id}").status_code == 200
        page = client.get(f"/release/{id}/clear").text
        assert "can’t be shown" in page
        assert "/original" not in page
        assert client.get(f"/release/{id}/original").status_code == 404
        assert client.get(f"/release/{id}/reuse").status_code == 404, "nothing to seek it with"


def test_no_footage_teaches_how_to_take_some_in(tmp_path: Path) -> None:
    with TestClient(build(ledgers.premises(tmp_path)), base_url=AT) as client:
        assert "purport footage add clip.mp4" in client.get("/releases").text
        assert client.get("/api/releases").json() == []
        assert client.get("/release/release-ffff").status_code == 404
        assert client.get("/api/release/release-ffff").status_code == 404
