"""The desk's own pages: what each shows of a ledger, what it teaches when that is empty, and that lists go on."""

import re
from pathlib import Path

import pytest
from house_samples import PlainReader
from ledgers import lines, premises, take
from litestar.testing import TestClient

from purport.app.browsing import KINDS
from purport.core.records import Query
from purport.desk.app import build
from purport.desk.pages import AT_ONCE
from purport.desk.premises import Premises

ROOMS = ("/", "/search", "/sources", "/gaps", "/custody")


def words(client: TestClient, path: str, status: int = 200) -> str:
    """What a person reads on a page."""
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def report_of(here: Premises, title: str) -> str:
    return next(report.id for _, report, _ in here.house.view.latest_reports(50) if title in report.title)


@pytest.mark.parametrize("path", ROOMS)
def test_every_room_opens_on_an_empty_and_on_a_full_ledger(empty: TestClient, full: TestClient, path: str) -> None:
    for client in (empty, full):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.text.count("<h1") == 1
        assert f'<a href="{path}" aria-current="page">' in answer.text


def test_an_empty_ledger_teaches_the_next_command(empty: TestClient) -> None:
    assert "Nothing has been read yet. Read reports into this ledger" in words(empty, "/")
    assert "purport watch sources.toml" in words(empty, "/sources")
    assert "There is nothing to search yet." in words(empty, "/search?words=bridge")
    assert "No gaps." in words(empty, "/gaps")
    assert "Never yet, by this log. purport verify goes through all of it." in words(empty, "/custody")


def test_today_shows_what_came_in_and_what_to_look_at(full: TestClient) -> None:
    shown = words(full, "/")
    assert "13 March 2031 10 reports" in shown
    assert "denial added: “has not spoken about” became “denied that” (The ministry)" in shown
    assert "number changed: 12 → 14 dockers" in shown
    assert "the page says nothing of it" in shown
    assert "was edited after this was taken from it" in shown
    assert "disputes among the latest 10" in shown and "The ministry rejected the accusation" in shown
    assert "Ostrel Post timeout, 3 tries" in shown
    assert "not english : The text seems to be in “ar”" in shown


def test_a_report_opens_the_words_of_each_claim(full: TestClient, stocked: Premises) -> None:
    id = report_of(stocked, "Crane falls")
    page = full.get(f"/report/{id}").text
    for number in (1, 2, 3):
        assert f'id="r1w{number}" href="#r1c{number}"' in page
        assert f'id="r1c{number}"' in page and f'href="#r1w{number}"' in page
    text = re.search(r'<div class="text"[^>]*>(.*?)</div>', page, re.S)
    assert text and re.sub(r"<[^>]+>", "", text[1]) == stocked.house.view.report(id).text
    assert re.search(r'<span class="cue denial begins"[^>]*>denied</span>', page)


def test_a_report_shows_its_captures_and_edits(full: TestClient, stocked: Premises) -> None:
    page = full.get(f"/report/{report_of(stocked, 'Crane falls')}").text
    assert "<del>12</del>" in page and "<ins>14</ins>" in page
    assert page.count("<del>") == page.count("<ins>") == 4


def test_copies_are_marked_passage_by_passage(full: TestClient, stocked: Premises) -> None:
    page = f"/report/{report_of(stocked, 'A crane, again')}"
    assert "Look for copies of this report" in words(full, page)
    found = full.get(f"{page}?copies=1").text
    assert re.search(r'<span class="[^"]*\bcopied\b', found)
    assert "Crane falls at Kest" in found and "of this report's own words" in found


def test_a_right_to_left_report_says_its_language_and_why_nothing_was_read(full: TestClient, stocked: Premises) -> None:
    id = next(one.id for _, one, _ in stocked.house.view.latest_reports(50) if one.language == "ar")
    page = full.get(f"/report/{id}").text
    assert '<div class="text" lang="ar"><p dir="auto">' in page
    assert "only English is read for claims" in page


def test_a_claim_tells_why_and_links_to_its_place(full: TestClient, stocked: Premises) -> None:
    ((_, claim, report),) = stocked.house.view.latest_claims(Query(act="deny", outlet="kest.example"), 1)
    page = full.get(f"/claim/{claim.id}").text
    assert f'href="/report/{report.id}#r1w3"' in page
    assert "is a cue of this act" in page and "itself negates the content" in page and "− negated" in page
    told = words(full, f"/claim/{claim.id}?sure=1")
    assert "it is taken up from" in told and "Confidence of the whole claim" in told


