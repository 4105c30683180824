"""What a container states, from films of our own: kind, size, times, and when it says that it was made."""

from pathlib import Path

import pytest
from film_samples import cut, film, picture, street, tone, town, with_index_first

from purport.core.errors import FootageError
from purport.core.times import iso
from purport.footage.facts import facts, moment


def test_a_film(tmp_path: Path) -> None:
    path = street(tmp_path / "a.mp4", 3.0, tags={"creation_time": "2031-05-04T09:30:00Z"})
    found = facts(path, "a.mp4")
    assert (found.kind, found.container, found.media_type) == ("video", "mp4", "video/mp4")
    assert found.codecs == ("h264",)
    assert (found.width, found.height, found.rate, found.variable) == (160, 96, 10.0, False)
    assert found.duration == found.moving == pytest.approx(3.0, abs=0.05)
    (made,) = found.created
    assert (made.words[:19], iso(made.start)) == ("2031-05-04T09:30:00", "2031-05-04T09:30:00Z")


@pytest.mark.parametrize(
    ("name", "codec", "container", "media_type"),
    [
        ("a.mov", "libx264", "mov", "video/quicktime"),
        ("a.mkv", "libx264", "matroska", "video/x-matroska"),
        ("a.webm", "libvpx", "webm", "video/webm"),
        ("a.avi", "mjpeg", "avi", "video/x-msvideo"),
        ("a.ts", "libx264", "mpeg-ts", "video/mp2t"),
        ("a.gif", "gif", "gif", "image/gif"),
    ],
)
def test_containers_by_their_names(tmp_path: Path, name: str, codec: str, container: str, media_type: str) -> None:
    path = street(tmp_path / name, 1.0, codec=codec)
    blob = path.rename(tmp_path / "blob")  # as in the blob store: the name says nothing
    found = facts(blob, name)
    assert (found.kind, found.container, found.media_type) == ("video", container, media_type)
    assert found.duration == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.bmp", "a.tiff"])
def test_a_picture_has_no_duration(tmp_path: Path, name: str) -> None:
    found = facts(picture(tmp_path / name), name)
    assert (found.kind, found.duration, found.rate, found.width, found.height) == ("image", 0.0, 0.0, 160, 96)
    assert found.media_type.startswith("image/")


def test_a_gif_of_one_picture_is_an_image(tmp_path: Path) -> None:
    assert facts(film(tmp_path / "a.gif", [town(0)], codec="gif"), "a.gif").kind == "image"


def test_a_picture_that_lies_on_its_side_is_measured_upright(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.jpg")
    orientation = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    data = path.read_bytes()
    path.write_bytes(data[:2] + b"\xff\xe1" + (len(orientation) + 2).to_bytes(2, "big") + orientation + data[2:])
    found = facts(path, "a.jpg")
    assert (found.width, found.height) == (96, 160)


def test_a_cameras_clock_is_kept_as_the_hours_it_may_be(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.jpg")
    words = b"2031:05:04 09:30:00\0"  # tag 0x132 DateTime, ASCII, behind the directory
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x32\x01\x02\0\x14\0\0\0\x1a\0\0\0\0\0\0\0" + words
    data = path.read_bytes()
    path.write_bytes(data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:])
    (made,) = facts(path, "a.jpg").created
    assert (made.words, iso(made.start)) == ("2031:05:04 09:30:00", "2031-05-03T19:30:00Z")


def test_sound_alone(tmp_path: Path) -> None:
    found = facts(tone(tmp_path / "a.m4a"), "a.m4a")
    assert (found.kind, found.media_type, found.codecs, found.width) == ("audio", "audio/mp4", ("aac",), 0)
    assert found.duration == pytest.approx(2.0, abs=0.2)


def test_pictures_that_follow_unevenly_are_told_from_rounded_times(tmp_path: Path) -> None:
    pauses = [n if n < 10 else 3 * n - 20 for n in range(20)]
    uneven = film(tmp_path / "a.mp4", (town(n / 10) for n in range(20)), times=pauses)
    assert facts(uneven, "a.mp4").variable
    rounded = street(tmp_path / "b.mkv", 2.0, rate=30)  # 33, 33, 34 ms
    assert not facts(rounded, "b.mkv").variable


@pytest.mark.parametrize(
    ("words", "start", "hours"),
    [
        ("2031-05-04T09:30:00.000000Z", "2031-05-04T09:30:00Z", 1 / 3600),
        ("2031-05-04T11:30:00+0200", "2031-05-04T09:30:00Z", 1 / 3600),
        ("2031-05-04T06:00:00-03:30", "2031-05-04T09:30:00Z", 1 / 3600),
        ("2031:05:04 09:30:00", "2031-05-03T19:30:00Z", 26 + 1 / 3600),  # a camera's clock, in no known zone
        ("2031-05-04", "2031-05-03T10:00:00Z", 50),
    ],
)
def test_a_stated_time_is_as_exact_as_it_says(words: str, start: str, hours: float) -> None:
    found = moment(words)
    assert found is not None
    assert (iso(found.start), found.words) == (start, words)
    assert (found.end - found.start).total_seconds() / 3600 == pytest.approx(hours)


@pytest.mark.parametrize(
    "words", ["", "yesterday", "2031-13-04T09:30:00Z", "0000:00:00 00:00:00", "1904-01-01T00:00:00Z", "9999-12-31"]
)
def test_a_time_that_was_never_set_is_none(words: str) -> None:
    assert moment(words) is None


def test_a_film_without_its_index_is_cut_off(tmp_path: Path) -> None:
    with pytest.raises(FootageError, match=r"street\.mp4 ends before the index") as fault:
        facts(cut(street(tmp_path / "a.mp4"), 0.5), "street.mp4")
    assert fault.value.cause == "truncated"
    assert facts(cut(with_index_first(tmp_path / "b.mp4"), 0.5), "b.mp4").duration == pytest.approx(10, abs=0.1)


@pytest.mark.parametrize("data", [b"\0" * 5_000, b"ftyp", bytes(range(256)) * 40, b"\xff\xd8\xff\xe0 no picture"])
def test_what_is_no_media_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "blob"
    path.write_bytes(data)
    with pytest.raises(FootageError) as fault:
        facts(path, "clip.mp4")
    assert "clip.mp4" in str(fault.value)
    assert "blob" not in str(fault.value)


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{}'\n",
    ],
)
def test_a_list_that_names_another_file_does_not_open_it(tmp_path: Path, text: str) -> None:
    street(tmp_path / "secret.ts", 1.0)
    path = tmp_path / "blob"
    path.write_text(text.format("secret.ts"))
    with pytest.raises(FootageError):
        facts(path, "clip.mp4")
