"""Releases: words first, then blurred grey stills; nothing clear, moving or sounding before it is asked for."""

import re
from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import film_samples as films
import ledgers
import msgspec
import numpy as np
import pytest
from litestar.testing import TestClient

from purport import app
from purport.app import admitting, proving
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


def test_each_rung_is_asked_for_by_itself(desk: TestClient, ids: dict[str, str]) -> None:
    pier, clear = ids["pier.mp4"], f"/release/{ids['pier.mp4']}/clear"
    for address in ("/releases", f"/release/{pier}", f"/release/{pier}/reuse", f"/release/{pier}/referred", clear):
        page = desk.get(address).text
        assert "/original" not in page and "/silent" not in page
        assert "<video" not in page and "<audio" not in page
    assert f'src="{clear}/0"' in desk.get(clear).text and f'src="{clear}/0"' not in desk.get(f"/release/{pier}").text
    clip, sound = desk.get(f"{clear}?step=clip").text, desk.get(f"{clear}?step=sound").text
    assert f'src="/release/{pier}/silent"' in clip and "/original" not in clip
    assert f'src="/release/{pier}/original"' in sound
    for page in (clip, sound, desk.get(f"/release/{ids['radio.m4a']}/clear").text):
        (player,) = re.findall(r"<(?:video|audio)[^>]*>", page)
        assert 'preload="none"' in player
        assert "autoplay" not in page
    assert "muted" in re.findall(r"<video[^>]*>", clip)[0]
    assert desk.get(f"{clear}?step=loud").status_code == 400


def test_a_clear_still_is_in_colour_and_of_that_shot(desk: TestClient, ids: dict[str, str]) -> None:
    answer = desk.get(f"/release/{ids['pier.mp4']}/clear/0")
    picture = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (180, 320, 3) and np.ptp(picture.astype(int), axis=2).max() > 40
    assert desk.get(f"/release/{ids['pier.mp4']}/clear/99").status_code == 404
    assert desk.get(f"/release/{ids['radio.m4a']}/clear/0").status_code == 404


def test_a_silent_clip_has_the_pictures_and_no_sound(desk: TestClient, ids: dict[str, str], tmp_path: Path) -> None:
    for name, heard in (("pier.mp4", False), ("loud.mp4", True)):
        answer = desk.get(f"/release/{ids[name]}/silent")
        assert answer.status_code == 200
        (tmp_path / "silent.mp4").write_bytes(answer.content)
        original = desk.get(f"/release/{ids[name]}/original").content
        (tmp_path / "original.mp4").write_bytes(original)
        with av.open(str(tmp_path / "silent.mp4")) as made, av.open(str(tmp_path / "original.mp4")) as given:
            assert not made.streams.audio and bool(given.streams.audio) is heard
            assert sum(1 for _ in made.decode(video=0)) == sum(1 for _ in given.decode(video=0)) > 20
    ranged = desk.get(f"/release/{ids['loud.mp4']}/silent", headers={"range": "bytes=0-99"})
    assert ranged.status_code == 206 and len(ranged.content) == 100
    assert desk.get(f"/release/{ids['quay.jpg']}/silent").status_code == 404


def test_two_films_are_beside_each_other_at_the_same_instants(desk: TestClient, ids: dict[str, str]) -> None:
    pier, again = ids["pier.mp4"], ids["again.mp4"]
    assert f'href="/release/{pier}/beside/0"' in desk.get(f"/release/{pier}/reuse").text
    page = desk.get(f"/release/{pier}/beside/0").text
    assert f'src="/release/{pier}/silent#t=' in page and f'src="/release/{again}/silent#t=' in page
    assert "beside blurred" in page and "/original" not in page
    found = re.findall(r"step=clip&amp;at=([\d.]+)", page)
    pairs = list(zip(map(float, found[::2]), map(float, found[1::2]), strict=True))
    assert len(pairs) == 5 and all(abs((here - there) - 8) < 0.3 for here, there in pairs)  # 8 s in is 0 there
    assert "beside blurred" not in desk.get(f"/release/{pier}/beside/0?clear=true").text
    assert desk.get(f"/release/{pier}/beside/99").status_code == 404


def test_hidden_footage_stays_hidden_until_asked_for(here: Premises, ids: dict[str, str]) -> None:
    clear = f"/release/{ids['pier.mp4']}/clear?step=clip"
    with TestClient(build(here), base_url=AT) as desk:
        form = {"token": re.search(r'name="token" value="(\w+)"', desk.get(clear).text)[1], "back": clear}
        desk.post("/hide", data=form | {"hide": "1"})
        for address in (clear, f"/release/{ids['pier.mp4']}/beside/0"):
            page = desk.get(address).text
            assert "data-hidden" in page and "<video" not in page and "/silent" not in page
        shown = desk.post("/hide", data=form | {"hide": ""}).text
        assert "<video" in shown and "data-hidden" not in shown


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


def test_after_so_many_a_page_asks_for_a_break(here: Premises, ids: dict[str, str], tmp_path: Path) -> None:
    desk = ledgers.staffed(here, tmp_path, people={}, rest=3)
    clear = f"/release/{ids['pier.mp4']}/clear"
    with TestClient(build(desk), base_url=AT) as client:
        said = [
            "Look away for a while" in client.get(f"{clear}?step={step}").text for step in ("still", "clip", "sound")
        ]
        assert said == [False, False, True]
        assert "Look away" not in client.get(f"/release/{ids['pier.mp4']}").text  # words don't count
        assert re.search(r"<dt>silent clips</dt><dd>1</dd>", client.get("/you").text)
        client.get(f"/release/{ids['pier.mp4']}/beside/0?clear=true")
        assert re.search(r"<dt>silent clips</dt><dd>3</dd>", client.get("/you").text)


def test_footage_that_somebody_had_shown_is_in_the_log(here: Premises, ids: dict[str, str], tmp_path: Path) -> None:
    desk = ledgers.staffed(here, tmp_path)
    pier = ids["pier.mp4"]
    by = {"authorization": f"Bearer {admitting.token(desk.staff[0], 'bo')}"}
    with TestClient(build(desk), base_url=AT) as client:
        for part in ("still/0", "clear/0", "silent", "silent", "original"):
            assert client.get(f"/release/{pier}/{part}", headers=by).status_code == 200
    told = [(one.what, one.inputs) for _, one in proving.entries(desk.vault) if one.who == "bo"]
    assert told[-3:] == [(f"open {rung}", (pier,)) for rung in ("still", "clip", "sound")]
