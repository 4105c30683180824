"""Taking in files, folders, standard input and addresses: what comes out, and which gap when it can't."""

import gzip
import os
import random
from pathlib import Path

import pytest
from input_samples import NOW, SAMPLES, FixedClock, Pages, causes, taken, text_of

from purport.collect import count, limits, take
from purport.core.errors import FetchError, RefusedAddressError
from purport.core.ids import digest

STORY = "The ministry of Norland said that it had not seen the video — “none of it”.\nThe café owner denied it.\n"


def test_a_text_file_keeps_its_bytes_and_says_where_it_came_from(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"The mayor denied it.\r\nTwice.\r\n")
    (item,), gaps = taken(file)
    assert not gaps
    assert text_of(item) == "The mayor denied it.\r\nTwice.\r\n"
    assert item.capture.place == str(file)
    assert item.capture.digest == digest(item.data)
    assert (item.capture.media_type, item.capture.kind, item.capture.taken) == ("text/plain", "file", NOW)


def test_a_capture_is_the_same_whenever_it_is_taken_and_another_when_its_bytes_change(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("one report")
    (first,), _ = taken(file)
    (again,), _ = taken(file)
    file.write_text("another report")
    (changed,), _ = taken(file)
    assert first.capture.id == again.capture.id != changed.capture.id


@pytest.mark.parametrize("name", ["utf-16.txt", "utf-16-without-mark.txt", "utf-8-with-mark.txt", "windows-1252.txt"])
def test_encodings_are_recognised(name: str) -> None:
    (item,), gaps = taken(SAMPLES / name)
    assert text_of(item) == STORY
    assert not gaps


def test_bytes_that_cannot_be_read_are_replaced_and_said(tmp_path: Path) -> None:
    file = tmp_path / "damaged.txt"
    file.write_bytes("Żółw — “ćma” — zażółć gęślą".encode() + b"\xff\xfe" + " jaźń".encode())
    (item,), gaps = taken(file)
    assert item.charset == "utf-8"
    assert causes(gaps) == ["undecodable"]


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (bytes(range(256)), "binary"),
        (b"\x00" * 5000, "binary"),
        (b"%PDF-1.7\nThe mayor denied it.", "binary"),
        (b"PK\x03\x04rest", "binary"),
        (b'<?xml version="1.0"?><rss><channel/></rss>', "feed"),
        (b'<?xml version="1.0"?><note>The mayor denied it.</note>', "xml"),
    ],
)
def test_what_is_no_report_is_a_gap_with_its_mend(tmp_path: Path, content: bytes, cause: str) -> None:
    file = tmp_path / "named.txt"
    file.write_bytes(content)
    items, gaps = taken(file)
    assert not items
    assert causes(gaps) == [cause]
    assert gaps[0].subject == str(file)


def test_the_content_decides_before_the_name(tmp_path: Path) -> None:
    (page,), _ = taken(SAMPLES / "html-named.txt")
    assert page.capture.media_type == "text/html"
    plain = tmp_path / "plain.html"
    plain.write_text("The mayor said that 3 < 5.")
    (item,), _ = taken(plain)
    assert item.capture.media_type == "text/plain"
    fragment = tmp_path / "fragment.html"
    fragment.write_text("The mayor <b>denied</b> it.")
    (item,), _ = taken(fragment)
    assert item.capture.media_type == "text/html"
    lines = tmp_path / "lines.txt"
    lines.write_text('{"id": 1, "text": "The mayor denied it."}\n')
    (item,), _ = taken(lines)
    assert (item.capture.kind, item.input_id) == ("jsonl", "1")


