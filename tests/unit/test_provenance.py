"""What a C2PA manifest is worth: our own signed pictures and films, and the standard's public test files."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from film_samples import authority, picture, signed, street

from purport.footage.provenance import only_metadata, provenance

ROOT = authority()[0].decode()


def test_without_a_manifest_nothing_is_known(tmp_path: Path) -> None:
    assert provenance(picture(tmp_path / "a.jpg"), "image/jpeg").verdict == "none"
    assert provenance(street(tmp_path / "a.mp4", 0.5), "video/mp4").verdict == "none"


def test_a_signature_is_valid_where_its_signer_is_vouched_for(tmp_path: Path) -> None:
    for path, media_type in (
        (picture(tmp_path / "a.jpg"), "image/jpeg"),
        (picture(tmp_path / "a.png"), "image/png"),
        (street(tmp_path / "a.mp4", 0.5), "video/mp4"),
    ):
        made = signed(path, media_type)
        unknown = provenance(made, media_type)
        assert (unknown.verdict, unknown.signer) == ("untrusted", "Ona Vell · Dolva Post")
        assert unknown.reasons == ("No trust list here vouches for the signer.",)
        assert provenance(made, media_type, ROOT).verdict == "valid"


def test_anothers_trust_list_vouches_for_nobody(tmp_path: Path) -> None:
    made = signed(picture(tmp_path / "a.jpg"))
    authority.cache_clear()
    assert provenance(made, "image/jpeg", authority()[0].decode()).verdict == "untrusted"
    authority.cache_clear()


def test_a_changed_bit_is_invalid_whoever_is_trusted(tmp_path: Path) -> None:
    made = signed(picture(tmp_path / "a.jpg"))
    trust = authority()[0].decode()
    data = bytearray(made.read_bytes())
    data[-30] ^= 1
    made.write_bytes(data)
    found = provenance(made, "image/jpeg", trust)
    assert (found.verdict, found.reasons) == ("invalid", ("The file was changed after it was signed.",))


def test_what_the_library_does_not_read_is_unknown(tmp_path: Path) -> None:
    found = provenance(street(tmp_path / "a.mkv", 0.5), "video/x-matroska")
    assert found.verdict == "unknown"
    assert "video/x-matroska" in found.reasons[0]


def test_a_broken_manifest_is_never_valid(tmp_path: Path) -> None:
    made = signed(picture(tmp_path / "a.jpg"))
    trust = authority()[0].decode()
    data = made.read_bytes()
    begin = data.index(b"jumb")
    for at in range(begin, begin + 6_000, 97):
        made.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        assert provenance(made, "image/jpeg", trust).verdict in ("invalid", "untrusted", "unknown", "none"), at


SEGMENT = b"\xff\xe1\x00\x06Exif"


@pytest.mark.parametrize(
    ("head", "end", "whole"),
    [
        (b"\xff\xd8" + SEGMENT, 10, True),
        (b"\xff\xd8" + SEGMENT * 2, 10, True),
        (b"\xff\xd8" + SEGMENT, 9, False),  # ends within a segment
        (b"\xff\xd8" + SEGMENT + b"\xff\xda\x00\x08", 20, False),  # a picture begins
        (b"\xff\xd8" + SEGMENT + b"\xff\xdb\x00\x04\x00\x00", 16, False),  # tables a picture is made with
        (b"\x89PNG" + SEGMENT, 12, False),
        (b"\xff\xd8", 10, False),
    ],
)
def test_only_whole_segments_of_metadata_may_be_left_out(tmp_path: Path, head: bytes, end: int, whole: bool) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(head)
    with path.open("rb") as file:
        assert only_metadata(file, end) is whole


# the standard's own test files, whose names say what is wrong with them (see their README)

DATA = os.environ.get("PURPORT_DATA", "")
FOLDER = Path(DATA, "c2pa", "public-testfiles", "image", "jpeg")
FILES = sorted(path for path in FOLDER.glob("*.jp*g")) if DATA else []
public = pytest.mark.skipif(not FILES, reason="PURPORT_DATA names no folder with the C2PA public test files")


def expected(name: str) -> str:
    """By the name: E (an error) or X (a hash that does not fit), also of a part; A and I carry no manifest."""
    letters = name.split("-", 2)[2]
    if name.startswith("nikon"):  # an expired certificate, as their README says of it
        return "invalid"
    if re.search(r"(^|-|[A-Z])E-|^X", letters):
        return "invalid"
    return "none" if letters in ("A", "I") else "untrusted"


@public
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_public_files_are_what_their_names_say(path: Path) -> None:
    found = provenance(path, "image/jpeg")
    assert found.verdict == expected(path.stem)
    assert bool(found.reasons) is (found.verdict != "none")


@public
def test_public_files_are_valid_only_where_their_names_and_the_trust_list_allow() -> None:
    trust = "".join(vouched(FOLDER / "adobe-20220124-C.jpg"))
    verdicts = {path.stem: provenance(path, "image/jpeg", trust).verdict for path in FILES}
    for name, verdict in verdicts.items():
        fine = "valid" if name.startswith("adobe") else "untrusted"
        assert verdict == {"untrusted": fine}.get(expected(name), expected(name)), name
    assert sorted(set(verdicts.values())) == ["invalid", "none", "untrusted", "valid"]


def vouched(path: Path) -> Iterator[str]:
    """The certificates of authorities in a manifest, as PEM."""
    data = path.read_bytes()
    for at in (found.start() for found in re.finditer(rb"\x30\x82", data)):
        length = int.from_bytes(data[at + 2 : at + 4], "big") + 4
        try:
            one = x509.load_der_x509_certificate(data[at : at + length])
            is_authority = one.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        except (ValueError, x509.ExtensionNotFound):
            continue
        if is_authority and "C2PA" in f"{one.subject} {one.issuer}":
            yield one.public_bytes(serialization.Encoding.PEM).decode()
