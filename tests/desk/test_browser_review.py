"""Judging in a browser: by keys, in place; spans fixed with the mouse; and all of it without script."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ledgers import lines, premises, take
from playwright.sync_api import Browser, Page, expect
from test_browser import CHROMIUM, browser, heard, serving

from purport.app import reviewing
from purport.core.records import Query
from purport.core.reviews import CONFIRMED, CORRECTED, REJECTED, UNREVIEWED, Reviewed
from purport.desk.premises import Premises

__all__ = ["browser"]
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium; name one with CHROMIUM"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.enable_socket,
]

TEXT = (
    "🜁🜂 قال الناطق\n"
    "The harbour master said the pier is closed. The union claimed that 14 dockers were hurt in the fall of it. "
    "The ministry denied that the crane 🜃 had been repaired badly. Nothing else happened in the town that day.\n"
)


@pytest.fixture
def here(tmp_path: Path) -> Premises:
    made = replace(premises(tmp_path), who="ona")
    take(made.house, lines(tmp_path / "a.jsonl", {"text": TEXT, "title": "Crane falls at Kest"}))
    return made


@pytest.fixture
def at(here: Premises, socket_enabled: None) -> Iterator[str]:
    yield from serving(here)


def claim(here: Premises, words: str) -> str:
    return next(iter(here.house.view.claims(Query(words=words))))[0].id


def stands(here: Premises, id: str) -> Reviewed:
    return reviewing.standing(here.house, [here.house.view.claim(id)]).get(id, Reviewed())


def select(page: Page, words: str) -> None:
    """Draw the mouse over words of the report."""
    box = page.evaluate(
        """words => {
            const walk = document.createTreeWalker(document.querySelector(".report .text"), NodeFilter.SHOW_TEXT);
            for (let node; (node = walk.nextNode());) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at); range.setEnd(node, at + words.length);
                node.parentElement.scrollIntoView({block: "center", behavior: "instant"});
                const boxes = range.getClientRects(), first = boxes[0], last = boxes[boxes.length - 1];
                return [first.left, (first.top + first.bottom) / 2, last.right, (last.top + last.bottom) / 2];
            }
        }""",
        words,
    )
    left, top, right, bottom = box
    page.mouse.move(left + 0.5, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, (top + bottom) / 2)
    page.mouse.move(right - 0.5, bottom)
    page.mouse.up()


def test_keys_confirm_take_back_and_reject_in_the_queue(at: str, browser: Browser, here: Premises) -> None:
    page = browser.new_page()
    faults = heard(page)
    page.goto(at, wait_until="networkidle")
    page.keyboard.press("r")
    page.wait_for_url("**/review", wait_until="networkidle")
    page.keyboard.press("j")
    row = page.locator("[data-walk] > .at")
    id = row.locator("[data-judge]").get_attribute("data-judge") or ""
    page.keyboard.press("y")
    expect(row.locator(".words")).to_contain_text("confirmed by ona")
    assert stands(here, id).state == CONFIRMED
    page.keyboard.press("u")
    expect(row.locator(".words")).to_have_count(0)
    assert stands(here, id).state == UNREVIEWED
    page.keyboard.press("x")
    expect(row.locator(".asking input[name=why]")).to_be_focused()
    page.keyboard.type("yes, a menu?")  # typed, not obeyed
    page.keyboard.press("Enter")
    expect(row.locator(".words")).to_contain_text("yes, a menu?")
    assert stands(here, id).state == REJECTED
    page.keyboard.press("m")
    expect(row.locator("textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row.locator(".asking")).to_have_count(0)
    page.keyboard.press("?")
    assert "confirm the claim" in page.locator("#keys").inner_text()
    assert faults == []


def test_a_span_is_fixed_with_the_mouse_whatever_stands_before_it(at: str, browser: Browser, here: Premises) -> None:
    id = claim(here, "crane")
    report = here.house.view.claim(id)[1]
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    faults = heard(page)
    page.goto(f"{at}/claim/{id}", wait_until="networkidle")
    page.keyboard.press("e")
    page.wait_for_url("**correct=**", wait_until="networkidle")
    select(page, "pier is")
    page.keyboard.press("3")
    assert page.input_value("textarea[name=content]") == "pier is"
    select(page, "🜃 had been repaired")
    page.keyboard.press("Shift+3")
    assert page.input_value("textarea[name=content]") == "pier is … 🜃 had been repaired"
    select(page, "الناطق")
    page.locator("[data-pick=source]").first.click()
    assert page.input_value("textarea[name=source]") == "الناطق"
    page.select_option("select[name=act]", "say")
    page.fill("input[name=why]", "to see")
    page.get_by_role("button", name="Keep the correction").click()
    page.wait_for_load_state("networkidle")
    (said,) = stands(here, id).words[0].said
    assert stands(here, id).state == CORRECTED and said.act == "say"
    assert [report.text[s:e] for s, e in said.content] == ["pier is", "🜃 had been repaired"]
    assert [report.text[s:e] for s, e in said.source] == ["الناطق"]
    assert faults == []


def test_all_of_it_works_without_script(at: str, browser: Browser, here: Premises) -> None:
    id = claim(here, "crane")
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{at}/claim/{id}")
    page.get_by_role("button", name="Confirm").click()
    assert page.url == f"{at}/claim/{id}" and "confirmed by ona" in page.inner_text(".words >> nth=0")
    page.get_by_role("button", name="Undo").click()
    assert "Nobody judged this claim yet" in page.inner_text("main")
    page.get_by_role("link", name="Reject").click()
    page.get_by_label("Why nobody claims this here").fill("a menu")
    page.get_by_role("button", name="Reject").click()
    assert stands(here, id).state == REJECTED
    page.get_by_role("link", name="Correct").click()
    page.get_by_label("What is said (content)").fill("the crane 🜃 … badly")
    page.locator("[data-correct] input[name=why]").fill("shorter")
    page.get_by_role("button", name="Keep the correction").click()
    assert "the crane 🜃 … badly" in page.inner_text("main")
    assert stands(here, id).state == CORRECTED


def test_what_can_t_be_booked_is_said_in_place(at: str, browser: Browser, here: Premises) -> None:
    id = claim(here, "crane")
    page = browser.new_page()
    page.goto(f"{at}/claim/{id}", wait_until="networkidle")
    page.evaluate("document.querySelector('[data-judge] [name=what]').value = 'nonsense'")
    page.keyboard.press("y")
    expect(page.locator("[data-judge] [role=alert]")).to_contain_text("says none of these")
