"""A page that came with other bytes than last time: is it gone in truth, the same in its words, or changed?"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from purport.collect.absent import absent, shown
from purport.collect.items import read_charset
from purport.core.absence import Absence, Answered
from purport.core.records import Capture, Gap, Item, Report, gap
from purport.read import article
from purport.read.published import moment_of

FELL = 5  # so many times less text than before is worth a gap
ENOUGH = 500  # characters of text before, for that


def page_item(capture: Capture, body: bytes, declared: str, at: datetime) -> tuple[Item, list[Gap]]:
    """A page as it is to be read, and what of it can't be decoded."""
    charset, gaps = read_charset(body, capture.media_type, declared, capture.place, at)
    return Item(capture, body, charset), gaps


def gone(item: Item, status: int, asked: str, before: Report) -> tuple[Absence, ...]:
    """Why the page counts as gone although something came, none or one."""
    title, text = shown(item.data.decode(item.charset or "utf-8", "replace"))
    answered = Answered(
        status=status, asked=asked, final=item.capture.url, title=title, text=text, before=before.text
    )  # fmt: skip
    return absent(answered)


def same_words(item: Item, before: Report, at: datetime) -> bool:
    """Is the article in it, word for word, what it was?"""
    found, _ = article.report(item, at)
    return bool(found) and found[0].text_digest == before.text_digest


def fell(reports: tuple[Report, ...], before: Report, url: str, at: datetime) -> Iterator[Gap]:
    """A gap if there is so much less text than before that the page is likely to be laid out in another way now."""
    was, now = len(before.text), sum(len(one.text) for one in reports)
    if was >= ENOUGH and now * FELL < was:
        detail = (
            f"Text extraction fell from {was:,} to {now:,} characters. The page is kept: open it and see whether the "
            "article is shorter, behind a wall, or laid out in a new way."
        )
        yield gap("watch", url, "text-fell", detail, at)


def dated(report: Report, published: str, taken: datetime) -> Report:
    """A report whose page states no date gets the one that its source listed it with."""
    if report.published or not published:
        return report
    return msgspec.structs.replace(report, published=moment_of(published, taken))
