"""What there is to take of a source, whatever form it has: a feed, a sitemap with its parts, a page with its links."""

import re
from dataclasses import dataclass
from datetime import datetime

import msgspec

from purport.collect.feeds import read_feed
from purport.collect.listing import listed
from purport.collect.pages import is_article, read_page
from purport.collect.sitemaps import ahead, read_sitemap
from purport.core.records import Gap
from purport.core.watching import Listed, Source

_SHOWS = re.compile(rb"<(?:video|audio|source|iframe|embed|object|img)\b|og:(?:video|audio|image)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listing:
    """The items that something lists, what could not be said of them, and why it is no list: a cause and a sentence."""

    listed: tuple[Listed, ...] = ()
    gaps: tuple[Gap, ...] = ()
    fault: tuple[str, str] | tuple[()] = ()
    only: bool = False  # it is a list and nothing else; a page is kept as a version, too


def read_listing(
    url: str, data: bytes, content_type: str, seen: datetime, source: Source, item: tuple[Listed, ...]
) -> Listing:
    """What is listed in some bytes that were at the address of a source or an item. Never raises for what they are."""
    if not item and source.kind == "page":
        return _front(url, data, content_type, seen, source)
    if item and item[0].kind == "page":
        return _shown(url, data, content_type, seen, source, item[0])
    if source.kind == "sitemap":
        return _sitemap(url, data, content_type, seen, source, item)
    feed = read_feed(data, content_type, url, seen, source.name)
    if not feed.kind:
        return _fault(feed.gaps, "not-a-feed", "It is no feed.")
    return Listing(feed.listed, feed.gaps, only=True)


def _front(url: str, data: bytes, content_type: str, seen: datetime, source: Source) -> Listing:
    """A page that is watched: a front page is what it links to; an article, or a page without links, is itself."""
    front = read_page(data, content_type, url, seen, source.name)
    if not is_article(url) and any(one.kind == "page" for one in front.listed):
        return Listing(front.listed, front.gaps, only=True)
    return Listing(tuple(one for one in front.listed if one.kind == "media"))


def _shown(url: str, data: bytes, content_type: str, seen: datetime, source: Source, item: Listed) -> Listing:
    """The videos, sounds and images that an item's page shows."""
    if not source.media or not _SHOWS.search(data):
        return Listing()
    front = read_page(data, content_type, url, seen, source.name)
    return Listing(tuple(msgspec.structs.replace(one, of=item.id) for one in front.listed if one.kind == "media"))


def _sitemap(
    url: str, data: bytes, content_type: str, seen: datetime, source: Source, part: tuple[Listed, ...]
) -> Listing:
    """The parts of a sitemap are items that list: each is looked at as often as the source is."""
    found = read_sitemap(data, content_type, url, seen, source.name)
    if not found.kind:
        return _fault(found.gaps, "not-a-sitemap", "It is no sitemap.")
    depth = 2 if any(one.of for one in part) else len(part)
    of = part[0].id if part else ""
    parts = (listed(source.name, seen, key=each, url=each, kind="list", of=of) for each in ahead(found, depth, {url}))
    return Listing((*found.listed, *parts), found.gaps, only=True)


def _fault(gaps: tuple[Gap, ...], cause: str, detail: str) -> Listing:
    """Why it is no list, by what was met first."""
    return Listing(fault=next(((one.cause, one.detail) for one in gaps), (cause, detail)), only=True)
