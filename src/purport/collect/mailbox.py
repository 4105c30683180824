"""Newsletters: a single message (.eml, a file of a Maildir) or an mbox of many.

What is read is the message's own text. Its readers' addresses (To, Cc, Delivered-To …) are taken out of it and kept
nowhere; nothing that it points at, such as a tracking pixel, is fetched.
"""

import base64
import re
from collections.abc import Iterator
from datetime import datetime
from email import errors, message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from html import escape
from typing import BinaryIO, cast

from purport.collect import limits
from purport.collect.items import item, read_charset, whole
from purport.collect.messages import one_message, split_mailbox
from purport.core.ports import Clock
from purport.core.records import Gap, Item, gap

_FIELD = 4000  # characters of one header field; parsing long ones takes more than their length
_READERS = re.compile(
    r"(?:to|cc|bcc|delivered-to|envelope-to|resent-to|x-(?:original|envelope|forwarded|rcpt|delivered)-to)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}\.\w{2,63}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]{20,}[^\s]{0,4}\s*")
_LAYOUT = re.compile(r"<(/?)(?:table|tbody|thead|tfoot|tr|td|th|center)(?=[\s/>])", re.IGNORECASE)
_CUT = (errors.CloseBoundaryNotFoundDefect, errors.StartBoundaryNotFoundDefect)
_RECIPIENT = "(recipient)"


