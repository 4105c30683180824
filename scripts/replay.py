"""Shows that a package of ours opens elsewhere: an invented site is fetched, packed, and replayed by pywb in Chromium.

    .venv/bin/python scripts/replay.py [FOLDER]     pictures to be looked at by a person; FOLDER: screenshots/

The site's server is gone before the replay begins, and Chromium may ask nobody but pywb. Needs `scripts/setup replay`
and Chromium (CHROMIUM=/path/to/it).
"""

import io
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

from purport.app.exporting import title
from purport.core.watching import Exchange, Wire
from purport.preserve import Archive
from purport.preserve.package import verify
from purport.preserve.signing import own_key
from purport.preserve.wacz import Order, export

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
BIN = ROOT / ".venv-replay" / "bin"
SITE = "http://kest.example"
STYLE = "<style>body{font:20px serif;margin:40px;max-width:600px}img{width:100%}</style>"
PAGES = {
    "/": f"<title>Kest Courier</title>{STYLE}<h1>The old well of Kest is open again</h1><img src='/well.png'>"
    "<p>The mayor denied that it had ever been closed. <a href='/two'>Read on</a></p>",
    "/two": f"<title>Page two</title>{STYLE}<h1>“It was closed for a year”</h1><p>So says the keeper of the well, "
    "whom the mayor had not asked. <a href='/'>Back</a></p>",
}


def picture(width: int = 600, height: int = 240) -> bytes:
    """A blue well in a sandy square, as PNG."""
    rows = b""
    for y in range(height):
        inside = [((x - 300) / 220) ** 2 + ((y - 120) / 90) ** 2 < 1 for x in range(width)]
        rows += b"\x00" + b"".join(b"\x2a\x6f\xa8" if one else b"\xe2\xc9\x93" for one in inside)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Site(BaseHTTPRequestHandler):
    """Two pages in chunks, and an image."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        if self.path == "/well.png":
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(picture())
        else:
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            body = ("<!doctype html><html lang=en>" + PAGES[self.path]).encode()
            for start in range(0, len(body), 64):
                piece = body[start : start + 64]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def fetched(path: str, port: int) -> Wire:
    """A page, byte for byte as the server sends it."""
    asked = datetime.now(UTC)
    request = f"GET {path} HTTP/1.1\r\nHost: kest.example\r\nUser-Agent: Purport/0.1\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.sendall(request)
        data = b"".join(iter(lambda: link.recv(65_536), b""))
    return Wire(SITE + path, asked, request, io.BytesIO(data), len(data), "127.0.0.1")


def keep(folder: Path) -> list[Exchange]:
    """The site in archives: both pages, the image, and the first page once more, which is a revisit."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    kept = list[Exchange]()
    with Archive(folder, SystemClock()) as archive:
        for path in ("/", "/well.png", "/two", "/"):
            wire = fetched(path, server.server_port)
            kept.append(archive.put(wire, lambda digest, _: next((k for k in kept if k.digest == digest), None)))
            time.sleep(1.1)  # archives are looked into by the second
    server.shutdown()
    server.server_close()
    return kept


@contextmanager
def replaying(package: Path, folder: Path) -> "Iterator[str]":
    """pywb with the package taken in by its own tool; gives the address of its collection."""
    folder.mkdir()
    for words in (["init", "kept"], ["add", "--unpack-wacz", "kept", str(package)]):
        subprocess.run([str(BIN / "wb-manager"), *words], cwd=folder, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(BIN / "wayback"), "-b", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as pywb:
        try:
            for _ in range(100):
                try:
                    urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield f"http://127.0.0.1:{port}/kept"
        finally:
            pywb.terminate()


def shoot(address: str, target: Path, profile: Path) -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        raise SystemExit("Chromium was not found: install it, or set CHROMIUM to its path.")
    command = [chromium, "--headless", "--disable-gpu", "--no-first-run", "--hide-scrollbars", "--window-size=1000,760"]
    command += [f"--user-data-dir={profile}", "--virtual-time-budget=8000", f"--screenshot={target}"]
    command += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]  # nobody but pywb is asked
    command += ["--no-sandbox"] if os.geteuid() == 0 else []  # its sandbox does not run as root, as in a container
    subprocess.run([*command, address], check=True, capture_output=True, timeout=120)


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "screenshots").resolve()
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept = keep(folder / "warcs")
        key = own_key(folder / "purport.key")
        package = folder / "kest.wacz"
        print(export(Order(folder / "warcs", datetime.now(UTC), "Kest Courier"), package, key, title))
        print("signed by", verify(package))
        with replaying(package, folder / "pywb") as pywb:
            for number, one in enumerate([kept[0], kept[2], kept[3]], 1):
                target = out / f"replay-{number}.png"
                shoot(f"{pywb}/{one.asked:%Y%m%d%H%M%S}/{one.url}", target, folder / "chromium")
                print(target, "revisit" if one.same_as else "", one.url, one.asked)


if __name__ == "__main__":
    main()
