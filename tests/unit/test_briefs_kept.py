"""Briefs that people keep: editions are added, lines keep their words, and nothing goes out that can't be opened."""

import io
import re
from pathlib import Path

import docx
import msgspec
import pytest
from brief_house import BEFORE, begun, claims, keeping, page
from house_samples import read

from purport.app import House, briefing, marking
from purport.brief import folio, folio_pdf
from purport.core import briefs
from purport.core.briefs import DRAFT, ISSUED, WITHDRAWN, approach
from purport.core.errors import EvidenceError, NotFoundError, UsageError
from purport.edges.sqlite import open_sqlite
from purport.ledger.log import Custody


@pytest.fixture
def at(tmp_path: Path) -> House:
    return keeping(tmp_path)


def test_a_line_keeps_the_exact_words_and_their_places(at: House, tmp_path: Path) -> None:
    made, found = begun(at, tmp_path)
    (one,) = made.lines[0].exhibits
    assert (one.kind, one.id) == ("claim", found["clerk"])
    assert one.words == ("The clerk", "said", "the pier is safe")
    assert [BEFORE[start:end] for start, end in one.pieces] == list(one.words)
    assert one.digest == at.view.capture(one.capture).digest
    assert made.lines[0].text == "kest.example, 12 March 2031: “The clerk said the pier is safe”"


def test_every_step_adds_an_edition_and_changes_none(at: House, tmp_path: Path) -> None:
    made, found = begun(at, tmp_path)
    id = made.brief
    briefing.edit(at, id, "1", "The clerk says that the pier is safe.", "ada", more=[found["union"]])
    briefing.move(at, id, "3", 1, "ada")
    briefing.remove(at, id, "3", "kim")
    briefing.note(at, id, "Not before Monday.", "kim")
    briefing.rename(at, id, "The pier", "kim")
    all = briefing.editions(at, id)
    assert [one.number for one in all] == [1, 2, 3, 4, 5, 6, 7]
    assert [(one.who, one.did) for one in all[2:5]] == [
        ("ada", "edited line 1"),
        ("ada", "moved line 3 to 1"),
        ("kim", "removed line 3"),
    ]
    assert all[1] == made
    assert [one.before for one in all[1:]] == [one.id for one in all[:-1]]
    now = briefing.opened(at, id)
    assert now.title == "The pier" and now.note == "Not before Monday."
    assert [line.text[:12] for line in now.lines] == ["kest.example", "The clerk sa"]
    assert [one.id for one in now.lines[1].exhibits] == [found["clerk"], found["union"]]
    assert now.lines[1].id == made.lines[0].id


def test_one_line_may_rest_on_several(at: House, tmp_path: Path) -> None:
    made, found = begun(at, tmp_path)
    report = at.view.claim(found["clerk"])[1].id
    now = briefing.add(at, made.brief, [found["union"], f"{report}#0-9"], "Two say so.", "kim")
    assert now.lines[-1].text == "Two say so."
    assert [(one.kind, one.words) for one in now.lines[-1].exhibits][1] == ("report", ("The clerk",))
    with pytest.raises(UsageError, match="has characters 0-"):
        briefing.add(at, made.brief, [f"{report}#5-9999"], "", "kim")
    with pytest.raises(NotFoundError):
        briefing.add(at, made.brief, ["claim-00000000"], "", "kim")
    with pytest.raises(NotFoundError, match="has no line 9"):
        briefing.edit(at, made.brief, "9", "Words.", "kim")


