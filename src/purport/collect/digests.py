"""Digests as others write them: `sha1:BASE32`, `sha256:hex`, `SHA3-512:hex`, in base 32, 16 or 64."""

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

_NAMES = {"sha3256": "sha3_256", "sha3384": "sha3_384", "sha3512": "sha3_512"}  # once their dashes are gone


def hasher(said: str) -> Any:
    """A fresh hash object for a labelled digest; None for an algorithm that is not known, or without one length."""
    name = said.partition(":")[0].strip().lower().replace("-", "").replace("_", "")
    try:
        made = hashlib.new(_NAMES.get(name, name), usedforsecurity=False)
    except (ValueError, TypeError):
        return None
    return made if made.digest_size else None


def is_said(said: str, own: bytes) -> bool:
    """Are these bytes of a digest what is written behind its label?"""
    value = said.partition(":")[2].strip()
    forms = (base64.b32encode(own).rstrip(b"=").decode(), own.hex().upper())
    if value.rstrip("=").upper() in forms:
        return True
    plain = base64.urlsafe_b64encode(own).rstrip(b"=").decode()
    return value.rstrip("=").replace("+", "-").replace("/", "_") == plain


def agrees(said: str, pieces: Iterable[bytes]) -> bool:
    """Is this the labelled digest of the pieces together? Unknown algorithms are let pass (see `hasher`)."""
    made = hasher(said)
    if made is None:
        return True
    for piece in pieces:
        made.update(piece)
    return is_said(said, made.digest())
