"""The site: every link leads to a page of it, nothing is loaded, nothing in a report's words can run."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from export_samples import stocked

from purport.app import parcels
from purport.app.parcels import Wanted
from purport.brief.exports import site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    parcels.export(stocked(tmp_path), Wanted("site"), tmp_path / "pages")
    return tmp_path / "pages"


def pages(folder: Path) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}


def test_there_is_a_page_for_everything(folder: Path) -> None:
    names = {path.relative_to(folder).as_posix().partition("-")[0] for path in pages(folder)}
    assert names == {"index.html", "search.html", "claims", "report/report", "story/story"}
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert "Crane falls at Kest" in index
    assert "<dd>4</dd>" in index


def test_every_link_leads_to_a_place_in_the_folder(folder: Path) -> None:
    count = 0
    for path, text in pages(folder).items():
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            if link.startswith("data:image/svg+xml"):
                continue
            name, _, fragment = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            assert target.is_relative_to(folder.resolve()), (path.name, link)
            assert target.is_file(), (path.name, link)
            assert not fragment or f'id="{fragment}"' in target.read_text(encoding="utf-8"), link
            count += 1
    assert count > 30


def test_nothing_runs_but_what_the_policy_names(folder: Path) -> None:
    for path, text in pages(folder).items():
        (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "http" not in policy
        for script in re.findall(r"<script>(.*?)</script>", text, re.S):
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy, path
        assert not re.search(r"<[^>]+\son\w+=", text)
        assert "<b>ñandú" not in text


def test_the_search_holds_every_claim_and_can_not_be_left(folder: Path) -> None:
    text = (folder / "search.html").read_text(encoding="utf-8")
    (data,) = re.findall(r'<script type="application/json" id="claims">(.*?)</script>', text, re.S)
    held = json.loads(data)
    assert len(held["claims"]) == 4
    assert any("</script><b>ñandú</b>" in one[3] for one in held["claims"])  # whole, and yet no end of the element
    for index, *_, number in held["claims"]:
        page = folder / "report" / f"{held['reports'][index][0]}.html"
        assert f'id="r1c{number}"' in page.read_text(encoding="utf-8")


def test_long_lists_are_cut_into_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "AT_ONCE", 2)
    monkeypatch.setattr(site, "SEARCHED", 3)
    parcels.export(stocked(tmp_path), Wanted("site"), tmp_path / "pages")
    test_every_link_leads_to_a_place_in_the_folder(tmp_path / "pages")
    assert (tmp_path / "pages" / "claims-2.html").is_file()
    assert not (tmp_path / "pages" / "claims-3.html").exists()
    assert "Next page" in (tmp_path / "pages" / "index.html").read_text(encoding="utf-8")
    assert "1 more stand" in (tmp_path / "pages" / "search.html").read_text(encoding="utf-8")


def test_an_empty_ledger_gives_an_empty_site(tmp_path: Path) -> None:
    import house_samples as samples

    made = parcels.export(samples.house(tmp_path), Wanted("site"), tmp_path / "pages")
    assert made.counts["reports"] == 0
    assert "No report is in this export" in (tmp_path / "pages" / "index.html").read_text(encoding="utf-8")
