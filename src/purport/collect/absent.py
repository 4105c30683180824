"""Notices that a page is gone, also where the server does not say so: a soft 404.

The status counts first. A page that comes with 200 is gone only if what stood there before does not stand there now,
and if it says so itself in a few words, or leads to the front page, or is the same as other missing pages, or is as
good as empty. An article *about* missing pages says more than that, and its sentences stand in running text.
Pure: what is asked about is all that is looked at.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from lxml import etree, html  # type: ignore[import-untyped]

from purport.core.absence import Absence, Answered
from purport.core.ids import digest

STATUSES = {
    404: "The server answers 404: there is no such page.",
    410: "The server answers 410: the page was taken down.",
    451: "The server answers 451: the page is withheld for legal reasons.",
}
STILL = 0.5  # share of its former words from which a page still holds what it held
SHORT = 90  # words; a page that says that it is gone says little else
TOP = 4  # lines of the page in which it says so
EMPTY = 12  # words; as good as none …
FULL = 60  # … where there were so many before

_LEFT_OUT = ("script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg", "title")
_BLOCKS = frozenset(("p", "div", "h1", "h2", "h3", "h4", "li", "br", "section", "article", "main", "td", "blockquote"))
_FRONT = re.compile(r"/?(?:(?:index|home|default|main)(?:\.\w{2,5})?/?)?", re.IGNORECASE)
_LANGUAGE = re.compile(r"/[a-z]{2}(?:-[a-z]{2})?(?=/|$)", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?…。！？؟|\n]+")
_TITLE = re.compile(r"\s+[-–—|·:»•]\s+|\||: ")
_QUOTED = ("“", '"', "«", "„", "「", "‘")
_ENDS = " \t\r\n\u00a0.,;:!?…。，、！？؟،*()[]{}—–-"
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def absent(answered: Answered, missing: Collection[str] = ()) -> tuple[Absence, ...]:
    """Why a page counts as gone, none or one. `missing`: `likeness` of pages known to be missing at the same host."""
    if answered.status in STATUSES:
        return (Absence(f"http-{answered.status}", STATUSES[answered.status]),)
    if not 200 <= answered.status < 300 or _still_there(answered):
        return ()
    for rule in (_says_so, _same_as_missing, _front_page, _emptied):
        if found := tuple(rule(answered, missing)):
            return found
    return ()


def likeness(answered: Answered) -> str:
    """What two pages have in common that say the same: addresses and numbers in them do not count."""
    words = re.sub(r"https?://\S+|\S*/\S*|\d+", " ", f"{answered.title}\n{answered.text}").casefold().split()
    return digest(" ".join(words).encode("utf-8", "replace")) if words else ""


def shown(page: str) -> tuple[str, str]:
    """The title of a page of HTML and what it shows, a line a block, without menus; both empty for no page at all."""
    try:
        tree = html.document_fromstring(page) if page.strip() else None
    except (etree.ParserError, ValueError):
        return "", ""
    if tree is None:
        return "", ""
    title = " ".join((tree.findtext(".//title") or "").split())
    etree.strip_elements(tree, *_LEFT_OUT, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    for element in tree.iter():
        if element.tag in _BLOCKS:
            element.text = "\n" + (element.text or "")
            element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in tree.text_content().splitlines())
    return title, "\n".join(line for line in lines if line)


def _still_there(answered: Answered) -> bool:
    """Does the page hold what it held?"""
    before = Counter(_words(answered.before))
    kept = (before & Counter(_words(answered.text))).total()
    return bool(before) and kept >= STILL * before.total()


def _words(text: str) -> list[str]:
    """In scripts without spaces, its signs."""
    return re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+", text.casefold())


def _size(text: str) -> float:
    """Words; of a script without spaces two signs are taken for one."""
    signs = len(_UNSPACED.findall(text))
    return len(re.findall(r"\w+", _UNSPACED.sub(" ", text))) + signs / 2


def _says_so(answered: Answered, missing: Collection[str]) -> Iterator[Absence]:
    if _size(answered.text) > SHORT:
        return
    titles = _TITLE.split(answered.title)
    top = answered.text.splitlines()[:TOP]
    for part in (*titles, *(part for line in top for part in (line, *_SENTENCE.findall(line)))):
        if language := _says(part):
            words = " ".join(part.split()).strip(" .")
            yield Absence(
                "says-so", f"The page comes with {answered.status}, but says that it is gone ({language}).", words
            )
            return


def _says(part: str) -> str:
    """The language in which a sentence or a part of a title says that a page is gone; empty if it doesn't."""
    said = " ".join(part.casefold().replace("'", "’").split()).strip(_ENDS)
    if part.strip().startswith(_QUOTED) or len(said) > 200:
        return ""
    return next((language for language, pattern in phrases().items() if pattern.fullmatch(said)), "")


@cache
def phrases() -> dict[str, re.Pattern[str]]:
    """What a page says when it is gone, by language, from `absent.toml`."""
    read = tomllib.loads((resources.files("purport.collect") / "absent.toml").read_text("utf-8"))

    def either(words: list[str]) -> str:
        return "(?:" + "|".join(words) + ")"

    def pattern(table: dict[str, list[str]]) -> re.Pattern[str]:
        filled = [
            one.replace("{thing}", either(table["thing"])).replace("{gone}", either(table["gone"]))
            for one in table["patterns"]
        ]
        return re.compile(f"(?:{either(table['opening'])}[\\s,.:!;،，。！-]*)*{either(filled)}", re.IGNORECASE)

    return {language: pattern(table) for language, table in read.items()}


def _same_as_missing(answered: Answered, missing: Collection[str]) -> Iterator[Absence]:
    mine = likeness(answered)
    if mine and mine in missing:
        first = next((line for line in answered.text.splitlines() if line), answered.title)
        yield Absence("same-as-missing", "The page shows what this host shows for pages that don't exist.", first[:200])


def _front_page(answered: Answered, missing: Collection[str]) -> Iterator[Absence]:
    """Led to the front page, or to a section that the page lay in."""
    try:
        asked, final = urlsplit(answered.asked), urlsplit(answered.final or answered.asked)
    except ValueError:
        return
    there, here = _LANGUAGE.sub("", final.path, count=1), _LANGUAGE.sub("", asked.path, count=1)
    if final.query or _bare(asked.hostname) != _bare(final.hostname) or there.rstrip("/") == here.rstrip("/"):
        return
    if _FRONT.fullmatch(there) and not _FRONT.fullmatch(here):
        yield Absence("front-page", f"The address leads to the front page now: {answered.final}")
    elif answered.before and here.startswith(there.rstrip("/") + "/"):
        yield Absence("front-page", f"The address leads to the section it lay in now: {answered.final}")


def _bare(host: str | None) -> str:
    return re.sub(r"^(?:www|m)\.", "", (host or "").lower())


def _emptied(answered: Answered, missing: Collection[str]) -> Iterator[Absence]:
    before, now = _size(answered.before), _size(answered.text)
    if before >= FULL and now < EMPTY:
        sizes = f"The page shows {now:.0f} words where {before:.0f} stood"
        yield Absence("emptied", f"{sizes}; a fault can't be told from a removal.", answered.text[:200])
