"""Judgements on claims: beside the machine's entry, attributed, taken back by later rows, found after rereading."""

import json
from pathlib import Path

import msgspec
import pytest
from house_samples import PlainReader, house, read
from sqlalchemy import text

from purport import app
from purport.app import House, keeping, learning, queueing, reviewing
from purport.core.errors import NotFoundError, UsageError
from purport.core.records import Query, Report
from purport.core.reviews import (
    CONFIRMED,
    CORRECTED,
    DIFFERING,
    DONE,
    ENOUGH,
    OPEN,
    REJECTED,
    REVIEWED,
    UNREVIEWED,
    Agreement,
    Reviewed,
)
from purport.edges.onnx import OnnxModel

TEXT = "The clerk said the bridge was safe. The mayor denied the road was shut. The clerk said the ferry sails."


class ShiftedReader(PlainReader):
    """Reads the same claims, each with a cue that is a letter longer, as another version of a reader may."""

    def _reading(self, report: Report):
        found = super()._reading(report)
        claims = [
            msgspec.structs.replace(one, id=f"{one.id}b", cue=tuple((s, e + 1) for s, e in one.cue))
            for one in found.claims
        ]
        return msgspec.structs.replace(found, id=f"{found.id}b", claims=tuple(claims))


@pytest.fixture
def at(tmp_path: Path) -> House:
    (tmp_path / "bridge.txt").write_text(TEXT, encoding="utf-8")
    made = house(tmp_path)
    read(made, tmp_path / "bridge.txt")
    return made


def ids(at: House, **narrowed: str) -> list[str]:
    return [claim.id for claim, _ in app.claims(at, Query(**narrowed))]


def stands(at: House, claim: str) -> Reviewed:
    return reviewing.standing(at, [at.view.claim(claim)]).get(claim, Reviewed())


def test_a_judgement_stands_beside_the_machines_entry_which_stays(at: House) -> None:
    first, *_ = ids(at)
    before = at.view.claim(first)
    made = reviewing.confirm(at, first, "I listened to it", "ann")
    assert (made.who, made.why, made.what) == ("ann", "I listened to it", CONFIRMED)
    assert stands(at, first).state == CONFIRMED
    assert at.view.claim(first) == before
    assert (made.place.report, made.place.selector.exact) == (before[1].id, "The clerk said the bridge was safe")


def test_the_last_word_of_a_person_holds_and_undoing_brings_back_the_one_before(at: House) -> None:
    first, *_ = ids(at)
    reviewing.confirm(at, first, "", "ann")
    second = reviewing.reject(at, first, "a headline", "ann")
    assert stands(at, first).state == REJECTED
    back = reviewing.undo_last(at, first, "ann")
    assert back.of == second.id and stands(at, first).state == CONFIRMED
    reviewing.undo_last(at, first, "ann")
    assert stands(at, first).state == UNREVIEWED
    assert len(stands(at, first).history) == 4  # nothing went away
    with pytest.raises(UsageError, match="nothing of yours"):
        reviewing.undo_last(at, first, "ann")


def test_a_row_is_taken_back_once_and_an_undoing_never(at: House) -> None:
    first, *_ = ids(at)
    made = reviewing.confirm(at, first, "", "ann")
    back = reviewing.undo(at, made.id[:12], "a slip", "ben")
    with pytest.raises(UsageError, match="already, by ben"):
        reviewing.undo(at, made.id, "", "ann")
    with pytest.raises(UsageError, match="Judge the claim again"):
        reviewing.undo(at, back.id, "", "ann")
    reviewing.confirm(at, first, "", "ann")  # the same again is another row
    assert stands(at, first).state == CONFIRMED


def test_two_who_judge_differently_both_stand(at: House) -> None:
    first, second, _ = ids(at)
    reviewing.confirm(at, first, "", "ann")
    reviewing.reject(at, first, "nobody says it", "ben")
    now = stands(at, first)
    assert now.state == DIFFERING and [(one.who, one.what) for one in now.words] == [
        ("ann", CONFIRMED),
        ("ben", REJECTED),
    ]
    reviewing.correct(at, second, {"act": "say"}, "x", "ann")
    reviewing.correct(at, second, {"act": "say"}, "y", "ben")
    assert stands(at, second).state == CORRECTED  # both say the same
    reviewing.correct(at, second, {"act": "doubt"}, "z", "ben")
    assert stands(at, second).state == DIFFERING


def test_a_search_finds_claims_by_how_they_stand(at: House) -> None:
    first, second, third = ids(at)
    reviewing.confirm(at, first, "", "ann")
    reviewing.reject(at, second, "no", "ann")
    reviewing.note(at, third, "ask the harbour", "ann")
    assert ids(at, reviewed=CONFIRMED) == [first]
    assert ids(at, reviewed=REVIEWED) == [first, second]
    assert ids(at, reviewed=UNREVIEWED) == [third]
    assert ids(at, reviewed=UNREVIEWED, words="ferry") == [third]
    reviewing.undo_last(at, second, "ann")
    assert ids(at, reviewed=UNREVIEWED) == [second, third]
    with pytest.raises(UsageError, match="not how a claim can stand"):
        ids(at, reviewed="true")


