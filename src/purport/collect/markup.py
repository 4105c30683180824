"""Mark-up made safe and simple to read: decoded, without its document type; and the plain words of a piece of it."""

import re
from collections.abc import Mapping

from lxml import etree, html  # type: ignore[import-untyped]

from purport.collect.charsets import charset_of, known
from purport.collect.items import split_media_type, whole

SUBSET = 16 * 1024  # characters of a document type that are looked at; honest ones have a few hundred
ENTITIES, ENTITY = (
    100,
    32,
)  # so many declared entities are kept, of so many characters: a text can't grow tenfold by them

# how "<?xml" begins where its bytes are not those of ASCII: https://www.w3.org/TR/xml/#sec-guessing
_WIDE = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_STATEFUL = ("iso2022", "hz")  # their bytes are those of ASCII and would pass for UTF-8
_SAID = ".//text()[not(ancestor::script or ancestor::style or ancestor::template)]"
# what browsers read these labels as, of which each is a part: https://encoding.spec.whatwg.org/#names-and-labels
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs"}
_DECLARED = re.compile(r"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{1,40})")
_PROLOG = re.compile(r"(?:\s|<\?[^>]*>|<!--(?:[^-]|-(?!->))*-->)*+")
_TOKEN = re.compile(r"<!--(?:[^-]|-(?!->))*+-->|<\?[^>]*+>|\"[^\"]*+\"|'[^']*+'|[\[\]<>]")
_FLAT = re.compile(rf"<!ENTITY\s+([A-Za-z_][\w.-]{{0,40}})\s+\"(&#\w{{1,8}};|[^&%<\"]{{0,{ENTITY}}})\"\s*>")


def decoded(data: bytes, content_type: str = "") -> tuple[str, int]:
    """The text of an XML or JSON document, and how many pieces of it could not be read and are U+FFFD now.

    What is asked, in this order: a byte-order mark, whether it is UTF-8, the server's charset, the document's own
    declaration (RFC 7303 but for UTF-8, for which nothing else passes by chance).
    """
    name = next((name for first, name in _WIDE if data.startswith(first)), "")
    if name:
        own = _DECLARED.match(data[:400].decode(name, "replace"))
        if name == "cp037" and own:
            name = known(own[1]) or name
        text = data.decode(name, "replace")
        return whole(text), text.count("\ufffd")
    own = _DECLARED.match(data[:400].decode("latin-1"))
    declared = known(split_media_type(content_type)[1]) or (known(own[1]) if own else "")
    declared = _WIDER.get(declared, declared)
    if declared.startswith(_STATEFUL):
        text = data.decode(declared, "replace")
        return whole(text), text.count("\ufffd")
    name, replaced = charset_of(data, declared)
    return whole(data.decode(name, "replace")).removeprefix("\ufeff"), replaced


def without_doctype(text: str) -> tuple[str, str, Mapping[str, str]]:
    """The document without its document type, that document type, and those of its entities that are short plain text.

    Entities may stand for others, for files, or for a text that is repeated a million times; elements may get
    attributes without end. None of that is left for a parser to meet. A document type without an end in sight takes
    what follows with it.
    """
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    if not text.startswith("<!DOCTYPE", start):
        return text, "", {}
    end, depth = len(text), 0
    for token in _TOKEN.finditer(text, start, start + SUBSET):
        depth += {"<": 1, "[": 1, ">": -1, "]": -1}.get(token[0], 0)
        if depth <= 0:
            end = token.end()
            break
    doctype = text[start : min(end, start + SUBSET)]
    entities = dict(_FLAT.findall(doctype)[:ENTITIES])
    return text[:start] + text[end:], doctype, entities


def text_of(markup: str) -> str:
    """The words of a piece of HTML on one line, without what browsers don't show."""
    if "<" not in markup and "&" not in markup:
        return one_line(markup)
    try:
        tree = html.fromstring(f"<div>{whole(markup)}</div>")
    except (etree.ParserError, ValueError):
        return ""
    return one_line("".join(tree.xpath(_SAID)))


def one_line(text: str) -> str:
    return whole(" ".join(text.split()))
