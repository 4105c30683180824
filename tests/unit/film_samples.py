"""Small films, pictures and sounds of our own making, whole and broken, named by what they show."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import av
import c2pa
import cv2
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from numpy.typing import NDArray

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype"
Picture = NDArray[np.uint8]  # [height, width, 3]


def town(seconds: float, number: int = 0, size: tuple[int, int] = (160, 96)) -> Picture:
    """A street of houses with a cart that crosses it; `number` says which street."""
    width, height = size
    houses = np.random.default_rng(number).integers(0, 255, (6, 10), np.uint8)
    grey = cv2.resize(houses, size, interpolation=cv2.INTER_NEAREST)
    left = int(seconds * width / 8) % width
    grey[height // 2 : height // 2 + height // 6 + 1, left : left + width // 8 + 1] = 255 - number % 2 * 255
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)


def fair(seconds: float, number: int = 0, size: tuple[int, int] = (320, 180)) -> Picture:
    """A fairground of many stalls over which five balloons drift; `number` says which fair."""
    width, height = size
    random = np.random.default_rng(number)
    stalls = random.integers(0, 255, (18, 32, 3), np.uint8)
    picture = cv2.GaussianBlur(cv2.resize(stalls, size, interpolation=cv2.INTER_NEAREST), (0, 0), 1.0)
    for _ in range(5):
        phase, pace, radius = 6 * random.random(), 0.4 + random.random(), 10 + int(14 * random.random())
        x = int((0.5 + 0.45 * np.sin(pace * seconds + phase)) * width)
        y = int((0.5 + 0.4 * np.cos(1.3 * pace * seconds + 2 * phase)) * height)
        for part in (radius, radius // 2):
            cv2.circle(picture, (x, y), part, random.integers(0, 255, 3).tolist(), -1)
    return picture.astype(np.uint8)


def card(number: int = 0, size: tuple[int, int] = (320, 180)) -> Picture:
    """A station's title card, which stands still."""
    stripes = np.random.default_rng(1000 + number).integers(60, 200, (12, 20), np.uint8)
    grey = cv2.GaussianBlur(cv2.resize(stripes, size, interpolation=cv2.INTER_NEAREST), (0, 0), 1.0)
    cv2.putText(grey, "DOLVA POST", (40, 100), cv2.FONT_HERSHEY_SIMPLEX, 1.3, 255, 3)
    return cv2.cvtColor(grey.astype(np.uint8), cv2.COLOR_GRAY2RGB)


def film(
    path: Path,
    pictures: Iterable[Picture],
    rate: int = 10,
    codec: str = "libx264",
    times: Sequence[int] = (),
    tags: dict[str, str] | None = None,
    **options: str,
) -> Path:
    """A film of these pictures; `times` are theirs, in ticks of 1 / rate, where they are not even."""
    with av.open(str(path), "w", options=options) as container:
        container.metadata.update(tags or {})
        stream: Any = None
        for number, picture in enumerate(pictures):
            if stream is None:
                stream = container.add_stream(codec, rate=rate)
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = {"gif": "rgb8", "mjpeg": "yuvj444p"}.get(codec, "yuv420p")
                if codec == "libx264":
                    stream.options = {"preset": "ultrafast", "g": "10"}
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            if times:
                frame.pts = times[number]
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode())
    return path


def street(path: Path, seconds: float = 3.0, rate: int = 10, cuts: int = 0, **options: Any) -> Path:
    """A film of so many seconds with so many cuts, each to another street."""
    count = round(seconds * rate)
    every = count / (cuts + 1)
    return film(path, (town(n / rate, int(n / every)) for n in range(count)), rate, **options)


def with_index_first(path: Path, seconds: float = 10.0) -> Path:
    return street(path, seconds, movflags="faststart")


def cut(path: Path, share: float) -> Path:
    """The beginning of the file alone."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def tone(path: Path, seconds: float = 2.0, codec: str = "aac") -> Path:
    rate = 16_000
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = "mono"
        wave = (np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * 440 / rate) * 9_000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave[None], format="s16", layout="mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=rate)
        for part in resampler.resample(frame):
            container.mux(stream.encode(part))
        container.mux(stream.encode())
    return path


def picture(path: Path, number: int = 0, size: tuple[int, int] = (160, 96)) -> Path:
    assert cv2.imwrite(str(path), town(1.0, number, size))
    return path


@cache
def authority() -> tuple[bytes, bytes, bytes]:
    """An invented press association's root, and a signer's chain and key under it, as PEM."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name("Dolva Press Association"), _name("Ona Vell")
    root = _certificate(root_name, root_name, root_key.public_key(), root_key, is_root=True)
    leaf = _certificate(name, root_name, key.public_key(), root_key, is_root=False)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = serialization.Encoding.PEM
    return root.public_bytes(pem), leaf.public_bytes(pem) + root.public_bytes(pem), private


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, common), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Dolva Post")]
    )


def _certificate(subject: x509.Name, issuer: x509.Name, key: Any, by: Any, is_root: bool) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    never = [
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "encipher_only",
        "decipher_only",
    ]
    usage = {"digital_signature": not is_root, "key_cert_sign": is_root, "crl_sign": is_root} | dict.fromkeys(
        never, False
    )
    built = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )
    if not is_root:
        built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return built.sign(by, hashes.SHA256())


def signed(path: Path, media_type: str = "image/jpeg") -> Path:
    """The file with a manifest signed by Ona Vell, without a time stamp, beside it as signed-…."""
    _, chain, key = authority()
    out = path.with_name(f"signed-{path.name}")
    info = c2pa.C2paSignerInfo(b"es256", chain, key, None)
    camera = {"action": "c2pa.created", "digitalSourceType": f"{SOURCE_TYPES}/digitalCapture"}
    actions = {"label": "c2pa.actions.v2", "data": {"actions": [camera]}}
    manifest = {"claim_generator_info": [{"name": "films"}], "title": path.name, "assertions": [actions]}
    signer, builder = c2pa.Signer.from_info(info), c2pa.Builder(manifest)
    with signer, builder, path.open("rb") as source, out.open("w+b") as target:
        builder.sign(signer, media_type, source, target)
    return out
