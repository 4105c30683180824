"""Whatever bytes a feed, sitemap, page, robots.txt or sources.toml holds: items, gaps or one clear error come out."""

import gzip
from urllib.parse import urlsplit

import feed_samples
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purport.collect.feeds import read_feed
from purport.collect.markup import decoded, text_of, without_doctype
from purport.collect.pages import read_page
from purport.collect.robots import read_robots
from purport.collect.sitemaps import read_sitemap
from purport.collect.sources import EXAMPLE, sources_in
from purport.core.errors import UsageError

_WHOLE = [feed_samples.RSS, feed_samples.ATOM, feed_samples.JSON]
_WHOLE += [
    "<urlset xmlns:n='n'><url><loc>https://a.example/1</loc><n:news><n:title>A</n:title></n:news></url></urlset>",
    "<sitemapindex><sitemap><loc>https://a.example/1.xml</loc></sitemap></sitemapindex>",
    "https://a.example/1\nhttps://a.example/2\n",
    "<!doctype html><base href='/x'><a href='/2031/03/13/a'>A</a><img srcset='a 1x, b 2x' width=9><video poster=p>",
    "User-agent: *\nDisallow: /a*b$\nCrawl-delay: 3\nSitemap: https://a.example/s.xml\n",
    '<!DOCTYPE rss [<!ENTITY a "b"><!ENTITY % c SYSTEM "d"> %c;]><rss><channel><item><title>&a;</title></item>',
]
_BITS = [
    b"<", b">", b"&", b"&#x110000;", b"&#55296;", b"&#0;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE x [",
    b"]>", b"<item>", b"</item>", b"<entry>", b"<title type='xhtml'>", b"<link href='http://[::1' rel='enclosure'/>",
    b"\xff\xfe", b"\xed\xa0\x80", b"<?xml version='1.0' encoding='utf-16'?>", b"encoding='idna'", b"\x00", b"*",
    b"xml:base='http://['", b"http://a.example:99999999/", b"http://\xe2\x84\xaa@", b"{", b"[", b'"', b"1e999",
    b'"\\ud800"', b"null", b"true", b"$", b"srcset=',,,'", b"srcset='a 1e400x, b .x'", b"width='9999999999'",
    b"<base href='http://['>", b"<svg>", b"<pubDate>", b"<source>", b"</source>", b"<media:content url=''/>",
    b"<image>", b"<textinput>", b"\r", b"\xc2\x85", b"<embed src='http://me:pw@b.example/'>",
]  # fmt: skip


@st.composite
def bent(draw: st.DrawFn) -> bytes:
    """A sample with pieces cut out, doubled and put in; or any bytes at all."""
    data = draw(st.sampled_from(_WHOLE)).encode() if draw(st.booleans()) else draw(st.binary(max_size=200))
    for _ in range(draw(st.integers(0, 6))):
        at, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        piece = draw(st.sampled_from(_BITS) | st.binary(max_size=20))
        data = draw(st.sampled_from([data[:at] + piece + data[at:], data[:at] + data[end:], data[:end] + data[at:]]))
    if draw(st.integers(0, 9)) == 0:
        data = data.decode("utf-8", "replace").encode(
            draw(st.sampled_from(["utf-16", "utf-32-be", "cp037"])), "replace"
        )
    return gzip.compress(data) if draw(st.integers(0, 9)) == 0 else data


_TYPES = st.sampled_from(
    ["", "text/xml", "application/json", "text/html; charset=utf-7", "x; charset=idna", "a;charset=\xff"]
)
_URLS = st.sampled_from(["https://a.example/f", "", "http://[", "file:///etc/passwd", "https://me:pw@a.example/f"])
_QUICK = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("read", [read_feed, read_sitemap, read_page])
@_QUICK
@given(data=bent(), kind=_TYPES, url=_URLS)
def test_items_are_web_addresses_and_whole_text(read, data: bytes, kind: str, url: str) -> None:  # type: ignore[no-untyped-def]
    found = read(data, kind, url, feed_samples.SEEN, "Gazette")
    assert found.listed or found.gaps or getattr(found, "kind", "")
    for one in found.listed:
        assert one.key
        assert one.id.startswith("listed-")
        for address in (one.url, *one.media):
            parts = urlsplit(address)
            assert (parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc) or not address
        for text in (one.key, one.url, one.title, one.published, *one.media):
            text.encode()
            assert "\x00" not in text
    for gap in found.gaps:
        assert gap.cause
        assert gap.detail.rstrip().endswith((".", "?", "”")) or "http" in gap.detail
        assert "me:pw" not in gap.subject


@_QUICK
@given(data=bent(), status=st.integers(0, 700), url=_URLS)
def test_any_robots_txt_gives_rules(data: bytes, status: int, url: str) -> None:
    rules = read_robots(status, data, url)
    assert isinstance(rules.allow("https://a.example/a?b=c%zz"), bool)
    assert rules.delay >= 0


@_QUICK
@given(data=bent(), cut=st.integers(0, len(EXAMPLE)), end=st.integers(0, len(EXAMPLE)))
def test_any_list_of_sources_gives_sources_or_one_error(data: bytes, cut: int, end: int) -> None:
    text = EXAMPLE[:cut] + data.decode("latin-1") + EXAMPLE[end:]
    try:
        assert sources_in(text)
    except UsageError as error:
        assert str(error).startswith("sources.toml")


@_QUICK
@given(data=bent(), kind=_TYPES)
def test_any_markup_becomes_whole_text(data: bytes, kind: str) -> None:
    text, _ = decoded(data, kind)
    text.encode()
    body, doctype, entities = without_doctype(text)
    assert len(body) <= len(text)
    assert sum(map(len, entities.values())) <= len(doctype)
    assert "\n" not in text_of(text)
