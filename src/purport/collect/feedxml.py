"""feedparser's two parsers, the strict and the tolerant, held within bounds and never opening anything.

`feedparser.parse` would take a text for an address or a file's name, would parse what a document type makes of a feed,
and takes hours for what some few megabytes can be made of. So its parsers are called here, one by one, on text that is
in hand: without a document type, with an end to their work, and without the parts whose results nobody asks for.
"""

import io
import re
import xml.sax
import xml.sax.handler
import xml.sax.xmlreader
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feedparser.api import (  # type: ignore[import-untyped]
    SUPPORTED_VERSIONS,
    LooseFeedParser,
    StrictFeedParser,
)

from purport.collect.markup import without_doctype

_ENDS = re.compile(r"</(?:rss|feed|rdf:RDF|channel)\s*>", re.IGNORECASE)
ELEMENTS, DEPTH, ENTRIES, NAMESPACES = 200_000, 2_000, 10_000, 100
ATTRIBUTES = 200  # of one element
ATTRIBUTE = 8 * 1024  # characters of one attribute
BASE = 2_000  # characters of an address that others are relative to
TOLERANT = 1_000_000  # characters of a broken feed that are read: signs of no sense cost 200 bytes each
_NETSCAPE, _UNKNOWN = "RSS 0.91 (Netscape)", "RSS (unknown version)"


class Enough(Exception):  # noqa: N818  # no error: what was read so far is kept
    """A bound was met."""


@dataclass(slots=True)
class Parsed:
    """What feedparser made of a text: its own dictionaries."""

    kind: str = ""  # as in “RSS 2.0”; empty: nothing of a feed was found
    feed: dict[str, Any] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    cause: str = ""  # of what was not as it should be: not-well-formed, too-much
    detail: str = ""


def parse(text: str, base: str) -> Parsed:
    """What a feed in RSS, Atom or CDF says. `base` is its own address. Never raises for what is in the text."""
    text, doctype, entities = without_doctype(text.lstrip())
    strict = _Strict(base, None, "utf-8")
    fault = _strictly(strict, _declared(text, entities))
    if fault and strict.inentry:
        del strict.entries[-1:]  # half of one: the whole would come as another later
    if not fault or isinstance(fault, Enough):
        return _parsed(strict, doctype, "too-much" if fault else "", str(fault or ""))
    loose = _Loose(base, None, "utf-8", dict(entities))
    try:
        loose.feed(text[:TOLERANT])
    except Exception as error:  # whatever a stranger's parser stumbles over: what it has read until then stands
        fault = error if isinstance(error, Enough) else fault
    if loose.inentry and not _ENDS.search(text[:TOLERANT], max(0, min(len(text), TOLERANT) - 200)):
        del loose.entries[-1:]
    best = loose if len(loose.entries) >= len(strict.entries) else strict
    return _parsed(best, doctype, "too-much" if isinstance(fault, Enough) else "not-well-formed", str(fault))


def _strictly(parser: "_Strict", text: str) -> Exception | None:
    """Why the strict parser gave up, if it did."""
    reader = xml.sax.make_parser()
    reader.setFeature(xml.sax.handler.feature_namespaces, True)
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(text.encode("utf-8", "replace")))
    source.setEncoding("utf-8")  # whatever the document declares: it is decoded already
    try:
        reader.parse(source)
    except Exception as error:  # most are SAX's own; feedparser has others for odd values
        return error
    return None


def _declared(text: str, entities: Mapping[str, str]) -> str:
    """The text with the entities that it may keep, as the strict parser must have them declared."""
    if not entities:
        return text
    head, mark, rest = text.partition("?>") if text.startswith("<?xml") else ("", "", text)
    names = "".join(f'<!ENTITY {name} "{value}">' for name, value in entities.items())
    return f"{head}{mark}<!DOCTYPE feed [{names}]>{rest}"


def _parsed(parser: Any, doctype: str, cause: str, detail: str) -> Parsed:
    if "netscape" in doctype.lower():
        kind = _NETSCAPE
    elif parser.version:
        kind = SUPPORTED_VERSIONS.get(parser.version, parser.version)
    else:
        kind = "CDF" if parser.root == "channel" else _UNKNOWN if parser.entries else ""
    return Parsed(kind, parser.feeddata, parser.entries, cause, detail)


class _Bounded:
    """What both parsers get on top of feedparser's own."""

    resolve_relative_uris = False  # within the texts of entries, which nobody reads here
    sanitize_html = False  # titles become plain words, which needs no washing
    elements = 0
    root = ""

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        self.elements += 1
        self.root = self.root or tag
        kept = [(name, value) for name, value in attrs if len(value) <= ATTRIBUTE]
        super().unknown_starttag(tag, kept)  # type: ignore[misc]
        this: Any = self
        for much, most, what in (
            (self.elements, ELEMENTS, "elements"),
            (this.depth, DEPTH, "elements within each other"),
            (len(this.entries), ENTRIES, "entries"),
            (len(this.namespaces_in_use), NAMESPACES, "namespaces"),
            (len(this.baseuri), BASE, "characters of a base address"),
        ):
            if much > most:
                raise Enough(f"it has more than {most} {what}")

    def pop(self, element: str, strip_whitespace: int = 1) -> Any:
        """The text of an element, whose blank beginning feedparser would take off piece by piece, for hours."""
        this: Any = self
        if this.elementstack:
            pieces = this.elementstack[-1][2]
            if isinstance(pieces, list):
                del pieces[: next((at for at, piece in enumerate(pieces) if piece.strip()), 0)]
        return super().pop(element, strip_whitespace)  # type: ignore[misc]

    def _add_tag(self, *_: Any) -> None:
        """Categories are not kept, and feedparser compares each with all before it."""
        this: Any = self
        this._get_context().setdefault("tags", [])

    def _sync_author_detail(self, *_: Any) -> None:
        """Authors are not kept, and a long name without an address in it takes feedparser a day."""


class _Strict(_Bounded, StrictFeedParser):  # type: ignore[misc]
    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802  # SAX names it so
        if len(attrs) > ATTRIBUTES:  # each is compared with all others
            raise Enough(f"an element has more than {ATTRIBUTES} attributes")
        super().startElementNS(name, qname, attrs)


class _Loose(_Bounded, LooseFeedParser):  # type: ignore[misc]
    pass
