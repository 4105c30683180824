"""`purport import`: sums at the end, nothing twice, bookmarks listed, watched or fetched, each failure told."""

import json
import tomllib

import pytest
from desk_samples import Desk
from test_collect_archives import HTML, archive
from test_collect_autoarchiver import FAILED, ROW, VIDEO, page, sha256, sheet
from test_collect_bookmarks import EXPORT
from test_collect_mailbox import mbox, message

from purport.core.errors import FetchError
from purport.core.ports import Page
from purport.edges.fetch import WebFetcher

STORY = (
    b"<!doctype html><html><body><p>The mayor of Kest denied on Monday that the bridge had fallen.</p></body></html>"
)


@pytest.fixture
def shelf(desk: Desk) -> Desk:
    """A folder as people have it: a crawl, what auto-archiver left, newsletters, and what is none of it."""
    desk.put("old/crawl.warc.gz", archive(("200 OK", HTML, STORY)))
    desk.put("old/page.html", page(sha256(VIDEO)))
    desk.put("old/clip.mp4", VIDEO)
    desk.put("old/sheet.csv", sheet([ROW, FAILED]))
    desk.put("old/letters.mbox", mbox(message(1), message(2)))
    desk.put("old/notes.docx", b"PK\x03\x04rest")
    return desk


def test_what_a_folder_holds_is_taken_in_with_sums(shelf: Desk) -> None:
    result = shelf.run("import", "old")
    assert "5 captures · 4 reports" in result.stdout
    assert "1 media file · 2 gaps" in result.stdout
    assert "Kest Weekly · Harbour closed, letter 2" in result.stdout
    assert "purport footage add" in result.stdout
    assert "nothing archived" in result.stderr
    assert "notes" not in result.stdout
    assert "reader.example" not in shelf.run("claims", "--json").stdout


def test_importing_again_adds_nothing(shelf: Desk) -> None:
    shelf.run("import", "old")
    result = shelf.run("import", "old")
    assert "Nothing of it is new" in result.stdout
    shelf.put("old/third.eml", message(3).as_bytes())
    result = shelf.run("import", "old")
    assert "4 reports had been read before." in result.stdout
    assert "6 captures · 5 reports" in result.stdout


def test_a_line_a_capture_for_programs(shelf: Desk) -> None:
    lines = shelf.lines("import", "old", "--json")
    assert sorted(line["kind"] for line in lines) == ["archived", "mail", "mail", "media", "warc"]
    (clip,) = [line for line in lines if line["kind"] == "media"]
    assert (clip["url"], clip["reports"]) == ("https://kest.example/1", [])
    (letter, _) = [line for line in lines if line["kind"] == "mail"]
    assert letter["reports"][0]["published"] == ["2031-03-13T07:00:00Z"]


def test_bookmarks_are_listed_and_nothing_is_fetched(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WebFetcher, "fetch", lambda self, url: pytest.fail(f"{url} was fetched"))
    desk.put("b.html", EXPORT)
    result = desk.run("import", "b.html")
    assert "https://ostrel.example/bridge" in result.stdout
    assert "Bridge · Harbour / Šaltas" in result.stdout
    assert "3 addresses, not fetched" in result.stdout
    assert "no web addresses, passed over: 3." in result.stderr
    (first, *_) = desk.lines("import", "b.html", "--json")
    assert (first["title"], first["added"]) == ("The survey & more", ["2031-03-11T12:53:20Z"])
    assert not (desk.folder / "purport.db").exists()


def test_bookmarks_become_sources_once(desk: Desk) -> None:
    desk.put("b.html", EXPORT.replace(">Last<", '>Bri"dge\\<').replace(">Bridge<", '>Bri"dge\\<'))
    result = desk.run("import", "--sources", "sources.toml", "b.html")
    assert "3 pages to watch" in result.stderr
    tables = tomllib.loads((desk.folder / "sources.toml").read_text(encoding="utf-8"))["sources"]
    assert [table["name"] for table in tables] == ["The survey & more", 'Bri"dge\\', 'Bri"dge\\ (2)']
    assert tables[0]["page"] == "https://kest.example/survey?a=1&b=2"
    desk.run("import", "--sources", "sources.toml", "b.html", code=2)  # what is there is not written over
    desk.run("import", "--sources", "other.toml", "--fetch", "b.html", code=2)
    desk.put("a.txt", "The mayor denied it.")
    desk.run("import", "--sources", "other.toml", "a.txt", code=2)


def test_asked_for_pages_are_fetched_and_failures_are_gaps(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(self: WebFetcher, url: str) -> Page:
        if "ostrel" in url:
            raise FetchError("It is not there any more; look for it in a web archive.", "http-status")
        return url, "text/html", STORY

    monkeypatch.setattr(WebFetcher, "fetch", fetch)
    desk.put("b.html", EXPORT)
    result = desk.run("import", "--fetch", "b.html")
    assert "2 captures · 2 reports" in result.stdout
    assert "not there any more" in result.stderr
    assert {line["cause"] for line in desk.lines("gaps", "--json")} == {"not-read", "http-status"}


def test_what_can_t_be_taken_in_ends_with_an_error(desk: Desk) -> None:
    desk.put("empty.mbox", b"")
    assert "There is nothing in it" in desk.run("import", "empty.mbox", code=3).stderr
    assert "no such file" in desk.run("import", "nowhere", code=3).stderr
    desk.put("b.html", EXPORT.partition("<DT>")[0])
    result = desk.run("import", "b.html")
    assert "ends before its list does" in result.stderr
    assert "no web address" in result.stderr


def test_read_says_what_to_do_with_bookmarks(desk: Desk) -> None:
    desk.put("b.html", EXPORT)
    assert "purport import --fetch" in desk.run("read", "b.html", code=3).stderr


def test_json_of_a_tally_is_whole_lines(shelf: Desk) -> None:
    for line in shelf.run("import", "old", "--json").stdout.splitlines():
        assert set(json.loads(line)) == {"capture", "place", "url", "kind", "digest", "size", "known", "reports"}
