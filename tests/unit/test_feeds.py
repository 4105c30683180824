"""Feeds of every kind become the same listed items; what is broken is told, and the rest is read."""

import pytest
from feed_samples import ATOM, JSON, RSS, SEEN, URL

from purport.collect import limits
from purport.collect.feeds import Feed, read_feed

XML = "application/rss+xml"


def read(feed: str | bytes, content_type: str = XML, url: str = URL) -> Feed:
    return read_feed(feed.encode() if isinstance(feed, str) else feed, content_type, url, SEEN, "Gazette")


def causes(feed: Feed) -> list[str]:
    return [gap.cause for gap in feed.gaps]


def test_an_rss_feed_lists_its_items() -> None:
    feed = read(RSS)
    first, second = feed.listed
    assert (feed.kind, feed.title, feed.home) == ("RSS 2.0", "Harbour Gazette", "https://gazette.example/")
    assert feed.gaps == ()
    assert (first.key, first.url) == ("hg-1041", "https://gazette.example/2031/03/13/ferry?a=1&b=2")
    assert first.title == "Ferry & barge collide off Low Quay"
    assert first.published == "Thu, 13 Mar 2031 09:41:00 GMT"
    assert first.media == ("https://media.gazette.example/ferry.mp4", "https://gazette.example/media/ferry-480.mp4")
    assert (first.source, first.seen) == ("Gazette", SEEN)
    assert second.url == second.key == "https://gazette.example/2031/03/12/clip"
    assert second.media == ("https://gazette.example/news/clips/crew.webm",)


def test_an_atom_feed_resolves_what_is_relative_and_writes_titles_as_plain_words() -> None:
    feed = read(ATOM)
    (only,) = feed.listed
    assert (feed.kind, feed.title) == ("Atom 1.0", "Ministry of the Coast")
    assert feed.following == "https://ministry.example/statements/feed.xml?page=2"
    assert only.title == "We had not seen the video"
    assert (only.key, only.url) == ("tag:ministry.example,2031:7", "https://ministry.example/statements/2031/7")
    assert (only.published, only.media) == (
        "2031-03-13T08:00:00Z",
        ("https://ministry.example/statements/hearing.mp3",),
    )


def test_a_json_feed_is_read_leniently() -> None:
    feed = read(JSON, "application/feed+json", "https://varn.example/feed.json")
    first, second = feed.listed
    assert (feed.kind, feed.title, feed.home) == ("JSON Feed 1.1", "Varn Today", "https://varn.example/")
    assert feed.following == "https://varn.example/feed.json?page=2"
    assert (first.key, first.url, first.title) == ("71", "https://varn.example/a/71", "Dam is closed")
    assert first.published == "2031-03-13T07:00:00+01:00"
    assert first.media == ("https://varn.example/dam.mp4", "https://varn.example/dam.jpg")
    assert (second.key, second.url, second.title) == ("72", "https://other.example/b", "")


def test_the_id_depends_on_the_source_and_the_key_only() -> None:
    again = read_feed(RSS.replace("collide", "met").encode(), XML, URL + "?x", SEEN, "Gazette")
    other = read_feed(RSS.encode(), XML, URL, SEEN, "Wire")
    assert [one.id for one in again.listed] == [one.id for one in read(RSS).listed]
    assert {one.id for one in other.listed}.isdisjoint(one.id for one in again.listed)


def test_an_entry_without_id_and_link_is_known_by_its_words() -> None:
    feed = read(
        "<rss version='2.0'><channel><item><title>A</title></item><item><title>B</title></item></channel></rss>"
    )
    assert len({one.id for one in feed.listed}) == 2
    assert [one.url for one in feed.listed] == ["", ""]
    assert all(one.key.startswith("sha256:") for one in feed.listed)


@pytest.mark.parametrize(
    "place", ["file:///etc/passwd", "/etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://a.example/x"]
)
def test_a_feed_can_name_no_local_file(place: str) -> None:
    item = f"<item><guid isPermaLink='false'>1</guid><link>{place}</link><enclosure url='{place}'/></item>"
    feed = read(f"<rss version='2.0'><channel><link>{place}</link>{item}</channel></rss>")
    (only,) = feed.listed
    assert only.key == "1"
    assert {only.url, feed.home, *only.media} <= {"", "https://gazette.example/etc/passwd"}


