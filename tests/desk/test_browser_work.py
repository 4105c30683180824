"""In a browser: a brief worked on in place, text from right to left, pages on paper, a month searched."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from test_browser import CHROMIUM, browser, heard
from test_tasks import at, here

from purport.app import briefing
from purport.core.records import Query
from purport.desk.premises import Premises

__all__ = ["at", "browser", "here"]
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium; name one with CHROMIUM"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.enable_socket,
]


def prose(page: Page) -> list[str]:
    return page.locator(".brief-line .prose").all_inner_texts()


def test_a_brief_is_worked_on_in_place(browser: Browser, at: str, here: Premises) -> None:
    """Added to, edited, moved, removed: the page is never loaded anew, and what is kept is what it shows."""
    claims = [next(iter(here.house.view.claims(Query(words=words))))[0].id for words in ("accused", "rejected")]
    brief = briefing.begin(here.house, claims[0], "By hand", "kim").brief
    page = browser.new_page()
    faults = heard(page)
    page.goto(f"{at}/brief/{brief}", wait_until="networkidle")
    page.evaluate("window.stayed = true")
    for words, told in (("accused cutting power", "villages"), ("rejected the accusation", "the accusation")):
        page.get_by_label("Words, or a phrase").fill(words)
        page.get_by_label("Words, or a phrase").press("Enter")
        expect(page.locator("#add .quotation").first).to_contain_text(told)
        count = len(prose(page))
        page.get_by_role("button", name="Add it").first.click()
        expect(page.locator(".brief-line")).to_have_count(count + 1)
    first, second = prose(page)
    page.get_by_role("button", name="Move line 2 up").click()
    expect(page.locator(".brief-line .prose").first).to_have_text(second)
    line = page.locator(".brief-line").first
    line.locator("summary").click()
    field, button = line.get_by_label("Prose; its evidence stays"), line.get_by_role("button", name="Keep it")
    assert field.bounding_box()["width"] > 400 and button.bounding_box()["height"] < 60  # one can write there
    field.fill("The ministry answered <b>it</b>.")
    button.click()
    expect(page.locator(".brief-line .prose").first).to_have_text("The ministry answered <b>it</b>.")
    page.get_by_role("button", name="Remove line 2").click()
    expect(page.locator(".brief-line")).to_have_count(1)
    kept = briefing.opened(here.house, brief)
    assert [one.text for one in kept.lines] == ["The ministry answered <b>it</b>."] and kept.lines[0].exhibits
    briefing.rename(here.house, brief, "By two hands", "lea")  # meanwhile, elsewhere
    page.get_by_role("button", name="Remove line 1").click()
    expect(page.get_by_role("alert")).to_contain_text("That was not done")
    expect(page.get_by_role("heading", level=1)).to_have_text("By two hands")
    assert len(briefing.opened(here.house, brief).lines) == 1
    assert page.evaluate("window.stayed") and faults == [] and first


RIGHT = """place => {
    const range = document.createRange();
    range.selectNodeContents(place);
    const lines = [...range.getClientRects()], box = place.getBoundingClientRect();
    return [getComputedStyle(place).direction, Math.max(...lines.map(one => one.right)) - box.right,
            lines[lines.length - 1].left - box.left];
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_text_from_right_to_left_begins_at_the_right_and_the_desk_s_own_words_do_not(
    browser: Browser, at: str, here: Premises, width: int
) -> None:
    report = next(one for _, one, _ in here.house.view.latest_reports(50) if one.language == "ar")
    page = browser.new_page(viewport={"width": width, "height": 860})
    page.goto(f"{at}/report/{report.id}", wait_until="networkidle")
    for place in (page.locator("h1"), page.locator(".report .text p", has_text="النقابة")):
        direction, right, left = place.evaluate(RIGHT)
        assert direction == "rtl" and abs(right) < 2 and left > 20  # the last line ends short of the left edge
    assert page.locator(".report .text").get_attribute("lang") == "ar"
    assert page.locator("#evidence").evaluate("one => getComputedStyle(one).direction") == "ltr"
    page.goto(at, wait_until="networkidle")
    row = page.get_by_role("link", name=re.compile("الرصيف")).locator("xpath=..")
    assert row.evaluate("one => getComputedStyle(one).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_printed_page_has_the_words_and_nothing_to_press(
    browser: Browser, at: str, here: Premises, tmp_path: Path
) -> None:
    report = next(one for _, one, _ in here.house.view.latest_reports(50) if one.title == "Crane falls at Kest")
    story = f"/story/{next(iter(here.house.view.claims(Query(words='accused'))))[1].id}"
    brief = f"/brief/{next(briefing.listed(here.house)).brief}"
    claim = next(iter(here.house.view.claims(Query(act="deny"))))[0].id
    page = browser.new_page(viewport={"width": 690, "height": 1000}, color_scheme="dark")
    for path in (
        f"/report/{report.id}?copies=1",
        story,
        brief,
        f"/claim/{claim}",
        "/",
        "/search?words=crane",
        "/custody",
    ):
        page.goto(at + path, wait_until="networkidle")
        page.emulate_media(media="print", color_scheme="dark")
        shown = page.locator("button:visible, input:visible, select:visible, textarea:visible, nav:visible")
        assert [one.evaluate("one => one.outerHTML.slice(0, 90)") for one in shown.all()] == [], path
        paper, ink = page.evaluate("(style => [style.backgroundColor, style.color])(getComputedStyle(document.body))")
        assert (paper, ink) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)"), path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details:not([open]):visible").count() == 0, path
        page.emulate_media(media="screen")
    page.goto(f"{at}/report/{report.id}?copies=1", wait_until="networkidle")
    page.emulate_media(media="print")
    assert (
        page.locator(".report .text .content").first.evaluate("one => getComputedStyle(one).printColorAdjust")
        == "exact"
    )
    assert page.pdf(path=tmp_path / "page.pdf", format="A4").startswith(b"%PDF")


def test_a_month_is_searched_with_the_keyboard(browser: Browser, at: str) -> None:
    page = browser.new_page()
    page.goto(f"{at}/search?words=ministry", wait_until="networkidle")
    everything = page.locator("#list > li").count()
    page.get_by_label("or in the month").fill("2031-03")
    page.get_by_label("Words, or a phrase").press("Enter")
    page.wait_for_url("**month=2031-03**")
    assert 0 < page.locator("#list > li").count() < everything
    expect(page.get_by_label("Published from")).to_have_value("2031-03-01")
    expect(page.get_by_label("to", exact=True)).to_have_value("2031-03-31")
