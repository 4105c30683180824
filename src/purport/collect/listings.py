"""What a source lists, whatever form it has: feed or sitemap."""

from dataclasses import dataclass
from datetime import datetime

from purport.collect.feeds import read_feed
from purport.core.records import Gap
from purport.core.watching import Listed, Source


@dataclass(frozen=True, slots=True)
class Listing:
    """The items of a list, what could not be said of them, and why it is no list at all: a cause and a sentence."""

    listed: tuple[Listed, ...] = ()
    gaps: tuple[Gap, ...] = ()
    fault: tuple[str, str] | tuple[()] = ()


def read_listing(source: Source, data: bytes, content_type: str, url: str, seen: datetime) -> Listing:
    """What is listed in some bytes that were at a source's address. Never raises for what they are."""
    feed = read_feed(data, content_type, url, seen, source.name)
    if not feed.kind:
        first = next(iter(feed.gaps), None)
        return Listing((), (), (first.cause, first.detail) if first else ("not-a-feed", "It is no feed."))
    return Listing(feed.listed, feed.gaps)