def test_a_feed_is_read_from_its_bytes_and_nothing_is_opened() -> None:
    for name in (b"https://gazette.example/rss.xml", b"/etc/passwd", b"file:///etc/passwd"):
        assert causes(read(name)) == ["not-a-feed"]


def test_passwords_are_not_listed() -> None:
    feed = read(
        "<rss version='2.0'><channel><item><link>https://me:secret@gazette.example/1</link></item>"
        "<item><guid>https://me:secret@gazette.example/2</guid><enclosure url='//me:secret@gazette.example/f'/></item>"
        "<item><link>3</link></item></channel></rss>",
        url="https://me:secret@gazette.example/rss.xml",
    )
    assert [one.url for one in feed.listed] == [f"https://gazette.example/{n}" for n in (1, 2, 3)]
    assert "secret" not in repr(feed)


@pytest.mark.parametrize(
    ("encoding", "declared", "served"),
    [
        ("utf-8", "", ""), ("utf-8-sig", "utf-8", ""), ("utf-16", "utf-16", ""), ("utf-16-le", "utf-16", ""),
        ("utf-32-be", "utf-32", ""), ("cp1251", "windows-1251", ""), ("cp1251", "", "windows-1251"),
        ("koi8-r", "utf-8", "koi8-r"), ("iso-8859-5", "iso-8859-5", "no-such"), ("utf-8", "iso-8859-1", ""),
        ("iso2022_jp", "iso-2022-jp", ""), ("gb18030", "gb2312", ""), ("big5", "", "big5"), ("euc_kr", "euc-kr", ""),
    ],
)  # fmt: skip
def test_encodings(encoding: str, declared: str, served: str) -> None:
    words = {"iso2022_jp": "港の新聞", "gb18030": "港口報", "big5": "港口報", "euc_kr": "항구 신문"}.get(
        encoding, "Гавань"
    )
    head = f"<?xml version='1.0' encoding='{declared}'?>" if declared else "<?xml version='1.0'?>"
    text = f"{head}<rss version='2.0'><channel><title>{words}</title></channel></rss>"
    feed = read(text.encode(encoding), f"text/xml; charset={served}" if served else "text/xml")
    assert (feed.title, feed.gaps) == (words, ())


def test_bytes_that_can_not_be_read_are_told() -> None:
    feed = read(RSS.encode().replace(b"Harbour", b"H\xff\xfe\x81rbour"))
    assert causes(feed) == ["undecodable"]
    assert len(feed.listed) == 2


def test_a_broken_feed_gives_what_can_be_had() -> None:
    feed = read(RSS.replace("&amp;b=2", "&b=2").replace("</guid>", "", 1))
    assert causes(feed) == ["not-well-formed"]
    assert [one.title for one in feed.listed] == [
        "Ferry & barge collide off Low Quay",
        "Clip purportedly shows the barge's crew",
    ]
    assert feed.listed[0].url == "https://gazette.example/2031/03/13/ferry?a=1&b=2"


@pytest.mark.parametrize("end", range(700, len(RSS) - 40, 61))
def test_no_half_entry_of_a_feed_that_breaks_off_is_listed(end: int) -> None:
    whole = read(RSS).listed
    feed = read(RSS[:end])
    assert causes(feed) == ["not-well-formed"]
    assert feed.listed == whole[: RSS[:end].count("</item")]


@pytest.mark.parametrize("data", [b"", b"  \n", b"\x00" * 40, b"\xef\xbb\xbf"])
def test_nothing_is_no_feed(data: bytes) -> None:
    feed = read(data)
    assert (feed.kind, causes(feed)) == ("", ["empty"])


def test_an_empty_feed_is_a_feed() -> None:
    feed = read("<rss version='2.0'><channel><title>Quiet</title></channel></rss>")
    assert (feed.kind, feed.listed, feed.gaps) == ("RSS 2.0", (), ())


def test_a_page_in_a_feeds_place_is_told_with_the_feed_that_it_names() -> None:
    page = "<!doctype html><title>G</title><link rel='alternate' type='application/rss+xml' href='/rss'><p>Hello"
    assert read(page).gaps[0].detail == ("It is a page, no feed. The page names its feed: https://gazette.example/rss")
    assert "page = …" in read("<html><p>Hello</html>").gaps[0].detail
    assert "sitemap = …" in read("<urlset></urlset>").gaps[0].detail


@pytest.mark.parametrize("data", ["{", '{"items": 3}', "{}", '{"items": [' * 3000])
def test_json_that_is_no_feed_is_told(data: str) -> None:
    assert causes(read(data)) == ["not-a-feed"]


