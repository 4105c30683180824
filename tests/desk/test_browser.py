"""The desk in a browser: nothing runs but its own script, axe finds nothing, the keys work, narrow screens hold it.

Skipped where there is no Chromium. Its sandbox does not run as root, as in a container.
"""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from ledgers import PASSWORD, fill, filmed, poison, premises, staffed
from playwright.sync_api import Browser, Page, Request, sync_playwright
from walking import page_of, walk

from purport import app
from purport.desk.app import build
from purport.desk.premises import Premises

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium; name one with CHROMIUM"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.enable_socket,
]


class Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, here: Premises) -> None:
        super().__init__(uvicorn.Config(build(here), port=0, log_level="error", ws="none"))
        self.ready = threading.Event()

    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @property
    def at(self) -> str:
        return f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"


def serving(here: Premises) -> Iterator[str]:
    server = Server(here)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert server.ready.wait(60)
    yield server.at
    server.should_exit = True
    thread.join(60)


@pytest.fixture
def at(stocked: Premises, socket_enabled: None) -> Iterator[str]:
    yield from serving(stocked)


@pytest.fixture
def browser(socket_enabled: None) -> Iterator[Browser]:
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield made
        made.close()


def heard(page: Page) -> list[str]:
    """What goes wrong in a page, as it happens."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    return faults


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Premises:
    """A ledger of this file's own: looking at stories books them."""
    folder = tmp_path_factory.mktemp("browsed")
    here = premises(folder)
    fill(here, folder)
    return here


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    yield from filmed(tmp_path_factory.mktemp("films"))


def test_no_page_is_left_out_of_the_walk(stocked: Premises, films: Premises) -> None:
    left = walk(stocked)[1] & walk(films)[1]
    assert left == set(), "no link of a page leads there; add an address to walking.BESIDE"


def telling(here: Premises) -> list[str]:
    """Reports that look otherwise: from right to left, edited, with words that others have."""
    reports = [report for _, report, _ in here.house.view.latest_reports(50)]
    return [f"/report/{one.id}?copies=1" for one in reports if one.language == "ar" or "crane" in one.title.lower()]


WIDTHS = {"light": (1280, 390), "dark": (1280,)}  # colours are the same on a narrow screen


@pytest.mark.parametrize("scheme", WIDTHS)
def test_axe_finds_nothing_and_no_page_is_too_wide(
    browser: Browser, stocked: Premises, films: Premises, tmp_path: Path, scheme: str
) -> None:
    looked: set[str] = set()
    for here in (stocked, films, staffed(stocked, tmp_path)):  # at the last one nobody is signed in
        pages = [path for path in walk(here, telling(here))[0] if page_of(path, here) not in looked]
        looked |= {page_of(path, here) for path in pages}  # of the second ledger what the first has not
        for at in serving(here):
            for width in WIDTHS[scheme]:
                page = browser.new_page(viewport={"width": width, "height": 860}, color_scheme=scheme)
                faults = heard(page)
                for path in pages:
                    page.goto(at + path, wait_until="networkidle")
                    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
                    found = Axe().run(page).response["violations"]
                    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], f"{path} {width}"
                    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} {width}"
                assert faults == []
                page.close()
    assert {"/", "/search", "/story/{id}", "/report/{id}", "/release/{id}", "/release/{id}/reuse", "/sign-in"} <= looked


def _noted(asked: list[str], request: Request) -> None:
    asked.append(request.url)


def test_nothing_hostile_runs(browser: Browser, tmp_path: Path, socket_enabled: None) -> None:
    here = premises(tmp_path)
    poison(here, tmp_path)
    reports = [report.id for _, report, _ in here.house.view.latest_reports(9)]
    for at in serving(here):
        page = browser.new_page()
        faults = heard(page)
        asked: list[str] = []
        page.on("request", partial(_noted, asked))
        for path in ("/", "/search", "/sources", "/gaps", "/custody", *(f"/report/{id}" for id in reports)):
            page.goto(at + path, wait_until="networkidle")
        assert faults == []
        assert asked and all(url.startswith(at) for url in asked)  # no request left the desk


