"""Newsletters: single messages, mailboxes, Maildirs; whatever is wrong with one, the next is read."""

import base64
import gzip
import io
from email.message import EmailMessage
from pathlib import Path

import pytest
from input_samples import NOW, causes, taken, text_of

from purport.collect import limits
from purport.collect.mailbox import unwrapped
from purport.collect.messages import one_message
from purport.read.article import report

STORY = "The harbour master of Kest said on Tuesday that the breakwater had cracked in two places."
PAGE = (
    "<html><body><table><tr><td><h1>Harbour closed</h1></td></tr>"
    f"<tr><td><p>{STORY}</p><p>The ministry denied that it had known of the survey.</p></td></tr>"
    '<tr><td>Sent to <a href="https://t.example/u?to=ada%40reader.example">Ada@reader.example</a></td></tr></table>'
    '<img src="https://t.example/pixel.gif?u=ada%40reader.example"></body></html>'
)


def message(number: int = 1, html: str = PAGE, plain: str = "Open this letter in your browser.") -> EmailMessage:
    """A letter of an invented outlet to an invented reader, with both kinds of text."""
    made = EmailMessage()
    made["Received"] = "by mx.reader.example; Thu, 13 Mar 2031 08:00:00 +0000"
    made["Delivered-To"] = "ada@reader.example"
    made["From"] = '"Kest Weekly" <letters@kest.example>'
    made["To"] = "Ada Vell <ada@reader.example>, letters@kest.example"
    made["Cc"] = "bo@reader.example"
    made["Subject"] = f"Harbour closed, letter {number}"
    made["Date"] = "Thu, 13 Mar 2031 08:00:00 +0100"
    made["Message-ID"] = f"<{number}@kest.example>"
    made["Archived-At"] = f"<https://kest.example/letters/{number}>"
    made.set_content(plain)
    if html:
        made.add_alternative(html, subtype="html")
    return made


def mbox(*messages: EmailMessage | bytes) -> bytes:
    """A mailbox as mail programs write one."""
    out = b""
    for one in messages:
        data = one if isinstance(one, bytes) else one.as_bytes()
        out += b"From letters@kest.example Thu Mar 13 08:00:00 2031\n" + data + b"\n"
    return out


def test_a_message_is_a_report_of_its_sender(tmp_path: Path) -> None:
    (tmp_path / "letter.eml").write_bytes(message().as_bytes())
    (item,), gaps = taken(tmp_path / "letter.eml")
    assert not gaps
    assert (item.capture.kind, item.capture.url) == ("mail", "https://kest.example/letters/1")
    (made,), faults = report(item, NOW)
    assert not faults
    assert (made.outlet, made.title) == ("Kest Weekly", "Harbour closed, letter 1")
    assert made.published[0].start.isoformat() == "2031-03-13T07:00:00+00:00"
    assert STORY in made.text.splitlines()  # tables of the layout don't glue paragraphs together


def test_readers_are_kept_nowhere_and_senders_are(tmp_path: Path) -> None:
    (tmp_path / "letter.eml").write_bytes(message().as_bytes())
    (item,), _ = taken(tmp_path / "letter.eml")
    kept = repr(item).lower()
    assert "reader.example" not in kept
    assert "ada" not in kept
    assert "(recipient)" in text_of(item)
    plain = message(html="", plain="Write to letters@kest.example. This was sent to ada@reader.example.")
    (tmp_path / "plain.eml").write_bytes(plain.as_bytes())
    (item,), _ = taken(tmp_path / "plain.eml")
    assert text_of(item).strip() == "Write to letters@kest.example. This was sent to (recipient)."


def test_a_mailbox_is_as_many_reports_and_known_by_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "Inbox").write_bytes(mbox(message(1), message(2), message(3)))
    items, gaps = taken(tmp_path / "Inbox")
    assert not gaps
    assert [i.title[-1] for i in items] == ["1", "2", "3"]
    assert [i.capture.place.rpartition("#")[2] for i in items] == ["message=1", "message=2", "message=3"]
    (tmp_path / "a.mbox.gz").write_bytes(gzip.compress(mbox(message(1), message(2))))
    assert len(taken(tmp_path / "a.mbox.gz")[0]) == 2
    assert len(taken("-", stdin=mbox(message(1), message(2)))[0]) == 2


