"""The main tasks of the desk, end to end in a browser, as somebody without training would do them.

Each begins at Today or at a room and ends where the answer is read. Skipped where there is no Chromium.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ledgers import PASSWORD, fill, filmed, premises, staffed
from playwright.sync_api import Browser, Page, expect
from test_browser import CHROMIUM, browser, serving

from purport.core.custody import Deed
from purport.desk.premises import Premises

__all__ = ["browser"]
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium; name one with CHROMIUM"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.enable_socket,
]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Premises:
    folder = tmp_path_factory.mktemp("tasks")
    made = premises(folder)
    fill(made, folder)
    return made


@pytest.fixture
def at(here: Premises, socket_enabled: None) -> Iterator[str]:
    yield from serving(here)


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page(accept_downloads=True)


def room(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Rooms").get_by_role("link", name=name, exact=True).click()


def test_find_what_changed_since_it_was_published(page: Page, at: str) -> None:
    """Today tells that a page was edited; its report shows what stood there before, beside what stands there now."""
    page.goto(at)
    row = page.locator("main li", has_text="Crane falls at Kest").filter(has_text="14").first
    expect(row).to_contain_text("12")
    row.get_by_role("link", name="Crane falls at Kest").first.click()
    edits = page.locator("section", has=page.get_by_role("heading", name="Captures and edits of the page"))
    expect(edits.locator(".beside").first).to_be_visible()
    expect(edits).to_contain_text("closed")


def test_find_who_denies_a_claim(page: Page, at: str) -> None:
    """A dispute stands face to face in its story, each side with the words it rests on."""
    page.goto(at)
    room(page, "Stories")
    page.get_by_role("link", name=re.compile("Reed Column")).first.click()
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Disputes").click()
    dispute = page.locator(".dispute").filter(has_text="Accused and answering").first
    expect(dispute.locator(".sides > div")).to_have_count(2)
    answer = dispute.locator(".sides > div").nth(1)
    expect(answer).to_contain_text("rejected the accusation")
    answer.locator("blockquote a").click()
    page.wait_for_url("**/claim/*")


def test_open_the_exact_words_of_a_claim_and_the_capture_they_came_from(page: Page, at: str, here: Premises) -> None:
    page.goto(at + "/search?act=deny")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/claim/*")
    claim, report = here.house.view.claim(page.url.rpartition("/")[2])
    ((start, end), *_) = claim.cue
    expect(page.locator(".passage .cue").first).to_have_text(report.text[start:end])
    page.get_by_role("link", name=report.title).first.click()
    page.wait_for_url("**/report/*")
    evidence = page.locator("section", has=page.get_by_role("heading", name="Evidence"))
    expect(evidence).to_contain_text(here.house.view.capture(report.capture).digest)
    expect(evidence).to_contain_text(report.text_digest)


def test_see_on_how_many_independent_origins_a_story_rests(page: Page, at: str) -> None:
    page.goto(at + "/stories")
    row = page.locator("main li", has_text="Reed Column").first
    counted = re.search(r"(\d+) reports, (\d+) independent origins", row.inner_text())
    assert counted
    row.get_by_role("link").first.click()
    expect(page.locator("h1 + .lead")).to_contain_text(counted[0])
    page.wait_for_load_state("networkidle")
    picture = page.locator("#origins img")
    assert picture.evaluate("img => img.complete && img.naturalWidth > 100")
    assert f"{counted[2]} independent origins" in (picture.get_attribute("alt") or "")
    page.goto(at + (picture.get_attribute("src") or ""))
    assert page.locator("svg").get_by_text("independent origin", exact=True).count()


def test_search_with_filters_and_see_what_was_not_searched(page: Page, at: str) -> None:
    page.goto(at)
    page.keyboard.press("/")
    page.keyboard.type("ministry")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    everything = page.locator("#list > li").count()
    page.get_by_label("Act").select_option("deny")
    page.get_by_label("Act").press("Tab")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**act=deny**")
    assert 0 < page.locator("#list > li").count() < everything
    told = page.get_by_role("complementary", name="What was searched")
    expect(told).to_contain_text("Not searched: words of reports in which nobody claims anything")
    told.get_by_role("link", name=re.compile("gap")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gaps")
    page.goto(at + "/search?words=zebra")
    expect(page.locator(".empty")).to_contain_text("No claim matches")


def test_see_where_footage_was_seen_before(browser: Browser, tmp_path: Path, socket_enabled: None) -> None:
    """Nothing of it is shown clearly on the way; the two are told and drawn, second by second."""
    for here in filmed(tmp_path):
        for at in serving(here):
            page = browser.new_page()
            page.goto(at)
            room(page, "Releases")
            page.get_by_role("link", name="again.mp4").click()
            assert page.locator("video").count() == 0
            page.get_by_role("link", name="Look for it among the other releases").click()
            page.wait_for_url("**/reuse")
            expect(page.locator("main")).to_contain_text("pier.mp4")
            expect(page.locator("main")).to_contain_text("same footage")
            page.wait_for_load_state("networkidle")
            assert page.locator("img[src$='reuse.svg']").evaluate("img => img.complete && img.naturalWidth > 100")
            page.close()


def test_see_how_a_source_stands_and_what_was_missed(page: Page, at: str) -> None:
    page.goto(at)
    room(page, "Sources")
    expect(page.locator("main")).to_contain_text("Ostrel Post")
    room(page, "Gaps")
    page.get_by_role("link", name=re.compile("empty")).first.click()
    expect(page.locator("main")).to_contain_text("nothing.txt")


def test_check_custody(page: Page, at: str, here: Premises) -> None:
    here.house.writer.add(entries=[Deed("verify", (), "done")])
    page.goto(at)
    room(page, "Custody")
    expect(page.locator("main")).to_contain_text("verify")
    head = page.request.get(at + "/api/custody").json()["head"]
    expect(page.locator("main")).to_contain_text(head)
    expect(page.locator("main li, main tr").filter(has_text="failed").first).to_contain_text("did not answer")


def test_take_a_search_along_as_a_table(page: Page, at: str) -> None:
    page.goto(at + "/search?act=deny")
    shown = page.locator("#list > li").count()
    page.get_by_text("Take it along").focus()
    page.keyboard.press("Enter")
    page.locator("select[name=standard]").select_option("csv")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download").click()
    text = taken.value.path().read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["claim"]]
    assert len(rows) == shown
    assert {row["act"] for row in rows} == {"deny"}


def test_mark_how_far_a_report_may_go_and_take_its_story_along_without_it(page: Page, at: str) -> None:
    page.goto(at + "/stories")
    page.get_by_role("link", name=re.compile("Reed Column")).first.click()
    story = page.url
    page.locator("#reports").get_by_role("link", name=re.compile("Ministry denies")).click()
    page.get_by_text("How far may it go?").click()
    page.get_by_label("Handling (TLP 2.0)").select_option("AMBER")
    page.get_by_label("Why", exact=True).fill("the witness can be told from it")
    page.get_by_label("Why", exact=True).press("Enter")
    expect(page.get_by_text("How far may it go?")).to_contain_text("TLP:AMBER")
    page.goto(story)
    page.get_by_text("Take it along").click()
    page.locator("select[name=standard]").select_option("stix")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download").click()
    text = taken.value.path().read_text(encoding="utf-8")
    assert "1 report is marked TLP:AMBER" in text
    assert "Ministry denies" not in text


def test_sign_in_do_ones_work_and_sign_out(
    browser: Browser, here: Premises, tmp_path: Path, socket_enabled: None
) -> None:
    """With the keyboard alone; where one wanted to go one is afterwards, and what one may not do is said."""
    for at in serving(staffed(here, tmp_path)):
        page = browser.new_page()
        page.goto(at + "/custody")
        page.wait_for_url("**/sign-in*")
        page.get_by_label("Name").focus()
        page.keyboard.type("bo")
        page.keyboard.press("Tab")
        page.keyboard.type("not the password")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("don’t belong together")
        page.get_by_label("Password").focus()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/custody")
        page.goto(at + "/search?act=deny")
        page.get_by_text("Take it along").click()
        page.get_by_role("button", name="Download").click()
        expect(page.locator("main")).to_contain_text("That needs the role of reviewer")
        page.goto(at)
        page.get_by_role("link", name="bo", exact=True).click()
        page.get_by_role("button", name="Sign out", exact=True).first.click()
        page.goto(at)
        page.wait_for_url("**/sign-in*")


def test_judge_claims_by_keys_and_take_one_back(page: Page, at: str, here: Premises) -> None:
    """Confirmed, rejected with a reason, taken back: each with one key, each told beside the claim."""
    page.goto(at)
    page.keyboard.press("r")
    page.wait_for_url("**/review*")
    rows = page.locator("#list > li")
    first, second = (rows.nth(n).locator("[data-judge]").get_attribute("data-judge") or "" for n in (0, 1))
    page.keyboard.press("j")
    page.keyboard.press("y")
    expect(page.locator(f"[data-judge={first}]")).to_contain_text("confirmed")
    page.keyboard.press("j")
    page.keyboard.press("x")
    why = page.get_by_label("Why nobody claims this here")
    why.fill("a headline, nobody says it")
    why.press("Enter")
    expect(page.locator(f"[data-judge={second}]")).to_contain_text("rejected")
    page.goto(f"{at}/claim/{second}")
    expect(page.locator("main")).to_contain_text("a headline, nobody says it")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f"[data-judge={second}]")).not_to_contain_text("a headline, nobody says it")
    page.goto(at + "/search?reviewed=confirmed")
    assert page.locator(f"a[href='/claim/{first}']").count()
    stands = {one.claim: one.what for kept in here.house.reviews for one in kept.reviews()}
    assert stands[first] == "confirmed"


def test_assemble_a_brief_of_a_story_and_take_it_along(browser: Browser, at: str, here: Premises) -> None:
    """Begun at the story, two lines added by their words, one edited and moved up, downloaded with its evidence."""
    page = browser.new_page(java_script_enabled=False)  # each step is a page of its own
    page.goto(at + "/stories")
    page.get_by_role("link", name=re.compile("Reed Column")).first.click()
    page.get_by_text("Begin a brief of it").click()
    page.get_by_label("Title").fill("The marsh video")
    page.get_by_label("Title").press("Enter")
    page.wait_for_url("**/brief/*")
    for words in ("monitoring", "rejected the accusation"):
        page.get_by_label("Words, or a phrase").fill(words)
        page.get_by_label("Words, or a phrase").press("Enter")
        page.get_by_role("button", name="Add it").first.click()
        expect(page.locator("#add")).to_be_visible()
    expect(page.locator(".brief-line")).to_have_count(2)
    last = page.locator(".brief-line").nth(1).locator(".prose").inner_text()
    page.get_by_role("button", name="Move line 2 up").click()
    expect(page.locator(".brief-line").first.locator(".prose")).to_have_text(last)
    page.wait_for_load_state("networkidle")
    page.locator(".brief-line").first.locator("summary").click()
    page.get_by_label("Prose; its evidence stays").first.fill("The ministry answered the accusation.")
    page.locator(".brief-line").first.locator("form.work button").click(timeout=5000)
    expect(page.locator(".brief-line").first.locator(".prose")).to_have_text("The ministry answered the accusation.")
    assert page.locator(".brief-line").first.locator("a[href^='/claim/']").count()
    page.locator("#out ~ form select[name=form], form select[name=form]").first.select_option("md")
    page.get_by_label("Up to").select_option("AMBER")  # as its report may have been marked in a task before
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download").click()
    text = taken.value.path().read_text(encoding="utf-8")
    assert "The ministry answered the accusation." in text
    assert "The marsh video" in text
