"""What auto-archiver writes of a page that it archived, in each of its forms, as one record.

The forms: a row of its sheet (the columns of its Google Sheet) or of its CSV file, `metadata.json`, and the HTML page
that it makes for people (https://github.com/bellingcat/auto-archiver). Whatever is in a form, nothing is raised but
what the stream itself raises, and NotArchivedError.
"""

import ast
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from purport.collect import limits
from purport.collect.charsets import charset_of
from purport.collect.items import whole
from purport.collect.streams import joined
from purport.collect.tags import tags

_TEXTS = ("full_text", "text", "description", "caption", "content")  # where a platform's answer has its words
_SHEET = {  # its columns, as they are named unless one names them otherwise, and what earlier versions called them
    "url": ("link", "url", "source url"),
    "status": ("archive status",),
    "title": ("upload title",),
    "text": ("text content",),
    "published": ("upload timestamp",),
    "archive": ("archive location",),
    "hash": ("hash",),
    "screenshot": ("screenshot",),
    "wacz": ("wacz",),
}
_FILES = 1000  # of one page
_DEEP = 8


class NotArchivedError(ValueError):
    """This is no form of auto-archiver's, or what is left of one can't be read."""


@dataclass(frozen=True, slots=True)
class Named:
    """A file that a record names: by paths or addresses, any of which will do, with its hash (`SHA-256:…`) or ""."""

    names: tuple[str, ...]
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Archived:
    """A page as auto-archiver archived it."""

    url: str
    title: str = ""
    text: str = ""
    published: str = ""
    status: str = ""
    files: tuple[Named, ...] = ()


def is_table(line: str) -> bool:
    """Is this the first line of one of its tables?"""
    columns = {cell.strip().lower() for cell in _row(line)}
    return {"status", "metadata", "media"} <= columns or bool(
        columns & {"link", "url"} and columns & {"archive status", "archive location"}
    )


def _row(line: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=_delimiter(line)), [])
    except csv.Error:
        return []


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def from_table(stream: BinaryIO) -> Iterator[tuple[int, Archived | str]]:
    """The rows of a table with their numbers as a spreadsheet counts them; what is wrong with one, in words."""
    head = stream.read(limits.HEAD)
    charset = charset_of(head[: head.rfind(b"\n") + 1] or head)[0]
    lines = _Counted(io.TextIOWrapper(joined(head, stream), charset, "replace", newline=""))
    csv.field_size_limit(limits.CELL)
    first = lines.peek()
    reader = csv.reader(lines, delimiter=_delimiter(first))
    try:
        columns = {cell.strip().lower().lstrip("\ufeff"): n for n, cell in enumerate(next(reader, []))}
        for number, cells in enumerate(reader, start=2):
            if any(cell.strip() for cell in cells):
                yield number, _from_row(columns, [whole(cell) for cell in cells])
    except csv.Error as error:
        yield reader.line_num, f"The table can't be read on from here ({error}); export it again."
        return
    if lines.quotes % 2:
        yield reader.line_num, "The table ends in the middle of a cell; export it again."


