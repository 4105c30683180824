"""What two reports are to each other: copy, rewritten, quotation, boilerplate, a few words, or nothing."""

import pytest
from copies_samples import OTHER, WIRE, copies_of, desk, report, shown

from purport.core.copies import (
    A_TO_B,
    B_TO_A,
    BOILERPLATE,
    COPY,
    FEW,
    FROM_A_THIRD,
    QUOTATION,
    REWRITTEN,
    UNDECIDABLE,
    Copy,
)
from purport.trace import copies as module

PARAGRAPHS = WIRE.split("\n\n")
QUOTE = PARAGRAPHS[3]
LINE = "The Omal Lantern is read on paper in the valley and by lamplight at sea, and has been since the great flood."


def one(*reports: object) -> Copy:
    (copy,) = copies_of(*reports)  # type: ignore[arg-type]
    return copy


def told(number: int, last: str = "") -> str:
    """Report `number` of a series that have nothing in common but, perhaps, their last line."""
    words = [f"{word}{number}" for word in ("mules", "books", "snow", "chapel", "atlas", "thaw", "novel", "miller")]
    lines = [" ".join(f"{word}{n}" for word in words) + "." for n in range(15)]
    return "\n\n".join([*lines, *([last] if last else [])])


def test_the_same_text_is_a_copy() -> None:
    copy = one(report("r1", WIRE), report("r2", WIRE))
    assert (copy.kind, copy.share_a, copy.share_b) == (COPY, 1.0, 1.0)
    assert [passage.a for passage in copy.passages] == [(0, len(WIRE) - 1)]  # up to the last full stop


def test_passages_are_places_in_both_texts() -> None:
    changed = "Cranes fall at Port Hale\n\n" + WIRE.replace("Four coasters", "Three coasters").upper()
    a, b = report("r1", WIRE), report("r2", changed)
    copy = one(a, b)
    assert copy.kind == COPY
    for passage in copy.passages:
        assert shown(a.text, passage.a)[:12].upper() == shown(b.text, passage.b)[:12]
        assert shown(a.text, passage.a)[-12:].upper() == shown(b.text, passage.b)[-12:]
    assert sum(passage.words for passage in copy.passages) == len(WIRE.replace("-", " ").split()) - 1


def test_a_teaser_is_a_copy_of_the_report_it_is_cut_from() -> None:
    copy = one(report("r1", f"{WIRE}\n\n{OTHER}"), report("r2", "\n\n".join(PARAGRAPHS[:2])))
    assert copy.kind == COPY
    assert copy.share_b > 0.9 > copy.share_a


def test_sentences_among_ones_own_are_rewritten() -> None:
    copy = one(report("r1", WIRE), report("r2", f"{OTHER}\n\n{PARAGRAPHS[1]}\n\n{PARAGRAPHS[2]}"))
    assert copy.kind == REWRITTEN
    assert [passage.kind for passage in copy.passages] == [COPY]
    assert copy.evidence[0].words.startswith("38 of the reporters' own words")


def test_the_same_speech_in_two_reports_is_no_copy() -> None:
    copy = one(report("r1", WIRE), report("r2", f"{OTHER}\n\n{QUOTE}"))
    assert copy.kind == QUOTATION
    assert max(copy.share_a, copy.share_b) < 0.12  # "said Maret Quist, who leads …"
    assert [passage.kind for passage in copy.passages] == [QUOTATION]


def test_a_quotation_set_apart_after_a_colon_is_one_too() -> None:
    speech = QUOTE[1:].split("”")[0]
    copy = one(
        report("r1", f"{OTHER}\n\nShe wrote:\n\n{speech}"), report("r2", f"{told(1)}\n\nHer letter says:\n{speech}")
    )
    assert copy.kind == QUOTATION


def test_a_quotation_within_a_copied_text_takes_nothing_from_it() -> None:
    assert one(report("r1", WIRE), report("r2", "\n\n".join(PARAGRAPHS[1:]))).share_b > 0.95


