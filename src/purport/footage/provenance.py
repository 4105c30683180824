"""What a file's C2PA manifest ("content credentials") is worth here. https://spec.c2pa.org

The verdict is about who signed what, for the whole chain: the file's own manifest and those of what went into it.

- valid: every signature and hash holds, and each signer is vouched for by the trust list that the user named;
- untrusted: every signature and hash of what is seen and heard holds, but no list here vouches for a signer;
- invalid: a signature or a hash does not hold, or a part is missing;
- none: there is no manifest, as in nearly all files; that says nothing against the footage;
- unknown: it can't be told, with the reason.

The library fetches nothing: a manifest that is kept elsewhere stays unread, and revocations are not asked for.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import c2pa

from purport.core.records import Provenance

Status: TypeAlias = dict[str, str]  # code, url, explanation

UNTRUSTED = "signingCredential.untrusted"
EXCLUSION = "data hash exclusion does not match the manifest location in the asset"
# the last word of a status code that is no failure; everything that is not known to be good is taken for one
GOOD = {"match", "validated", "trusted", "insideValidity", "accessible", "notRevoked", "skipped", "inaccessible"}
WORDS = {
    UNTRUSTED: "no trust list here vouches for the signer",
    "signingCredential.expired": "the signer's certificate had expired, and no time stamp says it was signed before",
    "signingCredential.invalid": "the signer's certificate is not one for signing media",
    "signingCredential.ocsp.revoked": "the signer's certificate was revoked",
    "claimSignature.mismatch": "the signature does not fit: the claim was changed, or another key signed it",
    "claimSignature.missing": "the signature is missing",
    "assertion.dataHash.mismatch": "the file was changed after it was signed",
    "assertion.bmffHash.mismatch": "the file was changed after it was signed",
    "assertion.boxesHash.mismatch": "the file was changed after it was signed",
    "assertion.hashedURI.mismatch": "a signed statement about the file was changed",
    "assertion.missing": "a signed statement about the file is missing",
    "claim.missing": "the claim is missing",
    "ingredient.manifest.missing": "the manifest of something that went into it is missing",
}


def provenance(path: Path, media_type: str, trust: str = "") -> Provenance:
    """The verdict on a file; `trust` is a list of certificates (PEM) that the user vouches for."""
    verify = {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False}
    settings = {"verify": verify, "trust": {"trust_anchors": trust}} if trust else {"verify": verify}
    if media_type not in c2pa.Reader.get_supported_mime_types():
        return Provenance("unknown", (f"The C2PA library does not read {media_type or 'such files'}.",))
    with path.open("rb") as file:
        try:
            with c2pa.Reader(media_type, file, context=c2pa.Context(c2pa.Settings.from_dict(settings))) as reader:
                return verdict(json.loads(reader.json()), json.loads(reader.detailed_json()), file)
        except c2pa.C2paError.ManifestNotFound:
            return Provenance("none")
        except c2pa.C2paError as error:
            if "RemoteManifest" in str(error):
                return Provenance("unknown", ("Its manifest is kept elsewhere, and was not fetched.",))
            return Provenance("unknown", (f"Its manifest can't be read ({error}).",))


def verdict(store: dict[str, Any], detailed: dict[str, Any], file: BinaryIO) -> Provenance:
    """The verdict by the library's two reports."""
    active = store["manifests"].get(store.get("active_manifest", ""), {})
    signature = active.get("signature_info", {})
    signer = " · ".join(dict.fromkeys(filter(None, (signature.get("common_name"), signature.get("issuer")))))
    failures, reasons = list(failing(store)), []
    excused = [status for status in failures if EXCLUSION in status.get("explanation", "")]
    if excused and covers_picture(detailed, file):
        failures = [status for status in failures if status not in excused]
        reasons = ["metadata before the manifest is not covered by the signature"]
    broken = [status for status in failures if status["code"] != UNTRUSTED]
    found = "invalid" if broken else "untrusted"
    if not failures and not reasons:
        found = "valid" if store.get("validation_state") == "Trusted" else "unknown"
    ordered = dict.fromkeys(map(said, [*broken, *failures]))
    return Provenance(found, tuple(map(sentence, [*ordered, *reasons])), signer, signature.get("time") or "")


def failing(store: dict[str, Any]) -> Iterator[Status]:
    """All that does not hold: in the active manifest, in those it rests on, and what these say of their own parts."""
    results = store.get("validation_results", {})
    yield from results.get("activeManifest", {}).get("failure", ())
    for part in results.get("ingredientDeltas", ()):
        for status in part["validationDeltas"].get("failure", ()):
            yield status | {"part": "yes"}
    for status in recorded(store["manifests"].values()):
        kind, _, last = status["code"].rpartition(".")
        if kind != "timeStamp" and last not in GOOD and status["code"] != UNTRUSTED:  # whom we trust is up to us
            yield status | {"part": "yes"}


def recorded(manifests: Iterable[dict[str, Any]]) -> Iterator[Status]:
    """What was found about a part when it went in: who put it in knew that it was broken, and so should we."""
    for manifest in manifests:
        for part in manifest.get("ingredients", ()):
            yield from part.get("validation_status", ())
            yield from part.get("validation_results", {}).get("activeManifest", {}).get("failure", ())


def said(status: Status) -> str:
    words = WORDS.get(status["code"]) or f"{status.get('explanation') or 'it does not hold'} ({status['code']})"
    return f"of something that went into it: {words}" if status.get("part") else words


def sentence(words: str) -> str:
    return words[0].upper() + words[1:] + "."


def covers_picture(detailed: dict[str, Any], file: BinaryIO) -> bool:
    """Does the data hash, which holds, leave out nothing that a picture is made from?

    By version 2.4 of the standard the hash may leave out the manifest alone. Cameras of 2023 also left out what stands
    before it. In a JPEG these are segments of metadata, which decoders pass over; anything else may hide a picture.
    """
    active = detailed["manifests"].get(detailed.get("active_manifest", ""), {})
    hashes = [
        assertion for name, assertion in active.get("assertion_store", {}).items() if name.startswith("c2pa.hash.data")
    ]
    codes = [status["code"] for status in detailed["validation_results"]["activeManifest"].get("success", ())]
    if len(hashes) != 1 or "assertion.dataHash.match" not in codes:
        return False
    end = max((one["start"] + one["length"] for one in hashes[0].get("exclusions", ())), default=0)
    return only_metadata(file, end)


def only_metadata(file: BinaryIO, end: int) -> bool:
    """Are the bytes of a JPEG up to there whole segments of metadata?"""
    file.seek(0)
    if file.read(2) != b"\xff\xd8":
        return False
    at = 2
    while at < end:
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or not (0xE0 <= head[1] <= 0xEF or head[1] == 0xFE):
            return False
        at += 2 + int.from_bytes(head[2:], "big")
        file.seek(at)
    return at == end
