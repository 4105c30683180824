"""Handling marks: who may be marked and how, which mark holds, and that the ledger keeps all of them."""

from itertools import pairwise
from pathlib import Path

import pytest
from export_samples import stocked
from sqlalchemy.exc import IntegrityError

from purport.app import House, marking
from purport.core.errors import NotFoundError, UsageError
from purport.core.marks import LEVELS, Marked, above, mark, parsed, withheld
from purport.core.records import Report


@pytest.fixture
def house(tmp_path: Path) -> House:
    return stocked(tmp_path)


def crane(house: House) -> Report:
    return next(one for one in house.view.reports() if one.outlet == "kest.example")


def level(house: House, report: Report) -> str:
    return marking.levels(house)[0](report)


def test_what_nobody_marked_is_clear(house: House) -> None:
    assert {level(house, one) for one in house.view.reports()} == {"CLEAR"}
    assert list(marking.marks_of(house)) == []


def test_the_last_mark_holds_and_all_are_kept(house: House) -> None:
    report = crane(house)
    marking.mark(house, report.id[:15], "TLP:red", "the witness can be told", "ona")
    assert level(house, report) == "RED"
    made = marking.mark(house, report.id, "green", "the witness is safe now", "ona")
    assert level(house, report) == "GREEN"
    assert [one.level for kept in house.marks for one in kept.marks()] == ["RED", "GREEN"]
    assert list(marking.marks_of(house)) == [made]
    assert (made.who, made.subject, made.url) == ("ona", report.id, report.url)


def test_of_a_report_and_its_outlet_the_narrower_holds(house: House) -> None:
    report = crane(house)
    marking.mark(house, report.id, "green", "shared", "ona")
    marking.mark(house, " KEST.example ", "amber+strict", "by agreement", "ona")
    assert level(house, report) == "AMBER+STRICT"
    others = {level(house, one) for one in house.view.reports() if one.id != report.id}
    assert others == {"CLEAR"}


def test_another_version_of_a_marked_page_is_marked_too() -> None:
    from datetime import UTC, datetime

    at = datetime(2031, 3, 13, tzinfo=UTC)
    marked = Marked([mark("report", "report-1", "RED", "why", "ona", at, "https://kest.example/crane")])
    assert marked.report("report-2", "https://kest.example/crane", ()) == "RED"
    assert marked.report("report-2", "", ()) == marked.report("report-2", "https://kest.example/x", ()) == "CLEAR"


def test_marks_are_refused_without_a_reason_a_level_or_a_subject(house: House) -> None:
    report = crane(house)
    with pytest.raises(UsageError, match="Say why"):
        marking.mark(house, report.id, "red", "  ", "ona")
    with pytest.raises(UsageError, match="is no level"):
        marking.mark(house, report.id, "purple", "why", "ona")
    with pytest.raises(NotFoundError):
        marking.mark(house, "report-ffff0000", "red", "why", "ona")
    with pytest.raises(NotFoundError, match="no watched source"):
        marking.mark(house, "Nowhere Post", "red", "why", "ona")


def test_marks_are_never_changed_or_removed(house: House) -> None:
    marking.mark(house, crane(house).id, "red", "why", "ona")
    engine = house.view._engine  # type: ignore[attr-defined]
    for statement in ("UPDATE marks SET level = 'CLEAR'", "DELETE FROM marks"):
        with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
            connection.exec_driver_sql(statement)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT level, who FROM marks_plain").fetchall() == [("RED", "ona")]
        ((record,),) = connection.exec_driver_sql("SELECT record FROM custody ORDER BY number DESC LIMIT 1").fetchall()
    assert '"what":"mark"' in record
    assert '"table":"marks"' in record


def test_levels_are_in_order() -> None:
    for lower, higher in pairwise(LEVELS):
        assert above(higher, lower)
        assert not above(lower, higher)
        assert not above(lower, lower)
    assert parsed(" tlp:amber+strict ") == parsed("AMBER_STRICT") == "AMBER+STRICT"


def test_what_is_withheld_is_told_without_its_content() -> None:
    said = withheld({("report", "RED"): 2, ("report", "AMBER"): 1, ("release", "RED"): 1}, "GREEN")
    assert said == [
        "1 release is marked TLP:RED, above this export's TLP:GREEN",
        "1 report is marked TLP:AMBER, above this export's TLP:GREEN",
        "2 reports are marked TLP:RED, above this export's TLP:GREEN",
    ]
