"""Bookmarks as browsers export them: addresses with titles, folders and dates; fetched only when asked for."""

import json
from pathlib import Path

import pytest
from input_samples import FixedClock, Pages, causes, taken

from purport.collect import bookmarked, take
from purport.collect.bookmarks import bookmarks
from purport.core.errors import FetchError, RefusedAddressError
from purport.core.records import Gap, Item

EXPORT = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<!-- This is an automatically generated file. -->
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
    <DT><H3 ADD_DATE="1931000000" PERSONAL_TOOLBAR_FOLDER="true">Harbour</H3>
    <DL><p>
        <DT><A HREF="https://kest.example/survey?a=1&amp;b=2" ADD_DATE="1931000000" ICON="data:image/png;base64,iVBO==">The survey &amp; more</A>
        <DD>Words about it
        <DT><H3>Šaltas</H3>
        <DL><p>
            <DT><A HREF="https://ostrel.example/bridge">Bridge</A>
        </DL><p>
    </DL><p>
    <DT><A HREF="https://kest.example/last">Last</A>
    <DT><A HREF="javascript:alert(1)">A script</A>
    <DT><A HREF="file:///etc/passwd">A file</A>
    <DT><A HREF="place:sort=8">A search</A>
    <DT><A HREF="https://kest.example/last">Again</A>
</DL><p>
"""  # noqa: E501
PAGE = b"<!doctype html><html><body><p>The mayor of Kest denied that the bridge had fallen, he said.</p></body></html>"


def test_an_export_lists_addresses_with_titles_folders_and_days() -> None:
    found = bookmarks(EXPORT.encode())
    assert [(b.url, b.title, b.folder) for b in found.found] == [
        ("https://kest.example/survey?a=1&b=2", "The survey & more", "Harbour"),
        ("https://ostrel.example/bridge", "Bridge", "Harbour / Šaltas"),
        ("https://kest.example/last", "Last", ""),
    ]
    assert [m.isoformat() for m in found.found[0].added] == ["2031-03-11T12:53:20+00:00"]
    assert found.found[1].added == ()
    assert (found.others, found.complete) == (3, True)


def test_firefox_and_chrome_keep_json() -> None:
    firefox = {
        "guid": "root________",
        "title": "",
        "type": "text/x-moz-place-container",
        "children": [
            {
                "title": "Harbour",
                "type": "text/x-moz-place-container",
                "children": [
                    {"title": "Bridge", "uri": "https://ostrel.example/bridge", "dateAdded": 1931000000000000,
                     "type": "text/x-moz-place"},
                ],
            },
            {"title": "Recent", "uri": "place:sort=8", "type": "text/x-moz-place"},
        ],
    }  # fmt: skip
    chrome = {
        "checksum": "0",
        "roots": {
            "bookmark_bar": {
                "name": "Harbour",
                "type": "folder",
                "children": [
                    {"name": "Bridge", "type": "url", "url": "https://ostrel.example/bridge",
                     "date_added": "13575473600000000"},
                ],
            },
            "other": {"name": "Other", "type": "folder", "children": []},
        },
    }  # fmt: skip
    for tree in (firefox, chrome):
        (one,) = bookmarks(json.dumps(tree, indent=3).encode()).found
        assert (one.url, one.title, one.folder) == ("https://ostrel.example/bridge", "Bridge", "Harbour")
        assert one.added[0].isoformat() == "2031-03-11T12:53:20+00:00"


@pytest.mark.parametrize("name", ["bookmarks.html", "bookmarks.txt", "x"])
def test_they_are_known_by_what_is_in_them(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(EXPORT, encoding="utf-8")
    (held,) = bookmarked(str(tmp_path / name))
    assert len(held.found) == 3
    assert bookmarked(str(tmp_path / "none")) == ()
    (tmp_path / "a.html").write_bytes(PAGE)
    assert bookmarked(str(tmp_path / "a.html")) == ()


def test_nothing_is_fetched_unasked(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_text(EXPORT, encoding="utf-8")
    pages = Pages()
    items, gaps = taken(tmp_path / "b.html", fetcher=pages)
    assert (items, pages.asked) == ([], [])
    assert causes(gaps) == ["not-read", "bookmarks"]
    assert "purport import --fetch" in gaps[1].detail


def test_asked_for_each_page_is_fetched_once_and_each_failure_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_text(EXPORT, encoding="utf-8")
    html = ("https://x.example/", "text/html", PAGE)
    pages = Pages(bridge=RefusedAddressError("private"), last=FetchError("gone", "http-status"))
    pages._pages["survey?a=1&b=2"] = html
    found = list(take([str(tmp_path / "b.html")], fetcher=pages, clock=FixedClock(), follow=True))
    assert pages.asked == [
        "https://kest.example/survey?a=1&b=2", "https://ostrel.example/bridge", "https://kest.example/last",
    ]  # fmt: skip
    assert [i.data for i in found if isinstance(i, Item)] == [PAGE]
    assert [g.cause for g in found if isinstance(g, Gap)] == ["not-read", "refused-address", "http-status"]


def test_a_page_that_is_bookmarks_itself_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_text(EXPORT, encoding="utf-8")
    again = ("https://kest.example/last", "text/html", EXPORT.encode())
    pages = Pages(bridge=again, last=again)
    pages._pages["survey?a=1&b=2"] = again
    list(take([str(tmp_path / "b.html")], fetcher=pages, clock=FixedClock(), follow=True))
    assert len(pages.asked) == 3


@pytest.mark.parametrize("part", range(20))
def test_a_list_cut_off_anywhere_gives_what_stands_before_and_says_so(tmp_path: Path, part: int) -> None:
    text = EXPORT.replace('https://kest.example/last">Again', 'https://kest.example/more">Again')
    data = text.encode()[: len(text.encode()) * part // 20]
    found = bookmarks(data)
    assert not found.complete
    assert len(found.found) <= len(bookmarks(text.encode()).found)
    (tmp_path / "b.html").write_bytes(data)
    assert taken(tmp_path / "b.html")[1]


@pytest.mark.parametrize(
    "hostile", [b"<a " * 300_000, b"<dl><h3>" * 100_000, b'<a href="' * 200_000, b"<a href=x " * 100_000]
)
def test_a_broken_list_of_any_length_is_read_in_one_pass(hostile: bytes) -> None:
    """Reading it again and again from each tag on would take hours."""
    found = bookmarks(EXPORT.encode() + hostile)
    assert len(found.found) == 3


def test_folders_without_end_are_no_list() -> None:
    assert not bookmarks(b'{"type":"text/x-moz-place-container","children":[' * 100_000).complete
    nested = bookmarks(
        (EXPORT.partition("<DL>")[0] + "<DL><H3>a</H3>" * 5_000).encode() + b'<A HREF="https://a.example/">'
    )
    assert len(nested.found[0].folder) < 1_000