class _Policy(EmailPolicy):
    """The standard library's modern reading, with header fields of bounded length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_FIELD]


_POLICY = _Policy()


def take_mailbox(stream: BinaryIO, place: str, clock: Clock) -> Iterator[Item | Gap]:
    """An item for each message of an mbox, at `place#message=N` from 1. Holds one message in memory.

    Raises EOFError, zlib.error or OSError from the stream.
    """
    for number, (data, cut) in enumerate(split_mailbox(stream), start=1):
        yield from _take(data, cut, f"{place}#message={number}", clock.now())


def take_message(stream: BinaryIO, place: str, clock: Clock) -> Iterator[Item | Gap]:
    """The item of a single message."""
    yield from _take(*one_message(stream), place, clock.now())


def _take(data: bytes, cut: bool, place: str, now: datetime) -> Iterator[Item | Gap]:
    if cut:
        detail = f"The message has more than {limits.said(limits.MESSAGE)} of text; what stands before that was read."
        yield gap("collect", place, "too-large", detail, now)
    try:
        message = cast(EmailMessage, message_from_bytes(data, policy=_POLICY))
        yield from _read(message, place, now, cut)
    except Exception as error:  # email raises what broken messages make it raise
        detail = f"The message can't be read ({type(error).__name__}); save its text and read that."
        yield gap("collect", place, "broken-message", detail, now)


def _read(message: EmailMessage, place: str, now: datetime, cut: bool) -> Iterator[Item | Gap]:
    if message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"):
        detail = "The message is encrypted; open it in a mail program and save its text."
        yield gap("collect", place, "encrypted", detail, now)
        return
    part, html = _body(message)
    broken = any(isinstance(defect, _CUT) for one in message.walk() for defect in one.defects)
    if broken and not cut:
        detail = "The message ends before its last part does; what there is of it was read. Fetch or export it again."
        yield gap("collect", place, "truncated", detail, now)
    if attached := _attached(message):
        more = f" and {len(attached) - 5} more" if len(attached) > 5 else ""
        detail = (
            f"Attached and not read: {', '.join(attached[:5])}{more}. Save them; purport footage add takes media in."
        )
        yield gap("collect", place, "attachment", whole(detail), now)
    data = b"" if part is None else _bytes(part)
    if part is None or not data.strip():
        yield gap("collect", place, "empty", "There is no text in the message.", now)
        return
    media_type = "text/html" if html else "text/plain"
    charset, gaps = read_charset(data, media_type, part.get_content_charset("") or "", place, now)
    yield from gaps
    text = _without(whole(data.decode(charset, "replace")).lstrip("\ufeff"), _readers(message))
    if html:
        text = _as_page(text, _field(message, "subject"))
    else:
        text = unwrapped(text, flowed="flowed" in str(part.get("content-type", "")).lower())
    outlet, address = _from(message)
    yield item(
        text.encode(),
        place,
        "mail",
        now,
        media_type=media_type,
        url=_archived_at(message),
        charset="utf-8",
        title=_field(message, "subject"),
        published=_field(message, "date"),
        outlet=outlet or address.rpartition("@")[2],
    )


def _body(message: EmailMessage) -> tuple[EmailMessage | None, bool]:
    """The part to read, and whether it is HTML: that, unless there is far more to read in the plain text."""
    html = _part(message, "html")
    plain = _part(message, "plain")
    if html is None or plain is None:
        return (html, True) if html is not None else (plain, False)
    seen = len(re.sub(rb"<[^<>]*>|\s", b"", _bytes(html)))
    return (plain, False) if 3 * seen < len(re.sub(rb"\s", b"", _bytes(plain))) else (html, True)


def _part(message: EmailMessage, kind: str) -> EmailMessage | None:
    try:
        found = message.get_body((kind,))
    except Exception:  # a multipart without parts, and the like: look at all that there is
        found = None
    if found is None:
        found = next((one for one in message.walk() if one.get_content_type() == f"text/{kind}"), None)
    return found if isinstance(found, EmailMessage) and not found.is_attachment() else None


def _bytes(part: EmailMessage) -> bytes:
    """The part's bytes, without its transfer encoding, as far as that can be undone."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return b""
    if str(part.get("content-transfer-encoding", "")).strip().lower() == "base64" and _BASE64.fullmatch(data):
        data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)  # it came back as it was: cut off or damaged
        return base64.b64decode(data[: len(data) // 4 * 4])
    return data


def _attached(message: EmailMessage) -> list[str]:
    """Names (or types) of what hangs on the message; pictures within its text are none of it."""
    found = []
    for part in message.walk():
        kind = part.get_content_type()
        if not part.is_multipart() and (part.is_attachment() or kind.partition("/")[0] in ("video", "audio")):
            found.append((" ".join((part.get_filename("") or "").split()) or kind)[:80])
    return found


def _field(message: EmailMessage, name: str) -> str:
    try:
        return whole(" ".join(str(message.get(name, "")).split()))
    except Exception:  # what can't be parsed is taken as it stands
        found = [value for key, value in message.raw_items() if key.lower() == name]
        return whole(" ".join(str(found[0]).split())) if found else ""


def _from(message: EmailMessage) -> tuple[str, str]:
    """The sender's name and address."""
    try:
        name, address = parseaddr(_field(message, "from"))
    except RecursionError:  # thousands of brackets
        name, address = "", ""
    return " ".join(name.split()), address if "@" in address else ""


def _archived_at(message: EmailMessage) -> str:
    """Where the sender says that the message can be read on the web (RFC 5064)."""
    found = re.match(r"<?(https?://[^\s<>]+)>?", _field(message, "archived-at"), re.IGNORECASE)
    return found[1] if found else ""


def _as_page(text: str, subject: str) -> str:
    """The HTML with its subject for a headline, and the tables that mail is laid out with opened into paragraphs."""
    text = _LAYOUT.sub(r"<\1div", text)
    return text if re.search(r"<title[\s>]", text, re.IGNORECASE) else f"<title>{escape(subject)}</title>{text}"


def _readers(message: EmailMessage) -> set[str]:
    """The addresses that the message was sent to; its sender's own are not among them."""
    found = set[str]()
    for name, value in message.raw_items():
        if _READERS.fullmatch(name):
            found.update(address.lower() for address in _ADDRESS.findall(str(value)))
    return found - {_from(message)[1].lower()}


def _without(text: str, addresses: set[str]) -> str:
    """The text without its readers' addresses, as they are written or as links spell them."""
    for address in sorted(addresses):
        for form in (address, address.replace("@", "%40"), address.replace("@", "=")):
            text = re.sub(re.escape(form), _RECIPIENT, text, flags=re.IGNORECASE)
    return text


def unwrapped(text: str, flowed: bool = False) -> str:
    """Paragraphs on one line each, where the lines were broken for a screen of 80 columns."""
    text = text.replace("\r\n", "\n")
    if flowed:  # RFC 3676: a space before the line's end says that it goes on
        return re.sub(r"(?m)(?<!^--) \n(?!>)", " ", text)
    return "\n\n".join(_paragraph(one) for one in re.split(r"\n[ \t]*\n", text))


def _paragraph(text: str) -> str:
    lines = text.split("\n")
    wrapped = len(lines) > 1 and all(45 <= len(line) <= 80 for line in lines[:-1])
    if not wrapped or any(re.match(r"\s*([>*•|-]|\d+[.)]\s)", line) for line in lines):
        return text
    return " ".join(line.strip() for line in lines)
