"""A brief keeps every claim, in order, and refuses to leave the house when a line can't open its evidence."""

from typing import Any

import msgspec
import pytest
from brief_samples import CLOCK, Hand, a_report, demo, denial, release, story

from purport.brief import FORMS, arrange, build, check, check_bytes
from purport.brief.brief import Brief, concerns
from purport.brief.demo import places
from purport.core.errors import EvidenceError
from purport.core.records import gap
from purport.core.spans import Selector


def small(**fields: Any) -> tuple[Hand, Brief]:
    report, capture = a_report("The mill denied it had closed.", title="Mill", outlet="Fen Post")
    hand = Hand(report)
    hand.says("The mill", "denied", "it had closed", "deny", **fields)
    return hand, build([(report, hand.reading())], [capture], [], CLOCK)


def broken(**fields: Any) -> Brief:
    """The small brief with some fields of its one claim changed."""
    hand, brief = small()
    claim = msgspec.structs.replace(hand.claims[0], **fields)
    entry = msgspec.structs.replace(brief.entries[0], claims=(claim,))
    return msgspec.structs.replace(brief, entries=(entry,))


def with_report(**fields: Any) -> Brief:
    _, brief = small()
    entry = brief.entries[0]
    changed = msgspec.structs.replace(entry.report, **fields)
    return msgspec.structs.replace(brief, entries=(msgspec.structs.replace(entry, report=changed),))


def test_counts_leave_out_what_was_said_before() -> None:
    hand, _ = small(repeated=True)
    hand.says("The mill", "denied", "it had closed", "deny")
    report, capture = hand.report, a_report(hand.report.text)[1]
    brief = build([(report, hand.reading())], [capture], [gap("read", report.id, "x", "y", CLOCK)], CLOCK)
    assert (brief.counts.claims, brief.counts.denials, brief.counts.gaps) == (1, 1, 1)
    assert len(brief.entries[0].claims) == 2


def test_the_id_depends_on_what_it_holds_and_not_on_when() -> None:
    hand, brief = small()
    later = build([(hand.report, hand.reading())], [], [], CLOCK.replace(year=2030))
    assert later.id == brief.id
    assert build([], [], [], CLOCK).id != brief.id


def test_one_report_lends_its_title_and_several_do_not() -> None:
    assert small()[1].title == "Mill"
    hand, capture = release()
    two = build([(hand.report, hand.reading())] * 2, [capture], [], CLOCK)
    assert two.title == "What 2 reports say, and on whose word"


def test_claims_come_in_the_order_of_their_numbers_with_the_inner_below() -> None:
    hand, _ = denial()
    placed = arrange(reversed(hand.claims))
    assert [depth for _, depth in placed] == [0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0]
    inner = next(claim for claim, depth in placed if depth == 1)
    assert inner.within == placed[1][0].id


def test_claims_that_hold_each_other_or_a_stranger_are_not_lost() -> None:
    hand, _ = denial()
    a, b, c = hand.claims[:3]
    ring = [
        msgspec.structs.replace(a, within=b.id),
        msgspec.structs.replace(b, within=a.id),
        msgspec.structs.replace(c, within="claim-elsewhere"),
    ]
    assert {claim.id for claim, _ in arrange(ring)} == {a.id, b.id, c.id}
    itself = [msgspec.structs.replace(a, within=a.id)]
    assert [(claim.id, depth) for claim, depth in arrange(itself)] == [(a.id, 0)]


def test_a_gap_belongs_to_the_report_it_names() -> None:
    brief = story()
    own, other = brief.gaps
    assert [concerns(own, entry) for entry in brief.entries] == [True, False, False, False]
    assert not any(concerns(other, entry) for entry in brief.entries)
    nameless = gap("read", "", "empty", "Nothing to read.", CLOCK)
    assert not any(concerns(nameless, entry) for entry in brief.entries)


def test_a_sound_brief_passes() -> None:
    check(small()[1])
    check(story())


@pytest.mark.parametrize(
    ("brief", "why"),
    [
        (broken(selector=Selector("it had shut", "The mill denied ", ".")), "it had shut"),
        (broken(selector=Selector("it had closed", "The mill said ", ".")), "do not stand where it says"),
        (broken(selector=Selector("", "", "")), "do not stand"),
        (broken(content=((16, 900),)), "outside the stored text"),
        (broken(content=(), cue=(), source=()), "points at no words"),
        (broken(report="report-other"), "report-other"),
        (with_report(text="The mill denied it had opened."), "digest"),
        (with_report(text_digest="sha256:00"), "digest"),
        (with_report(text="\ud800"), "not valid Unicode"),
        (with_report(capture="capture-lost"), "capture-lost"),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_no_form_leaves_the_house_without_its_evidence(brief: Brief, why: str, form: str) -> None:
    with pytest.raises(EvidenceError, match=why):
        FORMS[form](brief)


def test_words_shown_from_the_text_must_stand_there() -> None:
    hand, brief = small(target="The mill")
    check(brief)
    target = msgspec.structs.replace(hand.claims[0].target[0], text="The bank")
    with pytest.raises(EvidenceError, match="The bank"):
        check(broken(target=(target,)))


def test_originals_that_were_kept_are_opened() -> None:
    class Gone:
        def put(self, data: bytes) -> str:
            raise NotImplementedError

        def get(self, digest: str) -> bytes:
            raise EvidenceError(f"{digest} is gone")

    _, brief = small()
    check_bytes(brief, Gone())  # nothing was kept, so there is nothing to open
    entry = brief.entries[0]
    kept = msgspec.structs.replace(entry.capture[0], stored=True)
    brief = msgspec.structs.replace(brief, entries=(msgspec.structs.replace(entry, capture=(kept,)),))
    with pytest.raises(EvidenceError, match=kept.digest):
        check_bytes(brief, Gone())


def test_json_holds_the_records_themselves() -> None:
    brief = story()
    assert msgspec.json.decode(FORMS["json"](brief), type=Brief) == brief


def test_nothing_to_brief_is_a_brief_too() -> None:
    for render in FORMS.values():
        assert "0 reports" in render(build([], [], [], CLOCK)) or render is FORMS["json"]


def test_swapping_the_parties_changes_nothing_but_the_names() -> None:
    def page(one: str, other: str) -> str:
        report, capture = a_report(f"{one} accused {other} of lying.", outlet="Fen Post")
        hand = Hand(report)
        hand.says(one, "accused", "lying", "accuse", target=other, kind="armed_group")
        return FORMS["html"](build([(report, hand.reading())], [capture], [], CLOCK))

    def without(shown: str) -> list[str]:
        return [
            w for w in shown.replace("Reeds", "X").replace("Tides", "X").split() if "sha256" not in w and "-" not in w
        ]

    assert without(page("Reeds", "Tides")) == without(page("Tides", "Reeds"))


def test_the_demo_is_there_in_six_reports() -> None:
    assert len(places()) == 6
    for which, path in enumerate(places(), 1):
        hand, _ = demo(which, "Any", 5)
        assert path.name.startswith(str(which))
        assert 150 <= len(hand.report.text.split()) <= 350
