"""Ids are digests of inputs, so that a step run twice names the same things and appends nothing."""

import hashlib

import msgspec

_LENGTH = 16  # bytes of SHA-256 kept: 128 bits, 32 hexadecimal digits


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal, as `sha256:…` (the form WARC 1.1 uses)."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def make_id(kind: str, *parts: object) -> str:
    """A stable id, as in `claim-3f0c…`: the kind and 32 digits of the digest of its parts as JSON."""
    payload = msgspec.json.encode([kind, *parts])
    return f"{kind}-{hashlib.sha256(payload).hexdigest()[: 2 * _LENGTH]}"