def test_keys_walk_a_list_and_open_what_one_is_at(at: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(at + "/search?words=ministry", wait_until="networkidle")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator("[data-walk] > li").first
    assert first.evaluate("row => row.classList.contains('at')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/claim/*")
    page.keyboard.press("?")
    assert page.locator("#keys").evaluate("box => box.open")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "seek"
    page.keyboard.type("j?")  # typed, not obeyed
    assert page.input_value("#seek") == "j?"


def test_copies_come_into_the_page_by_themselves_and_without_script_by_a_link(
    at: str, browser: Browser, stocked: Premises
) -> None:
    id = next(one.id for _, one, _ in stocked.house.view.latest_reports(9) if one.title == "A crane, again")
    page = browser.new_page()
    page.goto(f"{at}/report/{id}")
    page.locator(".text .copied").first.wait_for()
    assert "Crane falls at Kest" in page.inner_text("#copies")
    plain = browser.new_page(java_script_enabled=False)
    plain.goto(f"{at}/report/{id}")
    plain.get_by_text("Look for copies of this report").click()
    assert plain.locator(".text .copied").count()
    plain.locator("a.no").first.click()
    assert plain.url.endswith("#r1w1")


def test_looks_are_chosen_without_script(at: str, browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False, color_scheme="light")
    page.goto(at + "/custody")
    paper = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(paper)
    page.get_by_role("button", name="dark").click()
    assert page.url == at + "/custody" and page.evaluate(paper) != before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_and_one_s_own_page(browser: Browser, stocked: Premises, tmp_path: Path, scheme: str) -> None:
    for at in serving(staffed(stocked, tmp_path)):
        for width in (1280, 390):
            page = browser.new_page(viewport={"width": width, "height": 860}, color_scheme=scheme)
            faults = heard(page)
            page.goto(f"{at}/sources")
            for _ in range(2):  # the form, then the form with what was wrong
                assert Axe().run(page).response["violations"] == []
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                page.fill("#name", "bo")
                page.fill("#password", "no such lamp at all")
                page.keyboard.press("Enter")
                page.wait_for_selector("[role=alert]")
            page.fill("#password", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(f"{at}/sources")
            page.click(".you a")
            assert Axe().run(page).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            page.click("text=Sign out >> nth=0")
            page.wait_for_url(f"{at}/sign-in")
            assert faults == []
            page.close()


def test_one_key_hides_all_footage_until_it_is_asked_for(browser: Browser, films: Premises) -> None:
    for at in serving(films):
        page = browser.new_page()
        page.goto(f"{at}/releases")
        page.click("[data-walk] a, .rows a >> nth=0")
        still = page.locator(".still").first
        assert still.is_visible()
        page.keyboard.press("h")
        assert not still.is_visible() and page.locator("#veiled").is_visible()
        page.goto(page.url + "/clear?step=clip")
        assert page.locator("video").count() == 0
        page.click("text=Show it again")
        page.wait_for_selector("video")
        page.keyboard.press("h")
        assert page.evaluate("document.querySelector('video').getAttribute('src')") is None


def until(page: Page, holds: str) -> None:
    """Asked from outside: the desk's own policy forbids that a page waits for words that it would have to evaluate."""
    end = time.monotonic() + 30
    while not page.evaluate(holds):
        assert time.monotonic() < end, holds
        page.wait_for_timeout(50)


def test_two_films_go_to_the_same_instant(browser: Browser, films: Premises) -> None:
    pier = next(release.id for release, capture in app.releases(films.house) if capture.place.endswith("pier.mp4"))
    for at in serving(films):
        page = browser.new_page()
        page.goto(f"{at}/release/{pier}/beside/0")
        until(page, "[...document.querySelectorAll('video')].every(one => one.readyState > 0)")
        assert page.evaluate("[...document.querySelectorAll('video')].every(one => one.muted && one.paused)")
        assert "blur" in page.evaluate("getComputedStyle(document.querySelector('video')).filter")
        page.click("[data-instant] >> nth=2")
        until(
            page,
            "(([a, b]) => Math.abs(a.currentTime - b.currentTime - 8) < 0.3 && b.currentTime > 2)"
            "([...document.querySelectorAll('video')])",
        )
