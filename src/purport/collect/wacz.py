"""WACZ: a ZIP file with web archives, a list of their pages, and a digest of each file (specs.webrecorder.net/wacz).

What its list of digests (datapackage.json) does not bear out is named: a file that is missing, changed, or not
listed. A changed web archive is read on where its pages have digests of their own that hold.
"""

import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, TypeAlias

import msgspec

from purport.collect import limits
from purport.collect.archives import Contents, take_archive
from purport.collect.digests import agrees, hasher
from purport.collect.items import whole, without_password
from purport.collect.zips import Member, ZipError, members, salvaged
from purport.core.ports import Clock
from purport.core.records import Gap, Item, gap

_LIST = "datapackage.json"
_SEAL = "datapackage-digest.json"
_OURS = ("archive/", "pages/", "indexes/", "datapackage")  # what the names in a package begin with
_WEB = (".warc", ".warc.gz", ".arc", ".arc.gz")
_NAMED = 20  # faults of one kind that are named each; the rest are counted
_PIECE = 1024 * 1024

Titles: TypeAlias = dict[str, str]  # of pages, by their addresses
Said: TypeAlias = dict[str, str]  # digests, by the names of files


def take_wacz(stream: BinaryIO, place: str, clock: Clock) -> Iterator[Item | Gap]:
    """The pages of all web archives in a WACZ file, at `place/archive/NAME#offset=N`, and a gap for each fault.

    Of a ZIP file that is no WACZ, one gap. `stream` must be one that can be wound back. Holds one record in memory.
    """
    try:
        found = members(stream)
    except ZipError as error:
        if error.cause == "broken-archive":
            yield from _salvage(stream, place, clock)
        else:
            yield gap("collect", place, error.cause, f"It is not opened: {error}.", clock.now())
        return
    names = {member.name: member for member in found}
    if _LIST not in names and not any(_is_web(name) for name in names):
        yield _other(names, place, clock)
        return
    yield from _take(names, place, clock)


def _take(names: dict[str, Member], place: str, clock: Clock) -> Iterator[Item | Gap]:
    said, faults = _listed(names)
    changed = set()
    for name, member in names.items():
        if member.fault:
            faults.append((name, member.cause, member.fault))
            continue
        if why := _wrong(member, said.get(name, "")):
            changed.add(name)
            faults.append((name, "digest", why))
        if said and name not in said and name.startswith("archive/"):
            faults.append((name, "unlisted", "The package does not list it, so nothing vouches for it; it was read."))
    for name in said:
        if name not in names:
            faults.append((name, "missing", "The package lists it, but does not hold it. Ask for the whole package."))
    yield from _told(faults, place, clock)
    titles = _titles(names)
    captured = set[str]()
    web = [member for name, member in names.items() if _is_web(name) and not member.fault]
    for member in web:
        contents = Contents(strict=member.name in changed)
        yield from _pages(member, titles, captured, place, clock, contents)
    inner = [name for name in names if name.lower().endswith(".wacz")]
    if inner:
        detail = f"Packages in it, which are not opened: {len(inner)}, as {inner[0][:80]}. Unpack it and import them."
        yield gap("collect", place, "nested", detail, clock.now())
    elif not web:
        yield gap(
            "collect", place, "no-archive", "The package holds no web archive (archive/NAME.warc.gz).", clock.now()
        )
    lost = [url for url in titles if url not in captured]
    if web and lost:
        detail = f"Pages that the package lists and that were not read from it: {len(lost)}, as {whole(lost[0])[:200]}."
        yield gap("collect", place, "page-missing", detail, clock.now())


def _pages(
    member: Member, titles: Titles, captured: set[str], place: str, clock: Clock, contents: Contents
) -> Iterator[Item | Gap]:
    here = f"{place}/{whole(member.name)}"
    try:
        with member.open() as stream:
            for one in take_archive(stream, here, clock, contents):
                if not isinstance(one, Item):
                    yield one
                    continue
                url = _bare(one.capture.url)
                captured.add(url)
                yield msgspec.structs.replace(one, title=titles.get(url, ""))
    except Exception as error:  # zipfile raises what the broken bytes make it raise
        detail = f"It can't be opened ({type(error).__name__}: {error}); fetch the package again."
        yield gap("collect", here, "broken-archive", detail, clock.now())


def _is_web(name: str) -> bool:
    return name.startswith("archive/") and name.lower().endswith(_WEB)


