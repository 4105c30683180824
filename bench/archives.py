"""Archives of others beside what their own indexes and warcio count in them: records, pages, digests, faults.

    PURPORT_DATA=… python bench/archives.py

Three counts that know nothing of each other. Ours: what `purport read` takes from a file. warcio's: its plain iterator
with `check_digests`. The indexes' (.cdx, .cdxj) that lie beside the samples, made by whoever made these: where each
response begins, its status, its media type, the SHA-1 of its payload. Prints a table, one file a line.
"""

import base64
import contextlib
import hashlib
import io
import json
import os
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from purport.collect import take
from purport.collect.archives import Contents, take_archive
from purport.core.records import Gap, Item

NAMES = (".warc", ".warc.gz", ".arc", ".arc.gz", ".wacz", ".bad")
PAGES = ("text/html", "application/xhtml+xml")


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class _NoFetcher:
    def fetch(self, url: str) -> Any:
        raise AssertionError("an archive makes nobody fetch")


@dataclass
class Row:
    """One file, counted three ways."""

    name: str
    records: int = 0  # ours
    pages: int = 0
    held: int = 0  # digests, ours
    failed: int = 0
    gaps: list[str] = field(default_factory=list)  # causes
    their_records: int = 0  # warcio's
    their_pages: int = 0
    their_held: int = 0  # records with digests that hold
    their_failed: int = 0
    stopped: str = ""  # why warcio gave up
    warned: int = 0  # records whose length warcio doubts
    listed: int = -1  # pages by the index beside it; -1: there is none
    offsets_agree: bool = True  # do our pages begin where the index says, with the payloads that it says?


def samples(root: Path) -> list[Path]:
    return sorted(path for path in (root / "archives").rglob("*") if path.is_file() and path.name.endswith(NAMES))


def measure(path: Path, indexes: dict[str, dict[int, tuple[str, str, str]]], root: Path) -> Row:
    row = Row(str(path.relative_to(root / "archives")))
    found = list(take([str(path)], fetcher=_NoFetcher(), clock=_Clock()))
    items = [one for one in found if isinstance(one, Item)]
    row.pages = len(items)
    row.gaps = [one.cause for one in found if isinstance(one, Gap)]
    for data in _archives(path):
        contents = Contents()
        list(take_archive(io.BytesIO(data), "x", _Clock(), contents))
        row.records += sum(contents.records.values())
        row.held += contents.digests["held"]
        row.failed += contents.digests["failed"]
        _by_warcio(data, row)
    # an index speaks of the file of its name beside it: warcio's samples of the same name are other files
    index = indexes.get(path.name, {}) if "sample_archive" in path.parts else {}
    if index:
        _by_index(path, items, index, row)
    return row


def _archives(path: Path) -> Iterator[bytes]:
    """The web archives in a file: itself, or those in a package."""
    if path.suffix != ".wacz":
        yield path.read_bytes()
        return
    with zipfile.ZipFile(path) as package:
        yield from (package.read(name) for name in package.namelist() if ".warc" in name)


def _by_warcio(data: bytes, row: Row) -> None:
    with contextlib.redirect_stderr(io.StringIO()) as warnings:
        try:
            for record in ArchiveIterator(io.BytesIO(data), arc2warc=True, check_digests=True):
                row.their_records += 1
                record.content_stream().read()
                passed = record.digest_checker.passed
                row.their_held += passed is True
                row.their_failed += passed is False
                headers = record.http_headers
                media_type = ((headers or record.rec_headers).get_header("Content-Type") or "").partition(";")[0]
                status = (headers.get_statuscode() if headers else "") or "200"
                row.their_pages += (
                    record.rec_type in ("response", "resource") and media_type in PAGES and status == "200"
                )
        except Exception as error:
            row.stopped = type(error).__name__
    row.warned = warnings.getvalue().count("WARNING")


def _by_index(path: Path, items: list[Item], index: dict[int, tuple[str, str, str]], row: Row) -> None:
    pages = {at: sha for at, (media_type, status, sha) in index.items() if media_type in PAGES and status == "200"}
    row.listed = len(pages)
    ours = {int(one.capture.place.rpartition("=")[2]) for one in items}
    row.offsets_agree = ours == set(pages)
    with contextlib.redirect_stderr(io.StringIO()), path.open("rb") as stream:
        iterator = ArchiveIterator(stream, no_record_parse=False, arc2warc=True)
        for record in iterator:
            payload = record.raw_stream.read()
            at = iterator.get_record_offset()
            if at in pages:
                own = hashlib.sha1(payload, usedforsecurity=False).digest()
                row.offsets_agree &= pages[at] in (base64.b32encode(own).decode(), own.hex())


def read_indexes(root: Path) -> dict[str, dict[int, tuple[str, str, str]]]:
    """By the archive's name: what begins at each offset (media type, status, SHA-1), as far as an index says that."""
    found: dict[str, dict[int, tuple[str, str, str]]] = {}
    for path in sorted((root / "archives").rglob("*.cdx*")):
        if path.name == "bad.cdx" or path.suffix not in (".cdx", ".cdxj"):
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if path.suffix == ".cdx" and not line.startswith(" CDX"):
                cells = line.split(" ")
                found.setdefault(cells[-1], {})[int(cells[-2])] = (cells[3], cells[4], cells[5])
            elif path.suffix == ".cdxj":
                told = json.loads(line.split(" ", 2)[2])
                if "mime" in told and "digest" in told:
                    about = (told["mime"], told.get("status", ""), told["digest"])
                    found.setdefault(told["filename"], {})[int(told["offset"])] = about
    return found


def main() -> None:
    root = Path(os.environ.get("PURPORT_DATA", ""))
    if not (root / "archives").is_dir():
        sys.exit("PURPORT_DATA names no folder with archives/ in it.")
    indexes = read_indexes(root)
    print(f"{'file':60} {'records':>9} {'pages':>7} {'index':>5} {'digests':>9}  faults that we name")
    sums: Counter[str] = Counter()
    for path in samples(root):
        row = measure(path, indexes, root)
        name = row.name.replace("sample_archive/", "").replace("test/data/", "")
        index = "-" if row.listed < 0 else f"{row.listed}{'' if row.offsets_agree else '!'}"
        faults = ", ".join(f"{cause} {n}" if n > 1 else cause for cause, n in Counter(row.gaps).items())
        theirs = f" (warcio: {row.stopped})" if row.stopped else ""
        digests = f"{row.held}+{row.failed}"
        print(
            f"{name:60} {row.records:4}/{row.their_records:4} {row.pages:3}/{row.their_pages:3} {index:>5} "
            f"{digests:>9}  {faults}{theirs}"
        )
        sums.update(files=1, records=row.records, pages=row.pages, held=row.held, failed=row.failed)
    print(", ".join(f"{value} {key}" for key, value in sums.items()))
    print(
        "records and pages: ours/warcio's; index: pages that the .cdx beside it lists (!: other offsets or payloads);"
    )
    print("digests: those that hold + those that don't, ours")


if __name__ == "__main__":
    main()
