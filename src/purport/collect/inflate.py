"""Undoes HTTP content encodings without letting a small body grow without bound."""

import zlib

_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": zlib.MAX_WBITS}


class BodyError(ValueError):
    """A body that can't be opened; `cause` is the short stable word for its gap."""

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message)
        self.cause = cause


def inflate(body: bytes, encoding: str, limit: int) -> bytes:
    """The body without its content encodings ("gzip", "gzip, deflate", ""), at most `limit` bytes.

    Raises BodyError: too-large, truncated, or encoding (unknown or broken).
    """
    names = [n.strip().lower() for n in encoding.split(",")]
    for name in reversed([n for n in names if n not in ("", "identity", "none")][:4]):
        if name not in _WINDOWS:
            raise BodyError("encoding", f"it is compressed with “{name}”, which is not read; save the page as HTML")
        body = _undo(body, _WINDOWS[name], limit)
    if len(body) > limit:
        raise BodyError("too-large", f"it is larger than {limit} bytes")
    return body


def _undo(body: bytes, window: int, limit: int) -> bytes:
    out = bytearray()
    while body:
        opener = zlib.decompressobj(window)
        try:
            piece = opener.decompress(body, limit + 1 - len(out))
        except zlib.error as error:
            if not out and window == zlib.MAX_WBITS:  # "deflate" without the zlib header, as some servers send it
                return _undo(body, -zlib.MAX_WBITS, limit)
            if not out and window == 31 and not body.startswith(b"\x1f\x8b"):
                return body  # said to be gzip, but stored unpacked
            if out:
                return bytes(out)  # padding after a whole member
            raise BodyError("encoding", f"its compression is broken ({error})") from error
        out += piece
        if len(out) > limit:
            raise BodyError("too-large", f"it unpacks to more than {limit} bytes")
        if not opener.eof:
            raise BodyError("truncated", "its compressed bytes end too early; fetch it again")
        body = opener.unused_data if window == 31 else b""
    return bytes(out)
