"""Blobs in moto's S3, a storage that is not of our making: scripts/setup replay."""

import hashlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from replay_samples import BIN
from s3_samples import KEYS

from purport.core.errors import EvidenceError
from purport.edges.bucket import PIECE, BucketBlobs

MOTO = BIN / "moto_server"
pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(not MOTO.exists(), reason="moto is not installed: scripts/setup replay"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """moto's server, with a bucket that is called kest."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen([MOTO, "-H", "127.0.0.1", "-p", str(port)], stderr=subprocess.DEVNULL) as moto:
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(600):
                try:
                    urlopen(Request(f"{url}/kest", method="PUT")).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield url
        finally:
            moto.terminate()


@pytest.fixture
def store(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BucketBlobs:
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": server, "AWS_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    return BucketBlobs(f"s3://kest/{tmp_path.name}", tmp_path / "near", wait=0.001)


@pytest.mark.parametrize("size", [0, 20, 2 * PIECE + 7])
def test_bytes_and_files_come_back(store: BucketBlobs, tmp_path: Path, size: int):
    data = os.urandom(size)
    (tmp_path / "clip.mp4").write_bytes(data)
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert store.put_file(tmp_path / "clip.mp4") == digest
    assert store.put(data) == digest
    assert store.get(digest) == data
    assert b"".join(store.pieces(digest)) == data
    assert store.file(digest).read_bytes() == data


def test_what_was_never_put_is_not_there(store: BucketBlobs):
    with pytest.raises(EvidenceError, match="No such object"):
        store.get("sha256:" + "0" * 64)


def test_a_bucket_that_is_none_is_told(server: str, store: BucketBlobs, tmp_path: Path):
    elsewhere = BucketBlobs("s3://nowhere", tmp_path / "near", wait=0.001)
    with pytest.raises(EvidenceError, match="s3://nowhere"):
        elsewhere.put(b"frames")
