"""Makes listed items: what feeds, sitemaps and pages have in common when they name something that was published."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from purport.collect.items import whole, without_password
from purport.core.ids import digest, make_id
from purport.core.watching import Listed

TITLE, DATE, ADDRESS = 500, 100, 4096  # characters kept of each
MEDIA = 200  # of one item


def listed(
    source: str,
    seen: datetime,
    *,
    key: str = "",
    url: str = "",
    title: str = "",
    published: str = "",
    media: Iterable[str] = (),
    kind: str = "page",
    of: str = "",
) -> Listed:
    """An item as its source lists it. Its key is what the source calls it, else its address, else its words' digest."""
    title, published = whole(title)[:TITLE], whole(" ".join(published.split()))[:DATE]
    files = tuple(dict.fromkeys(media))[:MEDIA]
    key = whole(key.strip()) or url or next(iter(files), "") or digest(f"{title}\n{published}".encode())
    if len(key) > ADDRESS:
        key = digest(key.encode())
    return Listed(
        id=make_id("listed", source, key), source=source, key=without_password(key), url=url, title=title,
        published=published, media=files, kind=kind, of=of, seen=seen,
    )  # fmt: skip


def address(found: object, base: str = "") -> str:
    """The web address that is meant, whole and without a password; empty for anything else: no file, script or mail."""
    if not isinstance(found, str) or not found.strip() or len(found) > ADDRESS:
        return ""
    try:
        url = urljoin(base, found.strip())
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
        return whole(without_password(url))
    except ValueError:
        return ""
