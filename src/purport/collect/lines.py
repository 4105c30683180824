"""JSONL: one report a line, `{"id", "text", "title"?, "url"?, "published"?}`, read line by line."""

import codecs
import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from purport.collect import limits
from purport.collect.items import item, whole
from purport.collect.streams import joined
from purport.core.ports import Clock
from purport.core.records import Gap, Item, gap

_PATIENCE = 10  # times the longest line read on for its end


def take_lines(stream: BinaryIO, place: str, clock: Clock) -> Iterator[Item | Gap]:
    """An item for each good line, a gap for each bad one. Holds one line in memory.

    Fields beyond the five are passed over; `null` counts as absent. Raises EOFError, zlib.error or OSError
    from the stream.
    """
    for number, line in enumerate(_lines(stream), start=1):
        here = f"{place}#line={number}"
        if line is None:
            detail = f"The line is longer than {limits.said(limits.LINE)} and was passed over; split its text."
            yield gap("collect", here, "too-large", detail, clock.now())
        elif line.strip():
            yield from _take_line(line, here, clock)


def _take_line(line: bytes, place: str, clock: Clock) -> Iterator[Item | Gap]:
    now = clock.now()
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("utf-8", "replace")
        detail = "Some bytes of the line are not UTF-8 and were replaced by “\ufffd”; save the file as UTF-8."
        yield gap("collect", place, "undecodable", detail, now)
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        detail = f"The line is not JSON ({error}); write one object a line, as json.dumps does."
        yield gap("collect", place, "bad-line", detail, now)
        return
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        detail = 'The line has no "text" of type string; each line needs {"id": …, "text": …}.'
        yield gap("collect", place, "no-text", detail, now)
        return
    body = whole(fields["text"])
    if not body.strip():
        yield gap("collect", place, "empty", "The line's text is empty.", now)
        return
    yield item(
        body.encode(),
        place,
        "jsonl",
        now,
        url=_field(fields, "url"),
        charset="utf-8",
        title=_field(fields, "title"),
        published=_field(fields, "published"),
        input_id=_field(fields, "id"),
    )


def _field(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return whole(str(value)).strip() if isinstance(value, str | int | float) else ""


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Lines as UTF-8; None for one that is too long."""
    head = stream.read(4)
    rest = joined(head, stream)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        wide = io.TextIOWrapper(rest, "utf-16", "replace", newline="\n")
        for text in iter(lambda: wide.readline(limits.LINE), ""):
            yield whole(text).encode()
        return
    first = True
    while line := rest.readline(limits.LINE + 1):
        if first:
            line, first = line.removeprefix(codecs.BOM_UTF8), False
        if len(line) <= limits.LINE:
            yield line
            continue
        for _ in range(_PATIENCE):
            if not line or line.endswith(b"\n"):
                break
            line = rest.readline(limits.LINE)
        yield None
        if line and not line.endswith(b"\n"):
            return  # no end of the line in sight: a bomb, or not JSONL
