"""The tags of simple HTML one after the other, in one pass over the text whatever stands in it."""

import html
import re
from collections.abc import Iterator
from typing import TypeAlias

Tag: TypeAlias = tuple[str, dict[str, str], str]  # name ("a", "/a"), attributes, the text behind it

_NAME = re.compile(r"/?[a-z!][a-z0-9]{0,20}", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\s*([a-z_][\w:-]{0,40})(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""", re.IGNORECASE)


def tags(text: str) -> Iterator[Tag]:
    """Tags with their names and attributes in lower case; text is unescaped, with its white space as it is."""
    pieces = text.split("<")
    for piece in pieces[1:]:
        if not (name := _NAME.match(piece)):
            continue
        at, attributes = name.end(), {}
        while found := _ATTRIBUTE.match(piece, at):
            attributes[found[1].lower()] = html.unescape(found[2] or found[3] or found[4] or "")
            at = found.end()
        end = piece.find(">", at)
        yield name[0].lower(), attributes, html.unescape(piece[end + 1 :]) if end >= 0 else ""
