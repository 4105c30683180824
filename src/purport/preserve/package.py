"""The ZIP file of a package (WACZ): every entry with its hash, a list of them, and a signature under the list."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import msgspec

from purport.core.errors import EvidenceError
from purport.preserve import signing
from purport.preserve.http import PIECE

VERSION = "1.1.1"  # of the standard
LIST, DIGEST = "datapackage.json", "datapackage-digest.json"
_LARGE = 1_000_000_000  # bytes from which on the ZIP is told beforehand that an entry may pass 2 GB
_SMALL = 50_000_000  # bytes that a list of entries may have


class Package:
    """A package that is being written. Nothing in it is compressed, so that any part of it can be read alone."""

    def __init__(self, zip: ZipFile, created: datetime) -> None:
        self._zip, self._created, self._entries = zip, created, list[dict[str, Any]]()

    def add(self, path: str, pieces: Iterable[bytes], size: int = 0) -> None:
        """Add an entry; `size` is about how large it will be."""
        sha, length = hashlib.sha256(), 0
        with self._zip.open(self._info(path), "w", force_zip64=size >= _LARGE) as entry:
            for piece in pieces:
                entry.write(piece)
                sha.update(piece)
                length += len(piece)
        name = path.rpartition("/")[2].lower()
        self._entries.append({"name": name, "path": path, "hash": f"sha256:{sha.hexdigest()}", "bytes": length})

    def close(self, title: str, description: str, key: signing.Key) -> str:
        """Add the list of all entries, and the signature under its hash. Returns the hash."""
        said = {"title": title, "description": description}
        listed = {
            "profile": "data-package",
            "wacz_version": VERSION,
            **{name: value for name, value in said.items() if value},
            "software": signing.SOFTWARE,
            "created": signing.written(self._created),
            "resources": self._entries,
        }
        data = msgspec.json.format(msgspec.json.encode(listed), indent=2)
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        signed = {"path": LIST, "hash": digest, "signedData": signing.sign(digest, self._created, key)}
        for path, content in ((LIST, data), (DIGEST, msgspec.json.format(msgspec.json.encode(signed), indent=2))):
            self._zip.writestr(self._info(path), content)
        return digest

    def _info(self, path: str) -> ZipInfo:
        info = ZipInfo(path, self._created.timetuple()[:6])
        info.compress_type, info.external_attr = ZIP_STORED, 0o644 << 16
        return info


@contextmanager
def writing(target: Path, created: datetime) -> Iterator[Package]:
    """A package that has its name only when all of it is on the disk. Raises EvidenceError."""
    try:
        handle, beside = tempfile.mkstemp(prefix=".part-", suffix=target.suffix, dir=target.parent)
    except OSError as error:
        raise _unwritten(target, error) from error
    try:
        try:
            with os.fdopen(handle, "wb") as file:
                with ZipFile(file, "w", ZIP_STORED) as zip:
                    yield Package(zip, created)
                file.flush()
                os.fchmod(handle, 0o644)
                os.fsync(handle)
            Path(beside).replace(target)
        except OSError as error:
            raise _unwritten(target, error) from error
    finally:
        Path(beside).unlink(missing_ok=True)


def verify(path: Path) -> str:
    """Hold every byte of a package against its list, and the list against its signature.

    Returns the fingerprint of the key that signed it; empty where nobody did. Raises EvidenceError.
    """
    try:
        with ZipFile(path) as zip:
            return _verify(path, zip)
    except (OSError, BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise EvidenceError(f"{path} can't be opened as a package ({error}). Ask for it again.") from error


def _verify(path: Path, zip: ZipFile) -> str:
    listed = _json(zip, LIST)
    signed = _json(zip, DIGEST) if DIGEST in zip.namelist() else {}
    resources = listed.get("resources")
    named = [one for one in resources if isinstance(one, dict)] if isinstance(resources, list) else []
    entries = {str(one.get("path")): one for one in named}
    for name in zip.namelist():
        if name not in (LIST, DIGEST) and not name.endswith("/") and name not in entries:
            raise EvidenceError(f"{path} holds {name}, which its list does not name. Ask for the package again.")
    for name, entry in entries.items():
        if name not in zip.namelist():
            raise EvidenceError(f"{path} lacks {name}, which its list names. Ask for the package again.")
        if _hash(zip, name) != entry.get("hash"):
            raise EvidenceError(f"{name} in {path} is not what was packed. Ask for the package again.")
    if not signed:
        return ""
    hash = _hash(zip, LIST)
    if signed.get("hash") != hash:
        raise EvidenceError(f"{LIST} in {path} is not what was packed. Ask for the package again.")
    return signing.verify(signed["signedData"], hash) if isinstance(signed.get("signedData"), dict) else ""


def _json(zip: ZipFile, name: str) -> dict[str, Any]:
    try:
        if zip.getinfo(name).file_size > _SMALL:
            raise ValueError("it is too large")
        return msgspec.json.decode(zip.read(name), type=dict[str, Any])
    except (KeyError, ValueError) as error:
        raise EvidenceError(f"{name} can't be read ({error}): this is no package (WACZ), or a broken one.") from error


def _hash(zip: ZipFile, name: str) -> str:
    sha = hashlib.sha256()
    with zip.open(name) as entry:
        while piece := entry.read(PIECE):
            sha.update(piece)
    return f"sha256:{sha.hexdigest()}"


def _unwritten(target: Path, error: OSError) -> EvidenceError:
    return EvidenceError(
        f"{target} can't be written ({error.strerror or error}). Give another place, or free some space."
    )