def test_one_sentence_in_a_long_report_is_a_few_words() -> None:
    long = "\n\n".join(told(n) for n in range(5))
    copy = one(report("r1", f"{long}\n\n{PARAGRAPHS[2]}"), report("r2", f"{told(8)}\n\n{told(9)}\n\n{PARAGRAPHS[2]}"))
    assert copy.kind == FEW


def test_nothing_in_common_gives_nothing() -> None:
    assert copies_of(report("r1", WIRE), report("r2", OTHER)) == ()
    assert copies_of(report("r1", WIRE), report("r2", f"{OTHER} The harbour authority closed the eastern gate.")) == ()


def test_a_line_that_many_unrelated_reports_have_is_boilerplate() -> None:
    reports = [report(f"r{n}", told(n, LINE)) for n in range(9)]
    found = copies_of(*reports)
    last = [copy for copy in found if "r8" in (copy.a, copy.b)]
    assert {copy.kind for copy in last} == {BOILERPLATE}
    assert len(last) == 5  # a few of them show it
    assert {passage.strangers for copy in last for passage in copy.passages} == {8}
    assert last[0].evidence[-1].words == "22 words left out: 8 other reports have them and nothing else"


def test_boilerplate_is_told_beside_a_copy_and_not_counted() -> None:
    strangers = [report(f"r{n}", told(n, LINE)) for n in range(6)]
    desked = [
        report("s1", f"{WIRE}\n\n{LINE}"),
        report("s2", f"{OTHER}\n\n{PARAGRAPHS[1]}\n\n{PARAGRAPHS[2]}\n\n{LINE}"),
    ]
    (copy,) = [copy for copy in copies_of(*strangers, *desked) if copy.a == "s1"]
    assert copy.kind == REWRITTEN
    assert [(passage.kind, passage.strangers) for passage in copy.passages] == [(COPY, 0), (BOILERPLATE, 6)]
    alone = one(report("s1", WIRE), report("s2", f"{OTHER}\n\n{PARAGRAPHS[1]}\n\n{PARAGRAPHS[2]}"))
    assert (copy.share_a, copy.share_b) == (alone.share_a, alone.share_b)


def test_lines_that_a_report_is_marked_with_are_boilerplate_from_the_first_time() -> None:
    line = "Subscribe to our letter and find each morning what the lamps of the harbour saw while you slept."
    copy = one(report("r1", f"{WIRE}\n\n{line}"), report("r2", f"{OTHER}\n\n{line}"))
    assert copy.kind == BOILERPLATE
    assert "not of the story" in copy.evidence[-1].words


def test_what_arrives_together_is_judged_as_what_arrives_alone() -> None:
    texts = [WIRE, OTHER, f"{OTHER}\n\n{PARAGRAPHS[1]}", told(1, LINE), told(2, LINE), f"{WIRE}\n\n{LINE}", QUOTE * 2]
    reports = [report(f"r{n}", text) for n, text in enumerate(texts)]
    alone = desk(*reports)
    assert copies_of(*reports) == tuple(copy for each in reports for copy in alone.add(each))


def test_ids_do_not_hang_on_which_report_came_first() -> None:
    a, b = report("r1", WIRE), report("r2", f"{OTHER}\n\n{PARAGRAPHS[1]}\n\n{PARAGRAPHS[2]}")
    assert copies_of(a, b) == copies_of(b, a)


def test_a_report_that_is_added_again_adds_nothing() -> None:
    a, b = report("r1", WIRE), report("r2", WIRE)
    held = desk(a, b)
    assert len(held.add(a, b, a)) == 1
    assert held.add(b) == ()
    assert len(held.index) == 2
    assert [copy.kind for copy in held.of(b)] == [COPY]


