"""Pictures of a page, or of every page of a desk, in Chromium.

Fails when a page logs an error, asks for anything beside what is its own, is no page, or is wider than the window.
"""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]
WIDTHS = (1280, 390)
BESIDE = {  # what no link of a page leads to in just this way
    "search-found": "/search?words=ministry",
    "search-empty": "/search?words=zebra",
    "you": "/you",
    "sign-in": "/sign-in",
    "nowhere": "/nowhere",
}
PICTURE = (".svg", ".css", ".js", ".png")
_ID = re.compile(r"/(?:report|claim|story|brief|release)-[0-9a-f]+|/\d+(?=/|$)")


def take(browser: Browser, url: str, picture: Path, width: int, scheme: str, media: str = "screen") -> list[str]:
    """One picture, the whole page; returns what was wrong with the page."""
    faults: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    tab = context.new_page()
    at = urlsplit(url)
    # A page in a file has all it needs in itself; a desk's page may ask its desk.
    own = f"{at.scheme}://{at.netloc}/" if at.netloc else url
    tab.on("console", lambda message: faults.append(message.text))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("request", lambda request: faults.extend([request.url] * (not request.url.startswith(own))))
    tab.goto(url, wait_until="networkidle")
    tab.emulate_media(media=media)  # type: ignore[arg-type]
    wide = tab.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        faults.append(f"{wide} px wide at {width}")
    tab.screenshot(path=picture, full_page=True)
    context.close()
    return [f"{picture.name}: {fault}" for fault in faults]


def shape(address: str) -> str:
    """What a page is called: its address without ids and questions, `story-arrange`, `release-beside`."""
    path = _ID.sub("", address.partition("?")[0]).strip("/")
    return path.replace("/", "-") if path else "today"


def rooms(browser: Browser, at: str) -> Iterator[tuple[str, str]]:
    """Each kind of page that links lead to from Today, by name and address; then those beside them."""
    tab = browser.new_page()
    waiting, seen = ["/"], set[str]()
    while waiting:
        address = waiting.pop(0)
        name = shape(address)
        if name in seen or address.partition("?")[0].endswith(PICTURE) or address.startswith(("/api", "/static")):
            continue
        seen.add(name)
        tab.goto(at + address)
        yield name, at + address
        links = tab.evaluate("[...document.querySelectorAll('a[href^=\"/\"]')].map(one => one.getAttribute('href'))")
        waiting += [link.partition("#")[0] for link in links]
    yield from ((name, at + address) for name, address in BESIDE.items() if name not in seen)
    tab.close()


def keep_a_search(browser: Browser, at: str) -> None:
    """What the command line has no word for: a search kept under a name, as a person keeps it."""
    tab = browser.new_page()
    tab.goto(f"{at}/search?words=coast+monitor")
    tab.click("button[name=does][value=keep]")
    tab.wait_for_load_state("networkidle")
    tab.close()


def brief(browser: Browser, page: Path, out: Path) -> Iterator[str]:
    for width in WIDTHS:
        for scheme, media in (("light", "screen"), ("dark", "screen"), ("light", "print")):
            kind = "print" if media == "print" else scheme
            yield from take(browser, page.as_uri(), out / f"{page.stem}-{width}-{kind}.png", width, scheme, media)


def desk(browser: Browser, at: str, out: Path) -> Iterator[str]:
    keep_a_search(browser, at)
    for name, url in list(rooms(browser, at)):
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                faults = take(browser, url, out / f"{name}-{width}-{scheme}.png", width, scheme)
                # Chromium logs an answer of 404 itself; at this one address it is the right one.
                yield from (fault for fault in faults if name != "nowhere" or "404" not in fault)


def main() -> int:
    page, out = sys.argv[1], Path(sys.argv[2])
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        print("Chromium was not found: install it, or set CHROMIUM to its path.", file=sys.stderr)
        return 2
    # Chromium's sandbox does not run as root, as in a container.
    args = [*QUIET, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else QUIET
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=args)
        served = page.startswith("http")
        taken = desk(browser, page.rstrip("/"), out) if served else brief(browser, Path(page).resolve(), out)
        faults = sorted(set(taken))
        browser.close()
    print(*(faults or [f"pictures in {out}"]), sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
