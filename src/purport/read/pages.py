"""The article in an HTML page: its text by trafilatura, its date by htmldate, its own word on outlet and author.

Pure: the page in hand is all that is looked at, nothing is fetched.
"""

import logging
import re
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import msgspec

from purport.core.times import Moment
from purport.read.marks import is_boilerplate
from purport.read.published import MOMENT, moment_of

_CAPTION = 5  # words; shorter ones are labels
_FUTURE = "2099-12-31"  # a page's own mark-up is believed even when our clock lags behind it
# where a page writes the hour of its first publication: meta tags and JSON-LD, before other times on the page
_PUBLISHED = re.compile(
    r"(?:published_time|datePublished|pubdate|date\.issued)[^<>]{0,40}?[\"':=]\s*[\"']?", re.IGNORECASE
)
_END = re.compile(r"[.!?…。！？؟][\"'”’»)\]]*$")


class Page(msgspec.Struct, frozen=True):
    """What a page gives. `text` is the headline, an empty line, and one paragraph a line."""

    text: str
    title: str = ""
    byline: str = ""
    outlet: str = ""
    url: str = ""
    published: tuple[Moment, ...] = ()


def page_of(html: str, url: str, now: datetime) -> Page | None:
    """The article of a page; none where the page holds no article (menus only, an empty frame).

    `url` is where the page came from, "" if unknown. Raises whatever the page's mark-up makes the parsers raise.
    """
    trafilatura, find_date = _tools()
    # a declaration of an encoding contradicts text that is decoded already
    html = re.sub(r"^\s*<\?xml[^>]*\?>", "", html[:500]) + html[500:]
    if not re.search(r"<(?:html|body)[\s>]", html[:20_000], re.IGNORECASE):
        html = f"<html><body>{html}</body></html>"
    tree = trafilatura.load_html(html)
    if tree is None:
        return None
    _keep_captions(tree)
    found = trafilatura.bare_extraction(
        tree,
        url=url or None,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True, "max_date": _FUTURE},
    )
    if found is None:
        return None
    title = _line(found.title)
    lines = [line for raw in (found.text or "").splitlines() if (line := _line(raw))]
    if not any(_is_sentence(line) for line in lines if line != title):
        return None
    if title and _same(lines[0]) != _same(title):
        text = f"{title}\n\n" + "\n".join(lines)
    else:
        text = "\n\n".join(["\n".join(lines[:1]), "\n".join(lines[1:])]) if title else "\n".join(lines)
    day = found.date or find_date(
        tree, original_date=True, url=url or None, max_date=(now + timedelta(days=1)).strftime("%Y-%m-%d")
    )
    address = web_address(found.url or "") or url
    outlet = _line(found.sitename) or host_of(address)
    return Page(text.strip(), title, _line(found.author), outlet, address, _published(html, day or "", now))


def web_address(url: str) -> str:
    """The address if it is an http(s) one, else "": links on a page may be anything ("javascript:…")."""
    return url.strip() if re.match(r"https?://[^\s/]", url.strip(), re.IGNORECASE) else ""


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _published(html: str, day: str, now: datetime) -> tuple[Moment, ...]:
    """The day with its hour, when the page's mark-up names one of that day; the words are the mark-up's."""
    for label in _PUBLISHED.finditer(html):
        match = MOMENT.search(html, label.end(), label.end() + 80)
        if match and match[0].startswith(day) and match["hour"]:
            return moment_of(match[0], now)
    return moment_of(day, now)


def _line(raw: str | None) -> str:
    """One paragraph as it is stored: single spaces, without trafilatura's marks of lists and tables."""
    line = " ".join((raw or "").split())
    if line.startswith("|"):
        line = line.strip("| ")
    return line.removeprefix("- ").strip()


def _same(line: str) -> str:
    return re.sub(r"\W+", " ", line).strip().casefold()


def _is_sentence(line: str) -> bool:
    """Running prose, as opposed to the entries of a menu."""
    words = len(line.split())
    if is_boilerplate(line.casefold()):
        return False
    return (words >= 4 and bool(_END.search(line))) or words >= 15 or _is_unspaced(line, words)


def _is_unspaced(line: str, words: int) -> bool:
    """Prose of a script that puts no spaces between words."""
    return words < 4 and sum(c.isalpha() for c in line[:200]) > 30


def _keep_captions(tree: Any) -> None:
    """Make captions paragraphs after their figures, which trafilatura drops whole: they say whose footage it is."""
    for caption in list(tree.iter("figcaption")):
        words = " ".join(caption.itertext()).split()
        figure = next(caption.iterancestors("figure"), None)
        if len(words) < _CAPTION or figure is None or next(figure.iterancestors("a", "nav", "aside"), None) is not None:
            continue
        paragraph = tree.makeelement("p")
        paragraph.text = " ".join(words)
        figure.addnext(paragraph)
        # the text behind the figure follows its caption, and is not dropped with the figure
        paragraph.tail, figure.tail = figure.tail, None


@cache
def _tools() -> tuple[Any, Any]:
    """trafilatura and htmldate's find_date: a quarter of a second to import, so only once a page is met."""
    import trafilatura
    from htmldate import find_date

    for name in ("trafilatura", "htmldate", "courlan", "justext", "charset_normalizer"):
        logging.getLogger(name).addHandler(logging.NullHandler())  # a bad page is a gap, not a line on the screen
    return trafilatura, find_date
