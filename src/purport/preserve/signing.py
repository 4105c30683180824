"""Signs packages with a key of one's own, as the WACZ standard's anonymous signature.

https://specs.webrecorder.net/wacz-auth/0.1.0/. It proves that a package was made by whoever has the key, and that
nothing in it was changed since; who that is, one tells by making the key's fingerprint known. The standard names no
curve; P-384 is the one that ReplayWeb.page checks (r and s behind each other, over the words of the hash).
"""

import base64
import hashlib
import os
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from purport import __version__
from purport.core.errors import EvidenceError

SOFTWARE = f"Purport {__version__}"
_ECDSA = ec.ECDSA(hashes.SHA256())
_BYTES = 48  # of r and of s

Key = ec.EllipticCurvePrivateKey


def written(moment: datetime) -> str:
    """A time in the one form that WACZ tools take, to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def own_key(path: Path) -> Key:
    """The key in a file that only its owner may read, made when it is first asked for. Raises EvidenceError."""
    try:
        if not path.exists():
            _make(path)
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise EvidenceError(
            f"The key in {path} can't be used ({error}). Bring it back from a backup, or move it away: a new one is "
            "made, with another fingerprint."
        ) from error
    if not isinstance(found, ec.EllipticCurvePrivateKey) or not isinstance(found.curve, ec.SECP384R1):
        raise EvidenceError(f"The key in {path} is not one on the curve P-384. Move it away: a new one is made.")
    return found


def sign(hash: str, created: datetime, key: Key) -> dict[str, str]:
    """The `signedData` for the hash of a datapackage.json."""
    r, s = decode_dss_signature(key.sign(hash.encode(), _ECDSA))
    return {
        "hash": hash,
        "created": written(created),
        "software": SOFTWARE,
        "version": __version__,
        "signature": base64.b64encode(r.to_bytes(_BYTES, "big") + s.to_bytes(_BYTES, "big")).decode(),
        "publicKey": base64.b64encode(_public(key.public_key())).decode(),
    }


def verify(signed: dict[str, str], hash: str) -> str:
    """The fingerprint of the key that signed a hash. Raises EvidenceError if the signature does not hold."""
    if signed.get("hash") != hash:
        raise EvidenceError("The signature is of another datapackage.json. Ask for the package again.")
    try:
        key = serialization.load_der_public_key(base64.b64decode(signed.get("publicKey", ""), validate=True))
        signature = base64.b64decode(signed.get("signature", ""), validate=True)
        if not isinstance(key, ec.EllipticCurvePublicKey) or len(signature) != 2 * ((key.key_size + 7) // 8):
            raise ValueError("no ECDSA key and signature")
        half = len(signature) // 2
        r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
        key.verify(encode_dss_signature(r, s), hash.encode(), _ECDSA)
    except (InvalidSignature, ValueError, TypeError) as error:
        why = str(error) or "it was made with another key, or for another hash"
        raise EvidenceError(f"The signature does not hold ({why}). Ask for the package again.") from error
    return fingerprint(key)


def fingerprint(key: ec.EllipticCurvePublicKey) -> str:
    """What one makes known of a key: the digest of its public part."""
    return "sha256:" + hashlib.sha256(_public(key)).hexdigest()


def _public(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _make(path: Path) -> None:
    """A new key, there whole or not at all; if another process was quicker, its key stays."""
    pem = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(handle)
        try:
            os.link(beside, path)
        except FileExistsError:
            return
    finally:
        beside.unlink()