def test_a_search_says_what_was_searched_and_what_was_not(full: TestClient, stocked: Premises) -> None:
    shown = words(full, "/search?words=dockers&stance=distanced")
    assert shown.count("14 dockers were hurt") == 2 and "12 dockers were hurt" in shown
    sizes = stocked.house.view.sizes()
    assert (
        f"Searched: {sizes['claims']} claims of {sizes['reports']} reports, captured 13 March 2031, 09:00 UTC;" in shown
    )
    assert "3 gaps kept from being read" in shown
    assert "No claim matches." in words(full, "/search?words=zebra")


@pytest.mark.parametrize(
    ("asked", "said"),
    [("since=yesterday", "is not a day"), ("after=x", "is no place in a list"), ("words=%22+%22", "nothing to search")],
)
def test_what_can_t_be_searched_for_is_said_beside_the_form(full: TestClient, asked: str, said: str) -> None:
    shown = words(full, f"/search?{asked}")
    assert said in shown and "Words, or a phrase in quotation marks" in shown


def test_filters_are_those_of_the_claims(stocked: Premises) -> None:
    view = stocked.house.view
    assert {claim.source_kind for claim, _ in view.claims()} <= set(KINDS)
    for query in (Query(act="deny"), Query(stance="distanced"), Query(source_kind="government"), Query(nested=False)):
        found = {claim.id for _, claim, _ in view.latest_claims(query, 500)}
        assert found == {claim.id for claim, _ in view.claims(query)} and found


def test_a_month_is_its_first_day_to_its_last(full: TestClient) -> None:
    page = full.get("/search?month=2024-03&since=2031-03-12").text
    assert 'name="since" value="2024-03-01"' in page and 'name="until" value="2024-03-31"' in page
    assert "Coast Monitor" in page and "harbour master" not in page
    assert 'name="until" value="2024-02-29"' in full.get("/search?month=2024-02").text
    assert "is not a month" in full.get("/search?month=march").text
    assert "is not a month" in full.get("/search?month=9999-13").text


def test_custody_tells_its_state_and_verifies_nothing(full: TestClient, stocked: Premises) -> None:
    before = full.get("/api/custody").json()
    shown = words(full, "/custody")
    assert f"Head {before['head']}" in shown
    assert "Held as of" in shown and "by this log's own word; 1 entry came since" in shown
    assert "stamp failed The authority did not answer." in shown
    assert full.get("/api/custody").json() == before  # looking adds nothing


def test_gaps_are_narrowed_by_their_cause(full: TestClient) -> None:
    assert "binary.txt" in words(full, "/gaps") and "nothing.txt" in words(full, "/gaps")
    only = words(full, "/gaps?cause=empty")
    assert "nothing.txt" in only and "binary.txt" not in only


@pytest.mark.parametrize("path", ["/report/report-ffff0000", "/claim/claim-ffff0000", "/report/x", "/nowhere"])
def test_what_is_not_there_is_said_in_a_page(full: TestClient, path: str) -> None:
    assert "Go to Today" in words(full, path, 404)


def test_lists_go_on_to_their_end_and_repeat_nothing(tmp_path: Path) -> None:
    here = premises(tmp_path, PlainReader())
    rows = [
        {"id": str(n), "text": f"The mayor said well {n} is dry. The clerk denied road {n} is shut."} for n in range(70)
    ]
    take(here.house, lines(tmp_path / "many.jsonl", *rows))
    with TestClient(build(here), base_url="http://127.0.0.1") as client:
        for start, thing in (
            ("/", "report"),
            ("/search", "claim"),
            ("/search?words=is", "claim"),
            ("/search?act=deny", "claim"),
        ):
            found, path, pages = list[str](), start, 0
            while path and pages < 10:
                page = client.get(path).text
                found += re.findall(rf'href="/{thing}/({thing}-[0-9a-f]+)" data-open', page)
                following = re.search(r'rel="next" href="([^"]+)"', page)
                path, pages = following[1].replace("&amp;", "&") if following else "", pages + 1
            want = {"/": 70, "/search?act=deny": 70}.get(start, 140)
            assert len(found) == len(set(found)) == want, start
            assert pages == -(-want // (20 if start == "/" else AT_ONCE)), start


def test_looks_are_kept_in_a_cookie_and_none_is_set_by_reading(full: TestClient) -> None:
    page = full.get("/gaps")
    assert "set-cookie" not in page.headers and "data-theme" not in page.text
    form = {"token": re.search(r'name="token" value="(\w+)"', page.text)[1], "theme": "dark", "back": "/gaps"}
    answer = full.post("/theme", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/gaps")
    assert "HttpOnly" in answer.headers["set-cookie"] and "SameSite=strict" in answer.headers["set-cookie"]
    assert '<html lang="en" data-theme="dark">' in full.get("/gaps").text
    full.post("/theme", data=form | {"theme": ""})
    assert "data-theme" not in full.get("/gaps").text