def test_judgements_hold_when_the_report_is_read_again(at: House, tmp_path: Path) -> None:
    first, second, _ = ids(at)
    reviewing.confirm(at, first, "", "ann")
    reviewing.correct(at, second, {"content": "the road was … shut"}, "pieces", "ann")
    later = house(tmp_path, ShiftedReader("reader/2"))
    list(app.reread(later))
    anew = ids(later)
    assert not set(anew) & {first, second}
    assert ids(later, reviewed=CONFIRMED) == [anew[0]]
    assert ids(later, reviewed=CORRECTED) == [anew[1]]
    assert [stands(later, id).state for id in anew] == [CONFIRMED, CORRECTED, UNREVIEWED]
    assert stands(later, first).state == CONFIRMED  # and so does the old one
    reviewing.reject(later, anew[0], "on second thoughts", "ann")
    assert ids(later, reviewed=CONFIRMED) == [] and ids(later, reviewed=REJECTED) == [anew[0]]
    assert later.reviews[0].carry() == 0


def test_a_correction_takes_words_or_offsets_and_says_what_is_wrong(at: House) -> None:
    _, second, _ = ids(at)
    (claim, report) = at.view.claim(second)
    made = reviewing.correct(
        at, second, {"content": "the road … shut", "source": "40-45", "speaker": "The clerk"}, "so", "ann"
    )
    (said,) = made.said
    assert [report.text[s:e] for s, e in said.content] == ["the road", "shut"]
    assert [report.text[s:e] for s, e in said.source] == ["mayor"]
    assert said.speaker[0].text == "The clerk" and said.cue == claim.cue
    for given, wrong in (
        ({"content": "the zebra"}, "does not stand in the report"),
        ({"content": "10-5"}, "is no place"),
        ({"content": "1-99999"}, "is no place"),
        ({"content": "1-9, 5-12"}, "overlap"),
        ({"act": "lie"}, "is no act"),
        ({"stance": "fake"}, "is no stance"),
        ({"cue": "", "content": ""}, "reject it"),
        ({}, "reads it already"),
    ):
        with pytest.raises(UsageError, match=wrong):
            reviewing.correct(at, second, given, "why", "ann")


def test_of_the_same_words_those_nearest_to_the_claim_are_meant(at: House) -> None:
    *_, third = ids(at)
    made = reviewing.correct(at, third, {"source": "clerk"}, "so", "ann")
    assert made.said[0].source == ((TEXT.rindex("clerk"), TEXT.rindex("clerk") + 5),)


