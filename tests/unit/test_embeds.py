"""Which media a page shows and links to, and when two addresses are one."""

import pytest

from purport.collect.embeds import canonical, embeds

PAGE = """<html><head>
<meta property="og:video" content="https://cdn.example/pier.mp4">
<meta name="description" content="https://cdn.example/no.mp4">
</head><body>
<video controls><source src="/clips/pier.mp4?utm_source=mail"></video>
<iframe src="https://www.youtube.com/embed/abc_DEF-123?rel=0"></iframe>
<blockquote class="post"><p>Look.</p><a href="https://x.com/holt/status/12">May 3</a></blockquote>
<p>As <a href="https://other.example/story">others</a> wrote; <a href="mailto:a@b.example">write</a>.
<a href="http://[broken">x</a><a href="https://cdn.example/pier.mp4">the film</a></p>
</body></html>"""


def test_what_a_page_shows_comes_before_what_it_links_to() -> None:
    assert [(one.how, one.url) for one in embeds(PAGE, "https://a.example/news/1")] == [
        ("embed", "https://cdn.example/pier.mp4"),
        ("embed", "https://a.example/clips/pier.mp4?utm_source=mail"),
        ("embed", "https://www.youtube.com/embed/abc_DEF-123?rel=0"),
        ("embed", "https://x.com/holt/status/12"),
        ("link", "https://other.example/story"),
    ]


@pytest.mark.parametrize("page", ["", "   ", "no mark-up", "<", "<!-- -->", "\x00<p>", "<?xml version='1.0'?>"])
def test_no_page(page: str) -> None:
    assert list(embeds(page)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://youtu.be/abc_DEF-123?t=4", "https://www.youtube.com/watch?v=abc_DEF-123&feature=shared"),
        ("https://www.youtube-nocookie.com/embed/abc_DEF-123", "https://m.youtube.com/shorts/abc_DEF-123"),
        ("https://twitter.com/holt/status/12?s=20", "http://mobile.x.com/holt/status/12"),
        ("https://t.me/s/pier/7", "https://t.me/pier/7?embed=1"),
        ("https://player.vimeo.com/video/77", "https://vimeo.com/77"),
        ("http://A.example:80/clip.mp4?utm_source=q&b=2&a=1#t=3", "https://www.a.example/clip.mp4?a=1&b=2"),
        ("https://a.example/%7Eholt/", "https://a.example/~holt"),
    ],
)
def test_one_thing_has_one_form(one: str, other: str) -> None:
    assert canonical(one) == canonical(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/view?t=1", "https://a.example/view?t=2"),  # elsewhere "t" may be what is shown
        ("https://youtu.be/abc_DEF-123", "https://youtu.be/abc_def-123"),
        ("https://a.example/clip.mp4", "https://a.example/Clip.mp4"),
        ("https://a.example:8443/clip.mp4", "https://a.example/clip.mp4"),
        ("https://youtube.com/watch?v=abc_DEF-123", "https://youtube.com/channel/abc_DEF-123"),
    ],
)
def test_two_things_have_two(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("url", ["", "films/pier.mp4", "ftp://a.example/x", "http://[", "http://a:99999/"])
def test_no_address(url: str) -> None:
    assert canonical(url) == ""
