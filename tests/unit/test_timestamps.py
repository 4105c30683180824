"""Time stamps: what an authority signed is found to hold, and nothing else is."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from authority_samples import OpensslAuthority, authorities, needs_openssl
from hypothesis import given
from hypothesis import strategies as st

from purport.core.errors import EvidenceError, FetchError, RefusedAddressError, UsageError
from purport.edges.authority import WebAuthority
from purport.preserve import merkle, timestamps
from purport.preserve.der import certificates_in_order

__all__ = ["authorities"]

ROOT = merkle.leaf(b"the bridge at Dolva")
OTHER = merkle.leaf(b"another bridge")


def stamped(authority: OpensslAuthority) -> tuple[bytes, int]:
    asked = timestamps.question(ROOT)
    return authority.stamp(asked.data), asked.nonce


@needs_openssl
@pytest.mark.parametrize("which", ["good", "with its chain"])
def test_a_good_stamp_holds_and_tells_its_time(authorities, which: str):
    authority = authorities[which]
    token, nonce = stamped(authority)
    for trusted in ((), timestamps.roots(authority.ca), timestamps.roots(authorities["another"].ca + authority.ca)):
        at = timestamps.check(token, ROOT, trusted, nonce)
        assert at.tzinfo is UTC
        assert abs(datetime.now(UTC) - at) < timedelta(minutes=10)
    assert authority.checks(token, ROOT, authority.ca)  # and openssl says so, too


@needs_openssl
@pytest.mark.parametrize(
    ("which", "vouched", "root", "nonce", "fault"),
    [
        ("expired", "expired", ROOT, 0, "certificate had expired when it stamped"),
        ("good", "another", ROOT, 0, "from none of those in --ca"),
        ("with its chain", "another", ROOT, 0, "from none of those in --ca"),
        ("good", "good", OTHER, 0, "wrong imprint"),
        ("good", "", OTHER, 0, "wrong imprint"),
        ("good", "good", ROOT, 77, "answers another request"),
    ],
)
def test_what_does_not_hold_is_told(authorities, which: str, vouched: str, root: bytes, nonce: int, fault: str):
    token, _ = stamped(authorities[which])
    trusted = timestamps.roots(authorities[vouched].ca) if vouched else ()
    with pytest.raises(EvidenceError, match=fault):
        timestamps.check(token, root, trusted, nonce)


@needs_openssl
@pytest.mark.parametrize("harm", [b"", b"<html>", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", bytes(200)])
def test_what_is_no_answer_is_told(harm: bytes):
    with pytest.raises(EvidenceError, match="no answer of a time stamp authority"):
        timestamps.check(harm, ROOT)


def test_a_refusal_is_told():
    with pytest.raises(EvidenceError, match=r"did not grant it \(status 2\)"):
        timestamps.check(bytes.fromhex("30053003020102"), ROOT)


@needs_openssl
def test_no_byte_that_is_signed_can_be_changed(authorities):
    """Outside of what is signed, a changed byte may go unnoticed here; the ledger's digests find it: test_verify."""
    authority = authorities["good"]
    token, _ = stamped(authority)
    trusted = timestamps.roots(authority.ca)
    kind = token.index(bytes.fromhex("060b2a864886f70d0109100104"))  # from here on stands what is signed
    content = token.index(b"\x18\x0f", kind)  # its time, in 15 signs
    for place in range(content + 2, content + 17):
        for bit in (1, 4, 0x80):
            harmed = bytearray(token)
            harmed[place] ^= bit
            with pytest.raises(EvidenceError):
                timestamps.check(bytes(harmed), ROOT, trusted)
    for place in range(len(token)):  # anywhere else: told or held, and never another kind of end
        harmed = bytearray(token)
        harmed[place] ^= 0x10
        with suppress(EvidenceError):
            timestamps.check(bytes(harmed), ROOT, trusted)


