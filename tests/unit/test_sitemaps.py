"""Sitemaps and lists of sitemaps, in XML and as text, gzipped, broken and hostile."""

import gzip

import pytest
from feed_samples import ATOM, SEEN

from purport.collect import sitemaps
from purport.collect.sitemaps import Part, Sitemap, ahead, read_sitemap

URL = "https://varn.example/sitemap.xml"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
PAGES = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset {NS} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
  xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">
  <url>
    <loc> https://varn.example/a/dam?x=1&amp;y=2 </loc>
    <lastmod>2031-03-13T09:00:00Z</lastmod>
    <news:news>
      <news:publication><news:name>Varn Today</news:name><news:language>en</news:language></news:publication>
      <news:publication_date>2031-03-13</news:publication_date>
      <news:title>Ministry denies dam
        was shelled</news:title>
    </news:news>
    <image:image><image:loc>https://img.varn.example/dam.jpg</image:loc></image:image>
    <video:video>
      <video:title>Dam, seen from Low Quay</video:title>
      <video:content_loc>/video/dam.mp4</video:content_loc>
      <video:player_loc>https://varn.example/player?v=1</video:player_loc>
    </video:video>
  </url>
  <url><loc>https://varn.example/a/ferry</loc><lastmod>2031-03-12</lastmod></url>
</urlset>
"""
PARTS = f"""<sitemapindex {NS}>
  <sitemap><loc>https://varn.example/2030.xml.gz</loc><lastmod>2030-12-31</lastmod></sitemap>
  <sitemap><loc>https://varn.example/2031.xml.gz</loc><lastmod>2031-03-13</lastmod></sitemap>
  <sitemap><loc>file:///etc/passwd</loc></sitemap>