def test_items_that_are_no_objects_are_told() -> None:
    feed = read('{"version": "https://jsonfeed.org/version/1", "items": [7, {"id": "a", "title": "\\ud800 x"}]}')
    assert causes(feed) == ["not-well-formed"]
    assert [one.title for one in feed.listed] == ["\ufffd x"]


def bomb(doctype: str, title: str) -> str:
    return f"<!DOCTYPE rss [{doctype}]><rss version='2.0'><channel><title>{title}</title></channel></rss>"


LAUGHS = '<!ENTITY a "ha ha ha ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    ("feed", "longest"),
    [
        (bomb(LAUGHS, "&j;"), 3),
        (bomb(f'<!ENTITY a "{"x" * 10_000}">', "&a;" * 10_000), 30_000),
        (bomb(f'<!ENTITY a "{"x" * 32}">', "&a;" * 10_000), 320_000),
        (bomb('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"), 3),
        (bomb('<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;', "&a;"), 3),
        (bomb('<!ENTITY a PUBLIC "x" "http://127.0.0.1:9/">', "&a;"), 3),
        ("<!-- <x -->" + bomb(LAUGHS, "&j;"), 3),
        ("<?x <y ?>" + bomb(LAUGHS, "&j;"), 3),
        (bomb("<!-- ]> -->" + LAUGHS, "&j;"), 3),
        (bomb(f"<!ELEMENT x '>]'>{LAUGHS}", "&j;"), 3),
    ],
)
def test_bombs_of_entities_are_harmless(feed: str, longest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("purport.collect.listing.TITLE", 10**9)
    title = read(feed).title
    assert len(title) <= longest
    assert "root:" not in title and "ha ha" not in title


def test_a_short_entity_of_plain_text_is_kept() -> None:
    assert read(bomb('<!ENTITY hg "Harbour">\n<!ENTITY nb "&#38;">', "&hg; Gazette")).title == "Harbour Gazette"


def test_attributes_that_a_document_type_adds_are_not() -> None:
    feed = "<!DOCTYPE rss [<!ATTLIST enclosure url CDATA 'https://a.example/b'>]>" + RSS.partition("?>")[2].replace(
        "<media:group>", "<enclosure/><media:group>"
    )
    assert "https://a.example/b" not in read(feed).listed[0].media


ITEM = "<rss version='2.0'><channel><item><title>A</title></item>"


@pytest.mark.parametrize(
    "flood",
    [
        "<item/>" * 10_001,
        "<a>" * 2_001,
        "<a " + " ".join(f"a{n}='x'" for n in range(201)) + "/>",
        "<a " + " ".join(f"xmlns:a{n}='x{n}'" for n in range(101)) + "/>",
        "<a xml:base='" + "x/" * 1500 + "'/>",
    ],
)
def test_floods_are_bounded_and_what_came_before_is_kept(flood: str) -> None:
    feed = read(f"{ITEM}{flood}</channel></rss>")
    assert "too-much" in causes(feed)
    assert feed.listed[0].title == "A"


def test_what_takes_feedparser_hours_is_passed_over() -> None:
    """Each of these is quadratic in feedparser itself; at these lengths the test would not end."""
    many = "".join(f"<category>{n}</category>" for n in range(20_000))
    blank = f"<title type='xhtml'>{'&#10;' * 100_000}x</title>"
    feed = read(f"{ITEM}<item><author>{'a' * 300_000}</author>{many}</item></channel></rss>")
    assert (len(feed.listed), feed.gaps) == (2, ())
    atom = read(f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{blank}</entry><broken></feed>")
    assert atom.listed[0].title == "x"


def test_a_feed_that_is_too_large_is_read_as_far_as_that() -> None:
    feed = read(ITEM.encode() + b" " * limits.HTML + b"</channel></rss>")
    assert causes(feed) == ["too-large", "not-well-formed"]
    assert [one.title for one in feed.listed] == ["A"]


def test_fields_have_an_end() -> None:
    long = "x" * 100_000
    feed = read(
        f"<rss version='2.0'><channel><item><title>{long}</title><guid isPermaLink='false'>{long}</guid>"
        f"<link>https://a.example/{long}</link><pubDate>{long}</pubDate></item></channel></rss>"
    )
    (only,) = feed.listed
    assert (len(only.title), len(only.published), only.url) == (500, 100, "")
    assert only.key.startswith("sha256:")
