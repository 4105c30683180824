"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), read leniently: what has the wrong type is left out."""

import json
import re
from dataclasses import dataclass
from typing import Any

import msgspec

ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class JsonItem:
    """One of its items, as written."""

    key: str
    url: str
    title: str
    published: str
    media: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JsonFeed:
    """A feed as written; addresses may be relative or no addresses at all."""

    kind: str = ""
    title: str = ""
    home: str = ""
    following: str = ""
    items: tuple[JsonItem, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()  # cause, and a sentence


def parse(text: str) -> JsonFeed:
    """What a JSON Feed says. Never raises."""
    try:
        held = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        try:
            held = json.loads(text)  # takes half surrogate pairs, which msgspec refuses
        except (ValueError, RecursionError) as error:
            return JsonFeed(faults=(("not-a-feed", f"It begins like JSON, but is none ({error}); fetch it again."),))
    items = held.get("items") if isinstance(held, dict) else None
    if not isinstance(items, list):
        return JsonFeed(faults=(("not-a-feed", 'It is JSON without "items", no JSON Feed; look at its address.'),))
    version = re.search(r"jsonfeed\.org/version/([\d.]{1,10})", _text(held, "version"))
    entries = [one for one in items if isinstance(one, dict)]
    faults = []
    if len(entries) < len(items):
        left = len(items) - len(entries)
        faults.append(("not-well-formed", f"{left} of its items are no JSON objects and were left out."))
    if len(entries) > ENTRIES:
        faults.append(("too-much", f"The feed has more than {ENTRIES} items; the rest was left out."))
    return JsonFeed(
        f"JSON Feed {version[1]}" if version else "JSON Feed (unknown version)",
        _text(held, "title"),
        _text(held, "home_page_url"),
        _text(held, "next_url"),
        tuple(_item(one) for one in entries[:ENTRIES]),
        tuple(faults),
    )


def _item(held: dict[str, Any]) -> JsonItem:
    files = held.get("attachments")
    attached = [_text(one, "url") for one in files if isinstance(one, dict)] if isinstance(files, list) else []
    return JsonItem(
        _text(held, "id"),
        _text(held, "url") or _text(held, "external_url"),
        _text(held, "title"),
        _text(held, "date_published") or _text(held, "date_modified"),
        tuple(filter(None, [*attached, _text(held, "image")])),
    )


def _text(held: dict[str, Any], name: str) -> str:
    """A field's text. An id that is a number counts as its digits, as the standard asks."""
    value = held.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value!r}" if abs(value) < 1e300 else ""
    return value if isinstance(value, str) else ""
