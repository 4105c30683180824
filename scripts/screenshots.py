"""Pictures of one page in Chromium; fails when the page logs an error, asks for anything, or is too wide."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]


def take(browser: Browser, page: Path, out: Path, width: int, scheme: str, media: str) -> list[str]:
    """One picture, `page-390-dark.png`; returns what was wrong with the page."""
    faults: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.on("console", lambda message: faults.append(message.text))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("request", lambda request: faults.extend([request.url] * (request.url != page.as_uri())))
    tab.goto(page.as_uri())
    tab.emulate_media(media=media)  # type: ignore[arg-type]
    wide = tab.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        faults.append(f"{wide} px wide at {width}")
    kind = "print" if media == "print" else scheme
    tab.screenshot(path=out / f"{page.stem}-{width}-{kind}.png", full_page=True)
    context.close()
    return faults


def main() -> int:
    page, out = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        print("Chromium was not found: install it, or set CHROMIUM to its path.", file=sys.stderr)
        return 2
    # Chromium's sandbox does not run as root, as in a container.
    args = [*QUIET, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else QUIET
    faults = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=args)
        for width in (1280, 390):
            for scheme, media in (("light", "screen"), ("dark", "screen"), ("light", "print")):
                faults += take(browser, page, out, width, scheme, media)
        browser.close()
    print(*(sorted(set(faults)) or [f"six pictures in {out}"]), sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
