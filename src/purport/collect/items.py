"""Makes items: bytes in hand with their capture."""

import re
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from purport.collect.charsets import charset_of, declared_in
from purport.core.ids import digest, make_id
from purport.core.records import Capture, Gap, Item, gap

_LONE = re.compile("[\ud800-\udfff]")


def item(
    data: bytes,
    place: str,
    kind: str,
    taken: datetime,
    *,
    media_type: str = "text/plain",
    url: str = "",
    charset: str = "",
    title: str = "",
    published: str = "",
    input_id: str = "",
    outlet: str = "",
) -> Item:
    sha = digest(data)
    capture = Capture(
        make_id("capture", place, sha), place, sha, len(data), taken, media_type, kind, without_password(url)
    )
    return Item(capture, data, charset, title, published, input_id, outlet)


def read_charset(data: bytes, media_type: str, declared: str, place: str, now: datetime) -> tuple[str, list[Gap]]:
    """The codec for a text or page, with a gap when some of its bytes can't be read with it."""
    if media_type == "text/html":
        declared = declared or declared_in(data)
    name, replaced = charset_of(data, declared)
    if not replaced:
        return name, []
    detail = f"{replaced} pieces can't be read as {name} and were replaced by “\ufffd”; save it as UTF-8."
    return name, [gap("collect", place, "undecodable", detail, now)]


def whole(text: str) -> str:
    """The text with half surrogate pairs and NULs replaced one for one, so that offsets stay and it can be stored."""
    return _LONE.sub("\ufffd", text).replace("\x00", "\ufffd")


def without_password(url: str) -> str:
    """The address without a user name and password; what isn't an address comes back unchanged."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return re.sub(r"//[^/@]*@", "//", url)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def split_media_type(value: str) -> tuple[str, str]:
    """("text/html", "utf-8") of `text/html; charset=utf-8`, both in lower case, empty where absent."""
    kind, _, rest = value.partition(";")
    found = re.search(r"charset\s*=\s*[\"']?([^\s;\"']{1,40})", rest, re.IGNORECASE)
    return kind.strip().lower(), found[1].lower() if found else ""