@needs_openssl
def test_certificates_are_put_in_order_and_nothing_else_is_touched(authorities):
    token, _ = stamped(authorities["with its chain"])
    ordered = certificates_in_order(token)
    assert sorted(ordered) == sorted(token)
    assert certificates_in_order(ordered) == ordered
    alone, _ = stamped(authorities["good"])
    assert certificates_in_order(alone) == alone


@given(st.binary(max_size=60))
def test_any_bytes_are_put_in_order_or_left(data: bytes):
    assert sorted(certificates_in_order(data)) == sorted(data)


def test_roots_are_certificates():
    with pytest.raises(UsageError, match="no certificate in PEM form"):
        timestamps.roots(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(UsageError, match="no certificate in PEM form"):
        timestamps.roots(b"not one")


# RFC 6962 trees


@pytest.mark.parametrize(
    ("leaves", "root"),
    [
        ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ([""], "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (["", "00"], "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (["", "00", "10"], "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (
            ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"],
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ),
    ],
)
def test_roots_are_those_of_certificate_transparency(leaves: list[str], root: str):
    """The known answers of the reference implementation (google/certificate-transparency)."""
    assert merkle.root(merkle.leaf(bytes.fromhex(leaf)) for leaf in leaves).hex() == root


@given(st.integers(1, 70), st.data())
def test_each_leaf_has_a_path_to_the_root_and_no_other_leaf_has_it(size: int, data: st.DataObject):
    leaves = [merkle.leaf(b"%d" % number) for number in range(size)]
    place = data.draw(st.integers(0, size - 1))
    steps = merkle.path(place, size, lambda first, last: merkle.root(leaves[first:last]))
    root = merkle.root(leaves)
    assert merkle.climb(leaves[place], steps) == root
    assert len(steps) <= (size - 1).bit_length()
    assert merkle.climb(merkle.leaf(b"none of them"), steps) != root


# over the web


def web(answer: httpx2.Response | Exception, url: str = "http://time.example/tsr", address: str = "93.184.216.34"):
    seen: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    transport = httpx2.MockTransport(handler)
    return WebAuthority(url, transport=transport, resolver=lambda host, port: [address]), seen


def test_an_authority_is_asked_as_the_standard_says():
    kind = {"Content-Type": "Application/Timestamp-Reply; x=1"}
    reply = httpx2.Response(200, headers=kind, stream=httpx2.ByteStream(b"token"))
    authority, seen = web(reply, url="http://ona:secret@time.example/tsr")
    assert authority.stamp(b"query") == b"token"
    (request,) = seen
    assert (request.method, str(request.url), request.read()) == ("POST", "http://time.example/tsr", b"query")
    assert request.headers["content-type"] == "application/timestamp-query"
    assert request.headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (httpx2.Response(404), "answered 404"),
        (httpx2.Response(302, headers={"Location": "http://127.0.0.1/"}), "answered 302"),
        (httpx2.Response(200, headers={"Content-Type": "text/html"}, content=b"<p>hello"), "no time stamp authority"),
        (httpx2.Response(200, content=b"token"), "answered with no type"),
        (
            httpx2.Response(
                200, headers={"Content-Type": "application/timestamp-reply"}, stream=httpx2.ByteStream(bytes(2**20 + 1))
            ),
            "more than a time stamp",
        ),
        (httpx2.ConnectError("refused"), r"could not be asked \(refused\)"),
        (httpx2.ReadTimeout("slow"), "did not answer in full within 30 seconds"),
    ],
)
def test_what_goes_wrong_is_told_without_the_password(answer: httpx2.Response | Exception, fault: str):
    authority, _ = web(answer, url="http://ona:secret@time.example/tsr")
    with pytest.raises(FetchError, match=fault) as told:
        authority.stamp(b"query")
    assert "secret" not in str(told.value)


def test_private_addresses_are_refused():
    authority, seen = web(httpx2.Response(200), address="10.0.0.7")
    with pytest.raises(RefusedAddressError):
        authority.stamp(b"query")
    assert not seen
    with pytest.raises(FetchError, match="not an http"):
        web(httpx2.Response(200), url="ftp://time.example")[0].stamp(b"query")
