"""Whatever stands in what is imported: items and gaps come out, never an exception, and nothing is silent."""

import io
import tempfile
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purport.collect import take
from purport.collect.archived import NotArchivedError, from_json, from_page, from_table
from purport.collect.bookmarks import bookmarks
from purport.collect.mailbox import take_mailbox, take_message, unwrapped
from purport.collect.paths import below
from purport.collect.tags import tags
from purport.collect.wacz import take_wacz
from purport.collect.zips import salvaged
from purport.core.errors import FetchError
from purport.core.ports import Page

_ANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_TEXTS = st.text(alphabet=st.characters(exclude_categories=[]), max_size=200)
_BYTES = st.binary(max_size=400) | _TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))

_MESSAGE = (
    b"From a@kest.example Thu Mar 13 08:00:00 2031\nFrom: Kest <a@kest.example>\nTo: b@reader.example\n"
    b"MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n\n"
    b"--x\nContent-Type: text/html\n\n<p>Closed.</p>\n"
    b"--x--\n\n"
)
_SHEET = b"Link,Archive status,Text content\r\nhttps://kest.example/1,success,The mayor denied it.\r\n"
_CSV = b"status,metadata,media\r\nsuccess,\"{'url': 'https://kest.example/1', 'content': 'Denied.'}\",[]\r\n"
_JSON = b'{"status": "success", "metadata": {"url": "https://kest.example/1", "content": "Denied."}, "media": []}'
_PAGE = (
    b'<html><h2>Archived media for <span class="copy">https://kest.example/1</span></h2>'
    b'<table class="metadata"><tr><td>content</td><td>Denied.</td></tr></table></html>'
)
_MARKS = b'<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><A HREF="https://kest.example/">Kest</A>\n</DL><p>'
_NAMES = ["a.mbox", "a.eml", "a.csv", "a.tsv", "a.json", "a.html", "a.wacz", "a.zip", "a", "a.txt"]


def _package() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("archive/a.warc", b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n")
        made.writestr("pages/pages.jsonl", b'{"url": "https://kest.example/"}\n')
        made.writestr("datapackage.json", b'{"resources": [{"path": "archive/a.warc", "hash": "sha256:0"}]}')
    return out.getvalue()


_WHOLE = [_MESSAGE, _SHEET, _CSV, _JSON, _PAGE, _MARKS, _package()]


@st.composite
def harmed(draw: st.DrawFn) -> bytes:
    """Something good with a piece cut out of it and anything in its place."""
    data = draw(st.sampled_from(_WHOLE))
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 40)))
    return data[:start] + draw(_BYTES) + data[end:]


class _Clock:
    def now(self) -> datetime:
        return datetime(2031, 3, 13, tzinfo=UTC)


class _Nowhere:
    def fetch(self, url: str) -> Page:
        raise FetchError("no network here")


@_ANY
@given(data=harmed(), name=st.sampled_from(_NAMES), follow=st.booleans())
def test_what_is_harmed_anywhere_gives_items_or_gaps(data: bytes, name: str, follow: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(data)
        assert list(take([str(file)], fetcher=_Nowhere(), clock=_Clock(), follow=follow))
        assert [path.name for path in Path(folder).iterdir()] == [name]


@_ANY
@given(data=_BYTES | harmed())
def test_any_bytes_are_mail(data: bytes) -> None:
    assert list(take_message(io.BytesIO(data), "x", _Clock()))
    assert bool(list(take_mailbox(io.BytesIO(data), "x", _Clock()))) == bool(data)


@_ANY
@given(data=_BYTES | harmed())
def test_any_bytes_are_a_package_or_none(data: bytes) -> None:
    assert list(take_wacz(io.BytesIO(data), "x", _Clock()))
    for member in salvaged(io.BytesIO(data)):
        member.open().read()


@_ANY
@given(data=_BYTES | harmed())
def test_any_bytes_are_records_or_none(data: bytes) -> None:
    list(from_table(io.BytesIO(data)))
    for form in (from_json, from_page):
        try:
            assert form(data).url
        except NotArchivedError as error:
            assert str(error)


@_ANY
@given(data=_BYTES | harmed())
def test_any_bytes_are_bookmarks_or_none(data: bytes) -> None:
    for one in bookmarks(data).found:
        assert one.url.lower().startswith(("http://", "https://"))


@_ANY
@given(text=_TEXTS)
def test_any_text_has_tags_or_none(text: str) -> None:
    assert len(list(tags(text))) <= text.count("<")
    assert len(unwrapped(text)) <= len(text)
    below(Path("/nowhere"), text)


@settings(max_examples=60, deadline=None)
@given(user=st.from_regex(r"[a-z][a-z0-9._+-]{1,12}", fullmatch=True), words=st.text(max_size=60))
def test_no_reader_s_address_is_kept(user: str, words: str) -> None:
    made = EmailMessage()
    address = f"{user}@reader.example"
    made["From"] = "Kest <a@kest.example>"
    made["To"] = address
    made.set_content(
        f"{words} {address} {words} {address.upper()} https://t.example/?u={address.replace('@', '%40')} ."
    )
    (item, *_) = take_message(io.BytesIO(made.as_bytes()), "x", _Clock())
    assert "reader.example" not in repr(item).lower()