def test_a_page_is_read_in_the_encoding_it_names(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes('<html><head><meta charset="windows-1251"></head><p>Мэр отрицает.</p>'.encode("cp1251"))
    (item,), gaps = taken(file)
    assert (item.charset, gaps) == ("cp1251", [])


def test_a_folder_is_walked_in_order_and_what_is_passed_over_is_said(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/2.txt", "b/1.html", "a.txt", ".hidden.txt", "c.pdf", "d.jpg"):
        (tmp_path / name).write_text("<p>The mayor denied it.</p>")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.txt").write_text("hidden")
    items, gaps = taken(tmp_path)
    assert [Path(i.capture.place).name for i in items] == ["a.txt", "1.html", "2.txt"]
    assert causes(gaps) == ["not-read"]
    assert "1 .pdf" in gaps[0].detail and "1 .jpg" in gaps[0].detail


def test_links_that_loop_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text("The mayor denied it.")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    items, gaps = taken(tmp_path)
    assert len(items) == 1
    assert causes(gaps) == ["unreadable"]  # the link to itself


def test_a_missing_place_is_a_gap_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The mayor denied it.")
    items, gaps = taken(tmp_path / "none.txt", "", "a\x00b", "ftp://kest.example/x", tmp_path / "a.txt")
    assert len(items) == 1
    assert causes(gaps) == ["missing", "missing", "missing", "not-read"]


def test_an_unreadable_file_is_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("The mayor denied it.")
    (tmp_path / "b.txt").write_text("The council confirmed it.")
    opened = Path.open

    def refuse(self: Path, *args: str) -> object:  # rights don't bind the superuser, who may run the tests
        if self.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *args)

    monkeypatch.setattr(Path, "open", refuse)
    items, gaps = taken(tmp_path)
    assert len(items) == 1
    assert causes(gaps) == ["unreadable"]
    assert "Permission denied" in gaps[0].detail


def test_a_file_name_need_not_be_unicode(tmp_path: Path) -> None:
    file = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(file, "wb") as out:  # noqa: PTH123
        out.write(b"The mayor denied it.")
    (item,), gaps = taken(tmp_path)
    assert not gaps
    assert item.capture.place.endswith("caf\ufffd.txt")


def test_a_fifo_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    items, gaps = taken(tmp_path)
    assert not items
    assert causes(gaps) == ["not-read"]


def test_too_large_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TEXT", 1000)
    (tmp_path / "a.txt").write_text("The mayor denied it. " * 100)
    items, gaps = taken(tmp_path / "a.txt")
    assert (items, causes(gaps)) == ([], ["too-large"])


def test_a_gzip_bomb_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TEXT", 100_000)
    (tmp_path / "bomb.txt.gz").write_bytes(gzip.compress(b"a" * 30_000_000))
    (tmp_path / "zeros.txt.gz").write_bytes(gzip.compress(b"\x00" * 30_000_000))
    (tmp_path / "twice.txt.gz").write_bytes(gzip.compress(gzip.compress(b"The mayor denied it.")))
    items, gaps = taken(tmp_path)
    assert not items
    assert causes(gaps) == ["too-large", "binary", "binary"]


def test_gzipped_text_is_read_and_a_broken_one_is_a_gap(tmp_path: Path) -> None:
    whole = gzip.compress(random.Random(1).randbytes(3000).hex().encode())
    (tmp_path / "a.txt.gz").write_bytes(whole)
    (tmp_path / "b.txt.gz").write_bytes(whole[:-100])
    (tmp_path / "c.txt.gz").write_bytes(whole[:200] + b"\xff" * 100 + whole[300:])
    items, gaps = taken(tmp_path)
    assert [Path(i.capture.place).name for i in items] == ["a.txt.gz"]
    assert causes(gaps) == ["truncated", "broken-archive"]


def test_standard_input_may_be_anything_a_file_may_be() -> None:
    (item,), _ = taken("-", stdin=b"The mayor denied it.")
    assert (item.capture.place, item.capture.kind) == ("-", "stdin")
    items, _ = taken("-", stdin=b'{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}\n')
    assert [(i.capture.place, i.input_id) for i in items] == [("-#line=1", "a"), ("-#line=2", "b")]
    items, _ = taken("-", stdin=(SAMPLES / "wrong-digest.warc").read_bytes())
    assert len(items) == 2
    assert causes(taken("-", stdin=b"")[1]) == ["empty"]
    assert causes(taken("-")[1]) == ["missing"]


def test_an_address_is_fetched_and_its_password_kept_nowhere() -> None:
    final = "https://kest.example/final"
    fetcher = Pages(a=(final, "text/html; charset=utf-8", b"<p>The mayor denied it.</p>"))
    (item,), gaps = taken("https://jane:secret@kest.example/a", fetcher=fetcher)
    assert not gaps
    assert fetcher.asked == ["https://jane:secret@kest.example/a"]
    assert (item.capture.place, item.capture.url) == ("https://kest.example/a", final)
    assert (item.capture.kind, item.capture.media_type) == ("url", "text/html")


def test_an_address_that_fails_is_a_gap_with_the_message() -> None:
    fetcher = Pages(a=RefusedAddressError("leads home"), b=FetchError("too slow", "timeout"))
    items, gaps = taken("https://kest.example/a", "https://kest.example/b", fetcher=fetcher)
    assert not items
    assert [(g.cause, g.detail) for g in gaps] == [("refused-address", "leads home"), ("timeout", "too slow")]


def test_a_place_is_not_opened_before_its_turn(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The mayor denied it.")
    found = take([str(tmp_path / "a.txt"), "https://kest.example/none"], fetcher=Pages(), clock=FixedClock())
    next(found)
    with pytest.raises(KeyError):
        next(found)


def test_count_is_cheap_and_nought_when_unknown(tmp_path: Path) -> None:
    for name in ("a.txt", "b.html", "c.pdf", ".d.txt"):
        (tmp_path / name).write_text("x")
    assert count([str(tmp_path), "https://kest.example/a"]) == 3
    (tmp_path / "e.jsonl").write_text("{}")
    assert count([str(tmp_path)]) == 0
    assert count(["-"]) == 0
