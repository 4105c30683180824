"""Which character encoding some bytes are in, and how many of them it can't read.

The order: byte-order mark, UTF-16 by its zeros, strict UTF-8 (nothing else passes for it by chance), what
the page or its server declared, UTF-8 with a few broken bytes, and only then a guess.
"""

import codecs
import re

from purport.collect.limits import HEAD

_BOMS = (  # the four-byte marks first: UTF-16's is a beginning of UTF-32's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
# what browsers read these labels as: https://encoding.spec.whatwg.org/#names-and-labels
_WESTERN = {"ascii", "iso8859-1", "latin-1", "cp1252"}
_NOT_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7", "mbcs", "oem"}
_CHUNK = 1024 * 1024


def charset_of(data: bytes, declared: str = "") -> tuple[str, int]:
    """The Python codec to read the bytes with, and how many pieces it will have to replace by U+FFFD."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name, _replaced(data, name)
    if wide := _wide(data[:HEAD]):
        return wide, _replaced(data, wide)
    if _strict(data, "utf-8"):
        return "utf-8", 0
    name = known(declared)
    if name and _strict(data, name):
        return name, 0
    sample = data[:_CHUNK].decode("utf-8", "replace")
    bad = sample.count("\ufffd")
    good = sum(c > "\x7f" for c in sample) - bad
    if good > 3 * bad:
        return "utf-8", _replaced(data, "utf-8")
    name = name or _guess(data)
    return name, _replaced(data, name)


def declared_in(head: bytes) -> str:
    """The encoding an HTML page names in its own head; empty when it names none."""
    found = _META.search(head[:4096])
    return found[1].decode("ascii") if found else ""


def known(label: str) -> str:
    """The codec for an encoding's label as found in the wild; empty when there is none such."""
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
        b"".decode(name)  # refuses codecs that don't make text ("zip", "base64")
    except (LookupError, ValueError):
        return ""
    if name in _NOT_CHARSETS:
        return ""
    return "cp1252" if name in _WESTERN else name


def preview(head: bytes) -> str:
    """The first characters, for looking at only."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return head.decode(name, "replace")
    return head.decode(_wide(head) or "utf-8", "replace")


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: it has zeros in it and reads as text of the scripts that news comes in."""
    if b"\x00" not in head:
        return ""
    even = head[: len(head) // 2 * 2]
    best, share = "", 0.9
    for name in ("utf-16-le", "utf-16-be"):
        text = even.decode(name, "replace")
        likely = sum("\x20" <= c <= "\u06ff" or c in "\t\r\n" or "\u2010" <= c <= "\u203a" for c in text)
        if text and likely / len(text) > share:
            best, share = name, likely / len(text)
    return best


def _strict(data: bytes, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        for start in range(0, len(data), _CHUNK):
            decoder.decode(data[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _replaced(data: bytes, name: str) -> int:
    return 0 if _strict(data, name) else data.decode(name, "replace").count("\ufffd")


def _guess(data: bytes) -> str:
    sample = data[:HEAD]
    # English text with a few odd bytes is Windows-1252 nearly always; detectors stumble over so little
    if sum(b > 0x7F for b in sample) < len(sample) / 10:
        return "cp1252"
    import charset_normalizer  # slow to import, rarely needed

    best = charset_normalizer.from_bytes(sample).best()
    return (known(best.encoding) if best else "") or "cp1252"