def test_offsets_count_code_points_whatever_the_script(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("🜁🜂 قال الناطق. The clerk said 🜃 the café was shut.", encoding="utf-8")
    at = house(tmp_path)
    read(at, tmp_path / "a.txt")
    (only,) = ids(at)
    made = reviewing.correct(at, only, {"content": "🜃 the café", "source": "قال الناطق"}, "so", "ann")
    text = at.view.claim(only)[1].text
    assert [text[s:e] for s, e in (*made.said[0].content, *made.said[0].source)] == ["🜃 the café", "قال الناطق"]


@pytest.mark.parametrize("judge", [reviewing.reject, reviewing.note])
def test_some_judgements_need_a_reason(at: House, judge) -> None:
    with pytest.raises(UsageError, match="Say why"):
        judge(at, ids(at)[0], " ", "ann")
    with pytest.raises(UsageError, match="at most"):
        judge(at, ids(at)[0], "x" * 5000, "ann")


def test_what_is_assigned_waits_for_that_person_until_it_is_judged(at: House) -> None:
    first, second, _ = ids(at)
    reviewing.assign(at, first, "ben", who="ann")
    reviewing.assign(at, second, "ben", "in hand", who="ann")
    assert (stands(at, first).to, stands(at, first).status) == ("ben", OPEN)
    assert [claim.id for claim, _ in queueing.assigned(at, "ben")] == [first, second]
    reviewing.confirm(at, first, "", "ann")
    assert [claim.id for claim, _ in queueing.assigned(at, "ben")] == [first, second]  # ben has not looked
    reviewing.confirm(at, first, "", "ben")
    assert stands(at, first).status == DONE
    assert [claim.id for claim, _ in queueing.assigned(at, "ben")] == [second]
    with pytest.raises(UsageError, match="is no status"):
        reviewing.assign(at, second, "ben", "soon", who="ann")


def test_the_queue_has_first_what_matters_most(at: House) -> None:
    first, second, third = ids(at)
    plain = queueing.queue(at, Query())
    assert [one.claim.id for one in plain.waiting] == [second, first, third]  # a denial before what is said
    ordered = queueing.queue(at, Query(), briefed={third}, disputed={first})
    assert [one.claim.id for one in ordered.waiting] == [third, first, second]
    assert [one.because for one in ordered.waiting] == [("in an issued brief",), ("disputed",), ("deny",)]
    reviewing.confirm(at, third, "", "ann")
    after = queueing.queue(at, Query())
    assert third not in [one.claim.id for one in after.waiting]
    assert after.counts == {REVIEWED: 1, CONFIRMED: 1, CORRECTED: 0, REJECTED: 0, DIFFERING: 0}
    reviewing.reject(at, third, "no", "ben")
    differing = queueing.queue(at, Query(reviewed=DIFFERING))
    assert [(one.claim.id, one.because) for one in differing.waiting] == [(third, ("judged differently",))]


def test_training_lines_hold_what_people_say_is_claimed(at: House) -> None:
    first, second, third = ids(at)
    reviewing.confirm(at, first, "", "ann")
    reviewing.correct(at, second, {"content": "the road", "act": "say"}, "shorter", "ann")
    (line,) = learning.export(at)
    assert [one["claim"] for one in line["attributions"]] == [first, second]
    assert [one["claim"] for one in line["open"]] == [third] and not line["complete"]
    assert line["attributions"][1]["words"]["content"] == "the road"
    judged = line["judgements"][1]
    assert judged["changed"] == ["content", "act"] and judged["who"] == "ann" and judged["why"] == "shorter"
    assert judged["machine"]["words"]["content"] == "the road was shut"
    assert judged["person"][0]["act"] == "say"
    assert list(learning.export(at, whole=True)) == []
    reviewing.reject(at, third, "no", "ann")
    (whole,) = learning.export(at, whole=True)
    assert whole["complete"] and [one["claim"] for one in whole["rejected"]] == [third]


def test_training_reads_the_lines(at: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "training"))
    import prepare

    first, *_ = ids(at)
    reviewing.confirm(at, first, "", "ann")
    (line,) = learning.export(at)
    record = json.loads(msgspec.json.encode(line))
    document = prepare.document(record, OnnxModel(threads=1).tokenizer)
    assert len(document.relations) == 1 and document.relations[0].content


def test_agreement_is_told_as_a_share_and_from_enough_on_as_kappa(at: House) -> None:
    first, second, _ = ids(at)
    for who, judge in (("ann", reviewing.confirm), ("ben", reviewing.confirm)):
        judge(at, first, "", who)
    reviewing.confirm(at, second, "", "ann")
    reviewing.reject(at, second, "no", "ben")
    (one,) = learning.agreement(at)
    assert (one.a, one.b, one.both, one.same, one.share, one.kappa) == ("ann", "ben", 2, 1, 0.5, ())
    many = Agreement("ann", "ben", ENOUGH, ENOUGH - 2, 0.5)
    assert many.kappa == (pytest.approx(0.8),)
    assert Agreement("ann", "ben", ENOUGH, ENOUGH, 1.0).kappa == ()


def test_a_kept_search_counts_what_came_since_it_was_looked_at(at: House, tmp_path: Path) -> None:
    keeping.save(at, "ann", "  the bridge ", {"words": "bridge", "act": ""})
    (kept,) = keeping.saved(at, "ann")
    assert (kept.name, kept.asked) == ("the bridge", (("words", "bridge"),))
    assert keeping.saved(at, "ben") == ()
    assert keeping.new(at, Query(words="bridge"), kept.seen) == 0
    (tmp_path / "more.txt").write_text("The clerk said the bridge was shut. The mayor denied rain.", encoding="utf-8")
    read(at, tmp_path / "more.txt")
    assert keeping.new(at, Query(words="bridge"), kept.seen) == 1
    assert keeping.new(at, Query(act="deny"), kept.seen) == 1
    assert keeping.looked(at, "ann", "the bridge") == kept
    assert keeping.new(at, Query(words="bridge"), keeping.named(at, "ann", "the bridge").seen) == 0
    keeping.drop(at, "ann", "the bridge")
    assert keeping.saved(at, "ann") == ()
    with pytest.raises(NotFoundError, match="no search of yours"):
        keeping.drop(at, "ann", "the bridge")
    for name, asked in (("", {"words": "x"}), ("x" * 99, {"words": "x"}), ("empty", {"words": ""})):
        with pytest.raises(UsageError):
            keeping.save(at, "ann", name, asked)


def test_custody_names_who_judged(at: House) -> None:
    reviewing.confirm(at, ids(at)[0], "", "ben")
    with at.view._engine.connect() as connection:  # type: ignore[attr-defined]
        last = connection.execute(text("SELECT who, what FROM custody ORDER BY number DESC LIMIT 1")).one()
    assert tuple(last) == ("ben", "review")
