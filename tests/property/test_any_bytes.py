"""Whatever bytes a file holds: items and gaps come out, reports and gaps out of those, never an exception."""

import gzip
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from purport.collect import take
from purport.collect.charsets import charset_of
from purport.collect.inflate import BodyError, inflate
from purport.core.errors import FetchError
from purport.core.ports import Page
from purport.core.records import Item
from purport.core.times import utc
from purport.edges.addresses import is_public
from purport.read.article import report

_BEGINNINGS = [
    b"", b"WARC/1.0\r\n", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<html>",
    b"filedesc://", b"\x1f\x8b\x08\x00", b"<html><p>", b"<!--", b"<?xml", b'{"text": "',
    b'{"text": "a", "published": "', b"\xff\xfe", b"\xfe\xff\x00", b"\xef\xbb\xbf", b"By ",
    b"PORT HALE (", b"<html><head><meta charset=",
]  # fmt: skip
_NAMES = ["a.txt", "a.html", "a.jsonl", "a.warc", "a.warc.gz", "a.gz", "a"]
_TEXTS = st.text(alphabet=st.characters(exclude_categories=[]), max_size=300)
_BYTES = st.binary(max_size=600) | _TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))


class _Clock:
    def now(self):  # type: ignore[no-untyped-def]
        import datetime

        return datetime.datetime(2031, 3, 13, tzinfo=datetime.UTC)


class _Nowhere:
    def fetch(self, url: str) -> Page:
        raise FetchError("no network here")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(start=st.sampled_from(_BEGINNINGS), rest=_BYTES, name=st.sampled_from(_NAMES), zipped=st.booleans())
def test_any_file_gives_items_or_gaps(start: bytes, rest: bytes, name: str, zipped: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(gzip.compress(start + rest) if zipped else start + rest)
        found = list(take([str(file)], fetcher=_Nowhere(), clock=_Clock()))
    assert found
    for one in found:
        if not isinstance(one, Item):
            continue
        reports, gaps = report(one, _Clock().now())
        assert reports or gaps
        for made in reports:
            assert made.text.encode()
            for note in made.credits + made.repeats:
                assert made.text[slice(*note.span)] == note.text
            for moment in made.published:
                assert moment.start < moment.end
                assert moment.start == utc(moment.start)


@settings(max_examples=100, deadline=None)
@given(place=_TEXTS)
def test_any_place_gives_items_or_gaps(place: str) -> None:
    with suppress(OSError):  # a name too long
        assume(not Path(place.replace("\x00", "")).exists())
    assert list(take([place], fetcher=_Nowhere(), clock=_Clock()))


@settings(max_examples=200, deadline=None)
@given(data=_BYTES, declared=st.text(max_size=20))
def test_a_charset_is_always_one(data: bytes, declared: str) -> None:
    name, replaced = charset_of(data, declared)
    assert data.decode(name, "replace").count("\ufffd") >= replaced
    if not replaced:
        data.decode(name)


@settings(max_examples=200, deadline=None)
@given(text=st.text(min_size=1, max_size=300).filter(lambda t: "\x00" not in t and not t.startswith("\ufeff")))
def test_utf_8_is_always_recognised(text: str) -> None:
    assert charset_of(text.encode()) == ("utf-8", 0)


@given(body=_BYTES, encoding=st.sampled_from(["gzip", "deflate", "br", "gzip, deflate", "", ",,"]))
def test_no_body_grows_over_its_limit(body: bytes, encoding: str) -> None:
    try:
        assert len(inflate(body, encoding, 200)) <= 200
    except BodyError as error:
        assert error.cause in {"too-large", "truncated", "encoding"}


@given(address=st.text(max_size=40) | st.ip_addresses().map(str))
def test_any_address_is_judged(address: str) -> None:
    assert is_public(address) in (True, False)


@given(address=st.ip_addresses(v=4))
def test_an_address_wrapped_in_ipv6_is_judged_alike(address) -> None:  # type: ignore[no-untyped-def]
    assert is_public(f"::ffff:{address}") == is_public(str(address))
    assert is_public(f"64:ff9b::{address}") == is_public(str(address))
