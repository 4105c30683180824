"""A kept brief as a Word document (DOCX), in styles that people can change, set in the fonts of whoever opens it."""

import io
from typing import TYPE_CHECKING, Any

from purport.brief import folio
from purport.brief.folio import Shown, Source
from purport.brief.folio_pdf import is_rtl
from purport.brief.words import inert
from purport.core.errors import UsageError

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

SERIF = "Georgia"
_WIDTHS = (60, 18, 18, 24, 40)  # millimetres of the columns of the table
INK, QUIET = "1D1C1A", "5D5951"


def render(made: Shown) -> bytes:
    """The document. Raises UsageError without the extra."""
    try:
        import docx
    except ImportError as error:
        raise UsageError("A DOCX needs the extra purport[documents]: pip install 'purport[documents]'.") from error
    document = docx.Document()
    _styles(document)
    _properties(document, made)
    _filled(document, made)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _styles(document: "Document") -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin = section.bottom_margin = Mm(22)

    def style(name: str, size: float, grey: str = INK, bold: bool = False, before: float = 0, after: float = 4) -> Any:
        known = [one.name for one in document.styles]
        made: Any = document.styles[name] if name in known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.font.name, made.font.size, made.font.bold = SERIF, Pt(size), bold
        made.font.color.rgb = RGBColor.from_string(grey)
        fonts = made.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # or the theme's font would win
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:hAnsi"), SERIF)
        made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(before), Pt(after)
        return made

    style("Normal", 11).paragraph_format.line_spacing = 1.3
    style("Title", 22, bold=True, before=6, after=6)
    title = document.styles["Title"].element.get_or_add_pPr()
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)
    style("Heading 1", 12, bold=True, before=20, after=6)
    style("Purport Line", 11, before=4, after=8).paragraph_format.line_spacing = 1.4
    style("Purport Small", 9, QUIET, after=2)
    style("Purport Last", 9, QUIET, before=20)
    style("Purport Cell", 9.5, before=2, after=2)
    style("Purport Evidence", 10, bold=True, before=10, after=2).paragraph_format.keep_with_next = True
    style("Purport Quotation", 10.5, after=2).paragraph_format.left_indent = Mm(6)
    style("Purport Facts", 8, QUIET, after=2).paragraph_format.left_indent = Mm(6)


def _properties(document: "Document", made: Shown) -> None:
    edition, kept = made.edition, document.core_properties
    kept.title, kept.author, kept.last_modified_by = inert(edition.title)[:255], inert(edition.who)[:255], ""
    kept.created = kept.modified = edition.at.replace(tzinfo=None)
    kept.comments, kept.identifier, kept.revision = f"TLP:{made.level}", edition.id, edition.number
    footer = document.sections[0].footer.paragraphs[0]
    footer.style = document.styles["Purport Small"]
    footer.add_run(f"TLP:{made.level} · {edition.status}, edition {edition.number} · page ")
    _field(footer, "PAGE")


def _filled(document: "Document", made: Shown) -> None:
    from docx.shared import Pt

    edition = made.edition
    _add(document, edition.title, "Title")
    _add(document, f"{folio.stands(edition)}. TLP:{made.level}.", "Purport Small")
    _add(document, f"{folio.sums(made)}.", "Purport Small").paragraph_format.space_after = Pt(10)
    if edition.note:
        _lead(document, "Handling: ", edition.note)
    for one in made.open_looks:
        _lead(document, "Look again: ", one.look.reason)
    lines = list(folio.numbered(made))
    for line, found in lines:
        paragraph = _add(document, f"{line.text} ", "Purport Line")
        for number, _ in found:
            _inner_link(paragraph, f"[{number}]", f"evidence{number}")
    _add(document, "Approached for comment", "Heading 1")
    if not made.approaches:
        _add(document, "Nobody was approached, as far as this brief says.", "Normal")
    for approach in made.approaches:
        _lead(document, f"{approach.party}: ", folio.asked(approach))
    _add(document, "By party", "Heading 1")
    _table(document, made)
    _add(document, "Evidence", "Heading 1")
    for number, source in sorted({number: one for _, found in lines for number, one in found}.items()):
        _evidence(document, number, source)
    _add(document, f"{folio.VERDICT} Brief {edition.brief}, edition {edition.id}.", "Purport Last")


def _add(document: "Document", text: str, style: str) -> "Paragraph":
    said = inert(text)
    paragraph = document.add_paragraph(style=style)
    run = paragraph.add_run(said)
    if is_rtl(said):
        _turn(paragraph, run)
    return paragraph


def _turn(paragraph: "Paragraph", run: Any) -> None:
    """A paragraph that runs from the right."""
    from docx.oxml import OxmlElement

    paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))


def _lead(document: "Document", head: str, text: str) -> None:
    paragraph = document.add_paragraph(style="Normal")
    paragraph.add_run(inert(head)).bold = True
    paragraph.add_run(inert(text))


def _table(document: "Document", made: Shown) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    table = document.add_table(rows=1, cols=5)
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = Mm(width)
    borders = _element("w:tblBorders")
    for side in ("bottom", "insideH"):
        borders.append(_element(f"w:{side}", w_val="single", w_sz="4", w_color="BEBEBE"))
    table._tbl.tblPr.append(borders)
    heads = ("party", "claims", "denials", "about them", "asked for comment")
    rows = [heads, *((one.name, one.claims, one.denials, one.of_them, one.asked) for one in folio.parties(made))]
    for at, row in enumerate(rows):
        cells = table.rows[0].cells if not at else table.add_row().cells
        for place, (cell, value, width) in enumerate(zip(cells, row, _WIDTHS, strict=True)):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.style = document.styles["Purport Small" if not at else "Purport Cell"]
            paragraph.add_run(inert(str(value)))
            if 0 < place < 4:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _evidence(document: "Document", number: int, source: Source) -> None:
    title = f" · {source.title}" if source.title else ""
    marks = f" ({', '.join(source.marks)})" if source.marks else ""
    _bookmark(_add(document, f"[{number}] {source.heading}{title}{marks}", "Purport Evidence"), number)
    told = []
    if source.quoted:
        told.append(_add(document, source.quoted, "Purport Quotation"))
    if source.url:
        told.append(document.add_paragraph(style="Purport Facts"))
        _outer_link(told[-1], source.url)
    told += [_add(document, facts, "Purport Facts") for facts in folio.told(source).splitlines()]
    for paragraph in told[:-1]:  # one piece of evidence stands on one page
        paragraph.paragraph_format.keep_with_next = True


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key.replace("_", ":")), value)
    return made


def _run(text: str) -> Any:
    made, held = _element("w:r"), _element("w:t")
    held.text = text
    made.append(held)
    return made


def _inner_link(paragraph: "Paragraph", text: str, to: str) -> None:
    made = _element("w:hyperlink", w_anchor=to)
    made.append(_run(text))
    paragraph._p.append(made)


def _outer_link(paragraph: "Paragraph", url: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE

    made = _element("w:hyperlink", r_id=paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    made.append(_run(inert(url)))
    paragraph._p.append(made)


def _bookmark(paragraph: "Paragraph", number: int) -> None:
    paragraph._p.insert(1, _element("w:bookmarkStart", w_id=str(number), w_name=f"evidence{number}"))
    paragraph._p.append(_element("w:bookmarkEnd", w_id=str(number)))


def _field(paragraph: "Paragraph", name: str) -> None:
    made = _element("w:fldSimple", w_instr=name)
    made.append(_run("1"))
    paragraph._p.append(made)