def test_who_works_on_what_is_no_longer_there_is_told(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    briefing.edit(at, made.brief, "1", "One.", "ada", made.id)
    with pytest.raises(UsageError, match="worked on meanwhile: ada edited line 1"):
        briefing.edit(at, made.brief, "2", "Two.", "kim", made.id)
    with pytest.raises(UsageError, match="worked on meanwhile"):
        at.briefs[0].keep(briefs.worked(made, "wrote over it", "kim", at.clock.now()))


def test_it_is_issued_edited_and_withdrawn(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    assert briefing.issue(at, made.brief, "lea").status == ISSUED
    with pytest.raises(UsageError, match="issued already"):
        briefing.issue(at, made.brief, "lea")
    assert briefing.edit(at, made.brief, "1", "Anew.", "kim").status == DRAFT
    briefing.issue(at, made.brief, "lea")
    gone = briefing.withdraw(at, made.brief, "the outlet took it back", "lea")
    assert (gone.status, gone.did) == (WITHDRAWN, "withdrew it: the outlet took it back")
    empty = briefing.begin(at, made.story, "Empty", "kim")
    with pytest.raises(UsageError, match="without a line"):
        briefing.issue(at, empty.brief, "lea")


def test_what_cannot_be_opened_does_not_go_out(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    path = tmp_path / "statement.txt"
    path.write_text("Nothing else.\n\nThe mayor said the harbour is open.\n", encoding="utf-8")
    read(at, path)
    now = briefing.add(at, made.brief, [claims(at)["mayor"]], "", "kim")
    for form in folio.FORMS:
        assert briefing.export(at, made.brief, form, "CLEAR", "kim")[0]
    (one,) = now.lines[-1].exhibits
    blob = at.blobs.file(one.digest)
    kept = blob.read_bytes()
    blob.chmod(0o600)
    blob.write_bytes(kept + b" ")
    with pytest.raises(EvidenceError, match=r"Line 4 of the brief, .*no longer those\. Bring .* back from a backup"):
        briefing.export(at, made.brief, "md", "CLEAR", "kim")
    with pytest.raises(EvidenceError, match="Line 4 of the brief"):
        briefing.issue(at, made.brief, "lea")
    blob.unlink()
    with pytest.raises(EvidenceError, match="Line 4 of the brief"):
        briefing.export(at, made.brief, "pdf", "CLEAR", "kim")
    faults = briefing.shown(at, briefing.opened(at, made.brief)).faults
    assert [bool(faults[line.id]) for line in now.lines] == [False, False, False, True]


def test_a_page_in_a_container_is_opened_there(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    briefing.issue(at, made.brief, "lea")
    page(tmp_path, "pier", BEFORE + " More.")
    with pytest.raises(EvidenceError, match="are not kept here and not where they came from"):
        briefing.export(at, made.brief, "md", "CLEAR", "kim")


def test_words_that_do_not_stand_there_do_not_go_out(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    (one,) = made.lines[0].exhibits
    wrong = msgspec.structs.replace(one, words=("The clerk", "said", "the pier is shut"))
    lines = (msgspec.structs.replace(made.lines[0], exhibits=(wrong,)), *made.lines[1:])
    at.briefs[0].keep(briefs.worked(made, "put other words there", "eve", at.clock.now(), lines=lines))
    with pytest.raises(EvidenceError, match=r"Line 1 of the brief.*“the pier is shut” don't stand at characters"):
        briefing.issue(at, made.brief, "lea")


def test_a_narrower_mark_holds_it_back(at: House, tmp_path: Path) -> None:
    made, found = begun(at, tmp_path)
    marking.mark(at, at.view.claim(found["clerk"])[1].id, "amber", "a witness can be told", "lea")
    with pytest.raises(EvidenceError, match="TLP:AMBER, above TLP:CLEAR"):
        briefing.export(at, made.brief, "md", "CLEAR", "kim")
    assert b"TLP:AMBER" in briefing.export(at, made.brief, "md", "amber", "kim")[0]


def test_everybody_is_counted_by_one_rule(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    briefing.ask(at, made.brief, approach("the ministry", "no answer yet", "Monday", "by letter"), "kim")
    briefing.ask(at, made.brief, approach("The ministry", "declined", "Tuesday", "by telephone"), "kim")
    now = briefing.ask(at, made.brief, approach("The union", "not approached", said="no address is known"), "kim")
    shown = briefing.shown(at, now)
    found = {one.name: (one.claims, one.denials, one.asked) for one in folio.parties(shown)}
    assert found == {
        "The clerk": (1, 0, "not asked"),
        "The ministry": (1, 1, "declined"),
        "The union": (1, 0, "not approached"),
    }
    assert folio.sums(shown).endswith("1 denial among them; 3 parties, 2 not asked")
    assert len(now.approaches) == 3 and len(shown.approaches) == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("", "answered", "now", "here", "Yes."), "needs words"),
        (("The mayor", "agreed"), "is none of answered"),
        (("The mayor", "not approached"), "why The mayor was not approached"),
        (("The mayor", "declined", "", "by letter"), "when and how The mayor was asked"),
        (("The mayor", "answered", "Monday", "by letter"), "what The mayor answered"),
    ],
)
def test_an_approach_says_enough(given: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        approach(*given)


def test_a_sign_that_no_font_has_is_refused_in_a_pdf_and_no_other_form(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    briefing.edit(at, made.brief, "2", "The union wrote: สะพาน", "kim")
    with pytest.raises(EvidenceError, match=r"Line 2 has the sign ส \(THAI CHARACTER SO SUA\).*--font"):
        briefing.export(at, made.brief, "pdf", "CLEAR", "kim")
    for form in ("html", "md", "docx"):
        assert briefing.export(at, made.brief, form, "CLEAR", "kim")[0]


@pytest.mark.parametrize(
    "text", ["قال الناطق إن الرصيف آمن", "הדובר אמר שהרציף בטוח", "Мэр сказал", "Ο δήμαρχος", "Šňůra ạ"]
)
def test_what_ours_can_draw_is_drawn(at: House, tmp_path: Path, text: str) -> None:
    made, _ = begun(at, tmp_path)
    briefing.edit(at, made.brief, "2", text, "kim")
    data, _ = briefing.export(at, made.brief, "pdf", "CLEAR", "kim")
    assert data.startswith(b"%PDF-") and folio_pdf.is_rtl(text) == (text[0] in "قה")


def test_a_word_document_holds_the_lines_and_their_evidence(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    data, _ = briefing.export(at, made.brief, "docx", "CLEAR", "kim")
    opened = docx.Document(io.BytesIO(data))
    said = [paragraph.text for paragraph in opened.paragraphs]
    assert "kest.example, 12 March 2031: “The clerk said the pier is safe” [1]" in said
    assert "The clerk said the pier is safe" in said
    assert any(made.lines[0].exhibits[0].digest in words for words in said)
    assert [cell.text for cell in opened.tables[0].rows[1].cells] == ["The clerk", "1", "0", "0", "not asked"]


def test_words_of_reports_cannot_become_mark_up(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    briefing.edit(at, made.brief, "1", "<script>alert(1)</script> [x](http://evil.example) \u202egnp", "kim")
    html = briefing.export(at, made.brief, "html", "CLEAR", "kim")[0].decode()
    assert "<script>" not in html and "&lt;script&gt;" in html
    markdown = briefing.export(at, made.brief, "md", "CLEAR", "kim")[0].decode()
    assert "<script>" not in markdown and "\\[x\\](" in markdown and "\u202e" not in markdown


def test_an_export_as_text_is_the_golden_one(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    briefing.edit(at, made.brief, "1", "The clerk says that the pier is safe.", "kim")
    briefing.ask(at, made.brief, approach("The clerk", "answered", "12 March", "by telephone", "“It is.”"), "kim")
    briefing.issue(at, made.brief, "lea")
    golden = Path(__file__).parents[1] / "golden" / "kept_brief.md"
    taken = at.view.capture(made.lines[0].exhibits[0].capture)
    text = briefing.export(at, made.brief, "md", "CLEAR", "kim")[0].decode()
    here = replace_ids(text, made.lines[0].exhibits[0].report, taken.digest)
    assert here == golden.read_text(encoding="utf-8")


def replace_ids(text: str, report: str, digest: str) -> str:
    """Ids that depend on the folder of the test, by short names."""
    text = text.replace(report, "report-1").replace(digest, "sha256:1")
    text = re.sub(r"claim-[0-9a-f]{32}", "claim-1", text)
    return re.sub(r"(brief|edition)-[0-9a-f]{32}", r"\1-1", text)


def test_the_custody_log_tells_of_it(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    briefing.export(at, made.brief, "md", "CLEAR", "kim")
    engine = open_sqlite(f"sqlite:///{tmp_path / 'purport.db'}")
    with Custody(engine).at_this_moment() as log:
        told = [one.columns[2] for one in log.sealed()]
    assert told.count("brief") == 2 and told[-1] == "export"
