"""Fingerprints: what mirrors share, what stays, what is one a half second, what can be read again."""

from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from film_samples import fair, film

from purport.core.errors import EvidenceError, FootageError
from purport.footage import prints
from purport.footage.frames import Footage
from purport.footage.prints import Beat, Cuts, Finder, Prints, Tracks
from purport.footage.sketch import mirrored_corners, packed_corners, sketch


def grey(number: int = 0, seconds: float = 0.0) -> prints.Grey:
    return cv2.cvtColor(fair(seconds, number), cv2.COLOR_RGB2GRAY)


def apart(left: int, right: int) -> int:
    return (left ^ right).bit_count()


def test_a_picture_and_its_mirror_image_share_a_hash_and_two_pictures_do_not() -> None:
    one, other = (prints.means(grey(number), 32, 32) for number in (1, 2))
    assert apart(prints.hash_of(one), prints.hash_of(one[:, ::-1])) == 0
    assert apart(prints.hash_of(one), prints.hash_of(other)) > prints_far
    assert prints.hash_of(np.full((32, 32), 90, np.uint8)) == 0  # too plain to tell


prints_far = 14


def test_a_brighter_copy_keeps_its_hash_nearly() -> None:
    one = prints.means(grey(1), 32, 32)
    brighter = np.clip(one.astype(float) * 1.2 + 10, 0, 255).astype(np.uint8)
    assert apart(prints.hash_of(one), prints.hash_of(brighter)) <= 6


def test_marks_are_spread_and_no_more_than_asked_for() -> None:
    patterns, places = Finder(100)(grey())
    assert len(patterns) == len(places) == 100
    assert np.ptp(places[:, 0]) > 1.0
    assert len(Finder(100)(np.zeros((1, 1), np.uint8))[0]) == 0


@pytest.mark.parametrize("hurried", [False, True])
def test_a_mirror_image_has_the_same_corners(hurried: bool) -> None:
    find, turned = Finder(100, hurried), np.ascontiguousarray(grey()[:, ::-1])
    corners = mirrored_corners(packed_corners(find.corners(grey())), turned.shape[1], find.scale)
    expected, found = find(turned)[0], find.patterns(turned, corners)[0]
    differ = np.bitwise_count(expected[:, None] ^ found).sum(-1, dtype=np.int64).min(1)
    assert np.mean(differ <= 20) > 0.8


def test_what_stays_is_one_mark_with_how_long() -> None:
    find, tracks = Finder(60), Tracks()
    for look in range(4):
        tracks.see(look, *find(grey()))
    marks = tracks.marks()
    assert len(marks) == 60
    assert marks.looks.tolist() == [[0, 3]] * 60


def test_the_first_of_each_half_second_is_due_and_holes_are_not_made_up() -> None:
    beat = Beat(2.0)
    assert [beat.due(at) for at in (0.0, 0.1, 0.52, 0.9, 1.0, 7.3, 7.4, 7.5)] == [1, 0, 1, 0, 1, 1, 0, 1]


def test_a_cut_is_found_and_movement_is_none() -> None:
    cuts = Cuts()
    for number in range(30):
        cuts.see(number / 10, grey(1 if number < 15 else 5, number / 10))
    assert cuts.found == [1.5]


def test_prints_are_saved_and_read_again(tmp_path: Path) -> None:
    made = film(tmp_path / "fair.mp4", (fair(n / 10) for n in range(25)))
    told: list[float] = []
    one = prints.take(made, told.append)
    one.save(tmp_path / "fair.prints")
    again = Prints.load(tmp_path / "fair.prints")
    assert again.duration == pytest.approx(2.5, abs=0.02)
    assert (again.width, again.height, len(again.times), len(again.cells)) == (320, 180, 5, 20)
    assert (again.marks.patterns == one.marks.patterns).all()
    assert told[0] == 0
    assert again.shots == [(0.0, again.duration)]


def test_broken_prints_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "x.prints").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(EvidenceError, match="Add its file again"):
        Prints.load(tmp_path / "x.prints")


@pytest.mark.parametrize("content", [b"", b"only words", b"\x00" * 4096])
def test_what_is_no_film_is_said_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "film.mp4").write_bytes(content)
    with pytest.raises(FootageError, match=r"film\.mp4"):
        list(Footage(tmp_path / "film.mp4"))


def between(path: Path, rate: int, many: int) -> Path:
    """Four seconds of film in which up to so many pictures between two others have none made from them."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.options = {"bf": str(many), "b_strategy": "0", "x264-params": "b-pyramid=none:keyint=250:scenecut=0"}
        for number in range(4 * rate):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(fair(number / rate), format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize(("rate", "many", "later"), [(25, 2, 4.0), (10, 2, 0.0), (25, 7, 1.0), (25, 16, 2.0)])
def test_in_a_hurry_pictures_are_left_out_while_enough_are_left(
    tmp_path: Path, rate: int, many: int, later: float
) -> None:
    """`later`: seconds from which on none is left out."""
    path = between(tmp_path / "fair.mp4", rate, many)
    whole = [picture.time for picture in Footage(path)]
    quick = [picture.time for picture in Footage(path, hurried=True)]
    assert len(whole) == 4 * rate
    assert (len(quick) < len(whole)) == (later > 0)
    assert set(quick) <= set(whole)
    assert [time for time in quick if time >= later] == [time for time in whole if time >= later]
    if later == 4.0:
        assert len(quick) < 0.6 * len(whole)
        assert max(after - before for before, after in pairwise(quick)) < 0.14
    assert sketch(path).prints.duration == pytest.approx(4.0, abs=1.01 / rate)


def test_a_list_of_other_files_is_not_followed(tmp_path: Path) -> None:
    made = film(tmp_path / "fair.mp4", (fair(n / 10) for n in range(5)))
    listed = tmp_path / "list.m3u8"
    listed.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.5,\n{made}\n#EXT-X-ENDLIST\n")
    with pytest.raises(FootageError):
        list(Footage(listed))
