"""A watched page: which of its links are articles, and which media it shows."""

import pytest
from feed_samples import SEEN

from purport.collect.pages import LINKS, Front, feeds_of, read_page, shown

URL = "https://www.gazette.example/news/"
PAGE = """<!doctype html><html><head><title> Harbour
 Gazette </title><link rel="alternate" type="application/rss+xml" href="/rss.xml"><meta property="og:video"
 content="https://cdn.gazette.example/live.m3u8"></head><body>
<nav><a href="/">Home</a><a href="/about">About the people who make the Gazette</a>
<a href="/tag/ferries-and-barges-of-the-coast">
Ferries</a><a href="/news/">News</a><a href="/login?next=/2031/03/13/ferry">Log in</a></nav>
<a href="/2031/03/13/ferry#comments"><img src="/small/ferry.jpg" width="640"></a>
<h2><a href="/2031/03/13/ferry">Ferry and barge collide</a></h2>
<a href="ministry-denies-dam-was-shelled.html">Denial</a>
<a href="/story/1048576">Clip purportedly shows the barge's crew</a>
<a href="/story/1048577">More</a>
<article><h3><a href="/verdict">Court to rule on harbour tolls</a></h3></article>
<a href="https://coast.gazette.example/opinion/why-the-quay-must-stay-open">Opinion</a>
<a href="https://other.example/2031/03/13/elsewhere-in-the-world-today">Elsewhere</a>
<a href="/2031/03/13/report.pdf">The report as PDF with a long title</a>
<a href="mailto:desk@gazette.example">Write</a><a href="javascript:void(0)">x</a><a href="http://[::1">y</a>
<video src="/video/ferry.mp4" poster="/video/ferry.jpg"><source src="/video/ferry.webm"></video>
<iframe src="https://www.youtube.com/embed/abc123def"></iframe>
<img src="/logo.svg"><img src="/pixel.gif" width="1" height="1"><img src="data:image/gif;base64,AAAA">
<img src="/map-s.jpg" srcset="/map-s.jpg 400w, /map-l.jpg 1600w, /map-m.jpg 800w" width="800">
<a href="/media/full-clip.mp4">Download</a>
</body></html>"""


def read(page: str | bytes) -> Front:
    data = page.encode() if isinstance(page, str) else page
    return read_page(data, "text/html", URL, SEEN, "Gazette")


def test_links_that_look_like_articles_of_the_site_are_listed_with_their_words() -> None:
    front = read(PAGE)
    assert {one.url: one.title for one in front.listed if one.kind == "page"} == {
        "https://www.gazette.example/2031/03/13/ferry": "Ferry and barge collide",
        "https://www.gazette.example/news/ministry-denies-dam-was-shelled.html": "Denial",
        "https://www.gazette.example/story/1048576": "Clip purportedly shows the barge's crew",
        "https://www.gazette.example/verdict": "Court to rule on harbour tolls",
        "https://coast.gazette.example/opinion/why-the-quay-must-stay-open": "Opinion",
    }
    assert front.title == "Harbour Gazette"
    assert front.feeds == ("https://www.gazette.example/rss.xml",)
    assert front.gaps == ()


def test_what_the_page_shows_is_listed_as_media() -> None:
    assert {one.url for one in read(PAGE).listed if one.kind == "media"} == {
        "https://cdn.gazette.example/live.m3u8",
        "https://www.gazette.example/video/ferry.mp4",
        "https://www.gazette.example/video/ferry.webm",
        "https://www.gazette.example/video/ferry.jpg",
        "https://www.youtube.com/embed/abc123def",
        "https://www.gazette.example/map-l.jpg",
        "https://www.gazette.example/media/full-clip.mp4",
    }


def test_what_is_listed_once_is_listed_once() -> None:
    front = read(PAGE + PAGE)
    assert len({one.id for one in front.listed}) == len(front.listed) == len(read(PAGE).listed)


def test_a_base_address_counts() -> None:
    page = '<base href="https://www.gazette.example/archive/"><a href="the-ferry-that-never-came">x</a>'
    assert [one.url for one in read(page).listed] == ["https://www.gazette.example/archive/the-ferry-that-never-came"]


def test_scripts_without_spaces_between_words() -> None:
    page = '<h2><a href="/a/渡輪">港口渡輪與駁船相撞三人受傷部長否認看過影片的說法</a></h2><a href="/b">更多</a>'
    (only,) = read(page).listed
    assert only.title.startswith("港口")


@pytest.mark.parametrize("charset", ["windows-1251", "utf-8", "utf-16"])
def test_encodings(charset: str) -> None:
    page = f'<meta charset="{charset}"><h2><a href="/2031/03/13/parom">Паром столкнулся с баржей</a></h2>'
    assert [one.title for one in read(page.encode(charset)).listed] == ["Паром столкнулся с баржей"]


def test_broken_html_is_fine() -> None:
    page = (
        "<a href='/2031/03/13/ferry'<b>x</a><a href=/2031/03/13/barge>Barge<p></b></i><table><a href=/2031/3/1/dam>Dam"
    )
    urls = {one.url for one in read(page).listed}
    assert {"https://www.gazette.example/2031/03/13/barge", "https://www.gazette.example/2031/3/1/dam"} <= urls


@pytest.mark.parametrize(("page", "cause"), [("", "empty"), ("  ", "empty"), ("<p>Made by scripts", "no-links")])
def test_a_page_that_lists_nothing_is_told(page: str, cause: str) -> None:
    front = read(page)
    assert (front.listed, [gap.cause for gap in front.gaps]) == ((), [cause])


def test_a_flood_of_links_has_an_end() -> None:
    page = "".join(f'<a href="/2031/03/13/{n}">x</a>' for n in range(LINKS + 50))
    front = read(page)
    assert len(front.listed) == LINKS
    assert [gap.cause for gap in front.gaps] == ["too-much"]


def test_feeds_that_a_page_names() -> None:
    page = "<link rel='Alternate home' type='application/Atom+XML ' href=a><link rel=alternate type=text/html href=b>"
    assert feeds_of(page, URL) == ("https://www.gazette.example/news/a",)
    assert feeds_of("", URL) == ()


def test_players_in_a_piece_of_html() -> None:
    markup = (
        '<p><video><source src="a.mp4"></video><audio data-src="b.mp3"></audio><img src="c.jpg"><video src="file:///d">'
    )
    assert shown(markup, URL) == ("https://www.gazette.example/news/a.mp4", "https://www.gazette.example/news/b.mp3")
