"""A kept brief as a PDF, set in fonts of our own (`fonts/`): Latin, Greek, Cyrillic, Arabic and Hebrew.

What has a sign that no font at hand can draw is refused, by the sign and where it stands: nothing becomes a box.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from purport.brief import folio
from purport.brief.folio import Fonts, Shown, Source
from purport.brief.words import inert
from purport.core.errors import EvidenceError, UsageError

if TYPE_CHECKING:
    from fpdf import FPDF

OURS = ("serif-regular.ttf", "serif-bold.ttf", "arabic.ttf", "hebrew.ttf")
INK, QUIET, RULE = 30, 95, 190  # of 255
_UNSEEN = frozenset("\u200c\u200d\u00ad\ufe0e\ufe0f")  # what has no shape of its own


def render(made: Shown, fonts: Fonts = ()) -> bytes:
    """The document. Raises UsageError without the extra, and EvidenceError for a sign that no font can draw."""
    try:
        import fpdf  # noqa: F401
    except ImportError as error:
        raise UsageError("A PDF needs the extra purport[documents]: pip install 'purport[documents]'.") from error
    with ExitStack() as opened:
        folder = files("purport.brief").joinpath("fonts")
        ours = [opened.enter_context(as_file(folder.joinpath(name))) for name in OURS]
        _drawable(made, [*ours, *fonts])
        return _Setter(made, ours, fonts).set()


def lacking(text: str, known: Sequence[frozenset[int]]) -> str:
    """The signs of a text that no font can draw, each once."""
    wanted = dict.fromkeys(c for c in text if not c.isspace() and c not in _UNSEEN)
    return "".join(c for c in wanted if not any(ord(c) in font for font in known))


def _drawable(made: Shown, fonts: Sequence[Path]) -> None:
    known = [_signs(font) for font in fonts]
    for where, text in _texts(made):
        for sign in lacking(inert(text), known):
            name = unicodedata.name(sign, f"U+{ord(sign):04X}")
            raise EvidenceError(
                f"{where} has the sign {sign} ({name}), which no font at hand can draw in a PDF. "
                "Give one that can: --font FILE.ttf. Or write the brief as html or docx, which use the reader's fonts."
            )


def _signs(font: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped, unused-ignore]

    try:
        with TTFont(font, fontNumber=0, lazy=True) as opened:
            return frozenset(opened.getBestCmap() or ())
    except (OSError, TTLibError) as error:
        raise UsageError(f"{font} is no font that can be read. Give a TrueType or OpenType file.") from error


def _texts(made: Shown) -> Iterator[tuple[str, str]]:
    edition = made.edition
    yield "The title", edition.title
    yield "The note", edition.note
    for at, (line, found) in enumerate(folio.numbered(made), 1):
        yield f"Line {at}", line.text
        for number, one in found:
            yield f"Line {at}, evidence {number},", " ".join((one.heading, one.title, one.url, one.quoted))
    for approach in made.approaches:
        yield f"What is said of {approach.party}", f"{approach.party} {folio.asked(approach)}"
    for party in folio.parties(made):
        yield "The counts by party", party.name
    for look in made.open_looks:
        yield "A mark", look.look.reason


def is_rtl(text: str) -> bool:
    """Does a text begin from the right? By its first letter that has a direction."""
    return next((d != "L" for d in map(unicodedata.bidirectional, text) if d in ("L", "R", "AL")), False)


class _Setter:
    """Sets one document."""

    def __init__(self, made: Shown, ours: Sequence[Path], more: Fonts) -> None:
        self._made, self._page = made, self._begun(made, ours, more)

    @staticmethod
    def _begun(made: Shown, ours: Sequence[Path], more: Fonts) -> "FPDF":
        from fpdf import FPDF

        edition = made.edition

        class Page(FPDF):  # type: ignore[misc, unused-ignore]
            def footer(self) -> None:
                self.set_y(-14)
                self.set_font("serif", size=8)
                self.set_text_color(QUIET)
                self.cell(120, 5, f"TLP:{made.level} · {edition.status}, edition {edition.number}")
                self.cell(0, 5, f"{self.page_no()}", align="R")

        page = Page(format="A4")
        page.set_margins(24, 20, 24)
        page.set_auto_page_break(True, margin=22)
        page.set_title(inert(edition.title))
        page.set_author(inert(edition.who))
        page.set_creator("Purport")
        page.set_lang("en")
        page.set_creation_date(edition.at)
        page.add_font("serif", "", ours[0])
        page.add_font("serif", "B", ours[1])
        further = [f"further{number}" for number in range(len(ours[2:]) + len(more))]
        for name, path in zip(further, (*ours[2:], *more), strict=True):
            page.add_font(name, "", path)
        page.set_fallback_fonts(further, exact_match=False)
        page.set_text_shaping(True)
        page.add_page()
        return page

    def set(self) -> bytes:
        made, edition = self._made, self._made.edition
        self._words("PURPORT BRIEF", 8, QUIET, bold=True)
        self._rule(double=True)
        self._words(edition.title, 20, bold=True, after=2, leading=1.25)
        self._words(f"{folio.stands(edition)}. TLP:{made.level}.", 9, QUIET)
        self._words(f"{folio.sums(made)}.", 9, QUIET)
        if edition.note:
            self._words(f"Handling: {edition.note}", 10, before=2)
        for one in made.open_looks:
            self._words(f"Look again: {one.look.reason}", 10, before=2, bold=True)
        lines = list(folio.numbered(made))
        for line, found in lines:
            self._words(f"{line.text} {''.join(f'[{number}]' for number, _ in found)}", 11, before=3.5, leading=1.55)
        self._head("Approached for comment")
        if not made.approaches:
            self._words("Nobody was approached, as far as this brief says.", 10, QUIET)
        for approach in made.approaches:
            self._words(approach.party, 10, bold=True, before=1)
            self._words(folio.asked(approach), 10)
        self._head("By party")
        self._table()
        self._head("Evidence")
        for number, source in sorted({number: one for _, found in lines for number, one in found}.items()):
            self._evidence(number, source)
        self._rule(double=True, before=5)
        self._words(folio.VERDICT, 8, QUIET)
        self._words(f"Brief {edition.brief}, edition {edition.id}.", 8, QUIET)
        return bytes(self._page.output())

    def _words(
        self,
        text: str,
        size: float,
        grey: int = INK,
        *,
        bold: bool = False,
        before: float = 0,
        after: float = 0,
        indent: float = 0,
        leading: float = 1.45,
        link: str = "",
    ) -> None:
        """A paragraph; sizes in points, distances in millimetres."""
        page, said = self._page, inert(text)
        page.set_font("serif", "B" if bold else "", size)
        page.set_text_color(grey)
        if before:
            page.ln(before)
        page.set_x(page.l_margin + indent)
        page.multi_cell(
            page.epw - indent,
            size * 0.3528 * leading,
            said,
            align="R" if is_rtl(said) else "L",
            link=link or None,
            new_x="LMARGIN",
            new_y="NEXT",
        )
        if after:
            page.ln(after)

    def _head(self, text: str) -> None:
        if self._page.will_page_break(52):  # a heading does not stand alone at the end of a page
            self._page.add_page()
        self._rule(before=7)
        self._words(text, 11, bold=True, after=1)

    def _rule(self, double: bool = False, before: float = 0) -> None:
        page = self._page
        page.ln(before)
        page.set_draw_color(QUIET if double else RULE)
        page.set_line_width(0.2)
        for offset in (0, 0.7) if double else (0,):
            page.line(page.l_margin, page.get_y() + offset, page.w - page.r_margin, page.get_y() + offset)
        page.ln(3)

    def _table(self) -> None:
        from fpdf.enums import TableBordersLayout
        from fpdf.fonts import FontFace

        page = self._page
        page.set_font("serif", size=9)
        page.set_text_color(INK)
        page.set_draw_color(RULE)
        heads = ("party", "claims", "denials", "about them", "asked for comment")
        with page.table(
            col_widths=(58, 20, 20, 26, 38),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="", color=QUIET),
            line_height=5,
            padding=1,
            text_align=("LEFT", "CENTER", "CENTER", "CENTER", "LEFT"),
        ) as table:
            table.row(heads)
            for one in folio.parties(self._made):
                table.row((inert(one.name), str(one.claims), str(one.denials), str(one.of_them), one.asked))

    def _evidence(self, number: int, source: Source) -> None:
        if self._page.will_page_break(34):
            self._page.add_page()
        title = f" · {source.title}" if source.title else ""
        marks = f" ({', '.join(source.marks)})" if source.marks else ""
        self._words(f"[{number}] {source.heading}{title}{marks}", 9.5, bold=True, before=2.5)
        if source.quoted:
            self._words(source.quoted, 10, indent=6, before=0.5)
        if source.url:
            self._words(source.url, 8, QUIET, indent=6, link=source.url)
        for at, facts in enumerate(folio.told(source).splitlines()):
            self._words(facts, 7.5, QUIET, indent=6, before=0 if at else 0.5)