</sitemapindex>
"""


def read(data: str | bytes) -> Sitemap:
    return read_sitemap(data.encode() if isinstance(data, str) else data, "", URL, SEEN, "Varn")


def causes(found: Sitemap) -> list[str]:
    return [gap.cause for gap in found.gaps]


@pytest.mark.parametrize("packed", [False, True])
def test_a_sitemap_lists_its_pages_with_what_the_extensions_say(packed: bool) -> None:
    found = read(gzip.compress(PAGES.encode()) if packed else PAGES)
    dam, ferry = found.listed
    assert (found.kind, found.gaps) == ("pages", ())
    assert dam.url == dam.key == "https://varn.example/a/dam?x=1&y=2"
    assert (dam.title, dam.published) == ("Ministry denies dam was shelled", "2031-03-13")
    assert dam.media == ("https://img.varn.example/dam.jpg", "https://varn.example/video/dam.mp4")
    assert (ferry.published, ferry.title, ferry.source) == ("2031-03-12", "", "Varn")


def test_a_list_of_sitemaps_names_its_parts_and_no_local_file() -> None:
    found = read(PARTS)
    assert (found.kind, causes(found)) == ("sitemaps", ["no-address"])
    assert found.parts == (
        Part("https://varn.example/2030.xml.gz", "2030-12-31"),
        Part("https://varn.example/2031.xml.gz", "2031-03-13"),
    )


def test_what_is_asked_next_is_bounded_in_depth_and_number_and_newest_first() -> None:
    found = read(PARTS)
    assert ahead(found, 0, {URL}) == ("https://varn.example/2031.xml.gz", "https://varn.example/2030.xml.gz")
    assert ahead(found, 0, {URL, "https://varn.example/2031.xml.gz"}) == ("https://varn.example/2030.xml.gz",)
    assert ahead(found, sitemaps.DEPTH, {URL}) == ()
    many = Sitemap(kind="sitemaps", parts=tuple(Part(f"https://varn.example/{n}") for n in range(1000)))
    assert len(ahead(many, 0, {URL})) == sitemaps.SITEMAPS - 1
    assert ahead(many, 0, {f"https://varn.example/{n}/" for n in range(1000)}) == ()


def test_a_text_sitemap() -> None:
    found = read("\ufeffhttps://varn.example/1\r\n\nhttps://varn.example/2 \nhttps://varn.example/1\nodd\n")
    assert found.kind == "text"
    assert [one.url for one in found.listed] == ["https://varn.example/1", "https://varn.example/2"]


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_other_encodings(charset: str) -> None:
    declared = charset.removesuffix("-sig")
    found = read(PAGES.replace('"UTF-8"', f'"{declared}"').replace("denies", "dénies").encode(charset))
    assert [one.title for one in found.listed] == ["Ministry dénies dam was shelled", ""]


def test_a_wrong_namespace_or_none_is_no_hindrance() -> None:
    assert read(PAGES.replace(NS, 'xmlns="http://www.google.com/schemas/sitemap/0.84"')).listed == read(PAGES).listed
    assert read(PAGES.replace(NS, "")).listed == read(PAGES).listed


@pytest.mark.parametrize("end", range(PAGES.index("<url>") + 5, len(PAGES) - 12, 37))
def test_no_half_address_of_a_sitemap_that_breaks_off_is_listed(end: int) -> None:
    found = read(PAGES[:end])
    assert causes(found) == ["truncated"]
    whole = PAGES[:end].count("</url>")
    assert found.listed in (read(PAGES).listed[:whole], read(PAGES).listed[: max(0, whole - 1)])


def test_a_broken_sitemap_gives_what_can_be_had() -> None:
    found = read(PAGES.replace("</image:loc>", ""))
    assert causes(found) == ["not-well-formed"]
    assert {one.url for one in found.listed} == {one.url for one in read(PAGES).listed}


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_addresses_that_are_not_escaped_are_read_as_they_are_meant(charset: str) -> None:
    found = read(PAGES.replace('"UTF-8"', f'"{charset}"').replace("x=1&amp;y=2", "x=1&y=2&copy;&z").encode(charset))
    assert (found.listed[0].url, found.gaps) == ("https://varn.example/a/dam?x=1&y=2&copy;&z", ())


@pytest.mark.parametrize(
    ("data", "cause", "mend"),
    [
        (b"", "empty", "address"),
        (b"\xef\xbb\xbf  ", "empty", "address"),
        (ATOM.encode(), "not-a-sitemap", "feed = …"),
        (b"<!doctype html><html><p>Not found</p></html>", "not-a-sitemap", "page = …"),
        (b"<html><urlset/></html>", "not-a-sitemap", "page = …"),
        (b"Not found.\nSorry.", "not-a-sitemap", "robots.txt"),
        (gzip.compress(PAGES.encode())[:-30], "truncated", "fetch it again"),
        (b"\x1f\x8b\x08\x00garbage", "truncated", "fetch it again"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 99, "encoding", "broken"),
    ],
)
def test_what_is_no_sitemap_is_told(data: bytes, cause: str, mend: str) -> None:
    found = read(data)
    assert (found.kind, found.listed, causes(found)) == ("", (), [cause])
    assert mend in found.gaps[0].detail


def test_bombs_are_harmless() -> None:
    laughs = '<!ENTITY a "ha ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    files = '<!ENTITY f SYSTEM "file:///etc/passwd"><!ATTLIST url x CDATA "https://a.example">'
    body = "<urlset><url><loc>https://a.example/&j;&f;</loc></url><url><loc>https://a.example/b</loc></url></urlset>"
    found = read(f"<!DOCTYPE urlset [{laughs}{files}]>{body}")
    assert [one.url for one in found.listed] == ["https://a.example/&j;&f;", "https://a.example/b"]
    assert causes(read(gzip.compress(b"<urlset>" + b" " * sitemaps.SIZE))) == ["too-large"]


def test_more_addresses_than_the_protocol_allows_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "ADDRESSES", 2)
    found = read(PAGES.replace("</urlset>", "<url><loc>https://varn.example/3</loc></url></urlset>"))
    assert (len(found.listed), causes(found)) == (2, ["too-much"])
    assert causes(read("https://a.example/1\nhttps://a.example/2\nhttps://a.example/3")) == ["too-much"]
