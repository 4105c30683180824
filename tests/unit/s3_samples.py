"""A small S3 on loopback: objects whole or not at all, in parts, with conditions; and ways for it to fail."""

import base64
import hashlib
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, unescape

import pytest

KEYS = {"AWS_ACCESS_KEY_ID": "ona", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "sarn"}


class Bucket:
    """What the server holds, and what it is to do with the next requests."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.requests: list[str] = []
        self.faults: list[str] = []  # of the next requests in turn: 503, 500, slow, cut, lost, "" for none
        self.url = ""
        self.lock = threading.Lock()

    def fault(self) -> str:
        with self.lock:
            return self.faults.pop(0) if self.faults else ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bucket: Bucket

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", headers.get("Length", str(len(body))))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _failed(self) -> bool:
        """Fail as planned before anything is done: `lost` does it first and then says nothing."""
        fault = self.bucket.fault()
        if fault in ("500", "503"):
            self._answer(int(fault), b"<Error><Code>SlowDown</Code></Error>")
        elif fault == "slow":
            time.sleep(1.0)
            self.close_connection = True
        elif fault in ("cut", "lost"):
            self._cut = fault
            return False
        return bool(fault)

    def _do(self) -> None:
        self._cut = ""
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        self.bucket.requests.append(f"{self.command} {self.path}")
        if self._failed():
            return
        url = urlsplit(self.path)
        asked = parse_qs(url.query, keep_blank_values=True)
        done: tuple[int, bytes, dict[str, str]] = getattr(self, f"_{self.command.lower()}")(url.path, asked, body)
        if self._cut == "lost":
            self.close_connection = True
            return
        status, answer, headers = done
        if self._cut == "cut" and answer:
            self._answer(status, answer[: len(answer) // 2], Length=str(len(answer)), **headers)
            self.close_connection = True
            return
        self._answer(status, answer, **headers)

    do_GET = do_PUT = do_POST = do_DELETE = _do  # noqa: N815

    def do_HEAD(self) -> None:
        self._cut = ""
        self.bucket.requests.append(f"HEAD {self.path}")
        if not self._failed():
            data = self.bucket.objects.get(urlsplit(self.path).path)
            self._answer(200 if data is not None else 404, data or b"", **_headers(data or b""))

    def _get(self, key: str, asked: dict[str, list[str]], _: bytes) -> tuple[int, bytes, dict[str, str]]:
        if "list-type" in asked:
            return 200, self._listed(key.rstrip("/") + "/", asked.get("prefix", [""])[0]), {}
        data = self.bucket.objects.get(key)
        if data is None:
            return 404, b"<Error><Code>NoSuchKey</Code></Error>", {}
        if found := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", "")):
            first, last = int(found[1]), min(int(found[2]), len(data) - 1)
            span = {"Content_Range": f"bytes {first}-{last}/{len(data)}"}
            return 206, data[first : last + 1], _headers(data) | span
        return 200, data, _headers(data)

    def _listed(self, bucket: str, prefix: str) -> bytes:
        found = sorted((key.removeprefix(bucket), data) for key, data in self.bucket.objects.items())
        entries = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(data)}</Size><ETag>{escape(_etag(data))}</ETag>"
            "<LastModified>2031-05-04T12:00:00.000Z</LastModified></Contents>"
            for key, data in found
            if key.startswith(prefix)
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode()

    def _put(self, key: str, asked: dict[str, list[str]], body: bytes) -> tuple[int, bytes, dict[str, str]]:
        sent = self.headers.get("x-amz-checksum-sha256")
        if sent and sent != base64.b64encode(hashlib.sha256(body).digest()).decode():
            return 400, b"<Error><Code>BadDigest</Code></Error>", {}
        with self.bucket.lock:
            if "uploadId" in asked:
                self.bucket.uploads[asked["uploadId"][0]][int(asked["partNumber"][0])] = body
                return 200, b"", {"ETag": _etag(body)}
            if self.headers.get("If-None-Match") == "*" and key in self.bucket.objects:
                return 412, b"<Error><Code>PreconditionFailed</Code></Error>", {}
            self.bucket.objects[key] = body
        return 200, b"", {"ETag": _etag(body)}

    def _post(self, key: str, asked: dict[str, list[str]], body: bytes) -> tuple[int, bytes, dict[str, str]]:
        with self.bucket.lock:
            if "delete" in asked:
                names = re.findall(r"<Key>([^<]*)</Key>", body.decode())
                for name in names:
                    self.bucket.objects.pop(f"{key.rstrip('/')}/{unescape(name)}", None)
                gone = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
                return 200, f"<DeleteResult>{gone}</DeleteResult>".encode(), {}
            if "uploads" in asked:
                upload = f"upload-{len(self.bucket.uploads)}"
                self.bucket.uploads[upload] = {}
                said = f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
                return 200, said.encode(), {}
            pieces = self.bucket.uploads[asked["uploadId"][0]]
            data = b"".join(pieces[number] for number in sorted(pieces))
            self.bucket.objects[key] = data
        said = f'<CompleteMultipartUploadResult><ETag>"{"0" * 32}-{len(pieces)}"</ETag></CompleteMultipartUploadResult>'
        return 200, said.encode(), {}

    def _delete(self, key: str, asked: dict[str, list[str]], _: bytes) -> tuple[int, bytes, dict[str, str]]:
        return 204, b"", {}


def _etag(data: bytes) -> str:
    return f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'


def _headers(data: bytes) -> dict[str, Any]:
    return {"ETag": _etag(data), "Last_Modified": "Sun, 04 May 2031 12:00:00 GMT"}


@contextmanager
def serving(bucket: Bucket) -> Iterator[Bucket]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"bucket": bucket}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    bucket.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket that is called kest, and an environment that leads to it."""
    with serving(Bucket()) as held:
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": held.url}.items():
            monkeypatch.setenv(name, value)
        yield held
