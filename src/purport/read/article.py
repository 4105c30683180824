"""From an item (bytes with a capture) to a report (a text with what it says about itself). Pure: no I/O."""

import re
from datetime import datetime

import msgspec

from purport.core.ids import digest, make_id
from purport.core.records import Gap, Item, Report, gap
from purport.core.times import Moment
from purport.read.credits import credits_of
from purport.read.language import language_of
from purport.read.marks import marks_of, paragraphs_of
from purport.read.pages import Page, host_of, page_of, web_address
from purport.read.published import moment_of
from purport.read.top import top_of

_UNFIT = re.compile("[\x00\ud800-\udfff]")


def report(item: Item, now: datetime) -> tuple[tuple[Report, ...], tuple[Gap, ...]]:
    """The report in an item, none or one, and what could not be read or decided. Never raises for its content.

    Plain text and JSONL: the stored text is the input's, unchanged (NULs and half surrogate pairs, which no
    database keeps, become U+FFFD, one for one). HTML: headline, empty line, then one paragraph a line.
    Gaps: empty, no-article, not-english (the report is stored; the reader abstains), date-unclear.
    """
    place = item.capture.place
    text = _UNFIT.sub("\ufffd", _decode(item))
    if not text.strip():
        return (), (gap("article", place, "empty", "There is no text in it.", now),)
    if item.capture.media_type in ("text/html", "application/xhtml+xml"):
        page, why = _page(text, item, now)
        if page is None:
            detail = f"No article was found in the page{why}; save the article's text and read that."
            return (), (gap("article", place, "no-article", detail, now),)
    else:
        url = web_address(item.capture.url)
        page = Page(text, url=url, outlet=host_of(url))
    return _report(item, page, now)


def _report(item: Item, page: Page, now: datetime) -> tuple[tuple[Report, ...], tuple[Gap, ...]]:
    text = page.text
    gaps = []
    paragraphs = paragraphs_of(text)
    top = top_of(text, paragraphs)
    language = language_of(text)
    if language != "en":
        detail = f"The text seems to be in “{language}”; it is kept, but only English is read for claims."
        gaps.append(gap("article", item.capture.place, "not-english", detail, now))
    published, unclear = _when(item, page, top.published)
    if unclear:
        gaps.append(gap("article", item.capture.place, "date-unclear", unclear, now))
    text_digest = digest(text.encode())
    made = Report(
        make_id("report", item.capture.id, text_digest),
        item.capture.id,
        text,
        text_digest,
        title=item.title or page.title or top.title,
        byline=page.byline or top.byline,
        outlet=item.outlet or page.outlet,
        url=page.url,
        published=published,
        language=language,
        credits=credits_of(text, paragraphs),
        repeats=marks_of(text, paragraphs),
        input_id=item.input_id,
    )
    return (made,), tuple(gaps)


def _decode(item: Item) -> str:
    try:
        return item.data.decode(item.charset or "utf-8-sig", "replace")
    except (LookupError, ValueError):  # no such codec, or one that can't replace
        return item.data.decode("utf-8", "replace")


def _page(html: str, item: Item, now: datetime) -> tuple[Page | None, str]:
    try:
        page = page_of(html, web_address(item.capture.url), now)
    except Exception as error:  # parsers raise what broken mark-up makes them raise; the batch goes on
        return None, f" (its mark-up can't be parsed: {type(error).__name__})"
    if page is None:
        return None, " (menus or links only, or drawn by a script)"
    return msgspec.structs.replace(page, text=_UNFIT.sub("\ufffd", page.text)), ""


def _when(item: Item, page: Page, top: tuple[Moment, ...]) -> tuple[tuple[Moment, ...], str]:
    """The container's word first, then the page's mark-up, then the text's; a sentence when it can't be told."""
    if item.published:
        if found := moment_of(item.published, item.capture.taken):
            return found, ""
        said = item.published[:60]
        return page.published or top, f"“{said}” could mean several days or none; write it as in 2031-04-03."
    return page.published or top, ""
