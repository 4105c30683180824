"""Judging at the desk: forms without script, what stands beside the machine's entry, who may, kept searches."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from ledgers import PASSWORD, lines, premises, staffed, take
from litestar.testing import TestClient

from conftest import opened
from purport.app import keeping, proving, reviewing
from purport.core.looks import Look, Standing
from purport.core.origins import LookAgain
from purport.core.people import READER, Person
from purport.core.records import Query
from purport.core.reviews import CONFIRMED, CORRECTED, DIFFERING, REJECTED, UNREVIEWED, Reviewed
from purport.desk.premises import Premises
from purport.desk.views.today import because

TEXT = (
    "The harbour master said the pier is closed. The union claimed that 14 dockers were hurt. "
    "The ministry denied that the crane had been repaired badly. Oda Brell, a baker, said the pier is loud.\n"
)


@pytest.fixture
def here(tmp_path: Path) -> Premises:
    made = replace(premises(tmp_path), who="ona")
    page = {"url": "https://kest.example/crane", "title": "Crane falls at Kest", "outlet": "Kest Post"}
    take(made.house, lines(tmp_path / "a.jsonl", page | {"text": TEXT}))
    return made


@pytest.fixture
def desk(here: Premises) -> Iterator[TestClient]:
    yield from opened(here)


def token(desk: TestClient) -> str:
    found = re.search(r'name="token" value="(\w+)"', desk.get("/").text)
    assert found
    return found[1]


def signing(desk: TestClient) -> str:
    found = re.search(r'name="token" value="(\w+)"', desk.get("/sign-in").text)
    assert found
    return found[1]


def claim(here: Premises, words: str) -> str:
    return next(iter(here.house.view.claims(Query(words=words))))[0].id


def stands(here: Premises, id: str) -> Reviewed:
    return reviewing.standing(here.house, [here.house.view.claim(id)]).get(id, Reviewed())


def send(desk: TestClient, id: str, what: str, **given: str):
    form = {"token": token(desk), "what": what, "back": "/review"} | given
    return desk.post(f"/claim/{id}/judged", data=form, follow_redirects=False)


def test_a_form_books_a_judgement_and_leads_back(desk: TestClient, here: Premises) -> None:
    id = claim(here, "crane")
    answer = send(desk, id, CONFIRMED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    assert stands(here, id).state == CONFIRMED and stands(here, id).words[0].who == "ona"
    shown = desk.get(f"/claim/{id}").text
    assert "<b>confirmed</b> by <bdi>ona</bdi>" in shown
    assert '<span class="mark judged confirmed">' in desk.get("/search?words=crane").text
    assert send(desk, id, "undone").status_code == 303
    assert stands(here, id).state == UNREVIEWED
    assert "taken back" in desk.get(f"/claim/{id}").text  # its rows are shown, too


def test_the_machines_entry_stays_beside_a_correction(desk: TestClient, here: Premises) -> None:
    id = claim(here, "dockers")
    page = desk.get(f"/report/{here.house.view.claim(id)[0].report}?correct={id}").text
    assert "Correct claim" in page and "harbour master" in page.partition("data-speaker")[2]
    before = here.house.view.claim(id)[0]
    given = {"source": "The union", "cue": "claimed", "content": "14 dockers", "content_at": "1-5", "why": "the number"}
    labels = {
        "act": before.act,
        "stance": before.stance,
        "polarity": "+",
        "speaker": "",
        "speaker_words": "The ministry",
    }
    assert send(desk, id, CORRECTED, **given, **labels).status_code == 303
    (said,) = stands(here, id).words[0].said
    at = TEXT.index("14 dockers")
    assert said.content == ((at, at + 10),)  # words that are not at the offsets are looked for
    assert said.speaker[0].text == "The ministry"
    assert here.house.view.claim(id)[0] == before
    shown = desk.get(f"/claim/{id}").text
    assert "<del><bdi>that 14 dockers were hurt</bdi></del> <ins><bdi>14 dockers</bdi></ins>" in shown


def test_offsets_hold_where_the_words_are_those_there(desk: TestClient, here: Premises) -> None:
    id = claim(here, "loud")
    first, last = TEXT.index("said"), TEXT.rindex("said")
    given = {"source": "said", "source_at": f"{first}-{first + 4}", "cue": "said", "cue_at": f"{last}-{last + 4}"}
    before = here.house.view.claim(id)[0]
    labels = {"act": before.act, "stance": before.stance, "polarity": before.polarity}
    send(desk, id, CORRECTED, content="the pier is loud", why="x", **given, **labels)
    (said,) = stands(here, id).words[0].said
    assert said.source == ((first, first + 4),) and said.cue == ((last, last + 4),)


@pytest.mark.parametrize(
    ("what", "given", "said"),
    [
        (REJECTED, {}, "Say why"),
        (CORRECTED, {"content": "zebras", "why": "x", "act": "say", "stance": "plain", "polarity": "+"}, "zebras"),
        ("undone", {}, "nothing of yours"),
        ("assigned", {"to": "ona", "status": "soon"}, "is no status"),
        ("assigned", {"to": "whoever"}, "can't be given to 'whoever' from here. It may go to ona, or to nobody."),
        ("true", {}, "says none of these"),
    ],
)
def test_what_can_t_be_booked_is_said(desk: TestClient, here: Premises, what: str, given: dict, said: str) -> None:
    answer = send(desk, claim(here, "crane"), what, **given)
    assert answer.status_code == 400 and said in unescape(answer.text)


def test_rejecting_noting_and_assigning_have_a_page_without_script(desk: TestClient, here: Premises) -> None:
    id = claim(here, "crane")
    for what, word in ((REJECTED, "Reject a claim"), ("noted", "Write a note"), ("assigned", "Assign a claim")):
        page = desk.get(f"/claim/{id}/judge?what={what}").text
        assert word in page and f'value="{what}"' in page
    part = desk.get(f"/claim/{id}/judge?what=noted", headers={"hx-request": "true"}).text
    assert "<html" not in part and "<textarea" in part
    send(desk, id, "assigned", to="ona", status="in hand")
    assert 'id="list"' in desk.get("/review?mine=1").text
    send(desk, id, "noted", why="ask the <b>board</b>")
    assert "ask the &lt;b&gt;board&lt;/b&gt;" in desk.get(f"/claim/{id}").text
    send(desk, id, REJECTED, why="a menu")
    assert "Nothing is assigned to you" in desk.get("/review?mine=1").text


def test_a_claim_is_given_to_those_who_have_accounts_and_found_by_them(here: Premises, tmp_path: Path) -> None:
    id = claim(here, "crane")
    for desk in opened(staffed(here, tmp_path)):
        for name in ("lea", "vic"):
            desk.post("/sign-in/now", data={"token": signing(desk), "name": name, "password": PASSWORD})
            form = desk.get(f"/claim/{id}/judge?what=assigned").text
            options = re.findall(r'<option value="(\w*)"', form)
            assert options[:-1] == (["lea", "ann", "vic"] if name == "lea" else ["vic"])  # bo only reads
            given = {"token": token(desk), "what": "assigned", "to": "bo"}
            assert desk.post(f"/claim/{id}/judged", data=given).status_code == 400
            if name == "lea":
                assert desk.post(f"/claim/{id}/judged", data=given | {"to": "vic"}).status_code == 200
                assert "Nothing is assigned to you" in desk.get("/review?mine=1").text
                assert f'data-judge="{id}"' in desk.get("/review?to=vic").text
            else:
                assert f'data-judge="{id}"' in desk.get("/review?mine=1").text
            desk.post("/sign-out", data={"token": token(desk)})


def test_judged_before_on_an_earlier_text_is_offered_and_never_applied(
    desk: TestClient, here: Premises, tmp_path: Path
) -> None:
    id = claim(here, "crane")
    reviewing.reject(here.house, id, "a <b>menu</b>", "ann")
    page = {"url": "https://kest.example/crane", "title": "Crane falls at Kest", "outlet": "Kest Post"}
    take(here.house, lines(tmp_path / "b.jsonl", page | {"text": f"The mayor said it is late. {TEXT}"}))
    new = next(one.id for one, report in here.house.view.claims(Query(words="crane")) if one.id != id)
    assert stands(here, new).state == UNREVIEWED
    shown = desk.get(f"/claim/{new}").text
    assert "Judged before" in shown and "a &lt;b&gt;menu&lt;/b&gt;" in shown and f'href="/claim/{id}"' in shown
    assert "Judged before" in desk.get(f"/report/{here.house.view.claim(new)[1].id}").text
    assert "Judged before" not in desk.get(f"/claim/{id}").text  # the earlier one
    review = re.search(r'name="of" value="(review-\w+)"', shown)
    assert review and "Reject it here, too" in shown
    assert send(desk, new, "again", of=review[1]).status_code == 303
    (word,) = stands(here, new).words
    assert (word.what, word.who, word.of) == (REJECTED, "ona", review[1])
    assert word.why.startswith("as ann did on the text captured ") and word.why.endswith(": a <b>menu</b>")
    assert "Judged before" not in desk.get(f"/claim/{new}").text
    assert send(desk, new, "undone").status_code == 303 and "Judged before" in desk.get(f"/claim/{new}").text
    assert send(desk, claim(here, "dockers"), "again", of=review[1]).status_code == 400


def test_how_claims_stand_is_shown_on_today_and_in_the_story(desk: TestClient, here: Premises) -> None:
    id = claim(here, "crane")
    for path in ("/", f"/story/{here.house.view.claim(id)[1].id}"):
        assert "mark judged" not in desk.get(path).text
    reviewing.reject(here.house, id, "a menu", "ann")
    reviewing.assign(here.house, claim(here, "dockers"), "ona", "", "", "lea")
    for path in ("/", f"/story/{here.house.view.claim(id)[1].id}"):
        shown = desk.get(path).text
        assert '<span class="mark judged rejected">' in shown
        assert '<span class="mark judged given">assigned to <bdi>ona</bdi></span>' in shown


def test_custody_is_narrowed_to_one_person(desk: TestClient, here: Premises) -> None:
    reviewing.confirm(here.house, claim(here, "crane"), "", "ann")
    reviewing.reject(here.house, claim(here, "dockers"), "a menu", "ben")
    everything, one = (desk.get(path).text for path in ("/custody", "/custody?who=ann"))
    assert 'href="/custody?who=ann#log"' in everything and "<b>read</b>" in everything
    assert one.count("<b>review</b>") == 1 and "<b>read</b>" not in one
    assert "The log has no entry by <bdi>&lt;b&gt;</bdi>" in desk.get("/custody?who=<b>").text
    log = here.vault
    for wanted, before, numbers in (("ann", 0, 1), ("ann", 1, 0), ("", 0, 2)):
        found = proving.state(log, 50, before, wanted).entries
        assert len(found) >= numbers if not wanted else len(found) == numbers
        assert [entry.number for _, entry in found] == sorted((entry.number for _, entry in found), reverse=True)


def test_a_reason_to_look_again_is_told_once(here: Premises) -> None:
    def mark(n: int, what: str, reason: str) -> Standing:
        at = here.house.clock.now()
        return Standing(Look(f"look-{n}", f"report-{n}", "report", what, "node", reason, True, ("a", "b"), at))

    booked = [mark(n, "denied", "it is denied." + " It rests on more." * (n % 2)) for n in range(6)]
    booked.append(mark(9, "edited", "it was edited."))
    other = LookAgain("claim-1", "claim", True, ("c",), "another page was edited")
    found = because(booked, {f"report-{n}": f"R{n}" for n in range(10)}, [other, other])
    assert [one.reason for one in found] == ["It is denied.", "It was edited.", "Another page was edited"]
    assert [(len(one.marks), one.more) for one in found] == [(4, 2), (1, 0), (2, 0)]


def test_a_script_gets_what_stands_beside_the_claim_now(desk: TestClient, here: Premises) -> None:
    id = claim(here, "crane")
    form = {"token": token(desk), "what": CONFIRMED}
    answer = desk.post(f"/claim/{id}/judged", data=form, headers={"hx-request": "true"}, follow_redirects=False)
    assert answer.status_code == 200 and "<html" not in answer.text
    assert f'data-judge="{id}"' in answer.text and 'value="undone"' in answer.text


def test_two_who_differ_are_both_shown(desk: TestClient, here: Premises) -> None:
    id = claim(here, "crane")
    reviewing.confirm(here.house, id, "", "ann")
    send(desk, id, REJECTED, why="nobody says so")
    assert stands(here, id).state == DIFFERING
    shown = desk.get(f"/report/{here.house.view.claim(id)[0].report}").text
    assert "<bdi>ann</bdi>" in shown and "nobody says so" in shown and "judged differing" in shown
    room = desk.get("/review?stands=differing").text
    assert "judged differently" in room and "both: 0 alike (0%)" in room


def test_the_queue_says_what_it_put_in_order_and_empties(desk: TestClient, here: Premises) -> None:
    count = sum(1 for _ in here.house.view.claims())
    assert f"{count} claims put in order" in desk.get("/review").text
    for one, _ in list(here.house.view.claims()):
        send(desk, one.id, CONFIRMED)
    assert "Nothing is left that stands so" in desk.get("/review").text
    assert "is not how a claim can stand" in unescape(desk.get("/review?stands=true").text)
    assert "is not how a claim can stand" in unescape(desk.get("/search?reviewed=true").text)


def test_an_empty_ledger_teaches(empty: TestClient) -> None:
    assert "nothing to review yet" in empty.get("/review").text


@pytest.mark.parametrize("address", ["/claim/{id}/judged", "/searches", "/stories/judged"])
def test_a_form_of_another_site_is_refused(desk: TestClient, here: Premises, address: str) -> None:
    id = claim(here, "crane")
    answer = desk.post(address.format(id=id), data={"token": "x" * 64, "what": CONFIRMED, "name": "a", "words": "b"})
    assert answer.status_code == 403
    assert stands(here, id).state == UNREVIEWED and not keeping.saved(here.house, "ona")


def test_it_leads_back_into_the_desk_only(desk: TestClient, here: Premises) -> None:
    answer = send(desk, claim(here, "crane"), CONFIRMED, back="//evil.example/")
    assert answer.headers["location"] == "/"


def test_who_only_reads_sees_judgements_and_no_forms(
    desk: TestClient, here: Premises, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = claim(here, "crane")
    reviewing.confirm(here.house, id, "", "ann")
    given = token(desk)
    reader = Person("rea", READER)
    for module in ("decided", "judging", "stories", "review"):
        monkeypatch.setattr(f"purport.desk.views.{module}.person", lambda request, here: reader)
    monkeypatch.setattr("purport.desk.people.person", lambda request, here: reader)
    shown = desk.get(f"/claim/{id}").text
    assert "<bdi>ann</bdi>" in shown and "/judge" not in shown
    assert desk.post(f"/claim/{id}/judged", data={"token": given, "what": REJECTED, "why": "x"}).status_code == 403
    assert stands(here, id).state == CONFIRMED


def test_a_search_is_kept_counted_opened_and_dropped(desk: TestClient, here: Premises, tmp_path: Path) -> None:
    given = {"token": token(desk), "name": "cranes", "words": "crane", "does": "keep"}
    answer = desk.post("/searches", data=given, follow_redirects=False)
    assert answer.headers["location"] == "/search?words=crane"
    assert "<bdi>cranes</bdi>" in desk.get("/").text and " new</span>" not in desk.get("/").text
    take(here.house, lines(tmp_path / "b.jsonl", {"text": "The mayor said the crane is old. The clerk denied it."}))
    assert "1 new" in desk.get("/search").text and "1 new" in desk.get("/").text
    opened = desk.post("/searches", data={**given, "does": "open"}, follow_redirects=False)
    assert opened.headers["location"] == "/search?words=crane"
    assert " new</span>" not in desk.get("/").text
    assert desk.post("/searches", data={**given, "does": "drop"}, follow_redirects=False).status_code == 303
    assert "<bdi>cranes</bdi>" not in desk.get("/").text
    assert desk.post("/searches", data={**given, "does": "open"}).status_code == 404
    assert "nothing to keep" in desk.post("/searches", data={**given, "words": ""}).text


def test_stories_are_parted_and_put_together_with_a_reason(desk: TestClient, here: Premises, tmp_path: Path) -> None:
    take(here.house, lines(tmp_path / "b.jsonl", {"text": TEXT, "title": "A crane, again", "outlet": "Sail"}))
    first, second = (report.id for report in here.house.view.reports())
    page = desk.get(f"/story/{first}/arrange").text
    assert "Take a report out of this story" in page and "A crane, again" in page
    form = {"token": token(desk), "does": "split", "report": second}
    assert desk.post("/stories/judged", data=form).status_code == 400  # no reason
    done = desk.post("/stories/judged", data=form | {"why": "another crane"})
    assert done.status_code == 200 and "Crane falls at Kest" not in done.text
    assert "A crane, again" not in desk.get(f"/story/{first}").text
    (judged,) = here.house.grouping[0].judgements.judgements()
    assert (judged.who, judged.why) == ("ona", "another crane")
    again = {"token": token(desk), "does": "join", "report": first, "other": second, "why": "the same after all"}
    assert "A crane, again" in desk.post("/stories/judged", data=again).text
    assert desk.post("/stories/judged", data={**again, "does": "burn"}).status_code == 400
    assert desk.post("/stories/judged", data={**again, "other": "story-ffff"}).status_code == 404


def test_claims_that_were_taken_for_one_are_parted(desk: TestClient, here: Premises, tmp_path: Path) -> None:
    other = TEXT.replace("was", "is")
    take(here.house, lines(tmp_path / "b.jsonl", {"text": other, "title": "A crane, again", "outlet": "Sail"}))
    first = next(here.house.view.reports()).id
    page = desk.get(f"/story/{first}/arrange").text
    merge = re.search(r'name="merge" value="(same-\w+)"', page)
    assert merge and "Claims taken for one" in page
    form = {"token": token(desk), "does": "part", "merge": merge[1], "why": "two days"}
    done = desk.post("/stories/judged", data=form)
    assert done.status_code == 200 and merge[1] not in desk.get(f"/story/{first}/arrange").text


def test_an_actor_is_shown_as_quoted(desk: TestClient, here: Premises) -> None:
    page = desk.get("/actor?name=the+ministry").text
    assert "as quoted" in page and "repaired badly" in page and "Private persons have none" in page
    linked = desk.get(f"/claim/{claim(here, 'crane')}").text
    assert "/actor?name=ministry" in linked
