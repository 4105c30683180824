"""By which names the desk is called, and which addresses lie within it."""

from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def host_of(header: str) -> str:
    """The name in a Host header or an origin, without its port; empty if there is none."""
    try:
        return (urlsplit(f"//{header.rpartition('//')[2]}").hostname or "").lower()
    except ValueError:
        return ""


def local(path: str) -> str:
    """The path to go back to, if it lies within the desk; otherwise the first page."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\"))
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if inside and plain else "/"