class _Counted:
    """Lines of bounded length, and how many quotation marks were in them: an odd number leaves a cell open."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text, self._waiting = text, ""
        self.quotes = 0

    def peek(self) -> str:
        self._waiting = self._waiting or self._text.readline(limits.CELL)
        return self._waiting

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> str:
        line, self._waiting = self._waiting or self._text.readline(limits.CELL), ""
        if not line:
            raise StopIteration
        self.quotes += line.count('"')
        return line.replace("\x00", "\ufffd")


def _from_row(columns: dict[str, int], cells: list[str]) -> Archived | str:
    def cell(name: str) -> str:
        at = columns.get(name, len(cells))
        return cells[at].strip() if at < len(cells) else ""

    if "metadata" in columns:  # what its CSV file holds are Python's own words for its records
        told = {name: _literal(cell(name)) for name in ("metadata", "media")}
        try:
            return _from_fields({"status": cell("status"), **told})
        except NotArchivedError as error:
            return str(error)
    found = {name: next(filter(None, map(cell, names)), "") for name, names in _SHEET.items()}
    if not found["url"]:
        return "The row names no address."
    files = [Named(tuple(found["archive"].split()), found["hash"] if ":" in found["hash"] else "")]
    files += [Named((name,)) for column in ("screenshot", "wacz") for name in found[column].split()]
    text, title = _words(found["text"]), found["title"]
    named = tuple(one for one in files if one.names)
    return Archived(found["url"], title, text, found["published"], found["status"] or "nothing archived", named)


def _literal(text: str) -> Any:
    """What Python's words for plain data mean; a date becomes its ISO form, what can't be told an empty text."""
    try:
        return _meant(ast.parse(text[: limits.CELL], mode="eval").body)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return ""


def _meant(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Dict(keys=keys, values=values):
            return {str(_meant(key)): _meant(value) for key, value in zip(keys, values, strict=True) if key}
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return [_meant(element) for element in elements]
        case ast.Call(func=ast.Attribute(attr="datetime"), args=args, keywords=zones):
            numbers = [n.value for n in args if isinstance(n, ast.Constant) and isinstance(n.value, int)]
            day, clock = [*numbers, 1, 1][:3], [*numbers[3:6], 0, 0, 0][:3]
            return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*day, *clock) + ("+00:00" if zones else "")
    return ""


def from_json(data: bytes) -> Archived:
    """The record in a `metadata.json`. Raises NotArchivedError."""
    try:
        fields = json.loads(data.decode("utf-8", "replace").lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise NotArchivedError(f"It is JSON of auto-archiver's that ends too early or is broken ({error}).") from error
    return _from_fields(fields)


def _from_fields(fields: Any) -> Archived:
    told = fields.get("metadata") if isinstance(fields, dict) else None
    if not isinstance(told, dict) or not isinstance(told.get("url"), str):
        raise NotArchivedError("The record names no address.")
    about = {key: whole(str(value)) for key, value in told.items() if isinstance(value, str | int | float)}
    published = about.get("timestamp", "")
    return Archived(
        about["url"],
        about.get("title", ""),
        _words(about.get("content", "")),
        published.replace(" ", "T", 1) if re.match(r"\d{4}-\d\d-\d\d \d", published) else published,
        whole(str(fields.get("status") or "")),
        tuple(_media(fields.get("media"), 0))[:_FILES],
    )


def _media(found: Any, depth: int) -> Iterator[Named]:
    """The files of a record; those that were made of a file are among its properties."""
    if depth > _DEEP:
        return
    for one in found if isinstance(found, list) else ():
        if not isinstance(one, dict) or "filename" not in one:
            continue
        properties = one.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        said = properties.get("hash")
        said = said if isinstance(said, str) and ":" in said else ""
        urls = one.get("urls")
        names = [one.get("key"), one.get("_key"), *(urls if isinstance(urls, list) else []), one["filename"]]
        ending = re.search(r"\.\w{1,8}$", str(one["filename"]))
        if said and ending:  # its storage may name a file by the beginning of its hash
            names.append(said.partition(":")[2][:24] + ending[0])
        if known := tuple(dict.fromkeys(whole(name) for name in names if isinstance(name, str) and name)):
            yield Named(known, said)
        for value in properties.values():
            yield from _media(value if isinstance(value, list) else [value], depth + 1)


def _words(content: str) -> str:
    """The words of a post; where a platform's whole answer was kept as JSON, the words in that."""
    if not content.startswith("{"):
        return content
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError):
        return content
    found = (fields.get(name) for name in _TEXTS) if isinstance(fields, dict) else ()
    return next((whole(words) for words in found if isinstance(words, str) and words.strip()), "")


def from_page(data: bytes) -> Archived:
    """The record in the HTML page that it makes. Raises NotArchivedError."""
    text = whole(data.decode("utf-8", "replace"))
    found, files, row = Archived(""), list[Named](), dict[str, list[str]]()
    cells: list[str] = []
    label, table = "", ""
    heading = False
    for name, attributes, behind in tags(text):
        if name in ("h2", "/h2"):
            heading = name == "h2" and "Archived media for" in behind
        elif heading and name == "span" and not found.url:
            found = replace(found, url=behind.strip())
        elif name in ("table", "/table"):
            table = attributes.get("class", "") if name == "table" else ""
        elif name == "tr":
            cells, row, label = [], {}, ""
        elif name == "td":
            cells.append("")
        elif name == "/tr" and table == "metadata" and len(cells) == 2:
            found = _with(found, cells[0].strip(), cells[1].strip())
        elif name == "/tr" and table == "content" and row.get("names"):
            said = next((one for one in row.get("hash", []) if ":" in one), "")
            files.append(Named(tuple(dict.fromkeys(row["names"])), said))
        if table == "content":
            if name == "b":
                label = behind.strip().rstrip(":")
            elif name == "span" and label in ("key", "hash"):
                row.setdefault("names" if label == "key" else "hash", []).append(behind.strip())
                label = ""
            elif name == "a" and behind.strip() == "open":
                row.setdefault("names", []).append(attributes.get("href", ""))
        if cells and name not in ("/td", "/tr", "script", "style"):
            cells[-1] += behind
    if not found.url:
        raise NotArchivedError("The page does not say what was archived.")
    return replace(found, files=tuple(files[:_FILES]))


def _with(found: Archived, key: str, value: str) -> Archived:
    match key:
        case "title":
            return replace(found, title=value)
        case "content":
            return replace(found, text=_words(value))
        case "timestamp":
            return replace(found, published=re.sub(r"^(\d{4}-\d\d-\d\d) (?=\d)", r"\1T", value))
    return found