def test_a_line_that_begins_with_from_is_no_message(tmp_path: Path) -> None:
    body = "The river rose.\n>From the bridge to the mill, the road is closed, the mayor said.\nFrom there it is open."
    (tmp_path / "a.mbox").write_bytes(mbox(message(html="", plain=body), message(2)))
    items, _ = taken(tmp_path / "a.mbox")
    assert len(items) == 2
    assert "\nFrom the bridge" in text_of(items[0])
    (tmp_path / "a.txt").write_text("From the bridge to the mill, the road is closed, the mayor said.")
    (item,), _ = taken(tmp_path / "a.txt")
    assert item.capture.kind == "file"


def test_a_maildir_is_its_messages(tmp_path: Path) -> None:
    for name in ("cur", "new", "tmp"):
        (tmp_path / "Mail" / name).mkdir(parents=True)
    (tmp_path / "Mail" / "cur" / "1931.M1.host:2,S").write_bytes(message(1).as_bytes())
    (tmp_path / "Mail" / "new" / "1932.M1.host").write_bytes(message(2).as_bytes())
    (tmp_path / "Mail" / "tmp" / "1933.M1.host").write_bytes(message(3).as_bytes()[:100])  # being delivered
    items, gaps = taken(tmp_path / "Mail")
    assert [i.title[-1] for i in items] == ["1", "2"]
    assert causes(gaps) == ["not-read"]


@pytest.mark.parametrize(
    ("charset", "words"), [("utf-8", "Kešt"), ("windows-1251", "Кест"), ("shift_jis", "港"), ("iso-8859-1", "Kést")]
)
@pytest.mark.parametrize("coding", ["base64", "quoted-printable"])
def test_encodings_are_opened(tmp_path: Path, charset: str, words: str, coding: str) -> None:
    made = message(html="")
    made.replace_header("Subject", f"{words} closes")
    made.set_content(f"{words} said that it closes.", charset=charset, cte=coding)
    (tmp_path / "a.eml").write_bytes(made.as_bytes())
    (item,), gaps = taken(tmp_path / "a.eml")
    assert not gaps
    assert text_of(item).strip() == f"{words} said that it closes."
    assert item.title == f"{words} closes"


def test_an_encoding_that_is_not_what_it_says(tmp_path: Path) -> None:
    data = message(html="", plain="closed").as_bytes().replace(b'charset="utf-8"', b'charset="x-none"')
    (tmp_path / "a.eml").write_bytes(data.replace(b"\nclosed", "\nCafé closed".encode("cp1252")))
    (item,), _ = taken(tmp_path / "a.eml")
    assert text_of(item).strip() == "Café closed"


def test_what_hangs_on_a_message_is_told(tmp_path: Path) -> None:
    made = message()
    made.add_attachment(b"\x00\x01", maintype="video", subtype="mp4", filename="clip.mp4")
    made.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="survey.pdf")
    (tmp_path / "a.eml").write_bytes(made.as_bytes())
    (_,), gaps = taken(tmp_path / "a.eml")
    assert causes(gaps) == ["attachment"]
    assert "clip.mp4, survey.pdf" in gaps[0].detail


def test_text_is_read_where_the_html_says_nothing(tmp_path: Path) -> None:
    empty = '<html><body><a href="https://kest.example/letters/1">Open</a></body></html>'
    (tmp_path / "a.eml").write_bytes(message(html=empty, plain=STORY * 3).as_bytes())
    (item,), _ = taken(tmp_path / "a.eml")
    assert item.capture.media_type == "text/plain"
    (tmp_path / "a.eml").write_bytes(message().as_bytes())
    assert taken(tmp_path / "a.eml")[0][0].capture.media_type == "text/html"


def test_what_can_t_be_read_is_a_gap_and_the_next_message_is_read(tmp_path: Path) -> None:
    nothing = message(html="", plain="")
    locked = (
        b"From: a@kest.example\nMIME-Version: 1.0\nContent-Type: multipart/encrypted; boundary=x\n\n--x\n\nz\n--x--\n"
    )
    deep = b"From: a@kest.example\nMIME-Version: 1.0\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)
    )
    (tmp_path / "a.mbox").write_bytes(mbox(nothing, locked, deep, message(4)))
    items, gaps = taken(tmp_path / "a.mbox")
    assert [i.title[-1] for i in items] == ["4"]
    found = {g.subject.rpartition("=")[2]: g.cause for g in gaps}
    assert (found["1"], found["2"]) == ("empty", "encrypted")
    assert found["3"] in {"broken-message", "empty", "truncated"}


