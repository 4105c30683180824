"""JSONL: good lines are items with their fields, bad lines gaps with their number."""

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from input_samples import SAMPLES, FixedClock, Pages, causes, taken, text_of

from purport.collect import limits, take
from purport.core.records import Item


def test_good_lines_are_read_between_bad_ones() -> None:
    items, gaps = taken(SAMPLES / "bad-lines.jsonl")
    first, second = items
    assert text_of(first) == "The mayor denied it."
    assert (first.input_id, first.title, first.published) == ("a", "Mayor denies", "2031-03-12")
    assert (first.capture.url, first.capture.kind) == ("https://kest.example/1", "jsonl")
    assert text_of(second) == "The council confirmed it.\r\nIt said so twice. \ufffd \ufffd"
    assert (second.input_id, second.title) == ("7", "")
    assert [(g.cause, g.subject.rpartition("#")[2]) for g in gaps] == [
        ("bad-line", "line=2"),
        ("no-text", "line=3"),
        ("no-text", "line=5"),
        ("empty", "line=7"),
    ]


def test_the_text_is_kept_to_the_letter(tmp_path: Path) -> None:
    text = "\ufeff  Tabs\tand \u2028 odd\r\n\r\nspaces\u00a0stay: é e\u0301 😀  \n"
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": text}), encoding="utf-8")
    (item,), _ = taken(tmp_path / "a.jsonl")
    assert text_of(item) == text


def test_a_cut_off_gzip_gives_its_whole_lines_and_a_gap() -> None:
    items, gaps = taken(SAMPLES / "cut-off.jsonl.gz")
    assert 50 < len(items) < 200
    assert [i.input_id for i in items] == [str(n) for n in range(len(items))]
    assert causes(gaps) == ["truncated"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_encodings_of_json_are_read(tmp_path: Path, encoding: str) -> None:
    lines = '{"id": "a", "text": "“One.”"}\n{"id": "b", "text": "Two."}\n'
    (tmp_path / "a.jsonl").write_bytes(lines.encode(encoding))
    items, gaps = taken(tmp_path / "a.jsonl")
    assert [text_of(i) for i in items] == ["“One.”", "Two."]
    assert not gaps


def test_bytes_that_are_not_utf_8_are_said(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "a", "text": "caf\xe9"}\n')
    (item,), gaps = taken(tmp_path / "a.jsonl")
    assert text_of(item) == "caf\ufffd"
    assert causes(gaps) == ["undecodable"]


def test_a_line_without_end_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LINE", 1000)
    good = '{"id": "a", "text": "One."}\n'
    (tmp_path / "a.jsonl").write_text(good + '{"text": "' + "x" * 5000 + '"}\n' + good)
    items, gaps = taken(tmp_path / "a.jsonl")
    assert [i.capture.place.rpartition("#")[2] for i in items] == ["line=1", "line=3"]
    assert causes(gaps) == ["too-large"]
    (tmp_path / "b.jsonl").write_text(good + "x" * 50_000)
    items, gaps = taken(tmp_path / "b.jsonl")
    assert (len(items), causes(gaps)) == (1, ["too-large"])


def test_json_nested_beyond_reason_is_a_bad_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("[" * 200_000 + "\n")
    assert causes(taken(tmp_path / "a.jsonl")[1]) == ["bad-line"]


def test_memory_does_not_grow_with_the_lines(tmp_path: Path) -> None:
    with (tmp_path / "a.jsonl").open("w") as out:
        for n in range(20_000):
            out.write(json.dumps({"id": n, "text": "The mayor denied it. " * 20}) + "\n")

    def read() -> Iterator[Item]:
        for found in take([str(tmp_path / "a.jsonl")], fetcher=Pages(), clock=FixedClock()):
            assert isinstance(found, Item)
            yield found

    tracemalloc.start()
    assert sum(1 for _ in read()) == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000  # the file is 9 MB
