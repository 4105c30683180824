"""What a watched page links to: new articles of the same site, and the videos, sounds and images that it shows."""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice, takewhile
from urllib.parse import unquote, urldefrag, urlsplit

import msgspec
from lxml import etree, html  # type: ignore[import-untyped]

from purport.collect import limits
from purport.collect.charsets import charset_of, declared_in
from purport.collect.embeds import embeds
from purport.collect.items import split_media_type, whole, without_password
from purport.collect.listing import address, listed
from purport.collect.markup import one_line
from purport.core.records import Gap, gap
from purport.core.watching import Listed

LINKS = 2_000  # of one page
LOOKED = 20_000  # links and images of one page that are looked at
SLUG = 4  # words in an article's address
SMALL = 100  # pixels: an image of a smaller stated width or height is an icon

_FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_MEDIA = re.compile(
    r"\.(?:mp4|m4v|mov|webm|mkv|avi|mpe?g|3gp|flv|wmv|m3u8|mpd|mp3|m4a|aac|wav|flac|og[gvax]|opus|wma)$", re.IGNORECASE
)
_IMAGE = re.compile(r"\.(?:jpe?g|png|webp|avif|heic|bmp|tiff?|gif)$", re.IGNORECASE)
_NO_ARTICLE = re.compile(
    r"\.(?:css|js|json|xml|rss|atom|ico|svg|woff2?|ttf|zip|gz|exe|dmg|apk|ics|vcf|docx?|xlsx?|pptx?|pdf)$",
    re.IGNORECASE,
)
# parts of a path behind which a site keeps its lists, its shop and its rules, not its articles
_ASIDE = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|people|profile|users?|accounts?|log-?in|log-?out|sign-?(?:in|up)"
    r"|register|subscri(?:be|ptions?)|newsletters?|search|about(?:-us)?|contact(?:-us)?|privacy(?:-policy)?|terms"
    r"(?:-of-(?:use|service))?|cookies?|imprint|legal|advertis\w*|jobs|careers|shop|store|donate|help|faq|feeds?|rss"
    r"|page/\d+|wp-(?:admin|content|includes|json|login)|share|print|comments?)(?:/|$|\.)",
    re.IGNORECASE,
)
_DATED = re.compile(r"/(?:19|20)\d{2}[/-](?:0?[1-9]|1[0-2]|[a-z]{3})[/-]", re.IGNORECASE)
_BETWEEN = re.compile(r"[-_]+")  # the words of a slug
_NUMBERED = re.compile(r"\d{5,}")
_HEADING = "ancestor::h1 or ancestor::h2 or ancestor::h3 or ancestor::h4 or .//h1 or .//h2 or .//h3 or .//h4"


class Front(msgspec.Struct, frozen=True, kw_only=True):
    """A watched page: what it links to, and the feeds it names for itself."""

    title: str = ""
    listed: tuple[Listed, ...] = ()
    feeds: tuple[str, ...] = ()  # addresses; a feed misses less than a page does
    gaps: tuple[Gap, ...] = ()


def read_page(data: bytes, content_type: str, url: str, seen: datetime, source: str) -> Front:
    """What a page in some bytes lists, articles first, each once. Never raises: what can't be read is a gap."""
    subject, gaps = without_password(url), []
    if len(data) > limits.HTML:
        detail = f"The page is larger than {limits.said(limits.HTML)}; the rest was not looked at."
        gaps.append(gap("collect", subject, "too-large", detail, seen))
        data = data[: limits.HTML]
    name, _ = charset_of(data, split_media_type(content_type)[1] or declared_in(data))
    text = whole(data.decode(name, "replace"))
    tree = _tree(text)
    if tree is None:
        detail = "There is nothing in the page that could be read; look at its address."
        return Front(gaps=(*gaps, gap("collect", subject, "empty", detail, seen)))
    base = _base(tree, subject)
    found = [
        listed(source, seen, key=to, url=to, title=title, kind="media" if _MEDIA.search(urlsplit(to).path) else "page")
        for to, title in _articles(tree, base).items()
    ]
    alone = [listed(source, seen, key=file, url=file, kind="media") for file in dict.fromkeys(_files(tree, text, base))]
    if not found and not alone:
        detail = (
            "No link on the page looks like an article, and it shows no media; if it is made by scripts, watch a feed."
        )
        gaps.append(gap("collect", subject, "no-links", detail, seen))
    if len(found) > LINKS or len(alone) > LINKS:
        detail = f"The page has more than {LINKS} links of a kind; the rest was left out."
        gaps.append(gap("collect", subject, "too-much", detail, seen))
    return Front(
        title=one_line(tree.findtext(".//title") or ""),
        listed=tuple({one.id: one for one in [*found[:LINKS], *alone[:LINKS]]}.values()),
        feeds=_feeds(tree, base),
        gaps=tuple(gaps),
    )


def is_article(url: str) -> bool:
    """Whether an address alone reads like an article's, not like that of a page which lists some."""
    return _looks_like_article(url, "", heads=False)


def feeds_of(page: str, url: str) -> tuple[str, ...]:
    """The feeds that a page names for itself in its head."""
    tree = _tree(page)
    return () if tree is None else _feeds(tree, _base(tree, url))


