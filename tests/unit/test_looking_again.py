"""Marks "look again": booked once when an origin changes, on claims and issued briefs; cleared by people, with why."""

from pathlib import Path

import pytest
from brief_house import AFTER, PIER, begun, keeping, page
from house_samples import read

from purport.app import House, briefing, looking
from purport.core.errors import NotFoundError, UsageError
from purport.core.origins import DENIED, EDITED, Event
from purport.core.watching import Listed, Visit


@pytest.fixture
def at(tmp_path: Path) -> House:
    return keeping(tmp_path)


def edit_of_the_page(at: House, folder: Path) -> None:
    read(at, page(folder, "later", AFTER))


def test_an_edit_reaches_the_issued_brief_once(at: House, tmp_path: Path) -> None:
    made, found = begun(at, tmp_path)
    briefing.issue(at, made.brief, "lea")
    assert looking.book(at) == ()
    edit_of_the_page(at, tmp_path)
    new = looking.book(at)
    assert {(one.kind, one.subject) for one in new} >= {("brief", made.brief), ("claim", found["clerk"])}
    assert not any(one.subject == found["union"] for one in new)
    reason = next(one.reason for one in new if one.kind == "brief")
    assert "was edited after this was taken from it" in reason and "safe" in reason
    assert looking.book(at) == ()
    assert looking.open_marks(at) == len(new)
    assert looking.names(at, looking.marks(at))[made.brief] == "The pier at Kest"


def test_an_edit_of_what_the_brief_does_not_use_leaves_it_alone(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    briefing.remove(at, made.brief, "1", "kim")
    briefing.issue(at, made.brief, "lea")
    edit_of_the_page(at, tmp_path)
    assert "brief" not in {one.kind for one in looking.book(at)}


def test_what_readers_have_counts_not_the_draft(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    assert looking.issued(at) == ()
    out = briefing.issue(at, made.brief, "lea")
    briefing.remove(at, made.brief, "1", "kim")
    assert looking.issued(at) == (out,)
    edit_of_the_page(at, tmp_path)
    assert "brief" in {one.kind for one in looking.book(at)}
    briefing.issue(at, made.brief, "lea")
    briefing.withdraw(at, made.brief, "wrong pier", "lea")
    assert looking.issued(at) == ()


def test_a_page_that_is_gone_reaches_the_brief(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    briefing.issue(at, made.brief, "lea")
    item = Listed(id="listed-1", source="Kest Courier", key=PIER, url=PIER, seen=at.clock.now())
    gone = Visit(
        id="visit-1",
        source="Kest Courier",
        url=PIER,
        at=at.clock.now(),
        outcome="gone",
        cause="http-status",
        detail="The host answers 410.",
        item=item.id,
        next=at.clock.now(),
    )
    at.writer.add(listed=[item], visits=[gone])
    (brief,) = [one for one in looking.book(at) if one.kind == "brief"]
    assert brief.what == "deleted" and "is no longer where it was" in brief.reason and "410" in brief.reason


def test_what_somebody_says_has_happened_can_be_booked(at: House, tmp_path: Path) -> None:
    made, found = begun(at, tmp_path)
    briefing.issue(at, made.brief, "lea")
    new = looking.tell(at, Event(found["union"], DENIED, "the harbour board denies it"))
    assert {one.kind for one in new} == {"claim", "report", "brief"}
    with pytest.raises(NotFoundError):
        looking.tell(at, Event("speaker:nobody", EDITED))


def test_around_finds_the_same_while_watching(at: House, tmp_path: Path) -> None:
    made, _ = begun(at, tmp_path)
    briefing.issue(at, made.brief, "lea")
    edit_of_the_page(at, tmp_path)
    reports = [report for report, _ in at.view.page(PIER)]
    (revision,) = looking.editing.revisions(at.view)
    (tools,) = looking.lookers(at)
    new = looking.around(tools, reports, looking.edited(revision))
    assert made.brief in {one.subject for one in new}
    assert looking.book(at) == ()


def test_a_mark_is_cleared_once_with_a_word_why_and_stays(at: House, tmp_path: Path) -> None:
    begun(at, tmp_path)
    edit_of_the_page(at, tmp_path)
    mark, *_ = looking.book(at)
    before = looking.open_marks(at)
    with pytest.raises(UsageError, match="needs words"):
        looking.clear(at, mark.id, " ", "kim")
    done = looking.clear(at, mark.id[:10], "the new text says the same", "kim")
    assert (done.look, done.cleared[0].who) == (mark, "kim")
    assert looking.open_marks(at) == before - 1
    assert done in looking.marks(at, [mark.subject])
    assert mark.id not in {one.look.id for one in looking.marks(at, only_open=True)}
    with pytest.raises(UsageError, match="cleared before"):
        looking.clear(at, mark.id, "again", "kim")
    assert looking.book(at) == ()
