"""The exported site in a browser, from its folder: nothing is loaded, the search finds, axe finds nothing."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from ledgers import fill, premises
from playwright.sync_api import Browser, expect
from test_browser import CHROMIUM, browser, heard

from purport.app import parcels
from purport.app.parcels import Wanted

__all__ = ["browser"]
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium; name one with CHROMIUM"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.enable_socket,
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("site")
    here = premises(made)
    fill(here, made)
    parcels.export(here.house, Wanted("site"), made / "pages")
    return made / "pages"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_from_its_folder(browser: Browser, folder: Path, scheme: str) -> None:
    pages = [folder / name for name in ("index.html", "claims-1.html", "search.html")]
    pages += [*sorted((folder / "report").iterdir())[:2], *sorted((folder / "story").iterdir())[:2]]
    page = browser.new_page(viewport={"width": 390, "height": 860}, color_scheme=scheme)
    faults, asked = heard(page), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    for path in pages:
        page.goto(path.as_uri(), wait_until="load")
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], path.name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path.name
    assert faults == []
    assert all(url.startswith(("file:", "data:image/svg+xml")) for url in asked)


def test_the_search_leads_to_the_words(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Search").click()
    page.keyboard.type("MINISTRY denied")  # one is in the field already
    expect(page.get_by_role("status")).to_contain_text("claim")
    page.locator("#found a").first.click()
    assert "/report/" in page.url
    assert page.locator(":target").count() == 1
    page.go_back()
    page.get_by_label("Words").fill("zebra")
    expect(page.get_by_role("status")).to_have_text("0 claims.")


def test_without_scripts_the_claims_are_there(browser: Browser, folder: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto((folder / "search.html").as_uri())
    assert page.locator("#words").is_disabled()
    page.get_by_role("link", name="pages of claims").first.click()
    assert page.locator("main ol > li").count() > 50
