"""What a site says it has: sitemaps, lists of sitemaps, lists of addresses as text, gzipped or not.

https://www.sitemaps.org/protocol.html, with the extensions for news, images and videos.
"""

import io
import re
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, TypeAlias

import msgspec
from lxml import etree  # type: ignore[import-untyped]

from purport.collect import limits
from purport.collect.inflate import BodyError, inflate
from purport.collect.items import without_password
from purport.collect.kinds import kind_of
from purport.collect.listing import address, listed
from purport.collect.markup import decoded, one_line, without_doctype
from purport.core.records import Gap, gap
from purport.core.watching import Listed

SIZE = 50 * 1024 * 1024  # bytes of one sitemap, unpacked, as the protocol has it
ADDRESSES = 50_000  # in one sitemap, as the protocol has it
ESCAPED = 20 * ADDRESSES  # of one sitemap: each costs a hundred bytes for a moment
DEPTH, SITEMAPS = 3, 200  # lists within lists, and sitemaps in all, that are asked for one source
_SAFELY = {"recover": True, "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
_MEND = "It is no sitemap; look at its address. The site's robots.txt may name the right one."
_MENDS = dict.fromkeys(
    ("rss", "feed", "rdf"), "It is a feed, no sitemap; in sources.toml write `feed = …` instead of `sitemap = …`."
) | {"html": "It is a page, no sitemap; the site's robots.txt may name the right address, or write `page = …`."}

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_BARE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")

Said: TypeAlias = Callable[[str, str], Gap]  # makes a gap of a cause and a sentence


class Part(msgspec.Struct, frozen=True):
    """A sitemap that a list of sitemaps names."""

    url: str
    changed: str = ""  # as written, W3C dates mostly: those sort as text


class Sitemap(msgspec.Struct, frozen=True, kw_only=True):
    """A sitemap: what it lists, or the sitemaps that it is a list of."""

    kind: str = ""  # pages | sitemaps | text; empty: it is no sitemap
    listed: tuple[Listed, ...] = ()
    parts: tuple[Part, ...] = ()
    gaps: tuple[Gap, ...] = ()


def read_sitemap(data: bytes, content_type: str, url: str, seen: datetime, source: str) -> Sitemap:
    """The sitemap in some bytes that were at an address. Never raises: what can't be read is a gap, the rest is read.

    An item's date is that of its publication where it is news; else it is the day on which its page was last changed.
    """
    subject = without_password(url)

    def said(cause: str, detail: str) -> Gap:
        return gap("collect", subject, cause, detail, seen)

    if data.startswith(b"\x1f\x8b"):
        try:
            data = inflate(data, "gzip", SIZE)
        except BodyError as error:
            return Sitemap(gaps=(said(error.cause, f"The sitemap can't be unpacked: {error}."),))
    if len(data) > SIZE:
        return Sitemap(gaps=(said("too-large", f"The sitemap is larger than {limits.said(SIZE)}."),))
    start = data[: limits.HEAD].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not start:
        return Sitemap(gaps=(said("empty", "There is nothing in the sitemap; look at its address."),))
    if start.startswith(b"<"):
        return _of_xml(data, url, seen, source, said)
    return _of_text(data, content_type, url, seen, source, said)


def ahead(found: Sitemap, depth: int, asked: Collection[str]) -> tuple[str, ...]:
    """The sitemaps to ask next, those last changed first: no list deeper than DEPTH, none twice, SITEMAPS in all.

    `depth` is that of `found`, 0 for the source's own; `asked` holds all addresses that were asked for it so far.
    """
    if depth >= DEPTH:
        return ()
    by_date = sorted(found.parts, key=lambda part: part.changed, reverse=True)
    fresh = dict.fromkeys(part.url for part in by_date if part.url not in asked)
    return tuple(fresh)[: max(0, SITEMAPS - len(asked))]


def _of_xml(data: bytes, url: str, seen: datetime, source: str, said: Said) -> Sitemap:
    items: list[Listed] = []
    parts: list[Part] = []
    latest: list[Any] = []
    root, left, much, broken = "", 0, False, ""
    steps = etree.iterparse(io.BytesIO(_mended(data)), events=("start", "end"), **_SAFELY)
    try:
        for event, element in steps:
            name = _name(element)
            if event == "start":
                root = root or name
                much = name in ("url", "sitemap") and len(items) + len(parts) >= ADDRESSES
                if much:
                    break
                continue
            if name == "url" and root == "urlset":
                latest = _item(element, url, seen, source)
                items += latest
                left += not latest
            elif name == "sitemap" and root == "sitemapindex":
                latest = _part(element, url)
                parts += latest
                left += not latest
            if name in ("url", "sitemap"):
                _forget(element)
    except (etree.XMLSyntaxError, ValueError) as error:
        broken = str(error)
    if root not in ("urlset", "sitemapindex"):
        kind = "html" if kind_of(data[: limits.HEAD]) == "html" else root
        return Sitemap(gaps=(said("not-a-sitemap", _MENDS.get(kind, _MEND)),))
    gaps = []
    if much:
        gaps.append(said("too-much", f"The sitemap has more than {ADDRESSES} addresses; the rest was left out."))
    elif root.encode() + b">" not in data[-400:].replace(b"\x00", b""):
        left -= not latest
        del items[len(items) - len(latest) :], parts[len(parts) - len(latest) :]  # its address may be half of one
        gaps.append(said("truncated", "The sitemap ends too early; what is whole was read. It will be asked again."))
    elif broken or steps.error_log:
        detail = f"The sitemap breaks the rules of XML ({broken or steps.error_log[0].message})"
        gaps.append(said("not-well-formed", f"{detail}; it was read as far as it can be told what is meant."))
    if left > 0:
        gaps.append(said("no-address", f"Entries of the sitemap that name no web address were left out: {left}."))
    kind = "pages" if root == "urlset" else "sitemaps"
    return Sitemap(kind=kind, listed=tuple(items), parts=tuple(parts), gaps=tuple(gaps))


def _mended(data: bytes) -> bytes:
    """The bytes without a document type, and with each “&” as what it is meant to be: half of the web forgets that
    addresses are to be escaped, and a parser that is told to go on leaves out what it takes for an entity's name."""
    head = data[: limits.HEAD]
    if b"\x00" in head or b"<!DOCTYPE" in head:
        data = _DECLARATION.sub("", without_doctype(decoded(data)[0])[0], count=1).encode()
    return _BARE.sub(b"&amp;", data, count=ESCAPED)


def _part(element: etree._Element, url: str) -> list[Part]:
    """The sitemap that a `sitemap` element names; none or one."""
    said = _texts(element)
    to = address(said.get("loc", ""), url)
    return [Part(to, said.get("lastmod", ""))] if to else []


def _item(element: etree._Element, url: str, seen: datetime, source: str) -> list[Listed]:
    """The item of a `url` element; none or one."""
    said = _texts(element)
    to = address(said.get("loc", ""), url)
    if not to:
        return []
    news: dict[str, str] = {}
    media: list[str] = []
    for part in element.iterchildren():
        match _name(part):
            case "news":
                news = _texts(part)
            case "image":
                media.append(address(_texts(part).get("loc", ""), url))
            case "video":
                media.append(address(_texts(part).get("content_loc", ""), url))
    return [
        listed(
            source, seen, key=to, url=to, title=one_line(news.get("title", "")),
            published=news.get("publication_date") or said.get("lastmod", ""), media=filter(None, media),
        )
    ]  # fmt: skip


def _of_text(data: bytes, content_type: str, url: str, seen: datetime, source: str, said: Said) -> Sitemap:
    """A list of addresses, one a line. A text whose lines are mostly something else is none."""
    lines = [line.strip() for line in decoded(data, content_type)[0].splitlines() if line.strip()]
    found = dict.fromkeys(address(line) for line in lines[:ADDRESSES] if line.startswith(("http://", "https://")))
    found.pop("", None)
    if 2 * len(found) < min(len(lines), ADDRESSES):
        return Sitemap(gaps=(said("not-a-sitemap", _MEND),))
    gaps: tuple[Gap, ...] = ()
    if len(lines) > ADDRESSES:
        gaps = (said("too-much", f"The sitemap has more than {ADDRESSES} lines; the rest was left out."),)
    return Sitemap(kind="text", listed=tuple(listed(source, seen, key=to, url=to) for to in found), gaps=gaps)


def _texts(element: etree._Element) -> dict[str, str]:
    """The texts of an element's children by their names, each name's first."""
    found: dict[str, str] = {}
    for part in element.iterchildren():
        found.setdefault(_name(part), " ".join((part.text or "").split()))
    return found


def _name(element: etree._Element) -> str:
    """A tag without its namespace: some sitemaps have a wrong one, or none."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _forget(element: etree._Element) -> None:
    """Lets go of an element that was read, and of what stands before it: memory does not grow with a sitemap."""
    element.clear()
    parent = element.getparent()
    if parent is None or parent.getparent() is not None:
        return  # within another that is still open: an end tag was forgotten
    while (before := element.getprevious()) is not None:
        parent.remove(before)