def test_wanted_kinds_alone_are_told_and_they_are_the_same() -> None:
    reports = [report("r1", WIRE), report("r2", f"{OTHER}\n\n{QUOTE}"), report("r3", "\n\n".join(PARAGRAPHS[1:]))]
    found = copies_of(*reports)
    assert [copy.kind for copy in found] == [QUOTATION, COPY, QUOTATION]
    narrow = desk(*reports, kinds=(COPY, REWRITTEN)).add(*reports)
    assert narrow == tuple(copy for copy in found if copy.kind == COPY)


def test_reports_that_are_no_longer_held_are_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [report(f"r{n}", f"{told(n)}\n\n{WIRE}") for n in range(6)]
    expected = copies_of(*reports)
    monkeypatch.setattr(module, "HELD", 1)
    held = desk(*reports)
    assert tuple(copy for each in reports for copy in held.add(each)) == expected
    assert len(held._held) == 1


@pytest.mark.parametrize("text", ["", "\0" * 500, "no " * 40_000, "\ud800" * 50, "“" * 3000, "." * 3000, ":\n" * 999])
def test_hostile_texts_stop_nothing(text: str) -> None:
    found = copies_of(report("r1", WIRE), report("r2", text), report("r3", WIRE), report("r4", text))
    assert ("r1", "r3") in {(copy.a, copy.b) for copy in found}


def test_the_earlier_report_comes_first_where_times_tell() -> None:
    copy = one(report("r1", WIRE, day=9, hour=6), report("r2", WIRE, day=9, hour=4))
    assert copy.direction == B_TO_A
    assert copy.evidence[-1].kind == "time"
    assert "2031-01-09T04:01:00Z" in copy.evidence[-1].words


@pytest.mark.parametrize(("day", "hour"), [(0, -1), (9, -1)])
def test_without_times_or_on_the_same_day_nothing_tells(day: int, hour: int) -> None:
    copy = one(report("r1", WIRE, day=day, hour=hour), report("r2", WIRE, day=9, hour=4))
    assert copy.direction == UNDECIDABLE


def test_a_credit_to_the_other_goes_before_the_times() -> None:
    credited = f"{WIRE}\n\nSource: The Karrow Bell"
    copy = one(report("r1", WIRE, outlet="Karrow Bell", day=9), report("r2", credited, outlet="Omal Lantern", day=3))
    assert (copy.direction, copy.evidence[-1].kind, copy.evidence[-1].report) == (A_TO_B, "credit", "r2")
    assert shown(credited, copy.evidence[-1].span) == copy.evidence[-1].words == "The Karrow Bell"


def test_a_credit_to_the_same_agency_is_a_third() -> None:
    first, second = f"PORT HALE (Reuters) - {WIRE}", f"{WIRE}\n\n(Thomson Reuters)"
    copy = one(report("r1", first, outlet="Karrow Bell", day=9), report("r2", second, outlet="Omal Lantern", day=3))
    assert copy.direction == FROM_A_THIRD
    assert [sign.report for sign in copy.evidence if sign.kind == "credit"] == ["r1", "r2"]


def test_a_credit_to_somebody_else_leaves_it_open() -> None:
    copy = one(report("r1", f"PORT HALE (Reuters) - {WIRE}", day=9), report("r2", WIRE, day=3))
    assert copy.direction == UNDECIDABLE
    assert copy.evidence[-1].words == "Reuters"


def test_outlets_without_names_are_not_each_others_source() -> None:
    copy = one(report("r1", f"{WIRE}\n\nSource: Karrow Bell"), report("r2", f"{WIRE}\n\nSource: Omal Lantern"))
    assert copy.direction == UNDECIDABLE


def test_however_many_are_added_at_once_they_go_through_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [report(f"r{n}", text) for n, text in enumerate((WIRE, OTHER, WIRE, f"{OTHER}\n\n{WIRE}", OTHER))]
    expected = copies_of(*reports)
    monkeypatch.setattr(module, "AT_ONCE", 2)
    assert copies_of(*reports) == expected