def _listed(names: dict[str, Member]) -> tuple[Said, list[tuple[str, str, str]]]:
    """The digests that the package states, and what is wrong with its list."""
    if _LIST not in names:
        return {}, [(_LIST, "no-manifest", "The package has no list of digests, so nothing vouches for what it holds.")]
    faults = []
    manifest = _json(names[_LIST])
    resources = manifest.get("resources") if isinstance(manifest, dict) else None
    if not isinstance(resources, list):
        return {}, [(_LIST, "bad-manifest", "The package's list of digests can't be read; nothing vouches for it.")]
    seal = _json(names[_SEAL]) if _SEAL in names else None
    if isinstance(seal, dict) and isinstance(seal.get("hash"), str) and (why := _wrong(names[_LIST], seal["hash"])):
        faults.append((_LIST, "digest", why))
    said = {}
    for resource in resources:
        if isinstance(resource, dict) and isinstance(resource.get("path"), str):
            said[whole(resource["path"])] = _digest(resource)
    return said, faults


def _digest(resource: dict[str, Any]) -> str:
    """`sha256:…` as the specification has it, or as packages of its beginnings had it: a name and hexadecimal."""
    inner = resource.get("stats")
    found = resource.get("hash") or (inner.get("hash") if isinstance(inner, dict) else "")
    if not isinstance(found, str):
        return ""
    return found if ":" in found or not found else f"{resource.get('hashing') or 'sha256'}:{found}"


def _wrong(member: Member, said: str) -> str:
    """A sentence when a member's bytes are not those of the digest or, without one, of the ZIP file's checksum."""
    try:
        if hasher(said) is None:
            return "" if member.is_whole() else "It is damaged: its checksum does not hold."
        with member.open() as stream:
            if agrees(said, iter(lambda: stream.read(_PIECE), b"")):
                return ""
    except Exception as error:  # zipfile raises what the broken bytes make it raise
        return f"It is broken ({error})."
    return f"It was changed or damaged: its digest is not “{whole(said)[:90]}”, as the package says."


def _json(member: Member) -> Any:
    try:
        with member.open() as stream:
            return json.loads(stream.read(limits.LISTING))
    except Exception:  # broken bytes, deep nesting, no JSON: all of them are no list
        return None


def _titles(names: dict[str, Member]) -> Titles:
    """The pages that pages/pages.jsonl lists."""
    found: Titles = {}
    member = names.get("pages/pages.jsonl")
    if member is None or member.fault:
        return found
    try:
        with member.open() as stream:
            lines = io.BytesIO(stream.read(limits.LISTING))
    except Exception:  # a broken list of pages was named already, by its digest
        return found
    for line in lines:
        try:
            page = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(page, dict) and isinstance(page.get("url"), str):
            title = page.get("title")
            found[_bare(page["url"])] = whole(title).strip() if isinstance(title, str) else ""
    return found


def _bare(url: str) -> str:
    return without_password(url.partition("#")[0])


def _told(faults: list[tuple[str, str, str]], place: str, clock: Clock) -> Iterator[Gap]:
    """The faults as gaps: the first of a kind each by its name, the rest together."""
    told: dict[str, int] = {}
    for name, cause, detail in faults:
        told[cause] = told.get(cause, 0) + 1
        if told[cause] <= _NAMED:
            yield gap("collect", f"{place}/{whole(name)[:300]}", cause, detail, clock.now())
    for cause, number in told.items():
        if number > _NAMED:
            yield gap("collect", place, cause, f"So it is with others in it: {number - _NAMED} more.", clock.now())


def _salvage(stream: BinaryIO, place: str, clock: Clock) -> Iterator[Item | Gap]:
    """What can still be read of a package whose end is lost, and with it the list of its files."""
    known = False
    for member in salvaged(stream):
        if not known and member.name.startswith(_OURS):
            known = True
            detail = (
                "Its end is missing or broken. What it still holds was read; nothing vouches for it. Fetch it again."
            )
            yield gap("collect", place, "truncated", detail, clock.now())
        if _is_web(member.name):
            yield from _pages(member, {}, set(), place, clock, Contents())
    if not known:
        yield _other({}, place, clock)


def _other(names: dict[str, Member], place: str, clock: Clock) -> Gap:
    inner = [name for name in names if name.lower().endswith((".wacz", ".mbox", ".eml", *_WEB))]
    if inner:
        detail = f"It is a ZIP archive with files to read in it, as {inner[0][:80]}. Unpack it and import the folder."
        return gap("collect", place, "nested", detail, clock.now())
    detail = "It looks like a ZIP archive or an office document; save the article as HTML or plain text."
    return gap("collect", place, "binary", detail, clock.now())
