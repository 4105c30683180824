"""What auto-archiver left: sheets, CSV files, records and pages, with the files that they name."""

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from input_samples import NOW, FixedClock, Pages, causes, text_of
from test_collect_wacz import package

from purport.collect import Medium, take
from purport.collect.archived import from_json
from purport.core.records import Gap, Item
from purport.read.article import report

WORDS = "The harbour master said that the breakwater had cracked. The ministry denied it."
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 8
COLUMNS = (
    "Link", "Archive status", "Destination folder", "Archive location", "Archive date", "Thumbnail", "Upload timestamp",
    "Upload title", "Text content", "Screenshot", "Hash", "Perceptual Hashes", "WACZ", "ReplayWebpage",
)  # fmt: skip


def all_of(*places: object) -> tuple[list[Item], list[Medium], list[Gap]]:
    found = list(take([str(place) for place in places], fetcher=Pages(), clock=FixedClock()))
    return (
        [one for one in found if isinstance(one, Item)],
        [one for one in found if isinstance(one, Medium)],
        [one for one in found if isinstance(one, Gap)],
    )


def sha256(data: bytes) -> str:
    return "SHA-256:" + hashlib.sha256(data).hexdigest()


def sha3(data: bytes) -> str:
    return "SHA3-512:" + hashlib.sha3_512(data).hexdigest()


def sheet(rows: Iterable[dict[str, str]], columns: tuple[str, ...] = COLUMNS, delimiter: str = ",") -> str:
    """The sheet as it is saved from a spreadsheet."""

    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if set(cell) & set('",\n;\t') else cell

    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    return "".join(delimiter.join(map(quoted, line)) + "\r\n" for line in lines)


ROW = {
    "Link": "https://kest.example/1",
    "Archive status": "generic: success",
    "Upload title": "The harbour at Kest",
    "Text content": WORDS,
    "Upload timestamp": "2031-03-12T08:00:00+00:00",
}
FAILED = {"Link": "https://kest.example/2", "Archive status": "nothing archived"}


