"""Which media a page shows or points to: players, frames, posts, links; and one form for the addresses of one thing."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from lxml import etree, html  # type: ignore[import-untyped]

from purport.core.references import Address

_SHOWN = "//video | //audio | //source | //iframe | //embed | //object | //blockquote"
_META = frozenset(
    ("og:video", "og:video:url", "og:video:secure_url", "og:audio", "twitter:player", "twitter:player:stream")
)
_HELD = ("src", "data-src", "data", "cite", "data-instgrm-permalink", "data-url")
_ADDED = re.compile(r"utm_.*|fbclid|gclid|igshid?|mc_[ce]id")  # to follow people
_PATH_ONLY = frozenset(("x.com", "t.me", "vimeo.com", "instagram.com", "tiktok.com"))  # what follows "?" is for players
_SAME_HOST = {
    "twitter.com": "x.com", "mobile.twitter.com": "x.com", "mobile.x.com": "x.com", "youtu.be": "youtube.com",
    "youtube-nocookie.com": "youtube.com", "player.vimeo.com": "vimeo.com", "telegram.me": "t.me",
}  # fmt: skip
_VIDEO_PATHS = re.compile(r"^/(?:embed|shorts|live|v)/([\w-]{6,})")


def embeds(page: str, url: str = "") -> Iterator[Address]:
    """The addresses of media in a page's mark-up, each once: first what it shows, then what it links to."""
    try:
        tree = html.fromstring(page) if page.strip() else None
    except (etree.ParserError, ValueError):  # nothing in it, or no mark-up
        return
    if tree is None:
        return
    seen: set[str] = set()
    for how, found in _given(tree):
        if (address := _whole(found, url)) and address not in seen:
            seen.add(address)
            yield Address(address, how)


def _given(tree: html.HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in tree.xpath("//meta"):
        if (meta.get("property") or meta.get("name") or "").lower() in _META:
            yield "embed", meta.get("content") or ""
    for shown in tree.xpath(_SHOWN):
        yield from (("embed", shown.get(name) or "") for name in _HELD)
        if shown.tag == "blockquote":  # a post shown in the page links to itself
            yield from (("embed", link.get("href") or "") for link in shown.xpath(".//a[@href]"))
    yield from (("link", link.get("href") or "") for link in tree.xpath("//a[@href]"))


def _whole(address: str, base: str) -> str:
    try:
        whole = urljoin(base, address.strip()) if address.strip() else ""
        return whole if urlsplit(whole).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def canonical(url: str) -> str:
    """One form for the addresses of one thing; empty for what is no web address.

    Without scheme, "www.", fragment and what is added to follow people; a player's address becomes its page's.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    host = re.sub(r"^(?:www|m)\.", "", parts.hostname.lower())
    short = host == "youtu.be"
    host = _SAME_HOST.get(host, host)
    path = quote(unquote(parts.path), safe="/@:!$&'()*+,;=~-._").rstrip("/")
    query = [(name, value) for name, value in parse_qsl(parts.query) if not _ADDED.fullmatch(name)]
    if host == "youtube.com":
        found = _VIDEO_PATHS.match(path)
        if short or found:
            path, query = "/watch", [("v", found[1] if found else path.lstrip("/"))]
        query = [(name, value) for name, value in query if name in ("v", "list")]
    elif host == "vimeo.com":
        path = path.removeprefix("/video") if re.match(r"^/video/\d", path) else path
    elif host == "t.me":
        path = path.removeprefix("/s") if path.startswith("/s/") else path
    query = [] if host in _PATH_ONLY else query
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    return where + path + ("?" + urlencode(sorted(query)) if query else "")
