"""Time stamps as in RFC 3161: an authority signs a hash and the time at which it saw it.

What is stamped are the 32 bytes of a Merkle root (`merkle.py`): one stamp dates a whole batch of the custody log.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerifierBuilder,
    decode_timestamp_response,
)

from purport.core.errors import EvidenceError, UsageError
from purport.core.times import utc
from purport.preserve.der import certificates_in_order


@dataclass(frozen=True, slots=True)
class Question:
    """What an authority is asked: a request in DER, and the number by which its answer is known to be to this one."""

    data: bytes
    nonce: int


def question(root: bytes) -> Question:
    """Asks to stamp a Merkle root; the authority learns its hash and nothing else."""
    request = TimestampRequestBuilder().data(root).hash_algorithm(HashAlgorithm.SHA256).build()
    return Question(request.as_bytes(), request.nonce or 0)


def roots(pem: bytes) -> list[x509.Certificate]:
    """The certificates of authorities that the user vouches for. Raises UsageError."""
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise UsageError(f"--ca names a file that holds no certificate in PEM form ({error}).") from error
    return list(dict.fromkeys(found))


def check(token: bytes, root: bytes, trusted: Sequence[x509.Certificate] = (), nonce: int = 0) -> datetime:
    """When the authority saw the root, by its answer. Raises EvidenceError, which says what does not hold.

    Checked are the imprint and, with certificates that are trusted, the signature and the chain of certificates at the
    time of the stamp. `nonce`, if any, must be that of the answer. No network is asked, so no list of revoked ones.
    """
    answer = _opened(token)
    if nonce and answer.tst_info.nonce != nonce:
        raise EvidenceError("it answers another request")
    if not _is_over(answer, root):
        raise EvidenceError("it is over something else (wrong imprint)")
    try:
        with warnings.catch_warnings(action="ignore"):  # bent rules are judged all the same
            if trusted:
                VerifierBuilder(roots=list(trusted)).build().verify_message(answer, root)
    except Exception as error:  # the token is anybody's bytes, and each layer below has errors of its own
        raise EvidenceError(_why(str(error), answer)) from error
    return utc(answer.tst_info.gen_time)


def _opened(token: bytes) -> TimeStampResponse:
    try:
        answer = decode_timestamp_response(certificates_in_order(token))
        status = answer.status
        if status != PKIStatus.GRANTED.value:
            words = "; ".join(answer.status_string)
            raise EvidenceError(f"the authority did not grant it (status {status}{': ' * bool(words)}{words})")
        answer.tst_info.gen_time  # noqa: B018 - a token that is there and broken shows here
        return answer
    except (ValueError, TypeError) as error:
        raise EvidenceError(f"it is no answer of a time stamp authority ({_short(str(error))})") from error


def _is_over(answer: TimeStampResponse, root: bytes) -> bool:
    asked = TimestampRequestBuilder().data(root).hash_algorithm(HashAlgorithm.SHA256).build().message_imprint
    held = answer.tst_info.message_imprint
    return held.message == asked.message and held.hash_algorithm == asked.hash_algorithm


# a part of the library's words, and ours
_WORDS = (
    ("certificate has expired", "the authority's certificate had expired when it stamped ({at})"),
    ("certificate is not yet valid", "the authority's certificate was not valid yet when it stamped ({at})"),
    ("unable to get local issuer", "its certificate comes from none of those in --ca"),
    ("unable to get issuer", "its certificate comes from none of those in --ca"),
    ("self-signed certificate", "its certificate comes from none of those in --ca"),
    ("unsuitable certificate purpose", "its certificate is not one for time stamps"),
    ("EKU", "its certificate is not one for time stamps"),
    ("digest failure", "its signature is not over what it says (digest failure)"),
    ("signature failure", "its signature is not the authority's"),
)


def _why(said: str, answer: TimeStampResponse) -> str:
    for part, words in _WORDS:
        if part in said:
            return words.format(at=f"{utc(answer.tst_info.gen_time):%Y-%m-%d %H:%M:%S} UTC")
    return f"it can't be checked ({_short(said)})"


def _short(words: str) -> str:
    return " ".join(words.split())[:160]