def page(hash: str, name: str = "local_archive/x/clip.mp4", words: str = WORDS) -> str:
    """The page that it makes for people, in its build."""
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>x</title><style>td {{padding: 5px;}}</style></head>
<body><div id="notification"></div>
<h2>Archived media for <span class="copy">https://kest.example/1</span> - <a href="https://kest.example/1">open</a></h2>
<p><b>title:</b> '<span class="copy">The harbour at Kest</span>'</p>
<h2 class="center">content 1 item(s)</h2>
<table class="content"><tr><th>about</th><th>files and preview</th></tr><tbody><tr>
<td><ul><li><b>key:</b> <span class="copy">{name}</span></li><li><b>type:</b> <span class="copy">video/mp4</span></li>
<li><b>hash:</b> <span class="copy">{hash}</span></li></ul></td>
<td><div><video src="/data/me/{name}" controls></video></div><a href="/data/me/{name}">open</a> or
<a href="/data/me/{name}" download="">download</a> or <span class="copy" copy-value="{name}">copy</span></td>
</tr></tbody></table>
<h2 class="center">metadata</h2>
<table class="metadata"><tr><th>key</th><th>value</th></tr>
<tr><td>url</td><td><span class="copy"><a href="https://kest.example/1">https://kest.example/1</a></span></td></tr>
<tr><td>title</td><td><span class="copy">The harbour at Kest</span></td></tr>
<tr><td>timestamp</td><td><span class="copy">2031-03-12 08:00:00+00:00</span></td></tr>
<tr><td>content</td><td><span class="copy">{words}</span></td></tr></table>
<p class="center">Made with auto-archiver</p></body></html>"""


def record(*media: dict[str, object], **metadata: str) -> dict[str, object]:
    about = {"url": "https://kest.example/1", "title": "The harbour at Kest", "content": WORDS}
    about |= {"timestamp": "2031-03-12 08:00:00+00:00", "_processed_at": "2031-03-13 09:00:00+00:00", **metadata}
    return {"status": "generic: success", "metadata": about, "media": list(media)}


def medium(hash: str, **more: object) -> dict[str, object]:
    return {"filename": "/tmp/tmpab/clip.mp4", "_key": "", "urls": [], "properties": {"hash": hash}, **more}


def test_a_row_is_a_report_with_its_address_title_and_day(tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text(sheet([ROW]), encoding="utf-8", newline="")
    (item,), _, gaps = all_of(tmp_path / "sheet.csv")
    assert not gaps
    assert item.capture.place == f"{tmp_path}/sheet.csv#row=2"
    assert (item.capture.kind, item.capture.url) == ("archived", "https://kest.example/1")
    (made,), faults = report(item, NOW)
    assert not faults
    assert (made.text, made.title, made.outlet) == (WORDS, "The harbour at Kest", "kest.example")
    assert made.published[0].start.isoformat() == "2031-03-12T08:00:00+00:00"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["sheet.csv", "sheet.tsv", "sheet.txt", "sheet", "sheet.csv.gz"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_sheet_is_known_by_its_columns(tmp_path: Path, name: str, delimiter: str, charset: str) -> None:
    data = sheet([ROW | {"Text content": 'He said: "No; never",\nand went.'}], delimiter=delimiter).encode(charset)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    (item,), _, gaps = all_of(tmp_path / name)
    assert not gaps
    assert text_of(item) == 'He said: "No; never",\nand went.'


def test_other_tables_are_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,age\nKest,3\n")
    assert causes(all_of(tmp_path / "a.csv")[2]) == ["table"]
    assert causes(all_of(tmp_path)[2]) == ["not-read"]


def test_what_was_not_archived_is_a_gap_with_its_own_words(tmp_path: Path) -> None:
    progress = {"Link": "https://kest.example/3", "Archive status": "Archive in progress"}
    waiting = {"Link": "https://kest.example/4"}
    no_link = {"Upload title": "A title"}
    (tmp_path / "sheet.csv").write_text(sheet([FAILED, progress, waiting, no_link, ROW]))
    items, _, gaps = all_of(tmp_path / "sheet.csv")
    assert len(items) == 1
    assert causes(gaps) == ["not-archived", "not-archived", "not-archived", "bad-row"]
    assert "“nothing archived”" in gaps[0].detail
    assert [g.subject.rpartition("=")[2] for g in gaps] == ["2", "3", "4", "5"]


def test_a_folder_of_its_output_is_each_page_once_and_its_media(tmp_path: Path) -> None:
    """The sheet, the page and the record say the same; the video hangs on all of them."""
    folder = tmp_path / "local_archive" / "x"
    folder.mkdir(parents=True)
    (folder / "clip.mp4").write_bytes(VIDEO)
    made = page(sha256(VIDEO)).encode()
    (folder / "page.html").write_bytes(made)
    (folder / "metadata.json").write_text(json.dumps(record(medium(sha256(VIDEO), _key="local_archive/x/clip.mp4"))))
    row = ROW | {"Archive location": "./local_archive/x/page.html", "Hash": sha256(made)}
    (tmp_path / "sheet.csv").write_text(sheet([row]))
    items, media, gaps = all_of(tmp_path)
    assert not gaps
    assert [text_of(item) for item in items] == [WORDS]
    (clip,) = media
    assert clip.path == folder / "clip.mp4"
    assert (clip.capture.url, clip.capture.kind) == ("https://kest.example/1", "media")


@pytest.mark.parametrize("form", ["page", "json"])
@pytest.mark.parametrize("hasher", [sha256, sha3])
@pytest.mark.parametrize("harmed", [False, True])
def test_a_file_is_taken_only_if_its_hash_holds(tmp_path: Path, form: str, hasher: type, harmed: bool) -> None:
    (tmp_path / "clip.mp4").write_bytes(VIDEO + b"!" * harmed)
    said = hasher(VIDEO)
    if form == "page":
        (tmp_path / "page.html").write_text(page(said), encoding="utf-8")
    else:
        (tmp_path / "a.json").write_text(json.dumps(record(medium(said))))
    items, media, gaps = all_of(tmp_path)
    assert len(items) == 1
    assert len(media) == 1 - harmed
    assert causes(gaps) == ["digest"] * harmed


def test_a_file_may_be_named_after_its_hash(tmp_path: Path) -> None:
    name = hashlib.sha256(VIDEO).hexdigest()[:24] + ".mp4"
    (tmp_path / name).write_bytes(VIDEO)
    (tmp_path / "a.json").write_text(json.dumps(record(medium(sha256(VIDEO)))))
    _, media, gaps = all_of(tmp_path)
    assert [m.path.name for m in media] == [name]
    assert not gaps


def test_what_is_named_and_missing_is_a_gap_and_what_lies_elsewhere_is_counted(tmp_path: Path) -> None:
    gone = ROW | {"WACZ": "./local_archive/gone.wacz", "Archive location": "https://bucket.example/a.html"}
    (tmp_path / "sheet.csv").write_text(sheet([gone, gone | {"Link": "https://kest.example/5", "WACZ": ""}]))
    items, _, gaps = all_of(tmp_path / "sheet.csv")
    assert len(items) == 2
    assert causes(gaps) == ["missing", "elsewhere"]
    assert "gone.wacz" in gaps[0].detail
    assert "not fetched: 2." in gaps[1].detail


def test_a_package_that_a_row_names_is_read(tmp_path: Path) -> None:
    (tmp_path / "crawl.wacz").write_bytes(package())
    (tmp_path / "sheet.csv").write_text(sheet([ROW | {"WACZ": "/data/me/local_archive/crawl.wacz"}]))
    items, _, gaps = all_of(tmp_path / "sheet.csv")
    assert [item.capture.kind for item in items] == ["archived", "warc", "warc"]
    assert not gaps
    assert len(all_of(tmp_path)[0]) == 3  # as a folder: no page twice


@pytest.mark.parametrize(
    "name",
    ["../secret.mp4", "/etc/../../secret.mp4", "..\\secret.mp4", "a/../../secret.mp4", "link.mp4", "\x00", "." * 9000],
)
def test_no_record_names_a_file_outside_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.mp4").write_bytes(VIDEO)
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "link.mp4").symlink_to(tmp_path / "secret.mp4")
    (folder / "a.json").write_text(json.dumps(record({"filename": name, "urls": [name], "properties": {}})))
    _, media, gaps = all_of(folder / "a.json")
    assert (media, causes(gaps)) == ([], ["missing"])


def test_a_record_from_standard_input_names_no_file_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.chdir(tmp_path)
    (tmp_path / "clip.mp4").write_bytes(VIDEO)
    data = json.dumps(record(medium(sha256(VIDEO)))).encode()
    found = list(take(["-"], fetcher=Pages(), clock=FixedClock(), stdin=io.BytesIO(data)))
    assert [type(one).__name__ for one in found] == ["Item", "Gap"]


def test_its_csv_file_holds_python_s_own_words(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(VIDEO)
    metadata = (
        f"{{'url': 'https://kest.example/1', 'title': 'The harbour at Kest', 'content': {WORDS!r}, "
        "'timestamp': datetime.datetime(2031, 3, 12, 8, 0, tzinfo=datetime.timezone.utc)}"
    )
    media = f"[Media(filename='x'), {medium(sha256(VIDEO))!r}]"
    row = {"status": "generic: success", "metadata": metadata, "media": media}
    evil = {"status": "success", "metadata": "__import__('os').system('touch pwned')", "media": "[" * 5000}
    columns = ("status", "metadata", "media", "_context")
    (tmp_path / "db.csv").write_text(sheet([row, evil], columns))
    (item,), (clip,), gaps = all_of(tmp_path / "db.csv")
    assert (text_of(item), item.published) == (WORDS, "2031-03-12T08:00:00+00:00")
    assert clip.path.name == "clip.mp4"
    assert causes(gaps) == ["bad-row"]
    assert not Path("pwned").exists()


def test_the_words_in_a_platform_s_answer_are_taken_out() -> None:
    answer = json.dumps({"id": 7, "full_text": WORDS, "user": {"name": "x"}})
    assert from_json(json.dumps(record(content=answer)).encode()).text == WORDS
    assert from_json(json.dumps(record(content="{not json")).encode()).text == "{not json"


def test_files_made_of_a_file_are_found_among_its_properties(tmp_path: Path) -> None:
    inner = {"filename": "/tmp/thumb_1.jpg", "_key": "thumb_1.jpg", "urls": [], "properties": {}}
    outer = medium(sha256(VIDEO))
    outer["properties"] = {"hash": sha256(VIDEO), "thumbnails": [inner], "self": {"filename": 7}}
    (tmp_path / "clip.mp4").write_bytes(VIDEO)
    (tmp_path / "thumb_1.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(50))
    (tmp_path / "a.json").write_text(json.dumps(record(outer)))
    _, media, gaps = all_of(tmp_path / "a.json")
    assert sorted(m.path.name for m in media) == ["clip.mp4", "thumb_1.jpg"]
    assert not gaps


def test_importing_twice_names_the_same_things(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(VIDEO)
    (tmp_path / "page.html").write_text(page(sha256(VIDEO)), encoding="utf-8")
    (tmp_path / "sheet.csv").write_text(sheet([ROW, FAILED]))
    first, second = all_of(tmp_path), all_of(tmp_path)
    assert [i.capture.id for i in first[0]] == [i.capture.id for i in second[0]]
    assert [m.capture.id for m in first[1]] == [m.capture.id for m in second[1]]
    assert [g.id for g in first[2]] == [g.id for g in second[2]]


@pytest.mark.parametrize("part", range(20))
def test_a_sheet_cut_off_anywhere_gives_its_whole_rows(tmp_path: Path, part: int) -> None:
    columns = ("Link", "Archive status", "Text content")
    rows = [ROW | {"Link": f"https://kest.example/{n}", "Text content": f"{WORDS}, {n}\n"} for n in range(6)]
    text = sheet(rows, columns)
    cut = len(text) * part // 20
    (tmp_path / "sheet.csv").write_text(text[:cut], newline="")
    items, _, gaps = all_of(tmp_path / "sheet.csv")
    before = [len(sheet(rows[:n], columns)) for n in range(1, 7)]
    whole = sum(at <= cut for at in before)
    assert [text_of(i) for i in items][:whole] == [f"{WORDS}, {n}" for n in range(whole)]
    if cut not in before:
        assert gaps or len(items) == whole + 1


@pytest.mark.parametrize("form", ["page", "json"])
@pytest.mark.parametrize("part", range(20))
def test_a_record_cut_off_anywhere_is_a_gap_or_what_it_held(tmp_path: Path, form: str, part: int) -> None:
    text = page(sha256(VIDEO)) if form == "page" else json.dumps(record(medium(sha256(VIDEO))))
    (tmp_path / f"a.{form}").write_text(text[: len(text) * part // 20], encoding="utf-8")
    items, media, gaps = all_of(tmp_path / f"a.{form}")
    assert items or gaps
    assert not media
    shutil.rmtree(tmp_path)
