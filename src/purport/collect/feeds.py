"""What a feed lists: RSS 0.9 to 2.0, Atom, CDF and JSON Feed, from bytes that are in hand. Nothing is fetched."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from purport.collect import feedjson, limits
from purport.collect.feedxml import parse
from purport.collect.items import without_password
from purport.collect.listing import address, listed
from purport.collect.markup import decoded, one_line, text_of
from purport.collect.pages import feeds_of, shown
from purport.core.records import Gap, gap
from purport.core.watching import Listed

_MARKUP = ("text/html", "application/xhtml+xml")
_MENDS = {
    "not-well-formed": "The feed breaks the rules of XML ({}); it was read as far as it can be told what is meant. "
    "Its publisher should mend it.",
    "too-much": "The feed is beyond bounds: {}. What came before that was read.",
}


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed and what it lists, in its own order; what it lists twice has one id."""

    kind: str = ""  # as in “RSS 2.0”, “Atom 1.0”, “JSON Feed 1.1”; empty: it is no feed
    title: str = ""
    home: str = ""  # the page it belongs to
    following: str = ""  # where it goes on, if it comes in several parts (RFC 5005, JSON Feed's next_url)
    listed: tuple[Listed, ...] = ()
    gaps: tuple[Gap, ...] = ()


def read_feed(data: bytes, content_type: str, url: str, seen: datetime, source: str) -> Feed:
    """The feed in some bytes that were at an address. Never raises: what can't be read is a gap, the rest is read."""
    if len(data) > limits.HTML:
        mend = f"It is larger than {limits.said(limits.HTML)}, the most for one feed; the rest was not read."
        whole = read_feed(data[: limits.HTML], content_type, url, seen, source)
        return msgspec.structs.replace(whole, gaps=(_gap(url, "too-large", mend, seen), *whole.gaps))
    text, replaced = decoded(data, content_type)
    gaps = []
    if replaced:
        detail = f"{replaced} pieces of the feed can't be read in its encoding and were replaced by “\ufffd”."
        gaps.append(_gap(url, "undecodable", detail, seen))
    if not text.strip(" \t\r\n\x00\ufffd"):
        return Feed(gaps=(*gaps, _gap(url, "empty", "There is nothing in the feed; look at its address.", seen)))
    if text.lstrip().startswith("{"):
        feed, found = _of_json(text, url, seen, source)
    else:
        feed, found = _of_xml(text, url, seen, source)
    return msgspec.structs.replace(feed, gaps=(*gaps, *found))


def _of_xml(text: str, url: str, seen: datetime, source: str) -> tuple[Feed, list[Gap]]:
    parsed = parse(text, without_password(url))
    if not parsed.kind:
        return Feed(), [_gap(url, "not-a-feed", _not_a_feed(text, url), seen)]
    gaps = []
    if parsed.cause:
        gaps.append(_gap(url, parsed.cause, _MENDS[parsed.cause].format(parsed.detail), seen))
    feed = Feed(
        kind=parsed.kind,
        title=_title(parsed.feed),
        home=address(dict.get(parsed.feed, "link"), url),
        following=next(_links(parsed.feed, url, "next"), ""),
        listed=tuple(_entry(entry, url, seen, source) for entry in parsed.entries),
    )
    return feed, gaps


def _entry(entry: dict[str, Any], url: str, seen: datetime, source: str) -> Listed:
    """One of feedparser's entries. `dict.get`: feedparser's own getting warns, and answers with other fields."""
    link, files = address(dict.get(entry, "link"), url), tuple(_media(entry, url))
    if not link or link in files:  # the last of several links, whichever it was
        link = next(_links(entry, url, "alternate"), link)
    dates = (_words(dict.get(entry, name)) for name in ("published", "updated", "created"))
    return listed(
        source,
        seen,
        key=_words(dict.get(entry, "id")) or link or _words(dict.get(entry, "link")),
        url=link,
        title=_title(entry),
        published=next(filter(None, dates), ""),
        media=files,
    )


def _title(held: dict[str, Any]) -> str:
    title = _words(dict.get(held, "title"))
    detail = dict.get(held, "title_detail")
    kind = dict.get(detail, "type", "") if isinstance(detail, dict) else ""
    return text_of(title) if kind in _MARKUP else one_line(title)


def _links(held: dict[str, Any], url: str, rel: str) -> Iterator[str]:
    for link in dict.get(held, "links") or ():
        if dict.get(link, "rel") == rel and (found := address(dict.get(link, "href"), url)):
            yield found


def _media(entry: dict[str, Any], url: str) -> Iterator[str]:
    """Enclosures, Media RSS, and the players in the entry's own text, as bridges from chat services write them."""
    yield from _links(entry, url, "enclosure")
    for content in dict.get(entry, "media_content") or ():
        if found := address(content.get("url"), url):
            yield found
    texts = [dict.get(entry, "summary"), *(dict.get(one, "value") for one in dict.get(entry, "content") or ())]
    for text in texts:
        if isinstance(text, str) and ("<video" in text or "<audio" in text):
            yield from shown(text, url)


def _of_json(text: str, url: str, seen: datetime, source: str) -> tuple[Feed, list[Gap]]:
    parsed = feedjson.parse(text)
    gaps = [_gap(url, cause, detail, seen) for cause, detail in parsed.faults]
    feed = Feed(
        kind=parsed.kind,
        title=one_line(parsed.title),
        home=address(parsed.home, url),
        following=address(parsed.following, url),
        listed=tuple(
            listed(
                source, seen, key=one.key, url=address(one.url, url), title=one_line(one.title),
                published=one.published, media=filter(None, (address(found, url) for found in one.media)),
            )
            for one in parsed.items
        ),
    )  # fmt: skip
    return feed, gaps


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""


def _not_a_feed(text: str, url: str) -> str:
    lower = text[:4096].lower()
    if "<urlset" in lower or "<sitemapindex" in lower:
        return "It is a sitemap, no feed; in sources.toml write `sitemap = …` instead of `feed = …`."
    found = feeds_of(text, url)
    if found:
        return f"It is a page, no feed. The page names its feed: {' or '.join(found[:3])}"
    return "It is no feed that is read (RSS, Atom, CDF, JSON Feed); to watch a page write `page = …` in sources.toml."


def _gap(url: str, cause: str, detail: str, seen: datetime) -> Gap:
    return gap("collect", without_password(url), cause, detail, seen)