def shown(markup: str, url: str) -> tuple[str, ...]:
    """The videos and sounds that a piece of HTML shows by players of its own."""
    tree = _tree(f"<div>{markup}</div>")
    return () if tree is None else tuple(dict.fromkeys(_players(tree, url)))


def _tree(text: str) -> html.HtmlElement | None:
    try:
        # as bytes: lxml refuses a text that declares an encoding
        parser = html.HTMLParser(encoding="utf-8")
        return html.document_fromstring(text.encode(), parser=parser) if text.strip() else None
    except (etree.ParserError, ValueError):
        return None


def _base(tree: html.HtmlElement, url: str) -> str:
    return next((found for one in tree.xpath("//base[@href]") if (found := address(one.get("href"), url))), url)


def _feeds(tree: html.HtmlElement, base: str) -> tuple[str, ...]:
    links = (one for one in tree.xpath("//link[@href]") if "alternate" in (one.get("rel") or "").lower().split())
    found = (address(one.get("href"), base) for one in links if (one.get("type") or "").lower().strip() in _FEEDS)
    return tuple(dict.fromkeys(filter(None, found)))


def _articles(tree: html.HtmlElement, base: str) -> dict[str, str]:
    """Addresses that look like articles of this site, in the page's order, with the longest words that link there."""
    found: dict[str, str] = {}
    here = urldefrag(base)[0]
    for link in tree.xpath("//a[@href]")[:LOOKED]:
        to = urldefrag(address(link.get("href"), base))[0]
        if not to or to == here or not _same_site(to, base):
            continue
        words = one_line(link.text_content()) or one_line(link.get("title") or link.get("aria-label") or "")
        if _looks_like_article(to, words, bool(link.xpath(_HEADING))) and len(words) >= len(found.get(to, "")):
            found[to] = words
    return found


def _looks_like_article(url: str, words: str, heads: bool) -> bool:
    """Whether an address reads like an article's: dated, numbered or worded; else its link has to be a headline."""
    path = unquote(urlsplit(url).path)
    if _NO_ARTICLE.search(path) or _IMAGE.search(path) or _ASIDE.search(path):
        return False
    if _MEDIA.search(path) or _DATED.search(path) or _slug(path) >= SLUG:
        return True
    worded = len(words) >= 20 or len(words.split()) >= 4
    numbered = bool(_NUMBERED.search(path) or _NUMBERED.search(urlsplit(url).query))
    return worded and (numbered or (heads and path.strip("/") != ""))


def _slug(path: str) -> int:
    """Of how many words the last part of a path is, as in `ferry-and-barge-collide.html`."""
    return sum(any(map(str.isalnum, word)) for word in _BETWEEN.split(path.rstrip("/").rpartition("/")[2]))


def _same_site(url: str, base: str) -> bool:
    """The same host, with or without “www.”, or one below it."""
    one, other = (re.sub(r"^(?:www|m)\.", "", (urlsplit(each).hostname or "").lower()) for each in (url, base))
    return one == other or one.endswith("." + other)


def _files(tree: html.HtmlElement, text: str, base: str) -> Iterator[str]:
    """What the page itself shows, and links to as a file; not the small pictures of what it only links to."""
    yield from _players(tree, base)
    embedded = takewhile(lambda one: one.how == "embed", embeds(text, base))  # its links come behind
    for one in islice(embedded, LOOKED):
        if (found := address(one.url)) and not _IMAGE.search(urlsplit(found).path):
            yield found
    for link in tree.xpath("//a[@href]")[:LOOKED]:
        to = address(link.get("href"), base)
        if _IMAGE.search(urlsplit(to).path):
            yield to
    for image in tree.xpath("//img[not(ancestor::a)]")[:LOOKED]:
        found = "" if _small(image) else address(_best(image), base)
        if found and not found.lower().endswith((".svg", ".ico")):
            yield found


def _players(tree: html.HtmlElement, base: str) -> Iterator[str]:
    for one in tree.xpath("//video | //audio | //video//source | //audio//source")[:LOOKED]:
        yield from filter(None, (address(one.get(name), base) for name in ("src", "data-src")))
    yield from filter(None, (address(one.get("poster"), base) for one in tree.xpath("//video[@poster]")))


def _best(image: html.HtmlElement) -> str:
    """The largest of the pictures that an `img` names."""
    sizes: list[tuple[float, str]] = []
    for each in (image.get("srcset") or image.get("data-srcset") or "").split(", "):
        where, _, size = each.strip().partition(" ")
        number = re.match(r"[\d.]{1,8}", size.strip())
        try:
            sizes.append((float(number[0]) if number else 1.0, where))
        except ValueError:
            continue
    best = max(sizes, key=lambda one: one[0], default=(0.0, ""))[1]
    return best or image.get("src") or image.get("data-src") or ""


def _small(image: html.HtmlElement) -> bool:
    stated = (re.match(r"\d{1,5}", image.get(name) or "") for name in ("width", "height"))
    return any(int(one[0]) < SMALL for one in stated if one)