def test_a_message_without_end_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MESSAGE", 20_000)
    made = message(html="", plain=STORY + "\n\n" + "He went on. " * 3_000)
    (tmp_path / "a.mbox").write_bytes(mbox(made, message(2)))
    items, gaps = taken(tmp_path / "a.mbox")
    assert [len(text_of(i)) > 10_000 for i in items] == [True, False]
    assert causes(gaps) == ["too-large"]
    (tmp_path / "a.eml").write_bytes(made.as_bytes())
    items, gaps = taken(tmp_path / "a.eml")
    assert (len(items), causes(gaps)) == (1, ["too-large"])


def test_the_bytes_of_what_is_attached_are_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters with large films are read by programs with little memory."""
    monkeypatch.setattr(limits, "MESSAGE", 20_000)
    inner = message(7, html="", plain="An inner letter.")
    made = message(plain=STORY)
    for name in ("a.mp4", "b.mp4"):
        made.add_attachment(bytes(200_000), maintype="video", subtype="mp4", filename=name)
    made.add_attachment(inner)
    made.add_attachment("Words of a file.\n", filename="c.txt")
    data, cut = one_message(io.BytesIO(made.as_bytes()))
    assert not cut
    assert len(data) < 10_000
    assert b"An inner letter." in data
    assert b"Words of a file." in data
    (tmp_path / "a.eml").write_bytes(made.as_bytes())
    (item,), gaps = taken(tmp_path / "a.eml")
    assert STORY in text_of(item)
    assert causes(gaps) == ["attachment"]
    assert "a.mp4, b.mp4" in gaps[0].detail


def test_words_that_look_like_a_part_are_words(tmp_path: Path) -> None:
    body = f"{STORY}\n\n--\nContent-Type: image/png\n\nThis, too, the mayor said."
    (tmp_path / "a.eml").write_bytes(message(html="", plain=body).as_bytes())
    (item,), _ = taken(tmp_path / "a.eml")
    assert text_of(item).strip() == body


def test_long_fields_are_cut_and_not_pondered(tmp_path: Path) -> None:
    made = message(html="", plain=STORY).as_bytes()
    hostile = (
        b"From: "
        + b"(" * 500_000
        + b"\nMIME-Version: 1.0\nSubject: "
        + b"=?utf-8?q?a?= " * 50_000
        + b"\n\n"
        + b"Word.\n"
    )
    (tmp_path / "a.mbox").write_bytes(mbox(hostile, made))
    items, _ = taken(tmp_path / "a.mbox")
    assert text_of(items[-1]).strip() == STORY


@pytest.mark.parametrize("part", range(20))
def test_a_mailbox_cut_off_anywhere_gives_what_is_whole(tmp_path: Path, part: int) -> None:
    """The only cuts that can't be noticed are those between two messages."""
    data = mbox(*(message(n) for n in range(1, 6)))
    whole = [len(mbox(*(message(n) for n in range(1, k)))) for k in range(1, 7)]
    cut = len(data) * part // 20
    (tmp_path / "a.mbox").write_bytes(data[:cut])
    items, gaps = taken(tmp_path / "a.mbox")
    assert len(items) >= sum(at <= cut for at in whole) - 1
    assert gaps or any(at - 2 <= cut <= at for at in whole)


def test_broken_base64_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    made = message(html="", plain="x").as_bytes().partition(b"\n\n")[0]
    made = made.replace(b"7bit", b"base64") + b"\n\n" + base64.b64encode(STORY.encode())[:-3] + b"*\n"
    (tmp_path / "a.eml").write_bytes(made)
    (item,), _ = taken(tmp_path / "a.eml")
    assert text_of(item).startswith("The harbour master of Kest")


def test_lines_broken_for_a_screen_are_joined_and_lists_are_not() -> None:
    text = "The harbour master of Kest said on Tuesday that\nthe breakwater had cracked.\n\nShort\nlines\n"
    assert unwrapped(text) == (
        "The harbour master of Kest said on Tuesday that the breakwater had cracked.\n\nShort\nlines\n"
    )
    flowed = "He said \nthat it \nbroke.\n> quoted \n> lines\n-- \nKest"
    assert unwrapped(flowed, flowed=True) == "He said that it broke.\n> quoted \n> lines\n-- \nKest"
    points = "- The harbour master of Kest said on Tuesday that it had cracked.\n- The mayor denied it."
    assert unwrapped(points) == points
