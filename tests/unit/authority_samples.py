"""Time stamp authorities of our own, made with openssl: good ones, and such as nobody should believe."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

OPENSSL = shutil.which("openssl") or ""
needs_openssl = pytest.mark.skipif(not OPENSSL, reason="no openssl here to make an authority with")

_CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = replaced
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamper]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[authority]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/stamper.pem
{chain}
signer_key = {folder}/stamper.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class OpensslAuthority:
    """Implements `core.ports.Authority` with openssl in a folder. `twisted` may change what it is asked or answers."""

    def __init__(self, folder: Path, days: int = 30, chain: bool = False) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        certs = f"certs = {folder}/ca.pem" if chain else ""  # its answers then carry the root's certificate, too
        self._config = folder / "openssl.cnf"
        self._config.write_text(_CONFIG.format(folder=folder, chain=certs))
        (folder / "serial").write_text("01\n")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", str(self._config))
        self._run("req -x509 -keyout ca.key -out ca.pem -days 3650 -extensions root -subj", "/CN=Root of Ostrel", *key)
        self._run("req -keyout stamper.key -out stamper.csr -subj", "/CN=Clock of Ostrel", *key)
        signed = "x509 -req -in stamper.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out stamper.pem"
        self._run(f"{signed} -days {days} -extensions stamper -extfile", str(self._config))
        self.asked: list[bytes] = []
        self.twisted_request: Callable[[bytes], bytes] = bytes
        self.twisted_answer: Callable[[bytes], bytes] = bytes

    @property
    def ca(self) -> bytes:
        return (self.folder / "ca.pem").read_bytes()

    def stamp(self, request: bytes) -> bytes:
        self.asked.append(request)
        (self.folder / "query").write_bytes(self.twisted_request(request))
        self._run("ts -reply -section authority -queryfile query -out reply -config", str(self._config))
        return self.twisted_answer((self.folder / "reply").read_bytes())

    def checks(self, token: bytes, data: bytes, ca: bytes) -> bool:
        """Does openssl itself find that the token is over the data, by an authority of `ca`?"""
        for name, content in (("token", token), ("data", data), ("trusted", ca)):
            (self.folder / name).write_bytes(content)
        words = ("ts", "-verify", "-in", "token", "-data", "data", "-CAfile", "trusted")
        return subprocess.run([OPENSSL, *words], cwd=self.folder, capture_output=True).returncode == 0

    def _run(self, words: str, *more: str) -> None:
        subprocess.run([OPENSSL, *words.split(), *more], cwd=self.folder, capture_output=True, check=True)


@contextmanager
def serving(authority: OpensslAuthority) -> Iterator[str]:
    """The authority on loopback; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            reply = authority.stamp(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *words: object) -> None:
            """Nothing is printed."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, OpensslAuthority]]:
    folder = tmp_path_factory.mktemp("authorities")
    yield {
        "good": OpensslAuthority(folder / "good"),
        "with its chain": OpensslAuthority(folder / "chain", chain=True),
        "expired": OpensslAuthority(folder / "expired", days=-1),
        "another": OpensslAuthority(folder / "another"),
    }
