"""What some bytes are: told from their beginning first, from their name only where that leaves it open."""

import json
import re

from purport.collect.archived import is_table
from purport.collect.charsets import preview

PLAIN = (".txt", ".text", ".md", ".html", ".htm", ".xhtml", ".eml")
MANY = (".jsonl", ".ndjson", ".warc", ".arc", ".wacz", ".mbox")  # each may hold many reports
NAMES = tuple(s + z for s in PLAIN + MANY for z in ("", ".gz"))  # what is taken from a folder
ASKED = (".json", ".csv", ".tsv")  # taken from a folder if what they begin with is one of these:
LISTS = ("bookmarks", "archived-table", "archived-json")
TEXTS = ("text", "html", "feed", "xml", "json", "jsonl", "warc", "mbox", "mail", "table", "archived-page", *LISTS)

# (first bytes, what it is called); the name goes into the gap's sentence
_FORMATS = (
    (b"%PDF-", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a media file"),
    (b"OggS", "a media file"),
    (b"ID3", "an audio file"),
    (b"\x1aE\xdf\xa3", "a media file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"(\xb5/\xfd", "a zstd archive"),
)
# The tags by which a browser knows HTML: https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
_TAGS = "html head script iframe h1 div font table a style title b body br p article section main nav meta header"
_HTML = re.compile(rf"\s*(<!doctype html|<({_TAGS.replace(' ', '|')})[\s>/]|<!--)", re.IGNORECASE)
_TAG = re.compile(r"<(/?[a-z][a-z0-9]*)(\s[^<>]*)?/?>", re.IGNORECASE)
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r\f\v\x1b") + b"\x7f"
_TOO_MANY = 0.02  # of control characters, for a text


# of messages: what stands between them in an mbox, and the fields that only mail programs write
_MBOX = re.compile(r"From \S+[ \t]+(\S+[ \t]+){1,3}\d{1,2}[ \t]+\d\d:\d\d.{0,60}\r?\n(>From .*\n)?[\w-]{1,70}:[ \t]")
_FIELDS = re.compile(r"([\w-]{1,70}:[^\n]*\n([ \t][^\n]*\n)*)+")
_MAIL = re.compile(
    r"^(Received|Message-ID|MIME-Version|Return-Path|Delivered-To|DKIM-Signature):", re.IGNORECASE | re.M
)
_FROM = re.compile(r"^(From|Sender):", re.IGNORECASE | re.MULTILINE)
_BOOKMARKS = re.compile(r"\s*(<!--.{0,2000}?-->\s*)?<!DOCTYPE NETSCAPE-Bookmark-file-1>", re.IGNORECASE | re.DOTALL)
_BOOKMARKS_JSON = re.compile(r'"type"\s*:\s*"text/x-moz-place|"roots"\s*:\s*\{\s*"bookmark_bar"')
_ARCHIVED_PAGE = 'Archived media for <span class="copy"'
_ARCHIVED_JSON = re.compile(r'\{\s*"status"\s*:\s*("[^"\n]{0,200}"|null)\s*,\s*"metadata"\s*:\s*\{')


def kind_of(head: bytes, name: str = "") -> str:
    """What it is, in a word. `name` is a file name or media type.

    One of empty, gzip, zip, warc, binary, feed, xml, json, jsonl, html, text, table, bookmarks, mbox, mail, and what
    auto-archiver writes: archived-table, archived-json, archived-page.
    """
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith((b"WARC/", b"filedesc://")):
        return "warc"
    if not head.strip(b" \t\r\n\f\v\x00"):
        return "binary" if b"\x00" in head else "empty"
    if format_of(head):
        return "binary"
    text = preview(head)
    if _is_binary(head, text):
        return "binary"
    return _kind_of_text(text.lstrip("\ufeff"), name.lower().removesuffix(".gz"))


def format_of(head: bytes) -> str:
    """The name of a format that is no text, if its first bytes are known."""
    if head[4:8] == b"ftyp":
        return "a video or image"
    if head[257:262] == b"ustar":
        return "a tar archive"
    return next((name for magic, name in _FORMATS if head.startswith(magic)), "")


def _kind_of_text(text: str, name: str) -> str:
    start = text.lstrip()
    if not start:
        return "empty"
    if special := _kind_of_list(text, start, name):
        return special
    if start.startswith("<?xml") or re.match(r"<(rss|feed|rdf:RDF)[\s>]", start):
        if re.search(r"<html[\s>]", start[:4096], re.IGNORECASE):
            return "html"
        return "feed" if re.search(r"<(rss|feed|rdf:RDF)[\s>]", start[:4096]) else "xml"
    if _HTML.match(start):
        return "html"
    if name.endswith((".jsonl", ".ndjson")) or _is_json_line(start.partition("\n")[0]):
        return "jsonl"
    if start[0] in "{[" and name.endswith(".json"):
        return "json"
    if ("html" in name or name.endswith(".htm")) and _TAG.search(text):
        return "html"
    return "text"


def _kind_of_list(text: str, start: str, name: str) -> str:
    """One of the kinds that hold other things, or ""."""
    if text.startswith("From ") and _MBOX.match(text):
        return "mbox"
    if name.endswith((".eml", "message/rfc822")) or _is_message(text):
        return "mail"
    if _BOOKMARKS.match(text):
        return "bookmarks"
    if start.startswith("<"):
        return "archived-page" if _ARCHIVED_PAGE in text else ""
    if start.startswith("{"):
        if _ARCHIVED_JSON.match(start):
            return "archived-json"
        return "bookmarks" if _BOOKMARKS_JSON.search(text) else ""
    first = start.partition("\n")[0]
    if is_table(first):
        return "archived-table"
    return "table" if name.endswith((".csv", ".tsv")) else ""


def _is_message(text: str) -> bool:
    """Does it begin with the header of an e-mail, by fields that people don't write themselves?"""
    fields = _FIELDS.match(text)
    return bool(fields) and bool(_MAIL.search(fields[0])) and bool(_FROM.search(fields[0]))  # type: ignore[index]


def _is_json_line(line: str) -> bool:
    if not line.startswith("{"):
        return False
    if re.match(r'\{\s*"(id|text|title|url|published)"\s*:', line) and not line.rstrip().endswith("}"):
        return '"text"' in line  # longer than what we look at
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "text" in found


def _is_binary(head: bytes, text: str) -> bool:
    if b"\x00" in head and "\x00" not in text:  # UTF-16 or UTF-32: judged by its characters
        controls = sum(c < " " and c not in "\t\n\r\f\v\x1b" for c in text)
        return controls > len(text) * _TOO_MANY
    return len(head) - len(head.translate(None, _CONTROLS)) > len(head) * _TOO_MANY
